"""Uniform expansions of modified Bessel functions in 1/s, s = √(ν² + x²), with q = (ν/s)².

θ = x d/dx log I_ν(x) solves x θ′ + θ² = s². Inserting θ = s Σ_k c_k(q) s^{−k} gives c₀ = 1 and

    c_k = −½ (Σ_{0<i<k} c_i c_{k−i} + (1 − q)((2 − k) c_{k−1} − 2q c′_{k−1})),

polynomials in q with the factor 1 − q = (x/s)²: the expansion holds for small orders, large orders,
and all between (Olver, NIST Handbook, 10.41). From s = 25 on, the 23 terms kept give float64.
K_ν follows by s → −s.
"""

from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

from kullback.arrays.special.smooth import in_front

FROM = 25.0
"""Where the expansion begins to serve."""

TERMS = 23

Polynomial = list[Fraction]


def _times(p: Polynomial, q: Polynomial) -> Polynomial:
    out = [Fraction(0)] * (len(p) + len(q) - 1)
    for i, x in enumerate(p):
        for j, y in enumerate(q):
            out[i + j] += x * y
    return out


def _plus(p: Polynomial, q: Polynomial) -> Polynomial:
    short, long = sorted((p, q), key=len)
    return [x + y for x, y in zip(short, long, strict=False)] + long[len(short) :]


def _q_slope(p: Polynomial) -> Polynomial:
    return [m * x for m, x in enumerate(p)]


_REST = [Fraction(1), Fraction(-1)]
"""1 − q."""


@cache
def _reduced() -> list[Polynomial]:
    """c_k/(1 − q) for k = 1, 2, …."""
    whole: list[Polynomial] = [[Fraction(1)]]
    reduced: list[Polynomial] = []
    for k in range(1, TERMS + 2):
        last = whole[k - 1]
        value = _plus([(2 - k) * x for x in last], [-2 * x for x in _q_slope(last)])
        for i in range(1, k):
            value = _plus(value, _times(reduced[i - 1], whole[k - i]))
        reduced.append([-x / 2 for x in value])
        whole.append(_times(_REST, reduced[-1]))
    return reduced


def _floats(polynomials: list[Polynomial]) -> tuple[tuple[float, ...], ...]:
    return tuple(tuple(map(float, p)) for p in polynomials)


@cache
def of_ratio() -> tuple[tuple[float, ...], ...]:
    """The polynomials of θ = s + (1 − q) Σ_{k≥1} s^{1−k} p_k(q)."""
    return _floats(_reduced()[:TERMS])


@cache
def of_logarithm() -> tuple[tuple[float, ...], ...]:
    """The polynomials of log I_ν(x) = s + ν log x/(ν + s) − ½ log 2πs + Σ_{k≥1} s^{−k} p_k(q)."""
    return _floats(
        [[-x / (k + 2 * m) for m, x in enumerate(p)] for k, p in enumerate(_reduced()[1:], 1)]
    )


@cache
def of_slope() -> tuple[tuple[float, ...], ...]:
    """The polynomials of d/dx I_{ν+1}/I_ν = ν/(s (s + ν)) + Σ_{k≥1} s^{−1−k} p_k(q)."""
    slopes = []
    for k, p in enumerate(_reduced()[:TERMS], 1):
        whole = _times(_REST, p)
        value = _plus([(1 - k) * x for x in whole], [-2 * x for x in _q_slope(whole)])
        slopes.append(_plus(value, [-x for x in p]))
    return _floats(slopes)


def summed(polynomials: tuple[tuple[float, ...], ...], q: Any, step: Any) -> Any:
    """Σ_{k≥1} step^{k−1} p_k(q)."""
    degree = len(polynomials[-1])
    table = np.asarray([p + (0.0,) * (degree - len(p)) for p in polynomials])
    value = in_front(table[:, -1], q)
    for m in range(degree - 2, -1, -1):
        value = value * q[None] + in_front(table[:, m], q)
    total = value[-1]
    for k in range(len(polynomials) - 2, -1, -1):
        total = total * step + value[k]
    return total
