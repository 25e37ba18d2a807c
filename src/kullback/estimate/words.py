"""What an answer says: which outcomes carry it, and what "no difference" would have shown."""

import math
from collections.abc import Callable, Sequence
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.errors import InvalidInputError
from kullback.estimate.answer import Evidence, Floor
from kullback.questions import Entropy, HockeyStick, Question, TotalVariation


def row_of(value: Any, row: Any) -> tuple[tuple[int, ...], str]:
    """Return the index of a row, by default that of the largest value, and what it is called."""
    shape = tuple(getattr(value, "shape", ()))
    if not shape:
        return (), ""
    if row is None:
        flat = int(namespace(value).argmax(namespace(value).reshape(value, (-1,))))
        steps = []
        for size in reversed(shape):
            steps.append(flat % size)
            flat //= size
        row = tuple(reversed(steps))
    index = (row,) if isinstance(row, int) else tuple(row)
    return index, f"Row {', '.join(map(str, index))} of {shape}: "


def of_law(of: Question, value: float, unit: str, head: str) -> list[str]:
    """Say what the number is."""
    number = "is infinite" if math.isinf(value) else f"= {_with_unit(value, unit)}"
    return [f"{head}{of.symbol} {number}: {of.meaning()}."]


def of_outcomes(
    of: Question,
    value: float,
    unit: str,
    head: str,
    evidence: Evidence,
    index: tuple[int, ...],
    names: Sequence[Any] | None,
    top: int,
) -> list[str]:
    """Say what the number is, and which outcomes carry it."""
    p, q, shares = (_floats(a[(*index, ...)]) for a in (evidence.p, evidence.q, evidence.shares))
    call = _namer(names, len(p))
    lines = of_law(of, value, unit, head)
    if math.isinf(value):
        lines = [f"{head}{of.symbol} is infinite.", *_infinity(p, q, shares, call, top)]
        lines.append(_listed_alternatives(evidence.alternatives(index)))
    elif value > 0:
        lines.append(_carriers(p, q, shares, call, top, single=isinstance(of, Entropy)))
    if isinstance(of, (TotalVariation, HockeyStick)) and value > 0:
        lines.append(_event(of, p, q, call))
    return lines


def against_nothing(
    floor: Floor | None, p_value: Any, unit: str, index: tuple[int, ...]
) -> list[str]:
    """Say what "no difference" would have shown."""
    lines = []
    if floor is not None:
        mean, upper = (float(x[index]) if index else float(x) for x in floor)
        lines.append(
            f"No difference would show {_with_unit(mean, unit)} on average, and at most "
            f"{upper:.4g} in 95 of 100 cases."
        )
    if p_value is not None:
        chance = float(p_value[index]) if index else float(p_value)
        lines.append(f"p-value against no difference: {chance:.2g}.")
    return lines


def _with_unit(value: float, unit: str) -> str:
    return f"{value:.4g} {unit}" if unit else f"{value:.4g}"


def _infinity(
    p: list[float], q: list[float], shares: list[float], call: Callable[[int], str], top: int
) -> list[str]:
    cause = [i for i, s in enumerate(shares) if math.isinf(s)]
    lines = []
    for mass, other, a, b in ((p, q, "p", "q"), (q, p, "q", "p")):
        alone = sorted((i for i in cause if other[i] == 0 < mass[i]), key=lambda i: -mass[i])
        if alone:
            held = sum(mass[i] for i in alone)
            lines.append(
                f"{a} puts mass {held:.4g} where {b} has none, on {len(alone)} "
                f"outcome{'s' if len(alone) > 1 else ''}: {_listed(alone, call, mass, top)}."
            )
    if not lines and cause:
        lines.append(f"The ratio overflows at {_listed(cause, call, p, top)}.")
    return lines


def _floats(row: Any) -> list[float]:
    return [float(x) for x in (row.tolist() if hasattr(row, "tolist") else row)]


def _namer(names: Sequence[Any] | None, k: int) -> Callable[[int], str]:
    if names is None:
        return lambda i: f"outcome {i}"
    if len(names) != k:
        raise InvalidInputError(f"{len(names)} names for {k} outcomes.")
    return lambda i: str(names[i])


def _listed(indices: list[int], call: Callable[[int], str], mass: list[float], top: int) -> str:
    named = ", ".join(f"{call(i)} ({mass[i]:.4g})" for i in indices[:top])
    rest = len(indices) - top
    return f"{named} and {rest} more" if rest > 0 else named


def _carriers(
    p: list[float],
    q: list[float],
    shares: list[float],
    call: Callable[[int], str],
    top: int,
    *,
    single: bool,
) -> str:
    total = sum(shares)
    if total <= 0:
        return ""
    order = sorted(range(len(shares)), key=lambda i: -shares[i])[:top]
    said: list[str] = []
    for i in (j for j in order if shares[j] > 0):
        percent = f"{100 * shares[i] / total:.0f} %"
        first = not said
        if single:
            numbers = f"{p[i]:.4g} under p" if first else f"{p[i]:.4g}"
        elif first:
            numbers = f"{q[i]:.4g} under q, {p[i]:.4g} under p"
        else:
            numbers = f"{q[i]:.4g}, {p[i]:.4g}"
        verb, of_it = ("carries ", " of it") if first else ("", "")
        said.append(f"{call(i)} {verb}{percent}{of_it} ({numbers})")
    return ", ".join(said) + "."


def _event(of: Question, p: list[float], q: list[float], call: Callable[[int], str]) -> str:
    gamma = of.gamma if isinstance(of, HockeyStick) else 1.0
    event = [i for i in range(len(p)) if p[i] > gamma * q[i]]
    named = ", ".join(call(i) for i in event[:6]) + (
        f" and {len(event) - 6} more" if len(event) > 6 else ""
    )
    return (
        f"It is attained by the event {{{named}}}: probability {sum(p[i] for i in event):.4g} "
        f"under p, "
        f"{sum(q[i] for i in event):.4g} under q."
    )


def _listed_alternatives(alternatives: list[tuple[str, float]]) -> str:
    finite = ", ".join(
        f"{symbol} = {value:.4g}" for symbol, value in alternatives if math.isfinite(value)
    )
    return f"Finite, and worth asking instead: {finite}." if finite else ""
