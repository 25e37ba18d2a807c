"""Incomplete integrals and their derivatives in the parameters, by Gauss and Legendre.

A law on the line with density p(v; θ) has F(v₀; θ) = ∫_{v<v₀} p dv, and ∂F/∂θ = ∫_{v<v₀} p ℓ dv
with ℓ = ∂ log p/∂θ. Both tails give it, for ∫ p ℓ dv = 0, and beyond the mode almost all of ℓ has
one sign: nothing cancels. Higher derivatives replace ℓ by Bell's polynomials in the derivatives κ
of log p. Here v is the logarithm of a gamma variable, or the logit of a beta variable: log p is
concave then, and its tail as smooth as an exponential.
"""

from collections.abc import Callable
from itertools import product
from math import comb, prod
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special.gauss import gauss
from kullback.arrays.special.smooth import in_front, repeated

Function = Callable[[Any], Any]

NODES = 64

DEPTH = 42.0
"""The tail ends where the density has fallen by e^−42."""

ROUNDS = 24


def bell(orders: tuple[int, ...], kappa: Callable[[tuple[int, ...]], Any], like: Any) -> Any:
    """Return ∂^orders p / p, from the derivatives κ of log p."""
    nothing = tuple(0 for _ in orders)
    values = {nothing: namespace(like).ones_like(like)}
    for wanted in product(*(range(n + 1) for n in orders)):
        if wanted == nothing:
            continue
        axis = next(i for i, n in enumerate(wanted) if n)
        rest = tuple(n - (i == axis) for i, n in enumerate(wanted))
        total = namespace(like).zeros_like(like)
        for part in product(*(range(n + 1) for n in rest)):
            times = prod(comb(n, k) for n, k in zip(rest, part, strict=True))
            left = tuple(n - k for n, k in zip(rest, part, strict=True))
            raised = tuple(k + (i == axis) for i, k in enumerate(part))
            total = total + (times * values[left]) * kappa(raised)
        values[wanted] = total
    return values[orders]


def tail(log_ratio: Function, slope: Function, factor: Function, far: Any) -> Any:
    """Return ∫₀^∞ exp(log_ratio(u)) factor(u) du.

    The logarithm of the ratio is concave and falls from 0; `far` is a point where it is below −42.
    """
    xp = namespace(far)

    def newton(_: Any, u: Any) -> Any:  # from beyond the root, which the steps never pass
        gap = log_ratio(u) + DEPTH
        return u - xp.minimum(gap, xp.zeros_like(gap)) / slope(u)

    reach = repeated(newton, ROUNDS, far)
    nodes, weights = gauss(NODES)
    u = in_front(nodes, far) * reach[None]
    return reach * xp.sum(in_front(weights, far) * (xp.exp(log_ratio(u)) * factor(u)), axis=0)
