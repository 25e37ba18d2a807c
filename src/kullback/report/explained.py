"""One column's change in words: what moved, and how other columns split it."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from kullback.report.aligned import aligned
from kullback.report.sentences import sentences
from kullback.report.words import (
    best,
    interval,
    number,
    percent,
    shortened,
    visible,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kullback.report.explanation import Explanation, Split
    from kullback.report.result import ColumnComparison

CELLS = 12  # with the largest parts
PARTS = 10
SPLITS = 3  # the columns that account for most; --by names others
BAR = 12  # characters of the longest bar


def render(explanation: Explanation, width: int, *, splits: int = SPLITS) -> str:
    """The explanation with its first splits; sentences are folded, tables keep their lines."""
    lines: list[str] = []
    for line in _lines(explanation, splits):
        lines += (
            [line] if line.startswith("  ") or not line else textwrap.wrap(line, max(width, 20))
        )
    return "\n".join(lines)


def _lines(explanation: Explanation, splits: int) -> Iterator[str]:
    column, unit = explanation.column, explanation.unit
    name = visible(column.column)
    yield f"{name}, {visible(explanation.reference)} → {visible(explanation.current)}"
    js = column.estimates.get("js")
    ends = f" ({interval((js.lower, js.upper))})" if js else ""
    status = f", {column.status}" if column.status else ""
    yield (
        f"KL(current ‖ reference) is {number(best(column, 'kl'))} {unit}, "
        f"JS {number(best(column, 'js'))}{ends}{status}."
    )
    yield from sentences(column, unit)
    yield ""
    yield from _cells(column)
    for split in explanation.splits[:splits]:
        yield ""
        yield from _split(name, split, unit)
    if left := [visible(split.by) for split in explanation.splits[splits:]]:
        yield ""
        yield f"Splits that account for less: {', '.join(left)}. Name one with --by to see it."
    yield from explanation.notes


def _cells(column: ColumnComparison) -> Iterator[str]:
    """The cells with the largest parts of the divergence, in the order of the line."""
    if column.js == 0:
        return
    main = sorted(range(len(column.cells)), key=lambda i: -column.cells[i].js)[:CELLS]
    cells = [column.cells[place] for place in sorted(main)]
    longest = max(column.part(cell) for cell in cells) or 1.0
    of = "JS" if column.unseen else "KL"
    lines = [("  value", "reference", "current", f"part of {of}", "")]
    for cell in cells:
        before, after = column.share(cell)
        part = column.part(cell)
        bar = "█" * round(BAR * part / longest)
        words = percent(before), percent(after), percent(part), bar
        lines.append((f"  {shortened(cell.label)}", *words))
    yield from aligned(lines, frozenset({1, 2, 3}))
    if (left := len(column.cells) - len(cells)) > 0:
        yield f"  … and {left} cells with smaller parts"


def _split(name: str, split: Split, unit: str) -> Iterator[str]:
    """The chain rule both ways, and where the change inside lies."""
    by = visible(split.by)
    yield (
        f"Split by {by}: KL({name}, {by}) {number(split.joint)} {unit} = {number(split.of_by)} of "
        f"{by} + {number(split.column_given_by)} of {name} within its values, where chance alone "
        f"shows {number(split.chance)} on average and {number(split.floor)} once in twenty times."
    )
    yield (
        f"The other way: {number(split.of_column)} of {name} + {number(split.by_given_column)} of "
        f"{by} within the values of {name}."
    )
    if split.prior:
        yield f"{split.prior:g} is added to every count, for KL would be infinite without."
    lines = [(f"  {by}", "reference", "current", "of its mix", f"of {name} within")]
    main = sorted(split.parts, key=lambda part: -(part.mix + part.within))[:PARTS]
    lines += [
        (
            f"  {shortened(part.label)}",
            percent(part.reference),
            percent(part.current),
            number(part.mix),
            number(part.within),
        )
        for part in main
    ]
    yield from aligned(lines, frozenset({1, 2, 3, 4}))
    if (left := len(split.parts) - len(main)) > 0:
        yield f"  … and {left} more of {by} with smaller parts"
