"""What an exact answer rests on: each outcome's share, and what else to ask of an infinite one."""

import math
from typing import Any

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.estimate import Evidence
from kullback.forms.discrete import Discrete
from kullback.methods.exact.held import hold, hold_one
from kullback.methods.exact.sums import array_value
from kullback.questions import (
    KL,
    Divergence,
    Hellinger,
    JensenShannon,
    Question,
    Renyi,
    TotalVariation,
)


def gather(
    of: Question,
    inner: Question,
    p: Discrete,
    q: Discrete | None,
    axis: int,
    unit: float,
    value: Any,
) -> Evidence:
    """Return the evidence of an answer; `inner` is the question whose terms make it up."""
    with np.errstate(all="ignore"):
        return _gather(of, inner, p, q, axis, unit, value)


def _gather(
    of: Question,
    inner: Question,
    p: Discrete,
    q: Discrete | None,
    axis: int,
    unit: float,
    value: Any,
) -> Evidence:
    held = hold_one(p, axis) if q is None else hold(p, q, axis)
    pair = held.pair()
    xp = namespace(pair.p)
    if isinstance(inner, Renyi) and inner.alpha in (0.0, math.inf):
        terms = KL().terms(pair)  # an order without a sum: KL's terms order the outcomes
    else:
        terms = inner.terms(pair)  # type: ignore[attr-defined]
    total = xp.sum(terms, axis=-1, keepdims=True)
    # Where the answer is a function of the sum, the shares keep their proportions.
    plain = not isinstance(inner, Divergence) or type(inner).close is Divergence.close
    if plain:
        shares = terms / unit
    else:
        some = (total > 0) & xp.isfinite(total)
        scale = xp.asarray(value)[..., None] / xp.where(some, total, xp.ones_like(total))
        shares = xp.where(some, terms * scale, terms)

    def alternatives(index: tuple[int, ...]) -> list[tuple[str, float]]:
        ask: list[tuple[str, Question, float]] = [
            ("JS(p, q)", JensenShannon(), unit),
            ("TV(p, q)", TotalVariation(), 1.0),
            ("H(p, q)", Hellinger(), 1.0),
            ("R(p ‖ q) of order ½", Renyi(0.5), unit),
        ]
        found = [
            (symbol, float(array_value(question, held)[index]) / size)
            for symbol, question, size in ask
        ]
        if isinstance(of, KL) and q is not None:
            found.append(("KL(q ‖ p)", float(array_value(KL(), hold(q, p, axis))[index]) / unit))
        return found

    return Evidence(pair.p, pair.q, shares, alternatives)
