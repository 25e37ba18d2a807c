"""The embedded engine: DuckDB, asked in SQL that never holds a name or a value of the user's.

Columns are addressed by their place (``c0``, ``c1`` …), tables as ``reference`` and ``current``,
values by parameters: nothing that a file says can become part of a query.
"""

# ruff: noqa: S608 - queries are put together from this file's own words and column places

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self, TypeVar

import numpy as np
import numpy.typing as npt

from kullback.tables.duck_cells import counted_beyond, counted_cells
from kullback.tables.duck_codes import BLOCKS, code, joins, ranked
from kullback.tables.duck_open import EXACT_ROWS, opened
from kullback.tables.duck_session import Session
from kullback.tables.duck_types import finite, kind_of, place, storage, value
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
from kullback.tables.sources import Source

NAMES = 12  # values named where many occur equally often
WIDTH = 32  # columns counted in one scan

T = TypeVar("T")


class Duck:
    """Both tables in one DuckDB connection; a context manager that leaves nothing behind.

    Parameters
    ----------
    reference, current
        The tables; None where there is but one.
    on_step
        Called with a few words before each long step.
    memory_limit, threads
        What DuckDB may hold in memory, as ``"300MB"``, and how many threads it works with.
    """

    without_rows = ""
    notes: tuple[str, ...] = ()

    def __init__(
        self,
        reference: Source,
        current: Source | None,
        on_step: Callable[[str], None],
        *,
        memory_limit: str | None = None,
        threads: int | None = None,
    ) -> None:
        self._sources: dict[Side, Source] = {"reference": reference}
        if current is not None:
            self._sources["current"] = current
        self._on_step = on_step
        self._options = memory_limit, threads
        self._columns: dict[Side, tuple[Column, ...]] = {}
        self._rows: dict[Side, int] = {}
        self._many_blocks: dict[tuple[Side, int], bool] = {}
        self._ranked: set[int] = set()

    @property
    def name(self) -> str:
        """The engine and its version."""
        return f"DuckDB {self._session.duckdb.__version__}"

    @property
    def queries(self) -> Sequence[str]:
        """What it was asked so far."""
        return self._session.queries

    def __enter__(self) -> Self:
        self._session = Session(*self._options)
        with ExitStack() as started:
            started.callback(self._session.close)
            for side, source in self._sources.items():
                self._on_step(f"reading {source.name}")
                table = opened(self._session, side, source)
                self._rows[side] = table.rows
                self._columns[side] = tuple(
                    Column(name, kind_of(held), held, index)
                    for index, (name, held) in enumerate(zip(table.names, table.types, strict=True))
                )
            started.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()

    def ask(self, query: str, parameters: Mapping[str, object] | None = None) -> list[Any]:
        """Every line of the answer to one query, which holds no name and no value of a user's."""
        return self._session.ask(query, parameters)

    def stream(self, query: str) -> Iterator[Any]:
        """The answer to one query as Arrow record batches, few of which are held at a time."""
        return self._session.stream(query)

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
            asked = ", ".join(f"count({place(pair.reference)})" for pair in some)
            filled = self.ask(f"SELECT {asked} FROM reference")[0]
            dense = [pair for pair, rows in zip(some, filled, strict=True) if rows > EXACT_ROWS]
            sparse = [[pair] for pair in some if pair not in dense]
            for together in (dense, *sparse):
                ordered = self._in_order(together, sampled=together is dense)
                for pair, values in zip(together, ordered, strict=True):
                    places = [max(0, math.ceil(share * len(values)) - 1) for share in shares]
                    found[pair.name] = tuple(values[at] for at in places) if values else ()
        return found

    def _in_order(self, pairs: Sequence[Pair], *, sampled: bool) -> Iterator[list[Number]]:
        """Each column's finite reference values in order: all, or those of the fixed sample."""
        if not pairs:
            return
        where = " WHERE sampled" if sampled else ""
        if any(storage(pair) == "HUGEINT" for pair in pairs):  # no type of numpy's holds these
            for pair in pairs:
                query = f"SELECT {finite(pair, 'reference')} AS x FROM reference{where}"
                yield sorted(x for (x,) in self.ask(query) if x is not None)
            return
        asked = ", ".join(
            f"{finite(pair, 'reference')} AS x{index}" for index, pair in enumerate(pairs)
        )
        found = self._session.arrays(f"SELECT {asked} FROM reference{where}")
        for index in range(len(pairs)):
            values: list[Number] = np.sort(_present(found[f"x{index}"])).tolist()
            yield values

    def cell_counts(
        self, side: Side, pairs: Sequence[Pair], partitions: Mapping[str, Partition]
    ) -> Mapping[str, CellCounts]:
        """Rows of that side in each column's cells, by name, in one scan."""
        beyond = [pair for pair in pairs if storage(pair) == "HUGEINT"]
        found = {
            pair.name: counted_beyond(self._session, side, pair, partitions[pair.name])
            for pair in beyond
        }
        for some in _batches([pair for pair in pairs if pair not in beyond], WIDTH):
            found.update(counted_cells(self._session, side, some, partitions))
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
        found = self._session.arrays(
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
        found = self._session.arrays(
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


def _present(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The values that are not missing."""
    return values.compressed() if isinstance(values, np.ma.MaskedArray) else values


def _numbered(blocks: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    return np.unique(np.asarray(blocks), return_inverse=True)[1].astype(np.int64)


def _batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
