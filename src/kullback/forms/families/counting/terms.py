"""Terms of log-masses, with 0 log 0 = 0 and without what cancels between them."""

from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.stirling import factorial_remainder, gamma_remainder


def log_or_least(x: Any) -> Any:
    """Log x, and a large negative number instead of −∞, so that 0 · log 0 is 0."""
    xp = namespace(x)
    some = x > 0
    least = float(xp.finfo(x.dtype).smallest_normal)
    return xp.log(xp.where(some, x, xp.full_like(x, least)))


def times_log(k: Any, x: Any) -> Any:
    """K log x, with 0 log 0 = 0 and −∞ where only x is 0."""
    xp = namespace(k, x)
    zero = xp.zeros_like(k * x)
    value = xp.where(k == 0, zero, k * log_or_least(x))
    return xp.where((k != 0) & (x <= 0), zero - float("inf"), value)


def times_log1m(k: Any, x: Any) -> Any:
    """K log(1 − x), with 0 log 0 = 0 and −∞ where only 1 − x is 0."""
    xp = namespace(k, x)
    zero = xp.zeros_like(k * x)
    safe = xp.where(x < 1, x, xp.zeros_like(x))
    value = xp.where(k == 0, zero, k * xp.log1p(-safe))
    return xp.where((k != 0) & (x >= 1), zero - float("inf"), value)


def log_ways(n: Any, k: Any) -> Any:
    """Log C(n, k) without its leading terms n log n − k log k − (n − k) log(n − k)."""
    return factorial_remainder(n) - factorial_remainder(k) - factorial_remainder(n - k)


def log_beta(a: Any, b: Any) -> Any:
    """Log B(a, b) without its leading terms a log a + b log b − (a + b) log(a + b)."""
    return gamma_remainder(a) + gamma_remainder(b) - gamma_remainder(a + b)


def whole_ends(like: Any) -> tuple[Any, Any]:
    """Return 0 and ∞ in the shape of `like`."""
    xp = namespace(like)
    return xp.zeros_like(like), xp.full_like(like, float("inf"))
