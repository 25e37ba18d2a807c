"""Laws with power tails: Pareto's kinds, log-logistic, beta prime."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.special import lbeta
from kullback.forms.families.curves import above, infinite_unless, second_difference
from kullback.forms.families.domains import POSITIVE, REAL
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import (
    as_numpy,
    masked,
    minus_infinity_outside,
    outcomes,
    shape_of,
)
from kullback.forms.families.support import HALF_LINE, Support, half_line, interval


def _log(u: Any) -> Any:
    with np.errstate(divide="ignore"):
        return np.log(np.asarray(u, float))


def _log1m(u: Any) -> Any:
    with np.errstate(divide="ignore"):
        return np.log1p(-np.asarray(u, float))


@dataclass(frozen=True, eq=False, repr=False)
class Pareto(Family):
    """shape scale^shape/x^(shape + 1) on (scale, ∞).

    >>> import kullback as kb
    >>> kb.kl(kb.families.Pareto(2, 3), kb.families.Pareto(1, 1))
    1.2917594...
    """

    shape: Any = parameter(POSITIVE)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the numbers above scale."""
        return interval(self.scale, namespace(self.scale).full_like(self.scale, math.inf))

    def log_density(self, x: Any) -> Any:
        """Log shape + shape log(scale/x) − log x."""
        x, xp = outcomes(x, self.scale), namespace(self.scale)
        inside = x >= self.scale
        log = xp.log(masked(inside, x, 1.0))
        value = xp.log(self.shape) + self.shape * (xp.log(self.scale) - log) - log
        return minus_infinity_outside(inside, value)

    def quantile(self, u: Any) -> Any:
        """Return scale (1 − u)^(−1/shape)."""
        return as_numpy(self.scale) * np.exp(-_log1m(u) / as_numpy(self.shape))

    def upper_quantile(self, u: Any) -> Any:
        """Return scale u^(−1/shape)."""
        return as_numpy(self.scale) * np.exp(-_log(u) / as_numpy(self.shape))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        e = rng.standard_exponential(shape_of(n, self.batch))
        return as_numpy(self.scale) * np.exp(e / as_numpy(self.shape))

    def mean(self) -> Any:
        """Return shape scale/(shape − 1) where shape > 1, else ∞."""
        exists, a = above(self.shape, 1)
        return infinite_unless(exists, a * self.scale / (a - 1))

    def variance(self) -> Any:
        """Return shape scale²/((shape − 1)² (shape − 2)) where shape > 2, else ∞."""
        exists, a = above(self.shape, 2)
        return infinite_unless(exists, a / (a - 2) * (self.scale / (a - 1)) ** 2)


