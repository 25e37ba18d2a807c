"""One column's comparison from its outcomes: the plain divergences, their shares, the distances."""

from collections.abc import Mapping

import numpy as np

from kullback.report.result import Cell, ColumnComparison, OneSided, Smoothed
from kullback.tables.counts import Outcomes
from kullback.tables.distances import Distances, between_cells, between_values
from kullback.tables.engine import Counts
from kullback.tables.measures import (
    HELLINGER,
    JS,
    KL,
    MEASURES,
    PRIOR,
    PRIOR_NAME,
    PSI,
    REVERSE,
    SMOOTHED,
    TV,
    Numbers,
    terms,
)
from kullback.tables.outcomes import Counted
from kullback.tables.partition import BINS
from kullback.tables.refinement import refined

NAMED_CELLS = 40  # outcomes kept by name; the rest are added up
ONE_SIDED_NAMES = 5


def compared(column: Counted, base: float) -> ColumnComparison:
    """What the rows show, without what chance could do to it."""
    outcomes, cells = column.outcomes, column.cells
    each = {
        measure.name: found / measure.unit(base)
        for measure, found in zip(MEASURES, _terms(outcomes).values(), strict=True)
    }
    values = {
        measure.name: float(measure.close(np.sum(each[measure.name] * outcomes.values)))
        for measure in MEASURES
    }
    distances = _distances(column)
    return ColumnComparison(
        column=column.pair.name,
        kind=str(column.pair.kind),
        by=outcomes.by,
        kl=values[KL.name],
        reverse=values[REVERSE.name],
        js=values[JS.name],
        tv=values[TV.name],
        psi=values[PSI.name],
        hellinger=values[HELLINGER.name],
        smoothed=Smoothed(values[SMOOTHED.name], PRIOR, PRIOR_NAME),
        rows=outcomes.rows,
        missing=outcomes.missing,
        cells=_cells(outcomes, each[KL.name], each[JS.name]),
        unseen=_one_sided(outcomes, here=outcomes.current, there=outcomes.reference),
        vanished=_one_sided(outcomes, here=outcomes.reference, there=outcomes.current),
        ks=None if distances is None else distances.ks,
        wasserstein=None if distances is None else distances.wasserstein,
        refinement=()
        if cells is None
        else refined(cells.grid.finest, cells.levels, cells.reference, cells.current, base),
        distinct=outcomes.distinct if outcomes.by == "value" else None,
        edges=() if cells is None else cells.levels[BINS].edges,
    )


def _terms(outcomes: Outcomes) -> Mapping[str, Numbers]:
    current, reference, values = (
        each.astype(np.float64) for each in (outcomes.current, outcomes.reference, outcomes.values)
    )
    return terms(current, reference, values)


def _distances(column: Counted) -> Distances | None:
    kind, cells = column.pair.kind, column.cells
    if cells is not None:
        return between_cells(cells.grid.finest, cells.reference, cells.current, kind)
    return between_values(column.outcomes, kind) if kind.ordered else None


def _cells(outcomes: Outcomes, kl: Numbers, js: Numbers) -> tuple[Cell, ...]:
    """Every outcome by name if they are few; else those that differ most, and the rest summed."""
    lines = range(len(js))
    few = outcomes.distinct <= NAMED_CELLS
    left = outcomes.values.copy()
    cells: list[Cell] = []
    for line in lines if few else sorted(lines, key=lambda line: -js[line]):
        reference, current = int(outcomes.reference[line]), int(outcomes.current[line])
        for name in outcomes.names[line][: NAMED_CELLS - len(cells)]:
            cells.append(
                Cell(
                    name.label, reference, current, float(js[line]), 1, float(kl[line]),
                    name.sort, name.low, name.high,
                )
            )  # fmt: skip
            left[line] -= 1
        if len(cells) == NAMED_CELLS:
            break
    if rest := int(left.sum()):
        some = left > 0
        reference, current = int(left @ outcomes.reference), int(left @ outcomes.current)
        label = f"{rest} other value{'s' if rest > 1 else ''}"
        shares = (float(left[some] @ each[some]) for each in (js, kl))
        cells.append(Cell(label, reference, current, next(shares), rest, next(shares), "rest"))
    return tuple(cells)


def _one_sided(outcomes: Outcomes, *, here: Counts, there: Counts) -> OneSided | None:
    """The outcomes that occur here and not there: values by frequency, ranges in their order."""
    lines = np.flatnonzero((here > 0) & (there == 0))
    if not len(lines):
        return None
    if outcomes.by == "value":
        lines = lines[np.argsort(-here[lines], kind="stable")]
    names = [name.label for line in lines[:ONE_SIDED_NAMES] for name in outcomes.names[line]]
    rows = outcomes.values * here
    return OneSided(
        values=int(outcomes.values[lines].sum()),
        share=int(rows[lines].sum()) / int(rows.sum()),
        names=tuple(names[:ONE_SIDED_NAMES]),
    )
