"""A minimum of a smooth function of a few numbers, which may be infinite in places."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.errors import AccuracyError, InvalidInputError
from kullback.learn._torch import torch

Vector = np.ndarray[Any, np.dtype[np.float64]]
Value = Callable[[Any], Any]
"""From a tensor of the free numbers to a scalar tensor."""


@dataclass(frozen=True)
class Minimum:
    """Where a descent ended.

    Attributes
    ----------
    z : array, shape (k,)
        The numbers.
    value : float
        The least value found.
    settled : bool
        Whether the gradient vanishes there; if not the descent was still under way.
    """

    z: Vector
    value: float
    settled: bool


def descend(
    value: Value, z: Vector, *, steps: int = 200, tolerance: float = 1e-8, shortest: float = 1e-10
) -> Minimum:
    """Return the minimum that Broyden, Fletcher, Goldfarb and Shanno's steps reach from z.

    A step is halved until the value falls; where it is infinite, or undefined, it has not fallen.
    Within the rounding of the value a smaller gradient counts as a fall.

    References
    ----------
    Nocedal and Wright, Numerical Optimization, 2nd ed. (2006), chapter 6.
    """
    v, g = _asked(value, z)
    if not np.isfinite(v):
        return Minimum(z, v, False)
    inverse = np.eye(len(z)) / max(1.0, float(np.linalg.norm(g)))
    for step in range(steps):
        if float(np.abs(g).max(initial=0.0)) <= tolerance:
            return Minimum(z, v, True)
        d = -inverse @ g
        t = 1.0
        while True:
            to = z + t * d
            new, slope = _asked(value, to)
            if new <= v + 1e-4 * t * float(g @ d) or _as_low(new, slope, v, g):
                break
            t *= 0.5
            if t < shortest:
                return Minimum(z, v, float(np.abs(g).max()) <= 1e3 * tolerance)
        s, y = to - z, slope - g
        inverse = _updated(inverse, s, y, first=step == 0)
        z, v, g = to, new, slope
    return Minimum(z, v, False)


def _as_low(new: float, slope: Vector, v: float, g: Vector) -> bool:
    within = new <= v + 1e-12 * (1 + abs(v))
    return bool(within and np.linalg.norm(slope) < 0.5 * np.linalg.norm(g))


def _updated(inverse: Any, s: Vector, y: Vector, *, first: bool) -> Any:
    """(I − s yᵀ/yᵀs) H (I − y sᵀ/yᵀs) + s sᵀ/yᵀs; H as it is where the curvature is not > 0."""
    along = float(s @ y)
    if not along > 0:
        return inverse
    if first:
        inverse = np.eye(len(s)) * (along / float(y @ y))
    across = np.eye(len(s)) - np.outer(s, y) / along
    return across @ inverse @ across.T + np.outer(s, s) / along


def _asked(value: Value, z: Vector) -> tuple[float, Vector]:
    """Return the value and its gradient; ∞ where there is none."""
    at = torch.tensor(z, dtype=torch.float64, requires_grad=True)
    try:
        v = value(at)
    except InvalidInputError:  # no member there
        return np.inf, np.zeros_like(z)
    except AccuracyError as missed:
        if not near_nothing(missed):
            return np.inf, np.zeros_like(z)
        v = missed.value
    if not bool(torch.isfinite(v)):
        return np.inf, np.zeros_like(z)
    (g,) = torch.autograd.grad(v, at)
    if not bool(torch.isfinite(g).all()):
        return np.inf, np.zeros_like(z)
    return float(v.detach()), g.numpy()


def near_nothing(missed: AccuracyError, least: float = 1e-10) -> bool:
    """Tell whether an integral missed only the digits of a value next to 0, nats."""
    return float(missed.error) <= least
