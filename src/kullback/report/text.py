"""A comparison for people: one ranked table, and what is infinite in words under it."""

from __future__ import annotations

from io import StringIO
from typing import TYPE_CHECKING, Any

from kullback.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kullback.report.result import Cell, ColumnComparison, OneSided, TableComparison

WIDTH = 120
DRIVERS = 2
NAMED = 3
LONGEST = 36  # characters of a value; JSON has them all


def render(result: TableComparison, width: int = WIDTH, *, colour: bool = False) -> str:
    """The comparison as text of at most that many columns; long lines are folded, never cut."""
    try:
        from rich.console import Console
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "printing a table needs rich: pip install 'kullback[tables]'"
        ) from error
    written = StringIO()
    console = Console(
        file=written,
        width=width,
        force_terminal=colour,
        color_system="auto" if colour else None,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
    )
    table = _table(result)
    excess = Console(width=10_000, file=StringIO()).measure(table).maximum - width
    if excess > 0:
        table = _table(result, max(len(_drivers(column)) for column in result.columns) - excess)
    console.print(*_heading(result), sep="\n")
    console.print(table)
    one_sided = (column for column in result.columns if column.unseen or column.vanished)
    for line in (*(_one_sided_line(column, result.unit) for column in one_sided), *result.notes):
        console.print(line)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines())


def _heading(result: TableComparison) -> Iterator[str]:
    longest = max(len(result.reference), len(result.current))
    sides = (("reference", result.reference), ("current", result.current))
    for (side, name), rows in zip(sides, result.rows, strict=True):
        yield f"{side:<9}  {name:<{longest}}  {grouped(rows)} row{'s' if rows > 1 else ''}"
    yield (
        f"KL(current ‖ reference), in {result.unit}: what current rows cost, beyond their need, "
        "in a code made for the reference."
    )
    yield "Ranked by JS, the Jensen-Shannon divergence, which is finite where KL is not."


def _table(result: TableComparison, room: int | None = None) -> Any:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    table.add_column("column", overflow="fold")
    table.add_column("kind", no_wrap=True)
    for measure in ("KL", "JS", "TV"):
        table.add_column(measure, justify="right", no_wrap=True)
    table.add_column("missing", justify="right", no_wrap=True)
    table.add_column("what changed most (reference → current)", overflow="fold")
    for column in result.columns:
        before, after = column.missing_share
        missing = "–" if column.missing == (0, 0) else f"{percent(before)} → {percent(after)}"
        numbers = (number(column.kl), number(column.js), number(column.tv))
        table.add_row(
            *(Text(word) for word in (visible(column.column), column.kind, *numbers, missing)),
            Text(_drivers(column, room)),
        )
    return table


def _drivers(column: ColumnComparison, room: int | None = None) -> str:
    """What changed most on one line, or on a line each where there is no room."""
    words = [driver(column, cell) for cell in column.drivers(DRIVERS)]
    line = "; ".join(words) or "–"
    return line if room is None or len(line) <= room else "\n".join(words)


def _one_sided_line(column: ColumnComparison, unit: str) -> str:
    """What only one side holds, in a sentence."""
    parts = [
        f"{percent(found.share)} of {here} rows hold {_values(found, column.by)} {absent} "
        f"({_named(found)})"
        for found, here, absent in (
            (column.unseen, "current", "never seen in the reference"),
            (column.vanished, "reference", "gone from the current table"),
        )
        if found
    ]
    mark, end = ("∞", f"; JS is {number(column.js)} {unit}") if column.unseen else ("−", "")
    return f"{mark} {visible(column.column)}: {'; '.join(parts)}{end}."


def _values(found: OneSided, by: str) -> str:
    noun = "value" if by == "value" else "outcome"
    return f"{grouped(found.values)} {noun}{'s' if found.values > 1 else ''}"


def _named(found: OneSided) -> str:
    names = [shortened(name) for name in found.names[:NAMED]]
    return ", ".join(names) + (" …" if found.values > len(names) else "")


def driver(column: ColumnComparison, cell: Cell) -> str:
    """One outcome that changed: ``> 66: 6.0 % → 12.4 %``."""
    before, after = column.share(cell)
    return f"{shortened(cell.label)}: {percent(before)} → {percent(after)}"


def percent(share: float) -> str:
    """A share that reads as 0 % or 100 % only where it is.

    >>> percent(0.0604), percent(0.0001), percent(0.99999), percent(1)
    ('6.0 %', '0.01 %', '>99.9 %', '100 %')
    """
    if share in {0, 1}:
        return f"{share:.0%}".replace("%", " %")
    if share < 0.0005:
        return f"{100 * share:.1g} %"
    return ">99.9 %" if share > 0.9995 else f"{100 * share:.1f} %"


def number(value: float) -> str:
    """A divergence with four decimals, or in powers of ten where they would show nothing.

    >>> number(0.07512), number(0.0), number(3.2e-7), number(float("inf"))
    ('0.0751', '0', '3.2e-07', '∞')
    """
    if value == float("inf"):
        return "∞"
    return f"{value:.4f}" if value >= 0.00005 else f"{value:.1e}" if value else "0"


def grouped(count: int) -> str:
    """A count with its thousands apart."""
    return f"{count:,}".replace(",", " ")


def shortened(label: str) -> str:
    """A value that fits in a line of the table."""
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"


def visible(name: str) -> str:
    r"""A name as it is, or quoted where it could not be seen.

    >>> visible("age"), visible(" "), visible("a\nb")
    ('age', "' '", "'a\\nb'")
    """
    return name if name and name.isprintable() and name == name.strip() else repr(name)
