"""The other f-divergences: Σ q f(p/q) for a convex f with f(1) = 0."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.arrays.namespace import is_traced, namespace
from kullback.arrays.stable import kl_terms, square_root, times_psi
from kullback.errors import InvalidInputError
from kullback.forms.pair import Pair
from kullback.questions.question import Divergence


@dataclass(frozen=True)
class Jeffreys(Divergence):
    """J(p, q) = KL(p ‖ q) + KL(q ‖ p) = Σ (q − p) log q/p."""

    symbol = "J(p, q)"
    information = True
    symmetric = True

    def meaning(self) -> str:
        """Say in words what the number is."""
        return "the sum of both relative entropies"

    def generator(self, t: Any) -> Any:
        """f(t) = (t − 1) log t."""
        return (t - 1) * np.log(t)

    at_zero = math.inf
    slope_at_infinity = math.inf

    def terms(self, pair: Pair) -> Any:
        """(q − p) log q/p."""
        return pair.difference * pair.x + (pair.loss + pair.gain)


@dataclass(frozen=True)
class TotalVariation(Divergence):
    """TV(p, q) = ½ Σ |p − q|: the largest difference in the probability of one event."""

    symbol = "TV(p, q)"
    symmetric = True
    metric = True
    upper = 1.0

    def meaning(self) -> str:
        """Say in words what the number is."""
        return "the largest difference between what p and q say of one event"

    def generator(self, t: Any) -> Any:
        """f(t) = ½ |t − 1|."""
        return abs(t - 1) / 2

    at_zero = 0.5
    slope_at_infinity = 0.5

    def terms(self, pair: Pair) -> Any:
        """½ |q − p|."""
        return 0.5 * namespace(pair.p).abs(pair.difference)


@dataclass(frozen=True)
class Hellinger(Divergence):
    """H(p, q) = √(½ Σ (√p − √q)²) = √(1 − Σ √(p q)), within [0, 1]."""

    symbol = "H(p, q)"
    symmetric = True
    metric = True
    upper = 1.0

    def meaning(self) -> str:
        """Say in words what the number is."""
        return "the distance between the square roots of p and q, over √2"

    def generator(self, t: Any) -> Any:
        """f(t) = ½ (√t − 1)², for the square of H."""
        return (np.sqrt(t) - 1) ** 2 / 2

    at_zero = 0.5
    slope_at_infinity = 0.5

    def terms(self, pair: Pair) -> Any:
        """½ (√p − √q)² = ½ max(p, q) (1 − e^(−|x|/2))², x = log q/p."""
        xp = namespace(pair.p)
        larger = xp.where(pair.x > 0, pair.q, pair.p)
        apart = xp.expm1(-0.5 * xp.abs(pair.x))
        return 0.5 * larger * (apart * apart)

    def close(self, total: Any) -> Any:
        """√Σ."""
        return square_root(total)


@dataclass(frozen=True)
class ChiSquare(Divergence):
    """χ²(p ‖ q) = Σ (p − q)²/q (Pearson); Neyman's is χ²(q ‖ p)."""

    symbol = "χ²(p ‖ q)"

    def meaning(self) -> str:
        """Say in words what the number is."""
        return "the variance, under q, of the likelihood ratio p/q"

    def generator(self, t: Any) -> Any:
        """f(t) = (t − 1)²."""
        return (t - 1) ** 2

    at_zero = 1.0
    slope_at_infinity = math.inf

    def terms(self, pair: Pair) -> Any:
        """(p − q)²/q = p (ψ(x) + ψ(−x)), x = log q/p."""
        return kl_terms(pair.p, pair.x, pair.difference) + times_psi(pair.p, -pair.x) + pair.loss


