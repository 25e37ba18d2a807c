"""What any engine must answer about two tables: seven questions, answered by counts and samples."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

from kullback.tables.partition import Number, Partition

Side = Literal["reference", "current"]
Counts = npt.NDArray[np.int64]


class Kind(StrEnum):
    """What the values of a column are, whatever their engine calls them."""

    INTEGER = "integer"
    NUMBER = "number"
    BOOLEAN = "boolean"
    TEXT = "text"
    DATE = "date"
    TIMESTAMP = "timestamp"
    TIME = "time"
    DURATION = "duration"
    MISSING = "missing"  # no value at all, so no type of its own
    OPAQUE = "opaque"  # nested or binary: nothing that could be counted value by value

    @property
    def ordered(self) -> bool:
        """Whether the values lie on a line, so that ranges of them mean something."""
        return self not in {Kind.BOOLEAN, Kind.TEXT, Kind.MISSING, Kind.OPAQUE}

    @property
    def stepwise(self) -> bool:
        """Whether each value has a next one that a reader would name."""
        return self in {Kind.INTEGER, Kind.DATE}


@dataclass(frozen=True)
class Column:
    """A column of one table: where it stands, and its type in the engine's own words."""

    name: str
    kind: Kind
    type: str
    index: int


@dataclass(frozen=True)
class Pair:
    """A column that both tables hold, and the kind as which it is compared."""

    kind: Kind
    reference: Column
    current: Column

    @property
    def name(self) -> str:
        """The name that both sides give it."""
        return self.reference.name


@dataclass(frozen=True)
class Summary:
    """What one scan says of a column: rows that hold a value, and how many differ (roughly)."""

    filled: int
    distinct: int


@dataclass(frozen=True)
class CellCounts:
    """Rows of one side in each cell of a partition, and in the cells that no order can place.

    `under` is Σ (first edge − x) over the finite values below it, `over` is Σ (x − last edge) over
    those above: how far the open ends reach.

    Counts that come from a sketch of the rows say how wrong they may be, as shares of the finite
    rows: `error` is the standard deviation of a cell, `bound` what no rank is off by with 99 %
    confidence. `weight` is how many rows the coarsest of its values stands for, and `slack` what
    `under` and `over` are off by at most.
    """

    cells: Counts
    missing: int
    nan: int = 0
    below: int = 0  # −∞
    above: int = 0  # +∞
    under: float = 0.0
    over: float = 0.0
    error: float = 0.0
    bound: float = 0.0
    weight: int = 1
    slack: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True)
class ValueCounts:
    """Rows of both sides for each value, values with the same two counts on one line.

    A line stands for ``values`` different values, each in ``reference`` and in ``current`` rows;
    ``names`` holds the first few of them. Pooling equals loses nothing: every f-divergence of the
    lines is the f-divergence of the values, so millions of values leave the engine as a short list.
    `pooled` is the mean share of rows in outcomes that may be several values, told apart no more.
    """

    names: Sequence[Sequence[object]]
    values: Counts
    reference: Counts
    current: Counts
    missing: tuple[int, int]
    pooled: float = 0.0


NAN, BELOW, ABOVE, NONE = -1, -2, -3, -4  # codes of NaN, −∞, +∞ and the missing value


@dataclass(frozen=True)
class Coding:
    """How an engine turns a column into small whole numbers, to count several columns at once.

    An ordered column has the number of its cell, or `NAN`, `BELOW`, `ABOVE`; a column by value has
    the rank of its value by rows of both sides together, the rarest ones sharing `most`; the
    missing value is `NONE`.
    """

    pair: Pair
    partition: Partition | None = None
    most: int = 4096


@dataclass(frozen=True)
class Coded:
    """Rows of one side for each combination of codes that occurs.

    `codes` has a row for each combination and a column for each coding; `blocks` numbers the block
    of each combination, or is empty.
    """

    codes: npt.NDArray[np.int64]
    rows: Counts
    blocks: Counts


@dataclass(frozen=True)
class Sample:
    """Rows of one side, as numbers: NaN where a value is missing; text by rank of its value."""

    columns: Mapping[str, npt.NDArray[np.float64]]
    blocks: Counts | None


class Engine(Protocol):
    """Holds a reference and a current table, and answers without giving away rows."""

    @property
    def name(self) -> str:
        """The engine and its version."""
        ...

    @property
    def queries(self) -> Sequence[str]:
        """What it was asked so far, in its own language."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """What a reader should know of how it answered so far."""
        ...

    @property
    def without_rows(self) -> str:
        """Why it cannot answer about columns together; nothing where it holds rows."""
        ...

    def rows(self, side: Side) -> int:
        """How many rows that side has."""
        ...

    def schema(self, side: Side) -> tuple[Column, ...]:
        """The columns of that side, in its order."""
        ...

    def summaries(self, side: Side, columns: Sequence[Column]) -> Mapping[str, Summary]:
        """Filled rows and distinct values of each column, by name, in one scan."""
        ...

    def quantiles(
        self, pairs: Sequence[Pair], shares: Sequence[float]
    ) -> Mapping[str, tuple[Number, ...]]:
        """Reference values below or at which each share of the finite rows lies, by name.

        The shares are 1/m, 2/m … 1.
        """
        ...

    def cell_counts(
        self, side: Side, pairs: Sequence[Pair], partitions: Mapping[str, Partition]
    ) -> Mapping[str, CellCounts]:
        """Rows of that side in each column's cells, by name, in one scan."""
        ...

    def value_counts(self, pair: Pair) -> ValueCounts:
        """Rows of both sides for each value of one column."""
        ...

    def blocks(self, side: Side, block: Column) -> int:
        """How many blocks of rows that side has."""
        ...

    def coded(self, side: Side, codings: Sequence[Coding], block: Column | None) -> Coded:
        """Rows of that side for each combination of codes, in each block of rows."""
        ...

    def coded_values(self, coding: Coding) -> Sequence[object]:
        """The values of a column by value in the order of their codes, without the missing one."""
        ...

    def sample(self, side: Side, pairs: Sequence[Pair], block: Column | None) -> Sample:
        """A fixed sample of that side's rows, or all of them where they are few."""
        ...
