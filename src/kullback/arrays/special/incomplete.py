"""The incomplete gamma function, with all its derivatives in both arguments."""

import math
from functools import cache
from typing import Any

from kullback.arrays.namespace import library_of, namespace
from kullback.arrays.special.differences import (
    STEPS,
    binet,
    digamma_remainder,
    phi_and_h,
    piecewise,
)
from kullback.arrays.special.gamma import digamma, lgamma, polygamma
from kullback.arrays.special.host import native
from kullback.arrays.special.smooth import Smooth, smooth
from kullback.arrays.special.tails import DEPTH, bell, tail
from kullback.arrays.stable import psi

LOG_2PI = math.log(2 * math.pi)

SCIPY_IS_GOOD, JAX_IS_GOOD = 1000.0, 8.0
"""Up to these shapes the libraries' own functions have their digits; torch's never has."""


def gammainc(a: Any, x: Any) -> Any:
    """P(a, x) = ∫₀ˣ t^{a−1} e^{−t} dt/Γ(a): what a gamma law of shape a has below x.

    >>> gammainc(2.5, 3.0)
    0.69378...
    """
    return _lower(0)(a, x)


@cache
def _lower(n: int) -> Smooth:
    """∂ⁿP/∂aⁿ."""

    def body(a: Any, x: Any) -> Any:
        if n == 0:
            return piecewise(_has_native(a, x), _native_lower, _one_sided, a, x)
        value = _derivative(n, a, namespace(x).where(_inside(x), x, namespace(x).ones_like(x)))
        return namespace(x).where(_inside(x), value, namespace(x).zeros_like(x))

    def slope(a: Any, x: Any) -> Any:
        return _lower(n + 1)(a, x)

    slopes = (slope, lambda a, x: _density(n, a, x))
    return Smooth(body, slopes)


@smooth(lambda a, x: -_lower(1)(a, x), lambda a, x: -_density(0, a, x))
def gammaincc(a: Any, x: Any) -> Any:
    """Q(a, x) = 1 − P(a, x).

    >>> gammaincc(2.5, 3.0)
    0.30621...
    """
    return piecewise(_has_native(a, x), _native_upper, _one_sided_above, a, x)


def _inside(x: Any) -> Any:
    return (x > 0) & ~namespace(x).isinf(x)


def _has_native(a: Any, x: Any) -> Any:
    if library_of(a) == "jax":
        return (a < JAX_IS_GOOD) & (x < 2)
    return a < SCIPY_IS_GOOD


def _native_lower(a: Any, x: Any) -> Any:
    return native("gammainc", a, x, jax="gammainc")


def _native_upper(a: Any, x: Any) -> Any:
    return native("gammaincc", a, x, jax="gammaincc")


def _one_sided(a: Any, x: Any) -> Any:
    """P by the tail on x's side of the mode."""
    xp = namespace(a, x)
    y = xp.where(_inside(x), x, a)
    value = xp.where(y < a, _tail_below(0, a, y), 1 - _tail_above(0, a, y))
    return xp.where(_inside(x), value, xp.where(x > 0, xp.ones_like(x), xp.zeros_like(x)))


def _one_sided_above(a: Any, x: Any) -> Any:
    xp = namespace(a, x)
    y = xp.where(_inside(x), x, a)
    value = xp.where(y < a, 1 - _tail_below(0, a, y), _tail_above(0, a, y))
    return xp.where(_inside(x), value, xp.where(x > 0, xp.zeros_like(x), xp.ones_like(x)))


def _derivative(n: int, a: Any, x: Any) -> Any:
    """∂ⁿP/∂aⁿ for n ≥ 1; a shape below 1 is raised, P(a, x) = P(a + 1, x) + x^a e^{−x}/Γ(a + 1)."""
    xp = namespace(a, x)
    raised = (a < 1) & (x < 2)
    b = xp.where(raised, a + 1, a)
    tails = piecewise(
        x < b, lambda a, x: _tail_below(n, a, x), lambda a, x: -_tail_above(n, a, x), b, x
    )
    step = xp.exp(log_gamma_kernel(b, x) - xp.log(x)) * _factor(n, b, x, xp.zeros_like(x))
    return tails + xp.where(raised, step, xp.zeros_like(x))


