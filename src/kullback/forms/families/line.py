"""Laws on the whole real line."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.special import lbeta, lgamma
from kullback.forms.families.curves import above, absolute_power, infinite_unless, log1p_square
from kullback.forms.families.domains import POSITIVE, REAL
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import as_numpy, outcomes, shape_of
from kullback.forms.families.support import Support, whole_line

LINE = (-math.inf, math.inf)


@dataclass(frozen=True, eq=False, repr=False)
class Normal(Family):
    """exp(−((x − loc)/scale)²/2)/(scale √(2π)).

    >>> import kullback as kb
    >>> kb.kl(kb.families.Normal(0, 1), kb.families.Normal(1, 2))
    0.4431471...
    """

    reach: ClassVar[tuple[float, float]] = LINE
    loc: Any = parameter(REAL)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the real line."""
        return whole_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """−z²/2 − log(scale √(2π)), z = (x − loc)/scale."""
        z = (outcomes(x, self.loc) - self.loc) / self.scale
        return -0.5 * z * z - namespace(z).log(self.scale) - 0.5 * math.log(2 * math.pi)

    def quantile(self, u: Any) -> Any:
        """Return loc + scale Φ⁻¹(u)."""
        from scipy.special import ndtri

        return as_numpy(self.loc) + as_numpy(self.scale) * ndtri(u)

    def upper_quantile(self, u: Any) -> Any:
        """Return loc − scale Φ⁻¹(u)."""
        from scipy.special import ndtri

        return as_numpy(self.loc) - as_numpy(self.scale) * ndtri(u)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        z = rng.standard_normal(shape_of(n, self.batch))
        return as_numpy(self.loc) + as_numpy(self.scale) * z

    def mean(self) -> Any:
        """Return loc."""
        return self.loc

    def variance(self) -> Any:
        """Return scale²."""
        return self.scale * self.scale


@dataclass(frozen=True, eq=False, repr=False)
class Laplace(Family):
    """exp(−|x − loc|/scale)/(2 scale).

    >>> import kullback as kb
    >>> kb.kl(kb.families.Laplace(0, 1), kb.families.Laplace(1, 2))
    0.3770869...
    """

    reach: ClassVar[tuple[float, float]] = LINE
    loc: Any = parameter(REAL)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the real line."""
        return whole_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """−|x − loc|/scale − log(2 scale)."""
        xp = namespace(self.scale)
        return -xp.abs(outcomes(x, self.loc) - self.loc) / self.scale - xp.log(2 * self.scale)

    def quantile(self, u: Any) -> Any:
        """Return loc + scale log 2u up to ½, loc − scale log 2(1 − u) above."""
        u = np.asarray(u)
        with np.errstate(divide="ignore"):
            z = np.where(u <= 0.5, np.log(2 * u), -np.log(2 * np.maximum(1 - u, 0)))
        return as_numpy(self.loc) + as_numpy(self.scale) * z

    def upper_quantile(self, u: Any) -> Any:
        """Return the mirror image of the quantile at u."""
        return 2 * as_numpy(self.loc) - self.quantile(u)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        z = rng.laplace(size=shape_of(n, self.batch))
        return as_numpy(self.loc) + as_numpy(self.scale) * z

    def mean(self) -> Any:
        """Return loc."""
        return self.loc

    def variance(self) -> Any:
        """Return 2 scale²."""
        return 2 * self.scale * self.scale


@dataclass(frozen=True, eq=False, repr=False)
class Logistic(Family):
    """e^(−z)/(scale (1 + e^(−z))²), z = (x − loc)/scale.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Logistic(0, 1), kb.families.Logistic(1, 1))
    0.1639534...
    """

    reach: ClassVar[tuple[float, float]] = LINE
    loc: Any = parameter(REAL)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the real line."""
        return whole_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """−|z| − 2 log(1 + e^(−|z|)) − log scale."""
        xp = namespace(self.scale)
        z = xp.abs((outcomes(x, self.loc) - self.loc) / self.scale)
        return -z - 2 * xp.log1p(xp.exp(-z)) - xp.log(self.scale)

    def quantile(self, u: Any) -> Any:
        """Return loc + scale log u/(1 − u)."""
        from scipy.special import logit

        return as_numpy(self.loc) + as_numpy(self.scale) * logit(np.asarray(u, float))

    def upper_quantile(self, u: Any) -> Any:
        """Return the mirror image of the quantile at u."""
        return 2 * as_numpy(self.loc) - self.quantile(u)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        z = rng.logistic(size=shape_of(n, self.batch))
        return as_numpy(self.loc) + as_numpy(self.scale) * z

    def mean(self) -> Any:
        """Return loc."""
        return self.loc

    def variance(self) -> Any:
        """Return π²/3 scale²."""
        return math.pi**2 / 3 * self.scale * self.scale


