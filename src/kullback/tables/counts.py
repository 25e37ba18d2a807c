"""The outcomes of one column with their rows on both sides: all that a divergence needs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from kullback.tables.engine import CellCounts, Counts, Kind, ValueCounts
from kullback.tables.labels import MISSING, label, shower
from kullback.tables.measures import Numbers
from kullback.tables.partition import Number, Partition

By = Literal["value", "range"]
Sort = Literal["value", "range", "missing", "nan", "infinite"]


@dataclass(frozen=True)
class Named:
    """One outcome: its name, what sort of cell it is, and where it lies if it lies on a line."""

    label: str
    sort: Sort = "value"
    low: Number | None = None
    high: Number | None = None


@dataclass(frozen=True)
class Outcomes:
    """Lines of outcomes: a line is one outcome, or several that occur equally often.

    `reference` and `current` count the rows of *each* outcome on the line, `values` its outcomes,
    and `names` the first few of them. Where a profile counted, `errors` are the standard deviations
    of both sides' rows that its sketches leave, and `pooled` the mean share of rows in outcomes
    that may be several values.
    """

    names: Sequence[Sequence[Named]]
    values: Counts
    reference: Counts
    current: Counts
    missing: tuple[int, int]
    by: By
    errors: tuple[Numbers, Numbers] | None = None
    pooled: float = 0.0

    @property
    def distinct(self) -> int:
        """How many outcomes there are."""
        return int(self.values.sum())

    @property
    def rows(self) -> tuple[int, int]:
        """All rows, reference and current."""
        return int(self.values @ self.reference), int(self.values @ self.current)


def from_values(found: ValueCounts, kind: Kind) -> Outcomes:
    """Every value an outcome, and so is the missing one."""
    names = [[_named(value, kind) for value in some] for some in found.names]
    lines = np.stack([found.values, found.reference, found.current])
    return replace(_occurring(names, lines, found.missing, "value"), pooled=found.pooled)


def from_cells(
    finest: Partition,
    cells: Partition,
    reference: CellCounts,
    current: CellCounts,
    kind: Kind,
) -> Outcomes:
    """Every cell an outcome; NaN, −∞ and +∞ besides, and the missing one."""
    labels = cells.labels(shower(cells.edges, kind), stepwise=kind.stepwise)
    names = [
        [Named(label, "value" if low is not None and low == high else "range", low, high)]
        for label, (low, high) in zip(labels, cells.ends(), strict=True)
    ]
    names += [[Named("NaN", "nan")], [Named("-∞", "infinite")], [Named("+∞", "infinite")]]
    before, after = (on_cells(finest, cells, side) for side in (reference, current))
    lines = np.stack([np.ones_like(before), before, after])
    found = _occurring(names, lines, (reference.missing, current.missing), "range")
    if not (reference.error or current.error):
        return found
    seen = before + after > 0
    errors = (
        _error(counts, side)[seen] for counts, side in ((before, reference), (after, current))
    )
    exact = np.zeros(found.distinct - int(seen.sum()))  # of the missing outcome
    return replace(found, errors=(np.append(next(errors), exact), np.append(next(errors), exact)))


def _error(counts: Counts, side: CellCounts) -> Numbers:
    """How wrong a sketch's rows of each cell may be: as any rank's, or as if rows were thinned."""
    found = np.sqrt(np.minimum((side.error * side.cells.sum()) ** 2, counts * float(side.weight)))
    found[-3:] = 0.0  # NaN, −∞ and +∞ are counted
    return np.asarray(found)


def on_cells(finest: Partition, cells: Partition, side: CellCounts) -> Counts:
    """Rows of one side in the coarser cells, then NaN, −∞ and +∞."""
    return np.append(finest.regroup(side.cells, cells), [side.nan, side.below, side.above])


def _named(value: object, kind: Kind) -> Named:
    placed = kind.ordered and isinstance(value, (int, float)) and abs(value) < float("inf")
    at = value if placed and isinstance(value, (int, float)) else None
    return Named(label(value, kind), "value", at, at)


def _occurring(
    names: list[list[Named]], lines: Counts, missing: tuple[int, int], by: By
) -> Outcomes:
    """The lines of (values, reference, current) that occur at all, the missing outcome last."""
    names = [*names, [Named(MISSING, "missing")]]
    lines = np.column_stack([lines, (1, *missing)])
    seen = np.flatnonzero(lines[1] + lines[2])
    values, reference, current = lines[:, seen]
    return Outcomes([names[line] for line in seen], values, reference, current, missing, by)
