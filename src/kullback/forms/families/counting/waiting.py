"""Laws of failures before success."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.stirling import deviance, factorial_remainder, gamma_remainder
from kullback.forms.families.counting.terms import times_log1m, whole_ends
from kullback.forms.families.domains import POSITIVE, Domain
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

SUCCESS = Domain("a probability within (0, 1]", lambda x: (x > 0) & (x <= 1))


@dataclass(frozen=True, eq=False, repr=False)
class Geometric(Family):
    """probs (1 − probs)ˣ: failures before the first success, from 0.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Geometric(0.5), kb.families.Geometric(0.1))
    1.0216512...
    """

    discrete: ClassVar[bool] = True
    probs: Any = parameter(SUCCESS)

    def support(self) -> Support:
        """Return {0, 1, …}; {0} where probs is 1."""
        xp, (zero, infinity) = namespace(self.probs), whole_ends(self.probs)
        return integers(zero, xp.where(self.probs == 1, zero, infinity))

    def log_density(self, x: Any) -> Any:
        """Log probs + x log(1 − probs)."""
        x = outcomes(x, self.probs)
        inside = where_whole(x, 0, float("inf")) & namespace(x).isfinite(x)
        k = masked(inside, x, 0)
        value = namespace(x).log(self.probs) + times_log1m(k, self.probs)
        return minus_infinity_outside(inside, value)

    def quantile(self, u: Any) -> Any:
        """Return the smallest x with F(x) ≥ u."""
        u, p = outcomes(u, self.probs), self.probs
        xp = namespace(u, p)
        some = p < 1
        rate = xp.log1p(-xp.where(some, p, xp.zeros_like(p) + 0.5))
        steps = xp.ceil(xp.log1p(-u) / rate) - 1
        return xp.where(some & (steps > 0), steps, xp.zeros_like(steps))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        drawn = rng.geometric(as_numpy(self.probs), shape_of(n, self.batch))
        return drawn.astype(float) - 1.0

    def mean(self) -> Any:
        """Return (1 − probs)/probs."""
        return (1 - self.probs) / self.probs

    def variance(self) -> Any:
        """Return (1 − probs)/probs²."""
        return (1 - self.probs) / self.probs**2

    def canonical(self) -> Family:
        """Return NegativeBinomial(1, probs)."""
        return NegativeBinomial(namespace(self.probs).ones_like(self.probs), self.probs)


@dataclass(frozen=True, eq=False, repr=False)
class NegativeBinomial(Family):
    """Γ(x + r)/(Γ(r) x!) probsʳ (1 − probs)ˣ: failures before r = successes.

    The number of successes is any positive number.

    >>> import kullback as kb
    >>> kb.kl(kb.families.NegativeBinomial(3, 0.5), kb.families.NegativeBinomial(3, 0.1))
    3.0649537...
    """

    discrete: ClassVar[bool] = True
    successes: Any = parameter(POSITIVE)
    probs: Any = parameter(SUCCESS)

    def support(self) -> Support:
        """Return {0, 1, …}; {0} where probs is 1."""
        like = self.successes * self.probs
        xp, (zero, infinity) = namespace(like), whole_ends(like)
        return integers(zero, xp.where(self.probs == 1, zero, infinity))

    def log_density(self, x: Any) -> Any:
        """Log Γ(x + r) − log Γ(r) − log x! + r log probs + x log(1 − probs)."""
        x, r = outcomes(x, self.probs), self.successes
        inside = where_whole(x, 0, float("inf")) & namespace(x).isfinite(x)
        k = masked(inside, x, 0)
        n = k + r
        ways = gamma_remainder(n) - gamma_remainder(r) - factorial_remainder(k)
        gap = deviance(r, n * self.probs) + deviance(k, n * (1 - self.probs))
        return minus_infinity_outside(inside, ways - gap)

    def quantile(self, u: Any) -> Any:
        """Return the smallest x with F(x) ≥ u."""
        from scipy import stats

        found = stats.nbinom.ppf(as_numpy(u), as_numpy(self.successes), as_numpy(self.probs))
        return outcomes(found, self.probs)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        r, p = as_numpy(self.successes), as_numpy(self.probs)
        return rng.negative_binomial(r, p, shape_of(n, self.batch)).astype(float)

    def mean(self) -> Any:
        """Return r (1 − probs)/probs."""
        return self.successes * (1 - self.probs) / self.probs

    def variance(self) -> Any:
        """Return r (1 − probs)/probs²."""
        return self.successes * (1 - self.probs) / self.probs**2
