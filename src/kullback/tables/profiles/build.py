"""From a table to its profile: counted in DuckDB, sketched from a stream of record batches."""

# ruff: noqa: S608 - queries are put together from this file's own words and column places

from collections.abc import Callable, Sequence
from dataclasses import replace
from difflib import get_close_matches

import numpy as np

from kullback.errors import TableError
from kullback.report.words import visible
from kullback.tables.duck import Duck
from kullback.tables.duck_types import finite, place, storage, unplaced
from kullback.tables.engine import Column, Kind, Pair
from kullback.tables.match import by_name
from kullback.tables.profiles import kll
from kullback.tables.profiles.blocking import Blocking
from kullback.tables.profiles.column import FEW, ColumnProfile, Tally
from kullback.tables.profiles.profile import Profile
from kullback.tables.profiles.text import hashed_from, value_table
from kullback.tables.sources import open_source

WIDTH = 32  # columns in one scan
ROUGHLY = 1.3  # a count of distinct values may be this much too high


def profile(
    table: object,
    /,
    *,
    columns: Sequence[str] | None = None,
    block: str | None = None,
    values: bool = True,
    memory_limit: str | None = None,
    threads: int | None = None,
    on_step: Callable[[str], None] = lambda _step: None,
) -> Profile:
    """A small summary of a table that can be saved, merged with others, and compared.

    Numbers, dates and times are counted value by value while they have at most 4096 different
    values, and held in a KLL sketch besides, whose ranks are off by 0.07 % of the rows at most
    (with 99 % confidence). Text is counted by the hash of each value, exactly up to 65 536
    different values.

    Parameters
    ----------
    table
        A path, a pattern, or a dataframe, as `compare` takes them.
    columns
        The columns to profile; all without it.
    block
        A column such as a day or a user, whose rows depend on each other: values are counted for
        each of its values too, or for each of 512 groups of them where there are more, so that
        `compare` can resample blocks whole.
    values
        Whether text values that 10 rows or more hold may be named. Sketches and counts of numbers
        hold values of their column in any case, each without the rest of its row.
    memory_limit, threads, on_step
        As in `compare`.

    Raises
    ------
    TableError
        For a table that cannot be read, and columns it does not have.

    Examples
    --------
    >>> import pyarrow as pa
    >>> profile(pa.table({"late": [0, 0, 4, None], "from": ["JFK", "JFK", "LGA", "JFK"]}))
    Profile of pyarrow table: 4 rows
    column  kind     missing  values     held as
    late    integer   25.0 %  0 … 0 … 4  2 values
    from    text         0 %  not named  2 values
    """
    source = open_source(table)
    with Duck(source, None, on_step, memory_limit=memory_limit, threads=threads) as engine:
        wanted = _wanted(engine.schema("reference"), columns, block, source.name)
        on_step(f"counting {len(wanted)} columns")
        counted = {pair.name: _counts(engine, pair) for pair in wanted}
        ordered = [pair for pair in wanted if pair.kind.ordered]
        on_step(f"sketching {len(ordered)} ordered columns")
        sketches: dict[str, bytes] = {}
        for start in range(0, len(ordered), WIDTH):
            sketches |= _sketches(engine, ordered[start : start + WIDTH])
        blocking, blocked = None, {}
        if block is not None:
            on_step(f"counting by {visible(block)}")
            of_blocks = next(pair.reference for pair in wanted if pair.name == block)
            blocking = Blocking(engine, of_blocks)
            blocked = blocking.ordered(ordered)
        found = []
        for pair in wanted:
            on_step(f"counting values of {visible(pair.name)}")
            column = _column(pair, counted[pair.name])
            if pair.kind.ordered:
                exact = (
                    _each_value(engine, pair) if counted[pair.name][-1] <= ROUGHLY * FEW else None
                )
                column = replace(
                    column, sketch=sketches[pair.name], tally=exact, blocked=blocked.get(pair.name)
                )
            elif pair.kind is not Kind.MISSING:
                column = _of_text(engine, pair, column, blocking, values=values)
            found.append(column)
        return Profile(
            sources=(source.name,),
            rows=engine.rows("reference"),
            columns=tuple(found),
            blocks=None if blocking is None else blocking.rows,
            engine=engine.name,
        )