@dataclass(frozen=True)
class HockeyStick(Divergence):
    """E(p ‖ q) = Σ max(p − γ q, 0): the δ of differential privacy at ε = log γ.

    Attributes
    ----------
    gamma : float
        At least 1.
    """

    gamma: float = 1.0

    symbol = "E(p ‖ q)"
    upper = 1.0

    def __post_init__(self) -> None:
        if not self.gamma >= 1 or not math.isfinite(self.gamma):
            raise InvalidInputError(
                f"gamma={self.gamma!r}: the hockey-stick divergence needs gamma ≥ 1 (ε = log gamma "
                f"≥ 0). For "
                "gamma < 1 use E_γ(p ‖ q) = 1 − γ + γ E_{1/γ}(q ‖ p)."
            )

    def meaning(self) -> str:
        """Say in words what the number is."""
        return f"the most by which p of an event can exceed {self.gamma:g} times its q"

    def generator(self, t: Any) -> Any:
        """f(t) = max(t − γ, 0)."""
        return np.maximum(t - self.gamma, 0)

    at_zero = 0.0
    slope_at_infinity = 1.0

    def terms(self, pair: Pair) -> Any:
        """max(p − γ q, 0)."""
        xp = namespace(pair.p)
        excess = pair.p - self.gamma * pair.q
        if self.gamma == 1:
            excess = -pair.difference
        return xp.where(excess > 0, excess, xp.zeros_like(excess))


@dataclass(frozen=True)
class FDivergence(Divergence):
    """D_f(p ‖ q) = Σ q f(p/q), for an f of your own.

    Attributes
    ----------
    f : callable
        Convex, with f(1) = 0, written on arrays of the library it will be given.
    at_zero : float, optional
        The limit of f at 0; f(0) if left out.
    slope_at_infinity : float, optional
        The limit of f(t)/t at ∞; needed where q is 0 and p is not.
    """

    f: Callable[[Any], Any]
    at_zero: float = math.nan
    slope_at_infinity: float = math.nan

    symbol = "D_f(p ‖ q)"

    def __post_init__(self) -> None:
        if not callable(self.f):
            raise InvalidInputError(
                f"f={self.f!r} is not callable: f takes an array of ratios p/q."
            )

    def meaning(self) -> str:
        """Say in words what the number is."""
        return "the mean under q of f(p/q)"

    def generator(self, t: Any) -> Any:
        """f(t), as given."""
        return self.f(t)

    def terms(self, pair: Pair) -> Any:
        """Q f(p/q), with q · at_zero where p is 0 and p · slope_at_infinity where q is 0."""
        xp = namespace(pair.p)
        p, q = pair.p, pair.q
        inside = ~(pair.empty_p | pair.empty_q)
        only_p, only_q = pair.empty_q & ~pair.empty_p, pair.empty_p & ~pair.empty_q
        one, zero = xp.ones_like(p), xp.zeros_like(p)
        ratio = xp.where(inside, p / xp.where(inside, q, one), one)
        at_one = self.f(xp.ones((1,), dtype=p.dtype))
        if not is_traced(at_one) and abs(float(at_one[0])) > 1e-6:
            raise InvalidInputError(
                f"f(1) = {float(at_one[0]):g}, but an f-divergence needs f(1) = 0."
            )
        at_zero, slope = self.at_zero, self.slope_at_infinity
        if math.isnan(at_zero) and (is_traced(p) or bool(xp.any(only_q))):
            at_zero = float(self.f(xp.zeros((1,), dtype=p.dtype))[0])
            if math.isnan(at_zero):
                raise InvalidInputError(
                    "p is 0 where q is not, and f(0) is NaN: pass at_zero=, the limit of f at 0."
                )
        if math.isnan(slope) and not is_traced(p) and bool(xp.any(only_p)):
            raise InvalidInputError(
                "q is 0 where p is not: pass slope_at_infinity=, the limit of f(t)/t at ∞ "
                "(math.inf if it has none)."
            )
        value = xp.where(inside, q * self.f(ratio), zero)
        value = xp.where(only_q, xp.where(only_q, q, one) * at_zero, value)
        return xp.where(only_p, xp.where(only_p, p, one) * slope, value)
