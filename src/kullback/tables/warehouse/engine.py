"""The engine for tables that live elsewhere: every question is one query of counts.

Columns are addressed by their place (``c0``, ``c1`` …) and queries are Ibis expressions, compiled
for the system that holds the rows: no value of a user's is ever put into a text, and a name only
where Ibis quotes it. Nothing is written there, and nothing is drawn at random: the same table gives
the same answer.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import groupby
from types import TracebackType
from typing import Any, Self

import numpy as np

from kullback.errors import TableError
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
from kullback.tables.warehouse.backend import Backend, Expression, asked, ibis, shortened
from kullback.tables.warehouse.codes import BLOCKS, SIDES, Coder, block_key
from kullback.tables.warehouse.thinning import passing, thinned
from kullback.tables.warehouse.types import Reader, kind_of

NAMES = 12  # values named where many occur equally often
EXACT = 1 << 20  # of more different values than this, about as many rows are put in order
WIDTH = 16  # columns in one query
ROWS = 1 << 16  # about so many rows are fetched where rows are needed


class Remote:
    """Two tables in one system, asked through a backend; a context manager that leaves no trace."""

    without_rows = ""

    def __init__(
        self, backend: Backend, names: tuple[str, str], on_step: Callable[[str], None]
    ) -> None:
        self._backend = backend
        self._names: dict[Side, str] = dict(zip(SIDES, names, strict=True))
        self._on_step = on_step
        self._tables: dict[Side, Expression] = {}
        self._columns: dict[Side, tuple[Column, ...]] = {}
        self._rows: dict[Side, int] = {}
        self._summaries: dict[tuple[Side, int], Summary] = {}
        self._blocks: dict[tuple[Side, int], int] = {}
        self._sampled: dict[tuple[str, str], str] = {}
        self.queries: list[str] = []

    @property
    def name(self) -> str:
        """The system and its version."""
        return self._backend.name

    @property
    def notes(self) -> Sequence[str]:
        """What a reader should know of how it answered."""
        return tuple(self._sampled.values())

    def __enter__(self) -> Self:
        try:
            for side in SIDES:
                self._open(side)
        except BaseException:
            with suppress(Exception):  # what failed first is what there is to say
                self._backend.close()
            raise
        types = {side: table.schema().types for side, table in self._tables.items()}
        self._reader = Reader(self._backend, types)
        self._coder = Coder(self._backend, self._reader, self._tables)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            asked(self._backend.close, f"{self.name} could not be left as it was")
        else:
            with suppress(Exception):
                self._backend.close()

    def _open(self, side: Side) -> None:
        name = self._names[side]
        self._on_step(f"reading {name}")
        table, names, words = asked(lambda: self._backend.open(side), f"cannot read {name}")
        self._tables[side] = table
        self._columns[side] = tuple(
            Column(own, kind_of(held, lengths=self._backend.reads_intervals), word, at)
            for at, (own, held, word) in enumerate(
                zip(names, table.schema().types, words, strict=True)
            )
        )
        self._rows[side] = self._one(table.agg(n=table.count()))["n"] if names else 0
        if not self._rows[side]:
            raise TableError(
                f"{name} has {self._rows[side]} rows and {len(names)} columns: "
                "there is nothing to compare"
            )

    def rows(self, side: Side) -> int:
        """How many rows that side has."""
        return self._rows[side]

    def schema(self, side: Side) -> tuple[Column, ...]:
        """The columns of that side, in its order."""
        return self._columns[side]

    def summaries(self, side: Side, columns: Sequence[Column]) -> Mapping[str, Summary]:
        """Filled rows and distinct values of each column, by name, in one scan."""
        new = [column for column in columns if (side, column.index) not in self._summaries]
        if new:
            table, asked_of = self._tables[side], {}
            for column in new:
                held = table[f"c{column.index}"]
                asked_of[f"n{column.index}"] = held.count()
                asked_of[f"d{column.index}"] = held.approx_nunique()
            found = self._one(table.agg(**asked_of))
            for column in new:
                summary = Summary(found[f"n{column.index}"], found[f"d{column.index}"] or 0)
                self._summaries[side, column.index] = summary
        return {column.name: self._summaries[side, column.index] for column in columns}

    def quantiles(
        self, pairs: Sequence[Pair], shares: Sequence[float]
    ) -> Mapping[str, tuple[Number, ...]]:
        """Reference values below or at which each share of the finite rows lies, by name.

        The shares are 1/m, 2/m … 1. Values are counted, put in order and their counts summed up
        where they are; those at which a share is passed come back, at most m of them.
        """
        m = len(shares)
        assert np.array_equal(shares, np.arange(1, m + 1) / m)
        found: dict[str, tuple[Number, ...]] = {pair.name: () for pair in pairs}
        self.summaries("reference", [pair.reference for pair in pairs])
        for storage, places in self._by_storage(pairs):
            counted = ibis().union(*(self._values(place, pairs[place]) for place in places))
            lines = self._lines(passing(counted, m))
            for place in places:
                own = sorted((x for x in lines if x["pair"] == place), key=lambda x: x["upto"])
                if not own:
                    continue
                upto = np.asarray([int(line["upto"]) for line in own])
                wanted = [math.ceil(share * int(own[0]["total"])) for share in shares]
                read = float if storage == "float64" else int
                values = [read(own[at]["x"]) for at in np.searchsorted(upto, wanted)]
                found[pairs[place].name] = tuple(values)
        return found

    def _by_storage(self, pairs: Sequence[Pair]) -> Iterator[tuple[str, list[int]]]:
        """The places of the pairs whose values one column can hold, some at a time."""
        kept = [self._reader.storage(pair) for pair in pairs]
        for storage in sorted(set(kept)):
            places = [place for place, each in enumerate(kept) if each == storage]
            for start in range(0, len(places), WIDTH):
                yield storage, places[start : start + WIDTH]

    def _values(self, place: int, pair: Pair) -> Expression:
        """How often each finite reference value occurs; thinned where there are very many."""
        table = self._tables["reference"]
        x = self._reader.finite(table, pair, "reference")
        filled = table.select(x=x).filter(lambda rows: rows.x.notnull())
        counted = filled.group_by("x").agg(n=lambda rows: rows.count())
        summary = self._summaries["reference", pair.reference.index]
        rate = 1.0
        if summary.distinct > EXACT:
            rate = EXACT / summary.filled
            self._sampled["edges", pair.name] = (
                f"{visible(pair.name)}: the edges of its cells come from about "
                f"{EXACT} of {summary.filled} rows, told by a hash of the value"
            )
        thin = thinned(counted, counted.x.cast("string"), rate)
        return thin.select(pair=ibis().literal(place, "int64"), x=thin.x, n=thin.n)

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
            for line in self._lines(counted):
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
        self._check_whole(side, int(cells.sum()) + sum(map(rows, (NONE, NAN, BELOW, ABOVE))))
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
        lines = self._lines(lined.filter(lined.place < NAMES))
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
            self._check_whole(side, int(rows))
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
            table = self._tables[side]
            keys = table.select(b=block_key(table, block, many=False)).distinct()
            self._blocks[side, block.index] = self._one(keys.agg(n=keys.count()))["n"]
        return min(self._blocks[side, block.index], BLOCKS)

    def _block_key(self, side: Side, block: Column | None) -> dict[str, Expression]:
        if block is None:
            return {}
        self.blocks(side, block)
        many = self._blocks[side, block.index] > BLOCKS
        return {"b": block_key(self._tables[side], block, many=many)}

    def coded(self, side: Side, codings: Sequence[Coding], block: Column | None) -> Coded:
        """Rows of that side for each combination of codes, in each block of rows."""
        keys = [f"k{at}" for at in range(len(codings))]
        rows = self._coder.coded(side, codings, self._block_key(side, block))
        found = self._ask(rows.group_by(rows.columns).agg(n=rows.count()))
        codes = np.column_stack([np.asarray(found[key], dtype=np.int64) for key in keys])
        counts = np.asarray(found["n"], dtype=np.int64)
        self._check_whole(side, int(counts.sum()))
        blocks = np.zeros(len(counts), dtype=np.int64) if block is None else _numbered(found["b"])
        order = np.lexsort((blocks, *codes.T[::-1]))
        return Coded(codes[order], counts[order], blocks[order])

    def coded_values(self, coding: Coding) -> Sequence[object]:
        """The values of a column by value in the order of their codes, without the missing one."""
        ranks = self._coder.ranked(coding)
        lines = self._lines(ranks.order_by("code"))
        return [self._plain(coding.pair, line["v"]) for line in lines]

    def sample(self, side: Side, pairs: Sequence[Pair], block: Column | None) -> Sample:
        """A fixed sample of that side's rows, or all of them where they are few."""
        rate = ROWS / self._rows[side]
        found = self._ask(self._coder.sampled(side, pairs, self._block_key(side, block), rate))
        if rate < 1:
            self._sampled["rows", side] = (
                f"rows of {visible(self._names[side])} together: about {ROWS} of "
                f"{self._rows[side]}, told by a hash of what they hold, were fetched"
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

    # Asking

    def _ask(self, query: Expression) -> Any:
        """The Arrow table that a query gives."""
        found, text = asked(lambda: self._backend.answer(query), f"{self.name} could not count")
        self.queries.append(shortened(text))
        return found

    def _lines(self, query: Expression) -> list[dict[str, Any]]:
        lines: list[dict[str, Any]] = self._ask(query).to_pylist()
        return lines

    def _one(self, query: Expression) -> dict[str, int]:
        """The only line of an answer that counts."""
        return {name: int(value or 0) for name, value in self._lines(query)[0].items()}

    def _check_whole(self, side: Side, rows: int) -> None:
        if rows != self._rows[side]:
            raise TableError(
                f"{self._names[side]} had {self._rows[side]} rows, and {rows} a moment later: it "
                "changes while it is read; compare a snapshot of it, such as a table written once"
            )


def _numbered(blocks: Any) -> Counts:
    """The place of each block among all, the missing one first."""
    held = blocks.to_pylist()
    place = {key: at for at, key in enumerate(sorted(set(held), key=lambda k: (k is not None, k)))}
    return np.asarray([place[key] for key in held], dtype=np.int64)


def _floats(values: Any) -> np.ndarray:
    return np.asarray([math.nan if value is None else float(value) for value in values.to_pylist()])
