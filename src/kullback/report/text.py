"""A comparison for people: one ranked table, and what is infinite in words under it."""

from __future__ import annotations

import math
from collections import Counter
from io import StringIO
from typing import TYPE_CHECKING, Any

from kullback.report.aligned import aligned
from kullback.report.verdict import judge
from kullback.report.words import (
    best,
    driver,
    interval,
    number,
    one_sided,
    probability,
    rows,
    visible,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kullback.report.result import ColumnComparison, TableComparison
    from kullback.report.verdict import Limits

WIDTH = 120
ROOMY = 100  # columns of a screen from which intervals and bars are shown
DRIVERS = 2
BAR = 8  # characters of a bar at JS's greatest value
EIGHTHS = " ▏▎▍▌▋▊▉█"
STATUS_STYLE = {"differs": "bold", "undecided": "", "same": "dim"}


def render(
    result: TableComparison,
    width: int = WIDTH,
    *,
    colour: bool = False,
    limits: Limits | None = None,
) -> str:
    """The comparison as text of at most that many columns; long lines are folded, never cut.

    Without rich, which draws the table, the same words are set with spaces and not folded.
    """
    verdict = _verdict_lines(result, limits)
    try:
        from rich.console import Console
    except ModuleNotFoundError:
        lines = [*_heading(result), "", *_plain(result), "", *_below(result), *verdict]
        return "\n".join(line.rstrip() for line in lines)
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
    roomy = width >= ROOMY
    table = _table(result, roomy)
    excess = Console(width=10_000, file=StringIO()).measure(table).maximum - width
    if excess > 0:
        table = _table(
            result, roomy, max(len(_drivers(column)) for column in result.columns) - excess
        )
    console.print(*_heading(result), sep="\n")
    console.print(table)
    for line in (*_below(result), *verdict):
        console.print(line)
    return "\n".join(line.rstrip() for line in written.getvalue().splitlines())


def _heading(result: TableComparison) -> Iterator[str]:
    names = visible(result.reference), visible(result.current)
    longest = max(map(len, names))
    for side, name, held in zip(("reference", "current"), names, result.rows, strict=True):
        yield f"{side:<9}  {name:<{longest}}  {rows(held)}"
    yield (
        f"KL(current ‖ reference), in {result.unit}: what current rows cost, beyond their need, "
        "in a code made for the reference."
    )
    yield "Ranked by JS, the Jensen-Shannon divergence, which is finite where KL is not."


def _head(result: TableComparison, roomy: bool) -> tuple[str, ...]:
    """The titles of the table; intervals and status only where the rows give them."""
    judged = _judged(result)
    drawn = ((f"{100 * result.level:g} % interval", "") if judged else ("",)) if roomy else ()
    status = ("status",) if judged else ()
    return ("column", "KL", "JS", *drawn, *status, "what changed most (reference → current)")


def _judged(result: TableComparison) -> bool:
    return any("js" in column.estimates for column in result.columns)


def _cells(
    column: ColumnComparison, result: TableComparison, roomy: bool, room: int | None = None
) -> tuple[str, ...]:
    """One line of the table; intervals and bars only where there is room for them."""
    js, value = column.estimates.get("js"), best(column, "js")
    judged = _judged(result)
    ends = (interval((js.lower, js.upper)) if js else "–",) if judged else ()
    return (
        visible(column.column),
        number(best(column, "kl")),
        number(value),
        *((*ends, bar(value, result.base)) if roomy else ()),
        *((column.status or "–",) if judged else ()),
        _drivers(column, room),
    )


def bar(js: float, base: float = 2) -> str:
    """A bar as long as the Jensen-Shannon distance, the root of JS, of which 1 fills it.

    >>> bar(1.0), bar(0.25), bar(-0.001)
    ('████████', '████', '')
    """
    distance = math.sqrt(max(js, 0.0) * math.log(base) / math.log(2))
    whole, part = divmod(round(8 * BAR * min(distance, 1.0)), 8)
    return ("█" * whole + EIGHTHS[part]).strip()


def _table(result: TableComparison, roomy: bool, room: int | None = None) -> Any:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
    *titles, last = _head(result, roomy)
    for title in titles:
        table.add_column(
            title,
            overflow="fold",
            no_wrap=title != "column",
            justify="right" if title in {"KL", "JS"} else "left",
        )
    table.add_column(last, overflow="fold")
    for column in result.columns:
        words = _cells(column, result, roomy, room)
        style = STATUS_STYLE.get(column.status or "", "")
        table.add_row(*(Text(word) for word in words), style=style)
    return table


def _plain(result: TableComparison) -> Iterator[str]:
    """The table in spaces alone."""
    titles = _head(result, roomy=True)
    lines = [titles, *(_cells(column, result, roomy=True) for column in result.columns)]
    numbers = [place for place, title in enumerate(titles) if title in {"KL", "JS"}]
    yield from aligned(lines, frozenset(numbers))


def _drivers(column: ColumnComparison, room: int | None = None) -> str:
    """What changed most on one line, or on a line each where there is no room."""
    words = [driver(column, cell) for cell in column.drivers(DRIVERS)]
    line = "; ".join(words) or "–"
    return line if room is None or len(line) <= room else "\n".join(words)


def _below(result: TableComparison) -> Iterator[str]:
    """What the table has no room for: how many differ, what is one-sided, the joint bound."""
    if _judged(result):
        yield _summary(result)
    for column in result.columns:
        if words := one_sided(column):
            mark, end = (
                ("∞", f"; JS is {number(best(column, 'js'))} {result.unit}")
                if column.unseen
                else ("−", "")
            )
            yield f"{mark} {visible(column.column)}: {words}{end}."
    if joint := result.joint:
        yield (
            f"Jointly, {len(joint.columns)} columns: KL is at least {number(joint.lower)} "
            f"{result.unit} (held-out bound {number(joint.bound)}); column by column they add up "
            f"to {number(joint.marginals)}, so {number(joint.excess)} lies in their dependence."
        )
    yield from result.notes


def _summary(result: TableComparison) -> str:
    many = Counter(column.status for column in result.columns)
    limit = "" if result.limit is None else f", same below JS {number(result.limit)} {result.unit}"
    blocks = f", rows taken together by {visible(result.block)}" if result.block else ""
    return (
        f"{many['differs']} differ, {many['undecided']} undecided, {many['same']} same "
        f"(differs: q < {probability(result.alpha)}{limit}{blocks})."
    )


def _verdict_lines(result: TableComparison, limits: Limits | None) -> Sequence[str]:
    """The verdict on the limits, and each column that breaches or may breach one."""
    if not limits:
        return ()
    verdict = judge(result, limits)
    worst = (*verdict.those("breached"), *verdict.those("undecided"))
    return (
        f"{verdict.outcome.upper()}: {verdict.words} (rule {verdict.rule}, "
        f"exit status {verdict.exit_status}).",
        *(f"  {finding.words}" for finding in worst),
    )
