"""Differences of log Γ and ψ at two arguments, without cancellation where these are close."""

from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import differences
from kullback.arrays.special.gamma import halves, trigamma
from kullback.arrays.special.smooth import in_front, smooth, together


@smooth(lambda a, b: -trigamma(a), lambda a, b: trigamma(b))  # noqa: ARG005
def digamma_difference(a: Any, b: Any) -> Any:
    """ψ(b) − ψ(a)."""
    return differences.difference(a, b)


@smooth(lambda a, b: (a - b) * trigamma(a), digamma_difference)
def lgamma_excess(a: Any, b: Any) -> Any:
    """Log Γ(b) − log Γ(a) − (b − a) ψ(a)."""
    return differences.excess(a, b, b - a)


def lmultigamma_excess(a: Any, b: Any, d: int) -> Any:
    """Log Γ_d(b) − log Γ_d(a) − (b − a) ψ_d(a) = Σ_{j<d} excess of (a − j/2, b − j/2)."""
    a, b = together(a, b)
    down = in_front(halves(d), a)
    return namespace(a).sum(lgamma_excess(a[None] - down, b[None] - down), axis=0)
