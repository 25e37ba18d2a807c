"""The standard normal between two ends: its mass, mean and variance, without cancellation.

Where the ends are wide apart, differences of Φ are safe. Where they are close, or far out in a
tail, the curve between them is smooth on its own scale and 24 Gauss–Legendre nodes integrate it to
rounding, from positive terms alone.
"""

import math
from functools import cache
from typing import Any

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.special import ndtr
from kullback.forms.families.outcomes import outcomes

_HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


@cache
def _nodes() -> tuple[tuple[float, ...], tuple[float, ...]]:
    x, w = np.polynomial.legendre.leggauss(24)
    return tuple(map(float, x)), tuple(map(float, w))


def _mirrored(alpha: Any, beta: Any) -> tuple[Any, Any, Any]:
    """Return where the interval was mirrored, and its ends: never wholly positive."""
    xp = namespace(alpha, beta)
    upper = alpha > 0
    return upper, xp.where(upper, -beta, alpha), xp.where(upper, -alpha, beta)


def _smooth(a: Any, b: Any) -> tuple[Any, Any, Any]:
    """Return where the nodes serve, and middle and half width of what they are to cover."""
    xp = namespace(a, b)
    tail = b < -3
    reach = xp.where(tail, b, xp.full_like(b, -3.0))
    low = xp.where(tail, xp.maximum(a, reach + 40 / reach), a)
    known = xp.isfinite(low) & xp.isfinite(b)
    low = xp.where(known, low, xp.full_like(low, -0.5))
    high = xp.where(known, b, xp.full_like(b, 0.5))
    steep = (high - low) * (1 + xp.maximum(xp.abs(low), xp.abs(high)))
    serves = known & (tail | (steep < 8))
    low = xp.where(serves, low, xp.full_like(low, -0.5))
    high = xp.where(serves, high, xp.full_like(high, 0.5))
    return serves, 0.5 * (low + high), 0.5 * (high - low)


def _weights(middle: Any, half: Any) -> tuple[Any, Any]:
    """Return nodes t in (−1, 1) and weights w e^(−(z² − middle²)/2), z = middle + half t."""
    nodes, weights = _nodes()
    t = outcomes(nodes, middle)
    step = half[..., None] * t
    return t, outcomes(weights, middle) * namespace(middle).exp(
        -step * (middle[..., None] + 0.5 * step)
    )


def _masked(serves: Any, a: Any, b: Any) -> tuple[Any, Any]:
    xp = namespace(a, b)
    return xp.where(serves, xp.full_like(a, -1.0), a), xp.where(serves, xp.full_like(b, 1.0), b)


def _tail(x: Any) -> tuple[Any, Any, Any]:
    """Return where x is finite, x there, and φ(x), 0 elsewhere."""
    xp = namespace(x)
    finite = xp.isfinite(x)
    y = xp.where(finite, x, xp.zeros_like(x))
    phi = xp.where(finite, xp.exp(-0.5 * y * y - _HALF_LOG_2PI), xp.zeros_like(x))
    return finite, y, phi


def _mass(a: Any, b: Any) -> Any:
    """Φ(b) − Φ(a) for a ≤ 0, wide apart."""
    xp = namespace(a, b)
    has_a, at_a, _ = _tail(a)
    has_b, at_b, _ = _tail(b)
    below = xp.where(has_a, ndtr(at_a), xp.zeros_like(a))
    over = xp.where(has_b, ndtr(-at_b), xp.zeros_like(b))
    return 1 - (below + over)


def log_mass(alpha: Any, beta: Any) -> Any:
    """Return log(Φ(β) − Φ(α)), for −∞ ≤ α < β ≤ ∞."""
    xp = namespace(alpha, beta)
    alpha, beta = xp.broadcast_arrays(alpha, beta)
    _, a, b = _mirrored(alpha, beta)
    serves, middle, half = _smooth(a, b)
    _, weights = _weights(middle, half)
    smooth = xp.log(half * xp.sum(weights, axis=-1)) - 0.5 * middle * middle - _HALF_LOG_2PI
    return xp.where(serves, smooth, xp.log(_mass(*_masked(serves, a, b))))


def cut_moments(alpha: Any, beta: Any) -> tuple[Any, Any]:
    """Return mean and variance of the standard normal between α and β."""
    xp = namespace(alpha, beta)
    alpha, beta = xp.broadcast_arrays(alpha, beta)
    upper, a, b = _mirrored(alpha, beta)
    serves, middle, half = _smooth(a, b)
    t, weights = _weights(middle, half)
    total = xp.sum(weights, axis=-1)
    at = xp.sum(weights * t, axis=-1) / total
    around = t - at[..., None]
    spread = xp.sum(weights * around * around, axis=-1) / total
    a, b = _masked(serves, a, b)
    mass = _mass(a, b)
    _, at_a, phi_a = _tail(a)
    _, at_b, phi_b = _tail(b)
    wide = (phi_a - phi_b) / mass
    mean = xp.where(serves, middle + half * at, wide)
    bend = 1 + (at_a * phi_a - at_b * phi_b) / mass - wide * wide
    return xp.where(upper, -mean, mean), xp.where(serves, half * half * spread, bend)
