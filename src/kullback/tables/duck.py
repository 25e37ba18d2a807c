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
import numpy.typing as npt

from kullback.errors import MissingExtraError, TableError
from kullback.tables.duck_codes import BLOCKS, code, joins, ranked
from kullback.tables.duck_types import LEAST, finite, kind_of, place, storage, unplaced, value
from kullback.tables.engine import (
    CellCounts,
    Coded,
    Coding,
    Column,
    Pair,
    Sample,
    Side,
    Summary,
    ValueCounts,
)
from kullback.tables.partition import Number, Partition
from kullback.tables.sources import Files, Frame, Source

EXACT_ROWS = 1 << 16  # quantiles of more rows than this come from a fixed sample of about as many
NAMES = 12  # values named where many occur equally often
WIDTH = 32  # columns counted in one scan

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
        self._many_blocks: dict[tuple[Side, int], bool] = {}
        self._ranked: set[int] = set()
        self.queries: list[str] = []

    @property
    def name(self) -> str:
        """The engine and its version."""
        return f"DuckDB {self._duckdb.__version__}"

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            self._folder = Path(opened.enter_context(TemporaryDirectory(prefix="kullback-")))
            self._connection = self._duckdb.connect(config={"temp_directory": str(self._folder)})
            opened.callback(self._connection.close)
            self._worker = opened.enter_context(ThreadPoolExecutor(max_workers=1))
            self.ask("SET enable_progress_bar = false")
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
            answer = iter(self.ask(f"SELECT {asked} FROM {side}")[0])
            found |= {column.name: Summary(next(answer), next(answer)) for column in some}
        return found

    def quantiles(
        self, pairs: Sequence[Pair], shares: Sequence[float]
    ) -> Mapping[str, tuple[Number, ...]]:
        """Reference values below or at which each share of the finite rows lies, by name."""
        found: dict[str, tuple[Number, ...]] = {}
        for some in _batches(pairs, WIDTH):
            filled = self.ask(
                f"SELECT {', '.join(f'count({place(pair.reference)})' for pair in some)} "
                "FROM reference"
            )[0]
            for pair, rows in zip(some, filled, strict=True):
                ordered = self._sorted(pair, few=rows > EXACT_ROWS)
                places = [max(0, math.ceil(share * len(ordered)) - 1) for share in shares]
                found[pair.name] = tuple(ordered[at] for at in places) if len(ordered) else ()
        return found

    def _sorted(self, pair: Pair, *, few: bool) -> Sequence[Number]:
        """The finite reference values in order: all of them, or those of the fixed sample."""
        query = (
            f"SELECT x FROM (SELECT {finite(pair, 'reference')} AS x FROM reference"
            f"{' WHERE sampled' if few else ''}) WHERE x IS NOT NULL"
        )
        if storage(pair) == "HUGEINT":  # no type of numpy's holds these
            return sorted(line[0] for line in self.ask(query))
        values: list[Number] = np.sort(self._arrays(query)["x"]).tolist()
        return values

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
                    f"count({place(getattr(pair, side))}), {odd}, {_reach(on_line, key, pair)}"
                )
            answer = iter(self.ask(f"SELECT {', '.join(asked)} FROM {side}", edges)[0])
            for pair in some:
                held, placed, filled = next(answer) or {}, next(answer), next(answer)
                inside = [held.get(edge, 0) for edge in partitions[pair.name].edges]
                cells = np.asarray([*inside, placed - sum(inside)], dtype=np.int64)
                odd_counts = [int(next(answer) or 0) for _ in range(3)]
                reach = [float(next(answer) or 0.0) for _ in range(2)]
                missing = self._rows[side] - filled
                found[pair.name] = CellCounts(cells, missing, *odd_counts, *reach)
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
        lines = self.ask(
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

    def blocks(self, side: Side, block: Column) -> int:
        """How many blocks of rows that side has."""
        asked = f"SELECT count(DISTINCT {self._block(side, block)}) FROM {side}"
        return int(self.ask(asked)[0][0])

    def coded(self, side: Side, codings: Sequence[Coding], block: Column | None) -> Coded:
        """Rows of that side for each combination of codes, in each block of rows."""
        self._rank(codings)
        parameters: dict[str, object] = {}
        named = [
            f"({code(coding, side, parameters)})::BIGINT AS k{index}"
            for index, coding in enumerate(codings)
        ]
        found = self._arrays(
            f"SELECT {', '.join(named)}, ({self._block(side, block)})::UBIGINT AS b, "
            f"count(*) AS n FROM {side} {joins(codings, side)} GROUP BY ALL ORDER BY ALL",
            parameters,
        )
        return Coded(
            codes=np.column_stack([found[f"k{index}"] for index in range(len(codings))]),
            rows=np.asarray(found["n"], dtype=np.int64),
            blocks=_numbered(found["b"]),
        )

    def coded_values(self, coding: Coding) -> Sequence[object]:
        """The values of a column by value in the order of their codes, without the missing one."""
        self._rank([coding])
        return [
            line[0]
            for line in self.ask(f"SELECT v FROM v{coding.pair.reference.index} ORDER BY code")
        ]

    def sample(self, side: Side, pairs: Sequence[Pair], block: Column | None) -> Sample:
        """A fixed sample of that side's rows, or all of them where they are few."""
        codings = [Coding(pair) for pair in pairs if not pair.kind.ordered]
        self._rank(codings)
        asked = [
            f"({value(pair, side) if pair.kind.ordered else code(Coding(pair), side, {})})::DOUBLE"
            for pair in pairs
        ]
        named = ", ".join(f"{words} AS x{index}" for index, words in enumerate(asked))
        found = self._arrays(
            f"SELECT {named}, ({self._block(side, block)})::UBIGINT AS b FROM {side} "
            f"{joins(codings, side)} WHERE sampled ORDER BY ALL"
        )
        columns = {
            pair.name: np.ma.filled(np.ma.asarray(found[f"x{index}"], dtype=np.float64), np.nan)
            for index, pair in enumerate(pairs)
        }
        return Sample(columns, None if block is None else _numbered(found["b"]))

    def _block(self, side: Side, block: Column | None) -> str:
        """The number of a row's block: its own, or one of `BLOCKS` where they are many."""
        if block is None:
            return "0"
        numbered = f"hash({place(block)})"
        if (side, block.index) not in self._many_blocks:
            found = self.ask(f"SELECT approx_count_distinct({place(block)}) FROM {side}")[0][0]
            self._many_blocks[side, block.index] = found > BLOCKS
        return f"{numbered} % {BLOCKS}" if self._many_blocks[side, block.index] else numbered

    def _rank(self, codings: Sequence[Coding]) -> None:
        """Write the ranks of values that the codings need, each column's once."""
        for coding in codings:
            index = coding.pair.reference.index
            if coding.partition is None and index not in self._ranked:
                self.ask(f"CREATE TEMP TABLE v{index} AS {ranked(coding)}")
                self._ranked.add(index)

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
            self.ask(
                f"CREATE VIEW {side} AS SELECT {', '.join(places)}, {sampled} AS sampled "
                f"FROM {side}_raw AS t({', '.join(places)}{', pick' if 'pick' in sampled else ''})"
            )
            types = [line[1] for line in self.ask(f"DESCRIBE {side}")]
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
        lines = self.ask(
            "SELECT name, coalesce(num_children, 0) FROM parquet_schema($path)",
            {"path": paths[0]},
        )
        top = list(_top_level(lines))
        return top if len(top) == len(names) else names

    # Asking

    def ask(self, query: str, parameters: Mapping[str, object] | None = None) -> list[Any]:
        """Every line of the answer to one query, which holds no name and no value of a user's."""

        def ask() -> list[Any]:
            return list(self._connection.execute(query, parameters or {}).fetchall())

        self.queries.append(query)
        with self._blaming("the comparison could not be counted"):
            return self._run(ask)

    def _arrays(
        self, query: str, parameters: Mapping[str, object] | None = None
    ) -> dict[str, npt.NDArray[Any]]:
        """The answer to one query, an array for each column of it."""

        def ask() -> dict[str, npt.NDArray[Any]]:
            return dict(self._connection.execute(query, parameters or {}).fetchnumpy())

        self.queries.append(query)
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


def _reach(on_line: str, key: str, pair: Pair) -> str:
    """How far values lie below the first edge and above the last one, in sum."""
    first, last = (f"(${key}::{storage(pair)}[])[{at}]" for at in ("1", "-1"))
    return ", ".join(
        f"sum(CASE WHEN {on_line} {sign} {edge} THEN abs({on_line}::DOUBLE - {edge}::DOUBLE) END)"
        for sign, edge in (("<", first), (">", last))
    )


def _numbered(blocks: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    return np.unique(np.asarray(blocks), return_inverse=True)[1].astype(np.int64)


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
