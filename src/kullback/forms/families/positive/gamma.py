"""Laws on the positive numbers: gamma, its special cases, and its powers."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.special import lgamma
from kullback.forms.families.curves import above, gamma_mean, gamma_variance, infinite_unless
from kullback.forms.families.domains import NON_ZERO, ORDER, POSITIVE
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import (
    as_numpy,
    masked,
    minus_infinity_outside,
    outcomes,
    shape_of,
)
from kullback.forms.families.support import HALF_LINE, Support, half_line


def drawn_gamma(rng: np.random.Generator, n: int, law: Family, shape: Any) -> Any:
    """Return n draws of Gamma(shape, 1) for each law of the batch."""
    return rng.standard_gamma(as_numpy(shape), shape_of(n, law.batch))


@dataclass(frozen=True, eq=False, repr=False)
class Exponential(Family):
    """rate e^(−rate x) on (0, ∞).

    >>> import kullback as kb
    >>> kb.kl(kb.families.Exponential(1), kb.families.Exponential(2))
    0.3068528...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    rate: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.rate)

    def log_density(self, x: Any) -> Any:
        """Log rate − rate x."""
        x = outcomes(x, self.rate)
        inside = x >= 0
        value = namespace(self.rate).log(self.rate) - self.rate * masked(inside, x, 0.0)
        return minus_infinity_outside(inside, value)

    def quantile(self, u: Any) -> Any:
        """Return −log(1 − u)/rate."""
        with np.errstate(divide="ignore"):
            return -np.log1p(-np.asarray(u, float)) / as_numpy(self.rate)

    def upper_quantile(self, u: Any) -> Any:
        """Return −log u/rate."""
        with np.errstate(divide="ignore"):
            return -np.log(np.asarray(u, float)) / as_numpy(self.rate)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return rng.standard_exponential(shape_of(n, self.batch)) / as_numpy(self.rate)

    def mean(self) -> Any:
        """Return 1/rate."""
        return 1 / self.rate

    def variance(self) -> Any:
        """Return 1/rate²."""
        return 1 / (self.rate * self.rate)

    def canonical(self) -> Family:
        """Return Gamma(1, rate)."""
        return Gamma(namespace(self.rate).ones_like(self.rate), self.rate)


@dataclass(frozen=True, eq=False, repr=False)
class Gamma(Family):
    """rate^shape x^(shape−1) e^(−rate x)/Γ(shape) on (0, ∞).

    >>> import kullback as kb
    >>> kb.kl(kb.families.Gamma(2, 1), kb.families.Gamma(3, 2))
    0.1909213...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    shape: Any = parameter(POSITIVE)
    rate: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.rate)

    def log_density(self, x: Any) -> Any:
        """(shape − 1) log x − rate x + shape log rate − log Γ(shape)."""
        x, xp = outcomes(x, self.rate), namespace(self.rate)
        inside = x > 0
        y = masked(inside, x, 1.0)
        scaled = self.shape * xp.log(self.rate * y) - self.rate * y
        return minus_infinity_outside(inside, scaled - xp.log(y) - lgamma(self.shape))

    def quantile(self, u: Any) -> Any:
        """Return x with P(shape, rate x) = u."""
        from scipy.special import gammaincinv

        return gammaincinv(as_numpy(self.shape), u) / as_numpy(self.rate)

    def upper_quantile(self, u: Any) -> Any:
        """Return x with Q(shape, rate x) = u."""
        from scipy.special import gammainccinv

        return gammainccinv(as_numpy(self.shape), u) / as_numpy(self.rate)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return drawn_gamma(rng, n, self, self.shape) / as_numpy(self.rate)

    def mean(self) -> Any:
        """Return shape/rate."""
        return self.shape / self.rate

    def variance(self) -> Any:
        """Return shape/rate²."""
        return self.shape / (self.rate * self.rate)


@dataclass(frozen=True, eq=False, repr=False)
class Erlang(Family):
    """Gamma with a whole shape: the wait for as many events of one rate.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Erlang(2, 1), kb.families.Erlang(3, 1))
    0.2703628...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    shape: Any = parameter(ORDER)
    rate: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.rate)

    def log_density(self, x: Any) -> Any:
        """Gamma's."""
        return self.canonical().log_density(x)

    def quantile(self, u: Any) -> Any:
        """Gamma's."""
        return self.canonical().quantile(u)

    def upper_quantile(self, u: Any) -> Any:
        """Gamma's."""
        return self.canonical().upper_quantile(u)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return self.canonical().draw(rng, n)

    def mean(self) -> Any:
        """Return shape/rate."""
        return self.shape / self.rate

    def variance(self) -> Any:
        """Return shape/rate²."""
        return self.shape / (self.rate * self.rate)

    def canonical(self) -> Gamma:
        """Return Gamma(shape, rate)."""
        return Gamma(self.shape, self.rate)


