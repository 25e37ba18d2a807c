"""Laws of numbers of successes."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.stirling import deviance
from kullback.forms.families.counting.terms import (
    log_beta,
    log_ways,
    times_log,
    times_log1m,
    whole_ends,
)
from kullback.forms.families.domains import COUNT, POSITIVE, PROBABILITY
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
class Bernoulli(Family):
    """probs at 1, 1 − probs at 0.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Bernoulli(0.5), kb.families.Bernoulli(0.1))
    0.5108256...
    """

    discrete: ClassVar[bool] = True
    probs: Any = parameter(PROBABILITY)

    def support(self) -> Support:
        """Return {0, 1}, or what is left of it where probs is 0 or 1."""
        xp, p = namespace(self.probs), self.probs
        zero, one = xp.zeros_like(p), xp.ones_like(p)
        return integers(xp.where(p == 1, one, zero), xp.where(p == 0, zero, one))

    def log_density(self, x: Any) -> Any:
        """X log probs + (1 − x) log(1 − probs)."""
        x = outcomes(x, self.probs)
        inside = where_whole(x, 0, 1)
        k = masked(inside, x, 0)
        value = times_log(k, self.probs) + times_log1m(1 - k, self.probs)
        return minus_infinity_outside(inside & (self.probs == self.probs), value)

    def quantile(self, u: Any) -> Any:
        """Return 0 up to 1 − probs, 1 above."""
        xp, u = namespace(self.probs), outcomes(u, self.probs)
        return xp.astype(u > 1 - self.probs, u.dtype)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        p = as_numpy(self.probs)
        return (rng.random(shape_of(n, self.batch)) < p).astype(float)

    def mean(self) -> Any:
        """Return probs."""
        return self.probs

    def variance(self) -> Any:
        """Return probs (1 − probs)."""
        return self.probs * (1 - self.probs)

    def canonical(self) -> Family:
        """Return Binomial(1, probs)."""
        return Binomial(namespace(self.probs).ones_like(self.probs), self.probs)


@dataclass(frozen=True, eq=False, repr=False)
class Binomial(Family):
    """C(n, x) probsˣ (1 − probs)ⁿ⁻ˣ: successes of n trials.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Binomial(3, 0.5), kb.families.Binomial(3, 0.1))
    1.5324768...
    """

    discrete: ClassVar[bool] = True
    n: Any = parameter(COUNT)
    probs: Any = parameter(PROBABILITY)

    def support(self) -> Support:
        """Return {0 … n}, or what is left of it where probs is 0 or 1."""
        xp = namespace(self.n, self.probs)
        n, p = xp.broadcast_arrays(self.n, self.probs)
        zero = xp.zeros_like(n)
        return integers(xp.where(p == 1, n, zero), xp.where(p == 0, zero, n))

    def log_density(self, x: Any) -> Any:
        """Log C(n, x) + x log probs + (n − x) log(1 − probs), in Loader's form.

        References
        ----------
        Loader, Fast and accurate computation of binomial probabilities, 2000.
        """
        x, n = outcomes(x, self.probs), self.n
        inside = where_whole(x, 0, n)
        k = masked(inside, x, 0)
        gap = deviance(k, n * self.probs) + deviance(n - k, n * (1 - self.probs))
        return minus_infinity_outside(inside, log_ways(n, k) - gap)

    def quantile(self, u: Any) -> Any:
        """Return the smallest x with F(x) ≥ u."""
        from scipy import stats

        found = stats.binom.ppf(as_numpy(u), as_numpy(self.n), as_numpy(self.probs))
        return outcomes(found, self.probs)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        trials, p = as_numpy(self.n).astype(np.int64), as_numpy(self.probs)
        return rng.binomial(trials, p, shape_of(n, self.batch)).astype(float)

    def mean(self) -> Any:
        """Return n probs."""
        return self.n * self.probs

    def variance(self) -> Any:
        """Return n probs (1 − probs)."""
        return self.n * self.probs * (1 - self.probs)


@dataclass(frozen=True, eq=False, repr=False)
class BetaBinomial(Family):
    """C(n, x) B(a + x, b + n − x)/B(a, b): Binomial(n, probs) with probs from Beta(a, b)."""

    discrete: ClassVar[bool] = True
    n: Any = parameter(COUNT)
    a: Any = parameter(POSITIVE)
    b: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return {0 … n}."""
        zero, _ = whole_ends(self.n + 0 * (self.a + self.b))
        return integers(zero, self.n + zero)

    def log_density(self, x: Any) -> Any:
        """Log C(n, x) + log B(a + x, b + n − x) − log B(a, b)."""
        x, a, b, n = outcomes(x, self.a), self.a, self.b, self.n
        inside = where_whole(x, 0, n)
        k = masked(inside, x, 0)
        share, rest = (a + k) / (a + b + n), (b + n - k) / (a + b + n)
        gap = deviance(k, n * share) + deviance(n - k, n * rest)
        prior = deviance(a, (a + b) * share) + deviance(b, (a + b) * rest)
        value = log_ways(n, k) + log_beta(a + k, b + n - k) - log_beta(a, b)
        return minus_infinity_outside(inside, value - gap - prior)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        shape = shape_of(n, self.batch)
        p = rng.beta(as_numpy(self.a), as_numpy(self.b), shape)
        return rng.binomial(as_numpy(self.n).astype(np.int64), p, shape).astype(float)

    def mean(self) -> Any:
        """Return n a/(a + b)."""
        return self.n * self.a / (self.a + self.b)

    def variance(self) -> Any:
        """Return n a b (a + b + n)/((a + b)² (a + b + 1))."""
        n, a, b = self.n, self.a, self.b
        return n * a * b * (a + b + n) / ((a + b) ** 2 * (a + b + 1))
