"""Power integrals of exponential families: from relative entropies to the law in between.

With natural parameters θ, log ∫ p^α q^(1−α) = −α KL(r ‖ p) − (1 − α) KL(r ‖ q), where r has
α θ_p + (1 − α) θ_q: Jensen's gap of the log partition function, as two Bregman gaps. For α within
[0, 1] no digit cancels. Outside the natural parameters the integral is ∞.
"""

from collections.abc import Callable
from typing import Any

from kullback.arrays.namespace import namespace


def by_tilting(
    kl: Callable[[Any, Any], Any], p: Any, q: Any, between: Any, alpha: float, exists: Any = None
) -> Any:
    """Return −α KL(r ‖ p) − (1 − α) KL(r ‖ q) where r exists, ∞ elsewhere."""
    value = -alpha * kl(between, p) - (1 - alpha) * kl(between, q)
    if exists is None:
        return value
    xp = namespace(value)
    return xp.where(exists, value, xp.full_like(value, float("inf")))


def mixed(a: Any, b: Any, alpha: float) -> Any:
    """Return α a + (1 − α) b, exactly a where a = b."""
    return b + alpha * (a - b) if alpha < 0.5 else a + (1 - alpha) * (b - a)
