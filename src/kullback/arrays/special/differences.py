"""log Γ and ψ at two arguments a and b, subtracted term by term: d = b − a is a factor of all.

With t = d/a, φ(t) = t − log(1 + t) and h(t) = (1 + t) log(1 + t) − t, both ≥ 0:

    excess(a, b) = log Γ(b) − log Γ(a) − d ψ(a) = Σ_{k<n} φ(d/(a + k)) + excess(a + n, b + n)
    excess(a, b) = a h(t) + φ(t)/2 + G(a, b),                        by Stirling's series

where G, ≥ 0 too, is what the series Σ_j B_{2j}/(2j (2j − 1)) x^{1−2j} leaves. Near t = 0 the
logarithm is that of (1 + s)/(1 − s), s = d/(a + b). The functions here see float64 and are no more
than sums of products: no slopes are taken through them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from kullback.arrays.namespace import library_of, namespace
from kullback.arrays.special.smooth import repeated
from kullback.arrays.stable import log_remainder

BERNOULLI = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6, -3617 / 510)
"""B₂, B₄, …, B₁₆."""

_BINET = tuple(b / ((2 * j + 1) * (2 * j + 2)) for j, b in enumerate(BERNOULLI))

_DIGAMMA = tuple(b / (2 * j + 2) for j, b in enumerate(BERNOULLI))

STEPS = 10
"""Stirling's series serves from here on, to 1e-16; smaller arguments are shifted by as many."""

NEAR = 0.2
"""Up to here in |s| the polynomial serves for the logarithm."""


def piecewise(mask: Any, yes: Callable[..., Any], no: Callable[..., Any], *xs: Any) -> Any:
    """Return yes(xs) where the mask holds and no(xs) elsewhere; numpy visits each part alone."""
    xp = namespace(*xs)
    if library_of(mask) != "numpy":
        return xp.where(mask, yes(*xs), no(*xs))
    if mask.all():
        return yes(*xs)
    if not mask.any():
        return no(*xs)
    out = np.empty_like(xs[0])
    out[mask] = yes(*(x[mask] for x in xs))
    out[~mask] = no(*(x[~mask] for x in xs))
    return out


def excess(a: Any, b: Any, d: Any) -> Any:
    """Return log Γ(b) − log Γ(a) − d ψ(a), for d = b − a known better than its ends."""
    xp = namespace(a, b)
    small = (a < STEPS) | (b < STEPS)
    value = piecewise(small, _excess_of_small, _excess_of_large, a, b, d)
    edge = (a == 0) | (b == 0) | xp.isinf(a) | xp.isinf(b)
    value = xp.where(edge & (a >= 0) & (b >= 0), xp.full_like(value, float("inf")), value)
    return xp.where(a == b, xp.zeros_like(value), value)


def difference(a: Any, b: Any) -> Any:
    """Return ψ(b) − ψ(a)."""
    xp = namespace(a, b)
    small = (a < STEPS) | (b < STEPS)
    value = piecewise(small, _difference_of_small, _difference_of_large, a, b, b - a)
    infinite = xp.full_like(value, float("inf"))
    value = xp.where((a == 0) | xp.isinf(b), infinite, value)
    value = xp.where((b == 0) | xp.isinf(a), -infinite, value)
    return xp.where(a == b, xp.zeros_like(value), value)


def is_near(a: Any, b: Any, d: Any) -> Any:
    """Tell whether |s| ≤ 1/5."""
    return namespace(d).abs(d) <= NEAR * (a + b)


def _excess_of_small(a: Any, b: Any, d: Any) -> Any:
    shifted = piecewise(is_near(a, b, d), _sum_of_near, _sum_of_apart, a, b, d)
    return shifted + _excess_of_large(a + STEPS, b + STEPS, d)


def _sum_of_near(a: Any, b: Any, d: Any, first: int = 0) -> Any:
    """Σ_{k<n} φ(d/(a + k)), for |s| ≤ 1/5."""
    total = a + b
    value = _phi(d / (total + 2 * first))
    rest = STEPS - first - 1
    return repeated(lambda i, v: v + _phi(d / (total + 2 * (i + first + 1))), rest, value)


def _sum_of_apart(a: Any, b: Any, d: Any) -> Any:
    return piecewise(is_near(a + 1, b + 1, d), _sum_of_one_far, _sum_of_far, a, b, d)


def _sum_of_one_far(a: Any, b: Any, d: Any) -> Any:
    """The same sum, where a and b are so small that only its first term is large."""
    return (d / a - namespace(a, b).log(b / a)) + _sum_of_near(a, b, d, first=1)


