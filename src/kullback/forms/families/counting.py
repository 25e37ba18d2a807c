"""Laws on whole numbers."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import is_traced, namespace, stop_gradient
from kullback.arrays.special import log_iv
from kullback.arrays.stirling import deviance, factorial_remainder, gamma_remainder
from kullback.arrays.zeta_sums import log_zeta_and_mean
from kullback.errors import InvalidInputError
from kullback.forms.families.domains import (
    COUNT,
    NON_NEGATIVE,
    OPEN_PROBABILITY,
    POSITIVE,
    PROBABILITY,
    REAL,
    WHOLE,
    Domain,
)
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
ABOVE_ONE = Domain("finite and above 1", lambda x: namespace(x).isfinite(x) & (x > 1))


def _log(x: Any) -> Any:
    """Log x, and a large negative number instead of −∞, so that 0 · log 0 is 0."""
    xp = namespace(x)
    some = x > 0
    least = float(xp.finfo(x.dtype).smallest_normal)
    return xp.log(xp.where(some, x, xp.full_like(x, least)))


def _times_log(k: Any, x: Any) -> Any:
    """K log x, with 0 log 0 = 0 and −∞ where only x is 0."""
    xp = namespace(k, x)
    zero = xp.zeros_like(k * x)
    value = xp.where(k == 0, zero, k * _log(x))
    return xp.where((k != 0) & (x <= 0), zero - float("inf"), value)


def _times_log1m(k: Any, x: Any) -> Any:
    """K log(1 − x), with 0 log 0 = 0 and −∞ where only 1 − x is 0."""
    xp = namespace(k, x)
    zero = xp.zeros_like(k * x)
    safe = xp.where(x < 1, x, xp.zeros_like(x))
    value = xp.where(k == 0, zero, k * xp.log1p(-safe))
    return xp.where((k != 0) & (x >= 1), zero - float("inf"), value)


def _log_ways(n: Any, k: Any) -> Any:
    """Log C(n, k) without its leading terms n log n − k log k − (n − k) log(n − k)."""
    return factorial_remainder(n) - factorial_remainder(k) - factorial_remainder(n - k)


def _log_beta(a: Any, b: Any) -> Any:
    """Log B(a, b) without its leading terms a log a + b log b − (a + b) log(a + b)."""
    return gamma_remainder(a) + gamma_remainder(b) - gamma_remainder(a + b)


def _ends(like: Any) -> tuple[Any, Any]:
    xp = namespace(like)
    return xp.zeros_like(like), xp.full_like(like, float("inf"))


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
        value = _times_log(k, self.probs) + _times_log1m(1 - k, self.probs)
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
        return minus_infinity_outside(inside, _log_ways(n, k) - gap)

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
        xp, (zero, infinity) = namespace(self.rate), _ends(self.rate)
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
        xp, (zero, infinity) = namespace(self.probs), _ends(self.probs)
        return integers(zero, xp.where(self.probs == 1, zero, infinity))

    def log_density(self, x: Any) -> Any:
        """Log probs + x log(1 − probs)."""
        x = outcomes(x, self.probs)
        inside = where_whole(x, 0, float("inf")) & namespace(x).isfinite(x)
        k = masked(inside, x, 0)
        value = namespace(x).log(self.probs) + _times_log1m(k, self.probs)
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
        xp, (zero, infinity) = namespace(like), _ends(like)
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


@dataclass(frozen=True, eq=False, repr=False)
class DiscreteUniform(Family):
    """1/(high − low + 1) at each whole number from low to high, both included.

    >>> import kullback as kb
    >>> kb.kl(kb.families.DiscreteUniform(1, 6), kb.families.DiscreteUniform(0, 9))
    0.5108256...
    """

    discrete: ClassVar[bool] = True
    low: Any = parameter(WHOLE)
    high: Any = parameter(WHOLE)

    def check(self) -> None:
        """Raise where low is above high."""
        _check_order(self.low, self.high)

    def support(self) -> Support:
        """Return {low … high}."""
        return integers(self.low, self.high)

    def log_density(self, x: Any) -> Any:
        """−log(high − low + 1)."""
        x = outcomes(x, self.low)
        xp = namespace(x)
        value = -xp.log(self.high - self.low + 1) + xp.zeros_like(x)
        return minus_infinity_outside(where_whole(x, self.low, self.high), value)

    def quantile(self, u: Any) -> Any:
        """Return the smallest x with F(x) ≥ u."""
        u = outcomes(u, self.low)
        xp, width = namespace(u), self.high - self.low + 1
        steps = xp.ceil(u * width) - 1
        return self.low + xp.where(steps > 0, steps, xp.zeros_like(steps))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        low, high = as_numpy(self.low).astype(np.int64), as_numpy(self.high).astype(np.int64)
        return rng.integers(low, high, shape_of(n, self.batch), endpoint=True).astype(float)

    def mean(self) -> Any:
        """Return (low + high)/2."""
        return (self.low + self.high) / 2

    def variance(self) -> Any:
        """Return ((high − low + 1)² − 1)/12."""
        return ((self.high - self.low + 1) ** 2 - 1) / 12


@dataclass(frozen=True, eq=False, repr=False)
class Zipf(Family):
    """x^(−exponent)/ζ(exponent) at 1, 2, …; the exponent is above 1.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Zipf(3), kb.families.Zipf(2))
    0.1488434...
    """

    discrete: ClassVar[bool] = True
    exponent: Any = parameter(ABOVE_ONE)

    def support(self) -> Support:
        """Return {1, 2, …}."""
        _, infinity = _ends(self.exponent)
        return integers(namespace(infinity).ones_like(infinity), infinity)

    def log_density(self, x: Any) -> Any:
        """−exponent log x − log ζ(exponent)."""
        x = outcomes(x, self.exponent)
        inside = where_whole(x, 1, float("inf")) & namespace(x).isfinite(x)
        k = masked(inside, x, 1)
        log_zeta, _ = log_zeta_and_mean(self.exponent)
        return minus_infinity_outside(inside, -self.exponent * namespace(x).log(k) - log_zeta)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return rng.zipf(as_numpy(self.exponent), shape_of(n, self.batch)).astype(float)


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
        _, infinity = _ends(self.rate1 * self.rate2)
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


@dataclass(frozen=True, eq=False, repr=False)
class LogSeries(Family):
    """probsˣ/(−x log(1 − probs)) at 1, 2, ….

    >>> import kullback as kb
    >>> kb.kl(kb.families.LogSeries(0.5), kb.families.LogSeries(0.1))
    0.4380736...
    """

    discrete: ClassVar[bool] = True
    probs: Any = parameter(OPEN_PROBABILITY)

    def support(self) -> Support:
        """Return {1, 2, …}."""
        _, infinity = _ends(self.probs)
        return integers(namespace(infinity).ones_like(infinity), infinity)

    def log_density(self, x: Any) -> Any:
        """X log probs − log x − log(−log(1 − probs))."""
        x = outcomes(x, self.probs)
        xp = namespace(x)
        inside = where_whole(x, 1, float("inf")) & xp.isfinite(x)
        k = masked(inside, x, 1)
        value = k * xp.log(self.probs) - xp.log(k) - xp.log(-xp.log1p(-self.probs))
        return minus_infinity_outside(inside, value)

    def quantile(self, u: Any) -> Any:
        """Return the smallest x with F(x) ≥ u."""
        from scipy import stats

        return outcomes(stats.logser.ppf(as_numpy(u), as_numpy(self.probs)), self.probs)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return rng.logseries(as_numpy(self.probs), shape_of(n, self.batch)).astype(float)

    def mean(self) -> Any:
        """Return probs/((1 − probs) (−log(1 − probs)))."""
        p = self.probs
        return -p / ((1 - p) * namespace(p).log1p(-p))

    def variance(self) -> Any:
        """Return m (1/(1 − probs) − m), m the mean."""
        m = self.mean()
        return m * (1 / (1 - self.probs) - m)


@dataclass(frozen=True, eq=False, repr=False)
class BetaBinomial(Family):
    """C(n, x) B(a + x, b + n − x)/B(a, b): Binomial(n, probs) with probs from Beta(a, b)."""

    discrete: ClassVar[bool] = True
    n: Any = parameter(COUNT)
    a: Any = parameter(POSITIVE)
    b: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return {0 … n}."""
        zero, _ = _ends(self.n + 0 * (self.a + self.b))
        return integers(zero, self.n + zero)

    def log_density(self, x: Any) -> Any:
        """Log C(n, x) + log B(a + x, b + n − x) − log B(a, b)."""
        x, a, b, n = outcomes(x, self.a), self.a, self.b, self.n
        inside = where_whole(x, 0, n)
        k = masked(inside, x, 0)
        share, rest = (a + k) / (a + b + n), (b + n - k) / (a + b + n)
        gap = deviance(k, n * share) + deviance(n - k, n * rest)
        prior = deviance(a, (a + b) * share) + deviance(b, (a + b) * rest)
        value = _log_ways(n, k) + _log_beta(a + k, b + n - k) - _log_beta(a, b)
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


