"""Whitening: coordinates turned and scaled so that they are uncorrelated, of variance 1."""

import numpy as np

from kullback.errors import InvalidInputError


def whitened(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return both samples in the coordinates in which all their rows together have covariance I.

    Raises
    ------
    InvalidInputError
        If the rows lie in fewer dimensions than they have columns.
    """
    pooled = np.concatenate([x, y])
    middle, scale = pooled.mean(axis=0), pooled.std(axis=0)
    scale = np.where(scale > 0, scale, 1.0)  # first to one scale: units are not to cost digits
    x, y, pooled = ((rows - middle) / scale for rows in (x, y, pooled))
    variance, axes = np.linalg.eigh(np.atleast_2d(pooled.T @ pooled / len(pooled)))
    if not variance[0] > len(variance) * 1e-13 * variance[-1]:
        flat = int((variance <= len(variance) * 1e-13 * variance[-1]).sum())
        raise InvalidInputError(
            f"The draws lie in {len(variance) - flat} of {len(variance)} dimensions: some columns "
            "are constant, or sums of others, and cannot be scaled to variance 1. Leave them out."
        )
    turn = axes / np.sqrt(variance)
    return x @ turn, y @ turn


def spreads(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """Return the least and the largest standard deviation of a column, of both samples together."""
    spread = np.sqrt((x.var(axis=0) + y.var(axis=0)) / 2)
    return float(spread.min()), float(spread.max())
