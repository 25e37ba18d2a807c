"""Laws on an interval: an exponential or a normal curve cut off, and the logit of a normal."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.forms.families.bounded import check_ordered
from kullback.forms.families.curves import langevin, langevin_slope, log_sinhc
from kullback.forms.families.domains import OPEN_PROBABILITY, POSITIVE, REAL, Domain
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import (
    as_numpy,
    masked,
    minus_infinity_outside,
    outcomes,
    shape_of,
)
from kullback.forms.families.support import UNIT, Support, interval, unit_interval
from kullback.forms.families.truncation import cut_moments, log_mass

END = Domain("a number or ±∞", lambda x: ~namespace(x).isnan(x))


@dataclass(frozen=True, eq=False, repr=False)
class ContinuousBernoulli(Family):
    """∝ probs^x (1 − probs)^(1−x) on (0, 1).

    >>> import kullback as kb
    >>> kb.kl(kb.families.ContinuousBernoulli(0.2), kb.families.Uniform(0, 1))
    0.0764144...
    """

    reach: ClassVar[tuple[float, float]] = UNIT
    probs: Any = parameter(OPEN_PROBABILITY)

    def support(self) -> Support:
        """Return (0, 1)."""
        return unit_interval(self.probs)

    def logit(self) -> Any:
        """Return log probs/(1 − probs), also precise next to ½."""
        xp, p = namespace(self.probs), self.probs
        middle = xp.abs(p - 0.5) < 0.25
        near = 2 * xp.atanh(2 * xp.where(middle, p - 0.5, xp.zeros_like(p)))
        return xp.where(middle, near, xp.log(p) - xp.log1p(-p))

    def log_density(self, x: Any) -> Any:
        """η (x − ½) − log(sinh ½η / ½η), η the logit of probs."""
        x, eta = outcomes(x, self.probs), self.logit()
        inside = (x >= 0) & (x <= 1)
        value = eta * (masked(inside, x, 0.5) - 0.5) - log_sinhc(0.5 * eta)
        return minus_infinity_outside(inside, value)

    def quantile(self, u: Any) -> Any:
        """Return log(1 + u (e^η − 1))/η."""
        eta = self._eta()
        return np.log1p(np.asarray(u, float) * np.expm1(eta)) / eta

    def upper_quantile(self, u: Any) -> Any:
        """Return 1 + log(1 + u (e^(−η) − 1))/η."""
        eta = self._eta()
        return 1 + np.log1p(np.asarray(u, float) * np.expm1(-eta)) / eta

    def _eta(self) -> Any:
        eta = np.maximum(as_numpy(self.logit()), -700.0)
        return np.where(np.abs(eta) < 1e-300, 1e-300, eta)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return self.quantile(rng.random(shape_of(n, self.batch)))

    def mean(self) -> Any:
        """Return ½ + ½ (coth ½η − 2/η)."""
        return 0.5 + 0.5 * langevin(0.5 * self.logit())

    def variance(self) -> Any:
        """Return 1/η² − ¼/sinh² ½η."""
        return 0.25 * langevin_slope(0.5 * self.logit())


@dataclass(frozen=True, eq=False, repr=False)
class TruncatedNormal(Family):
    """The normal curve of loc and scale, cut off at low and high.

    >>> import kullback as kb
    >>> p = kb.families.TruncatedNormal(0, 1, -1, 2)
    >>> kb.kl(p, kb.families.Normal(0, 1))
    0.2001...
    """

    loc: Any = parameter(REAL)
    scale: Any = parameter(POSITIVE)
    low: Any = parameter(END)
    high: Any = parameter(END)

    def check(self) -> None:
        """Raise unless low < high."""
        check_ordered(self, self.low, self.high)

    def support(self) -> Support:
        """Return the interval from low to high."""
        return interval(self.low, self.high)

    def ends(self) -> tuple[Any, Any]:
        """Return (low − loc)/scale and (high − loc)/scale."""
        return (self.low - self.loc) / self.scale, (self.high - self.loc) / self.scale

    def log_density(self, x: Any) -> Any:
        """−z²/2 − log(scale √(2π)) − log(Φ(β) − Φ(α))."""
        x, xp = outcomes(x, self.loc), namespace(self.loc)
        inside = (x >= self.low) & (x <= self.high)
        z = (masked(inside, x, 0.0) - self.loc) / self.scale
        value = -0.5 * z * z - xp.log(self.scale) - 0.5 * math.log(2 * math.pi)
        return minus_infinity_outside(inside, value - log_mass(*self.ends()))

    def quantile(self, u: Any) -> Any:
        """Return loc + scale z, Φ(z) = Φ(α) + u (Φ(β) − Φ(α))."""
        return self._placed(np.asarray(u, float), 1 - np.asarray(u, float))

    def upper_quantile(self, u: Any) -> Any:
        """Return loc + scale z, Φ(z) = Φ(β) − u (Φ(β) − Φ(α))."""
        return self._placed(1 - np.asarray(u, float), np.asarray(u, float))

    def _placed(self, u: Any, v: Any) -> Any:
        """Return the point with u of the mass below it and v = 1 − u above."""
        from scipy.special import log_ndtr, ndtri_exp

        loc, scale = as_numpy(self.loc), as_numpy(self.scale)
        low, high = (as_numpy(self.low) - loc) / scale, (as_numpy(self.high) - loc) / scale
        upper = low > 0
        a, b = np.where(upper, -high, low), np.where(upper, -low, high)
        u, v = np.where(upper, v, u), np.where(upper, u, v)
        with np.errstate(divide="ignore"):
            z = ndtri_exp(np.logaddexp(np.log(v) + log_ndtr(a), np.log(u) + log_ndtr(b)))
            z = np.where(
                z > 0,
                -ndtri_exp(np.logaddexp(np.log(v) + log_ndtr(-a), np.log(u) + log_ndtr(-b))),
                z,
            )
        z = np.clip(z, a, b)
        x = loc + scale * np.where(upper, -z, z)
        return np.clip(x, as_numpy(self.low), as_numpy(self.high))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return self.quantile(rng.random(shape_of(n, self.batch)))

    def mean(self) -> Any:
        """Return loc + scale (φ(α) − φ(β))/(Φ(β) − Φ(α))."""
        return self.loc + self.scale * cut_moments(*self.ends())[0]

    def variance(self) -> Any:
        """Return scale² times the variance of the standard normal within (α, β)."""
        return self.scale * self.scale * cut_moments(*self.ends())[1]


@dataclass(frozen=True, eq=False, repr=False)
class LogitNormal(Family):
    """The law on (0, 1) whose logit is Normal(loc, scale).

    >>> import kullback as kb
    >>> kb.kl(kb.families.LogitNormal(0, 1), kb.families.LogitNormal(1, 2))
    0.4431471...
    """

    reach: ClassVar[tuple[float, float]] = UNIT
    loc: Any = parameter(REAL)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return (0, 1)."""
        return unit_interval(self.scale)

    def log_density(self, x: Any) -> Any:
        """−z²/2 − log(scale √(2π) x (1 − x)), z = (log x/(1 − x) − loc)/scale."""
        x, xp = outcomes(x, self.loc), namespace(self.loc)
        inside = (x > 0) & (x < 1)
        y = masked(inside, x, 0.5)
        log, complement = xp.log(y), xp.log1p(-y)
        z = (log - complement - self.loc) / self.scale
        total = xp.log(self.scale) + 0.5 * math.log(2 * math.pi) + log + complement
        return minus_infinity_outside(inside, -0.5 * z * z - total)

    def quantile(self, u: Any) -> Any:
        """Return 1/(1 + e^(−loc − scale Φ⁻¹(u)))."""
        from scipy.special import expit, ndtri

        return expit(as_numpy(self.loc) + as_numpy(self.scale) * ndtri(u))

    def upper_quantile(self, u: Any) -> Any:
        """Return 1/(1 + e^(−loc + scale Φ⁻¹(u)))."""
        from scipy.special import expit, ndtri

        return expit(as_numpy(self.loc) - as_numpy(self.scale) * ndtri(u))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        from scipy.special import expit

        z = rng.standard_normal(shape_of(n, self.batch))
        return expit(as_numpy(self.loc) + as_numpy(self.scale) * z)
