"""Intervals: from redrawn tables, or from the normal law."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from kullback.methods.counts.delta import standard_error
from kullback.methods.counts.stand_in import stand_in
from kullback.methods.counts.tables import Numbers, Tables, of_laws, without_priors
from kullback.questions import Divergence, Entropy, JointQuestion, Question

Interval = Callable[[float], tuple[Numbers, Numbers]]
Estimator = Callable[[Question, Tables], Numbers]

_BLOCK = 2**22
"""How many counts are held at once."""


@dataclass(frozen=True, eq=False)
class Spread:
    """A standard error, and an interval for each level."""

    error: Numbers
    interval: Interval | None


def redrawn(
    t: Tables, p: Numbers, q: Numbers | None, tables: int, rng: np.random.Generator
) -> Iterator[Tables]:
    """Yield tables of as many draws from p and q, new ones along the first axis, in blocks."""
    step = max(1, _BLOCK // max(1, p.size))
    for start in range(0, tables, step):
        size = min(step, tables - start)
        counts = [
            _multinomial(rng, side.n, law, size) if side.counted and law is not None else side.n
            for side, law in zip(t.sides, (p, q), strict=False)
        ]
        yield t.recounted(*counts)


def _multinomial(rng: np.random.Generator, n: Numbers, p: Numbers, size: int) -> Numbers:
    drawn = rng.multinomial(n.astype(np.int64), p, size=(size, *n.shape))
    return drawn.astype(np.float64)


def bootstrapped(
    estimator: Estimator,
    of: Question,
    t: Tables,
    value: Numbers,
    tables: int,
    rng: np.random.Generator,
) -> Spread:
    """Return the spread of estimates on redrawn tables, centred on the value less its bias there.

    The tables are drawn from `stand_in`, where the truth is known, and so is the bias. The interval
    holds the quantiles of the new estimates, moved to that centre; so it corrects what is left of
    the estimator's bias, and may lie off its value.
    """
    p, q = stand_in(of, t)
    with np.errstate(all="ignore"):
        truth = of_laws(of, p, q, t)
        found = np.concatenate([estimator(of, new) for new in redrawn(t, p, q, tables, rng)])
        lost = ~np.all(np.isfinite(found), axis=0) | ~np.isfinite(truth) | ~np.isfinite(value)
        found = np.where(lost, 0.0, found)
        mean = found.mean(axis=0)
        error = np.where(lost, np.inf, found.std(axis=0, ddof=1))
        centred = np.sort(value - (mean - truth) + (found - mean), axis=0)

    def interval(level: float) -> tuple[Numbers, Numbers]:
        outside = (1 - level) / 2
        low = np.where(lost, -np.inf, _at(centred, outside))
        return bounded(of, t, low, np.where(lost, np.inf, _at(centred, 1 - outside)))

    return Spread(error, interval)


def slope_error(of: Question, t: Tables) -> Numbers:
    """Return the standard error that slopes give, at the law that `stand_in` holds for likely."""
    laws = stand_in(of, t)
    scaled = [
        law * side.n[..., None] if side.counted and law is not None else side.frequencies
        for side, law in zip(t.sides, laws, strict=False)
    ]
    return standard_error(of, without_priors(t).recounted(*scaled))


def normal_interval(of: Question, t: Tables, centre: Numbers, error: Numbers) -> Interval:
    """Return centre ± z · error, within what is possible."""

    def interval(level: float) -> tuple[Numbers, Numbers]:
        z = NormalDist().inv_cdf(0.5 + level / 2)
        infinite = ~np.isfinite(centre) | ~np.isfinite(error)
        with np.errstate(all="ignore"):
            low = np.where(infinite, 0.0, centre - z * error)
            return bounded(of, t, low, np.where(infinite, np.inf, centre + z * error))

    return interval


def quantile_interval(draws: Numbers) -> Interval:
    """Return the interval between quantiles of sorted draws, the new axis first."""

    def interval(level: float) -> tuple[Numbers, Numbers]:
        outside = (1 - level) / 2
        return _at(draws, outside)[()], _at(draws, 1 - outside)[()]

    return interval


def bounded(of: Question, t: Tables, low: Numbers, high: Numbers) -> tuple[Numbers, Numbers]:
    """Return the part of an interval that the question allows: no divergence is negative."""
    least, most = limits(of, t)
    return np.clip(low, least, most)[()], np.clip(high, least, most)[()]


def limits(of: Question, t: Tables) -> tuple[float, float]:
    """Return the least and the largest value that the question can have."""
    if isinstance(of, Entropy):
        return 0.0, math.log(t.k)
    if isinstance(of, JointQuestion):
        assert t.joint is not None
        return 0.0, math.log(min(t.joint[:2]))
    return 0.0, of.upper if isinstance(of, Divergence) else math.inf


def _at(ordered: Numbers, share: float) -> Numbers:
    """Return the quantile of values sorted along the first axis, by the (n + 1) rule."""
    n = ordered.shape[0]
    place = min(max(share * (n + 1) - 1, 0.0), n - 1.0)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    part = place - math.floor(place)
    with np.errstate(all="ignore"):
        between = (1 - part) * low + part * high
    return np.asarray(np.where(low == high, low, between))
