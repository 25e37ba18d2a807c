"""Numbers and names as every report writes them: short, with units, safe to print."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kullback.report.result import Cell, ColumnComparison, OneSided

NAMED = 3  # values named where one side holds several that the other has not
LONGEST = 36  # characters of a value; JSON has them all


def number(value: float) -> str:
    """A divergence with four decimals, or in powers of ten where they would show nothing.

    >>> number(0.07512), number(0.0), number(3.2e-7), number(-0.00012), number(float("inf"))
    ('0.0751', '0', '3.2e-07', '−0.0001', '∞')
    """
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    words = f"{size:.4f}" if size >= 0.00005 else f"{size:.1e}" if size else "0"
    return f"−{words}" if value < 0 else words


def interval(ends: tuple[float, float]) -> str:
    """An interval in the words of `number`: ``0.0123 to 0.0201``."""
    return f"{number(ends[0])} to {number(ends[1])}"


def measured(value: float, unit: str) -> str:
    """A distance in a column's own unit, in four significant digits: ``11.24 minutes``."""
    words = "∞" if math.isinf(value) else f"{value:.4g}"
    return f"{words} {unit}".strip()


def probability(value: float) -> str:
    """A p- or q-value: two significant digits, never below what anyone could use.

    >>> probability(0.0312), probability(0.61), probability(1e-12), probability(1.0)
    ('0.031', '0.61', '<0.0001', '1')
    """
    return "<0.0001" if value < 0.0001 else f"{value:.2g}"


def percent(share: float) -> str:
    """A share that reads as 0 % or 100 % only where it is.

    >>> percent(0.0604), percent(0.0001), percent(0.99999), percent(1)
    ('6.0 %', '0.01 %', '>99.9 %', '100 %')
    """
    return f"{hundredths(share)} %"


def hundredths(share: float) -> str:
    """`percent` without its unit, for columns of a table that name it."""
    if share in {0, 1}:
        return f"{100 * share:.0f}"
    if share < 0.0005:
        return f"{100 * share:.1g}"
    return ">99.9" if share > 0.9995 else f"{100 * share:.1f}"


def grouped(count: int) -> str:
    """A count with its thousands apart."""
    return f"{count:,}".replace(",", " ")


def rows(count: int) -> str:
    """A number of rows: ``1 row``, ``27 004 rows``."""
    return f"{grouped(count)} row{'' if count == 1 else 's'}"


def shortened(label: str) -> str:
    """A value that fits in a line of a table."""
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"


def visible(name: str) -> str:
    r"""A name as it is, or quoted where it could not be seen.

    >>> visible("age"), visible(" "), visible("a\nb")
    ('age', "' '", "'a\\nb'")
    """
    return name if name and name.isprintable() and name == name.strip() else repr(name)


def best(column: ColumnComparison, measure: str) -> float:
    """A measure with its bias taken off where it can be, else of the rows as they are."""
    found = column.estimates.get(measure)
    value: float = found.value if found else getattr(column, measure)
    return value


def driver(column: ColumnComparison, cell: Cell) -> str:
    """One outcome that changed: ``> 66: 6.0 % → 12.4 %``."""
    before, after = column.share(cell)
    return f"{shortened(cell.label)}: {percent(before)} → {percent(after)}"


def one_sided(column: ColumnComparison) -> str | None:
    """What only one side of a column holds, in words; None where both hold the same."""
    parts = [
        f"{percent(found.share)} of {here} rows hold {_values(found, column.by)} {absent} "
        f"({_named(found)})"
        for found, here, absent in (
            (column.unseen, "current", "never seen in the reference"),
            (column.vanished, "reference", "gone from the current table"),
        )
        if found
    ]
    return "; ".join(parts) or None


def _values(found: OneSided, by: str) -> str:
    noun = "value" if by == "value" else "outcome"
    return f"{grouped(found.values)} {noun}{'s' if found.values > 1 else ''}"


def _named(found: OneSided) -> str:
    names = [shortened(name) for name in found.names[:NAMED]]
    return ", ".join(names) + (" …" if found.values > len(names) else "")