@dataclass(frozen=True, eq=False, repr=False)
class Lomax(Family):
    """shape/scale (1 + x/scale)^(−shape−1) on (0, ∞): Pareto of the second kind.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Lomax(2, 3), kb.families.Lomax(1, 3))
    0.1931471...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    shape: Any = parameter(POSITIVE)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """log(shape/scale) − (shape + 1) log(1 + x/scale)."""
        x, xp = outcomes(x, self.scale), namespace(self.scale)
        inside = x >= 0
        log = xp.log1p(masked(inside, x, 0.0) / self.scale)
        value = xp.log(self.shape / self.scale) - (self.shape + 1) * log
        return minus_infinity_outside(inside, value)

    def quantile(self, u: Any) -> Any:
        """Return scale ((1 − u)^(−1/shape) − 1)."""
        return as_numpy(self.scale) * np.expm1(-_log1m(u) / as_numpy(self.shape))

    def upper_quantile(self, u: Any) -> Any:
        """Return scale (u^(−1/shape) − 1)."""
        return as_numpy(self.scale) * np.expm1(-_log(u) / as_numpy(self.shape))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        e = rng.standard_exponential(shape_of(n, self.batch))
        return as_numpy(self.scale) * np.expm1(e / as_numpy(self.shape))

    def mean(self) -> Any:
        """Return scale/(shape − 1) where shape > 1, else ∞."""
        exists, a = above(self.shape, 1)
        return infinite_unless(exists, self.scale / (a - 1))

    def variance(self) -> Any:
        """Return shape scale²/((shape − 1)² (shape − 2)) where shape > 2, else ∞."""
        exists, a = above(self.shape, 2)
        return infinite_unless(exists, a / (a - 2) * (self.scale / (a - 1)) ** 2)


@dataclass(frozen=True, eq=False, repr=False)
class GeneralizedPareto(Family):
    """(1 + c z)^(−1 − 1/c)/scale from loc on, z = (x − loc)/scale, c the concentration.

    c > 0 is a Lomax, c = 0 an exponential; for c < 0 it ends at loc − scale/c.

    >>> import kullback as kb
    >>> p, q = kb.families.GeneralizedPareto(0, 1, 0.5), kb.families.Exponential(1)
    >>> kb.kl(p, q)
    0.5
    """

    loc: Any = parameter(REAL)
    scale: Any = parameter(POSITIVE)
    concentration: Any = parameter(REAL)

    def support(self) -> Support:
        """Return the numbers from loc on, to loc − scale/c where c < 0."""
        xp, c = namespace(self.loc), self.concentration
        bounded = c < 0
        end = self.loc - self.scale / xp.where(bounded, c, -xp.ones_like(c))
        low = self.loc + xp.zeros_like(end)
        return interval(low, xp.where(bounded, end, xp.full_like(end, math.inf)))

    def log_density(self, x: Any) -> Any:
        """−log scale − (1 + c) log(1 + c z)/c."""
        x, xp, c = outcomes(x, self.loc), namespace(self.loc), self.concentration
        z = (x - self.loc) / self.scale
        inside = (z >= 0) & (1 + c * z > 0)
        z = masked(inside, z, 0.0)
        c = c + 0 * z
        flat = xp.abs(c * z) < 1e-5
        some = xp.where(flat, xp.ones_like(c), c)
        curved = xp.log1p(xp.where(flat, xp.zeros_like(z), some * z)) / some
        log = xp.where(flat, z * (1 - c * z * (0.5 - c * z / 3)), curved)
        return minus_infinity_outside(inside, -xp.log(self.scale) - (1 + c) * log)

    def quantile(self, u: Any) -> Any:
        """Return loc + scale ((1 − u)^(−c) − 1)/c."""
        return self._placed(-_log1m(u))

    def upper_quantile(self, u: Any) -> Any:
        """Return loc + scale (u^(−c) − 1)/c."""
        return self._placed(-_log(u))

    def _placed(self, e: Any) -> Any:
        """Return loc + scale (e^(c e) − 1)/c, e standard exponential."""
        c = as_numpy(self.concentration)
        some = np.where(c == 0, 1.0, c)
        with np.errstate(invalid="ignore"):
            z = np.where(c == 0, e, np.expm1(some * e) / some)
        return as_numpy(self.loc) + as_numpy(self.scale) * z

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return self._placed(rng.standard_exponential(shape_of(n, self.batch)))

    def mean(self) -> Any:
        """Return loc + scale/(1 − c) where c < 1, else ∞."""
        exists, left = above(1 - self.concentration, 0)
        return infinite_unless(exists, self.loc + self.scale / left)

    def variance(self) -> Any:
        """Return scale²/((1 − c)² (1 − 2c)) where c < ½, else ∞."""
        exists, left = above(1 - 2 * self.concentration, 0)
        rest = 0.5 * (1 + left)
        return infinite_unless(exists, (self.scale / rest) ** 2 / left)


@dataclass(frozen=True, eq=False, repr=False)
class LogLogistic(Family):
    """shape z^shape/(x (1 + z^shape)²) on (0, ∞), z = x/scale: log x is logistic.

    >>> import kullback as kb
    >>> kb.kl(kb.families.LogLogistic(1, 1), kb.families.LogLogistic(1, 2.718281828459045))
    0.1639534...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    shape: Any = parameter(POSITIVE)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """Log shape − |w| − 2 log(1 + e^(−|w|)) − log x, w = shape log(x/scale)."""
        x, xp = outcomes(x, self.scale), namespace(self.scale)
        inside = x > 0
        log = xp.log(masked(inside, x, 1.0))
        w = xp.abs(self.shape * (log - xp.log(self.scale)))
        value = xp.log(self.shape) - w - 2 * xp.log1p(xp.exp(-w)) - log
        return minus_infinity_outside(inside, value)

    def quantile(self, u: Any) -> Any:
        """Return scale (u/(1 − u))^(1/shape)."""
        return as_numpy(self.scale) * np.exp((_log(u) - _log1m(u)) / as_numpy(self.shape))

    def upper_quantile(self, u: Any) -> Any:
        """Return scale ((1 − u)/u)^(1/shape)."""
        return as_numpy(self.scale) * np.exp((_log1m(u) - _log(u)) / as_numpy(self.shape))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        z = rng.logistic(size=shape_of(n, self.batch))
        return as_numpy(self.scale) * np.exp(z / as_numpy(self.shape))

    def mean(self) -> Any:
        """Return scale (π/shape)/sin(π/shape) where shape > 1, else ∞."""
        xp = namespace(self.shape)
        exists, k = above(self.shape, 1)
        return infinite_unless(exists, self.scale * (math.pi / k) / xp.sin(math.pi / k))

    def variance(self) -> Any:
        """Return scale² (2t/sin 2t − t²/sin² t), t = π/shape, where shape > 2, else ∞."""
        exists, k = above(self.shape, 2)
        s = 1 / k
        one = namespace(s).ones_like(s)
        mean = self.scale * namespace(s).exp(lbeta(one + s, one - s))
        bend = second_difference(one, s) + second_difference(one, -s)
        return infinite_unless(exists, mean * mean * namespace(s).expm1(bend))


