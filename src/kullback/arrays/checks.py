"""Shape, sum, sign and NaN: refused here, once, with the numbers and the way out.

Checks that need values are skipped for arrays whose values cannot be looked at (inside jax.jit,
lazy Dask arrays).
"""

import math
from typing import Any

from kullback.arrays.namespace import (
    bits_of,
    is_integer,
    is_real_floating,
    is_traced,
    library_of,
    namespace,
    widened,
)
from kullback.errors import InputTypeError, InvalidInputError, NotNormalisedError, ShapeError


def sum_tolerance(x: Any) -> float:
    """Return how far from 1 the sum of probabilities of this dtype may lie."""
    return {16: 1e-2, 32: 1e-4}.get(bits_of(x), 1e-6)


def _item(x: Any) -> float:
    return float(x.item() if hasattr(x, "item") else x)


def _worst(values: Any, bad: Any) -> tuple[tuple[int, ...], float]:
    """Return the first position at which bad holds, and the value there."""
    xp = namespace(values)
    at = int(xp.argmax(xp.astype(xp.reshape(bad, (-1,)), xp.int64)))
    position = []
    for size in reversed(values.shape):
        position.append(at % size)
        at //= size
    where = tuple(reversed(position))
    return where, _item(values[where])


def _place(where: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, where))}]" if where else ""


def check_numbers(x: Any, name: str, what: str) -> None:
    """Raise unless x is an array of real floating-point numbers with a non-empty last axis."""
    if library_of(x) == "numpy" and x.dtype.kind in "OSUMm":
        raise InputTypeError(f"{name} holds {x.dtype}, not numbers.")
    if not is_real_floating(x):
        if is_integer(x):
            hint = "If these are counts, pass kb.Counts({0}); class indices, kb.Labels({0})."
            raise InputTypeError(
                f"{name} holds integers ({x.dtype}) where {what} are expected. " + hint.format(name)
            )
        raise InputTypeError(
            f"{name} holds {x.dtype} where {what} are expected: real numbers are needed."
        )


def check_axis(x: Any, axis: int, name: str) -> None:
    """Raise unless x has the axis, with at least one outcome on it."""
    if x.ndim == 0:
        raise ShapeError(f"{name} is a single number; an axis of outcomes is needed.")
    if not -x.ndim <= axis < x.ndim:
        raise ShapeError(f"axis={axis} does not exist in {name}, which has shape {tuple(x.shape)}.")
    if x.shape[axis] == 0:
        raise ShapeError(
            f"{name} has shape {tuple(x.shape)}: its axis {axis} of outcomes is empty."
        )


def check_fit(p: Any, q: Any) -> None:
    """Raise unless p and q have as many outcomes (last axis) and batch shapes that broadcast."""
    shape_p, shape_q = tuple(p.shape), tuple(q.shape)
    if shape_p[-1] != shape_q[-1]:
        raise ShapeError(
            f"p has {shape_p[-1]} outcomes and q has {shape_q[-1]} (shapes {shape_p} and "
            f"{shape_q}, outcomes "
            "last): they must be the same outcomes. An axis of length 1 is not repeated here."
        )
    batch_p, batch_q = shape_p[:-1], shape_q[:-1]
    for a, b in zip(reversed(batch_p), reversed(batch_q), strict=False):
        if a != b and 1 not in (a, b):
            raise ShapeError(
                f"The batch shapes {batch_p} of p and {batch_q} of q do not broadcast: {a} against "
                f"{b}."
            )


def check_probabilities(x: Any, name: str, tolerance: float | None = None) -> None:
    """Raise unless every row of x (last axis) is a probability vector."""
    if is_traced(x):
        return
    tolerance = sum_tolerance(x) if tolerance is None else tolerance
    x = widened(x)
    xp = namespace(x)
    if bool(xp.any(~(x >= 0))):
        where, value = _worst(x, ~(x >= 0))
        if math.isnan(value):
            raise InvalidInputError(
                f"{name}{_place(where)} is NaN. Remove or fill missing values first."
            )
        hint = (
            f" If these are logits, pass kb.Logits({name}); log-probabilities, kb.LogProbs({name})."
        )
        raise InvalidInputError(
            f"{name}{_place(where)} = {value:.6g}: a probability cannot be negative.{hint}"
        )
    total = xp.sum(x, axis=-1)
    off = ~(xp.abs(total - 1) <= tolerance)
    if bool(xp.any(off)):
        where, value = _worst(total, off)
        raise_not_normalised(name, where, value, tolerance)


