"""Laws whose log-density is a power of the distance from the middle: −|z|^power."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.special import lgamma
from kullback.forms.families.curves import absolute_power
from kullback.forms.families.domains import POSITIVE, REAL
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import as_numpy, outcomes, shape_of
from kullback.forms.families.support import LINE, Support, whole_line


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
