"""Neighbours of numbers: sorted, the k nearest are k in a row.

Of the windows y[j … j + k − 1] around x, the distance x − y[j] falls with j and y[j + k − 1] − x
rises; the k-th nearest neighbour is at the larger of both where they cross, found by halving.
"""

from collections.abc import Callable

import numpy as np


def kth_distance(x: np.ndarray, y: np.ndarray, k: int) -> np.ndarray:
    """Return the distance from each x to the k-th nearest of the sorted y; shape (n,)."""
    j = _window(x, y, k)
    here = np.maximum(x - y[j], y[j + k - 1] - x)
    before = np.maximum(j - 1, 0)
    return np.asarray(np.minimum(here, np.maximum(x - y[before], y[before + k - 1] - x)))


def _window(x: np.ndarray, y: np.ndarray, k: int) -> np.ndarray:
    """Return the first j at which y[j + k − 1] − x ≥ x − y[j], or the last window."""
    middle = np.searchsorted(y, x)
    low, high = np.clip(middle - k, 0, len(y) - k), np.minimum(middle, len(y) - k)
    for _ in range(int(k).bit_length() + 1):
        j = (low + high) // 2
        crossed = y[j + k - 1] - x >= x - y[j]
        low, high = np.where(crossed, low, np.minimum(j + 1, high)), np.where(crossed, j, high)
    return np.asarray(high)


def distances(x: np.ndarray, y: np.ndarray, k: int) -> np.ndarray:
    """Return the distances from each x to the k nearest of the sorted y, in order; shape (n, k)."""
    j = _window(x, y, k)
    before = np.maximum(j - 1, 0)
    worst_here = np.maximum(x - y[j], y[j + k - 1] - x)
    worst_before = np.maximum(x - y[before], y[before + k - 1] - x)
    first = np.where(worst_before < worst_here, before, j)
    found = np.abs(y[first[:, None] + np.arange(k)] - x[:, None])
    found.sort(axis=1)
    return np.asarray(found)


def count_within(x: np.ndarray, y: np.ndarray, radius: np.ndarray) -> np.ndarray:
    """Return how many of the sorted y lie at most a radius from each x; shape (n,).

    A y is within if the rounded |y − x| is: x ± radius is rounded too, so that the ends found by it
    are put right, one group of equal y after another.
    """
    turn = np.argsort(x)  # numbers asked in order find their places in the cache
    x, radius = x[turn], radius[turn]
    low = np.searchsorted(y, x - radius, side="left")
    high = np.searchsorted(y, x + radius, side="right")
    low = _settle(low, y, lambda y, i: x[i] - y <= radius[i])
    high = _settle(high, y, lambda y, i: y - x[i] > radius[i])
    count = np.empty(len(x), dtype=np.int64)
    count[turn] = np.maximum(high - low, 0)
    return count


def _settle(
    j: np.ndarray, y: np.ndarray, holds: Callable[[np.ndarray, np.ndarray], np.ndarray]
) -> np.ndarray:
    """Return, for each i, the first j at which holds(y[j], i); it is false first, then true."""
    i = np.flatnonzero(j > 0)
    while (i := i[holds(y[j[i] - 1], i)]).size:
        j[i] = np.searchsorted(y, y[j[i] - 1], side="left")
        i = i[j[i] > 0]
    i = np.flatnonzero(j < len(y))
    while (i := i[~holds(y[j[i]], i)]).size:
        j[i] = np.searchsorted(y, y[j[i]], side="right")
        i = i[j[i] < len(y)]
    return j
