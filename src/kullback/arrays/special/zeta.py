"""Riemann's zeta function for s > 1, its logarithm, and their derivatives.

Σ_{n≥N} (log n)^m n^{−s} by Euler and Maclaurin: the integral, half the first term, and
−Σ_k B_{2k}/(2k)! f^{(2k−1)}(N).
"""

import math
from functools import cache
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special.gauss import gauss
from kullback.arrays.special.smooth import Smooth, in_front, smooth

START = 12
"""Where the sum of single terms ends."""

BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510, 43867 / 798)


@cache
def _sum(m: int) -> Smooth:
    """Σ_{n≥2} (log n)^m n^{−s}: ζ(s) − 1 for m = 0, (−1)^m ζ^{(m)}(s) for others."""

    def body(s: Any) -> Any:
        xp = namespace(s)
        log = math.log(START)
        at_start = xp.exp(-s * log)
        gap = s - 1
        integral = xp.zeros_like(s)
        for i in range(m + 1):
            integral = integral + math.perm(m, m - i) * log**i / gap ** (m - i + 1)
        value = START * at_start * integral + 0.5 * log**m * at_start
        value = value - at_start * _corrections(m, s, log)
        for n in range(START - 1, 1, -1):
            value = value + math.log(n) ** m * xp.exp(-s * math.log(n))
        return value

    return Smooth(body, (lambda s: -_sum(m + 1)(s),))


def _corrections(m: int, s: Any, log: float) -> Any:
    """Σ_k B_{2k}/(2k)! p_{2k−1}(log N) N^{1−2k}, with f^{(j)}(t) = t^{−s−j} p_j(log t)."""
    xp = namespace(s)
    p = [xp.zeros_like(s)] * m + [xp.ones_like(s)]
    total = xp.zeros_like(s)
    for j in range(2 * len(BERNOULLI) - 1):
        slope = [(i + 1) * c for i, c in enumerate(p[1:])] + [xp.zeros_like(s)]
        p = [c - (s + j) * own for c, own in zip(slope, p, strict=True)]
        if j % 2 == 0:
            value = p[-1]
            for c in p[-2::-1]:
                value = value * log + c
            total = total + value * (BERNOULLI[j // 2] / math.factorial(j + 2) / START ** (j + 1))
    return total


def zeta(s: Any) -> Any:
    """ζ(s) = Σ n^{−s}, s > 1.

    >>> zeta(2.0)
    1.6449340668482...
    """
    return 1 + _sum(0)(s)


def _first(s: Any) -> Any:
    return log_zeta_slope(s)


@smooth(_first)
def log_zeta(s: Any) -> Any:
    """Log ζ(s), s > 1, with all digits where it is tiny.

    >>> log_zeta(50.0)
    8.8817...e-16
    """
    return namespace(s).log1p(_sum(0)(s))


def _second(s: Any) -> Any:
    return log_zeta_curvature(s)


@smooth(_second)
def log_zeta_slope(s: Any) -> Any:
    """ζ′(s)/ζ(s): minus the mean of log k under k^{−s}/ζ(s)."""
    return -_sum(1)(s) / (1 + _sum(0)(s))


def _third(s: Any) -> Any:
    total = zeta(s)
    mean = _sum(1)(s) / total
    return -_sum(3)(s) / total + 3 * mean * (_sum(2)(s) / total) - 2 * mean**3


@smooth(_third)
def log_zeta_curvature(s: Any) -> Any:
    """The variance of log k under k^{−s}/ζ(s)."""
    total = 1 + _sum(0)(s)
    mean = _sum(1)(s) / total
    return _sum(2)(s) / total - mean * mean


@smooth(
    lambda s, t: (s - t) * log_zeta_curvature(s),
    lambda s, t: log_zeta_slope(t) - log_zeta_slope(s),
)
def log_zeta_excess(s: Any, t: Any) -> Any:
    """Log ζ(t) − log ζ(s) − (t − s) ζ′(s)/ζ(s) ≥ 0: KL of Zipf laws with exponents s and t.

    >>> log_zeta_excess(2.0, 2.001)
    4.41916142839961...e-07
    """
    xp = namespace(s, t)
    d = t - s
    near = (xp.abs(d) <= 0.6 * (s + t - 2)) & (xp.abs(d) < 10)
    nodes, weights = gauss(16)
    r = in_front(nodes, s)
    end = xp.where(near, d, xp.zeros_like(d))
    curved = xp.sum(in_front(weights, s) * (1 - r) * log_zeta_curvature(s + r * end), axis=0)
    far = log_zeta(t) - log_zeta(s) - d * log_zeta_slope(s)
    return xp.where(near, d * (d * curved), far)
