"""The outcomes of one column with their rows on both sides: all that a divergence needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kullback.tables.engine import CellCounts, Counts, Kind, ValueCounts
from kullback.tables.labels import MISSING, label, shower
from kullback.tables.partition import BINS, FINENESS, Partition

By = Literal["value", "range"]


@dataclass(frozen=True)
class Outcomes:
    """Lines of outcomes: a line is one outcome, or several that occur equally often.

    `reference` and `current` count the rows of *each* outcome on the line, `values` its outcomes,
    and `names` the first few of them.
    """

    names: Sequence[Sequence[str]]
    values: Counts
    reference: Counts
    current: Counts
    missing: tuple[int, int]
    by: By

    @property
    def reference_rows(self) -> Counts:
        """Reference rows of each whole line."""
        return self.values * self.reference

    @property
    def current_rows(self) -> Counts:
        """Current rows of each whole line."""
        return self.values * self.current


def from_values(found: ValueCounts, kind: Kind) -> Outcomes:
    """Every value an outcome, and so is the missing one."""
    names = [[label(value, kind) for value in some] for some in found.names]
    lines = np.stack([found.values, found.reference, found.current])
    return _occurring(names, lines, found.missing, "value")


def from_cells(
    partition: Partition, reference: CellCounts, current: CellCounts, kind: Kind
) -> Outcomes:
    """Every cell an outcome, thin ranges pooled; NaN, −∞ and +∞ besides, and the missing one."""
    least = max(1.0, int(reference.cells.sum()) / (BINS * FINENESS))
    coarse = partition.pooled(reference.cells, least)
    ranges = coarse.labels(shower(coarse.edges, kind), stepwise=kind.stepwise)
    before, after = (
        np.append(partition.regroup(side.cells, coarse), [side.nan, side.below, side.above])
        for side in (reference, current)
    )
    names = [[name] for name in (*ranges, "NaN", "-∞", "+∞")]
    lines = np.stack([np.ones_like(before), before, after])
    return _occurring(names, lines, (reference.missing, current.missing), "range")


def _occurring(names: list[list[str]], lines: Counts, missing: tuple[int, int], by: By) -> Outcomes:
    """The lines of (values, reference, current) that occur at all, the missing outcome last."""
    names = [*names, [MISSING]]
    lines = np.column_stack([lines, (1, *missing)])
    seen = np.flatnonzero(lines[1] + lines[2])
    values, reference, current = lines[:, seen]
    return Outcomes([names[line] for line in seen], values, reference, current, missing, by)
