"""Laws of ranks and of species: 1, 2, 3 and on."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.zeta_sums import log_zeta_and_mean
from kullback.forms.families.counting.terms import whole_ends
from kullback.forms.families.domains import OPEN_PROBABILITY, Domain
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import (
    as_numpy,
    masked,
    minus_infinity_outside,
    outcomes,
    shape_of,
    where_whole,
)
from kullback.forms.families.support import Support, integers

ABOVE_ONE = Domain("finite and above 1", lambda x: namespace(x).isfinite(x) & (x > 1))


@dataclass(frozen=True, eq=False, repr=False)
class Zipf(Family):
    """x^(−exponent)/ζ(exponent) at 1, 2, …; the exponent is above 1.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Zipf(3), kb.families.Zipf(2))
    0.1488434...
    """

    discrete: ClassVar[bool] = True
    exponent: Any = parameter(ABOVE_ONE)

    def support(self) -> Support:
        """Return {1, 2, …}."""
        _, infinity = whole_ends(self.exponent)
        return integers(namespace(infinity).ones_like(infinity), infinity)

    def log_density(self, x: Any) -> Any:
        """−exponent log x − log ζ(exponent)."""
        x = outcomes(x, self.exponent)
        inside = where_whole(x, 1, float("inf")) & namespace(x).isfinite(x)
        k = masked(inside, x, 1)
        log_zeta, _ = log_zeta_and_mean(self.exponent)
        return minus_infinity_outside(inside, -self.exponent * namespace(x).log(k) - log_zeta)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return rng.zipf(as_numpy(self.exponent), shape_of(n, self.batch)).astype(float)


@dataclass(frozen=True, eq=False, repr=False)
class LogSeries(Family):
    """probsˣ/(−x log(1 − probs)) at 1, 2, ….

    >>> import kullback as kb
    >>> kb.kl(kb.families.LogSeries(0.5), kb.families.LogSeries(0.1))
    0.4380736...
    """

    discrete: ClassVar[bool] = True
    probs: Any = parameter(OPEN_PROBABILITY)

    def support(self) -> Support:
        """Return {1, 2, …}."""
        _, infinity = whole_ends(self.probs)
        return integers(namespace(infinity).ones_like(infinity), infinity)

    def log_density(self, x: Any) -> Any:
        """X log probs − log x − log(−log(1 − probs))."""
        x = outcomes(x, self.probs)
        xp = namespace(x)
        inside = where_whole(x, 1, float("inf")) & xp.isfinite(x)
        k = masked(inside, x, 1)
        value = k * xp.log(self.probs) - xp.log(k) - xp.log(-xp.log1p(-self.probs))
        return minus_infinity_outside(inside, value)

    def quantile(self, u: Any) -> Any:
        """Return the smallest x with F(x) ≥ u."""
        from scipy import stats

        return outcomes(stats.logser.ppf(as_numpy(u), as_numpy(self.probs)), self.probs)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return rng.logseries(as_numpy(self.probs), shape_of(n, self.batch)).astype(float)

    def mean(self) -> Any:
        """Return probs/((1 − probs) (−log(1 − probs)))."""
        p = self.probs
        return -p / ((1 - p) * namespace(p).log1p(-p))

    def variance(self) -> Any:
        """Return m (1/(1 − probs) − m), m the mean."""
        m = self.mean()
        return m * (1 / (1 - self.probs) - m)
