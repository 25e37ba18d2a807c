"""The maps that images are taken under: affine, exponential, logarithm, power, sigmoid."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.arrays.namespace import is_traced, namespace
from kullback.errors import InvalidInputError
from kullback.forms.families.derived import absorb
from kullback.forms.families.derived.bijection import (
    Bijection,
    check_positive,
    log_or_minus_infinity,
)
from kullback.forms.families.derived.derived import all_hold, mean_of, variance_of
from kullback.forms.families.domains import NON_ZERO, REAL
from kullback.forms.families.family import Family, parameter


@dataclass(frozen=True, eq=False, repr=False)
class Affine(Bijection):
    """The law of loc + scale · x; scale may be negative, not 0.

    A counted law can be moved by whole numbers and mirrored.

    >>> import kullback as kb
    >>> f = kb.families
    >>> kb.kl(f.Affine(f.Gumbel(0, 1), 0, -1), f.Normal(0, 1))
    0.3307788...
    """

    loc: Any = parameter(REAL, default=0.0)
    scale: Any = parameter(NON_ZERO, default=1.0)

    def check(self) -> None:
        """Raise for laws of vectors, and for counted laws that leave the whole numbers."""
        self._check_numbers()
        if not self.discrete or is_traced(self.loc) or is_traced(self.scale):
            return
        xp = namespace(self.loc)
        if not all_hold((xp.round(self.loc) == self.loc) & (xp.abs(self.scale) == 1)):
            raise InvalidInputError(
                f"Affine: {type(self.law).__name__} counts; it can be moved by whole numbers and "
                f"mirrored, so scale must be 1 or −1 and loc whole, not {self.scale} and "
                f"{self.loc}."
            )

    def forward(self, x: Any) -> Any:
        """Loc + scale x."""
        return self.loc + self.scale * x

    def backward(self, y: Any) -> Any:
        """(y − loc)/scale."""
        return (y - self.loc) / self.scale

    def log_slope(self, x: Any, y: Any) -> Any:  # noqa: ARG002 (the slope is constant)
        """Log |scale|."""
        xp = namespace(self.scale)
        return xp.log(xp.abs(self.scale))

    def falls(self) -> Any:
        """Return where the scale is negative."""
        if is_traced(self.scale):
            return self.scale < 0
        sign = absorb.sign_of(self.scale)
        return self.scale < 0 if sign is None else sign < 0

    def undo(self, other: Family) -> Family | None:
        """Return the law of (y − loc)/scale where that is a family of its own."""
        return absorb.affine(other, -self.loc / self.scale, 1 / self.scale)

    def mean(self) -> Any:
        """Return loc + scale · the law's mean."""
        inner = mean_of(self.law)
        return None if inner is None else self.forward(inner)

    def variance(self) -> Any:
        """Return scale² · the law's variance."""
        inner = variance_of(self.law)
        return None if inner is None else self.scale * self.scale * inner

    def absorbed(self) -> Family | None:
        """Return the member of the law's own family that this is, where it is one."""
        return absorb.affine(self.law, self.loc, self.scale)


@dataclass(frozen=True, eq=False, repr=False)
class Exp(Bijection):
    """The law of eˣ.

    >>> import kullback as kb
    >>> f = kb.families
    >>> kb.kl(f.Exp(f.Normal(0, 1)), f.LogNormal(1, 2))
    0.4431471...
    """

    def forward(self, x: Any) -> Any:
        """Eˣ."""
        with np.errstate(over="ignore"):
            return namespace(x).exp(x)

    def backward(self, y: Any) -> Any:
        """Log y."""
        return namespace(y).log(y)

    def log_slope(self, x: Any, y: Any) -> Any:  # noqa: ARG002 (log eˣ is x)
        """X."""
        return x

    def reaches(self, y: Any) -> Any:
        """Return where y is positive."""
        return y > 0

    def undo(self, other: Family) -> Family | None:
        """Return the law of log y where that is a family of its own."""
        return absorb.log(other)

    def absorbed(self) -> Family | None:
        """Return LogNormal for Normal, Pareto for Exponential …."""
        return absorb.exp(self.law)


