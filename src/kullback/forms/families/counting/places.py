"""Laws on whole numbers between two ends, or at one place."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import is_traced, namespace, stop_gradient
from kullback.errors import InvalidInputError
from kullback.forms.families.domains import REAL, WHOLE
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import (
    as_numpy,
    minus_infinity_outside,
    outcomes,
    shape_of,
    where_whole,
)
from kullback.forms.families.support import Support, integers


@dataclass(frozen=True, eq=False, repr=False)
class DiscreteUniform(Family):
    """1/(high − low + 1) at each whole number from low to high, both included.

    >>> import kullback as kb
    >>> kb.kl(kb.families.DiscreteUniform(1, 6), kb.families.DiscreteUniform(0, 9))
    0.5108256...
    """

    discrete: ClassVar[bool] = True
    low: Any = parameter(WHOLE)
    high: Any = parameter(WHOLE)

    def check(self) -> None:
        """Raise where low is above high."""
        _check_order(self.low, self.high)

    def support(self) -> Support:
        """Return {low … high}."""
        return integers(self.low, self.high)

    def log_density(self, x: Any) -> Any:
        """−log(high − low + 1)."""
        x = outcomes(x, self.low)
        xp = namespace(x)
        value = -xp.log(self.high - self.low + 1) + xp.zeros_like(x)
        return minus_infinity_outside(where_whole(x, self.low, self.high), value)

    def quantile(self, u: Any) -> Any:
        """Return the smallest x with F(x) ≥ u."""
        u = outcomes(u, self.low)
        xp, width = namespace(u), self.high - self.low + 1
        steps = xp.ceil(u * width) - 1
        return self.low + xp.where(steps > 0, steps, xp.zeros_like(steps))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        low, high = as_numpy(self.low).astype(np.int64), as_numpy(self.high).astype(np.int64)
        return rng.integers(low, high, shape_of(n, self.batch), endpoint=True).astype(float)

    def mean(self) -> Any:
        """Return (low + high)/2."""
        return (self.low + self.high) / 2

    def variance(self) -> Any:
        """Return ((high − low + 1)² − 1)/12."""
        return ((self.high - self.low + 1) ** 2 - 1) / 12


@dataclass(frozen=True, eq=False, repr=False)
class Delta(Family):
    """All mass at one number.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Delta(0), kb.families.Poisson(2))
    2.0
    """

    discrete: ClassVar[bool] = True
    at: Any = parameter(REAL)

    def support(self) -> Support:
        """Return {at}."""
        return integers(self.at, self.at)

    def log_density(self, x: Any) -> Any:
        """0 at the number, −∞ elsewhere."""
        x = outcomes(x, self.at)
        inside = x == self.at
        return minus_infinity_outside(inside, namespace(x).zeros_like(x + self.at))

    def quantile(self, u: Any) -> Any:
        """Return the number."""
        return self.at + 0 * outcomes(u, self.at)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n times the number, shape (n, *batch)."""
        del rng
        return np.broadcast_to(as_numpy(self.at), shape_of(n, self.batch)).copy()

    def mean(self) -> Any:
        """Return the number."""
        return self.at

    def variance(self) -> Any:
        """Return 0."""
        return namespace(self.at).zeros_like(self.at)


def _check_order(low: Any, high: Any) -> None:
    if is_traced(low) or is_traced(high):
        return
    xp, low, high = namespace(low, high), stop_gradient(low), stop_gradient(high)
    if bool(xp.all(low <= high)):
        return
    above = xp.reshape(low - high, (-1,))
    worst = int(xp.argmax(above))
    low, high = (xp.reshape(x, (-1,)) for x in xp.broadcast_arrays(low, high))
    raise InvalidInputError(
        f"DiscreteUniform: low = {float(low[worst])!r} is above high = {float(high[worst])!r}."
    )
