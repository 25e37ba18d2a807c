"""How many draws of q lie where those of p do.

Every draw of p has its k nearest among those of q. A draw of q that is named w times stands for the
density of q over as many draws of p: where few are named by all, the ratio p/q is known at a few
places only, and what an estimate misses between them no resampling shows. Their effective share is

    (Σ w)² / (m Σ w²),

which estimates 1/∫ p²/q, from 0.8 where p = q (chance makes w uneven) down to 0.
"""

import numpy as np

NAMED = 5
"""Neighbours that each draw of p names."""
MOST = 20_000
"""More rows than this are not looked at."""


def overlap(x: np.ndarray, y: np.ndarray) -> float:
    """Return the effective share of rows of y among the neighbours of x.

    >>> rng = np.random.default_rng(0)
    >>> x, y = rng.normal(0, 1, (1000, 1)), rng.normal(0, 1, (1000, 1))
    >>> round(overlap(x, y), 1), round(overlap(x + 2, y), 2)
    (0.8, 0.05)
    """
    from scipy.spatial import cKDTree

    x = _some(x, MOST)
    y = _some(y, min(MOST, len(x)))
    k = min(NAMED, len(y))
    named = np.bincount(cKDTree(y).query(x, k=k)[1].ravel(), minlength=len(y)).astype(float)
    return float(named.sum() ** 2 / (len(y) * (named @ named)))


def _some(rows: np.ndarray, most: int) -> np.ndarray:
    """Return about so many rows, evenly spaced."""
    return rows[:: -(-len(rows) // most)]
