"""A panel as text: a line an estimator, its number, its interval, and where it lies."""

import math
from collections.abc import Sequence

from kullback.information.panel.rows import Row

STRIP = 32
CLAIMS = {
    "estimate": "estimate",
    "lower bound": "lower bound, held out",
    "comparator": "comparator",
}


def window(rows: Sequence[Row]) -> tuple[float, float]:
    """Return the ends of an axis that holds all values and limits, and 0."""
    ends = [x for r in rows for x in (r.value, r.lower, r.upper) if x is not None]
    known = [x for x in ends if math.isfinite(x)] + [0.0]
    low, high = min(known), max(known)
    room = 0.04 * (high - low or 1.0)
    return low - room, high + room


def table(rows: Sequence[Row], level: float) -> list[str]:
    """Return the lines of the table."""
    wide = max([len(r.name) for r in rows] + [9])
    low, high = window(rows)
    head = f"{100 * level:g} % interval"
    lines = [f"{'':{wide}}  {'value':>8}  {head:^19}  {'':{STRIP}}"]
    lines += [
        f"{r.name:{wide}}  {number(r.value):>8}  {interval(r):^19}  {strip(r, low, high)}  "
        f"{CLAIMS[r.role]}"
        for r in rows
    ]
    return [line.rstrip() for line in lines]


def number(x: float) -> str:
    """Return a number with three digits after the point, fewer where it is large.

    >>> number(0.31236), number(-0.00012), number(123.4567)
    ('0.312', '-0.000', '123.5')
    """
    return f"{x:.3f}" if abs(x) < 100 else f"{x:.4g}"


def interval(row: Row) -> str:
    """Return the interval in words: two ends, or ≥ one."""
    if row.lower is None:
        return "–"
    if row.upper is None:
        return f"≥ {number(row.lower)}"
    return f"{number(row.lower)} … {number(row.upper)}"


def strip(row: Row, low: float, high: float) -> str:
    """Return a line of characters with the interval, the value, and 0."""

    def place(x: float) -> int:
        share = (min(max(x, low), high) - low) / (high - low)
        return min(int(share * STRIP), STRIP - 1)

    cells = [" "] * STRIP
    cells[place(0.0)] = "┊"
    if row.lower is not None:
        start = place(row.lower)
        stop = STRIP - 1 if row.upper is None else place(row.upper)
        cells[start : stop + 1] = "─" * (stop + 1 - start)
        cells[start] = "├"
        cells[stop] = "→" if row.upper is None else "┤"
    cells[place(row.value)] = "●"
    return "".join(cells)
