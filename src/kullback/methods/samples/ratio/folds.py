"""Folds: which rows are held out together."""

import numpy as np
import numpy.typing as npt

Folds = npt.NDArray[np.int64]


def dealt(n: int, folds: int, rng: np.random.Generator | None) -> Folds:
    """Return the fold of each of n things: as even as can be, by chance or in turn."""
    turn = np.arange(n) % folds
    return turn if rng is None else rng.permutation(turn)


def folds_of(n: int, block: Folds | None, folds: int, rng: np.random.Generator | None) -> Folds:
    """Return the fold of each of n rows; the rows of a block are never parted."""
    if block is None:
        return dealt(n, folds, rng)
    number = np.unique(block, return_inverse=True)[1]
    return dealt(int(number.max()) + 1, folds, rng)[number]
