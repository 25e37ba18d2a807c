"""Relative entropy rates of stochastic processes: nats a step, in the long run."""

import math
from typing import Any

import numpy as np

from kullback.arrays import linear
from kullback.arrays.namespace import is_traced, namespace
from kullback.arrays.stable import kl_terms, log_ratio, psi
from kullback.errors import InvalidInputError
from kullback.forms.families.outcomes import as_numpy, outcomes
from kullback.forms.families.processes import AutoRegression, MarkovChain
from kullback.methods.formulas.registry import ENTROPY_FORMULAS, KL_FORMULAS, closed_form

INFINITY = float("inf")


@closed_form(
    KL_FORMULAS, MarkovChain, MarkovChain,
    states="Σ πᵢ KL(Pᵢ ‖ Qᵢ) a step, π the stationary law of p",
    source="Rached, Alajaji and Campbell 2004, theorem 1",
    domain="q can make each transition that p makes in the long run",
)  # fmt: skip
def kl_markov(p: MarkovChain, q: MarkovChain) -> Any:
    """Σ πᵢ Σⱼ (Pᵢⱼ log(Pᵢⱼ/Qᵢⱼ) − Pᵢⱼ + Qᵢⱼ)."""
    a, b = p.transition, q.transition
    xp, (law, visited) = namespace(a, b), stationary(a)
    rows = xp.sum(kl_terms(a, log_ratio(a, b), b - a), axis=-1)
    lost = xp.any((b <= 0) & (a > 0), axis=-1)
    value = xp.sum(law * rows, axis=-1)
    return xp.where(xp.any(lost & visited, axis=-1), xp.full_like(value, INFINITY), value)


@closed_form(
    ENTROPY_FORMULAS, MarkovChain, states="−Σ πᵢ Pᵢⱼ log Pᵢⱼ a step", source="Shannon 1948, § 7"
)
def entropy_markov(p: MarkovChain) -> Any:
    """−Σ πᵢ Σⱼ Pᵢⱼ log Pᵢⱼ."""
    a = p.transition
    xp, (law, _) = namespace(a), stationary(a)
    some = a > 0
    rows = -xp.sum(xp.where(some, a * xp.log(xp.where(some, a, xp.ones_like(a))), 0 * a), axis=-1)
    return xp.sum(law * rows, axis=-1)


def stationary(transition: Any) -> tuple[Any, Any]:
    """Return the stationary law of a chain, and which states it visits in the long run.

    Raises
    ------
    InvalidInputError
        Where states fall into several closed classes, so that there are many such laws.
    """
    xp, k = namespace(transition), transition.shape[-1]
    eye = linear.identity(k, transition)
    # π (I − P) = 0 with Σ π = 1 in place of its last equation
    balance = linear.transposed(eye - transition)
    ones = xp.ones_like(balance[..., :1, :])
    system = xp.concat([balance[..., :-1, :], ones], axis=-2)
    right = 0 * transition[..., 0, :, None] + eye[:, -1:]
    if is_traced(transition):
        law = xp.linalg.solve(system, right)[..., 0]
        return law, law > 1e-12
    visited = outcomes(_visited(as_numpy(transition)), transition) > 0
    law = xp.linalg.solve(system, right)[..., 0]
    return xp.where(visited, law, xp.zeros_like(law)), visited


def _visited(transition: Any) -> Any:
    """Return which states belong to the only closed class."""
    k = transition.shape[-1]
    reach = (transition > 0) | np.eye(k, dtype=bool)
    for _ in range(max(1, math.ceil(math.log2(k)))):
        reach = (reach.astype(np.float64) @ reach.astype(np.float64)) > 0
    back = np.swapaxes(reach, -1, -2)
    closed = (~reach | back).all(axis=-1)
    split = closed[..., :, None] & closed[..., None, :] & ~reach
    wrong = split.any(axis=(-2, -1))
    if not wrong.any():
        return closed
    at = np.unravel_index(np.argmax(wrong), wrong.shape)
    classes = {tuple(np.flatnonzero(reach[at][i]).tolist()) for i in np.flatnonzero(closed[at])}
    said = " and ".join(f"{{{', '.join(map(str, states))}}}" for states in sorted(classes)[:4])
    where = f" (chain {', '.join(map(str, at))} of the batch)" if wrong.ndim else ""
    raise InvalidInputError(
        f"MarkovChain: p has {len(classes)} closed classes of states, {said}{where}: it stays in "
        "the one it reaches, so that it has no unique stationary law and no one rate. Ask of each "
        "class as a chain of its own."
    )