def _tail_below(n: int, a: Any, x: Any) -> Any:
    """∂ⁿ/∂aⁿ of the mass below x < a: with t = x e^{−u}, −(a − x) u − x ψ(−u) is the log ratio."""
    xp = namespace(a, x)
    return xp.exp(log_gamma_kernel(a, x)) * tail(
        lambda u: (x - a) * u - x * psi(-u),
        lambda u: x * xp.exp(-u) - a,
        lambda u: _factor(n, a, x, -u),
        (DEPTH + x) / a,
    )


def _tail_above(n: int, a: Any, x: Any) -> Any:
    """The same above x ≥ a, with t = x eᵘ."""
    xp = namespace(a, x)
    far = 2 * (DEPTH + (x - a) + a * xp.log(2 * a / x))
    return xp.exp(log_gamma_kernel(a, x)) * tail(
        lambda u: (a - x) * u - x * psi(u),
        lambda u: a - x * xp.exp(u),
        lambda u: _factor(n, a, x, u),
        xp.log(far / x),
    )


def _factor(n: int, a: Any, x: Any, u: Any) -> Any:
    """∂ⁿp/∂aⁿ / p at t = x eᵘ."""
    if n == 0:
        return namespace(u).ones_like(u)
    first = _log_minus_digamma(a, x) + u
    return bell((n,), lambda m: first if m == (1,) else -polygamma(m[0] - 1, a), u)


def _log_minus_digamma(a: Any, x: Any) -> Any:
    """Log x − ψ(a), with all digits for large a and x too."""
    xp = namespace(a, x)
    large = a >= STEPS
    b = xp.where(large, a, xp.full_like(a, STEPS))
    gap = (x - b) / b
    near = xp.abs(gap) < 0.5
    log = xp.where(near, xp.log1p(xp.where(near, gap, 0 * gap)), xp.log(x / b))
    return xp.where(large, log - digamma_remainder(b), xp.log(x) - digamma(a))


def _density(n: int, a: Any, x: Any) -> Any:
    """∂ⁿ/∂aⁿ of x^{a−1} e^{−x}/Γ(a)."""
    xp = namespace(a, x)
    y = xp.where(_inside(x), x, xp.ones_like(x))
    value = xp.exp(log_gamma_kernel(a, y) - xp.log(y)) * _factor(n, a, y, xp.zeros_like(y))
    if n:
        return xp.where(_inside(x), value, xp.zeros_like(x))
    zero, infinite = xp.zeros_like(x), xp.full_like(x, math.inf)
    at_zero = xp.where(a == 1, xp.ones_like(x), xp.where(a < 1, infinite, zero))
    return xp.where(_inside(x), value, xp.where(x == 0, at_zero, zero))


@smooth(lambda a, x: namespace(a, x).log(x) - digamma(a), lambda a, x: a / x - 1)
def log_gamma_kernel(a: Any, x: Any) -> Any:
    """Log x^a e^{−x}/Γ(a), without cancellation at a large a."""
    return piecewise(a < STEPS, _kernel_of_small, _kernel_of_large, a, x)


def _kernel_of_small(a: Any, x: Any) -> Any:
    return a * namespace(a, x).log(x) - x - lgamma(a)


def _kernel_of_large(a: Any, x: Any) -> Any:
    """½ log a/2π − a φ((x − a)/a) − g(a)."""
    phi, _ = phi_and_h((x - a) / a, x / a)
    return 0.5 * (namespace(a, x).log(a) - LOG_2PI) - a * phi - binet(a)
