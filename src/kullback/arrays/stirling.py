"""What Stirling's leading terms leave of log Γ: logarithms of large factorials do not cancel."""

import math
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import digamma, lgamma
from kullback.arrays.stable import kl_terms, log_ratio, polynomial

_FROM = 10.0
"""From here on the asymptotic series has all digits of float64."""

_SERIES = (  # B₂ₖ/(2k (2k − 1)): μ(x) = Σ cₖ x^(1 − 2k)
    1 / 12,
    -1 / 360,
    1 / 1260,
    -1 / 1680,
    1 / 1188,
    -691 / 360360,
    1 / 156,
    -3617 / 122400,
    43867 / 244188,
)
_SLOPE = tuple(-(2 * k + 1) * c for k, c in enumerate(_SERIES))


def gamma_remainder(x: Any) -> Any:
    """Return log Γ(x) − x log x + x for x > 0."""
    xp = namespace(x)
    large = x >= _FROM
    some = x > 0
    small = xp.where(large | ~some, xp.ones_like(x), x)
    big = xp.where(large, x, xp.full_like(x, _FROM))
    inverse = 1 / big
    series = inverse * polynomial(inverse * inverse, _SERIES)
    far = series + 0.5 * (math.log(2 * math.pi) - xp.log(big))
    return xp.where(large, far, lgamma(small) - small * xp.log(small) + small)


def digamma_remainder(x: Any) -> Any:
    """Return ψ(x) − log x, negative, for x > 0: the slope of `gamma_remainder`."""
    xp = namespace(x)
    large = x >= _FROM
    small = xp.where(large, xp.ones_like(x), x)
    big = xp.where(large, x, xp.full_like(x, _FROM))
    inverse = 1 / big
    far = inverse * inverse * polynomial(inverse * inverse, _SLOPE) - 0.5 * inverse
    return xp.where(large, far, digamma(small) - xp.log(small))


def factorial_remainder(k: Any) -> Any:
    """Return log k! − k log k + k for k ≥ 0; 0 at 0."""
    xp = namespace(k)
    some = k > 0
    safe = xp.where(some, k, xp.ones_like(k))
    return xp.where(some, gamma_remainder(safe) + xp.log(safe), xp.zeros_like(k))


def deviance(x: Any, m: Any) -> Any:
    """Return x log(x/m) − x + m ≥ 0: m at x = 0, ∞ where only m is 0.

    Near x = m it has all digits.
    """
    xp = namespace(x, m)
    x, m = xp.broadcast_arrays(x, m)
    value = kl_terms(x, log_ratio(x, m), m - x)
    return xp.where((m <= 0) & (x > 0), xp.full_like(value, float("inf")), value)
