"""Laws of numbers of events."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.special import log_iv
from kullback.arrays.stirling import deviance, factorial_remainder
from kullback.forms.families.counting.terms import whole_ends
from kullback.forms.families.domains import NON_NEGATIVE, POSITIVE
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import (
    as_numpy,
    masked,
    minus_infinity_outside,
    outcomes,
    shape_of,
    where_whole,
)
from kullback.forms.families.support import Support, integers


@dataclass(frozen=True, eq=False, repr=False)
class Poisson(Family):
    """rateˣ e^(−rate)/x!.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Poisson(0), kb.families.Poisson(1))
    1.0
    """

    discrete: ClassVar[bool] = True
    rate: Any = parameter(NON_NEGATIVE)

    def support(self) -> Support:
        """Return {0, 1, …}; {0} where the rate is 0."""
        xp, (zero, infinity) = namespace(self.rate), whole_ends(self.rate)
        return integers(zero, xp.where(self.rate == 0, zero, infinity))

    def log_density(self, x: Any) -> Any:
        """X log rate − rate − log x!, in Loader's form."""
        x = outcomes(x, self.rate)
        inside = where_whole(x, 0, float("inf")) & namespace(x).isfinite(x)
        k = masked(inside, x, 0)
        return minus_infinity_outside(inside, -factorial_remainder(k) - deviance(k, self.rate))

    def quantile(self, u: Any) -> Any:
        """Return the smallest x with F(x) ≥ u."""
        from scipy import stats

        return outcomes(stats.poisson.ppf(as_numpy(u), as_numpy(self.rate)), self.rate)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return rng.poisson(as_numpy(self.rate), shape_of(n, self.batch)).astype(float)

    def mean(self) -> Any:
        """Return the rate."""
        return self.rate

    def variance(self) -> Any:
        """Return the rate."""
        return self.rate


@dataclass(frozen=True, eq=False, repr=False)
class Skellam(Family):
    """The difference of two independent Poisson counts of rates rate1 and rate2.

    e^(−rate1 − rate2) (rate1/rate2)^(x/2) I_|x|(2 √(rate1 rate2)).
    """

    discrete: ClassVar[bool] = True
    rate1: Any = parameter(POSITIVE)
    rate2: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return all whole numbers."""
        _, infinity = whole_ends(self.rate1 * self.rate2)
        return integers(-infinity, infinity)

    def log_density(self, x: Any) -> Any:
        """−(√rate1 − √rate2)² + (x/2) log(rate1/rate2) + log(e^(−z) I_|x|(z)), z = 2 √(…)."""
        x, a, b = outcomes(x, self.rate1), self.rate1, self.rate2
        xp = namespace(x)
        inside = (xp.round(x) == x) & xp.isfinite(x)
        k = masked(inside, x, 0)
        z = 2 * xp.sqrt(a) * xp.sqrt(b)
        gap = xp.sqrt(a) - xp.sqrt(b)
        tilt = 0.5 * k * (xp.log(a) - xp.log(b))
        return minus_infinity_outside(inside, tilt - gap * gap - z + log_iv(xp.abs(k), z))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        shape = shape_of(n, self.batch)
        first, second = (rng.poisson(as_numpy(r), shape) for r in (self.rate1, self.rate2))
        return (first - second).astype(float)

    def mean(self) -> Any:
        """Return rate1 − rate2."""
        return self.rate1 - self.rate2

    def variance(self) -> Any:
        """Return rate1 + rate2."""
        return self.rate1 + self.rate2
