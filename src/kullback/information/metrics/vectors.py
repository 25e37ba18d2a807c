"""Fisher information of laws on vectors."""

from typing import Any

import numpy as np

from kullback.arrays import linear
from kullback.arrays.namespace import namespace
from kullback.arrays.special import bessel_ratio, trigamma
from kullback.forms.families import (
    Dirichlet,
    LowRankNormal,
    Multinomial,
    MultivariateNormal,
    PowerSpherical,
    SphereUniform,
    VonMisesFisher,
)
from kullback.information.metrics.bounded import bessel_ratio_slope
from kullback.information.metrics.registry import constant, metric


def blocks(*diagonal: Any) -> Any:
    """Return block diagonal matrices, shape (*batch, Σ d, Σ d)."""
    xp = namespace(*diagonal)
    batch = np.broadcast_shapes(*(x.shape[:-2] for x in diagonal))
    sizes = [int(x.shape[-1]) for x in diagonal]
    zero = xp.zeros_like(diagonal[0][..., :1, :1])
    rows = []
    for i, block in enumerate(diagonal):
        row = [
            xp.broadcast_to(block if i == j else zero, (*batch, sizes[i], size))
            for j, size in enumerate(sizes)
        ]
        rows.append(xp.concat(row, axis=-1))
    return xp.concat(rows, axis=-2)


def half_vector(d: int) -> tuple[Any, Any, Any]:
    """Return rows and columns of the entries on and below the diagonal, and ½ or 1 for each."""
    i, j = np.tril_indices(d)
    return i, j, np.where(i == j, 0.5, 1.0)


def of_covariance(inverse: Any) -> Any:
    """½ tr(K E K E′) for the symmetric directions E of half a matrix, K = Σ⁻¹."""
    i, j, half = half_vector(int(inverse.shape[-1]))
    weights = constant(half, inverse)
    rows, columns = inverse[..., i, :], inverse[..., j, :]
    direct = rows[..., i] * columns[..., j]
    crossed = rows[..., j] * columns[..., i]
    return (direct + crossed) * weights * weights[:, None]


def precision_of(root: Any) -> Any:
    """(L Lᵀ)⁻¹."""
    inverse = linear.inverse_lower(root)
    return namespace(root).matmul(linear.transposed(inverse), inverse)


def _half(d: int) -> int:
    return d * (d + 1) // 2


def _sizes(p: Any) -> tuple[int, ...]:
    return (p.size, p.size if p.spread == "variances" else _half(p.size))


@metric(MultivariateNormal, "mean", "covariance", source="Skovgaard 1984", sizes=_sizes)
def multivariate_normal(p: Any) -> Any:
    """Σ⁻¹ of the mean; ½ tr(Σ⁻¹ dΣ Σ⁻¹ dΣ′) of what the law was given by, entry by entry."""
    xp = namespace(p.mean)
    if p.spread == "variances":
        inverse = 1 / p.variances
        mean, spread = linear.diagonal_matrix(inverse), linear.diagonal_matrix(0.5 * inverse**2)
    elif p.spread == "scale_tril":
        mean, spread = precision_of(p.root), _of_triangle(p.root)
    else:
        mean = p.precision if p.spread == "precision" else precision_of(p.root)
        inverse = xp.matmul(p.root, linear.transposed(p.root)) if p.spread == "precision" else mean
        spread = of_covariance(inverse)
    shape = (*p.batch, p.size, p.size)
    return blocks(xp.broadcast_to(mean, shape), spread)


def _of_triangle(root: Any) -> Any:
    """tr(M M′) + tr(M M′ᵀ), M = L⁻¹ dL, for the entries of L."""
    i, j, _ = half_vector(int(root.shape[-1]))
    inverse = linear.inverse_lower(root)
    across = inverse[..., j, :][..., i]
    inner = precision_of(root)[..., i, :][..., i]
    same = constant((j[:, None] == j).astype(float), root)
    return across * linear.transposed(across) + inner * same


