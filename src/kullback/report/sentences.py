"""What changed in a column, said in sentences a reader can repeat."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kullback.report.words import grouped, number, one_sided, percent, shortened, visible

if TYPE_CHECKING:
    from kullback.report.result import Cell, ColumnComparison

LEAST_PART = 0.02  # of the divergence: below it a cell is not worth a sentence of its own


def sentences(column: ColumnComparison, unit: str, *, named: bool = True) -> tuple[str, ...]:
    """The main driver, and what only one side holds; none where nothing differs.

    Without `named`, for places that name the column anyway, its name is left out.

    ``arr_delay > 67 rose from 6.0 % to 12.4 % of rows: 41 % of the divergence.``
    """
    said: list[str] = []
    if column.js == 0:
        return ()
    drivers = column.drivers(1)
    if drivers and column.part(drivers[0]) >= LEAST_PART:
        said.append(sentence(column, drivers[0], named=named))
    if one := one_sided(column):
        said.append(f"{'Infinite' if column.unseen else 'One-sided'}: {one}.")
    if column.unseen and column.smoothed is not None:
        said.append(
            f"KL is {number(column.smoothed.value)} {unit} when smoothed: the "
            f"{column.smoothed.prior_name} prior adds {column.smoothed.prior:g} to every count."
        )
    return tuple(said)


def headline(column: ColumnComparison) -> str:
    """The main driver in a line that leaves the column's name out; – where nothing differs."""
    drivers = column.drivers(1)
    if drivers and column.part(drivers[0]) >= LEAST_PART:
        return sentence(column, drivers[0], named=False)
    for found, words in (
        (column.unseen, "of current rows hold what the reference never held"),
        (column.vanished, "of reference rows hold what is gone"),
    ):
        if found:
            return f"{percent(found.share)} {words} ({grouped(found.values)} values)."
    return "Many small changes." if column.js > 0 else "–"


def sentence(column: ColumnComparison, cell: Cell, *, named: bool = True) -> str:
    """One cell's change and the part of the divergence that it carries."""
    before, after = column.share(cell)
    part = f"{percent(column.part(cell))} of the divergence"
    name = subject(column, cell) if named else shortened(cell.label)
    if before == after:
        return f"{name} stayed at {percent(before)} of rows: {part}."
    if before == 0:
        return f"{name} is new, in {percent(after)} of rows: {part}."
    if after == 0:
        return f"{name} vanished, from {percent(before)} of rows: {part}."
    moved = "rose" if after > before else "fell"
    return f"{name} {moved} from {percent(before)} to {percent(after)} of rows: {part}."


def subject(column: ColumnComparison, cell: Cell) -> str:
    """The cell as a phrase: ``dest BWI``, ``arr_delay > 67``, ``arr_delay missing``."""
    name = visible(column.column)
    if cell.kind in {"missing", "nan", "infinite", "range"} or cell.label.startswith(("≤", ">")):
        return f"{name} {shortened(cell.label)}"
    return f"{name} = {shortened(cell.label)}"