@dataclass(frozen=True, eq=False, repr=False)
class Cauchy(Family):
    """1/(π scale (1 + z²)), z = (x − loc)/scale.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Cauchy(0, 1), kb.families.Cauchy(1, 2))
    0.2231435...
    """

    reach: ClassVar[tuple[float, float]] = LINE
    loc: Any = parameter(REAL)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the real line."""
        return whole_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """−log(1 + z²) − log(π scale)."""
        z = (outcomes(x, self.loc) - self.loc) / self.scale
        return -log1p_square(z) - namespace(z).log(math.pi * self.scale)

    def quantile(self, u: Any) -> Any:
        """Return loc − scale / tan πu."""
        u = np.asarray(u, float)
        with np.errstate(divide="ignore"):
            z = np.where(u < 0.5, -1 / np.tan(np.pi * u), np.tan(np.pi * (u - 0.5)))
        return as_numpy(self.loc) + as_numpy(self.scale) * z

    def upper_quantile(self, u: Any) -> Any:
        """Return the mirror image of the quantile at u."""
        return 2 * as_numpy(self.loc) - self.quantile(u)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        z = rng.standard_cauchy(shape_of(n, self.batch))
        return as_numpy(self.loc) + as_numpy(self.scale) * z

    def mean(self) -> Any:
        """Return NaN: there is none."""
        return namespace(self.loc).full_like(self.loc * self.scale, math.nan)

    def variance(self) -> Any:
        """Return ∞."""
        return namespace(self.loc).full_like(self.loc * self.scale, math.inf)


@dataclass(frozen=True, eq=False, repr=False)
class StudentT(Family):
    """(1 + z²/df)^(−(df + 1)/2)/(scale √df B(½, df/2)), z = (x − loc)/scale.

    >>> import kullback as kb
    >>> kb.kl(kb.families.StudentT(5), kb.families.Normal(0, 1))
    0.1247691...
    """

    reach: ClassVar[tuple[float, float]] = LINE
    df: Any = parameter(POSITIVE)
    loc: Any = parameter(REAL, default=0)
    scale: Any = parameter(POSITIVE, default=1)

    def support(self) -> Support:
        """Return the real line."""
        return whole_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """−(df + 1)/2 log(1 + z²/df) − log(scale √df B(½, df/2))."""
        xp, df = namespace(self.df), self.df
        z = (outcomes(x, self.df) - self.loc) / (self.scale * xp.sqrt(df))
        total = lbeta(xp.full_like(df, 0.5), 0.5 * df) + 0.5 * xp.log(df) + xp.log(self.scale)
        return -0.5 * (df + 1) * log1p_square(z) - total

    def quantile(self, u: Any) -> Any:
        """Return loc + scale times the standard quantile."""
        return as_numpy(self.loc) + as_numpy(self.scale) * _student_quantile(as_numpy(self.df), u)

    def upper_quantile(self, u: Any) -> Any:
        """Return the mirror image of the quantile at u."""
        return 2 * as_numpy(self.loc) - self.quantile(u)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        z = rng.standard_t(np.broadcast_to(as_numpy(self.df), self.batch), shape_of(n, self.batch))
        return as_numpy(self.loc) + as_numpy(self.scale) * z

    def mean(self) -> Any:
        """Return loc where df > 1; there is none elsewhere."""
        xp = namespace(self.df)
        mean = self.loc + xp.zeros_like(self.df)
        return xp.where(self.df > 1, mean, xp.full_like(mean, math.nan))

    def variance(self) -> Any:
        """Return scale² df/(df − 2) where df > 2, else ∞."""
        exists, df = above(self.df, 2)
        return infinite_unless(exists, self.scale * self.scale * df / (df - 2))


@dataclass(frozen=True, eq=False, repr=False)
class GeneralizedNormal(Family):
    """power exp(−|z|^power)/(2 scale Γ(1/power)), z = (x − loc)/scale.

    >>> import kullback as kb
    >>> p, q = kb.families.GeneralizedNormal(0, 1, 3), kb.families.Normal(0, 1)
    >>> kb.kl(p, q)
    0.1922907...
    """

    reach: ClassVar[tuple[float, float]] = LINE
    loc: Any = parameter(REAL)
    scale: Any = parameter(POSITIVE)
    power: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the real line."""
        return whole_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """−|z|^power − log(2 scale Γ(1 + 1/power))."""
        xp = namespace(self.scale)
        z = (outcomes(x, self.loc) - self.loc) / self.scale
        total = xp.log(2 * self.scale) + lgamma(1 + 1 / self.power)
        return -absolute_power(z, self.power) - total

    def quantile(self, u: Any) -> Any:
        """Return loc ± scale g^(1/power), g a quantile of Gamma(1/power, 1)."""
        from scipy.special import gammainccinv, gammaincinv

        u, a = np.asarray(u, float), 1 / as_numpy(self.power)
        low = np.where(u <= 0.5, u, 1 - u)
        g = np.where(low < 0.25, gammainccinv(a, 2 * low), gammaincinv(a, 1 - 2 * low))
        return as_numpy(self.loc) + as_numpy(self.scale) * np.where(u <= 0.5, -(g**a), g**a)

    def upper_quantile(self, u: Any) -> Any:
        """Return the mirror image of the quantile at u."""
        return 2 * as_numpy(self.loc) - self.quantile(u)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        shape, a = shape_of(n, self.batch), 1 / as_numpy(self.power)
        sign = 1.0 - 2.0 * rng.integers(0, 2, shape)
        return as_numpy(self.loc) + as_numpy(self.scale) * sign * rng.standard_gamma(a, shape) ** a

    def mean(self) -> Any:
        """Return loc."""
        return self.loc

    def variance(self) -> Any:
        """Return scale² Γ(3/power)/Γ(1/power)."""
        a = 1 / self.power
        return self.scale * self.scale * namespace(a).exp(lgamma(3 * a) - lgamma(a))


