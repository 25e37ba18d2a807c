"""A minimum of a smooth function: limited-memory BFGS with a bisecting line search."""

import math
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from kullback.learn._torch import torch

Ask = Callable[[Any], tuple[float, Any]]

_ROUNDING = 8
"""Rises of so many units in the last place are not looked for."""


@dataclass(frozen=True, eq=False)
class Descent:
    """Where a descent stands: all it needs to go on.

    Attributes
    ----------
    x : tensor
        The best point seen.
    value : float
        The function there.
    first : float
        The function where the descent began.
    slope : tensor
        Its gradient there.
    pairs : tuple of (s, y)
        The last steps and what they changed in the gradient.
    iterations : int
        How many steps were taken.
    converged : bool
        Whether no step promises more than the tolerance, or rounding hides what is left.
    interrupted : bool
        Whether Ctrl-C ended it.
    """

    x: Any
    value: float
    first: float
    slope: Any
    pairs: tuple[tuple[Any, Any], ...]
    iterations: int
    converged: bool
    interrupted: bool = False


def descend(
    ask: Ask, x: Any, *, iterations: int = 200, tol: float = 1e-6, memory: int = 20
) -> Descent:
    """Minimise a function that returns (value, slope).

    Where the value or the slope is not finite, a step was too long. Ctrl-C ends the descent at the
    best point so far.

    Parameters
    ----------
    ask : callable
        From x to the value and its gradient.
    x : tensor, shape (k,), or Descent
        Where to start; the value there must be finite. From a Descent that was interrupted it goes
        on as if it had not been.
    tol : float
        The descent stops where −½ gᵀd, what the quadratic model promises, is below it, or below
        rounding.

    References
    ----------
    Nocedal, Updating quasi-Newton matrices with limited storage, Math. Comp. 35 (1980); Lewis and
    Overton, Nonsmooth optimization via quasi-Newton methods, Math. Program. 141 (2013).
    """
    at = x if isinstance(x, Descent) else Descent(x, math.inf, math.inf, None, (), 0, False)
    x, value, first, slope, step = at.x, at.value, at.first, at.slope, at.iterations
    pairs = deque(at.pairs, maxlen=memory)
    rounding = _ROUNDING * torch.finfo(x.dtype).eps

    def ended(converged: bool, interrupted: bool = False) -> Descent:
        return Descent(x, value, first, slope, tuple(pairs), step, converged, interrupted)

    try:
        if slope is None:
            value, slope = ask(x)
            first = value
        while step < iterations:
            d = _direction(slope, pairs)
            promise = -float(slope @ d)
            if not promise > max(2 * tol, rounding * abs(value)):
                return ended(True)
            found = _search(ask, x, d, value, -promise, 1.0 if pairs else _first(slope))
            if found is None and not pairs:
                return ended(promise < 1e-6 * max(1.0, abs(value)))
            if found is None:
                pairs.clear()
            else:
                t, value, fresh = found
                s, y = t * d, fresh - slope
                if float(s @ y) > 0:
                    pairs.append((s, y))
                x, slope = x + s, fresh
            step += 1
    except KeyboardInterrupt:
        return ended(False, True)
    return ended(False)


def _first(slope: Any) -> float:
    return min(1.0, 1.0 / float(slope.norm()))


def _direction(slope: Any, pairs: Collection[tuple[Any, Any]]) -> Any:
    """−H g, over all pairs at once.

    With S and Y the pairs as rows, U the upper triangle of S Yᵀ, D its diagonal, γ = sᵀy/yᵀy of the
    last pair, a = U⁻¹ S g and b = U⁻ᵀ((D + γ Y Yᵀ) a − γ Y g), H g = γ g + Sᵀ b − γ Yᵀ a: Byrd,
    Nocedal and Schnabel, Math. Program. 63 (1994), (3.1).
    """
    if not pairs:
        return -slope
    S, Y = (torch.stack(rows) for rows in zip(*pairs, strict=True))
    U, inner, g = S @ Y.mT, Y @ Y.mT, slope[:, None]
    D, gamma = U.diagonal().diag(), U[-1, -1] / inner[-1, -1]
    a = torch.linalg.solve_triangular(U, S @ g, upper=True)
    b = torch.linalg.solve_triangular(U.mT, (D + gamma * inner) @ a - gamma * (Y @ g), upper=False)
    return -(gamma * g + S.mT @ b - gamma * (Y.mT @ a))[:, 0]


def _search(
    ask: Ask, x: Any, d: Any, value: float, slope: float, t: float, tries: int = 40
) -> tuple[float, float, Any] | None:
    """Return a step t that falls enough and flattens enough, with value and slope there."""
    low, high = 0.0, math.inf
    kept: tuple[float, float, Any] | None = None
    for _ in range(tries):
        there, fresh = ask(x + t * d)
        ends = math.isfinite(there) and bool(fresh.isfinite().all())
        if not ends or there > value + 1e-4 * t * slope:
            high = t
        else:
            kept = (t, there, fresh)
            if float(fresh @ d) >= 0.9 * slope:
                return kept
            low = t
        t = 2 * low if math.isinf(high) else 0.5 * (low + high)
        if high - low < 1e-12 * high:
            break
    return kept
