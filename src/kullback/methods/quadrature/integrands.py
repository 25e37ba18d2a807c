"""What is integrated for each question, from log-densities and without cancellation."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.stable import tiny
from kullback.forms.pair import Pair
from kullback.methods.laws import Numbers
from kullback.questions import (
    KL,
    Alpha,
    ChiSquare,
    CrossEntropy,
    Divergence,
    Entropy,
    FDivergence,
    Hellinger,
    HockeyStick,
    JensenShannon,
    Question,
    Renyi,
    TotalVariation,
    Tsallis,
)

_BOUNDED = (JensenShannon, TotalVariation, Hellinger, HockeyStick)
_HUGE = 1e300


@dataclass(frozen=True)
class Integrand:
    """The integrand of a question, from log p(x), log q(x) and the log of dx/dy.

    Attributes
    ----------
    of : Question
        What is asked.
    power : bool
        For Rényi: integrate p^α q^(1−α) e^(−shift) instead of the terms.
    """

    of: Question
    power: bool = False

    @property
    def order(self) -> float | None:
        """The α of which the terms are those of the power sum; None if they are not."""
        if isinstance(self.of, (Alpha, Tsallis, Renyi)):
            return None if self.of.alpha in (0, 1) else self.of.alpha
        return 2.0 if isinstance(self.of, ChiSquare) else None

    @property
    def signed(self) -> bool:
        """Whether the integrand may be negative."""
        return isinstance(self.of, (Entropy, CrossEntropy))

    @property
    def bounded(self) -> bool:
        """Whether the integral is finite for any two laws."""
        return isinstance(self.of, Divergence) and self.of.upper < math.inf

    def __call__(self, log_p: Any, log_q: Any, log_slope: Any, shift: Any = 0.0) -> tuple[Any, ...]:
        """Return the integrand in y, and the densities in y as far as it needed them."""
        if isinstance(self.of, Entropy):
            return _coded(log_p, log_p, log_slope), namespace(log_p).exp(log_p + log_slope)
        if isinstance(self.of, CrossEntropy):
            xp = namespace(log_p)
            return (
                _coded(log_p, log_q, log_slope),
                xp.exp(log_p + log_slope),
                xp.exp(log_q + log_slope),
            )
        if self.power:
            return (_power(log_p, log_q, log_slope - shift, self.of.alpha),)  # type: ignore[attr-defined]
        assert isinstance(self.of, Divergence)
        if isinstance(self.of, FDivergence):
            log_p, log_q = _within(log_p, log_q)
        pair = pair_of_densities(log_p, log_q, log_slope)
        terms = self.of.terms(pair)
        if self.order is not None:
            terms = self._where_far(terms, log_p, log_q, log_slope)
        return terms, pair.p, pair.q

    def _where_far(self, terms: Any, log_p: Any, log_q: Any, log_slope: Any) -> Any:
        """Return the terms; where p or q underflow, from the power's own logarithm."""
        a, xp = self.order, namespace(terms)
        assert a is not None
        both = (log_p > -math.inf) & (log_q > -math.inf)
        far = both & ((log_p + log_slope < -600) | (log_q + log_slope < -600))
        zero = xp.zeros_like(log_p)
        p, q, slope = (xp.where(far, z, zero) for z in (log_p, log_q, log_slope))
        power = xp.exp(slope + a * p + (1 - a) * q)
        value = (power - a * xp.exp(p + slope) - (1 - a) * xp.exp(q + slope)) / (a * (a - 1))
        weight = {ChiSquare: 2.0, Tsallis: a}.get(type(self.of), 1.0)
        return xp.where(far, weight * value, terms)

    def envelope(self, log_p: Numbers, log_q: Numbers, log_slope: Numbers) -> Numbers:
        """Return the logarithm of the integrand's size in y, which nothing makes underflow."""
        with np.errstate(all="ignore"):
            p, q = log_p + log_slope, log_q + log_slope
            apart = np.log1p(np.minimum(np.abs(log_q - log_p), _HUGE))
            apart = np.where(np.isnan(apart), 0.0, apart)
            if isinstance(self.of, Entropy):
                size = p + np.log1p(np.minimum(np.abs(log_p), _HUGE))
            elif isinstance(self.of, CrossEntropy):
                size = p + np.log1p(np.minimum(np.abs(log_q), _HUGE))
            elif self.power:
                a: float = self.of.alpha  # type: ignore[attr-defined]
                size = a * log_p + (1 - a) * log_q + log_slope
            elif isinstance(self.of, _BOUNDED):
                size = np.maximum(p, q)
            elif isinstance(self.of, KL) or getattr(self.of, "alpha", None) == 1:
                size = np.maximum(p + apart, q)
            elif self.order is not None:
                a = self.order
                power = a * log_p + (1 - a) * log_q + log_slope
                size = np.maximum(np.maximum(p, q), np.where(np.isnan(power), -np.inf, power))
            else:
                size = np.maximum(p, q) + apart
        return np.where(np.isnan(size), -np.inf, size)

    def crossing(self) -> float | None:
        """Return log p/q at which the integrand has a kink, if it has one."""
        if isinstance(self.of, TotalVariation):
            return 0.0
        return math.log(self.of.gamma) if isinstance(self.of, HockeyStick) else None


