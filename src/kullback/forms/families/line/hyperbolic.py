"""Laws made of cosh: its square below, 1/(4 cosh²(z/2)), and itself, 1/(2 cosh(π z/2))."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.forms.families.domains import POSITIVE, REAL
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import as_numpy, outcomes, shape_of
from kullback.forms.families.support import LINE, Support, whole_line


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
