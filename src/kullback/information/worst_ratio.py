"""Bounds by and of the Rényi divergence of order ∞, log max p/q, which is no mean over outcomes.

With t = p/q never above m, a convex f has its largest mean at t ∈ {0, m}: (1 − 1/m) f(0) + f(m)/m;
its least, 0, is approached with ever less mass at m.
"""

import math

import numpy as np

from kullback.forms.pair import pair_of_probabilities
from kullback.information.axes import Axis
from kullback.information.joint_range import Extreme, Laws

_NOTHING = Extreme(0.0, 0.0, None)
_INFINITE = Extreme(math.inf, math.inf, None)


def ends_of_worst_ratio(given: Axis, value: float, wanted: Axis) -> tuple[Extreme, Extreme]:
    """Return the least and the largest value of one of the two, given the other's."""
    if given.order == math.inf:
        if value == 0:
            return _NOTHING, Extreme(0.0, 0.0, ((1.0,), (1.0,)))
        most = wanted.value(_largest_mean(wanted, value))
        laws = _two_points(value) if math.isfinite(most) else None
        return _NOTHING, Extreme(most, most, laws)
    if value == 0:
        return _NOTHING, _NOTHING
    total = given.total(value)
    if math.isinf(given.question.at_zero):
        return _NOTHING, _INFINITE
    low, high = 0.0, 1.0
    while _largest_mean(given, high) < total and high < 1e4:
        high *= 2
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if _largest_mean(given, middle) < total else (low, middle)
    return Extreme(low, high, _two_points(high)), _INFINITE


def _two_points(log_most: float) -> Laws:
    """Return the laws with p/q ∈ {0, m}."""
    inside = math.exp(-log_most)
    return (0.0, 1.0), (-math.expm1(-log_most), inside)


def _largest_mean(axis: Axis, log_most: float) -> float:
    p, q = _two_points(log_most)
    if q[1] == 0:
        return axis.largest
    with np.errstate(all="ignore"):
        pair = pair_of_probabilities(np.asarray(p), np.asarray(q))
        return float(np.sum(axis.question.terms(pair)))
