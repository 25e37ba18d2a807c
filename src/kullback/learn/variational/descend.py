"""A minimum of a smooth function: limited-memory BFGS with a bisecting line search."""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kullback.learn._torch import torch

Ask = Callable[[Any], tuple[float, Any]]

_ROUNDING = 8
"""Rises of so many units in the last place are not looked for."""


@dataclass(frozen=True)
class Descent:
    """Where a descent ended.

    Attributes
    ----------
    x : tensor
        The best point seen.
    value : float
        The function there.
    iterations : int
        How many steps were taken.
    converged : bool
        Whether no step promises more than the tolerance, or rounding hides what is left.
    interrupted : bool
        Whether Ctrl-C ended it.
    """

    x: Any
    value: float
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
    x : tensor, shape (k,)
        Where to start; the value there must be finite.
    tol : float
        The descent stops where −½ gᵀd, what the quadratic model promises, is below it, or below
        rounding.

    References
    ----------
    Nocedal, Updating quasi-Newton matrices with limited storage, Math. Comp. 35 (1980); Lewis and
    Overton, Nonsmooth optimization via quasi-Newton methods, Math. Program. 141 (2013).
    """
    pairs: deque[tuple[Any, Any, float]] = deque(maxlen=memory)
    value, slope, step, rounding = math.inf, x, 0, _ROUNDING * torch.finfo(x.dtype).eps
    try:
        value, slope = ask(x)
        for step in range(iterations):
            d = _direction(slope, pairs)
            promise = -float(slope @ d)
            if not promise > max(2 * tol, rounding * abs(value)):
                return Descent(x, value, step, True)
            found = _search(ask, x, d, value, -promise, 1.0 if pairs else _first(slope))
            if found is None and not pairs:
                return Descent(x, value, step, promise < 1e-6 * max(1.0, abs(value)))
            if found is None:
                pairs.clear()
                continue
            t, value, fresh = found
            s, y = t * d, fresh - slope
            if (bend := float(s @ y)) > 0:
                pairs.append((s, y, bend))
            x, slope = x + s, fresh
    except KeyboardInterrupt:
        return Descent(x, value, step, False, True)
    return Descent(x, value, iterations, False)


def _first(slope: Any) -> float:
    return min(1.0, 1.0 / float(slope.norm()))


def _direction(slope: Any, pairs: "deque[tuple[Any, Any, float]]") -> Any:
    """−H g by the two loops."""
    d, shares = -slope, []
    for s, y, bend in reversed(pairs):
        share = float(s @ d) / bend
        d = d - share * y
        shares.append(share)
    if pairs:
        _, y, bend = pairs[-1]
        d = d * (bend / float(y @ y))
    for (s, y, bend), share in zip(pairs, reversed(shares), strict=True):
        d = d + (share - float(y @ d) / bend) * s
    return d


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
