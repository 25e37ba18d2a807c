"""Closed forms of matrix-valued laws, and of the conjugate priors of Gaussian ones."""

import math
from typing import Any

from kullback.arrays import linear
from kullback.arrays.namespace import namespace
from kullback.arrays.special import digamma, lgamma, lmultigamma, multidigamma
from kullback.arrays.stable import log_ratio, psi
from kullback.forms.families.matrices import (
    InverseWishart,
    MatrixNormal,
    NormalGamma,
    NormalInverseGamma,
    NormalInverseWishart,
    Wishart,
    log_diagonal,
    matrix_whitened,
)
from kullback.methods.formulas.gammas import kl_gammas
from kullback.methods.formulas.registry import (
    ENTROPY_FORMULAS,
    KL_FORMULAS,
    POWER_FORMULAS,
    closed_form,
)
from kullback.methods.formulas.tilting import by_tilting, mixed
from kullback.methods.formulas.whitening import relative_eigenvalues
from kullback.methods.formulas.wishart import kl_degrees

CHAIN = "derived here: the chain rule"
LOG_2PI_E = math.log(2 * math.pi * math.e)


@closed_form(
    KL_FORMULAS, Wishart, Wishart,
    states="½ n (tr M − d) − ½ n′ log det M + log Γ_d(n′/2)/Γ_d(n/2) + ½ (n − n′) ψ_d(n/2), "
    "M = V′⁻¹V",
    source="Penny 2001, KL-divergences of normal, gamma, Dirichlet and Wishart densities",
)  # fmt: skip
def kl_wishart(p: Wishart, q: Wishart) -> Any:
    """From degrees n, n′ and the logarithms of the eigenvalues of V′⁻¹V: see `wishart`."""
    logs = namespace(p.df).log1p(relative_eigenvalues(p.scale, q.scale, q.root))
    return kl_degrees(p.df, q.df, logs)


@closed_form(
    KL_FORMULAS, InverseWishart, InverseWishart,
    states="that of Wishart(n, S⁻¹) and Wishart(n′, S′⁻¹)",
    source="derived here: KL(T(p) ‖ T(q)) = KL(p ‖ q) for the bijection X → X⁻¹",
)  # fmt: skip
def kl_inverse_wishart(p: InverseWishart, q: InverseWishart) -> Any:
    """From degrees n, n′ and the logarithms of the eigenvalues of S⁻¹S′."""
    logs = namespace(p.df).log1p(relative_eigenvalues(q.scale, p.scale, p.root))
    return kl_degrees(p.df, q.df, logs)


@closed_form(
    KL_FORMULAS, MatrixNormal, MatrixNormal,
    states="½ (tr U′⁻¹U tr V′⁻¹V − n m − m log det U′⁻¹U − n log det V′⁻¹V + |A⁻¹ΔB⁻ᵀ|²), "
    "U′ = A Aᵀ, V′ = B Bᵀ",
    source="Kullback 1959, ch. 9, of the covariance U ⊗ V",
)  # fmt: skip
def kl_matrix_normal(p: MatrixNormal, q: MatrixNormal) -> Any:
    """½ Σᵢⱼ ψ(log uᵢ + log vⱼ) + ½ |A⁻¹ΔB⁻ᵀ|², with uᵢ, vⱼ the eigenvalues of U′⁻¹U and V′⁻¹V."""
    xp = namespace(p.mean, q.mean)
    rows = xp.log1p(relative_eigenvalues(p.rows, q.rows, q.rows_root))
    columns = xp.log1p(relative_eigenvalues(p.columns, q.columns, q.columns_root))
    spread = xp.sum(psi(rows[..., :, None] + columns[..., None, :]), axis=(-2, -1))
    return 0.5 * (spread + linear.squares(matrix_whitened(q, p.mean - q.mean)))


def kl_mean_and_gamma(p: tuple[Any, ...], q: tuple[Any, ...]) -> Any:
    """KL of the precision τ, then of x given τ: (mean, factor, shape, rate) of each."""
    (m, k, a, b), (n, j, c, d) = p, q
    precision = kl_gammas(a, c, log_ratio(b, d) + log_ratio(c, a))
    return precision + 0.5 * psi(log_ratio(k, j)) + 0.5 * j * (a / b) * (m - n) ** 2


_PRIOR_STATES = (
    "KL of the Gamma laws of τ + ½ ψ(log κ′/κ) + ½ κ′ (a/b) (μ − μ′)², ψ(u) = eᵘ − 1 − u"
)


@closed_form(
    KL_FORMULAS, NormalGamma, NormalGamma, states=_PRIOR_STATES, source="Soch and Allefeld 2016",
)  # fmt: skip
def kl_normal_gamma(p: NormalGamma, q: NormalGamma) -> Any:
    """KL of τ, and of x given τ."""
    return kl_mean_and_gamma(_of_gamma(p), _of_gamma(q))


