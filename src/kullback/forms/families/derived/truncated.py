"""Laws kept between two bounds."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.arrays.namespace import is_traced, namespace
from kullback.errors import InvalidInputError
from kullback.forms.families.derived import absorb, mass
from kullback.forms.families.derived.derived import (
    Derived,
    all_hold,
    expanded,
    law_field,
    quantile_of,
    told_as,
    upper_quantile_of,
)
from kullback.forms.families.domains import Domain
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import as_numpy, minus_infinity_outside, outcomes
from kullback.forms.families.support import Support

BOUND = Domain("a number, or infinite", lambda x: ~namespace(x).isnan(x))


@dataclass(frozen=True, eq=False, repr=False)
class Truncated(Derived):
    """p(x)/P(low ≤ x ≤ high) between the bounds, which may be infinite.

    A counted law keeps both bounds; one of them must be finite.

    Raises
    ------
    InvalidInputError
        Where low is not below high, where no mass is left, and for laws whose mass between two
        numbers is not known in closed form.

    >>> import kullback as kb
    >>> f = kb.families
    >>> kb.kl(f.Truncated(f.Exponential(1.0), 1.0, float("inf")), f.Exponential(1.0))
    1.0
    """

    law: Family = law_field()
    low: Any = parameter(BOUND, default=-math.inf)
    high: Any = parameter(BOUND, default=math.inf)

    def check(self) -> None:
        """Raise where the bounds do not fit, or leave no mass."""
        if self.law.dimensions:
            raise InvalidInputError(
                f"Truncated keeps numbers between bounds; {type(self.law).__name__} is a law of "
                "vectors."
            )
        if is_traced(self.low) or is_traced(self.high):
            return
        fits = self.low <= self.high if self.discrete else self.low < self.high
        if not all_hold(fits):
            raise InvalidInputError(
                f"Truncated: low = {self.low} is not below high = {self.high}; no outcome is left."
            )
        kept = self.log_mass()
        if not is_traced(kept) and not all_hold(kept > -math.inf):
            raise InvalidInputError(
                f"Truncated: {self.law!r} has no mass between low = {self.low} and "
                f"high = {self.high} that floating point can hold."
            )

    def support(self) -> Support:
        """Return the part of the law's support between the bounds."""
        inner = self.law.support()
        xp = namespace(inner.low)
        low, high = self.low, self.high
        if self.discrete:
            low, high = xp.ceil(low), xp.floor(high)
        return Support(inner.kind, xp.maximum(inner.low, low), xp.minimum(inner.high, high))

    def log_mass(self) -> Any:
        """Return log P(low ≤ x ≤ high) under the law."""
        if self.discrete:
            return _counted_log_mass(self.law, self.support())
        xp = namespace(self.home)
        kept = self._kept()[2]
        some = kept > 0
        return xp.where(some, xp.log(xp.where(some, kept, xp.ones_like(kept))), -math.inf)

    def _kept(self) -> tuple[mass.Sides, mass.Sides, Any]:
        low, high = (mass.sides(self.law, end) for end in (self.low, self.high))
        return low, high, mass.between(low, high)

    def log_density(self, x: Any) -> Any:
        """Log p(x) − log P(low ≤ x ≤ high)."""
        x = outcomes(x, self.home)
        inside = (x >= self.low) & (x <= self.high)
        return minus_infinity_outside(inside, self.law.log_density(x) - self.log_mass())

    def quantile(self, u: Any) -> Any:
        """Return the law's quantile at P(x < low) + u P(low ≤ x ≤ high)."""
        if self.discrete or not mass.knows(self.law):
            return None
        low, _, kept = self._kept()
        part = kept * outcomes(u, self.home)
        return self._at(low[0] > 0.5, low[0] + part, low[1] - part)

    def upper_quantile(self, u: Any) -> Any:
        """Return the quantile at 1 − u, without loss for small u."""
        if self.discrete or not mass.knows(self.law):
            return None
        _, high, kept = self._kept()
        part = kept * outcomes(u, self.home)
        return self._at(high[0] > 0.5, high[0] - part, high[1] + part)

    def _at(self, from_above: Any, below: Any, above: Any) -> Any:
        xp = namespace(below)
        straight = quantile_of(self.law, below)
        if straight is None:
            return None
        crossed = upper_quantile_of(self.law, above)
        found = straight if crossed is None else xp.where(from_above, crossed, straight)
        return xp.minimum(xp.maximum(found, self.low), self.high)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch): by the quantile, or those of the law that fit."""
        shape = (n, *self.batch)
        found = self.quantile(rng.random(shape))
        if found is not None:
            return as_numpy(found)
        low, high = as_numpy(self.low), as_numpy(self.high)
        drawn, law = np.full(shape, np.nan), expanded(self.law, self.batch)
        for _ in range(10_000):
            left = np.isnan(drawn)
            if not left.any():
                return drawn
            fresh = law.draw(rng, n)
            drawn = np.where(left & (fresh >= low) & (fresh <= high), fresh, drawn)
        raise InvalidInputError(
            f"{self!r}: hardly any draw of the law lies between the bounds; none was found in "
            "10 000 tries."
        )

    def canonical(self) -> Family:
        """Return TruncatedNormal for Normal, Uniform for Uniform …."""
        found = _canonical(self)
        return self if found is None else told_as(found, self)


def _counted_log_mass(law: Family, support: Support) -> Any:
    """Return log Σ p(x) over the whole numbers from low to high."""
    xp = namespace(support.low)
    if is_traced(support.low) or is_traced(support.high):
        raise InvalidInputError("Truncated: a counted law needs bounds whose values can be seen.")
    inner = law.support()
    if all_hold(xp.isfinite(support.high)):
        return _log_sum(law, support.low, support.high)
    if not all_hold(xp.isfinite(inner.low)):
        raise InvalidInputError(
            f"Truncated: {type(law).__name__} is counted and unbounded; give both bounds."
        )
    lost = _log_sum(law, inner.low, support.low - 1)
    return xp.log1p(-xp.exp(lost))


def _log_sum(law: Family, low: Any, high: Any) -> Any:
    xp = namespace(low)
    low, high = xp.broadcast_arrays(low, high)
    steps = int(as_numpy(xp.max(high - low))) + 1
    if steps <= 0:
        return xp.full_like(low, -math.inf)
    if steps > 10_000_000:
        raise InvalidInputError(f"Truncated: {steps} whole numbers lie between the bounds.")
    k = xp.reshape(xp.arange(steps, dtype=low.dtype), (steps,) + (1,) * low.ndim)
    log_p = xp.where(low + k <= high, law.log_density(low + k), -math.inf)
    total = xp.sum(xp.exp(log_p), axis=0)
    return xp.where(total > 0, xp.log(xp.where(total > 0, total, 1.0)), -math.inf)


def _canonical(law: Truncated) -> Family | None:
    inner, low, high = law.law, law.low, law.high
    xp = namespace(law.home)
    name = type(inner).__name__
    if name == "Truncated":
        twice = Truncated(inner.law, xp.maximum(low, inner.low), xp.minimum(high, inner.high))  # type: ignore[attr-defined]
        return twice.canonical()
    if name in ("Uniform", "LogUniform"):
        ends = law.support()
        return absorb.made(name, ends.low, ends.high)
    if name == "Normal":
        return absorb.made("TruncatedNormal", inner.loc, inner.scale, low, high)  # type: ignore[attr-defined]
    if name == "LogNormal":
        return _truncated_log_normal(inner, low, high)
    if name in ("Exponential", "Pareto") and all_hold(high == math.inf):
        start = xp.maximum(low, inner.support().low)
        if name == "Pareto":
            return absorb.made("Pareto", inner.shape, start)  # type: ignore[attr-defined]
        return absorb.affine(inner, start, xp.ones_like(start))
    everything = inner.support()
    if all_hold((low <= everything.low) & (high >= everything.high)):
        return inner
    return None


def _truncated_log_normal(inner: Any, low: Any, high: Any) -> Family:
    from kullback.forms.families.derived.bijection import log_or_minus_infinity
    from kullback.forms.families.derived.bijections import Exp

    ends = (log_or_minus_infinity(end) for end in (low, high))
    return Exp(absorb.made("TruncatedNormal", inner.loc, inner.scale, *ends))
