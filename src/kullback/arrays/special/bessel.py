"""Modified Bessel functions of real order ν ≥ 0, by their logarithms and ratios.

From s = √(ν² + x²) = 25 on, the uniform expansions of `debye` serve; below, the power series of
₀F₁ and the continued fraction of the ratio. The order is a constant: no slope is taken in it.
"""

import math
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import debye
from kullback.arrays.special.differences import piecewise
from kullback.arrays.special.gamma import lgamma
from kullback.arrays.special.gauss import gauss
from kullback.arrays.special.host import native
from kullback.arrays.special.smooth import in_front, repeated, smooth

STEPS = 25
"""How far an order is raised for the continued fraction to start in the expansion."""

SERIES = 44
"""How many terms the power series has, for x ≤ 25."""

LOG_2PI = math.log(2 * math.pi)


def _is_large(v: Any, x: Any) -> Any:
    return namespace(v, x).hypot(v, x) >= debye.FROM


def _at_ends(x: Any, value: Any, at_zero: Any, at_infinity: float) -> Any:
    xp = namespace(x)
    value = xp.where(x == 0, at_zero, value)
    return xp.where(xp.isinf(x), xp.full_like(value, at_infinity), value)


def _ratio_slope_of_slope(v: Any, x: Any) -> Any:
    xp = namespace(v, x)
    tiny = x < 1e-4
    y = xp.where(tiny, xp.ones_like(x), x)
    ratio, slope = bessel_ratio(v, y), bessel_ratio_slope(v, y)
    value = (2 * v + 1) * (ratio / y - slope) / y - 2 * ratio * slope
    return xp.where(tiny, -0.75 * x / ((v + 1) ** 2 * (v + 2)), value)


@smooth(None, _ratio_slope_of_slope)
def bessel_ratio_slope(order: Any, x: Any) -> Any:
    """d/dx I_{ν+1}(x)/I_ν(x), positive: the variance of the cosine under von Mises–Fisher.

    >>> bessel_ratio_slope(0, 1e4)
    5.00025...e-09
    """
    xp = namespace(x)
    value = piecewise(_is_large(order, x), _slope_of_large, _slope_of_small, order, x)
    return _at_ends(x, value, 0.5 / (xp.ones_like(x) + order), 0.0)


@smooth(None, bessel_ratio_slope)
def bessel_ratio(order: Any, x: Any) -> Any:
    """I_{ν+1}(x)/I_ν(x), the mean length of von Mises–Fisher: x/(2ν + 2) for small x, 1 at ∞.

    Correct to 1e-15.

    >>> bessel_ratio(0, 1.0)
    0.44638...
    """
    value = piecewise(_is_large(order, x), _ratio_of_large, _ratio_of_small, order, x)
    return _at_ends(x, value, x, 1.0)


def _ratio_of_large(v: Any, x: Any) -> Any:
    """X (1/(s + ν) + s⁻² Σ s^{1−k} p_k(q))."""
    u = 1 / namespace(v, x).hypot(v, x)
    p = v * u
    sums = debye.summed(debye.of_ratio(), p * p, u)
    return (x * u) * (1 / (1 + p) + u * sums)


def _slope_of_large(v: Any, x: Any) -> Any:
    u = 1 / namespace(v, x).hypot(v, x)
    p = v * u
    return u * (p / (1 + p) + u * debye.summed(debye.of_slope(), p * p, u))


def _ratio_of_small(v: Any, x: Any) -> Any:
    """X ρ_ν, with ρ_ν = 1/(2ν + 2 + x² ρ_{ν+1})."""
    square = x * x
    rho = _reduced_ratio_of_high(v, x)

    def down(i: Any, rho: Any) -> Any:
        return 1 / (2 * (v + (STEPS - i)) + square * rho)

    return x * repeated(down, STEPS, rho)


def _slope_of_small(v: Any, x: Any) -> Any:
    """R′_ν = ρ_ν² (2ν + 2 − x² R′_{ν+1})."""
    square = x * x
    rho = _reduced_ratio_of_high(v, x)
    slope = _slope_of_large(v + STEPS, x)

    def down(i: Any, both: Any) -> Any:
        rho, slope = both
        twice = 2 * (v + (STEPS - i))
        rho = 1 / (twice + square * rho)
        return rho, (rho * rho) * (twice - square * slope)

    return repeated(down, STEPS, (rho, slope))[1]


def _reduced_ratio_of_high(v: Any, x: Any) -> Any:
    s = namespace(v, x).hypot(v + STEPS, x)
    u = 1 / s
    p = (v + STEPS) * u
    return u * (1 / (1 + p) + u * debye.summed(debye.of_ratio()[:8], p * p, u))