def _of_gamma(law: NormalGamma) -> tuple[Any, ...]:
    return law.mean, law.factor, law.shape, law.rate


@closed_form(
    KL_FORMULAS, NormalInverseGamma, NormalInverseGamma, states=_PRIOR_STATES + ", τ = 1/v",
    source=CHAIN,
)  # fmt: skip
def kl_normal_inverse_gamma(p: NormalInverseGamma, q: NormalInverseGamma) -> Any:
    """That of NormalGamma for τ = 1/v."""
    return kl_mean_and_gamma(_of_inverse_gamma(p), _of_inverse_gamma(q))


def _of_inverse_gamma(law: NormalInverseGamma) -> tuple[Any, ...]:
    return law.mean, law.factor, law.shape, law.scale


@closed_form(
    KL_FORMULAS, NormalInverseWishart, NormalInverseWishart,
    states="KL of the InverseWishart laws + ½ d ψ(log κ′/κ) + ½ κ′ n (μ − μ′)ᵀS⁻¹(μ − μ′)",
    source=CHAIN,
)  # fmt: skip
def kl_normal_inverse_wishart(p: NormalInverseWishart, q: NormalInverseWishart) -> Any:
    """KL of Σ, and of x given Σ."""
    logs = namespace(p.df).log1p(relative_eigenvalues(q.scale, p.scale, p.root))
    z = linear.solve_vector(p.root, p.mean - q.mean)
    given = 0.5 * p.size * psi(log_ratio(p.factor, q.factor))
    return kl_degrees(p.df, q.df, logs) + given + 0.5 * q.factor * p.df * linear.dot(z, z)


def _power_degrees(n: Any, m: Any, values: Any, alpha: float) -> Any:
    """From degrees n, m and the eigenvalues 1 + λ of V_q⁻¹V_p."""
    xp, d, c = namespace(values), values.shape[-1], 1 - alpha
    between = mixed(n, m, alpha)
    fits = xp.all(1 + c * values > 0, axis=-1)
    exists = fits & (between > d - 1)
    values = xp.where(fits[..., None], values, xp.zeros_like(values))
    between = xp.where(exists, between, xp.zeros_like(between) + d)
    to_p = -xp.log1p(c * values)
    to_q = xp.log1p(alpha * values / (1 + c * values))
    value = -alpha * kl_degrees(between, n, to_p) - c * kl_degrees(between, m, to_q)
    return xp.where(exists, value, xp.full_like(value, float("inf")))


@closed_form(
    POWER_FORMULAS, Wishart, Wishart,
    states="log Z(r) − α log Z(p) − (1 − α) log Z(q), n_r = α n + (1 − α) n′, "
    "V_r⁻¹ = α V⁻¹ + (1 − α) V′⁻¹",
    source="derived here: an exponential family", domain="n_r > d − 1, V_r positive definite",
)  # fmt: skip
def power_wishart(p: Wishart, q: Wishart, alpha: float) -> Any:
    """From the relative entropies of r to p and q."""
    return _power_degrees(p.df, q.df, relative_eigenvalues(p.scale, q.scale, q.root), alpha)


@closed_form(
    POWER_FORMULAS, InverseWishart, InverseWishart,
    states="that of Wishart(n, S⁻¹) and Wishart(n′, S′⁻¹)", source="derived here: X → X⁻¹",
    domain="n_r > d − 1, S_r positive definite",
)  # fmt: skip
def power_inverse_wishart(p: InverseWishart, q: InverseWishart, alpha: float) -> Any:
    """From the relative entropies of r to p and q."""
    return _power_degrees(p.df, q.df, relative_eigenvalues(q.scale, p.scale, p.root), alpha)


def _power_mean_and_gamma(p: tuple[Any, ...], q: tuple[Any, ...], alpha: float) -> Any:
    (m, k, a, b), (n, j, c, d) = p, q
    factor, shape = mixed(k, j, alpha), mixed(a, c, alpha)
    xp = namespace(factor)
    known = factor > 0
    factor = xp.where(known, factor, xp.ones_like(factor))
    rate = mixed(b, d, alpha) + 0.5 * alpha * (1 - alpha) * (k * j / factor) * (m - n) ** 2
    exists = known & (shape > 0) & (rate > 0)
    mean = n + (alpha * k / factor) * (m - n)
    safe = tuple(xp.where(exists, x, xp.ones_like(x + rate)) for x in (factor, shape, rate))
    return by_tilting(kl_mean_and_gamma, p, q, (mean, *safe), alpha, exists)


_POWER_PRIOR = "log Z(r) − α log Z(p) − (1 − α) log Z(q), r of natural parameters α θ + (1 − α) θ′"


