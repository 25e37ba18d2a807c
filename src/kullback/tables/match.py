"""Which columns can be compared, and as what; and in words, which can not."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from kullback.errors import TableError
from kullback.report.words import visible
from kullback.tables.engine import Column, Engine, Kind, Pair, Side

_MIXED = {
    frozenset({Kind.INTEGER, Kind.NUMBER}): Kind.NUMBER,
    frozenset({Kind.DATE, Kind.TIMESTAMP}): Kind.TIMESTAMP,
}


def match(
    engine: Engine, names: tuple[str, str], wanted: Sequence[str] | None
) -> tuple[list[Pair], tuple[str, ...]]:
    """The pairs of columns to compare, in the reference's order, and notes on the others."""
    reference = by_name(engine.schema("reference"), names[0])
    current = by_name(engine.schema("current"), names[1])
    if wanted is not None:
        _check_wanted(wanted, reference, current, names)
    common = [name for name in reference if name in current and _is_wanted(name, wanted)]
    if not common:
        raise TableError(
            f"no common column: {names[0]} has {_listed(reference)}; "
            f"{names[1]} has {_listed(current)}"
        )
    opaque = [name for name in common if Kind.OPAQUE in {reference[name].kind, current[name].kind}]
    pairs = _paired(engine, [(reference[c], current[c]) for c in common if c not in opaque], names)
    if not pairs or (wanted is not None and opaque):
        raise TableError(
            f"nested and binary columns are not compared: {_typed(opaque, reference, current)}; "
            "take their parts out into columns of their own"
        )
    notes = [
        f"only in the {side}, not compared: {_listed(alone)}"
        for side, alone in (
            ("reference", [name for name in reference if name not in current]),
            ("current table", [name for name in current if name not in reference]),
        )
        if alone and wanted is None
    ]
    if opaque:
        notes.append(f"nested or binary, not compared: {_typed(opaque, reference, current)}")
    return pairs, tuple(notes)


def by_name(columns: Sequence[Column], table: str) -> dict[str, Column]:
    """The columns by name, none of which may be there twice."""
    twice = [name for name, times in Counter(c.name for c in columns).items() if times > 1]
    if twice:
        raise TableError(f"{table} has more than one column named {_listed(twice)}: rename them")
    return {column.name: column for column in columns}


def _is_wanted(name: str, wanted: Sequence[str] | None) -> bool:
    return wanted is None or name in wanted


def _check_wanted(
    wanted: Sequence[str],
    reference: dict[str, Column],
    current: dict[str, Column],
    names: tuple[str, str],
) -> None:
    if not wanted:
        raise TableError("no column is named: leave `columns` out to compare all common ones")
    for name in wanted:
        absent = [
            table
            for table, held in zip(names, (reference, current), strict=True)
            if name not in held
        ]
        if absent:
            close = get_close_matches(name, [c for c in reference if c in current], n=3)
            hint = f"; did you mean {_listed(close)}?" if close else ""
            raise TableError(f"no column {visible(name)} in {' nor in '.join(absent)}{hint}")


def _paired(
    engine: Engine, columns: Sequence[tuple[Column, Column]], names: tuple[str, str]
) -> list[Pair]:
    """Each pair as the kind that holds both; a side without any value takes the other's kind."""
    changed = [pair for pair in columns if _common(pair[0].kind, pair[1].kind) is None]
    if changed:
        sides: tuple[Side, Side] = ("reference", "current")
        empty = {
            (place, name)
            for place, side in enumerate(sides)
            for name, summary in engine.summaries(side, [pair[place] for pair in changed]).items()
            if summary.filled == 0
        }
        columns = [
            (_emptied(left, (0, left.name) in empty), _emptied(right, (1, right.name) in empty))
            for left, right in columns
        ]
    pairs, refused = [], []
    for left, right in columns:
        kind = _common(left.kind, right.kind)
        if kind is None:
            refused.append(f"{visible(left.name)} ({left.type} → {right.type})")
        else:
            pairs.append(Pair(kind, left, right))
    if refused:
        raise TableError(
            f"type changed from {names[0]} to {names[1]}: {', '.join(refused)}; "
            "cast one side, or name the columns to compare"
        )
    return pairs


def _common(left: Kind, right: Kind) -> Kind | None:
    """The kind as which values of both can be compared.

    >>> _common(Kind.INTEGER, Kind.NUMBER), _common(Kind.INTEGER, Kind.TEXT)
    (<Kind.NUMBER: 'number'>, None)
    """
    if left is right or right is Kind.MISSING:
        return left
    if left is Kind.MISSING:
        return right
    return _MIXED.get(frozenset({left, right}))


def _emptied(column: Column, empty: bool) -> Column:
    return replace(column, kind=Kind.MISSING) if empty else column


def _listed(names: Sequence[str] | dict[str, Column], most: int = 8) -> str:
    some = [visible(name) for name in names]
    return ", ".join(some[:most]) + (f" and {len(some) - most} more" if len(some) > most else "")


def _typed(names: Sequence[str], reference: dict[str, Column], current: dict[str, Column]) -> str:
    return ", ".join(
        f"{visible(name)} ({' → '.join(dict.fromkeys([reference[name].type, current[name].type]))})"
        for name in names
    )
