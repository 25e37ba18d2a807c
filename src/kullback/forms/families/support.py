"""Where a law can put mass, and whether one such set covers another."""

from dataclasses import dataclass
from typing import Any

from kullback.arrays.namespace import namespace


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
    infinity = namespace(like).full_like(like, float("inf"))
    return interval(-infinity, infinity)


def half_line(like: Any) -> Support:
    """Return the positive numbers."""
    xp = namespace(like)
    return interval(xp.zeros_like(like), xp.full_like(like, float("inf")))


def unit_interval(like: Any) -> Support:
    """Return the numbers from 0 to 1."""
    xp = namespace(like)
    return interval(xp.zeros_like(like), xp.ones_like(like))


def integers(low: Any, high: Any) -> Support:
    """Return the whole numbers from low to high."""
    return Support("integers", low, high)
