"""How an estimate varies: from smaller samples for neighbours, from redrawn ones elsewhere.

Subsampling (Politis and Romano): b of n rows are drawn *without* replacement, of both samples the
same share f = b/n, and asked again, many times. The variance of their answers is (1 − f) σ²/b where
that of the estimate is σ²/n, so that

    s² = f/(1 − f) · variance of the answers from b rows,

where 1 − f corrects for having drawn from a finite sample. Their mean tells of bias, too: if bias
falls like n^(−γ), answers from b rows differ from the one from n rows by (1/w) times its bias, with
w = 1/(f^(−γ) − 1). So the interval is

    value − w · (mean answer − value) ± t · (1 + ⅔ w) · s,

centred where the bias is taken off, and wider by what taking it off costs: between nothing, where
answers from parts of a sample repeat its own error, and w s, where they know nothing of it. The
rate γ = 3/(2d) in d dimensions and the ⅔ were measured, on the laws of docs/coverage.md.

Why not the bootstrap, with neighbours: rows drawn with replacement repeat: about 63 % of them are
distinct, and a repeated row has its twin at distance 0. Nearest-neighbour distances of bootstrap
samples are those of a law with atoms, whatever the law of the draws; log 0 is infinite, and even
where ties are passed over, distances are those of a sample of 0.63 n rows, dealt unevenly. The
estimate is no smooth function of the weights of rows, which the bootstrap needs. Where it is one
(bounds, transport) the bootstrap serves.

References
----------
Politis and Romano, Large sample confidence regions based on subsamples under minimal assumptions,
Ann. Statist. 22 (1994).
Abadie and Imbens, On the failure of the bootstrap for matching estimators, Econometrica 76 (2008).
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from kullback.methods.samples.draws import Draws
from kullback.methods.samples.progress import watched

Statistic = Callable[[Draws], float]
Interval = Callable[[float], tuple[float, float]]

SMALL = 2000
"""Of samples up to this size a quarter is drawn; of larger ones the share falls."""
POWER = 0.7
"""n^POWER rows of large samples are drawn."""
COST = 2 / 3
"""What taking off bias adds to the spread, for each unit of w."""


@dataclass(frozen=True)
class Spread:
    """How far the value may be off (spread and bias together), and an interval for each level."""

    error: float
    interval: Interval | None


def share_of(rows: int) -> float:
    """Return which share of so many rows a subsample holds.

    >>> share_of(1000), round(share_of(100_000), 4)
    (0.25, 0.0316)
    """
    return min(0.25, max(SMALL / 4, math.pow(rows, POWER)) / rows)


def subsample(draws: Draws, share: float, rng: np.random.Generator) -> Draws:
    """Return a share of the rows on each side without replacement, blocks whole."""
    return draws.taken(*(_some(draws, side, share, rng) for side in "xy"))


def resample(draws: Draws, rng: np.random.Generator) -> Draws:
    """Return as many rows on each side with replacement, blocks whole."""
    return draws.taken(*(_anew(draws, side, rng) for side in "xy"))


def subsampled(
    estimate: Statistic,
    draws: Draws,
    value: float,
    drawn: Callable[[Draws, float, np.random.Generator], Draws],
    times: int,
    share: float,
    rng: np.random.Generator,
    rate: float | None = None,
) -> Spread:
    """Return the spread that smaller samples show.

    Parameters
    ----------
    drawn : callable
        Draws a share of the rows.
    rate : float, optional
        γ, by which bias falls like n^(−γ); None takes no bias off.
    """
    found = _asked(estimate, (drawn(draws, share, rng) for _ in range(times)), times)
    spread = math.sqrt(share / (1 - share)) * _deviation(found)
    if rate is None or not math.isfinite(spread):
        return around(value, spread, freedom(draws, times))
    w = 1 / (share**-rate - 1)
    bias = w * (float(found.mean()) - value)
    wide = (1 + COST * w) * spread
    interval = around(value - bias, wide, freedom(draws, times)).interval
    return Spread(math.hypot(spread, bias), interval)


def bootstrapped(
    estimate: Statistic, draws: Draws, value: float, times: int, rng: np.random.Generator
) -> Spread:
    """Return the spread that redrawn samples show."""
    found = _asked(estimate, (resample(draws, rng) for _ in range(times)), times)
    return around(value, _deviation(found), freedom(draws, times))


def freedom(draws: Draws, times: int) -> float:
    """Return on how many independent parts the error rests, less one."""
    blocks = [len(np.unique(b)) for b in (draws.block_x, draws.block_y) if b is not None]
    return float(min([times, *blocks]) - 1)


def around(value: float, error: float, degrees: float = math.inf) -> Spread:
    """Return the interval value ± t · error, with Student's t of so many degrees."""
    if not math.isfinite(error) or not math.isfinite(value):
        return Spread(math.inf, lambda _level: (-math.inf, math.inf))

    def interval(level: float) -> tuple[float, float]:
        reach = quantile_of_t(0.5 + level / 2, degrees) * error
        return value - reach, value + reach

    return Spread(error, interval)


def quantile_of_t(share: float, degrees: float) -> float:
    """Return Student's quantile; the normal one for infinite degrees.

    >>> round(quantile_of_t(0.975, 10), 4), round(quantile_of_t(0.975, math.inf), 4)
    (2.2281, 1.96)
    """
    from scipy.special import ndtri, stdtrit

    if degrees <= 0:
        return math.inf
    return float(ndtri(share) if math.isinf(degrees) else stdtrit(degrees, share))


def _asked(estimate: Statistic, samples: Iterable[Draws], times: int) -> np.ndarray:
    return np.array([estimate(some) for some in watched(samples, "resampling", times)])


def _deviation(found: np.ndarray) -> float:
    return float(found.std(ddof=1)) if np.isfinite(found).all() else math.inf


def _side(draws: Draws, side: str) -> tuple[int, np.ndarray | None]:
    return (draws.n, draws.block_x) if side == "x" else (draws.m, draws.block_y)


def _some(draws: Draws, side: str, share: float, rng: np.random.Generator) -> np.ndarray:
    rows, block = _side(draws, side)
    if block is None or rows == 0:
        chosen = rng.choice(rows, round(share * rows), replace=False) if rows else np.arange(0)
        return np.sort(chosen)
    labels = np.unique(block)
    kept = rng.choice(labels, max(1, round(share * len(labels))), replace=False)
    return np.flatnonzero(np.isin(block, kept))


def _anew(draws: Draws, side: str, rng: np.random.Generator) -> np.ndarray:
    rows, block = _side(draws, side)
    if block is None or rows == 0:
        return np.sort(rng.integers(0, rows, rows)) if rows else np.arange(0)
    labels, start = np.unique(np.sort(block), return_index=True)
    order = np.argsort(block, kind="stable")
    members = np.split(order, start[1:])
    return np.concatenate([members[i] for i in rng.integers(0, len(labels), len(labels))])