def _wanted(
    schema: Sequence[Column], columns: Sequence[str] | None, block: str | None, table: str
) -> list[Pair]:
    """The columns to profile, each paired with itself; nested ones have nothing to count."""
    held = by_name(schema, table)
    for name in [*(columns or ()), *([] if block is None else [block])]:
        if name not in held:
            close = get_close_matches(name, held, n=3)
            hint = f"; did you mean {', '.join(map(visible, close))}?" if close else ""
            raise TableError(f"no column {visible(name)} in {table}{hint}")
    if block is not None and held[block].kind is Kind.OPAQUE:
        raise TableError(
            f"block {visible(block)} is nested or binary ({held[block].type}) in {table}"
        )
    return [
        Pair(column.kind, column, column)
        for column in schema
        if column.kind is not Kind.OPAQUE
        and (columns is None or column.name in columns or column.name == block)
    ]


def _counts(engine: Duck, pair: Pair) -> tuple[int, int, int, int, int]:
    """Rows that hold a value, NaN, −∞ and +∞; and roughly how many values differ."""
    column = place(pair.reference)
    odd = ", ".join(f"count_if({condition})" for condition in unplaced(pair, "reference"))
    asked = f"SELECT count({column}), {odd}, approx_count_distinct({column}) FROM reference"
    filled, nan, below, above, distinct = (int(each or 0) for each in engine.ask(asked)[0])
    return filled, nan, below, above, distinct


def _sketches(engine: Duck, pairs: Sequence[Pair]) -> dict[str, bytes]:
    """A sketch of each column's finite values, from one scan: no value becomes a Python object."""
    asked = ", ".join(
        f"({finite(pair, 'reference')})::DOUBLE AS x{index}" for index, pair in enumerate(pairs)
    )
    sketches = [kll.empty() for _ in pairs]
    for batch in engine.stream(f"SELECT {asked} FROM reference"):
        for sketch, column in zip(sketches, batch.columns, strict=True):
            sketch.update(np.array(column.drop_null()))  # writable, as it asks for
    return {
        pair.name: bytes(sketch.serialize()) for pair, sketch in zip(pairs, sketches, strict=True)
    }


def _column(pair: Pair, counts: tuple[int, int, int, int, int]) -> ColumnProfile:
    filled, nan, below, above, _ = counts
    return ColumnProfile(
        pair.name, pair.kind, pair.reference.type, filled, nan=nan, below=below, above=above
    )


def _of_text(
    engine: Duck, pair: Pair, column: ColumnProfile, blocking: Blocking | None, *, values: bool
) -> ColumnProfile:
    """The column by hash; booleans tell nobody's name, so they always have theirs."""
    with value_table(engine, pair) as own:
        named = values or pair.kind is Kind.BOOLEAN
        return replace(
            column,
            hashed=hashed_from(engine, pair, own, values=named),
            blocked=None if blocking is None else blocking.hashed(pair),
        )


def _each_value(engine: Duck, pair: Pair) -> Tally | None:
    """Every finite value with its rows, or None where there are too many, or too large ones."""
    if storage(pair) == "HUGEINT":
        return None
    lines = engine.ask(
        f"SELECT x, count(*) FROM (SELECT {finite(pair, 'reference')} AS x FROM reference) "
        f"WHERE x IS NOT NULL GROUP BY x ORDER BY x LIMIT {FEW + 1}"
    )
    if len(lines) > FEW:
        return None
    values = [line[0] for line in lines]
    rows = np.asarray([n for _, n in lines], np.int64)
    if pair.kind is Kind.NUMBER:
        return Tally(np.asarray(values, np.float64), rows)
    return Tally(np.asarray(values, np.int64), rows)
