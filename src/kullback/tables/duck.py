"""The embedded engine: DuckDB, asked in SQL that never holds a name or a value of the user's.

Columns are addressed by their place (``c0``, ``c1`` …), tables as ``reference`` and ``current``,
values by parameters: nothing that a file says can become part of a query.
"""

# ruff: noqa: S608 - queries are put together from this file's own words and column places

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self, TypeVar

import numpy as np

from kullback.errors import MissingExtraError, TableError
from kullback.tables.duck_types import LEAST, finite, kind_of, place, storage, unplaced, value
from kullback.tables.engine import CellCounts, Column, Pair, Side, Summary, ValueCounts
from kullback.tables.partition import Number, Partition
from kullback.tables.sources import Files, Frame, Source

EXACT_ROWS = 1 << 16  # quantiles of more rows than this come from a fixed sample of about as many
NAMES = 12  # values named where many occur equally often
WIDTH = 32  # columns counted in one scan
SORTED_WIDTH = 8  # columns whose quantiles are taken at once: each holds its values meanwhile

T = TypeVar("T")


class Duck:
    """Both tables in one DuckDB connection; a context manager that leaves nothing behind.

    CSV is read once, into a temporary Parquet file: types are settled there and then, and every
    later scan reads only the columns it counts.
    """

    def __init__(self, reference: Source, current: Source, on_step: Callable[[str], None]) -> None:
        try:
            import duckdb
        except ModuleNotFoundError as error:
            raise MissingExtraError(
                "comparing tables needs DuckDB: pip install 'kullback[tables]'"
            ) from error
        self._sources: dict[Side, Source] = {"reference": reference, "current": current}
        self._on_step = on_step
        self._duckdb = duckdb
        self._columns: dict[Side, tuple[Column, ...]] = {}
        self._rows: dict[Side, int] = {}

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            self._folder = Path(opened.enter_context(TemporaryDirectory(prefix="kullback-")))
            self._connection = self._duckdb.connect(config={"temp_directory": str(self._folder)})
            opened.callback(self._connection.close)
            self._worker = opened.enter_context(ThreadPoolExecutor(max_workers=1))
            self._ask("SET enable_progress_bar = false")
            for side in self._sources:
                self._open(side)
            self._closing = opened.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.close()

    def rows(self, side: Side) -> int:
        """How many rows that side has."""
        return self._rows[side]

    def schema(self, side: Side) -> tuple[Column, ...]:
        """The columns of that side, in its order."""
        return self._columns[side]

    def summaries(self, side: Side, columns: Sequence[Column]) -> Mapping[str, Summary]:
        """Filled rows and distinct values of each column, by name, in one scan."""
        found: dict[str, Summary] = {}
        for some in _batches(columns, WIDTH):
            asked = ", ".join(
                f"count({place(column)}), approx_count_distinct({place(column)})" for column in some
            )
            answer = iter(self._ask(f"SELECT {asked} FROM {side}")[0])
            found |= {column.name: Summary(next(answer), next(answer)) for column in some}
        return found

    def quantiles(
        self, pairs: Sequence[Pair], shares: Sequence[float]
    ) -> Mapping[str, tuple[Number, ...]]:
        """Reference values below or at which each share of the finite rows lies, by name."""
        found: dict[str, tuple[Number, ...]] = {}
        for some in _batches(pairs, SORTED_WIDTH):
            filled = self._ask(
                f"SELECT {', '.join(f'count({place(pair.reference)})' for pair in some)} "
                "FROM reference"
            )[0]
            asked = ", ".join(
                f"quantile_disc({finite(pair, 'reference')}, {list(shares)}) "
                f"FILTER (WHERE {'sampled' if rows > EXACT_ROWS else 'true'})"
                for pair, rows in zip(some, filled, strict=True)
            )
            answers = self._ask(f"SELECT {asked} FROM reference")[0]
            found |= {
                pair.name: tuple(answer or ()) for pair, answer in zip(some, answers, strict=True)
            }
        return found

    def cell_counts(
        self, side: Side, pairs: Sequence[Pair], partitions: Mapping[str, Partition]
    ) -> Mapping[str, CellCounts]:
        """Rows of that side in each column's cells, by name, in one scan."""
        found = {}
        for some in _batches(pairs, WIDTH):
            asked, edges = [], {}
            for pair in some:
                key, on_line = f"e{pair.reference.index}", finite(pair, side)
                least = LEAST.get(storage(pair), -math.inf)  # below it no edge is needed, or held
                edges[key] = [edge for edge in partitions[pair.name].edges if edge >= least]
                odd = ", ".join(f"count_if({condition})" for condition in unplaced(pair, side))
                asked.append(
                    f"histogram({on_line}, ${key}::{storage(pair)}[]), count({on_line}), "
                    f"count({place(getattr(pair, side))}), {odd}"
                )
            answer = iter(self._ask(f"SELECT {', '.join(asked)} FROM {side}", edges)[0])
            for pair in some:
                held, placed, filled = next(answer) or {}, next(answer), next(answer)
                inside = [held.get(edge, 0) for edge in partitions[pair.name].edges]
                cells = np.asarray([*inside, placed - sum(inside)], dtype=np.int64)
                odd_counts = [int(next(answer)) for _ in range(3)]
                found[pair.name] = CellCounts(cells, self._rows[side] - filled, *odd_counts)
        return found

    def value_counts(self, pair: Pair) -> ValueCounts:
        """Rows of both sides for each value of one column."""
        sides: tuple[tuple[Side, Column, str], ...] = (
            ("reference", pair.reference, "count(*) AS r, 0 AS c"),
            ("current", pair.current, "0 AS r, count(*) AS c"),
        )
        before, after = (
            f"SELECT {value(pair, side)} AS v, {place(column)} IS NULL AS missing, {counts} "
            f"FROM {side} GROUP BY ALL"
            for side, column, counts in sides
        )
        lines = self._ask(
            f"WITH found AS ({before} UNION ALL {after}), "
            "outcomes AS (SELECT v, missing, sum(r)::BIGINT AS r, sum(c)::BIGINT AS c "
            "FROM found GROUP BY ALL) "
            f"SELECT missing, r, c, count(*), min(v, {NAMES}) FROM outcomes GROUP BY missing, r, c "
            "ORDER BY r DESC, c DESC"
        )
        missing = [line for line in lines if line[0]]
        present = [line for line in lines if not line[0]]
        counts = np.asarray([line[1:4] for line in present], dtype=np.int64).reshape(-1, 3)
        return ValueCounts(
            names=[line[4] or [None] for line in present],
            values=counts[:, 2],
            reference=counts[:, 0],
            current=counts[:, 1],
            missing=(missing[0][1], missing[0][2]) if missing else (0, 0),
        )

    # Opening the tables

    def _open(self, side: Side) -> None:
        source = self._sources[side]
        self._on_step(f"reading {source.name}")
        with self._blaming(f"cannot read {source.name}"):
            if isinstance(source, Frame):
                names, rows, sampled = self._open_frame(side, source)
            else:
                names, rows, sampled = self._open_files(side, source)
            places = [f"c{index}" for index in range(len(names))]
            self._ask(
                f"CREATE VIEW {side} AS SELECT {', '.join(places)}, {sampled} AS sampled "
                f"FROM {side}_raw AS t({', '.join(places)}{', pick' if 'pick' in sampled else ''})"
            )
            types = [line[1] for line in self._ask(f"DESCRIBE {side}")]
        self._rows[side] = rows
        self._columns[side] = tuple(
            Column(name, kind_of(held), held, index)
            for index, (name, held) in enumerate(zip(names, types, strict=False))
        )

    def _open_frame(self, side: Side, frame: Frame) -> tuple[list[str], int, str]:
        names, rows = list(frame.table.column_names), frame.table.num_rows
        _check_size(frame, rows, len(names))
        table, sampled = frame.table, "true"
        if rows > EXACT_ROWS:
            few = np.random.default_rng(0).random(rows) < EXACT_ROWS / rows
            table, sampled = table.append_column("pick", [few]), "pick"
        self._connection.register(f"{side}_raw", table)
        return names, rows, sampled

    def _open_files(self, side: Side, files: Files) -> tuple[list[str], int, str]:
        paths = list(files.paths)
        if files.format == "csv":
            names = self._settle_csv(paths, self._settled(side))
            paths = [self._settled(side)]
        else:
            names = self._parquet_names(paths)
        relation = self._connection.read_parquet(paths)
        rows = self._run(lambda: relation.count("*").fetchall())[0][0]
        _check_size(files, rows, len(names))
        sampled = "true"
        if rows > EXACT_ROWS:
            relation = self._connection.read_parquet(paths, file_row_number=True)
            sampled = f"hash(pick) % {-(-rows // EXACT_ROWS)} = 0"
        relation.create_view(f"{side}_raw")
        return names, rows, sampled

    def _settled(self, side: Side) -> str:
        return str(self._folder / f"{side}.parquet")

    def _settle_csv(self, paths: list[str], target: str) -> list[str]:
        """Write the CSV as Parquet, its types found from the first rows, or else from all."""
        for rows_to_look_at in (20_480, -1):
            relation = self._connection.read_csv(paths, sample_size=rows_to_look_at)
            try:
                self._run(partial(relation.write_parquet, target))
            except (self._duckdb.ConversionException, self._duckdb.InvalidInputException):
                if rows_to_look_at == -1:
                    raise
            else:
                break
        return list(relation.columns)

    def _parquet_names(self, paths: list[str]) -> list[str]:
        """The names as the first file has them: DuckDB itself renames ``a`` beside ``A``."""
        names = list(self._connection.read_parquet(paths).columns)
        lines = self._ask(
            "SELECT name, coalesce(num_children, 0) FROM parquet_schema($path)",
            {"path": paths[0]},
        )
        top = list(_top_level(lines))
        return top if len(top) == len(names) else names

    # Asking

    def _ask(self, query: str, parameters: Mapping[str, object] | None = None) -> list[Any]:
        """Every line of the answer to one query."""

        def ask() -> list[Any]:
            return list(self._connection.execute(query, parameters or {}).fetchall())

        with self._blaming("the comparison could not be counted"):
            return self._run(ask)

    def _run(self, work: Callable[[], T]) -> T:
        """The result of work in DuckDB, which Ctrl-C stops at once.

        DuckDB holds back signals until a query ends; so it works beside the main thread.
        """
        future = self._worker.submit(work)
        try:
            return future.result()
        except KeyboardInterrupt:
            self._connection.interrupt()
            raise

    @contextmanager
    def _blaming(self, what: str) -> Iterator[None]:
        """DuckDB's errors as ours, in one line."""
        try:
            yield
        except (self._duckdb.Error, UnicodeDecodeError) as error:
            reason = " ".join(str(error).split("LINE 1:")[0].split())
            raise TableError(f"{what}: {reason[:300]}") from error


def _check_size(source: Source, rows: int, columns: int) -> None:
    if rows == 0 or columns == 0:
        raise TableError(
            f"{source.name} has {rows} rows and {columns} columns: there is nothing to compare"
        )


def _top_level(lines: Sequence[tuple[str, int]]) -> Iterator[str]:
    """The names of a Parquet schema that lie directly under its root, of a list in depth order."""
    waiting = 0  # fields still to come inside the current top-level one
    for name, children in lines[1:]:
        if waiting == 0:
            yield name
            waiting = 1
        waiting += children - 1


def _batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
