"""What a member of a family is worth as a projection: its divergence, and the modes it covers."""

import math
from dataclasses import replace
from typing import Any

import numpy as np

from kullback._measure import cross_entropy, kl
from kullback.errors import AccuracyError, InvalidInputError
from kullback.forms.families.family import Family
from kullback.learn.projection.points import Mode
from kullback.learn.projection.record import Direction, Optimum
from kullback.learn.projection.search import near_nothing
from kullback.learn.projection.target import Target


def optimum_of(
    target: Target, law: Family, modes: tuple[Mode, ...], starts: int, direction: Direction
) -> Optimum:
    """Return the record of one member, found from so many starts."""
    if target.law is None:
        return Optimum(law, math.nan, starts)
    if target.summed and direction == "forward":
        w = target.points.weight[target.points.weight > 0]
        value = coded_by(target, law) + float(w @ np.log(w))
    else:
        pair = (target.law, law) if direction == "forward" else (law, target.law)
        value = _integrated(*pair)
    if not math.isfinite(value):
        raise InvalidInputError(
            f"KL({'p ‖ q' if direction == 'forward' else 'q ‖ p'}) is {value} at {law!r}, the "
            f"member with the means of p: no member of {type(law).__name__} is nearer."
        )
    covered = _shares(target, law, modes)
    kept = tuple(replace(m, covered=c) for m, c in zip(modes, covered, strict=True))
    return Optimum(law, value, starts, kept)


def _integrated(p: Any, q: Any) -> float:
    """KL(p ‖ q), also where it is 0 but for rounding."""
    try:
        return float(kl(p, q))
    except AccuracyError as missed:
        if not near_nothing(missed):
            raise
        return float(missed.value)


def coded_by(target: Target, law: Family) -> float:
    """Return −E_p log q, nats."""
    if not target.summed:
        return float(cross_entropy(target.law, law))
    some = target.points.weight > 0
    log_q = np.asarray(law.log_density(target.points.x[some]))
    return -float(target.points.weight[some] @ log_q)


def _shares(target: Target, law: Family, modes: tuple[Mode, ...]) -> list[float]:
    """Return what a member puts in the basin of each mode."""
    x = target.points.x
    cell = np.ones_like(x) if target.law.discrete else np.gradient(x)
    mass = np.exp(np.asarray(law.log_density(x))) * cell
    return [float(mass[(x >= m.low) & (x < m.high)].sum()) for m in modes]