@smooth(None, lambda v, x: bessel_ratio(v, x) + _order_over(v, x))
def log_iv(order: Any, x: Any) -> Any:
    """Log I_ν(x) for ν ≥ 0, x ≥ 0, where I itself may under- or overflow.

    Correct to 1e-15, relative to the larger of 1 and its terms.

    >>> log_iv(500, 1.0)
    -2957.9035497383...
    """
    xp = namespace(x)
    value = piecewise(_is_large(order, x), _log_of_large, _log_of_small, order, x) + x
    zero = xp.zeros_like(value)
    value = _at_ends(x, value, xp.where(order == 0, zero, zero - math.inf), math.inf)
    return xp.where((order == 0) & (x < 1), _log_series(order, x), value)


def _order_over(v: Any, x: Any) -> Any:
    xp = namespace(v, x)
    return xp.where(v == 0, xp.zeros_like(x), v / xp.where(v == 0, xp.ones_like(x), x))


def _log_of_large(v: Any, x: Any) -> Any:
    """(s − x) + ν log x/(ν + s) − ½ log 2πs + Σ s^{−k} p_k(q)."""
    xp = namespace(v, x)
    s = xp.hypot(v, x)
    u = 1 / s
    p = v * u
    leading = v * (v / (s + x) + _log_quotient(v, x, s))
    sums = u * debye.summed(debye.of_logarithm(), p * p, u)
    return leading + (sums - 0.5 * (xp.log(s) + LOG_2PI))


def _log_quotient(v: Any, x: Any, s: Any) -> Any:
    """Log x/(ν + s) = −asinh(ν/x), 0 at ν = 0."""
    xp = namespace(v, x)
    return xp.where(v < x, -xp.asinh(v / x), xp.log(x / (v + s)))


def _log_of_small(v: Any, x: Any) -> Any:
    """ν log(x/2) − log Γ(ν + 1) + log ₀F₁(ν + 1, x²/4) − x."""
    xp = namespace(v, x)
    none = v == 0
    power = v * xp.log(0.5 * xp.where(none, xp.ones_like(x), x))
    return power - lgamma(v + 1) + (_log_series(v, x) - x)


def _log_series(v: Any, x: Any) -> Any:
    """Log ₀F₁(ν + 1, y) = log(1 + y/(ν + 1) (1 + y/(2 (ν + 2)) (1 + …))), y = x²/4."""
    y = 0.25 * x * x

    def inner(i: Any, value: Any) -> Any:
        k = SERIES - i
        return 1 + (y / (k * (v + k))) * value

    value = repeated(inner, SERIES - 1, namespace(v, x).ones_like(x))
    return namespace(v, x).log1p(y / (v + 1) * value)


@smooth(
    None,
    lambda v, a, b: (a - b) * bessel_ratio_slope(v, a),
    lambda v, a, b: bessel_ratio(v, b) - bessel_ratio(v, a),
)
def log_iv_excess(order: Any, a: Any, b: Any) -> Any:
    """F(b) − F(a) − (b − a) F′(a) ≥ 0, for F(x) = log I_ν(x) − ν log x: no cancellation at a = b.

    KL of von Mises–Fisher laws of one direction with concentrations a and b, ν = d/2 − 1.

    >>> log_iv_excess(0, 10.0, 10.001)
    2.64901115909511...e-09
    """
    xp = namespace(a, b)
    smooth_between = (xp.abs(b - a) <= 0.6 * (a + b)) | (xp.maximum(a, b) <= order + 2)
    return piecewise(smooth_between, _excess_of_near, _excess_of_far, order, a, b)


def _excess_of_near(v: Any, a: Any, b: Any) -> Any:
    """d² ∫₀¹ (1 − r) R′(a + r d) dr, by Gauss and Legendre."""
    xp, d = namespace(a, b), b - a
    nodes, weights = gauss(16)
    r, weight = in_front(nodes, a), in_front(weights, a)
    x = a[None] + r * d[None]
    slopes = bessel_ratio_slope(xp.broadcast_to(v[None], x.shape), x)
    return d * (d * xp.sum(weight * (1 - r) * slopes, axis=0))


def _excess_of_far(v: Any, a: Any, b: Any) -> Any:
    large = _is_large(v, a) & _is_large(v, b)
    return piecewise(large, _excess_of_large, _excess_of_other, v, a, b)


def _excess_of_other(v: Any, a: Any, b: Any) -> Any:
    return _log_reduced(v, b) - _log_reduced(v, a) - (b - a) * bessel_ratio(v, a)


def _log_reduced(v: Any, x: Any) -> Any:
    """Log ₀F₁(ν + 1, x²/4)."""
    return piecewise(_is_large(v, x), _log_reduced_of_large, _log_series, v, x)


