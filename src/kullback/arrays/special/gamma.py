"""log Γ and its derivatives, and what is summed from them."""

import math
from functools import cache
from typing import Any

from kullback.arrays.namespace import library_of, namespace
from kullback.arrays.special.differences import difference, excess, piecewise
from kullback.arrays.special.host import native
from kullback.arrays.special.smooth import Smooth, in_front, smooth, together


def trigamma(x: Any) -> Any:
    """ψ′(x)."""
    return polygamma(1, x)


def polygamma(n: int, x: Any) -> Any:
    """The n-th derivative of ψ at x; n is a plain whole number."""
    return digamma(x) if n == 0 else _polygamma(n)(x)


@cache
def _polygamma(n: int) -> Smooth:
    factor = math.factorial(n) * (-1.0) ** (n + 1)

    def body(x: Any) -> Any:
        xp = namespace(x)
        infinite = xp.isinf(x)
        y = xp.where(infinite, xp.ones_like(x), x)
        value = factor * native("zeta", xp.full_like(x, n + 1.0), y, torch="zeta", jax="zeta")
        return xp.where(infinite, xp.zeros_like(x), value)

    return Smooth(body, (lambda x: polygamma(n + 1, x),), native=True)


EULER = 0.5772156649015329

ROOT = 1.4616321449683622
"""The number nearest to where ψ changes sign."""

AT_ROOT = -9.2412655217294275e-17
"""ψ of that number."""


@smooth(trigamma, native=True)
def digamma(x: Any) -> Any:
    """ψ(x) = d/dx log Γ(x), for x > 0."""
    value = native("digamma", x, torch="digamma", jax="digamma")
    if library_of(x) == "numpy":  # SciPy has its own series at the root
        return value
    xp = namespace(x)
    near = xp.abs(x - ROOT) < 0.3
    y = xp.where(near, x, xp.full_like(x, 1.5))
    return xp.where(near, difference(xp.full_like(x, ROOT), y) + AT_ROOT, value)


@smooth(digamma, native=True)
def lgamma(x: Any) -> Any:
    """Log Γ(x), for x > 0."""
    if library_of(x) == "torch":  # the only one with all digits near 1 and 2
        return _lgamma(x)
    xp = namespace(x)
    near = (xp.abs(x - 1) < 0.31) | (xp.abs(x - 2) < 0.31)
    return piecewise(near, _lgamma_near_root, _lgamma, x)


def _lgamma(x: Any) -> Any:
    return native("gammaln", x, torch="gammaln", jax="gammaln")


def _lgamma_near_root(x: Any) -> Any:
    """excess(c, x) + (x − c) ψ(c), for c = 1 or 2, where log Γ(c) = 0."""
    xp = namespace(x)
    second = x > 1.5
    y = xp.where(xp.abs(x - 1.5) < 1, x, xp.full_like(x, 1.5))
    c = xp.where(second, xp.full_like(x, 2.0), xp.ones_like(x))
    slope = xp.where(second, xp.full_like(x, 1 - EULER), xp.full_like(x, -EULER))
    return excess(c, y, y - c) + (y - c) * slope


def halves(d: int) -> list[float]:
    """0, ½, 1, …: d numbers."""
    return [0.5 * j for j in range(d)]


def lmultigamma(a: Any, d: int) -> Any:
    """Log Γ_d(a) = d (d − 1)/4 log π + Σ_{j<d} log Γ(a − j/2)."""
    (a,) = together(a)
    terms = lgamma(a[None] - in_front(halves(d), a))
    return namespace(a).sum(terms, axis=0) + 0.25 * d * (d - 1) * math.log(math.pi)


def multidigamma(a: Any, d: int) -> Any:
    """ψ_d(a) = Σ_{j<d} ψ(a − j/2), the derivative of log Γ_d."""
    (a,) = together(a)
    return namespace(a).sum(digamma(a[None] - in_front(halves(d), a)), axis=0)
