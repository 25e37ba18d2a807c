"""The family of orders α: Rényi, Tsallis and alpha divergence, three closings of one sum."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.arrays.namespace import namespace, stop_gradient
from kullback.arrays.stable import kl_terms, times_psi
from kullback.errors import InvalidInputError
from kullback.forms.pair import Pair
from kullback.questions.question import Divergence


def _power_terms(pair: Pair, alpha: float) -> Any:
    """(p^α q^(1−α) − α p − (1 − α) q)/(α (α − 1)), each ≥ 0.

    At α = 1 they are the terms of KL(p ‖ q), at 0 those of KL(q ‖ p). With x = log q/p and
    c = 1 − α it is p (ψ(x) − ψ(c x)/c)/α, free of cancellation for α ≥ ½; below, p and q change
    places.
    """
    if alpha < 0.5:
        pair, alpha = pair.swapped(), 1 - alpha
    c = 1 - alpha
    kl = kl_terms(pair.p, pair.x, pair.difference)
    if c == 0:
        return kl + pair.loss
    terms = (kl - times_psi(pair.p, c * pair.x) / c) / alpha
    if c < 0:
        return terms + pair.loss
    return namespace(pair.p).where(pair.empty_q, pair.p / c, terms)


@dataclass(frozen=True)
class Alpha(Divergence):
    """A(p ‖ q) = (Σ p^α q^(1−α) − 1)/(α (α − 1)); KL(p ‖ q) at α = 1, KL(q ‖ p) at 0.

    Attributes
    ----------
    alpha : float
        The order, any finite number.
    """

    alpha: float

    symbol = "A(p ‖ q)"

    def __post_init__(self) -> None:
        _check_order(self.alpha, finite=True)

    def meaning(self) -> str:
        """Say in words what the number is."""
        return f"Amari's divergence of order {self.alpha:g}"

    @property
    def symmetric(self) -> bool:  # type: ignore[override]
        """Whether p and q may be exchanged: at α = ½."""
        return self.alpha == 0.5

    @property
    def upper(self) -> float:
        """1/(α (1 − α)) for 0 < α < 1, else ∞."""
        return 1 / (self.alpha * (1 - self.alpha)) if 0 < self.alpha < 1 else math.inf

    def generator(self, t: Any) -> Any:
        """f(t) = (t^α − α t − 1 + α)/(α (α − 1))."""
        a = self.alpha
        if a == 1:
            return t * np.log(t) - t + 1
        if a == 0:
            return -np.log(t) + t - 1
        return (t**a - a * t - 1 + a) / (a * (a - 1))

    @property
    def at_zero(self) -> float:
        """1/α for α > 0, else ∞."""
        return 1 / self.alpha if self.alpha > 0 else math.inf

    @property
    def slope_at_infinity(self) -> float:
        """1/(1 − α) for α < 1, else ∞."""
        return 1 / (1 - self.alpha) if self.alpha < 1 else math.inf

    def terms(self, pair: Pair) -> Any:
        """(p^α q^(1−α) − α p − (1 − α) q)/(α (α − 1))."""
        return _power_terms(pair, self.alpha)


@dataclass(frozen=True)
class Tsallis(Divergence):
    """T(p ‖ q) = (Σ p^α q^(1−α) − 1)/(α − 1), for α > 0; KL(p ‖ q) at α = 1.

    Attributes
    ----------
    alpha : float
        The order, positive and finite.
    """

    alpha: float

    symbol = "T(p ‖ q)"

    def __post_init__(self) -> None:
        _check_order(self.alpha, finite=True)
        if self.alpha <= 0:
            raise InvalidInputError(
                f"alpha={self.alpha!r}: the Tsallis divergence is one for alpha > 0. For other "
                f"orders use "
                "alpha_divergence, which is α⁻¹ times as large."
            )

    def meaning(self) -> str:
        """Say in words what the number is."""
        return f"relative entropy of order {self.alpha:g}, by Tsallis"

    @property
    def upper(self) -> float:
        """1/(1 − α) for α < 1, else ∞."""
        return 1 / (1 - self.alpha) if self.alpha < 1 else math.inf

    def generator(self, t: Any) -> Any:
        """f(t) = (t^α − α t − 1 + α)/(α − 1)."""
        return self.alpha * Alpha(self.alpha).generator(t)

    @property
    def at_zero(self) -> float:
        """1."""
        return 1.0

    @property
    def slope_at_infinity(self) -> float:
        """α/(1 − α) for α < 1, else ∞."""
        return self.alpha * Alpha(self.alpha).slope_at_infinity

    def terms(self, pair: Pair) -> Any:
        """(p^α q^(1−α) − α p − (1 − α) q)/(α − 1)."""
        return self.alpha * _power_terms(pair, self.alpha)


@dataclass(frozen=True)
class Renyi(Divergence):
    """R(p ‖ q) = log Σ p^α q^(1−α) / (α − 1); KL at α = 1, −log q(p > 0) at 0, log max p/q at ∞.

    Attributes
    ----------
    alpha : float
        The order, from 0 to ∞.
    """

    alpha: float

    symbol = "R(p ‖ q)"
    information = True

    def __post_init__(self) -> None:
        _check_order(self.alpha, finite=False)
        if self.alpha < 0:
            raise InvalidInputError(
                f"alpha={self.alpha!r}: the Rényi divergence is one for alpha ≥ 0. For a negative "
                f"order exchange p "
                "and q: R_α(p ‖ q) = α/(1 − α) R_{1−α}(q ‖ p)."
            )

    def meaning(self) -> str:
        """Say in words what the number is."""
        return f"relative entropy of order {self.alpha:g}, by Rényi"

    @property
    def symmetric(self) -> bool:  # type: ignore[override]
        """Whether p and q may be exchanged: at α = ½."""
        return self.alpha == 0.5

    def generator(self, t: Any) -> Any:
        """F of the alpha divergence of the same order, which Rényi's closes with a logarithm."""
        return Alpha(self.alpha).generator(t)

    @property
    def at_zero(self) -> float:
        """1/α for α > 0, else ∞."""
        return Alpha(self.alpha).at_zero

    @property
    def slope_at_infinity(self) -> float:
        """1/(1 − α) for α < 1, else ∞."""
        return Alpha(self.alpha).slope_at_infinity

    def terms(self, pair: Pair) -> Any:
        """(p^α q^(1−α) − α p − (1 − α) q)/(α (α − 1)); only for 0 < α < ∞."""
        return _power_terms(pair, self.alpha)

    def close(self, total: Any) -> Any:
        """log(1 + α (α − 1) Σ)/(α − 1)."""
        a = self.alpha
        return total if a == 1 else namespace(total).log1p(a * (a - 1) * total) / (a - 1)

    def closes(self, total: Any) -> Any:
        """Return where `close` keeps all digits; elsewhere the powers are to be summed."""
        return namespace(total).abs(self.alpha * (self.alpha - 1) * total) <= 0.5

    def of_powers(self, pair: Pair) -> Any:
        """Return log Σ p^α q^(1−α) / (α − 1) from the powers, or its limit at 0 or ∞."""
        if self.alpha == 0:
            return _order_zero(pair)
        xp, a = namespace(pair.p), self.alpha
        lost = xp.any(pair.empty_q & ~pair.empty_p, axis=-1)
        shared = ~(pair.empty_p | pair.empty_q)
        if a == math.inf:
            worst = xp.max(xp.where(shared, -pair.x, xp.full_like(pair.x, -math.inf)), axis=-1)
            return xp.where(lost, xp.full_like(worst, math.inf), worst)
        each = pair.log_q - a * pair.x
        peak = stop_gradient(xp.max(xp.where(shared, each, xp.full_like(each, -math.inf)), axis=-1))
        some = xp.any(shared, axis=-1)
        peak = xp.where(some, peak, xp.zeros_like(peak))
        power = xp.exp(xp.where(shared, each - peak[..., None], xp.zeros_like(each)))
        total = xp.sum(xp.where(shared, power, xp.zeros_like(power)), axis=-1)
        log = xp.log(xp.where(some, total, xp.ones_like(total))) + peak
        infinite = ~some | lost if a > 1 else ~some
        return xp.where(infinite, xp.full_like(log, math.inf), log / (a - 1))


def _order_zero(pair: Pair) -> Any:
    """−log of q's mass where p has any, from its mass elsewhere if that is less."""
    xp = namespace(pair.p)
    zero = xp.zeros_like(pair.q)
    outside = xp.sum(xp.where(pair.empty_p, pair.q, zero), axis=-1)
    inside = xp.sum(xp.where(pair.empty_p, zero, pair.q), axis=-1)
    little, some = outside < 0.5, inside > 0
    value = xp.where(
        little,
        -xp.log1p(-xp.where(little, outside, xp.zeros_like(outside))),
        -xp.log(xp.where(some, inside, xp.ones_like(inside))),
    )
    return xp.where(some, value, xp.full_like(value, math.inf))


def _check_order(alpha: Any, *, finite: bool) -> None:
    number = isinstance(alpha, (int, float)) and not isinstance(alpha, bool)
    if not number or math.isnan(alpha) or (finite and math.isinf(alpha)):
        raise InvalidInputError(
            f"alpha={alpha!r}: the order is a{' finite' if finite else ''} number."
        )
