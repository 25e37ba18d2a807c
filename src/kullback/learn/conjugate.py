"""Conjugate gradients for A x = b, of a positive semi-definite A known by its products."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Solution:
    """x, how many products were taken, and |A x − b|/|b|."""

    x: Any
    products: int
    residual: float


def conjugate_gradient(
    product: Callable[[Any], Any], b: Any, iterations: int, damping: float, rtol: float = 1e-8
) -> Solution:
    """Solve (A + damping) x = b.

    References
    ----------
    Hestenes and Stiefel 1952.
    """
    x, r = b * 0, b.clone()
    direction, rho = r.clone(), float(r @ r)
    size, products = rho, 0
    for _ in range(iterations):
        image = product(direction) + damping * direction
        products += 1
        bend = float(direction @ image)
        if not bend > 0:
            break
        step = rho / bend
        x, r = x + step * direction, r - step * image
        fresh = float(r @ r)
        if fresh <= rtol**2 * size:
            rho = fresh
            break
        direction, rho = r + (fresh / rho) * direction, fresh
    return Solution(x, products, (rho / size) ** 0.5)