def raise_not_normalised(name: str, where: tuple[int, ...], total: float, tolerance: float) -> None:
    """Raise NotNormalisedError for the row of `name` at `where`."""
    row = f"row {_place(where)} of {name}" if where else name
    missed = f"{total:.6g}" if abs(total - 1) > 1e-5 else f"{total:.9g}"
    raise NotNormalisedError(
        f"{row} sums to {missed}, not 1 (allowed: ± {tolerance:g}), so it is not a distribution. "
        f"If these are "
        f"counts, pass kb.Counts({name}); to rescale, divide by the sum along the axis; if the "
        f"outcomes lie on "
        "another axis, pass axis=."
    )


def check_logits(x: Any, name: str, what: str = "logits") -> None:
    """Raise for NaN, +∞, or a row that is −∞ throughout."""
    if is_traced(x):
        return
    xp = namespace(x)
    bad = xp.isnan(x) | (x == math.inf)
    if bool(xp.any(bad)):
        where, value = _worst(x, bad)
        raise InvalidInputError(
            f"{name}{_place(where)} is {value}: {what} are finite, or −inf for a masked outcome."
        )
    masked = xp.all(x == -math.inf, axis=-1)
    if bool(xp.any(masked)):
        where, _ = _worst(xp.astype(masked, x.dtype), masked)
        row = f"row {_place(where)} of {name}" if where else name
        raise InvalidInputError(f"{row} is −inf throughout: no outcome is left to put mass on.")


def check_log_probabilities(x: Any, log_total: Any, name: str, tolerance: float) -> None:
    """Raise unless the probabilities exp(x) sum to one; log_total is the log of their sums."""
    if is_traced(x):
        return
    xp = namespace(x)
    total = xp.exp(log_total)
    off = ~(xp.abs(total - 1) <= tolerance)
    if bool(xp.any(off)):
        where, value = _worst(total, off)
        row = f"row {_place(where)} of {name}" if where else name
        raise NotNormalisedError(
            f"exp({row}) sums to {value:.6g}, not 1 (allowed: ± {tolerance:g}). If these are "
            f"unnormalised scores, "
            f"pass kb.Logits({name})."
        )


def check_counts(x: Any, name: str) -> None:
    """Raise unless every row of x holds non-negative finite numbers, not all of them zero."""
    if is_traced(x):
        return
    xp = namespace(x)
    if is_real_floating(x) and bool(xp.any(~xp.isfinite(x))):
        where, value = _worst(x, ~xp.isfinite(x))
        raise InvalidInputError(f"{name}{_place(where)} is {value}: a count is a finite number.")
    if bool(xp.any(x < 0)):
        where, value = _worst(x, x < 0)
        raise InvalidInputError(f"{name}{_place(where)} = {value:g}: a count cannot be negative.")
    empty = xp.all(x == 0, axis=-1)
    if bool(xp.any(empty)):
        where, _ = _worst(xp.astype(empty, xp.int64), empty)
        row = f"row {_place(where)} of {name}" if where else name
        raise InvalidInputError(f"{row} counts nothing: frequencies need at least one observation.")


def check_labels(labels: Any, classes: int, ignore_index: int | None, name: str) -> None:
    """Raise unless every label is a class index, or the one that is ignored."""
    if is_traced(labels):
        return
    xp = namespace(labels)
    bad = (labels < 0) | (labels >= classes)
    if ignore_index is not None:
        bad = bad & (labels != ignore_index)
    if bool(xp.any(bad)):
        where, value = _worst(labels, bad)
        raise InvalidInputError(
            f"{name}{_place(where)} = {value:g} is no class index: there are {classes} classes, 0 "
            f"to {classes - 1}. "
            "To leave rows out, pass kb.Labels(y, ignore_index=…)."
        )


def check_base(base: float | None, applies: bool, question: str) -> float:
    """Return log base, the size of the unit in nats (1 for base=None)."""
    if base is None:
        return 1.0
    if not applies:
        raise InvalidInputError(
            f"{question} is not measured in units of information, so base={base!r} means nothing "
            f"for it. Leave it out."
        )
    number = isinstance(base, (int, float)) and not isinstance(base, bool)
    if not number or not math.isfinite(base) or base <= 0 or base == 1:
        raise InvalidInputError(
            f"base={base!r}: a logarithm needs a positive base other than 1. None gives nats, 2 "
            f"bits."
        )
    return math.log(base)


def unit_name(base: float | None) -> str:
    """Return what the unit of a logarithm is called."""
    if base is None or base == math.e:
        return "nats"
    return {2.0: "bits", 10.0: "hartleys"}.get(float(base), f"log-{base:g} units")
