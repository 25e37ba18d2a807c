"""Fisher information of laws on matrices, and of the conjugate laws of a Normal."""

from typing import Any

import numpy as np

from kullback.arrays import linear
from kullback.arrays.namespace import namespace
from kullback.arrays.special import trigamma
from kullback.forms.families import (
    InverseWishart,
    MatrixNormal,
    NormalGamma,
    NormalInverseGamma,
    NormalInverseWishart,
    Wishart,
)
from kullback.information.metrics.registry import constant, metric, symmetric
from kullback.information.metrics.vectors import blocks, half_vector, of_covariance, precision_of


def _multitrigamma(a: Any, d: int) -> Any:
    """Σ ψ′(a − j/2) over j < d."""
    return sum(trigamma(a - 0.5 * j) for j in range(d))


def _bordered(corner: Any, border: Any, inner: Any) -> Any:
    """[[corner, borderᵀ], [border, inner]] with a single row and column in front."""
    xp = namespace(inner)
    batch = np.broadcast_shapes(corner.shape, border.shape[:-1], inner.shape[:-2])
    border = xp.broadcast_to(border, (*batch, border.shape[-1]))
    inner = xp.broadcast_to(inner, (*batch, *inner.shape[-2:]))
    corner = xp.broadcast_to(corner, batch)[..., None]
    top = xp.concat([corner, border], axis=-1)[..., None, :]
    return xp.concat([top, xp.concat([border[..., None], inner], axis=-1)], axis=-2)


def _half_of(x: Any, twice: bool) -> Any:
    """Return the entries of symmetric matrices on and below the diagonal, those below twice."""
    i, j, half = half_vector(int(x.shape[-1]))
    entries = x[..., i, j]
    return entries * constant(2 * half, x) if twice else entries


def _of_wishart(df: Any, root: Any, sign: float) -> Any:
    """¼ Σ ψ′ of df; ± ½ V⁻¹ of df and V; (df/2) tr(V⁻¹ dV V⁻¹ dV′) of V."""
    inverse = precision_of(root)
    corner = 0.25 * _multitrigamma(0.5 * df, int(root.shape[-1]))
    border = 0.5 * sign * _half_of(inverse, twice=True) + 0 * df[..., None]
    return _bordered(corner, border, df[..., None, None] * of_covariance(inverse))


def _half(d: int) -> int:
    return d * (d + 1) // 2


@metric(Wishart, source="the Hessian of −log density", sizes=lambda p: (1, _half(p.size)))
def wishart(p: Any) -> Any:
    """¼ Σ ψ′((n − j)/2) of df n; ½ V⁻¹ of n and V = scale; (n/2) tr(V⁻¹ dV V⁻¹ dV′) of V."""
    return _of_wishart(p.df, p.root, 1.0)


@metric(InverseWishart, source="Wishart's, of X⁻¹", sizes=lambda p: (1, _half(p.size)))
def inverse_wishart(p: Any) -> Any:
    """¼ Σ ψ′((n − j)/2) of df n; −½ V⁻¹ of n and V = scale; (n/2) tr(V⁻¹ dV V⁻¹ dV′) of V."""
    return _of_wishart(p.df, p.root, -1.0)


def _matrix_sizes(p: Any) -> tuple[int, ...]:
    n, m = (int(x) for x in p.mean.shape[-2:])
    return n * m, _half(n), _half(m)


@metric(MatrixNormal, source="Skovgaard 1984, Σ = rows ⊗ columns", sizes=_matrix_sizes)
def matrix_normal(p: Any) -> Any:
    """rows⁻¹ ⊗ columns⁻¹ of the mean, row by row; of rows U and columns V: singular.

    (m/2) tr(U⁻¹ dU U⁻¹ dU′), (n/2) tr(V⁻¹ dV V⁻¹ dV′), ½ tr(U⁻¹ dU) tr(V⁻¹ dV): c U and V/c are
    one law.
    """
    xp = namespace(p.mean)
    n, m = (int(x) for x in p.mean.shape[-2:])
    u, v = precision_of(p.rows_root), precision_of(p.columns_root)
    of_mean = u[..., :, None, :, None] * v[..., None, :, None, :]
    of_mean = xp.reshape(of_mean, (*of_mean.shape[:-4], n * m, n * m))
    both = 0.5 * _half_of(u, twice=True)[..., :, None] * _half_of(v, twice=True)[..., None, :]
    batch = (*p.batch,)
    of_rows = xp.broadcast_to(m * of_covariance(u), (*batch, _half(n), _half(n)))
    of_columns = xp.broadcast_to(n * of_covariance(v), (*batch, _half(m), _half(m)))
    both = xp.broadcast_to(both, (*batch, _half(n), _half(m)))
    top = xp.concat([of_rows, both], axis=-1)
    bottom = xp.concat([linear.transposed(both), of_columns], axis=-1)
    return blocks(of_mean, xp.concat([top, bottom], axis=-2))


def _conjugate(factor: Any, shape: Any, scale: Any) -> Any:
    """diag(λ a/b, 1/(2λ²)) of mean and factor; Gamma's of shape and rate."""
    return symmetric(
        [factor * shape / scale, 0.0, 0.0, 0.0],
        [0.5 / (factor * factor), 0.0, 0.0],
        [trigamma(shape), -1 / scale],
        [shape / (scale * scale)],
    )


@metric(NormalGamma, source="the Hessian of −log density")
def normal_gamma(p: Any) -> Any:
    """diag(λ a/b, 1/(2λ²)) of mean and factor; Gamma's of shape and rate."""
    return _conjugate(p.factor + 0 * p.mean, p.shape, p.rate)


@metric(NormalInverseGamma, source="NormalGamma's, of the precision")
def normal_inverse_gamma(p: Any) -> Any:
    """diag(λ a/b, 1/(2λ²)) of mean and factor; InverseGamma's of shape and scale."""
    return _conjugate(p.factor + 0 * p.mean, p.shape, p.scale)


@metric(
    NormalInverseWishart, source="the Hessian of −log density",
    sizes=lambda p: (p.size, 1, 1, _half(p.size)),
)  # fmt: skip
def normal_inverse_wishart(p: Any) -> Any:
    """λ n V⁻¹ of the mean; d/(2λ²) of the factor; InverseWishart's of df n and scale V."""
    inverse, weight = precision_of(p.root), p.factor * p.df
    of_mean = weight[..., None, None] * inverse
    of_factor = 0.5 * p.size / (p.factor * p.factor)
    return blocks(of_mean, of_factor[..., None, None], _of_wishart(p.df, p.root, -1.0))