def _sum_of_far(a: Any, b: Any, d: Any) -> Any:
    """Σ_{k<n} d/(a + k) − log Π (b + k)/(a + k), the product taken in two halves."""
    xp = namespace(a, b)
    value = xp.zeros_like(a)
    for start, stop in ((0, STEPS // 2), (STEPS // 2, STEPS)):
        ratio = xp.ones_like(a)
        for k in range(start, stop):
            value = value + d / (a + k)
            ratio = ratio * ((b + k) / (a + k))
        value = value - xp.log(ratio)
    return value


def _phi(s: Any) -> Any:
    """φ(t) for t = 2s/(1 − s), |s| ≤ 1/5: s² (2/(1 − s) − s R(s²))."""
    w = s * s
    return w * (2 / (1 - s) - s * log_remainder(w))


def _excess_of_large(a: Any, b: Any, d: Any) -> Any:
    main = piecewise(is_near(a, b, d), _main_of_near, _main_of_far, a, b, d)
    return main + binet_excess(a, b, d)


def _main_of_near(a: Any, b: Any, d: Any) -> Any:
    """A h(t) + φ(t)/2, for |s| ≤ 1/5: h = s² (2 + (1 + s) s R(s²))/(1 − s)."""
    s = d / (a + b)
    w = s * s
    rest = s * log_remainder(w)
    return w * ((a * (2 + (1 + s) * rest) + 1) / (1 - s) - 0.5 * rest)


def _main_of_far(a: Any, b: Any, d: Any) -> Any:
    """B x − d + (d/a − x)/2, x = log b/a."""
    x = namespace(a, b).log(b / a)
    return b * x - d + 0.5 * (d / a - x)


def binet_excess(a: Any, b: Any, d: Any) -> Any:
    """G = t² Σ_j B_{2j}/(2j (2j − 1)) T_{2j−1}, T_m = Σ_{i≤m} i a^{−i+1} b^{−(m+1−i)}."""
    u, v = 1 / a, 1 / b
    t = d * u
    power, part = u, v
    value = v * (BERNOULLI[0] / 2)
    for m in range(2, 2 * len(BERNOULLI)):
        part = v * (part + m * power)
        power = power * u
        if m % 2:
            value = value + (BERNOULLI[m // 2] / (m * (m + 1))) * part
    return t * (t * value)


def _difference_of_small(a: Any, b: Any, d: Any) -> Any:
    """Σ_{k<n} d/((a + k)(b + k)) + ψ(b + n) − ψ(a + n)."""
    value = (d / a) / b
    for k in range(1, STEPS):
        value = value + (d / (a + k)) / (b + k)
    return value + _difference_of_large(a + STEPS, b + STEPS, d)


def _difference_of_large(a: Any, b: Any, d: Any) -> Any:
    """Log b/a + d/(2ab) + (a⁻² − b⁻²) Q[a⁻², b⁻²], with Q(w) = Σ_j B_{2j}/(2j) wʲ."""
    u, v = 1 / a, 1 / b
    x, y = u * u, v * v
    at_x = namespace(a).full_like(a, BERNOULLI[-1] / (2 * len(BERNOULLI)))
    slope = at_x
    for j in range(len(BERNOULLI) - 1, 0, -1):
        at_x = at_x * x + BERNOULLI[j - 1] / (2 * j)
        slope = slope * y + at_x
    log = piecewise(is_near(a, b, d), _log_of_near, _log_of_far, a, b, d)
    return log + ((d * u) * v) * (0.5 + (u + v) * slope)


def _log_of_near(a: Any, b: Any, d: Any) -> Any:
    s = d / (a + b)
    return s * (2 + s * s * log_remainder(s * s))


def _log_of_far(a: Any, b: Any, _d: Any) -> Any:
    return namespace(a, b).log(b / a)


def binet(x: Any) -> Any:
    """Log Γ(x) − (x − ½) log x + x − ½ log 2π, for x ≥ 10."""
    u = 1 / x
    w = u * u
    value = namespace(x).full_like(x, _BINET[-1])
    for c in _BINET[-2::-1]:
        value = value * w + c
    return u * value


def phi_and_h(r: Any, ratio: Any) -> tuple[Any, Any]:
    """φ(r) and h(r), ratio = 1 + r being given too."""
    xp = namespace(r)
    near = xp.abs(r) <= NEAR * (2 + r)
    s = xp.where(near, r / (2 + r), xp.zeros_like(r))
    w = s * s
    rest = s * log_remainder(w)
    log = xp.log(ratio)
    phi = xp.where(near, w * (2 / (1 - s) - rest), r - log)
    return phi, xp.where(near, w * (2 + (1 + s) * rest) / (1 - s), ratio * log - r)


def digamma_remainder(x: Any) -> Any:
    """ψ(x) − log x, for x ≥ 10."""
    u = 1 / x
    w = u * u
    value = namespace(x).full_like(x, _DIGAMMA[-1])
    for c in _DIGAMMA[-2::-1]:
        value = value * w + c
    return -u * (0.5 + u * value)
