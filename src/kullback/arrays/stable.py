"""Every delicate logarithm: with its limit, and a gradient that is right there too.

Each function is written on the array-API standard, so that it serves numpy, torch, JAX and Dask
alike, and so that
automatic differentiation goes through it: an operand that would give 0 · ∞ in a branch not taken is
replaced inside
that branch.
"""

import math
from typing import Any

from kullback.arrays.namespace import library_of, namespace, stop_gradient

_LOG = (  # R(w)/w of log((1 + s)/(1 − s)) = s (2 + R(s²)); minimax on |s| ≤ 1/5, error 4e-17
    0.66666666666666664178,
    0.40000000000007941042,
    0.28571428567275934598,
    0.22222223048351588063,
    0.18181737626302937168,
    0.15388867805613716627,
    0.13209708242059463252,
    0.13609030262858498723,
)
_PSI = (  # (eˣ − 1 − x)/x²; minimax on |x| ≤ ½, error 7e-20
    0.5,
    0.16666666666666666591,
    0.04166666666666666662,
    0.0083333333333334144814,
    0.0013888888888888939589,
    0.00019841269840201970652,
    0.000024801587301431372606,
    2.7557319552909218472e-6,
    2.7557319429498368646e-7,
    2.5051897680318956337e-8,
    2.0876625334242074429e-9,
    1.612381100409575843e-10,
    1.1511216473072746341e-11,
)


def polynomial(x: Any, coefficients: tuple[float, ...]) -> Any:
    """Return Σ cₖ xᵏ, by Horner's rule; two coefficients or more."""
    value = x * coefficients[-1] + coefficients[-2]
    for c in coefficients[-3::-1]:
        value = value * x + c
    return value


def tiny(x: Any) -> float:
    """Return the smallest normal number of x's dtype."""
    return float(namespace(x).finfo(x.dtype).smallest_normal)


def log_ratio(p: Any, q: Any) -> Any:
    """Return log(q/p) to full relative precision, also where q is close to p.

    An empty side counts as the smallest normal number, and has no gradient; where both are empty
    the answer is 0. The slopes are those of log q − log p, which overflow nowhere.
    """
    xp = namespace(p, q)
    least = tiny(p)
    p = xp.where(p > 0, p, xp.full_like(p, least))
    q = xp.where(q > 0, q, xp.full_like(q, least))
    plain = xp.log(q) - xp.log(p)
    return plain + stop_gradient(_precise_log_ratio(stop_gradient(p), stop_gradient(q)) - plain)


def _precise_log_ratio(p: Any, q: Any) -> Any:
    xp = namespace(p, q)
    d, total, one = q - p, p + q, xp.ones_like(p)
    s = d / total
    w = s * s
    comparable = (q < 1e15 * p) & (p < 1e15 * q)
    ratio = xp.where(comparable, q, one) / xp.where(comparable, p, one)
    far = xp.where(comparable, xp.log(ratio), xp.log(q) - xp.log(p))
    return xp.where(xp.abs(d) <= 0.2 * total, s * (2 + w * polynomial(w, _LOG)), far)


def exact_difference(a: Any, b: Any) -> tuple[Any, Any]:
    """Return b − a as the sum of two numbers: rounded, and what rounding took."""
    t = b - a
    back = b - t
    return t, (b - (t + back)) + (back - a)


def kl_terms(p: Any, x: Any, difference: Any) -> Any:
    """Return p ψ(x) = q − p − p x, with x = log q/p and q − p given: the terms of KL, each ≥ 0.

    At p = 0 its slope in p is −x, the logarithm of a ratio to the smallest normal number: a finite
    stand-in for −∞.
    """
    xp = namespace(p, x)
    near = xp.abs(x) < 0.5
    y = xp.where(near, x, xp.zeros_like(x))
    slope = xp.where(p == 0, p, xp.zeros_like(p))
    return xp.where(near, p * (y * y * polynomial(y, _PSI)), (difference - p * x) + slope)


def psi(x: Any) -> Any:
    """Return ψ(x) = eˣ − 1 − x, to full relative precision also near 0; never negative."""
    return times_psi(namespace(x).ones_like(x), x)


def times_psi(p: Any, x: Any) -> Any:
    """Return p ψ(x), finite wherever p eˣ is, even if eˣ is not."""
    xp = namespace(p, x)
    near = xp.abs(x) < 0.5
    y = xp.where(near, x, xp.zeros_like(x))
    root = xp.exp(0.5 * xp.where(near, xp.zeros_like(x), x))
    return xp.where(near, p * (y * y * polynomial(y, _PSI)), (p * root) * root - p - p * x)


def softmax_scale(a: Any) -> tuple[Any, Any]:
    """Return max a and log Σ e^(a − max) over the last axis, which is kept with length 1."""
    xp = namespace(a)
    peak = xp.max(a, axis=-1, keepdims=True)
    peak = xp.where(xp.isfinite(peak), peak, xp.zeros_like(peak))
    top = a >= peak
    power = xp.exp(a - peak)
    zero = xp.zeros_like(a)
    at_top = xp.sum(xp.where(top, power, zero), axis=-1, keepdims=True)
    rest = xp.sum(xp.where(top, zero, power), axis=-1, keepdims=True)
    return peak, xp.log(at_top) + xp.log1p(rest / at_top)


def log_softmax(a: Any) -> Any:
    """Return a − log Σ eᵃ along the last axis."""
    peak, total = softmax_scale(a)
    return (a - peak) - total


def log_mixture(x: Any, weight: float) -> Any:
    """Return log(weight + (1 − weight) eˣ): from x = log q/p, the log ratio of the mixture to p."""
    xp = namespace(x)
    near = xp.abs(x) < 0.5
    y = xp.where(near, x, xp.zeros_like(x))
    far = xp.where(near, xp.zeros_like(x), x)
    a, b = float_log(weight), float_log(1 - weight)
    return xp.where(
        near,
        xp.log1p((1 - weight) * xp.expm1(y)),
        xp.logaddexp(xp.full_like(far, a), far + b),
    )


def float_log(x: float) -> float:
    """Return the logarithm of a Python number, −∞ at 0."""
    return math.log(x) if x > 0 else -math.inf


def square_root(x: Any) -> Any:
    """Return √x with slope 0 at 0, where it has none."""
    xp = namespace(x)
    some = x > 0
    root = xp.where(some, xp.sqrt(xp.where(some, x, xp.ones_like(x))), xp.zeros_like(x))
    return root[()] if library_of(x) == "numpy" else root


def log_remainder(w: Any) -> Any:
    """Return R of log((1 + s)/(1 − s)) = s (2 + s² R(s²)), for w = s² ≤ 1/25."""
    return polynomial(w, _LOG)


def log1mexp(x: Any) -> Any:
    """Return log(1 − e⁻ˣ) for x > 0, with all digits near 0 and where it is tiny; −∞ at 0."""
    xp = namespace(x)
    small = x < math.log(2)
    low, high = xp.where(small, x, xp.ones_like(x)), xp.where(small, xp.ones_like(x), x)
    zero = low == 0
    step = -xp.expm1(-xp.where(zero, xp.ones_like(x), low))
    near = xp.where(zero, xp.full_like(x, -math.inf), xp.log(step))
    return xp.where(small, near, xp.log1p(-xp.exp(-high)))
