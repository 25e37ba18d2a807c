"""The engine for tables that live elsewhere: every question is one query of counts.

Columns are addressed by their place (``c0``, ``c1`` …) and queries are Ibis expressions, compiled
for the system that holds the rows: no value of a user's is ever put into a text, and a name only
where Ibis quotes it. Nothing is written there, and nothing is drawn at random: the same table gives
the same answer.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from types import TracebackType
from typing import Any, Self

import numpy as np

from kullback.report.words import visible
from kullback.tables.engine import (
    ABOVE,
    BELOW,
    NAN,
    NONE,
    CellCounts,
    Coded,
    Coding,
    Column,
    Counts,
    Pair,
    Sample,
    Side,
    Summary,
    ValueCounts,
)
from kullback.tables.partition import Number, Partition
from kullback.tables.warehouse.backend import Backend, Expression, ibis
from kullback.tables.warehouse.codes import BLOCKS, SIDES, Coder, block_key
from kullback.tables.warehouse.edges import Edges
from kullback.tables.warehouse.session import Session
from kullback.tables.warehouse.types import Reader

NAMES = 12  # values named where many occur equally often
WIDTH = 16  # columns in one query
ROWS = 1 << 16  # about so many rows are fetched where rows are needed


class Remote:
    """Two tables in one system, asked through a backend; a context manager that leaves no trace."""

    without_rows = ""

    def __init__(
        self, backend: Backend, names: tuple[str, str], on_step: Callable[[str], None]
    ) -> None:
        self._session = Session(backend, names, on_step)
        self._summaries: dict[tuple[Side, int], Summary] = {}
        self._blocks: dict[tuple[Side, int], int] = {}
        self._sampled: dict[Side, str] = {}

    @property
    def name(self) -> str:
        """The system and its version."""
        return self._session.name

    @property
    def queries(self) -> Sequence[str]:
        """What it was asked so far."""
        return self._session.queries

    @property
    def notes(self) -> Sequence[str]:
        """What a reader should know of how it answered."""
        return (*self._edges.notes.values(), *self._sampled.values())

    def __enter__(self) -> Self:
        self._session.open()
        tables = self._session.tables
        types = {side: table.schema().types for side, table in tables.items()}
        self._reader = Reader(self._session.backend, types)
        self._coder = Coder(self._session.backend, self._reader, tables)
        self._edges = Edges(self._reader, tables["reference"])
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close(failed=error is not None)

    def rows(self, side: Side) -> int:
        """How many rows that side has."""
        return self._session.rows[side]

    def schema(self, side: Side) -> tuple[Column, ...]:
        """The columns of that side, in its order."""
        return self._session.columns[side]

    def summaries(self, side: Side, columns: Sequence[Column]) -> Mapping[str, Summary]:
        """Filled rows and distinct values of each column, by name, in one scan."""
        new = [column for column in columns if (side, column.index) not in self._summaries]
        if new:
            table, asked_of = self._session.tables[side], {}
            for column in new:
                held = table[f"c{column.index}"]
                asked_of[f"n{column.index}"] = held.count()
                asked_of[f"d{column.index}"] = held.approx_nunique()
            found = self._session.one(table.agg(**asked_of))
            for column in new:
                summary = Summary(found[f"n{column.index}"], found[f"d{column.index}"] or 0)
                self._summaries[side, column.index] = summary
        return {column.name: self._summaries[side, column.index] for column in columns}

    def quantiles(
        self, pairs: Sequence[Pair], shares: Sequence[float]
    ) -> Mapping[str, tuple[Number, ...]]:
        """Reference values below or at which each share of the finite rows lies, by name.

        The shares are 1/m, 2/m … 1.
        """
        m = len(shares)
        assert np.array_equal(shares, np.arange(1, m + 1) / m)
        summaries = self.summaries("reference", [pair.reference for pair in pairs])
        found: dict[str, tuple[Number, ...]] = {}
        for batch in self._edges.batches(pairs, summaries, m):
            found |= batch.read(self._session.lines(batch.query), shares)
        return found

    def cell_counts(
        self, side: Side, pairs: Sequence[Pair], partitions: Mapping[str, Partition]
    ) -> Mapping[str, CellCounts]:
        """Rows of that side in each column's cells, by name, many columns in one query."""
        found: dict[str, CellCounts] = {}
        for start in range(0, len(pairs), WIDTH):
            some = pairs[start : start + WIDTH]
            rows = ibis().union(
                *(
                    self._coder.placed(place, pair, side, partitions[pair.name])
                    for place, pair in enumerate(some)
                )
            )
            counted = rows.group_by("pair", "code").agg(n=rows.count(), reach=rows.reach.sum())
            held: list[dict[int, tuple[int, float]]] = [{} for _ in some]
            for line in self._session.lines(counted):
                held[line["pair"]][int(line["code"])] = int(line["n"]), float(line["reach"] or 0.0)
            for pair, cells in zip(some, held, strict=True):
                found[pair.name] = self._in_cells(side, cells, len(partitions[pair.name].edges))
        return found

    def _in_cells(
        self, side: Side, found: Mapping[int, tuple[int, float]], last: int
    ) -> CellCounts:
        def rows(code: int) -> int:
            return found.get(code, (0, 0.0))[0]

        cells = np.asarray([rows(cell) for cell in range(last + 1)], dtype=np.int64)
        counted = CellCounts(
            cells=cells,
            missing=rows(NONE),
            nan=rows(NAN),
            below=rows(BELOW),
            above=rows(ABOVE),
            under=found.get(0, (0, 0.0))[1],
            over=found.get(last, (0, 0.0))[1],
        )
        self._session.check_whole(
            side, int(cells.sum()) + sum(map(rows, (NONE, NAN, BELOW, ABOVE)))
        )
        return counted

    def value_counts(self, pair: Pair) -> ValueCounts:
        """Rows of both sides for each value of one column."""
        outcomes = self._coder.outcomes(pair)
        alike = ibis().window(group_by=["missing", "r", "c"])
        in_order = ibis().window(group_by=["missing", "r", "c"], order_by="v")
        lined = outcomes.mutate(
            place=ibis().row_number().over(in_order).cast("int64"),
            values=outcomes.count().over(alike).cast("int64"),
        )
        lines = self._session.lines(lined.filter(lined.place < NAMES))
        lines.sort(key=lambda line: (-line["r"], -line["c"], line["missing"], line["place"]))
        missing, names, counts = (0, 0), [], []
        for key, part in groupby(lines, key=lambda line: (line["missing"], line["r"], line["c"])):
            own = list(part)
            if key[0]:
                missing = (int(key[1]), int(key[2]))
            else:
                names.append([self._plain(pair, line["v"]) for line in own])
                counts.append((own[0]["values"], key[1], key[2]))
        table = np.asarray(counts, dtype=np.int64).reshape(-1, 3)
        for side, rows in zip(SIDES, table[:, 0] @ table[:, 1:] + missing, strict=True):
            self._session.check_whole(side, int(rows))
        return ValueCounts(names, table[:, 0], table[:, 1], table[:, 2], missing)

    def _plain(self, pair: Pair, value: Any) -> object:
        """A value as Python's own: whole numbers may arrive as decimals."""
        storage = self._reader.storage(pair)
        if value is None or storage == "string":
            return value
        return float(value) if storage == "float64" else int(value)

    def blocks(self, side: Side, block: Column) -> int:
        """How many blocks of rows that side has."""
        if (side, block.index) not in self._blocks:
            table = self._session.tables[side]
            keys = table.select(b=block_key(table, block, many=False)).distinct()
            self._blocks[side, block.index] = self._session.one(keys.agg(n=keys.count()))["n"]
        return min(self._blocks[side, block.index], BLOCKS)

    def _block_key(self, side: Side, block: Column | None) -> dict[str, Expression]:
        if block is None:
            return {}
        self.blocks(side, block)
        many = self._blocks[side, block.index] > BLOCKS
        return {"b": block_key(self._session.tables[side], block, many=many)}

    def coded(self, side: Side, codings: Sequence[Coding], block: Column | None) -> Coded:
        """Rows of that side for each combination of codes, in each block of rows."""
        keys = [f"k{at}" for at in range(len(codings))]
        rows = self._coder.coded(side, codings, self._block_key(side, block))
        found = self._session.ask(rows.group_by(rows.columns).agg(n=rows.count()))
        codes = np.column_stack([np.asarray(found[key], dtype=np.int64) for key in keys])
        counts = np.asarray(found["n"], dtype=np.int64)
        self._session.check_whole(side, int(counts.sum()))
        blocks = np.zeros(len(counts), dtype=np.int64) if block is None else _numbered(found["b"])
        order = np.lexsort((blocks, *codes.T[::-1]))
        return Coded(codes[order], counts[order], blocks[order])

    def coded_values(self, coding: Coding) -> Sequence[object]:
        """The values of a column by value in the order of their codes, without the missing one."""
        ranks = self._coder.ranked(coding)
        lines = self._session.lines(ranks.order_by("code"))
        return [self._plain(coding.pair, line["v"]) for line in lines]

    def sample(self, side: Side, pairs: Sequence[Pair], block: Column | None) -> Sample:
        """A fixed sample of that side's rows, or all of them where they are few."""
        rate = ROWS / self._session.rows[side]
        found = self._session.ask(
            self._coder.sampled(side, pairs, self._block_key(side, block), rate)
        )
        if rate < 1:
            self._sampled[side] = (
                f"rows of {visible(self._session.names[side])} together: about {ROWS} of "
                f"{self._session.rows[side]}, told by a hash of what they hold, were fetched"
            )
        copies = np.asarray(found["n"], dtype=np.int64)
        columns = {
            pair.name: np.repeat(_floats(found[f"x{at}"]), copies) for at, pair in enumerate(pairs)
        }
        blocks = None if block is None else np.repeat(_numbered(found["b"]), copies)
        last = () if blocks is None else (blocks,)
        order = np.lexsort((*last, *reversed(columns.values())))
        return Sample(
            {name: values[order] for name, values in columns.items()},
            None if blocks is None else blocks[order],
        )


def _numbered(blocks: Any) -> Counts:
    """The place of each block among all, the missing one first."""
    held = blocks.to_pylist()
    place = {key: at for at, key in enumerate(sorted(set(held), key=lambda k: (k is not None, k)))}
    return np.asarray([place[key] for key in held], dtype=np.int64)


def _floats(values: Any) -> np.ndarray:
    return np.asarray([math.nan if value is None else float(value) for value in values.to_pylist()])