@closed_form(
    KL_FORMULAS, AutoRegression, AutoRegression,
    states="½ (log σ′²/σ² − 1 + E (x_t − Σ a′ᵢ x_(t−i))²/σ′²) a step, E under p",
    source="derived here: the prediction error under the wrong model",
    domain="p stationary",
)  # fmt: skip
def kl_auto_regression(p: AutoRegression, q: AutoRegression) -> Any:
    """½ ψ(log σ²/σ′²) + ½ (a − a′)ᵀ Γ (a − a′)/σ′², Γ the autocovariances of p."""
    order = max(p.order, q.order)
    gap = _padded(p.coefficients, order) - _padded(q.coefficients, order)
    covariance = autocovariances(p, order)
    xp = namespace(gap)
    spread = 0.0 * gap[..., 0]
    for lag in range(order):
        pairs = xp.sum(gap[..., : order - lag] * gap[..., lag:], axis=-1)
        spread = spread + (1 if lag == 0 else 2) * covariance[lag] * pairs
    scale = 2 * log_ratio(q.scale, p.scale)
    return 0.5 * psi(scale) + 0.5 * spread / (q.scale * q.scale)


@closed_form(
    ENTROPY_FORMULAS, AutoRegression, states="½ log 2πe σ² a step",
    source="Cover and Thomas 2006, ch. 12",
)  # fmt: skip
def entropy_auto_regression(p: AutoRegression) -> Any:
    """½ log 2πe + log σ."""
    value = namespace(p.scale).log(p.scale) + 0.5 * math.log(2 * math.pi * math.e)
    return value + 0 * p.coefficients[..., 0]


def autocovariances(law: AutoRegression, count: int) -> list[Any]:
    """Return E x_t x_(t − lag) for lags from 0, by Durbin and Levinson's recursion.

    Raises
    ------
    InvalidInputError
        Where the process is not stationary.
    """
    reflections, variance = law.reflections()
    _check_stationary(law, reflections)
    xp, found, error = namespace(variance), [variance], variance
    a: list[Any] = []
    for k in range(1, count):
        if k > law.order:
            a = [law.coefficients[..., i] for i in range(law.order)]
            found.append(sum(c * found[k - 1 - i] for i, c in enumerate(a)))
            continue
        r = reflections[k - 1]
        foretold = sum((c * found[k - 1 - i] for i, c in enumerate(a)), xp.zeros_like(variance))
        found.append(foretold + r * error)
        a = [c - r * b for c, b in zip(a, reversed(a), strict=True)] + [r]
        error = error * ((1 - r) * (1 + r))
    return found


def _padded(x: Any, order: int) -> Any:
    missing = order - x.shape[-1]
    if not missing:
        return x
    xp = namespace(x)
    return xp.concat([x] + [xp.zeros_like(x[..., :1])] * missing, axis=-1)


def _check_stationary(law: AutoRegression, reflections: list[Any]) -> None:
    xp = namespace(law.coefficients)
    if is_traced(law.coefficients):
        return
    if all(bool(xp.all(xp.abs(r) < 1)) for r in reflections):
        return
    a = as_numpy(law.coefficients)
    companion = np.zeros((*a.shape[:-1], law.order, law.order))
    companion[..., 0, :] = a
    companion[..., range(1, law.order), range(law.order - 1)] = 1
    worst = float(np.abs(np.linalg.eigvals(companion)).max())
    raise InvalidInputError(
        f"AutoRegression: p is not stationary: its largest root has modulus {worst:.6g}, and 1 is "
        "too much. Without a stationary law there is no rate."
    )
