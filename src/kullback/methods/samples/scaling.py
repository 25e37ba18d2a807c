"""Coordinates brought to one scale, since a distance compares them.

Information does not change when a coordinate is stretched, or mapped by an increasing function; its
estimates do, where they measure distances in several coordinates at once.
"""

from typing import Literal

import numpy as np

Scale = Literal["deviation", "ranks"]
SCALES = (None, "deviation", "ranks")
_BITS = 28


def scaled(x: np.ndarray, scale: Scale | None) -> np.ndarray:
    """Return the rows on a scale.

    Parameters
    ----------
    x : array, shape (n, d)
        The rows.
    scale : str or None
        "deviation" divides each column by its standard deviation; "ranks" puts the normal quantile
        of its rank in the place of each number, so that increasing maps of a coordinate change
        nothing; None leaves them as they are. Equal numbers stay equal.
    """
    if scale == "ranks":
        return np.column_stack([_normal_scores(column) for column in x.T])
    return x if scale is None else x * _over_deviation(x)


def _over_deviation(x: np.ndarray) -> np.ndarray:
    """1/s to 28 bits: whole numbers and single precision then keep equal distances equal."""
    deviation = x.std(axis=0)
    some = (deviation > 0) & np.isfinite(deviation)
    part, power = np.frexp(1 / np.where(some, deviation, 1.0))
    return np.asarray(np.ldexp(np.round(np.ldexp(part, _BITS)), power - _BITS))


def _normal_scores(column: np.ndarray) -> np.ndarray:
    """Φ⁻¹((rank − ½)/n), equal numbers at the middle of their ranks."""
    from scipy.special import ndtri

    _, which, size = np.unique(column, return_inverse=True, return_counts=True)
    middle, n = np.cumsum(size) - size / 2, len(column)
    score = ndtri(np.minimum(middle, n - middle) / n)
    return np.asarray(np.where(middle > n / 2, -score, score)[which.reshape(-1)])
