"""Differences of log Γ and ψ at two arguments, without cancellation where these are close."""

from typing import Any

from kullback.arrays.special import differences
from kullback.arrays.special.gamma import trigamma
from kullback.arrays.special.smooth import smooth


@smooth(lambda a, _: -trigamma(a), lambda _, b: trigamma(b))
def digamma_difference(a: Any, b: Any) -> Any:
    """ψ(b) − ψ(a)."""
    return differences.difference(a, b)


@smooth(lambda a, b: (a - b) * trigamma(a), digamma_difference)
def lgamma_excess(a: Any, b: Any) -> Any:
    """Log Γ(b) − log Γ(a) − (b − a) ψ(a)."""
    return differences.excess(a, b, b - a)