def pair_of_densities(log_p: Any, log_q: Any, log_slope: Any) -> Pair:
    """Return the pair of densities in y, with log q/p as exact as it is in x."""
    xp = namespace(log_p)
    if xp is np and log_p.size and min(np.min(log_p), np.min(log_q)) > -_HUGE:
        return _full_pair(log_p, log_q, log_slope)
    empty_p, empty_q = log_p == -math.inf, log_q == -math.inf
    zero, least = xp.zeros_like(log_p), math.log(tiny(log_p))
    p, q = xp.exp(log_p + log_slope), xp.exp(log_q + log_slope)
    floor_p = xp.where(empty_q, zero, log_q) * 0 + (least - log_slope)
    finite_p = xp.where(empty_p, floor_p, xp.where(empty_p, zero, log_p))
    finite_q = xp.where(empty_q, floor_p, xp.where(empty_q, zero, log_q))
    x = xp.clip(finite_q - finite_p, -_HUGE, _HUGE)
    x = xp.where(empty_p & empty_q, zero, x)
    tame = x < 20
    near = p * xp.expm1(xp.where(tame, x, zero))
    difference = xp.where(tame & ~empty_q, near, q - p)
    infinite = xp.full_like(log_p, math.inf)
    return Pair(
        p, q, x, difference, finite_q + log_slope, empty_p, empty_q,
        xp.where(empty_q & (p > 0), infinite, zero), xp.where(empty_p & (q > 0), infinite, zero),
    )  # fmt: skip


def _full_pair(log_p: Numbers, log_q: Numbers, log_slope: Numbers) -> Pair:
    """Return the same where neither side is empty anywhere."""
    p, q, x = np.exp(log_p + log_slope), np.exp(log_q + log_slope), log_q - log_p
    tame = x < 20
    difference = np.where(tame, p * np.expm1(np.where(tame, x, 0.0)), q - p)
    never = np.broadcast_to(False, x.shape)
    nothing = np.zeros(())
    return Pair(p, q, x, difference, log_q + log_slope, never, never, nothing, nothing)


def _coded(log_p: Any, log_code: Any, log_slope: Any) -> Any:
    """−p log code, 0 where p is."""
    xp = namespace(log_p)
    p = xp.exp(log_p + log_slope)
    some = p > 0
    return xp.where(some, -p * xp.where(some, log_code, xp.zeros_like(p)), xp.zeros_like(p))


def _power(log_p: Any, log_q: Any, log_slope: Any, alpha: float) -> Any:
    """p^α q^(1−α)."""
    xp = namespace(log_p)
    both = (log_p > -math.inf) & (log_q > -math.inf)
    zero = xp.zeros_like(log_p)
    log = alpha * xp.where(both, log_p, zero) + (1 - alpha) * xp.where(both, log_q, zero)
    value = xp.where(both, xp.exp(log + log_slope), zero)
    if alpha > 1:
        lost = (log_p + log_slope > -600) & (log_q == -math.inf)
        value = xp.where(lost, xp.full_like(value, math.inf), value)
    return value


def _within(log_p: Any, log_q: Any, most: float = 300.0) -> tuple[Any, Any]:
    """Return both with a ratio that f can be asked at, the smaller side raised."""
    xp = namespace(log_p)
    p = xp.where(log_p > -math.inf, xp.maximum(log_p, log_q - most), log_p)
    q = xp.where(log_q > -math.inf, xp.maximum(log_q, log_p - most), log_q)
    faint = (p < -350) & (q < -350)
    nothing = xp.full_like(p, -math.inf)
    return xp.where(faint, nothing, p), xp.where(faint, nothing, q)