@dataclass(frozen=True, eq=False, repr=False)
class HyperbolicSecant(Family):
    """1/(2 scale cosh(π z/2)), z = (x − loc)/scale.

    >>> import kullback as kb
    >>> kb.kl(kb.families.HyperbolicSecant(0, 1), kb.families.Normal(0, 1))
    0.0326441...
    """

    reach: ClassVar[tuple[float, float]] = LINE
    loc: Any = parameter(REAL)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the real line."""
        return whole_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """−π|z|/2 − log(1 + e^(−π|z|)) − log scale."""
        xp = namespace(self.scale)
        z = math.pi * xp.abs((outcomes(x, self.loc) - self.loc) / self.scale)
        return -0.5 * z - xp.log1p(xp.exp(-z)) - xp.log(self.scale)

    def quantile(self, u: Any) -> Any:
        """Return loc + (2/π) scale log tan(π u/2)."""
        with np.errstate(divide="ignore"):
            z = 2 / math.pi * np.log(np.tan(0.5 * np.pi * np.asarray(u, float)))
        return as_numpy(self.loc) + as_numpy(self.scale) * z

    def upper_quantile(self, u: Any) -> Any:
        """Return the mirror image of the quantile at u."""
        return 2 * as_numpy(self.loc) - self.quantile(u)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return self.quantile(rng.random(shape_of(n, self.batch)))

    def mean(self) -> Any:
        """Return loc."""
        return self.loc

    def variance(self) -> Any:
        """Return scale²."""
        return self.scale * self.scale


def _student_quantile(df: Any, u: Any) -> Any:
    """Return t; far out by b = ν/(ν + t²), of a Beta(ν/2, ½), for stdtrit fails below 1e-150.

    For tiny b, 2u = b^(ν/2)/(½ν B(ν/2, ½)).
    """
    from scipy.special import betainccinv, betaincinv, betaln, stdtrit

    lower = np.minimum(u, 1e-3)
    with np.errstate(all="ignore"):
        b, rest = betaincinv(0.5 * df, 0.5, 2 * lower), betainccinv(0.5, 0.5 * df, 2 * lower)
        far = -np.sqrt(df) * np.sqrt(rest / b)
        log_t = 0.5 * np.log(df) - (np.log(df) + np.log(lower) + betaln(0.5 * df, 0.5)) / df
        far = np.where(b > 1e-20, far, -np.exp(log_t))
    return np.where((np.asarray(u) < 1e-3) & (b < 0.5), far, stdtrit(df, u))
