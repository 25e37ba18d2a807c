"""Curves that several densities share, each to full relative precision."""

import math
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import lgamma, lgamma_excess

_LANGEVIN_AT = 0.7
_LOG_SINHC = (  # of log(sinh x / x) in powers of x², from x² on: 2^(2k−1) B_2k/(k (2k)!)
    1 / 6, -1 / 180, 1 / 2835, -1 / 37800, 1 / 467775, -691 / 3831077250, 2 / 127702575,
    -3617 / 2605132530000, 43867 / 350813659321125, -174611 / 15313294652906250,
    155366 / 147926426347074375, -236364091 / 2423034863565098268750,
    1315862 / 144228265688398734375,
)  # fmt: skip


def log1p_square(z: Any) -> Any:
    """Return log(1 + z²), also where z² overflows."""
    xp = namespace(z)
    large = xp.abs(z) > 2 / math.sqrt(float(xp.finfo(z.dtype).eps))
    small = xp.where(large, xp.zeros_like(z), z)
    some = xp.where(large, xp.abs(z), xp.ones_like(z))
    return xp.where(large, 2 * xp.log(some), xp.log1p(small * small))


def absolute_power(z: Any, power: Any) -> Any:
    """Return |z|^power, with slope 0 at 0."""
    xp = namespace(z, power)
    some = z != 0
    return xp.where(some, xp.abs(xp.where(some, z, xp.ones_like(z))) ** power, xp.zeros_like(z))


def _series(x: Any, coefficients: tuple[float, ...]) -> Any:
    w = x * x
    value = w * coefficients[-1] + coefficients[-2]
    for c in coefficients[-3::-1]:
        value = value * w + c
    return value


def _apart(x: Any) -> tuple[Any, Any, Any]:
    """Return where |x| is small, x there, and |x| elsewhere."""
    xp = namespace(x)
    near = xp.abs(x) < _LANGEVIN_AT
    return (
        near,
        xp.where(near, x, xp.zeros_like(x)),
        xp.abs(xp.where(near, xp.ones_like(x), x)),
    )


def log_sinhc(x: Any) -> Any:
    """Return log(sinh x / x)."""
    xp = namespace(x)
    near, y, a = _apart(x)
    far = a + xp.log1p(-xp.exp(-2 * a)) - xp.log(2 * a)
    return xp.where(near, y * y * _series(y, _LOG_SINHC), far)


def langevin(x: Any) -> Any:
    """Return coth x − 1/x, the slope of `log_sinhc`."""
    xp = namespace(x)
    near, y, a = _apart(x)
    slopes = tuple(2 * (k + 1) * c for k, c in enumerate(_LOG_SINHC))
    far = 1 - 1 / a + 2 * xp.exp(-2 * a) / (1 - xp.exp(-2 * a))
    return xp.where(near, y * _series(y, slopes), xp.sign(x) * far)


def langevin_slope(x: Any) -> Any:
    """Return 1/x² − 1/sinh² x, the slope of `langevin`."""
    xp = namespace(x)
    near, y, a = _apart(x)
    bends = tuple((2 * k + 2) * (2 * k + 1) * c for k, c in enumerate(_LOG_SINHC))
    e = xp.exp(-2 * a)
    far = 1 / (a * a) - 4 * e / ((1 - e) * (1 - e))
    return xp.where(near, _series(y, bends), far)


def infinite_unless(exists: Any, value: Any) -> Any:
    """Return value where a moment exists, and ∞ elsewhere."""
    xp = namespace(value)
    return xp.where(exists, value, xp.full_like(value, float("inf")))


def above(x: Any, bound: float) -> tuple[Any, Any]:
    """Return where x is above a bound, and x there, bound + 1 elsewhere."""
    xp = namespace(x)
    exists = x > bound
    return exists, xp.where(exists, x, xp.full_like(x, bound + 1))


def second_difference(a: Any, s: Any) -> Any:
    """Return log Γ(a) − 2 log Γ(a + s) + log Γ(a + 2s), from two terms that are ≥ 0."""
    return lgamma_excess(a + s, a + 2 * s) + lgamma_excess(a + s, a)


def gamma_mean(shape: Any, scale: Any, s: Any) -> Any:
    """Return scale Γ(shape + s)/Γ(shape), the mean of scale g^s; ∞ unless shape + s > 0."""
    xp = namespace(shape, scale)
    exists, top = above(shape + s, 0)
    return infinite_unless(exists, scale * xp.exp(lgamma(top) - lgamma(shape)))


def gamma_variance(shape: Any, scale: Any, s: Any) -> Any:
    """Return the variance of scale g^s, g of Gamma(shape, 1); ∞ unless shape + 2s > 0."""
    xp = namespace(shape, scale)
    exists = shape + 2 * s > 0
    shape, s = xp.broadcast_arrays(shape, s + xp.zeros_like(shape))
    shape = xp.where(exists, shape, xp.ones_like(shape))
    s = xp.where(exists, s, xp.ones_like(s))
    mean = scale * xp.exp(lgamma(shape + s) - lgamma(shape))
    return infinite_unless(exists, mean * mean * xp.expm1(second_difference(shape, s)))
