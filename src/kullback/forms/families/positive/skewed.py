"""Laws on the positive numbers: log-normal, the first passages of a Brownian motion."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import is_traced, namespace
from kullback.forms.families.domains import POSITIVE, REAL
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import (
    as_numpy,
    masked,
    minus_infinity_outside,
    outcomes,
    shape_of,
)
from kullback.forms.families.positive.gamma import InverseGamma
from kullback.forms.families.support import HALF_LINE, Support, half_line, interval


@dataclass(frozen=True, eq=False, repr=False)
class LogNormal(Family):
    """exp(−z²/2)/(x scale √(2π)) on (0, ∞), z = (log x − loc)/scale.

    >>> import kullback as kb
    >>> kb.kl(kb.families.LogNormal(0, 1), kb.families.LogNormal(1, 2))
    0.4431471...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    loc: Any = parameter(REAL)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """−z²/2 − log(x scale √(2π))."""
        x, xp = outcomes(x, self.loc), namespace(self.loc)
        inside = x > 0
        log = xp.log(masked(inside, x, 1.0))
        z = (log - self.loc) / self.scale
        total = xp.log(self.scale) + 0.5 * math.log(2 * math.pi) + log
        return minus_infinity_outside(inside, -0.5 * z * z - total)

    def quantile(self, u: Any) -> Any:
        """Return exp(loc + scale Φ⁻¹(u))."""
        from scipy.special import ndtri

        return np.exp(as_numpy(self.loc) + as_numpy(self.scale) * ndtri(u))

    def upper_quantile(self, u: Any) -> Any:
        """Return exp(loc − scale Φ⁻¹(u))."""
        from scipy.special import ndtri

        return np.exp(as_numpy(self.loc) - as_numpy(self.scale) * ndtri(u))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        z = rng.standard_normal(shape_of(n, self.batch))
        return np.exp(as_numpy(self.loc) + as_numpy(self.scale) * z)

    def mean(self) -> Any:
        """Return exp(loc + scale²/2)."""
        return namespace(self.loc).exp(self.loc + 0.5 * self.scale * self.scale)

    def variance(self) -> Any:
        """Return mean² (exp(scale²) − 1)."""
        return self.mean() ** 2 * namespace(self.scale).expm1(self.scale * self.scale)


@dataclass(frozen=True, eq=False, repr=False)
class InverseGaussian(Family):
    """√(shape/(2π x³)) exp(−shape (x − mean)²/(2 mean² x)) on (0, ∞).

    >>> import kullback as kb
    >>> kb.kl(kb.families.InverseGaussian(1, 1), kb.families.InverseGaussian(2, 1))
    0.125
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    mean: Any = parameter(POSITIVE)
    shape: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.shape)

    def log_density(self, x: Any) -> Any:
        """½ log(shape/(2π x³)) − shape (x − mean)²/(2 mean² x)."""
        x, xp = outcomes(x, self.shape), namespace(self.shape)
        inside = x > 0
        y = masked(inside, x, 1.0)
        z = (y - self.mean) / self.mean
        value = 0.5 * xp.log(self.shape / (2 * math.pi)) - 1.5 * xp.log(y)
        return minus_infinity_outside(inside, value - 0.5 * z * (self.shape / y * z))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return rng.wald(as_numpy(self.mean), as_numpy(self.shape), shape_of(n, self.batch))

    def variance(self) -> Any:
        """Return mean³/shape."""
        return self.mean**3 / self.shape


@dataclass(frozen=True, eq=False, repr=False)
class Levy(Family):
    """√(scale/(2π)) e^(−scale/(2y))/y^(3/2) on (loc, ∞), y = x − loc.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Levy(0, 1), kb.families.Levy(0, 2))
    0.1534264...
    """

    loc: Any = parameter(REAL)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the numbers above loc."""
        return interval(self.loc, namespace(self.loc).full_like(self.loc, math.inf))

    def log_density(self, x: Any) -> Any:
        """½ log(scale/(2π)) − scale/(2y) − 3/2 log y."""
        x, xp = outcomes(x, self.loc), namespace(self.loc)
        inside = x > self.loc
        y = masked(inside, x - self.loc, 1.0)
        value = 0.5 * (xp.log(self.scale / (2 * math.pi)) - self.scale / y) - 1.5 * xp.log(y)
        return minus_infinity_outside(inside, value)

    def quantile(self, u: Any) -> Any:
        """Return loc + scale/Φ⁻¹(u/2)²."""
        from scipy.special import ndtri

        with np.errstate(divide="ignore"):
            return as_numpy(self.loc) + as_numpy(self.scale) / ndtri(0.5 * np.asarray(u)) ** 2

    def upper_quantile(self, u: Any) -> Any:
        """Return loc + scale/(2 erf⁻¹(u)²)."""
        from scipy.special import erfinv

        with np.errstate(divide="ignore"):
            return as_numpy(self.loc) + 0.5 * as_numpy(self.scale) / erfinv(np.asarray(u)) ** 2

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        z = rng.standard_normal(shape_of(n, self.batch))
        return as_numpy(self.loc) + as_numpy(self.scale) / (z * z)

    def mean(self) -> Any:
        """Return ∞."""
        return namespace(self.loc).full_like(self.loc * self.scale, math.inf)

    def variance(self) -> Any:
        """Return ∞."""
        return namespace(self.loc).full_like(self.loc * self.scale, math.inf)

    def canonical(self) -> Family:
        """Return InverseGamma(½, scale/2) where loc is 0."""
        xp = namespace(self.loc)
        if is_traced(self.loc) or not bool(xp.all(self.loc == 0)):
            return self
        scale = 0.5 * self.scale + self.loc
        return InverseGamma(xp.full_like(scale, 0.5), scale)
