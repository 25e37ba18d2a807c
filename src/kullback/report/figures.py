"""The drawings of a report: short strings of SVG, made of numbers alone.

Places along a line are per cent of its width, so that a drawing fits any screen and its words, set
beside it as text, keep their size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kullback.report.result import ColumnComparison, TableComparison

TICKS = (0.0, 0.001, 0.01, 0.05, 0.1, 0.25, 0.5, 1.0)
LEAST_GAP = 20  # per cent between the words of two ticks
DEEPEST = 0.01  # of the highest value: how far below zero the line goes on
ORDERED = {"value", "range"}


@dataclass(frozen=True)
class Scale:
    """A line from `low` to `high` on which √ of a divergence is even, so small ones show.

    √JS is the Jensen-Shannon distance, a metric; below zero, where an estimate may lie when its
    bias is taken off, the line goes on as −√.
    """

    low: float
    high: float

    def at(self, value: float) -> float:
        """Where a value lies, in per cent from the left.

        >>> Scale(0.0, 1.0).at(0.25)
        50.0
        """
        low, high = _root(self.low), _root(self.high)
        place = 100 * (_root(value) - low) / (high - low)
        return round(min(max(place, 0.0), 100.0), 1)

    def ticks(self) -> tuple[tuple[float, str], ...]:
        """Places and words of round values, those that leave each other room."""
        kept: list[tuple[float, str]] = []
        for value in TICKS:
            place = self.at(value)
            if value <= self.high and (not kept or place - kept[-1][0] >= LEAST_GAP):
                kept.append((place, f"{value:g}"))
        return tuple(kept)


def _root(value: float) -> float:
    return math.copysign(math.sqrt(abs(value)), value)


def scale_of(result: TableComparison) -> Scale:
    """The line that holds every JS of the comparison, its interval, its floor and the limit."""
    values = [0.0, *([] if result.limit is None else [2 * result.limit])]
    for column in result.columns:
        js = column.estimates.get("js")
        values += (js.value, js.lower, js.upper, js.floor) if js else (column.js,)
    finite = [value for value in values if math.isfinite(value)]
    high = max(*finite, 0.001)
    return Scale(max(min(finite), -DEEPEST * high), high)


def interval(column: ColumnComparison, scale: Scale) -> str:
    """A column's JS on the line: its noise floor as a band, its interval as a bar, its value."""
    js = column.estimates.get("js")
    if js is None:
        return f"<svg><circle cx={scale.at(column.js)}% /></svg>"
    zero, floor = scale.at(0.0), scale.at(js.floor)
    low, high = scale.at(js.lower), scale.at(js.upper)
    return (
        f"<svg><rect class=f x={zero}% width={floor - zero:.1f}% />"
        f"<rect class=i x={low}% width={max(high - low, 0.3):.1f}% />"
        f"<circle cx={scale.at(js.value)}% /></svg>"
    )


def axis(scale: Scale, limit: float | None) -> str:
    """The words along the line, and where the limit is."""
    words = "".join(f"<text x={place}% y=11>{word}</text>" for place, word in scale.ticks())
    mark = (
        "" if limit is None else f"<text class=m x={scale.at(limit)}% y=25>limit {limit:g}</text>"
    )
    return f"<svg class=axis>{words}{mark}</svg>"


def cumulative(column: ColumnComparison) -> str:
    """Two staircases over the cells of an ordered column: the share of rows up to each.

    One step a cell; both end below 1 by the share that is missing, NaN or infinite.
    """
    cells = [cell for cell in column.cells if cell.kind in ORDERED]
    if column.by != "range" or len(cells) < 2:
        return ""
    paths = [
        f'<path class={name} d="{_stairs([cell_rows / total for cell_rows in counts])}"/>'
        for name, total, counts in (
            ("r", column.rows[0], [cell.reference for cell in cells]),
            ("c", column.rows[1], [cell.current for cell in cells]),
        )
    ]
    return (
        f'<svg viewBox="0 0 {len(cells)} 100" preserveAspectRatio=none role=img '
        f'aria-label="Cumulative shares">{"".join(paths)}</svg>'
    )


def _stairs(shares: Sequence[float]) -> str:
    """``M0 100v-6h1v-7h1``: up by each share, one to the right, rounding never adding up.

    >>> _stairs([0.25, 0.75])
    'M0 100v-25h1v-75h1'
    """
    steps, reached, drawn = [], 0.0, 0
    for share in shares:
        reached += share
        step = round(100 * reached) - drawn
        drawn += step
        steps.append(f"v-{step}h1")
    return "M0 100" + "".join(steps)
