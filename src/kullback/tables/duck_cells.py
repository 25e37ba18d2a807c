"""Rows in the cells of a long line, from sorted batches.

In a sorted batch the places of the edges are the counts up to them: a thousand cells cost what
sorting costs, a sixth of what finding every row's own cell would. Nothing but counts is kept.
"""

# ruff: noqa: S608 - queries are put together from this file's own words and column places

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from kullback.tables.duck_session import Session, filled
from kullback.tables.duck_types import LEAST, finite, place, storage, unplaced, value
from kullback.tables.engine import CellCounts, Kind, Pair, Side
from kullback.tables.partition import Partition

AT_ONCE = 1 << 20  # values of a batch, all columns together
INSTANTS = {Kind.DATE, Kind.TIMESTAMP}


class Line:
    """One column's rows in its cells, added up batch by batch."""

    def __init__(self, partition: Partition, held: str) -> None:
        least = LEAST.get(held, -math.inf)
        self._impossible = sum(edge < least for edge in partition.edges)  # nothing lies below them
        edges = partition.edges[self._impossible :]
        self._edges = np.asarray(edges, dtype=np.float64 if held == "DOUBLE" else np.int64)
        self._ends = (float(edges[0]), float(edges[-1])) if edges else None
        self._cells = np.zeros(len(edges) + 1, dtype=np.int64)
        self._odd = np.zeros(3, dtype=np.int64)
        self._reach = np.zeros(2)
        self.missing = 0

    def add(self, values: npt.NDArray[np.generic], missing: int) -> None:
        """Count some rows, so many of which have no value."""
        x = np.sort(values)
        self.missing += missing
        if x.dtype == np.float64:  # −∞ comes first, +∞ and NaN last
            first, last, nan = (
                int(np.searchsorted(x, -math.inf, side="right")),
                int(np.searchsorted(x, math.inf)),
                int(np.searchsorted(x, math.nan)),
            )
            self._odd += (len(x) - nan, first, nan - last)
            x = x[first:last]
        upto = np.searchsorted(x, self._edges, side="right")
        self._cells += np.diff(upto, prepend=0, append=len(x))
        if self._ends is not None:
            low, high = self._ends
            under = low - x[: upto[0]].astype(np.float64)
            over = x[upto[-1] :].astype(np.float64) - high
            self._reach += (under.sum(), over.sum())

    def counts(self) -> CellCounts:
        """What was added."""
        cells = np.concatenate([np.zeros(self._impossible, dtype=np.int64), self._cells])
        nan, below, above = map(int, self._odd)
        under, over = map(float, self._reach)
        return CellCounts(cells, self.missing, nan, below, above, under, over)


def counted_cells(
    session: Session, side: Side, pairs: Sequence[Pair], partitions: Mapping[str, Partition]
) -> Iterator[tuple[str, CellCounts]]:
    """Each column's rows in its cells on that side, in one scan."""
    lines = {pair.name: Line(partitions[pair.name], storage(pair)) for pair in pairs}
    asked = ", ".join(f"{value(pair, side)} AS x{index}" for index, pair in enumerate(pairs))
    rows = max(1 << 11, AT_ONCE // len(pairs))
    for batch in session.stream(f"SELECT {asked} FROM {side}", rows):
        for index, pair in enumerate(pairs):
            column = batch.column(index)
            lines[pair.name].add(filled(column), column.null_count)
    odd = _infinite_instants(session, side, [pair for pair in pairs if pair.kind in INSTANTS])
    for name, line in lines.items():
        below, above = odd.get(name, (0, 0))
        found = line.counts()
        yield (
            name,
            found
            if name not in odd
            else CellCounts(
                found.cells, found.missing - below - above, 0, below, above, found.under, found.over
            ),
        )


def _infinite_instants(
    session: Session, side: Side, pairs: Sequence[Pair]
) -> dict[str, tuple[int, int]]:
    """How many instants are −∞ and +∞, which no count of microseconds stands for."""
    if not pairs:
        return {}
    asked = ", ".join(
        f"count_if({condition})" for pair in pairs for condition in unplaced(pair, side)[1:]
    )
    answer = iter(session.ask(f"SELECT {asked} FROM {side}")[0])
    return {pair.name: (int(next(answer) or 0), int(next(answer) or 0)) for pair in pairs}


def counted_beyond(session: Session, side: Side, pair: Pair, partition: Partition) -> CellCounts:
    """The same of whole numbers beyond 64 bits, which no array holds: DuckDB's own histogram."""
    held, on_line = storage(pair), finite(pair, side)
    edges = [edge for edge in partition.edges if edge >= LEAST[held]]
    first, last = (f"($e::{held}[])[{at}]" for at in ("1", "-1"))
    reach = ", ".join(
        f"sum(CASE WHEN {on_line} {sign} {edge} THEN abs({on_line}::DOUBLE - {edge}::DOUBLE) END)"
        for sign, edge in (("<", first), (">", last))
    )
    found, placed, rows, under, over = session.ask(
        f"SELECT histogram({on_line}, $e::{held}[]), count({place(getattr(pair, side))}), "
        f"count(*), {reach} FROM {side}",
        {"e": edges},
    )[0]
    inside = [(found or {}).get(edge, 0) for edge in partition.edges]
    cells = np.asarray([*inside, placed - sum(inside)], dtype=np.int64)
    return CellCounts(cells, rows - placed, under=float(under or 0.0), over=float(over or 0.0))
