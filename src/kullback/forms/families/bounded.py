"""Laws on an interval: uniform in x or in log x, and beta."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import is_traced, namespace
from kullback.arrays.special import lbeta
from kullback.errors import InvalidInputError
from kullback.forms.families.curves import langevin, second_difference
from kullback.forms.families.domains import POSITIVE, REAL
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import (
    as_numpy,
    masked,
    minus_infinity_outside,
    outcomes,
    shape_of,
)
from kullback.forms.families.support import UNIT, Support, interval, unit_interval


def check_ordered(law: Family, low: Any, high: Any) -> None:
    """Raise where the lower end is not below the upper one."""
    if is_traced(low) or is_traced(high):
        return
    wrong = ~(low < high)
    xp = namespace(wrong)
    if bool(xp.any(wrong)):
        count = int(xp.sum(xp.astype(wrong, xp.int64)))
        raise InvalidInputError(
            f"{law!r}: low must be below high; it is not in {count} of the laws. "
            "One point has no density: kb.families.Delta(at) is the law that always takes it."
        )


@dataclass(frozen=True, eq=False, repr=False)
class Uniform(Family):
    """1/(high − low) from low to high.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Uniform(0, 1), kb.families.Uniform(-1, 2))
    1.0986122...
    """

    low: Any = parameter(REAL)
    high: Any = parameter(REAL)

    def check(self) -> None:
        """Raise unless low < high."""
        check_ordered(self, self.low, self.high)

    def support(self) -> Support:
        """Return the interval from low to high."""
        return interval(self.low, self.high)

    def log_density(self, x: Any) -> Any:
        """−log(high − low)."""
        x, xp = outcomes(x, self.low), namespace(self.low)
        value = -xp.log(self.high - self.low) + xp.zeros_like(x)
        return minus_infinity_outside((x >= self.low) & (x <= self.high), value)

    def quantile(self, u: Any) -> Any:
        """Return low + (high − low) u."""
        low, high = as_numpy(self.low), as_numpy(self.high)
        return low + (high - low) * np.asarray(u, float)

    def upper_quantile(self, u: Any) -> Any:
        """Return high − (high − low) u."""
        low, high = as_numpy(self.low), as_numpy(self.high)
        return high - (high - low) * np.asarray(u, float)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return self.quantile(rng.random(shape_of(n, self.batch)))

    def mean(self) -> Any:
        """Return the middle."""
        return 0.5 * (self.low + self.high)

    def variance(self) -> Any:
        """Return (high − low)²/12."""
        return (self.high - self.low) ** 2 / 12


@dataclass(frozen=True, eq=False, repr=False)
class LogUniform(Family):
    """1/(x log(high/low)) from low to high: log x is uniform.

    >>> import kullback as kb
    >>> kb.kl(kb.families.LogUniform(1, 10), kb.families.LogUniform(1, 100))
    0.6931471...
    """

    low: Any = parameter(POSITIVE)
    high: Any = parameter(POSITIVE)

    def check(self) -> None:
        """Raise unless low < high."""
        check_ordered(self, self.low, self.high)

    def support(self) -> Support:
        """Return the interval from low to high."""
        return interval(self.low, self.high)

    def log_density(self, x: Any) -> Any:
        """−log x − log log(high/low)."""
        x, xp = outcomes(x, self.low), namespace(self.low)
        inside = (x >= self.low) & (x <= self.high)
        value = -xp.log(masked(x > 0, x, 1)) - xp.log(self.log_width())
        return minus_infinity_outside(inside, value)

    def log_width(self) -> Any:
        """Return log(high/low)."""
        return namespace(self.low).log1p((self.high - self.low) / self.low)

    def quantile(self, u: Any) -> Any:
        """Return low (high/low)^u."""
        low, high = as_numpy(self.low), as_numpy(self.high)
        return np.minimum(low * np.exp(np.log(high / low) * np.asarray(u, float)), high)

    def upper_quantile(self, u: Any) -> Any:
        """Return high (low/high)^u."""
        low, high = as_numpy(self.low), as_numpy(self.high)
        return np.maximum(high * np.exp(np.log(low / high) * np.asarray(u, float)), low)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return self.quantile(rng.random(shape_of(n, self.batch)))

    def mean(self) -> Any:
        """Return (high − low)/log(high/low)."""
        return (self.high - self.low) / self.log_width()

    def variance(self) -> Any:
        """Return m² (w coth w − 1), with the mean m and w = ½ log(high/low)."""
        w = 0.5 * self.log_width()
        return self.mean() ** 2 * w * langevin(w)


@dataclass(frozen=True, eq=False, repr=False)
class Beta(Family):
    """x^(a−1) (1 − x)^(b−1)/B(a, b) on (0, 1).

    >>> import kullback as kb
    >>> kb.kl(kb.families.Beta(2, 3), kb.families.Beta(1, 1))
    0.2349...
    """

    reach: ClassVar[tuple[float, float]] = UNIT
    a: Any = parameter(POSITIVE)
    b: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return (0, 1)."""
        return unit_interval(self.a)

    def log_density(self, x: Any) -> Any:
        """(a − 1) log x + (b − 1) log(1 − x) − log B(a, b)."""
        x, xp = outcomes(x, self.a), namespace(self.a)
        inside = (x > 0) & (x < 1)
        y = masked(inside, x, 0.5)
        value = (self.a - 1) * xp.log(y) + (self.b - 1) * xp.log1p(-y) - lbeta(self.a, self.b)
        return minus_infinity_outside(inside, value)

    def quantile(self, u: Any) -> Any:
        """Return x with I_x(a, b) = u."""
        from scipy.special import betaincinv

        return betaincinv(as_numpy(self.a), as_numpy(self.b), u)

    def upper_quantile(self, u: Any) -> Any:
        """Return x with I_x(a, b) = 1 − u."""
        from scipy.special import betainccinv

        return betainccinv(as_numpy(self.a), as_numpy(self.b), u)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return rng.beta(as_numpy(self.a), as_numpy(self.b), shape_of(n, self.batch))

    def mean(self) -> Any:
        """Return a/(a + b)."""
        return self.a / (self.a + self.b)

    def variance(self) -> Any:
        """Return a b/((a + b)² (a + b + 1))."""
        total = self.a + self.b
        return (self.a / total) * (self.b / total) / (total + 1)


