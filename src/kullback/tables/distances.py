"""Kolmogorov–Smirnov and Wasserstein distances of ordered values, with what rounding leaves open.

F and G are known exactly at the edges of fine cells. Between two edges both rise monotonically, so
D = F − G stays within [F₀ − G₁, F₁ − G₀] there, and so do max |D| and ∫ |D|: least ≤ truth ≤ most.
The value takes |D| as linear between edges. Beyond the last edges ∫ (1 − F) is known from the sum
of what lies there. Where sketches counted, F and G are off by their bounds (99 % confidence), and
so are least and most.
"""

from dataclasses import dataclass

import numpy as np

from kullback.report.result import Distance
from kullback.tables.counts import Outcomes
from kullback.tables.engine import CellCounts, Kind
from kullback.tables.labels import SECOND
from kullback.tables.measures import Numbers
from kullback.tables.partition import Partition, before

UNITS = {
    Kind.DATE: ("days", 1),
    Kind.TIMESTAMP: ("seconds", SECOND),
    Kind.TIME: ("seconds", SECOND),
    Kind.DURATION: ("seconds", SECOND),
}


@dataclass(frozen=True)
class Distances:
    """The Kolmogorov–Smirnov distance, and the Wasserstein distance of order 1."""

    ks: Distance
    wasserstein: Distance


def between_cells(
    cells: Partition, reference: CellCounts, current: CellCounts, kind: Kind
) -> Distances | None:
    """The distances of the finite values, from counts of fine cells; None where a side has none."""
    rows = int(reference.cells.sum()), int(current.cells.sum())
    if not all(rows) or not cells.edges:
        return None
    f, g = (
        np.cumsum(side.cells[:-1]) / n for side, n in zip((reference, current), rows, strict=True)
    )
    at = np.abs(f - g)
    off = reference.bound + current.bound
    most = np.maximum(np.abs(f[:-1] - g[1:]), np.abs(f[1:] - g[:-1])) + off
    least = np.maximum(np.maximum(f[:-1] - g[1:], g[:-1] - f[1:]) - off, 0.0)
    width, inside = _widths(cells, kind)
    empty = inside <= 0  # nothing lies between such edges: D stands still up to the second
    tails = max(f[0], g[0]) + off, max(1 - f[-1], 1 - g[-1]) + off
    step = at[:-1] * (width - inside)
    step_least, step_most = (
        np.clip(at[:-1] + way * off, 0.0, 1.0) * (width - inside) for way in (-1, 1)
    )
    under = abs(reference.under / rows[0] - current.under / rows[1])
    over = abs(reference.over / rows[0] - current.over / rows[1])
    slack = sum(sum(side.slack) / n for side, n in zip((reference, current), rows, strict=True))
    under_most = reference.under / rows[0] + current.under / rows[1]
    over_most = reference.over / rows[0] + current.over / rows[1]
    ks = float(at.max())
    unit, scale = UNITS.get(kind, ("", 1))
    linear = _mean_of_absolute(f[:-1] - g[:-1], f[1:] - g[1:])
    return Distances(
        Distance(
            ks,
            max(ks - off, 0.0),
            min(float(max(ks + off, *tails, np.max(np.where(empty, 0, most), initial=0))), 1.0),
        ),
        Distance(
            (float(step.sum() + linear @ inside) + under + over) / scale,
            (float(step_least.sum() + least @ inside) + max(under + over - slack, 0.0)) / scale,
            (float(step_most.sum() + most @ inside) + under_most + over_most + slack) / scale,
            unit,
        ),
    )


def between_values(outcomes: Outcomes, kind: Kind) -> Distances | None:
    """The exact distances of the finite values, of a column compared value by value."""
    found = [
        (named.low, int(outcomes.reference[line]), int(outcomes.current[line]))
        for line, names in enumerate(outcomes.names)
        for named in names
        if named.low is not None
    ]
    if not found:
        return None
    x, r, c = (np.asarray(each) for each in zip(*sorted(found), strict=True))
    if not (r.sum() and c.sum()):
        return None
    apart = np.abs(np.cumsum(r) / r.sum() - np.cumsum(c) / c.sum())
    unit, scale = UNITS.get(kind, ("", 1))
    ks = float(apart.max())
    moved = float(apart[:-1] @ np.diff(x).astype(np.float64)) / scale
    return Distances(Distance(ks, ks, ks), Distance(moved, moved, moved, unit))


def _widths(cells: Partition, kind: Kind) -> tuple[Numbers, Numbers]:
    """How wide the closed cells are, and how much of that lies between possible values.

    Whole numbers leave the first step of a cell empty; a cell between neighbours is nothing else.
    """
    pairs = list(zip(cells.edges[:-1], cells.edges[1:], strict=True))
    width = np.asarray([float(high - low) for low, high in pairs])
    if kind is not Kind.NUMBER:
        return width, width - 1
    return width, np.asarray(
        [0.0 if low == before(high) else float(high - low) for low, high in pairs]
    )


def _mean_of_absolute(a: Numbers, b: Numbers) -> Numbers:
    """The mean of |D| where D goes straight from a to b."""
    apart = np.abs(a - b)
    crossing = (a * b < 0) & (apart > 0)
    return np.where(
        crossing,
        (a**2 + b**2) / (2 * np.where(crossing, apart, 1.0)),
        (np.abs(a) + np.abs(b)) / 2,
    )
