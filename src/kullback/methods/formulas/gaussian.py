"""Closed forms of Gaussian laws on vectors."""

import math
from typing import Any

from kullback.arrays import linear
from kullback.arrays.namespace import namespace
from kullback.arrays.stable import log_ratio, psi, square_root
from kullback.forms.families.gaussian import LowRankNormal, MultivariateNormal
from kullback.methods.formulas.bures import bures_squared
from kullback.methods.formulas.registry import (
    ENTROPY_FORMULAS,
    KL_FORMULAS,
    POWER_FORMULAS,
    W2_FORMULAS,
    closed_form,
)
from kullback.methods.formulas.whitening import (
    Gaussian,
    dense,
    eigenvalues,
    step_to,
    with_nearby,
)

KULLBACK = "Kullback 1959, ch. 9"
STATES = "½ (tr M − d − log det M + |L_q⁻¹(μ_p − μ_q)|²), M = L_q⁻¹ Σ_p L_q⁻ᵀ, Σ_q = L_q L_qᵀ"


@closed_form(
    KL_FORMULAS, MultivariateNormal, MultivariateNormal, states=STATES, source=KULLBACK
)  # fmt: skip
def kl_multivariate(p: MultivariateNormal, q: MultivariateNormal) -> Any:
    """½ Σ_{i>j} Aᵢⱼ² + ½ Σ ψ(2 log Aᵢᵢ) + ½ |L_q⁻¹(μ_p − μ_q)|², A = L_q⁻¹ L_p lower triangular."""
    z = q.whitened(p.mean - q.mean)
    return kl_spread(p, q) + 0.5 * linear.dot(z, z)


def kl_spread(p: MultivariateNormal, q: MultivariateNormal) -> Any:
    """The part of equal means: every term is ≥ 0."""
    xp = namespace(p.mean, q.mean)
    ratio = log_ratio(q.root_diagonal, p.root_diagonal)
    along = 0.5 * xp.sum(psi(2 * ratio), axis=-1)
    if p.spread == q.spread == "variances":
        return 0.5 * xp.sum(psi(log_ratio(q.variances, p.variances)), axis=-1)
    step = step_to(p, q)
    diagonal = linear.diagonal(step)
    return with_nearby(along + 0.5 * (linear.squares(step) - linear.dot(diagonal, diagonal)), p, q)


@closed_form(
    ENTROPY_FORMULAS, MultivariateNormal, states="(d/2) log 2πe + Σ log Lᵢᵢ",
    source="Shannon 1948, § 20",
)  # fmt: skip
def entropy_multivariate(p: MultivariateNormal) -> Any:
    """(d/2) log 2πe + Σ log Lᵢᵢ."""
    x = p.root_diagonal
    logs = namespace(x).sum(namespace(x).log(x), axis=-1)
    return logs + 0.5 * p.size * math.log(2 * math.pi * math.e) + 0 * p.mean[..., 0]


@closed_form(
    POWER_FORMULAS, MultivariateNormal, MultivariateNormal,
    states="½ (log det Σ_p^(1−α) Σ_q^α/Σ* − α (1 − α) |Δμ|²_{Σ*⁻¹}), Σ* = α Σ_q + (1 − α) Σ_p",
    source="Gil, Alajaji and Linder 2013, table 2", domain="Σ* positive definite",
)  # fmt: skip
def power_multivariate(p: MultivariateNormal, q: MultivariateNormal, alpha: float) -> Any:
    """From the eigenvalues 1 + λ of Σ_q⁻¹Σ_p: −½ Σ log(1 + c λ) − c log(1 + λ), c = 1 − α."""
    return _power(p, q, alpha)


def _power(p: Gaussian, q: Gaussian, alpha: float) -> Any:
    if alpha < 0.5:
        p, q, alpha = q, p, 1 - alpha
    values, vectors = eigenvalues(p, q)
    xp, c = namespace(values), 1 - alpha
    exists = xp.all(1 + c * values > 0, axis=-1)
    safe = xp.where(exists[..., None], values, xp.zeros_like(values))
    gap = c * _xi(safe) - _xi(c * safe)
    z = dense(q).whitened(p.mean - q.mean)
    z = z if vectors is None else linear.rotated(vectors, z)
    far = alpha * c * xp.sum(z * z / (1 + c * safe), axis=-1)
    value = -0.5 * (xp.sum(gap, axis=-1) + far)
    return xp.where(exists, value, xp.full_like(value, float("inf")))


def _xi(x: Any) -> Any:
    """X − log(1 + x)."""
    return psi(namespace(x).log1p(x))