@dataclass(frozen=True, eq=False, repr=False)
class Kumaraswamy(Family):
    """a b x^(a−1) (1 − x^a)^(b−1) on (0, 1).

    >>> import kullback as kb
    >>> kb.kl(kb.families.Kumaraswamy(2, 3), kb.families.Kumaraswamy(2, 4))
    0.0456512...
    """

    reach: ClassVar[tuple[float, float]] = UNIT
    a: Any = parameter(POSITIVE)
    b: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return (0, 1)."""
        return unit_interval(self.a)

    def log_density(self, x: Any) -> Any:
        """Log ab + (a − 1) log x + (b − 1) log(1 − x^a)."""
        x, xp = outcomes(x, self.a), namespace(self.a)
        inside = (x > 0) & (x < 1)
        log = xp.log(masked(inside, x, 0.5))
        complement = xp.log(-xp.expm1(self.a * log))
        value = xp.log(self.a * self.b) + (self.a - 1) * log + (self.b - 1) * complement
        return minus_infinity_outside(inside, value)

    def quantile(self, u: Any) -> Any:
        """Return (1 − (1 − u)^(1/b))^(1/a)."""
        a, b = as_numpy(self.a), as_numpy(self.b)
        with np.errstate(divide="ignore"):
            return (-np.expm1(np.log1p(-np.asarray(u, float)) / b)) ** (1 / a)

    def upper_quantile(self, u: Any) -> Any:
        """Return (1 − u^(1/b))^(1/a)."""
        a, b = as_numpy(self.a), as_numpy(self.b)
        return (1 - np.asarray(u, float) ** (1 / b)) ** (1 / a)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return self.quantile(rng.random(shape_of(n, self.batch)))

    def mean(self) -> Any:
        """Return b B(1 + 1/a, b)."""
        return self.b * namespace(self.a).exp(lbeta(1 + 1 / self.a, self.b))

    def variance(self) -> Any:
        """Return b B(1 + 2/a, b) − mean²."""
        s, one = 1 / self.a, namespace(self.a).ones_like(self.a)
        bend = second_difference(one, s) - second_difference(1 + self.b, s)
        return self.mean() ** 2 * namespace(self.a).expm1(bend)