@dataclass(frozen=True, eq=False, repr=False)
class ChiSquared(Family):
    """x^(df/2−1) e^(−x/2)/(2^(df/2) Γ(df/2)) on (0, ∞): the sum of df squared standard normals.

    >>> import kullback as kb
    >>> kb.kl(kb.families.ChiSquared(3), kb.families.ChiSquared(5))
    0.3689751...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    df: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.df)

    def log_density(self, x: Any) -> Any:
        """Gamma's."""
        return self.canonical().log_density(x)

    def quantile(self, u: Any) -> Any:
        """Gamma's."""
        return self.canonical().quantile(u)

    def upper_quantile(self, u: Any) -> Any:
        """Gamma's."""
        return self.canonical().upper_quantile(u)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return self.canonical().draw(rng, n)

    def mean(self) -> Any:
        """Return df."""
        return self.df

    def variance(self) -> Any:
        """Return 2 df."""
        return 2 * self.df

    def canonical(self) -> Gamma:
        """Return Gamma(df/2, ½)."""
        return Gamma(0.5 * self.df, namespace(self.df).full_like(self.df, 0.5))


@dataclass(frozen=True, eq=False, repr=False)
class InverseGamma(Family):
    """scale^shape x^(−shape−1) e^(−scale/x)/Γ(shape) on (0, ∞): 1/x is Gamma(shape, scale).

    >>> import kullback as kb
    >>> kb.kl(kb.families.InverseGamma(2, 1), kb.families.InverseGamma(3, 2))
    0.1909213...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    shape: Any = parameter(POSITIVE)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """(shape) log scale/x − scale/x − log x − log Γ(shape)."""
        x, xp = outcomes(x, self.scale), namespace(self.scale)
        inside = x > 0
        y = masked(inside, x, 1.0)
        log = xp.log(y)
        scaled = self.shape * (xp.log(self.scale) - log) - self.scale / y
        return minus_infinity_outside(inside, scaled - log - lgamma(self.shape))

    def quantile(self, u: Any) -> Any:
        """Return scale/g, Q(shape, g) = u."""
        from scipy.special import gammainccinv

        with np.errstate(divide="ignore"):
            return as_numpy(self.scale) / gammainccinv(as_numpy(self.shape), u)

    def upper_quantile(self, u: Any) -> Any:
        """Return scale/g, P(shape, g) = u."""
        from scipy.special import gammaincinv

        with np.errstate(divide="ignore"):
            return as_numpy(self.scale) / gammaincinv(as_numpy(self.shape), u)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return as_numpy(self.scale) / drawn_gamma(rng, n, self, self.shape)

    def mean(self) -> Any:
        """Return scale/(shape − 1) where shape > 1, else ∞."""
        exists, a = above(self.shape, 1)
        return infinite_unless(exists, self.scale / (a - 1))

    def variance(self) -> Any:
        """Return scale²/((shape − 1)² (shape − 2)) where shape > 2, else ∞."""
        exists, a = above(self.shape, 2)
        return infinite_unless(exists, (self.scale / (a - 1)) ** 2 / (a - 2))


@dataclass(frozen=True, eq=False, repr=False)
class GeneralizedGamma(Family):
    """|power| z^(power shape) e^(−z^power)/(x Γ(shape)), z = x/scale: x = scale g^(1/power).

    Here g is Gamma(shape, 1), and power any number but 0: −1 makes it inverse gamma.

    >>> import kullback as kb
    >>> kb.kl(kb.families.GeneralizedGamma(2, 1, 1), kb.families.Gamma(3, 2))
    0.1909213...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    shape: Any = parameter(POSITIVE)
    scale: Any = parameter(POSITIVE)
    power: Any = parameter(NON_ZERO)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """Log |power| + shape w − e^w − log x − log Γ(shape), w = power log(x/scale)."""
        x, xp = outcomes(x, self.scale), namespace(self.scale)
        inside = x > 0
        log = xp.log(masked(inside, x, 1.0))
        w = self.power * (log - xp.log(self.scale))
        total = lgamma(self.shape) + log - xp.log(xp.abs(self.power))
        return minus_infinity_outside(inside, self.shape * w - xp.exp(w) - total)

    def quantile(self, u: Any) -> Any:
        """Return scale g^(1/power), g the quantile (for power < 0 the upper one) of Gamma."""
        return self._placed(u, as_numpy(self.power) > 0)

    def upper_quantile(self, u: Any) -> Any:
        """Return scale g^(1/power), g the upper quantile (for power < 0 the lower one)."""
        return self._placed(u, as_numpy(self.power) < 0)

    def _placed(self, u: Any, lower: Any) -> Any:
        from scipy.special import gammainccinv, gammaincinv

        a = as_numpy(self.shape)
        with np.errstate(divide="ignore"):
            g = np.where(lower, gammaincinv(a, u), gammainccinv(a, u))
            return as_numpy(self.scale) * g ** (1 / as_numpy(self.power))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        g = drawn_gamma(rng, n, self, self.shape)
        return as_numpy(self.scale) * g ** (1 / as_numpy(self.power))

    def mean(self) -> Any:
        """Return scale Γ(shape + 1/power)/Γ(shape)."""
        return gamma_mean(self.shape, self.scale, 1 / self.power)

    def variance(self) -> Any:
        """Return scale² (Γ(shape + 2/power)/Γ(shape) − (Γ(shape + 1/power)/Γ(shape))²)."""
        return gamma_variance(self.shape, self.scale, 1 / self.power)
