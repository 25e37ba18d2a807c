"""One Gaussian law seen in the coordinates in which another has covariance I."""

from typing import Any

from kullback.arrays import linear
from kullback.arrays.namespace import is_traced, namespace, stop_gradient
from kullback.arrays.stable import psi
from kullback.forms.families.gaussian import LowRankNormal, MultivariateNormal

NEAR = 1e-3
"""Below this value, for each dimension, the difference of the covariances is looked at itself."""

Gaussian = MultivariateNormal | LowRankNormal


def dense(law: Gaussian) -> MultivariateNormal:
    """Return the law with its covariance, if it has low rank."""
    return law.dense if isinstance(law, LowRankNormal) else law


def step_to(p: MultivariateNormal, q: MultivariateNormal) -> Any:
    """Return L_q⁻¹(L_p − L_q) = A − I, lower triangular, shape (*batch, d, d)."""
    if q.spread == "variances":
        step = p.root - linear.diagonal_matrix(q.root_diagonal)
        return step / q.root_diagonal[..., None]
    if p.spread == q.spread == "precision":
        # Σ⁻¹ = U Uᵀ: A = (U_p⁻¹ U_q)ᵀ, solved in reverse order, where U is lower
        upper = linear.reversed_axes(p.factor)
        step = linear.solve_lower(upper, linear.reversed_axes(q.factor - p.factor))
        return linear.transposed(linear.reversed_axes(step))
    if q.spread == "precision":
        return linear.transposed(q.factor) @ p.root - linear.identity(p.size, p.root)
    return linear.solve_lower(q.factor, p.root - q.factor)


def covariance_gap(p: Gaussian, q: Gaussian) -> Any:
    """Return Σ_p − Σ_q, with all digits where both laws are given in the same way."""
    if (
        isinstance(p, LowRankNormal)
        and isinstance(q, LowRankNormal)
        and p.factor.shape[-1] == q.factor.shape[-1]
    ):
        gap = _product_gap(p.factor, q.factor)
        return gap + linear.diagonal_matrix(p.diagonal - q.diagonal)
    p, q = dense(p), dense(q)
    if p.spread == q.spread == "covariance":
        return p.covariance - q.covariance
    if p.spread == q.spread == "variances":
        return linear.diagonal_matrix(p.variances - q.variances)
    if p.spread == q.spread == "precision":
        gap = p.dense() @ (q.precision - p.precision) @ q.dense()
        return 0.5 * (gap + linear.transposed(gap))
    return _product_gap(p.root, q.root)


def _product_gap(a: Any, b: Any) -> Any:
    """Return a aᵀ − b bᵀ."""
    half = (a - b) @ linear.transposed(a + b)
    return 0.5 * (half + linear.transposed(half))


def whitened(gap: Any, root: Any) -> Any:
    """Return L⁻¹ D L⁻ᵀ of symmetric D and L = root."""
    full = linear.solve_lower(root, linear.transposed(linear.solve_lower(root, gap)))
    return 0.5 * (full + linear.transposed(full))


def eigenvalues(p: Gaussian, q: Gaussian) -> tuple[Any, Any]:
    """Return λ, 1 + λ the eigenvalues of Σ_q⁻¹Σ_p, and eigenvectors, None where these are axes."""
    first, second = dense(p), dense(q)
    if first.spread == second.spread == "variances":
        return (first.variances - second.variances) / second.variances, None
    both = whitened(covariance_gap(p, q), second.root)
    found = namespace(both).linalg.eigh(both)
    return found[0], found[1]


def relative_eigenvalues(first: Any, second: Any, root: Any) -> Any:
    """Return λ, 1 + λ the eigenvalues of S⁻¹F, from F = first and S = second = root rootᵀ."""
    both = whitened(first - second, root)
    return namespace(both).linalg.eigvalsh(both)


def with_nearby(value: Any, p: Gaussian, q: Gaussian, rest: Any = 0.0) -> Any:
    """Return KL without its means, corrected where it is small by the given matrices' difference.

    ½ Σ λ − log(1 + λ) over the eigenvalues of the whitened difference, and `rest`; a constant to
    derivatives, which do not need it.
    """
    if is_traced(value):
        return value
    small = value < NEAR * p.size
    xp = namespace(value)
    if not bool(xp.any(small)):
        return value
    if isinstance(p, MultivariateNormal) and isinstance(q, MultivariateNormal):
        if p.spread != q.spread or p.spread not in {"covariance", "precision"}:
            return value
        if p.spread == "precision":  # λ of the inverse: the roles change
            gap, root = q.precision - p.precision, linear.reversed_axes(p.factor)
            gap = linear.reversed_axes(gap)
        else:
            gap, root = p.covariance - q.covariance, q.factor
    else:
        gap, root = covariance_gap(p, q), dense(q).root
    better = _small_gap(stop_gradient(gap), stop_gradient(root), small) + stop_gradient(rest)
    return value + xp.where(small, better - stop_gradient(value), xp.zeros_like(value))


def _small_gap(gap: Any, root: Any, small: Any) -> Any:
    """Return ½ Σ λ − log(1 + λ) where small, anything elsewhere, shape of small."""
    xp, d = namespace(gap, root), gap.shape[-1]
    flat = xp.reshape(small, (-1,))
    chosen = xp.nonzero(flat)[0]
    gap, root = (
        xp.reshape(xp.broadcast_to(x, (*small.shape, d, d)), (-1, d, d))[chosen]
        for x in (gap, root)
    )
    values = xp.linalg.eigvalsh(whitened(gap, root))
    found = 0.5 * xp.sum(psi(xp.log1p(values)), axis=-1)
    place = xp.cumsum(xp.astype(flat, xp.int64), axis=0) - 1
    return xp.reshape(found[xp.where(flat, place, xp.zeros_like(place))], small.shape)
