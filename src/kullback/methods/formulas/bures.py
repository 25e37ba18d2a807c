"""Transport between Gaussian laws of one mean: Bures' distance of their covariances."""

from typing import Any

from kullback.arrays import linear
from kullback.arrays.namespace import is_traced, namespace, stop_gradient
from kullback.methods.formulas.whitening import Gaussian, covariance_gap, dense

STEPS = 16
"""How often the equation of the transport map is put into itself."""


def bures_squared(p: Gaussian, q: Gaussian) -> Any:
    """|L_p − L_q R|², R the orthogonal matrix nearest to L_qᵀL_p.

    At the best R its slope vanishes, so that R is a constant to derivatives.
    """
    first, second = dense(p).root, dense(q).root
    rotation = linear.nearest_rotation(linear.transposed(second) @ first)
    value = linear.squares(first - second @ rotation)
    if is_traced(value):
        return value
    gap, root = stop_gradient(covariance_gap(p, q)), stop_gradient(second)
    better, near = _nearby(gap, root)
    xp = namespace(value)
    return value + xp.where(near, better - stop_gradient(value), xp.zeros_like(value))


def _nearby(gap: Any, root: Any) -> tuple[Any, Any]:
    """Return |X L|², X = T − I of the map T with T Σ T = Σ + D, and where D is small enough.

    X Σ + Σ X = D − X Σ X, solved in the eigenvectors of Σ = L Lᵀ, again and again.
    """
    xp = namespace(gap, root)
    values, vectors = xp.linalg.eigh(root @ linear.transposed(root))
    values = xp.abs(values)
    sums = values[..., :, None] + values[..., None, :]
    turned = linear.transposed(vectors) @ gap @ vectors
    near = xp.max(xp.abs(turned / sums), axis=(-2, -1)) < 0.05 / gap.shape[-1]
    turned = xp.where(near[..., None, None], turned, xp.zeros_like(turned))
    x = turned / sums
    for _ in range(STEPS):
        x = (turned - (x * values[..., None, :]) @ x) / sums
    return xp.sum(x * x * values[..., None, :], axis=(-2, -1)), near