@closed_form(
    POWER_FORMULAS, NormalGamma, NormalGamma, states=_POWER_PRIOR,
    source="derived here: an exponential family", domain="r exists",
)  # fmt: skip
def power_normal_gamma(p: NormalGamma, q: NormalGamma, alpha: float) -> Any:
    """From the relative entropies of r to p and q."""
    return _power_mean_and_gamma(_of_gamma(p), _of_gamma(q), alpha)


@closed_form(
    POWER_FORMULAS, NormalInverseGamma, NormalInverseGamma, states=_POWER_PRIOR,
    source="derived here: an exponential family", domain="r exists",
)  # fmt: skip
def power_normal_inverse_gamma(p: Any, q: Any, alpha: float) -> Any:
    """From the relative entropies of r to p and q."""
    return _power_mean_and_gamma(_of_inverse_gamma(p), _of_inverse_gamma(q), alpha)


@closed_form(
    ENTROPY_FORMULAS, Wishart,
    states="½ (d + 1) log|V| + ½ d (d + 1) log 2 + log Γ_d(n/2) − ½ (n − d − 1) ψ_d(n/2) + ½ n d",
    source="Bishop 2006, eq. B.82",
)  # fmt: skip
def entropy_wishart(p: Wishart) -> Any:
    """As stated."""
    n, d = p.df, p.size
    log = (d + 1) * log_diagonal(p.root) + 0.5 * d * (d + 1) * math.log(2)
    return log + lmultigamma(n / 2, d) - 0.5 * (n - d - 1) * multidigamma(n / 2, d) + 0.5 * n * d


@closed_form(
    ENTROPY_FORMULAS, InverseWishart,
    states="½ (d + 1) log|S/2| + log Γ_d(n/2) − ½ (n + d + 1) ψ_d(n/2) + ½ n d",
    source="derived here: that of Wishart with the Jacobian of X → X⁻¹",
)  # fmt: skip
def entropy_inverse_wishart(p: InverseWishart) -> Any:
    """As stated."""
    return _entropy_inverse(p.df, p.root)


def _entropy_inverse(n: Any, root: Any) -> Any:
    d = root.shape[-1]
    log = (d + 1) * (log_diagonal(root) - 0.5 * d * math.log(2))
    return log + lmultigamma(n / 2, d) - 0.5 * (n + d + 1) * multidigamma(n / 2, d) + 0.5 * n * d


@closed_form(
    ENTROPY_FORMULAS, MatrixNormal,
    states="½ (n m log 2πe + m log det rows + n log det columns)", source="Shannon 1948, § 20",
)  # fmt: skip
def entropy_matrix_normal(p: MatrixNormal) -> Any:
    """As stated."""
    n, m = p.mean.shape[-2:]
    value = m * log_diagonal(p.rows_root) + n * log_diagonal(p.columns_root)
    return value + 0.5 * n * m * LOG_2PI_E + 0 * p.mean[..., 0, 0]


@closed_form(
    ENTROPY_FORMULAS, NormalGamma, states="H(τ) + ½ (log 2πe/κ − ψ₀(a) + log b)", source=CHAIN
)
def entropy_normal_gamma(p: NormalGamma) -> Any:
    """H of τ, and of x given τ."""
    a, b = p.shape, p.rate
    xp = namespace(a, b)
    tau = a - xp.log(b) + lgamma(a) + (1 - a) * digamma(a)
    return tau + 0.5 * (LOG_2PI_E - xp.log(p.factor) - digamma(a) + xp.log(b)) + 0 * p.mean


@closed_form(
    ENTROPY_FORMULAS, NormalInverseGamma,
    states="H(v) + ½ (log 2πe/κ + log b − ψ₀(a))", source=CHAIN,
)  # fmt: skip
def entropy_normal_inverse_gamma(p: NormalInverseGamma) -> Any:
    """H of v, and of x given v."""
    a, b = p.shape, p.scale
    xp = namespace(a, b)
    v = a + xp.log(b) + lgamma(a) - (1 + a) * digamma(a)
    return v + 0.5 * (LOG_2PI_E - xp.log(p.factor) + xp.log(b) - digamma(a)) + 0 * p.mean


@closed_form(
    ENTROPY_FORMULAS, NormalInverseWishart,
    states="H(Σ) + ½ (d log 2πe/κ + log|S/2| − ψ_d(n/2))", source=CHAIN,
)  # fmt: skip
def entropy_normal_inverse_wishart(p: NormalInverseWishart) -> Any:
    """H of Σ, and of x given Σ."""
    d, n = p.size, p.df
    log = 2 * log_diagonal(p.root) - d * math.log(2) - multidigamma(n / 2, d)
    given = 0.5 * (d * (LOG_2PI_E - namespace(n).log(p.factor)) + log)
    return _entropy_inverse(n, p.root) + given + 0 * p.mean[..., 0]