@metric(
    LowRankNormal, source="Skovgaard 1984",
    sizes=lambda p: (p.mean.shape[-1], p.factor.shape[-1] * p.factor.shape[-2], p.mean.shape[-1]),
)  # fmt: skip
def low_rank_normal(p: Any) -> Any:
    """½ tr(Σ⁻¹ dΣ Σ⁻¹ dΣ′); singular where the factor can be turned without changing the law."""
    xp = namespace(p.mean)
    f, (d, r) = p.factor, (int(n) for n in p.factor.shape[-2:])
    dense = xp.matmul(f, linear.transposed(f)) + linear.diagonal_matrix(p.diagonal)
    factor, _ = linear.cholesky(dense)
    k = precision_of(factor)
    kf = xp.matmul(k, f)
    fkf = xp.matmul(linear.transposed(f), kf)
    i, a = (x.reshape(-1) for x in np.indices((d, r)))
    # dΣ = eᵢ fₐᵀ + fₐ eᵢᵀ: tr K dΣ K dΣ′ = 2 ((K f)ᵢᵦ (K f)ⱼₐ + Kᵢⱼ (fᵀ K f)ₐᵦ)
    across = kf[..., i, :][..., :, a]
    of_factor = (
        across * linear.transposed(across) + k[..., i, :][..., :, i] * fkf[..., a, :][..., :, a]
    )
    of_both = k[..., i, :] * linear.transposed(kf)[..., a, :]
    top = xp.concat([of_factor, of_both], axis=-1)
    bottom = xp.concat([linear.transposed(of_both), 0.5 * k * k], axis=-1)
    return blocks(k, xp.concat([top, bottom], axis=-2))


@metric(
    Dirichlet, source="Johnson, Kotz and Balakrishnan 2000, ch. 49",
    sizes=lambda p: (int(p.concentration.shape[-1]),),
)  # fmt: skip
def dirichlet(p: Any) -> Any:
    """diag(ψ′(aᵢ)) − ψ′(Σ a)."""
    a = p.concentration
    total = trigamma(namespace(a).sum(a, axis=-1))
    return linear.diagonal_matrix(trigamma(a)) - total[..., None, None]


def of_probabilities(probs: Any) -> Any:
    """diag(1/pᵢ) + 1/p_k, of all probabilities but the last, which is 1 less their sum."""
    return linear.diagonal_matrix(1 / probs[..., :-1]) + (1 / probs[..., -1])[..., None, None]


@metric(
    Multinomial, "probs", source="Fisher 1922", known=("n",),
    sizes=lambda p: (int(p.probs.shape[-1]) - 1,),
)  # fmt: skip
def multinomial(p: Any) -> Any:
    """N (diag(1/pᵢ) + 1/p_k)."""
    return p.n[..., None, None] * of_probabilities(p.probs)


def _on_the_sphere(p: Any, across: Any, along: Any) -> Any:
    """Blocks of the direction, across I − m mᵀ, and of the concentration."""
    m = p.direction
    tangent = linear.identity(p.size, m) - m[..., :, None] * m[..., None, :]
    return blocks(across[..., None, None] * tangent, along[..., None, None])


@metric(VonMisesFisher, source="Mardia and Jupp 2000, ch. 10", sizes=lambda p: (p.size, 1))
def von_mises_fisher(p: Any) -> Any:
    """κ A (I − m mᵀ) of the direction, on the sphere's tangents; 1 − A² − (d − 1) A/κ of κ."""
    order, kappa = p.size / 2 - 1, p.concentration
    return _on_the_sphere(p, kappa * bessel_ratio(order, kappa), bessel_ratio_slope(order, kappa))


@metric(PowerSpherical, source="De Cao and Aziz 2020: Beta's", sizes=lambda p: (p.size, 1))
def power_spherical(p: Any) -> Any:
    """κ²/(2 (a − 1)) (I − m mᵀ), a = b + κ, b = (d − 1)/2, for a > 1; ψ′(a) − ψ′(a + b) of κ."""
    b, kappa = (p.size - 1) / 2, p.concentration
    xp = namespace(kappa)
    a = b + kappa
    regular = a > 1
    across = 0.5 * kappa * kappa / xp.where(regular, a - 1, xp.ones_like(a))
    across = xp.where(regular, across, xp.full_like(a, float("inf")))
    return _on_the_sphere(p, across, trigamma(a) - trigamma(a + b))


@metric(SphereUniform, source="", refused={"dimension": "it is a whole number"})
def nothing(p: Any) -> Any:
    """Return nothing: the parameter is refused."""
    raise AssertionError(p)