@dataclass(frozen=True, eq=False, repr=False)
class BetaPrime(Family):
    """x^(a−1) (1 + x)^(−a−b)/B(a, b) on (0, ∞): the odds of a Beta(a, b).

    >>> import kullback as kb
    >>> kb.kl(kb.families.BetaPrime(2, 3), kb.families.BetaPrime(1, 1))
    0.2349...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    a: Any = parameter(POSITIVE)
    b: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.a)

    def log_density(self, x: Any) -> Any:
        """(a − 1) log x − (a + b) log(1 + x) − log B(a, b)."""
        x, xp = outcomes(x, self.a), namespace(self.a)
        inside = x > 0
        y = masked(inside, x, 1.0)
        value = (self.a - 1) * xp.log(y) - (self.a + self.b) * xp.log1p(y)
        return minus_infinity_outside(inside, value - lbeta(self.a, self.b))

    def quantile(self, u: Any) -> Any:
        """Return y/(1 − y), y the quantile of Beta(a, b)."""
        return self._odds(np.asarray(u, float), below=True)

    def upper_quantile(self, u: Any) -> Any:
        """Return y/(1 − y), y the upper quantile of Beta(a, b)."""
        return self._odds(np.asarray(u, float), below=False)

    def _odds(self, u: Any, *, below: bool) -> Any:
        from scipy.special import betainccinv, betaincinv

        a, b = as_numpy(self.a), as_numpy(self.b)
        y = betaincinv(a, b, u) if below else betainccinv(a, b, u)
        rest = betainccinv(b, a, u) if below else betaincinv(b, a, u)
        with np.errstate(divide="ignore"):
            return y / rest

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        shape = shape_of(n, self.batch)
        return rng.standard_gamma(as_numpy(self.a), shape) / rng.standard_gamma(
            as_numpy(self.b), shape
        )

    def mean(self) -> Any:
        """Return a/(b − 1) where b > 1, else ∞."""
        exists, b = above(self.b, 1)
        return infinite_unless(exists, self.a / (b - 1))

    def variance(self) -> Any:
        """Return a (a + b − 1)/((b − 1)² (b − 2)) where b > 2, else ∞."""
        exists, b = above(self.b, 2)
        return infinite_unless(exists, self.a / (b - 1) * ((self.a + b - 1) / (b - 1)) / (b - 2))
