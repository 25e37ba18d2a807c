"""The mean of a statistic: of draws and tables a sum, of laws a formula where there is one."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kullback.forms.families import Mixture
from kullback.forms.families.derived.derived import mean_of, variance_of
from kullback.forms.families.family import Family
from kullback.learn.projection.points import Points
from kullback.methods.formulas.lookup import find_moment
from kullback.methods.formulas.statistics import (
    Log,
    LogComplement,
    Mean,
    Reciprocal,
    SquaredDeviation,
    SquaredLogDeviation,
    Statistic,
)

MeanOf = Callable[[Statistic], float]
"""From a statistic T to E T."""


class UnknownMeanError(ArithmeticError):
    """A mean for which there is no formula, or that does not exist."""


def of_points(points: Points) -> MeanOf:
    """Return the function that gives Σ w T(x)."""

    def mean(statistic: Statistic) -> float:
        with np.errstate(all="ignore"):
            return _sound(float(points.weight @ _at(statistic, points.x)), statistic)

    return mean


def of_law(p: Any) -> MeanOf:
    """Return the function that gives E_p T by its formula.

    Raises
    ------
    UnknownMeanError
        When asked for a mean that has none.
    """

    def mean(statistic: Statistic) -> float:
        if isinstance(p, Mixture):
            each = [of_law(part)(statistic) for part in p.parts]
            return float(np.asarray(p.weights) @ np.asarray(each))
        known = _by_two_moments(p, statistic)
        if known is not None:
            return _sound(known, statistic)
        if not isinstance(p, Family):
            raise UnknownMeanError(f"E {statistic.written()} of a density")
        found = find_moment(p, statistic)
        if isinstance(found, str):
            raise UnknownMeanError(found)
        return _sound(float(found()), statistic)

    return mean


def _by_two_moments(p: Any, statistic: Statistic) -> float | None:
    """E x = m; E (x − c)² = v + (m − c)²."""
    if not isinstance(statistic, (Mean, SquaredDeviation)):
        return None
    m = mean_of(p)
    if m is None or isinstance(statistic, Mean):
        return None if m is None else float(m)
    v = variance_of(p)
    return None if v is None else float(v) + (float(m) - float(statistic.center)) ** 2


def _at(statistic: Statistic, x: Any) -> Any:
    """T(x)."""
    match statistic:
        case Mean():
            return x
        case SquaredDeviation():
            return (x - statistic.center) ** 2
        case Log():
            return np.log(x)
        case LogComplement():
            return np.log1p(-x)
        case Reciprocal():
            return 1 / x
        case SquaredLogDeviation():
            return (np.log(x) - statistic.center) ** 2
    raise UnknownMeanError(f"E {statistic.written()} of draws")


def _sound(mean: float, statistic: Statistic) -> float:
    if not np.isfinite(mean):
        raise UnknownMeanError(f"E {statistic.written()} is {mean}")
    return mean