@dataclass(frozen=True, eq=False, repr=False)
class Log(Bijection):
    """The law of log x, x positive.

    >>> import kullback as kb
    >>> f = kb.families
    >>> kb.kl(f.Log(f.Gamma(2, 1)), f.Log(f.Gamma(3, 1)))
    0.2703...
    """

    def check(self) -> None:
        """Raise where the law is not one of positive numbers."""
        super().check()
        check_positive(self)

    def forward(self, x: Any) -> Any:
        """Log x, −∞ at 0."""
        return log_or_minus_infinity(x)

    def backward(self, y: Any) -> Any:
        """Eʸ."""
        with np.errstate(over="ignore"):
            return namespace(y).exp(y)

    def log_slope(self, x: Any, y: Any) -> Any:  # noqa: ARG002 (log 1/x is −y)
        """−y."""
        return -y

    def undo(self, other: Family) -> Family | None:
        """Return the law of eʸ where that is a family of its own."""
        return absorb.exp(other)

    def absorbed(self) -> Family | None:
        """Return Normal for LogNormal, Gumbel for Frechet …."""
        return absorb.log(self.law)


@dataclass(frozen=True, eq=False, repr=False)
class Power(Bijection):
    """The law of x^exponent, x positive; the exponent may be negative, not 0.

    >>> import kullback as kb
    >>> f = kb.families
    >>> f.Power(f.Exponential(1.0), 0.5).canonical()
    Weibull(shape=2.0, scale=1.0)
    """

    exponent: Any = parameter(NON_ZERO)

    def check(self) -> None:
        """Raise where the law is not one of positive numbers."""
        super().check()
        check_positive(self)

    def forward(self, x: Any) -> Any:
        """x^exponent, by its logarithm; 0 and ∞ go to one another where it is negative."""
        with np.errstate(over="ignore"):
            return namespace(x).exp(self.exponent * log_or_minus_infinity(x))

    def backward(self, y: Any) -> Any:
        """y^(1/exponent)."""
        xp = namespace(y)
        return xp.exp(xp.log(y) / self.exponent)

    def log_slope(self, x: Any, y: Any) -> Any:
        """Log |exponent| + log y − log x."""
        xp = namespace(y)
        return xp.log(xp.abs(self.exponent)) + xp.log(y) - xp.log(x)

    def reaches(self, y: Any) -> Any:
        """Return where y is positive."""
        return (y > 0) & namespace(y).isfinite(y)

    def falls(self) -> Any:
        """Return where the exponent is negative."""
        if is_traced(self.exponent):
            return self.exponent < 0
        sign = absorb.sign_of(self.exponent)
        return self.exponent < 0 if sign is None else sign < 0

    def undo(self, other: Family) -> Family | None:
        """Return the law of y^(1/exponent) where that is a family of its own."""
        return absorb.power(other, 1 / self.exponent)

    def absorbed(self) -> Family | None:
        """Return Weibull for Exponential, InverseGamma for Gamma and −1 …."""
        return absorb.power(self.law, self.exponent)


@dataclass(frozen=True, eq=False, repr=False)
class Sigmoid(Bijection):
    """The law of 1/(1 + e⁻ˣ), within (0, 1).

    >>> import kullback as kb
    >>> f = kb.families
    >>> kb.kl(f.Sigmoid(f.Normal(0, 1)), f.LogitNormal(1, 2))
    0.4431471...
    """

    def forward(self, x: Any) -> Any:
        """1/(1 + e⁻ˣ)."""
        xp = namespace(x)
        right = x >= 0
        tail = xp.exp(xp.where(right, -x, x))
        return xp.where(right, xp.ones_like(x), tail) / (1 + tail)

    def backward(self, y: Any) -> Any:
        """Log y − log(1 − y)."""
        xp = namespace(y)
        return xp.log(y) - xp.log1p(-y)

    def log_slope(self, x: Any, y: Any) -> Any:  # noqa: ARG002 (in y alone)
        """Log y + log(1 − y)."""
        xp = namespace(y)
        return xp.log(y) + xp.log1p(-y)

    def reaches(self, y: Any) -> Any:
        """Return where y is within (0, 1)."""
        return (y > 0) & (y < 1)

    @property
    def reachable(self) -> float:
        """½."""
        return 0.5

    def undo(self, other: Family) -> Family | None:
        """Return the law of log y/(1 − y) where that is a family of its own."""
        return absorb.logit(other)

    def absorbed(self) -> Family | None:
        """Return LogitNormal for Normal, Uniform for the standard Logistic."""
        return absorb.sigmoid(self.law)
