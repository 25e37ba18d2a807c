"""Laws whose tails fall like a power: Student's and Cauchy's."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.special import lbeta
from kullback.forms.families.curves import above, infinite_unless, log1p_square
from kullback.forms.families.domains import POSITIVE, REAL
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import as_numpy, outcomes, shape_of
from kullback.forms.families.support import LINE, Support, whole_line


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
