"""What a profile holds of one column."""

from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from kullback.errors import TableError
from kullback.report.words import visible
from kullback.tables.engine import Kind
from kullback.tables.profiles.blocked import Blocked
from kullback.tables.profiles.hashed import Hashed
from kullback.tables.profiles.kll import line_of, merged
from kullback.tables.profiles.line import Line

FEW = 4096  # an ordered column with no more different values than this has each one counted


@dataclass(frozen=True)
class Tally:
    """Every value of an ordered column with its rows; values in order."""

    values: npt.NDArray[np.int64] | npt.NDArray[np.float64]
    rows: npt.NDArray[np.int64]

    def merged(self, other: "Tally") -> "Tally | None":
        """The rows of both, or None where there are too many values."""
        values, place = np.unique(np.concatenate([self.values, other.values]), return_inverse=True)
        if len(values) > FEW:
            return None
        rows = np.zeros(len(values), np.int64)
        np.add.at(rows, place, np.concatenate([self.rows, other.rows]))
        return Tally(values, rows)


@dataclass(frozen=True)
class ColumnProfile:
    """One column's rows, counted and sketched.

    Attributes
    ----------
    name, kind, type
        As the engine that read it said.
    filled
        Rows that hold a value.
    nan, below, above
        Of these, NaN, −∞ and +∞.
    sketch
        The finite values of an ordered column: a KLL sketch, as Apache DataSketches writes it.
    items
        What the sketch holds: double, float or bigint.
    tally
        The same values with their exact rows, where they are few.
    hashed
        Text and booleans.
    blocked
        Rows by block and value, where the profile has blocks.
    """

    name: str
    kind: Kind
    type: str
    filled: int
    nan: int = 0
    below: int = 0
    above: int = 0
    sketch: bytes | None = field(default=None, repr=False)
    items: str = "double"
    tally: Tally | None = field(default=None, repr=False)
    hashed: Hashed | None = field(default=None, repr=False)
    blocked: Blocked | None = field(default=None, repr=False)

    @property
    def finite(self) -> int:
        """Rows of an ordered column that lie on its line."""
        return self.filled - self.nan - self.below - self.above

    def line(self) -> Line:
        """The finite values in order: exactly where they are few, else from the sketch."""
        if self.tally is not None:
            return Line(self.tally.values, np.cumsum(self.tally.rows))
        if self.sketch is None:  # a column without any value
            return Line(np.zeros(0), np.zeros(0, np.int64))
        return line_of(self.sketch, self.items)

    def merged(self, other: "ColumnProfile") -> "ColumnProfile":
        """The column over the rows of both.

        Raises
        ------
        TableError
            If its kind changed.
        """
        if Kind.MISSING in {self.kind, other.kind}:
            return other if self.kind is Kind.MISSING else self
        if self.kind is not other.kind or self.items != other.items:
            raise TableError(
                f"column {visible(self.name)} is {self.kind} ({self.type}) in one profile and "
                f"{other.kind} ({other.type}) in the other: they cannot be merged"
            )
        return replace(
            self,
            type=max(self.type, other.type, key=lambda name: (len(name), name)),
            filled=self.filled + other.filled,
            nan=self.nan + other.nan,
            below=self.below + other.below,
            above=self.above + other.above,
            sketch=None
            if self.sketch is None or other.sketch is None
            else merged(self.sketch, other.sketch, self.items),
            tally=None
            if self.tally is None or other.tally is None
            else self.tally.merged(other.tally),
            hashed=None
            if self.hashed is None or other.hashed is None
            else self.hashed.merged(other.hashed),
            blocked=None
            if self.blocked is None or other.blocked is None
            else self.blocked.merged(other.blocked),
        )