def _log_reduced_of_large(v: Any, x: Any) -> Any:
    return _log_of_large(v, x) + x - (v * namespace(x).log(0.5 * x) - lgamma(v + 1))


def _excess_of_large(v: Any, a: Any, b: Any) -> Any:
    """The expansions subtracted term by term; `main` is z − s − d a/(s + ν), for z = √(ν² + b²)."""
    xp = namespace(a, b)
    s, z = xp.hypot(v, a), xp.hypot(v, b)
    d = b - a
    u, w = 1 / s, 1 / z
    gap = d * ((a + b) / (s + z))
    p, r = v * u, v * w
    sums = w * debye.summed(debye.of_logarithm(), r * r, w)
    sums = sums - u * debye.summed(debye.of_logarithm(), p * p, u)
    tangent = debye.summed(debye.of_ratio(), p * p, u) * (u * u)
    main = (d / (s + v)) * (v * ((a + b) / (s + z))) * (1 + v * (d / (b * s + a * z)))
    return main - v * xp.log1p(gap / (v + s)) - 0.5 * xp.log(z / s) + (sums - d * a * tangent)


def _k_riccati(v: Any, x: Any) -> Any:
    slope = log_kv_slope(v, x)
    return (1 + (v / x) ** 2) - slope * (slope + 1 / x)


@smooth(None, _k_riccati)
def log_kv_slope(order: Any, x: Any) -> Any:
    """d/dx log K_ν(x), negative."""
    return piecewise(_is_large(order, x), _k_slope_of_large, _k_slope_of_small, order, x)


def _k_slope_of_large(v: Any, x: Any) -> Any:
    xp = namespace(v, x)
    s = xp.hypot(v, x)
    u = 1 / s
    p = v * u
    sums = debye.summed(debye.of_ratio(), p * p, -u)
    return -s / x + x * (u * u) * sums


def _k_slope_of_small(v: Any, x: Any) -> Any:
    """−K_{ν−1}/K_ν − ν/x."""
    xp = namespace(v, x)
    below, here = native("kve", xp.abs(v - 1), x), native("kve", v, x)
    ok = xp.isfinite(here)
    quotient = xp.where(ok, below, xp.zeros_like(x)) / xp.where(ok, here, xp.ones_like(x))
    return -quotient - v / x


@smooth(None, log_kv_slope)
def log_kv(order: Any, x: Any) -> Any:
    """Log K_ν(x) for ν ≥ 0, x ≥ 0, where K itself may under- or overflow.

    >>> log_kv(500, 1.0)
    2950.99579245939...
    """
    value = piecewise(_is_large(order, x), _k_of_large, _k_of_small, order, x)
    return _at_ends(x, value, namespace(x).full_like(x, math.inf), -math.inf)


def _k_of_large(v: Any, x: Any) -> Any:
    xp = namespace(v, x)
    s = xp.hypot(v, x)
    u = 1 / s
    p = v * u
    sums = u * debye.summed(debye.of_logarithm(), p * p, -u)
    return -s - v * _log_quotient(v, x, s) - (0.5 * xp.log(2 * s / math.pi) + sums)


def _k_of_small(v: Any, x: Any) -> Any:
    """Log K by SciPy; where K overflows, x is so small that K = ½ Γ(ν) (2/x)^ν."""
    xp = namespace(v, x)
    value = xp.log(native("kve", v, x)) - x
    order = xp.where(v > 0, v, xp.ones_like(v))
    leading = lgamma(order) - math.log(2) - order * xp.log(0.5 * x)
    return xp.where(xp.isinf(value), leading, value)


def _slope_of_i0e(x: Any) -> Any:
    return i1e(x) - namespace(x).sign(x) * i0e(x)


@smooth(_slope_of_i0e, native=True)
def i0e(x: Any) -> Any:
    """e^{−|x|} I₀(x).

    >>> i0e(2.0)
    0.30850832255...
    """
    return native("i0e", x, torch="i0e", jax="i0e")


def _slope_of_i1e(x: Any) -> Any:
    return i0e(x) - _i1e_over(x) - namespace(x).sign(x) * i1e(x)


@smooth(_slope_of_i1e, native=True)
def i1e(x: Any) -> Any:
    """e^{−|x|} I₁(x).

    >>> i1e(2.0)
    0.21526928924...
    """
    return native("i1e", x, torch="i1e", jax="i1e")


def _i1e_over(x: Any) -> Any:
    xp = namespace(x)
    none = x == 0
    safe = xp.where(none, xp.ones_like(x), x)
    return xp.where(none, xp.full_like(x, 0.5), i1e(safe) / safe)
