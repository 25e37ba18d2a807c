"""Gauss and Legendre's rule on (0, 1), with all digits of its nodes and weights."""

from decimal import Decimal, localcontext
from functools import cache

import numpy as np


@cache
def gauss(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Return n nodes and weights.

    Newton's step in decimals polishes numpy's nodes: its weights lose four digits near the ends.

    >>> nodes, weights = gauss(3)
    >>> nodes.tolist()
    [0.11270166537925831, 0.5, 0.8872983346207417]
    """
    rough, _ = np.polynomial.legendre.leggauss(n)
    nodes, weights = np.empty(n), np.empty(n)
    with localcontext(prec=40):
        for i, start in enumerate(rough):
            z = Decimal(float(start))
            for _ in range(2):
                value, slope = _legendre(n, z)
                z -= value / slope
            _, slope = _legendre(n, z)
            nodes[i] = float((1 + z) / 2)
            weights[i] = float(1 / ((1 - z * z) * slope * slope))
    return nodes, weights


def _legendre(n: int, z: Decimal) -> tuple[Decimal, Decimal]:
    """P_n(z) and its slope."""
    before, value = Decimal(1), z
    for k in range(2, n + 1):
        before, value = value, ((2 * k - 1) * z * value - (k - 1) * before) / k
    return value, n * (before - z * value) / (1 - z * z)
