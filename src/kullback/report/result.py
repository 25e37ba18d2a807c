"""What a comparison of two tables found: plain values that every kind of report reads."""

from __future__ import annotations

from dataclasses import dataclass
from math import e
from os import PathLike
from typing import Any, Literal

from kullback.report import as_json, text


@dataclass(frozen=True)
class Cell:
    """One outcome, or several pooled ones, with its rows on both sides and its share of the JS."""

    label: str
    reference: int
    current: int
    js: float
    values: int = 1


@dataclass(frozen=True)
class OneSided:
    """Outcomes that one side has and the other has not: how many, their share of rows, a few."""

    values: int
    share: float
    names: tuple[str, ...]


@dataclass(frozen=True)
class ColumnComparison:
    """How one column of the current table differs from the reference.

    `kl` is KL(current ‖ reference), infinite when `unseen` is not None; `cells` add up to all rows
    and to `js`.
    """

    column: str
    kind: str
    by: Literal["value", "range"]
    kl: float
    js: float
    tv: float
    rows: tuple[int, int]  # reference, current; and so below
    missing: tuple[int, int]
    cells: tuple[Cell, ...]
    unseen: OneSided | None = None  # in the current table only
    vanished: OneSided | None = None  # in the reference only

    @property
    def missing_share(self) -> tuple[float, float]:
        """The share of rows without a value, on the reference and the current side."""
        return self.missing[0] / self.rows[0], self.missing[1] / self.rows[1]

    def share(self, cell: Cell) -> tuple[float, float]:
        """The share of rows in a cell, on the reference and the current side."""
        return cell.reference / self.rows[0], cell.current / self.rows[1]

    def drivers(self, most: int = 3) -> tuple[Cell, ...]:
        """The named outcomes that carry most of the divergence, the largest share first."""
        named = [cell for cell in self.cells if cell.js > 0 and cell.values == 1]
        return tuple(sorted(named, key=lambda cell: -cell.js)[:most])


@dataclass(frozen=True, repr=False)
class TableComparison:
    """Two tables compared column by column, the most different column first."""

    reference: str
    current: str
    rows: tuple[int, int]
    base: float
    columns: tuple[ColumnComparison, ...]
    notes: tuple[str, ...] = ()

    def __getitem__(self, column: str) -> ColumnComparison:
        for found in self.columns:
            if found.column == column:
                return found
        raise KeyError(column)

    @property
    def unit(self) -> str:
        """The unit of KL and JS."""
        return {2.0: "bits", e: "nats", 10.0: "hartleys"}.get(
            float(self.base), f"units of log {self.base:g}"
        )

    def __repr__(self) -> str:
        return text.render(self)

    def to_json(self, path: str | PathLike[str] | None = None) -> str:
        """The comparison as JSON, infinity as ``"inf"``; also written to `path`, whole or not."""
        written = as_json.dumps(self)
        if path is not None:
            with as_json.replacing(path) as file:
                file.write(written)
        return written

    def to_frame(self, backend: str | None = None) -> Any:
        """One line a column, as a dataframe: of pandas, Polars or pyarrow, whichever is there.

        Parameters
        ----------
        backend
            The library by name; without it, the first of the three that is installed.
        """
        return as_json.to_frame(self, backend)
