"""How far to go along a direction: the longest step found that a divergence allows and that gains.

Lengths are tried on the objective L and on KL themselves: longer by √(δ/KL) while KL ≤ δ, since KL
grows as the square of a small step; halved between the best and the first that was too long.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kullback.learn._torch import torch


@dataclass(frozen=True)
class Length:
    """The length found in units of the step given, 0 for none; why; L and KL there."""

    scale: float
    reason: str
    value: float
    kl: float


class LineSearch:
    """Parameters, where they were, and the step along which they may move.

    Parameters
    ----------
    moving : list of tensor
        The parameters, moved in place.
    step : tensor, shape (their number,)
        Where scale 1 leads to.
    at_present : callable
        Returns (L, KL) at the present parameters, as floats.
    before, delta : float
        L at the start; the most that KL may be.
    """

    def __init__(
        self,
        moving: list[Any],
        step: Any,
        at_present: Callable[[], tuple[float, float]],
        before: float,
        delta: float,
    ) -> None:
        self.moving, self.step, self.at_present = moving, step, at_present
        self.before, self.delta = before, delta
        self.old = [x.detach().clone() for x in moving]

    def run(self, halvings: int) -> Length:
        """Move the parameters as far as is found; back bit by bit if nowhere, or if it fails."""
        found = None
        try:
            scale, reason = self._longest(halvings)
            value, kl = self._at(scale) if scale > 0 else (self.before, 0.0)
            if value > self.before and kl <= self.delta:
                found = Length(scale, reason, value, kl)
        finally:
            if found is None:
                self._put(0.0)
        return found or Length(0.0, reason, self.before, 0.0)

    def _longest(self, halvings: int) -> tuple[float, str]:
        good, bad, scale = 0.0, math.inf, 1.0
        best = -math.inf
        for _ in range(halvings):
            value, kl = self._at(scale)
            if kl <= self.delta and value > self.before and value >= best:
                good, best = scale, value
                if kl > 0.98 * self.delta:
                    return good, "KL reached its bound"
            else:
                bad = scale
            if math.isinf(bad):
                scale = good * math.sqrt(self.delta / max(kl, 0.25 * self.delta))
            else:
                scale = 0.5 * (good + bad)
            if good > 0 and bad - good < 1e-3 * good:
                return good, "a longer step breaks the bound or gains less"
        if good > 0:
            return good, "the longest of the lengths tried"
        return 0.0, f"none of {halvings} lengths raised the objective with KL within its bound"

    def _at(self, scale: float) -> tuple[float, float]:
        self._put(scale)
        value, kl = self.at_present()
        return (value, kl) if math.isfinite(value) and math.isfinite(kl) else (-math.inf, math.inf)

    def _put(self, scale: float) -> None:
        with torch.no_grad():
            begin = 0
            for x, old in zip(self.moving, self.old, strict=True):
                end = begin + x.numel()
                x.copy_(old + scale * self.step[begin:end].reshape(x.shape) if scale else old)
                begin = end
