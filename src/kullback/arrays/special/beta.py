"""log B of two and of many arguments, and what is made of it."""

import math
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special.differences import (
    STEPS,
    binet,
    binet_excess,
    excess,
    phi_and_h,
    piecewise,
)
from kullback.arrays.special.excess import digamma_difference, lgamma_excess
from kullback.arrays.special.gamma import lgamma
from kullback.arrays.special.smooth import constant, smooth, together, with_slopes_of


@smooth(
    lambda a, b: -digamma_difference(a, a + b),
    lambda a, b: -digamma_difference(b, a + b),
)
def lbeta(a: Any, b: Any) -> Any:
    """Log B(a, b) = log Γ(a) + log Γ(b) − log Γ(a + b).

    Large arguments do not cancel: to 1e-14 except where B is near 1.

    >>> lbeta(1e6, 2.0)
    -27.631022115928...
    """
    xp = namespace(a, b)
    small, large = xp.minimum(a, b), xp.maximum(a, b)
    return piecewise(large < STEPS, _lbeta_of_small, _lbeta_of_large, small, large)


def _lbeta_of_small(s: Any, x: Any) -> Any:
    return lgamma(s) + (lgamma(x) - lgamma(s + x))


def _lbeta_of_large(s: Any, x: Any) -> Any:
    return piecewise(s < STEPS, _lbeta_of_mixed, _lbeta_of_both_large, s, x)


def _lbeta_of_mixed(s: Any, x: Any) -> Any:
    """Log Γ(s) − s log(x + s) − ((x − ½) log(1 + s/x) − s) + g(x) − g(x + s)."""
    xp = namespace(s, x)
    far = s - (x - 0.5) * xp.log1p(s / x)
    return lgamma(s) - s * xp.log(x + s) + (far + (binet(x) - binet(x + s)))


def _lbeta_of_both_large(s: Any, x: Any) -> Any:
    """Log √(2π/x) − (s − ½) log(1 + x/s) − x log(1 + s/x) + g(s) + g(x) − g(x + s)."""
    xp = namespace(s, x)
    main = (s - 0.5) * xp.log1p(x / s) + x * xp.log1p(s / x)
    rest = 0.5 * (math.log(2 * math.pi) - xp.log(x)) + (binet(s) + (binet(x) - binet(x + s)))
    return rest - main


def ldirichlet_excess(a: Any, b: Any) -> Any:
    """Log B(b) − log B(a) − Σ (bᵢ − aᵢ)(ψ(aᵢ) − ψ(Σ a)) ≥ 0, over the last axis.

    It is the relative entropy of Dirichlet laws, KL(Dir(a) ‖ Dir(b)). Nothing cancels where b is
    close to a, nor where both are large.

    >>> import numpy as np
    >>> float(ldirichlet_excess(np.array([300.0, 500.0]), np.array([300.3, 500.5])))
    2.50173395356501...e-07
    """
    a, b = together(a, b)
    xp = namespace(a, b)
    value = constant(_dirichlet_excess, a, b)
    whole = lgamma_excess(xp.sum(a, axis=-1), xp.sum(b, axis=-1))
    return with_slopes_of(xp.sum(lgamma_excess(a, b), axis=-1) - whole, value)


def _dirichlet_excess(a: Any, b: Any) -> Any:
    """Σ G(aᵢ, bᵢ) − G(A, B) + ½ (Σ φ(tᵢ) − φ(T)) + (1 + T) Σ aᵢ h(rᵢ).

    Here t = (b − a)/a, T the same of the sums A and B, and rᵢ = (tᵢ − T)/(1 + T) with Σ aᵢ rᵢ = 0:
    the first bracket of `differences` taken apart so that all but the small G is positive.
    """
    xp = namespace(a, b)
    d = b - a
    whole_a, whole_b = xp.sum(a, axis=-1, keepdims=True), xp.sum(b, axis=-1, keepdims=True)
    whole_d = xp.sum(d, axis=-1, keepdims=True)
    t, whole_t = d / a, whole_d / whole_a
    r = (t - whole_t) / (1 + whole_t)
    phi_t, h_t = phi_and_h(t, b / a)
    phi_r, h_r = phi_and_h(r, (b / a) * (whole_a / whole_b))
    most = a > 0.5 * whole_a
    little = xp.sum(xp.where(most, xp.zeros_like(a), a), axis=-1, keepdims=True)
    others = xp.where(most, little, whole_a - a)
    shape = 0.5 * (others * phi_t + a * phi_r) / whole_a
    spread = (1 + whole_t) * (a * h_r)
    series = _remainder(a, b, d, phi_t, h_t)
    whole = _remainder(whole_a, whole_b, whole_d, *phi_and_h(whole_t, whole_b / whole_a))
    return xp.sum(shape + spread + series, axis=-1) - whole[..., 0]


def _remainder(a: Any, b: Any, d: Any, phi: Any, h: Any) -> Any:
    """G(a, b) = excess(a, b) − a h − φ/2, by its series where both are large."""
    large = (a >= STEPS) & (b >= STEPS)
    xp = namespace(a, b)
    return xp.where(large, binet_excess(a, b, d), excess(a, b, d) - (a * h + 0.5 * phi))


def log_binomial(n: Any, k: Any) -> Any:
    """Log n!/(k! (n − k)!), for real 0 ≤ k ≤ n.

    >>> float(log_binomial(5, 2))
    2.302585092994...
    """
    n, k = together(n, k)
    return -namespace(n).log1p(n) - lbeta(n - k + 1, k + 1)
