"""Rows that are at one place: a law with a density draws none such.

Repeats say that values were rounded, are discrete, or were copied. They are never moved apart:
noise added to them makes up the answer. Estimates that take logarithms of distances have none at
distance 0; counted there, a repeated row says how often its place occurs.
"""

import numpy as np

from kullback.forms.samples import Samples


def repeated(x: np.ndarray) -> int:
    """Return how many rows have a copy among the rows.

    >>> repeated(np.asarray([[1.0], [2.0], [1.0], [3.0]]))
    2
    """
    times = copies(x)
    return int((times > 1).sum())


def copies(x: np.ndarray) -> np.ndarray:
    """Return how often each row occurs, itself included; shape (n,)."""
    times = np.ones(len(x), dtype=np.int64)
    some = _suspects(_keys(x))
    if some.size:
        _, which, count = np.unique(x[some] + 0.0, axis=0, return_inverse=True, return_counts=True)
        times[some] = count[which.reshape(-1)]
    return times


def copies_among(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return how often each row of x occurs among the rows of y; shape (n,).

    >>> copies_among(np.asarray([[1.0], [2.0], [3.0]]), np.asarray([[3.0], [2.0], [3.0]]))
    array([0, 1, 2])
    """
    times = np.zeros(len(x), dtype=np.int64)
    here, there = _keys(x), _keys(y)
    if not _suspects(np.concatenate([here, there])).size:
        return times
    some, others = np.flatnonzero(np.isin(here, there)), np.flatnonzero(np.isin(there, here))
    if some.size:
        both = np.concatenate([x[some], y[others]]) + 0.0
        which = np.unique(both, axis=0, return_inverse=True)[1].reshape(-1)
        count = np.bincount(which[some.size :], minlength=int(which.max()) + 1)
        times[some] = count[which[: some.size]]
    return times


def shared(x: np.ndarray, y: np.ndarray) -> int:
    """Return how many rows of x are rows of y too.

    >>> shared(np.asarray([[1.0], [2.0], [1.0]]), np.asarray([[1.0], [5.0]]))
    2
    """
    return int((copies_among(x, y) > 0).sum())


def refuse_discrete(*samples: Samples) -> str | None:
    """Refuse samples in which every row has a copy: their law has outcomes, and no density."""
    for name, sample in zip("pq", samples, strict=False):
        rows = sample.array
        if len(rows) > 1 and (times := copies(rows)).min() > 1:
            distinct = round(float((1 / times).sum()))
            return (
                f"every one of the {len(rows)} draws of {name} has a copy (they are of {distinct} "
                "distinct values): the law has outcomes, and no density. Count them: "
                "kb.Counts(np.unique(x, return_counts=True)[1])"
            )
    return None


def _keys(x: np.ndarray) -> np.ndarray:
    """Return a number a row: equal for equal rows, and hardly ever for others."""
    if x.shape[1] == 1:
        return x[:, 0] + 0.0
    bits = np.ascontiguousarray(x + 0.0).view(np.uint64)  # −0 becomes 0
    odd = np.uint64(0x9E3779B97F4A7C15)
    key = np.zeros(len(x), dtype=np.uint64)
    for column in bits.T:
        key = (key ^ (column >> np.uint64(29)) ^ column) * odd
        key ^= key >> np.uint64(32)
    return key


def _suspects(keys: np.ndarray) -> np.ndarray:
    """Return the rows whose key is another's too."""
    ordered = np.sort(keys)
    twice = ordered[1:][ordered[1:] == ordered[:-1]]
    return np.flatnonzero(np.isin(keys, twice)) if twice.size else np.empty(0, dtype=np.int64)
