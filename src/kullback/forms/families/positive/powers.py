"""Laws on the positive numbers: powers of an exponential."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.forms.families.curves import gamma_mean, gamma_variance
from kullback.forms.families.domains import POSITIVE
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import (
    as_numpy,
    masked,
    minus_infinity_outside,
    outcomes,
    shape_of,
)
from kullback.forms.families.support import HALF_LINE, Support, half_line


def _minus_log(u: Any) -> Any:
    with np.errstate(divide="ignore"):
        return -np.log(np.asarray(u, float))


def _minus_log1m(u: Any) -> Any:
    with np.errstate(divide="ignore"):
        return -np.log1p(-np.asarray(u, float))


@dataclass(frozen=True, eq=False, repr=False)
class Weibull(Family):
    """shape z^shape e^(−z^shape)/x on (0, ∞), z = x/scale.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Weibull(2, 1), kb.families.Weibull(1, 1))
    0.2907662...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    shape: Any = parameter(POSITIVE)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """Log shape + w − e^w − log x, w = shape log(x/scale)."""
        x, xp = outcomes(x, self.scale), namespace(self.scale)
        inside = x > 0
        log = xp.log(masked(inside, x, 1.0))
        w = self.shape * (log - xp.log(self.scale))
        return minus_infinity_outside(inside, xp.log(self.shape) + w - xp.exp(w) - log)

    def quantile(self, u: Any) -> Any:
        """Return scale (−log(1 − u))^(1/shape)."""
        return as_numpy(self.scale) * _minus_log1m(u) ** (1 / as_numpy(self.shape))

    def upper_quantile(self, u: Any) -> Any:
        """Return scale (−log u)^(1/shape)."""
        return as_numpy(self.scale) * _minus_log(u) ** (1 / as_numpy(self.shape))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        e = rng.standard_exponential(shape_of(n, self.batch))
        return as_numpy(self.scale) * e ** (1 / as_numpy(self.shape))

    def mean(self) -> Any:
        """Return scale Γ(1 + 1/shape)."""
        one = namespace(self.shape).ones_like(self.shape)
        return gamma_mean(one, self.scale, 1 / self.shape)

    def variance(self) -> Any:
        """Return scale² (Γ(1 + 2/shape) − Γ(1 + 1/shape)²)."""
        one = namespace(self.shape).ones_like(self.shape)
        return gamma_variance(one, self.scale, 1 / self.shape)


@dataclass(frozen=True, eq=False, repr=False)
class Rayleigh(Family):
    """x e^(−x²/(2 scale²))/scale² on (0, ∞): the length of a plane normal vector.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Rayleigh(1), kb.families.Rayleigh(2))
    0.6362943...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """Log x − 2 log scale − z²/2, z = x/scale."""
        x, xp = outcomes(x, self.scale), namespace(self.scale)
        inside = x > 0
        y = masked(inside, x, 1.0)
        z = y / self.scale
        return minus_infinity_outside(inside, xp.log(y) - 2 * xp.log(self.scale) - 0.5 * z * z)

    def quantile(self, u: Any) -> Any:
        """Return scale √(−2 log(1 − u))."""
        return as_numpy(self.scale) * np.sqrt(2 * _minus_log1m(u))

    def upper_quantile(self, u: Any) -> Any:
        """Return scale √(−2 log u)."""
        return as_numpy(self.scale) * np.sqrt(2 * _minus_log(u))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return as_numpy(self.scale) * rng.rayleigh(size=shape_of(n, self.batch))

    def mean(self) -> Any:
        """Return scale √(π/2)."""
        return math.sqrt(math.pi / 2) * self.scale

    def variance(self) -> Any:
        """Return (2 − π/2) scale²."""
        return (2 - math.pi / 2) * self.scale * self.scale

    def canonical(self) -> Weibull:
        """Return Weibull(2, √2 scale)."""
        two = namespace(self.scale).full_like(self.scale, 2.0)
        return Weibull(two, math.sqrt(2) * self.scale)


@dataclass(frozen=True, eq=False, repr=False)
class Frechet(Family):
    """shape w e^(−w)/x on (0, ∞), w = (x/scale)^(−shape): 1/x is Weibull(shape, 1/scale).

    >>> import kullback as kb
    >>> kb.kl(kb.families.Frechet(2, 1), kb.families.Frechet(1, 1))
    0.2907662...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    shape: Any = parameter(POSITIVE)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """Log shape + w − e^w − log x, w = −shape log(x/scale)."""
        x, xp = outcomes(x, self.scale), namespace(self.scale)
        inside = x > 0
        log = xp.log(masked(inside, x, 1.0))
        w = self.shape * (xp.log(self.scale) - log)
        return minus_infinity_outside(inside, xp.log(self.shape) + w - xp.exp(w) - log)

    def quantile(self, u: Any) -> Any:
        """Return scale (−log u)^(−1/shape)."""
        with np.errstate(divide="ignore"):
            return as_numpy(self.scale) * _minus_log(u) ** (-1 / as_numpy(self.shape))

    def upper_quantile(self, u: Any) -> Any:
        """Return scale (−log(1 − u))^(−1/shape)."""
        with np.errstate(divide="ignore"):
            return as_numpy(self.scale) * _minus_log1m(u) ** (-1 / as_numpy(self.shape))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        e = rng.standard_exponential(shape_of(n, self.batch))
        return as_numpy(self.scale) * e ** (-1 / as_numpy(self.shape))

    def mean(self) -> Any:
        """Return scale Γ(1 − 1/shape) where shape > 1, else ∞."""
        one = namespace(self.shape).ones_like(self.shape)
        return gamma_mean(one, self.scale, -1 / self.shape)

    def variance(self) -> Any:
        """Return scale² (Γ(1 − 2/shape) − Γ(1 − 1/shape)²) where shape > 2, else ∞."""
        one = namespace(self.shape).ones_like(self.shape)
        return gamma_variance(one, self.scale, -1 / self.shape)
