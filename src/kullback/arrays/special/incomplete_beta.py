"""The incomplete beta function, with its derivatives in all arguments.

In the logit v of t, log p is a log σ(v) + b log σ(−v) − log B(a, b), concave. Its left tail is
integrated as in `tails`, and its right tail by I_x(a, b) = 1 − I_{1−x}(b, a).
"""

from functools import cache
from typing import Any

from kullback.arrays.namespace import library_of, namespace
from kullback.arrays.special.beta import lbeta
from kullback.arrays.special.excess import digamma_difference
from kullback.arrays.special.gamma import polygamma
from kullback.arrays.special.host import native
from kullback.arrays.special.smooth import Smooth
from kullback.arrays.special.tails import DEPTH, bell, tail

Orders = tuple[int, ...]


def betainc(a: Any, b: Any, x: Any) -> Any:
    """I_x(a, b) = ∫₀ˣ t^{a−1} (1 − t)^{b−1} dt/B(a, b): what a beta law has below x.

    >>> betainc(2.0, 3.0, 0.4)
    0.5247999999999...
    """
    return _derivative((0, 0))(a, b, x)


@cache
def _derivative(orders: Orders) -> Smooth:
    """∂^{m+n} I_x(a, b)/∂aᵐ∂bⁿ."""

    def body(a: Any, b: Any, x: Any) -> Any:
        xp = namespace(a, b, x)
        plain = orders == (0, 0)
        if plain and library_of(a) != "jax":
            return native("betainc", a, b, x)
        inside = (x > 0) & (x < 1)
        y = xp.where(inside, x, xp.full_like(x, 0.5))
        ends = xp.where(x > 0.5, xp.ones_like(x), xp.zeros_like(x)) if plain else xp.zeros_like(x)
        return xp.where(inside, _by_tails(orders, a, b, y), ends)

    def slope_in_a(a: Any, b: Any, x: Any) -> Any:
        return _derivative((orders[0] + 1, orders[1]))(a, b, x)

    def slope_in_b(a: Any, b: Any, x: Any) -> Any:
        return _derivative((orders[0], orders[1] + 1))(a, b, x)

    def slope_in_x(a: Any, b: Any, x: Any) -> Any:
        return _density(orders, a, b, x)

    return Smooth(body, (slope_in_a, slope_in_b, slope_in_x), native=orders == (0, 0))


def _by_tails(orders: Orders, a: Any, b: Any, x: Any) -> Any:
    """Parameters below 1 are raised where the tail would have two scales; then the short tail."""
    xp = namespace(a, b, x)
    zero = xp.zeros_like(x)
    below = x < a / (a + b)
    raise_a = (a < 1) & (below | (x < 0.5))
    raise_b = (b < 1) & (~below | (x > 0.5))
    higher_a = xp.where(raise_a, a + 1, a)
    higher_b = xp.where(raise_b, b + 1, b)
    step_a = xp.where(raise_a, _step(orders, a, b, x, log_x=xp.log(x)), zero)
    step_b = xp.where(raise_b, _step(orders[::-1], b, higher_a, 1 - x, log_x=xp.log1p(-x)), zero)
    return _one_sided(orders, higher_a, higher_b, x) + (step_a - step_b)


def _step(orders: Orders, a: Any, b: Any, x: Any, *, log_x: Any) -> Any:
    """∂^orders of x^a (1 − x)^b/(a B(a, b)) = I_x(a, b) − I_x(a + 1, b)."""
    xp = namespace(a, b, x)
    log_rest = xp.log1p(-x)
    value = xp.exp(a * log_x + b * log_rest - xp.log(a) - lbeta(a, b))

    def kappa(m: Orders) -> Any:
        if m == (1, 0):
            return log_x + digamma_difference(a + 1, a + b)
        if m == (0, 1):
            return log_rest + digamma_difference(b, a + b)
        whole = polygamma(sum(m) - 1, a + b)
        if 0 not in m:
            return whole
        return whole - polygamma(sum(m) - 1, a + 1 if m[1] == 0 else b)

    return value * bell(orders, kappa, x)


def _one_sided(orders: Orders, a: Any, b: Any, x: Any) -> Any:
    """The tail on x's side of the mode, or what the other tail leaves."""
    xp = namespace(a, b, x)
    below = x < a / (a + b)
    first, second = xp.where(below, a, b), xp.where(below, b, a)
    y = xp.where(below, x, 1 - x)
    log_y, log_rest = xp.log(y), xp.log1p(-y)
    log_y = xp.where(below, log_y, xp.log1p(-x))
    log_rest = xp.where(below, log_rest, xp.log(x))
    factors = _factors(orders, a, b, xp.log(x), xp.log1p(-x))
    total = first + second

    def log_ratio(u: Any) -> Any:
        return -first * u - total * xp.log1p(y * xp.expm1(-u))

    def slope(u: Any) -> Any:
        return total * (y * xp.exp(-u) / (1 + y * xp.expm1(-u))) - first

    def factor(u: Any) -> Any:
        rest = -xp.log1p(y * xp.expm1(-u))
        own = rest - u
        return factors(xp.where(below, own, rest), xp.where(below, rest, own))

    far = (DEPTH - total * log_rest) / first
    height = xp.exp(first * log_y + second * log_rest - lbeta(a, b))
    mass = height * tail(log_ratio, slope, factor, far)
    return xp.where(below, mass, (1 if orders == (0, 0) else 0) - mass)


def _factors(orders: Orders, a: Any, b: Any, log_x: Any, log_rest: Any) -> Any:
    """∂^orders p / p, given how far log t and log(1 − t) are from log x and log(1 − x)."""
    first = log_x + digamma_difference(a, a + b)
    second = log_rest + digamma_difference(b, a + b)

    def kappa(m: Orders) -> Any:
        whole = polygamma(sum(m) - 1, a + b)
        if 0 not in m:
            return whole
        return whole - polygamma(sum(m) - 1, a if m[1] == 0 else b)

    def value(shift: Any, rest_shift: Any) -> Any:
        known = {(1, 0): first + shift, (0, 1): second + rest_shift}
        return bell(orders, lambda m: known[m] if m in known else kappa(m), shift)

    return value


def _density(orders: Orders, a: Any, b: Any, x: Any) -> Any:
    """∂^orders of the density x^{a−1} (1 − x)^{b−1}/B(a, b)."""
    xp = namespace(a, b, x)
    inside = (x > 0) & (x < 1)
    y = xp.where(inside, x, xp.full_like(x, 0.5))
    log_y, log_rest = xp.log(y), xp.log1p(-y)
    value = xp.exp((a - 1) * log_y + (b - 1) * log_rest - lbeta(a, b))
    zero = xp.zeros_like(x)
    value = xp.where(inside, value * _factors(orders, a, b, log_y, log_rest)(zero, zero), zero)
    if orders != (0, 0):
        return value
    power = xp.where(x == 0, a, b)
    other = xp.where(x == 0, b, a)
    limit = xp.where(power == 1, other, xp.where(power < 1, xp.full_like(x, float("inf")), zero))
    return xp.where((x == 0) | (x == 1), limit, value)
