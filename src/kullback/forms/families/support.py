"""Where a law can put mass, and whether one such set covers another."""

import math
from dataclasses import dataclass
from typing import Any

from kullback.arrays.namespace import namespace

LINE = (-math.inf, math.inf)
HALF_LINE = (0.0, math.inf)
UNIT = (0.0, 1.0)


@dataclass(frozen=True, eq=False)
class Support:
    """A set of outcomes.

    Attributes
    ----------
    kind : str
        "interval", "integers", "vectors", "simplex", "sphere", "circle", "positive definite" …
        Sets of different kinds do not cover one another.
    low, high : array, shape (*batch,)
        The ends, for intervals and integers; ±∞ where there is none.
    size : tuple of int
        The shape of one outcome, for all other kinds.
    """

    kind: str
    low: Any = None
    high: Any = None
    size: tuple[int, ...] = ()

    def covers(self, other: "Support") -> Any:
        """Return where this set contains the other; ends count as contained."""
        assert self.kind == other.kind
        xp = namespace(self.low, other.low)
        return xp.logical_and(self.low <= other.low, self.high >= other.high)


def interval(low: Any, high: Any) -> Support:
    """Return the interval from low to high."""
    return Support("interval", low, high)


def whole_line(like: Any) -> Support:
    """Return the real line."""
    return interval(_everywhere(-math.inf, like), _everywhere(math.inf, like))


def half_line(like: Any) -> Support:
    """Return the positive numbers."""
    return interval(_everywhere(0.0, like), _everywhere(math.inf, like))


def unit_interval(like: Any) -> Support:
    """Return the numbers from 0 to 1."""
    return interval(_everywhere(0.0, like), _everywhere(1.0, like))


def _everywhere(value: float, like: Any) -> Any:
    """Return one number in the shape of `like`, without the memory of an array."""
    xp = namespace(like)
    one = (
        xp.full_like(xp.reshape(like, (-1,))[:1], value) if like.ndim else xp.full_like(like, value)
    )
    return xp.broadcast_to(one, like.shape)


def integers(low: Any, high: Any) -> Support:
    """Return the whole numbers from low to high."""
    return Support("integers", low, high)
