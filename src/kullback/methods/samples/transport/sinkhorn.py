"""Entropic transport: the coupling π of a and b that makes Σ π c + ε KL(π ‖ a ⊗ b) least.

It is πᵢⱼ = aᵢ bⱼ exp((fᵢ + gⱼ − cᵢⱼ)/ε), where g follows from f: the columns of π sum to b. ε falls
by quarters from the largest cost. At each ε, Sinkhorn's steps give f from g until every row is near
its goal; Newton's steps follow, for Sinkhorn's slow down where masses hardly meet:
(diag r − π diag(1/b) πᵀ) δ = a − r, r the sums of rows, f → f + ε δ, solved by conjugate gradients,
to which a few slow directions are no hindrance (Brauer, Clason, Lorenz and Wirth, A
Sinkhorn–Newton method for entropic optimal transport, 2017). All exponents are at most 0, so that
nothing overflows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kullback.arrays.namespace import namespace

FALL = 0.25
"""By how much ε falls at a time."""
HASTE = 0.1
"""The marginal error at which it falls."""
NEAR = 5.0
"""By how much rows may miss their goals where Newton's steps begin."""
PRODUCTS = 400
"""Products with π and πᵀ in one of Newton's steps, at most."""


@dataclass(frozen=True, eq=False)
class Plan:
    """An entropic coupling.

    Attributes
    ----------
    f, g : array, shape (n,) and (m,)
        The potentials.
    mass : array, shape (n, m)
        π.
    error : float
        Σ |marginal of π − its goal|.
    rounds : int
        How many steps there were at the last ε.
    """

    f: Any
    g: Any
    mass: Any
    error: float
    rounds: int

    def value(self, a: Any, b: Any) -> Any:
        """Return the least Σ π c + ε KL(π ‖ a ⊗ b), by duality Σ a f + Σ b g."""
        return a @ self.f + b @ self.g


def coupled(
    cost: Any, a: Any, b: Any, epsilon: float, tolerance: float, most: int, *, alike: bool = False
) -> Plan:
    """Return the coupling; of a sample with itself (alike) the potentials are one.

    Parameters
    ----------
    cost : array, shape (n, m)
    a, b : array, shape (n,) and (m,)
        Positive, each with sum 1.
    epsilon : float
        ε.
    tolerance : float
        The marginal error at which it is done.
    most : int
        How many steps it may take at the last ε.
    """
    xp = namespace(cost, a, b)
    f, scale = xp.zeros_like(a), max(epsilon, float(xp.max(cost)))
    step = _alike if alike else _next
    while scale > epsilon:
        f = _settled(xp, step, cost, a, b, f, scale, HASTE, 20).f
        scale = max(epsilon, FALL * scale)
    return _settled(xp, step, cost, a, b, f, epsilon, tolerance, most)


def _settled(
    xp: Any, step: Callable[..., Any], cost: Any, a: Any, b: Any, f: Any, epsilon: float,
    tolerance: float, most: int,
) -> Plan:  # fmt: skip
    plan = _of(xp, cost, a, b, f, epsilon)
    rounds = 0
    while plan.error > tolerance and rounds < most:
        plan = step(xp, cost, a, b, plan, epsilon)
        rounds += 1
    return Plan(plan.f, plan.g, plan.mass, plan.error, rounds)


def _of(xp: Any, cost: Any, a: Any, b: Any, f: Any, epsilon: float) -> Plan:
    """Return π with columns that sum to b, from f."""
    exponent = (f[:, None] - cost) / epsilon
    top = xp.max(exponent, axis=0)
    mass = a[:, None] * _exp(xp, exponent - top)
    total = xp.sum(mass, axis=0)
    g = -epsilon * (top + xp.log(total))
    mass = mass * (b / total)
    return Plan(f, g, mass, float(xp.sum(xp.abs(xp.sum(mass, axis=1) - a))), 0)


def _next(xp: Any, cost: Any, a: Any, b: Any, now: Plan, epsilon: float) -> Plan:
    rows = xp.sum(now.mass, axis=1)
    odds = rows / a
    if float(xp.max(odds)) < NEAR and float(xp.min(odds)) > 1 / NEAR:
        delta = _newton(xp, now.mass, rows, a - rows, b, min(0.1, now.error))
        for share in (1.0, 0.25):
            found = _of(xp, cost, a, b, now.f + share * epsilon * delta, epsilon)
            if found.error < now.error:
                return found
    return _of(xp, cost, a, b, _softmin(xp, cost - now.g, b, epsilon), epsilon)


def _alike(xp: Any, cost: Any, a: Any, b: Any, now: Plan, epsilon: float) -> Plan:
    """Half of Sinkhorn's step, which a symmetric coupling needs no more than a dozen of."""
    return _of(xp, cost, a, b, 0.5 * (now.f + now.g), epsilon)


def _newton(xp: Any, mass: Any, rows: Any, missing: Any, b: Any, share: float) -> Any:
    """Solve (diag r − π diag(1/b) πᵀ) δ = missing, up to a share of it, for √r δ."""
    root = xp.sqrt(rows)

    def times(z: Any) -> Any:
        return z - (mass @ ((mass.T @ (z / root)) / b)) / root

    left = missing / root
    found, along = xp.zeros_like(left), left
    size = goal = float(left @ left)
    goal *= share * share
    for _ in range(PRODUCTS):
        if not size > goal:
            break
        turned = times(along)
        steep = float(along @ turned)
        if not steep > 0:
            break
        found = found + (size / steep) * along
        left = left - (size / steep) * turned
        old, size = size, float(left @ left)
        along = left + (size / old) * along
    return found / root


def _softmin(xp: Any, cost: Any, weights: Any, epsilon: float) -> Any:
    """−ε log Σⱼ wⱼ exp(−cᵢⱼ/ε)."""
    least = xp.min(cost, axis=1)
    total = _exp(xp, (least[:, None] - cost) / epsilon) @ weights
    return least - epsilon * xp.log(total)


def _exp(xp: Any, x: Any) -> Any:
    """Return eˣ, at least e^−650: smaller numbers are slow, and none of these count."""
    return xp.exp(xp.clip(x, -650.0, None))