@dataclass(frozen=True, eq=False, repr=False)
class Delta(Family):
    """All mass at one number.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Delta(0), kb.families.Poisson(2))
    2.0
    """

    discrete: ClassVar[bool] = True
    at: Any = parameter(REAL)

    def support(self) -> Support:
        """Return {at}."""
        return integers(self.at, self.at)

    def log_density(self, x: Any) -> Any:
        """0 at the number, −∞ elsewhere."""
        x = outcomes(x, self.at)
        inside = x == self.at
        return minus_infinity_outside(inside, namespace(x).zeros_like(x + self.at))

    def quantile(self, u: Any) -> Any:
        """Return the number."""
        return self.at + 0 * outcomes(u, self.at)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n times the number, shape (n, *batch)."""
        del rng
        return np.broadcast_to(as_numpy(self.at), shape_of(n, self.batch)).copy()

    def mean(self) -> Any:
        """Return the number."""
        return self.at

    def variance(self) -> Any:
        """Return 0."""
        return namespace(self.at).zeros_like(self.at)


def _check_order(low: Any, high: Any) -> None:
    if is_traced(low) or is_traced(high):
        return
    xp, low, high = namespace(low, high), stop_gradient(low), stop_gradient(high)
    if bool(xp.all(low <= high)):
        return
    above = xp.reshape(low - high, (-1,))
    worst = int(xp.argmax(above))
    low, high = (xp.reshape(x, (-1,)) for x in xp.broadcast_arrays(low, high))
    raise InvalidInputError(
        f"DiscreteUniform: low = {float(low[worst])!r} is above high = {float(high[worst])!r}."
    )
