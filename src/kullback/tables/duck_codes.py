"""SQL that turns a column into small whole numbers: the cell of a number, the rank of a value."""

# ruff: noqa: S608 - queries are put together from this file's own words and column places

from collections.abc import Iterator, Sequence

from kullback.tables.duck_types import LEAST, finite, place, storage, unplaced, value
from kullback.tables.engine import ABOVE, BELOW, NAN, NONE, Coding, Pair, Side

BLOCKS = 4096  # more blocks than this are dealt at random into so many


def code(coding: Coding, side: Side, parameters: dict[str, object]) -> str:
    """The code of a row, in a query that `joins` belongs to; edges are added to the parameters."""
    if coding.partition is None:
        own = f"coalesce(v{coding.pair.reference.index}.code, {coding.most})"
        return f"CASE WHEN {_is_missing(coding.pair, side)} THEN {NONE} ELSE {own} END"
    nan, below, above = unplaced(coding.pair, side)
    return (
        f"CASE WHEN {_is_missing(coding.pair, side)} THEN {NONE} WHEN {nan} THEN {NAN} "
        f"WHEN {below} THEN {BELOW} WHEN {above} THEN {ABOVE} "
        f"ELSE {' + '.join(_steps(coding, side, parameters))} END"
    )


def ranked(coding: Coding) -> str:
    """The query of a table (v, code): the most frequent values of both sides, with their ranks."""
    sides: tuple[Side, Side] = ("reference", "current")
    both = " UNION ALL ".join(
        f"SELECT {value(coding.pair, side)} AS v, count(*) AS n FROM {side} "
        f"WHERE NOT ({_is_missing(coding.pair, side)}) GROUP BY ALL"
        for side in sides
    )
    return (
        f"SELECT v, (row_number() OVER (ORDER BY n DESC, v) - 1) AS code FROM "
        f"(SELECT v, sum(n) AS n FROM ({both}) GROUP BY v) ORDER BY code LIMIT {coding.most}"
    )


def joins(codings: Sequence[Coding], side: Side) -> str:
    """The joins that give the rows of a side the ranks of their values."""
    return " ".join(
        f"LEFT JOIN v{coding.pair.reference.index} "
        f"ON v{coding.pair.reference.index}.v = {value(coding.pair, side)}"
        for coding in codings
        if coding.partition is None
    )


def _steps(coding: Coding, side: Side, parameters: dict[str, object]) -> Iterator[str]:
    """One term for each edge that a value may lie above."""
    assert coding.partition is not None
    read, held = finite(coding.pair, side), storage(coding.pair)
    least, certain = LEAST.get(held), 0
    for step, edge in enumerate(coding.partition.edges):
        if least is not None and edge < least:
            certain += 1
            continue
        key = f"g{coding.pair.reference.index}_{step}"
        parameters[key] = edge
        yield f"({read} > ${key}::{held})::INT"
    yield str(certain)


def _is_missing(pair: Pair, side: Side) -> str:
    return f"{place(getattr(pair, side))} IS NULL"
