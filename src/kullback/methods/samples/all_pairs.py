"""Neighbours by comparing all pairs, in blocks that stay in the cache.

Squared Euclidean distances come from one matrix product a block, ‖x‖² + ‖y‖² − 2 x·y, of rows moved
to their common mean. What rounding can do there is bounded; where the bound leaves a doubt rows are
looked at again by their differences, so that no answer rests on numbers that cancelled.
"""

from collections.abc import Iterator

import numpy as np

PAIRS = 1 << 19
"""How many pairs are held at a time: 4 MB."""

SPARE = 4
"""How many neighbours beyond the k-th are looked at exactly: they tell if one was missed."""


def distances(x: np.ndarray, y: np.ndarray, k: int, metric: str) -> np.ndarray:
    """Return the distances from rows of x to their k nearest rows of y, in order; shape (n, k)."""
    out = np.empty((len(x), k))
    wanted = min(k + SPARE, len(y))
    for rows, apart, doubt in _blocks(x, y, metric):
        if metric == "chebyshev":
            out[rows] = np.sort(np.partition(apart, k - 1, axis=1)[:, :k], axis=1)
            continue
        some = np.argpartition(apart, wanted - 1, axis=1)[:, :wanted]
        farthest = np.take_along_axis(apart, some, axis=1).max(axis=1)
        exact = np.sort(_between(x[rows, None, :], y[some]), axis=1)[:, :k]
        if wanted < len(y):
            for i in np.flatnonzero(exact[:, -1] ** 2 > farthest - doubt):
                every = _between(x[rows][i], y)
                exact[i] = np.sort(np.partition(every, k - 1)[:k])
        out[rows] = exact
    return out


def count_within(x: np.ndarray, y: np.ndarray, radius: np.ndarray, metric: str) -> np.ndarray:
    """Return how many rows of y lie at most a radius from each row of x; shape (n,)."""
    out = np.empty(len(x), dtype=np.int64)
    for rows, apart, doubt in _blocks(x, y, metric):
        r = radius[rows]
        if metric == "chebyshev":
            out[rows] = np.count_nonzero(apart <= r[:, None], axis=1)
            continue
        square = np.where(r < 0, -np.inf, r * r)
        count = np.count_nonzero(apart <= (square - doubt)[:, None], axis=1)
        perhaps = apart <= (square + doubt)[:, None]
        for i in np.flatnonzero(np.count_nonzero(perhaps, axis=1) > count):
            count[i] = np.count_nonzero(_between(x[rows][i], y[perhaps[i]]) <= r[i])
        out[rows] = count
    return out


def _between(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    difference = y - x
    return np.asarray(np.sqrt(np.einsum("...d,...d->...", difference, difference)))


def _blocks(
    x: np.ndarray, y: np.ndarray, metric: str
) -> Iterator[tuple[slice, np.ndarray, np.ndarray]]:
    """Yield rows of x, how far all y are from them, and how wrong rounding may have made that.

    Euclidean distances are squared; Chebyshev's are neither squared nor wrong.
    """
    n, d = x.shape
    step = max(1, PAIRS // len(y))
    if metric == "chebyshev":
        from scipy.spatial.distance import cdist

        for i in range(0, n, step):
            rows = slice(i, min(i + step, n))
            yield rows, cdist(x[rows], y, "chebyshev"), np.zeros(rows.stop - i)
        return
    middle = y.mean(axis=0)
    x, y = x - middle, y - middle
    xx, yy = np.einsum("nd,nd->n", x, x), np.einsum("md,md->m", y, y)
    doubt = 2 * (d + 8) * np.finfo(np.float64).eps * (xx + yy.max())
    minus_twice = np.ascontiguousarray(-2 * y.T)
    for i in range(0, n, step):
        rows = slice(i, min(i + step, n))
        apart = x[rows] @ minus_twice
        apart += yy
        apart += xx[rows, None]
        yield rows, apart, doubt[rows]
