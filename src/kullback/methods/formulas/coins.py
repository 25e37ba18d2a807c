"""Two outcomes: the sums that Bernoulli, binomial and geometric laws share."""

from typing import Any

from kullback.arrays.namespace import namespace, stop_gradient
from kullback.arrays.stable import kl_terms, log_ratio, times_psi

INFINITY = float("inf")


def log_ratio_of_complements(p: Any, q: Any) -> Any:
    """Return log((1 − q)/(1 − p)) to full precision, also where q is close to p."""
    xp = namespace(p, q)
    plain = log_ratio(1 - p, 1 - q)
    d, rest = stop_gradient(q - p), stop_gradient(1 - p)
    near = xp.abs(d) < 0.25 * rest
    step = xp.where(near, d, xp.zeros_like(d)) / xp.where(near, rest, xp.ones_like(rest))
    better = xp.log1p(-step) - stop_gradient(plain)
    return plain + xp.where(near, better, xp.zeros_like(better))


def kl_coin(p: Any, q: Any) -> Any:
    """P log(p/q) + (1 − p) log((1 − p)/(1 − q)), as two terms ≥ 0."""
    xp = namespace(p, q)
    heads = kl_terms(p, log_ratio(p, q), q - p)
    tails = kl_terms(1 - p, log_ratio_of_complements(p, q), p - q)
    lost = ((q <= 0) & (p > 0)) | ((q >= 1) & (p < 1))
    return xp.where(lost, xp.full_like(heads, INFINITY), heads + tails)


def power_coin(p: Any, q: Any, alpha: float) -> Any:
    """log(p^α q^(1−α) + (1 − p)^α (1 − q)^(1−α)).

    Near p = q by log1p of a sum of terms of one sign; elsewhere by the powers themselves.
    """
    if alpha < 0.5:
        p, q, alpha = q, p, 1 - alpha
    xp, c = namespace(p, q), 1 - alpha
    inside = (p > 0) & (p < 1) & (q > 0) & (q < 1)
    half = 0.5 * xp.ones_like(p + q)
    a, b = xp.where(inside, p, half), xp.where(inside, q, half)
    gap = power_gap(a, log_ratio(a, b), b - a, c)
    gap = gap + power_gap(1 - a, log_ratio_of_complements(a, b), a - b, c)
    near = inside & (xp.abs(gap) < 0.5)
    close = xp.log1p(xp.where(near, gap, xp.zeros_like(gap)))
    heads, tails = _log_power(p, q, alpha), _log_power(1 - p, 1 - q, alpha)
    nothing = (heads == -INFINITY) & (tails == -INFINITY)
    far = xp.logaddexp(
        xp.where(near | nothing, xp.zeros_like(heads), heads),
        xp.where(near | nothing, xp.zeros_like(tails), tails),
    )
    far = xp.where(nothing, xp.full_like(far, -INFINITY), far)
    return xp.where(near, close, far)


def power_gap(p: Any, x: Any, difference: Any, c: float) -> Any:
    """p^(1−c) q^c − (1 − c) p − c q = p (ψ(c x) − c ψ(x)), x = log q/p, for c ≤ ½.

    ∞ where it is above e⁶⁰⁰ p.
    """
    xp = namespace(p, x)
    much = (c < 0) & (c * x > 600)
    value = times_psi(p, xp.where(much, xp.zeros_like(x), c * x)) - c * kl_terms(p, x, difference)
    return xp.where(much, xp.full_like(value, INFINITY), value)


def _log_power(p: Any, q: Any, alpha: float) -> Any:
    """α log p + (1 − α) log q: −∞ where the outcome is impossible, ∞ for α > 1 if only q is 0."""
    xp = namespace(p, q)
    some_p, some_q = p > 0, q > 0
    one = xp.ones_like(p)
    value = alpha * xp.log(xp.where(some_p, p, one)) + (1 - alpha) * xp.log(
        xp.where(some_q, q, one)
    )
    minus = xp.full_like(value, -INFINITY)
    value = xp.where(some_p & some_q, value, minus)
    return xp.where(some_p & ~some_q, -minus, value) if alpha > 1 else value


def entropy_coin(p: Any) -> Any:
    """−p log p − (1 − p) log(1 − p), with 0 log 0 = 0."""
    xp = namespace(p)
    inside = (p > 0) & (p < 1)
    safe = xp.where(inside, p, xp.zeros_like(p) + 0.5)
    value = -safe * xp.log(safe) - (1 - safe) * xp.log1p(-safe)
    return xp.where(inside, value, xp.zeros_like(p))