@closed_form(
    W2_FORMULAS, MultivariateNormal, MultivariateNormal,
    states="√(|μ_p − μ_q|² + tr(Σ_p + Σ_q − 2 (Σ_q^½ Σ_p Σ_q^½)^½))",
    source="Givens and Shortt 1984, prop. 7",
)  # fmt: skip
def w2_multivariate(p: MultivariateNormal, q: MultivariateNormal) -> Any:
    """√(|μ_p − μ_q|² + |L_p − L_q R|²), R the orthogonal matrix nearest to L_qᵀL_p."""
    return _w2(p, q)


def _w2(p: Gaussian, q: Gaussian) -> Any:
    d = p.mean - q.mean
    means = linear.dot(d, d)
    first, second = dense(p), dense(q)
    if first.spread == second.spread == "variances":
        sums = first.root_diagonal + second.root_diagonal
        gap = (first.variances - second.variances) / sums
        return square_root(means + linear.dot(gap, gap))
    return square_root(means + bures_squared(p, q))


@closed_form(
    KL_FORMULAS, LowRankNormal, LowRankNormal, states=STATES + ", by Woodbury's identity",
    source=KULLBACK,
)  # fmt: skip
def kl_low_rank(p: LowRankNormal, q: LowRankNormal) -> Any:
    """½ (Σ ψ(log ρ) + |V|² − |C⁻¹Wᵀρ^½|² − |C⁻¹WᵀV|² + log det C Cᵀ − log det B Bᵀ + …).

    In units of q's diagonal D: ρ = D_p/D, W = D^(−½)F_q, V = D^(−½)F_p, C Cᵀ = I + WᵀW and
    B Bᵀ = I + Vᵀρ⁻¹V. Memory is linear in the dimension. Where the terms cancel, up to 2048
    dimensions are answered by their full covariance.
    """
    xp = namespace(p.mean, q.mean)
    root = xp.sqrt(q.diagonal)
    w, c = q.whitened_factor, q.capacitance_root
    v, rho = p.factor / root[..., None], xp.sqrt(p.diagonal) / root
    parts = xp.sum(psi(log_ratio(q.diagonal, p.diagonal)), axis=-1) + linear.squares(v)
    across = linear.transposed(w)
    lost = linear.squares(linear.solve_lower(c, across * rho[..., None, :]))
    lost = lost + linear.squares(linear.solve_lower(c, across @ v))
    inner, outer = linear.diagonal(p.capacitance_root), linear.diagonal(c)
    determinant = 2 * (xp.sum(xp.log(outer), axis=-1) - xp.sum(xp.log(inner), axis=-1))
    value = 0.5 * (parts - lost + determinant)
    means = 0.5 * q.distance(p.mean - q.mean)
    return (with_nearby(value, p, q) if p.size <= 2048 else value) + means


def _as_low_rank(law: MultivariateNormal) -> LowRankNormal:
    none = namespace(law.variances).zeros_like(law.variances)[..., None]
    return LowRankNormal(law.mean, none, law.variances)


@closed_form(
    KL_FORMULAS, LowRankNormal, MultivariateNormal, states=STATES, source=KULLBACK
)  # fmt: skip
def kl_low_rank_multivariate(p: LowRankNormal, q: MultivariateNormal) -> Any:
    """By Woodbury's identity if q is diagonal, else by full covariances."""
    if q.spread == "variances":
        return kl_low_rank(p, _as_low_rank(q))
    return kl_multivariate(p.dense, q)


@closed_form(
    KL_FORMULAS, MultivariateNormal, LowRankNormal, states=STATES, source=KULLBACK
)  # fmt: skip
def kl_multivariate_low_rank(p: MultivariateNormal, q: LowRankNormal) -> Any:
    """By Woodbury's identity if p is diagonal, else by full covariances."""
    if p.spread == "variances":
        return kl_low_rank(_as_low_rank(p), q)
    return kl_multivariate(p, q.dense)


@closed_form(
    ENTROPY_FORMULAS, LowRankNormal, states="½ (d log 2πe + log det Σ)", source="Shannon 1948, § 20"
)
def entropy_low_rank(p: LowRankNormal) -> Any:
    """½ (d log 2πe + log det Σ)."""
    return 0.5 * (p.size * math.log(2 * math.pi * math.e) + p.log_determinant())


for _pair in (
    (LowRankNormal, LowRankNormal),
    (LowRankNormal, MultivariateNormal),
    (MultivariateNormal, LowRankNormal),
):
    closed_form(
        POWER_FORMULAS, *_pair, states="as for MultivariateNormal",
        source="Gil, Alajaji and Linder 2013, table 2",
    )(_power)  # fmt: skip
    closed_form(
        W2_FORMULAS, *_pair, states="as for MultivariateNormal",
        source="Givens and Shortt 1984, prop. 7",
    )(_w2)  # fmt: skip
