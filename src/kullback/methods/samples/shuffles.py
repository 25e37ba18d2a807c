"""Rows dealt anew so that variables have nothing to do with each other, nor rows with their block.

Without a third variable, any row's y may go with any row's x. Where z is known, only with that of a
row whose z is near (Runge): what x and y have in common through z then stays. Blocks are exchanged
whole, with those of the same size, for what rows of a block have in common must stay too.

References
----------
Runge, Conditional independence testing based on a nearest-neighbor estimator of conditional mutual
information, AISTATS 2018.
"""

import math

import numpy as np

NEAR = 5
"""A row's value goes to one of so many rows whose z is nearest, its own among them."""
LEAST = 40
"""Fewer ways than this to exchange blocks cannot show a p-value of 0.025."""


def exchanged(block: np.ndarray, rng: np.random.Generator) -> np.ndarray | None:
    """Return a row for each row: blocks exchanged whole with others of their size, in order.

    None where there are too few ways to exchange them.
    """
    order = np.argsort(block, kind="stable")
    _, start, size = np.unique(block[order], return_index=True, return_counts=True)
    _, alike = np.unique(size, return_counts=True)
    if sum(math.lgamma(m + 1) for m in alike) < math.log(LEAST):
        return None
    source = np.empty(len(block), dtype=np.int64)
    for length in np.unique(size):
        here = np.flatnonzero(size == length)
        rows = order[start[here][:, None] + np.arange(length)]
        source[rows] = rows[rng.permutation(len(here))]
    return source


def nearby(z: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a row for each row, one of those with the nearest z; each but a few is given once.

    Rows ask in turn, in random order, for one of their neighbours not yet given; where all are, the
    last one asked for is given again.
    """
    from scipy.spatial import cKDTree

    n = len(z)
    near = cKDTree(z).query(z, min(NEAR, n), p=np.inf)[1].reshape(n, -1)
    near = rng.permuted(near, axis=1)
    source = np.full(n, -1)
    given = np.zeros(n, dtype=bool)
    for wanted in near.T:
        asking = rng.permutation(np.flatnonzero((source < 0) & ~given[wanted]))
        gift, first = np.unique(wanted[asking], return_index=True)
        source[asking[first]] = gift
        given[gift] = True
    return np.where(source < 0, near[:, -1], source)
