"""Means of |x − m| from the distribution function and that of the density ∝ x p(x)."""

from typing import Any

from kullback.arrays.namespace import namespace
from kullback.forms.families.curves import infinite_unless

BY_PARTS = "derived: E |x − m| = E x − m + 2 ∫ F from −∞ to m, by parts"


def around(mean: Any, m: Any, mass: Any, weighted: Any) -> Any:
    """E x − m + 2 (m F(m) − E x F₁(m)), F₁ the distribution function of the density ∝ x p(x)."""
    xp = namespace(mean, m)
    exists = xp.isfinite(mean)
    safe = xp.where(exists, mean, xp.zeros_like(mean))
    value = (safe - m) + 2 * (m * mass - safe * weighted)
    return infinite_unless(exists, value)


def positive_part(m: Any) -> tuple[Any, Any]:
    """Return where m is positive, and m there, 1 elsewhere."""
    xp = namespace(m)
    positive = m > 0
    return positive, xp.where(positive, m, xp.ones_like(m))


def zero_outside(positive: Any, x: Any) -> Any:
    """Return x where positive, and 0 elsewhere."""
    xp = namespace(x)
    return xp.where(positive, x, xp.zeros_like(x))
