"""Laws on the real line whose exponential is a generalised gamma: of largest values, of losses."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.special.gamma import EULER
from kullback.forms.families.domains import POSITIVE, REAL
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import as_numpy, outcomes, shape_of
from kullback.forms.families.support import LINE, Support, whole_line


@dataclass(frozen=True, eq=False, repr=False)
class Gumbel(Family):
    """exp(−z − e^(−z))/scale, z = (x − loc)/scale: the law of largest values.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Gumbel(0, 1), kb.families.Normal(0, 2))
    0.2821340...
    """

    reach: ClassVar[tuple[float, float]] = LINE
    loc: Any = parameter(REAL)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the real line."""
        return whole_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """−z − e^(−z) − log scale."""
        xp = namespace(self.scale)
        z = (outcomes(x, self.loc) - self.loc) / self.scale
        return -z - xp.exp(-z) - xp.log(self.scale)

    def quantile(self, u: Any) -> Any:
        """Return loc − scale log(−log u)."""
        with np.errstate(divide="ignore"):
            z = -np.log(-np.log(np.asarray(u, float)))
        return as_numpy(self.loc) + as_numpy(self.scale) * z

    def upper_quantile(self, u: Any) -> Any:
        """Return loc − scale log(−log(1 − u))."""
        with np.errstate(divide="ignore"):
            z = -np.log(-np.log1p(-np.asarray(u, float)))
        return as_numpy(self.loc) + as_numpy(self.scale) * z

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        z = rng.gumbel(size=shape_of(n, self.batch))
        return as_numpy(self.loc) + as_numpy(self.scale) * z

    def mean(self) -> Any:
        """Return loc + γ scale."""
        return self.loc + EULER * self.scale

    def variance(self) -> Any:
        """Return π²/6 scale²."""
        return math.pi**2 / 6 * self.scale * self.scale


@dataclass(frozen=True, eq=False, repr=False)
class Moyal(Family):
    """exp(−(z + e^(−z))/2)/(scale √(2π)), z = (x − loc)/scale: energy lost in thin matter.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Moyal(0, 1), kb.families.Moyal(1, 1))
    0.3591409...
    """

    reach: ClassVar[tuple[float, float]] = LINE
    loc: Any = parameter(REAL)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the real line."""
        return whole_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """−(z + e^(−z))/2 − log(scale √(2π))."""
        xp = namespace(self.scale)
        z = (outcomes(x, self.loc) - self.loc) / self.scale
        return -0.5 * (z + xp.exp(-z)) - xp.log(self.scale) - 0.5 * math.log(2 * math.pi)

    def quantile(self, u: Any) -> Any:
        """Return loc − 2 scale log Φ⁻¹(1 − u/2): e^(−z) is the square of a standard normal."""
        from scipy.special import ndtri

        with np.errstate(divide="ignore"):
            z = -2 * np.log(-ndtri(0.5 * np.asarray(u, float)))
        return as_numpy(self.loc) + as_numpy(self.scale) * z

    def upper_quantile(self, u: Any) -> Any:
        """Return loc − scale log g, P(g ≤ 2 …) = u."""
        from scipy.special import gammaincinv

        with np.errstate(divide="ignore"):
            z = -np.log(2 * gammaincinv(0.5, np.asarray(u, float)))
        return as_numpy(self.loc) + as_numpy(self.scale) * z

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        z = -np.log(rng.chisquare(1, shape_of(n, self.batch)))
        return as_numpy(self.loc) + as_numpy(self.scale) * z

    def mean(self) -> Any:
        """Return loc + (γ + log 2) scale."""
        return self.loc + (EULER + math.log(2)) * self.scale

    def variance(self) -> Any:
        """Return π²/2 scale²."""
        return math.pi**2 / 2 * self.scale * self.scale
