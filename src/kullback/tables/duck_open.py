"""Tables opened in a DuckDB connection: each a view whose columns are ``c0``, ``c1`` and so on.

CSV, JSON and databases are read once, into a temporary Parquet file: types are settled there and
then, and every later scan reads only the columns it counts.
"""

# ruff: noqa: S608 - queries are put together from this file's own words and column places

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from kullback.errors import TableError
from kullback.tables.duck_session import Session
from kullback.tables.duck_stored import table_of
from kullback.tables.engine import Side
from kullback.tables.sources import Files, Frame, Source, Stored

EXACT_ROWS = 1 << 16  # what needs the rows in order looks at a fixed sample of about so many
LOOKED_AT = (20_480, -1)  # rows that settle the types; all, where a later row does not fit


@dataclass(frozen=True)
class Opened:
    """An open table: its columns' names, their types in DuckDB's words, and its rows."""

    names: tuple[str, ...]
    types: tuple[str, ...]
    rows: int


def opened(session: Session, side: Side, source: Source) -> Opened:
    """Make the view of that side, whose column ``sampled`` tells the rows of the fixed sample."""
    with session.blaming(f"cannot read {source.name}"):
        match source:
            case Frame():
                names, rows, sampled = _frame(session, side, source)
            case Files(format="parquet"):
                paths = list(source.paths)
                names = _parquet_names(session, paths)
                rows, sampled = _parquet(session, side, paths)
            case Files() | Stored():
                target = str(session.folder / f"{side}.parquet")
                names = _settled(session, side, source, target)
                rows, sampled = _parquet(session, side, [target])
        _check_size(source, rows, len(names))
        places = [f"c{index}" for index in range(len(names))]
        session.ask(
            f"CREATE VIEW {side} AS SELECT {', '.join(places)}, {sampled} AS sampled "
            f"FROM {side}_raw AS t({', '.join(places)}{', pick' if 'pick' in sampled else ''})"
        )
        types = [line[1] for line in session.ask(f"DESCRIBE {side}")]
    return Opened(tuple(names), tuple(types[: len(names)]), rows)


def _frame(session: Session, side: Side, frame: Frame) -> tuple[list[str], int, str]:
    names, rows = list(frame.table.column_names), frame.table.num_rows
    _check_size(frame, rows, len(names))
    table, sampled = frame.table, "true"
    if rows > EXACT_ROWS:
        few = np.random.default_rng(0).random(rows) < EXACT_ROWS / rows
        table, sampled = table.append_column("pick", [few]), "pick"
    session.connection.register(f"{side}_raw", table)
    return names, rows, sampled


def _parquet(session: Session, side: Side, paths: list[str]) -> tuple[int, str]:
    read = session.connection.read_parquet
    relation = read(paths)
    rows = session.run(lambda: relation.count("*").fetchall())[0][0]
    sampled = "true"
    if rows > EXACT_ROWS:
        relation = read(paths, file_row_number=True)
        sampled = f"hash(pick) % {-(-rows // EXACT_ROWS)} = 0"
    relation.create_view(f"{side}_raw")
    return rows, sampled


def _settled(session: Session, side: Side, source: Files | Stored, target: str) -> list[str]:
    """Write the rows as Parquet; their names."""
    if isinstance(source, Stored):
        with table_of(session, side, source) as relation:
            names = list(relation.columns)
            session.run(partial(relation.write_parquet, target))
        return names
    connection = session.connection
    read = connection.read_csv if source.format == "csv" else connection.read_json
    for rows in LOOKED_AT:
        relation = read(list(source.paths), sample_size=rows)
        try:
            session.run(partial(relation.write_parquet, target))
        except (session.duckdb.ConversionException, session.duckdb.InvalidInputException):
            if rows == LOOKED_AT[-1]:
                raise
        else:
            break
    return list(relation.columns)


def _parquet_names(session: Session, paths: list[str]) -> list[str]:
    """The names as the first file has them: DuckDB itself renames ``a`` beside ``A``."""
    names = list(session.connection.read_parquet(paths).columns)
    lines = session.ask(
        "SELECT name, coalesce(num_children, 0) FROM parquet_schema($path)",
        {"path": paths[0]},
    )
    top = list(_top_level(lines))
    return top if len(top) == len(names) else names


def _top_level(lines: Sequence[tuple[str, int]]) -> Iterator[str]:
    """The names of a Parquet schema that lie directly under its root, of a list in depth order."""
    waiting = 0  # fields still to come inside the current top-level one
    for name, children in lines[1:]:
        if waiting == 0:
            yield name
            waiting = 1
        waiting += children - 1


def _check_size(source: Source, rows: int, columns: int) -> None:
    if rows == 0 or columns == 0:
        raise TableError(
            f"{source.name} has {rows} rows and {columns} columns: there is nothing to compare"
        )
