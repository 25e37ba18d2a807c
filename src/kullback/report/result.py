"""What a comparison of two tables found: plain values that every kind of report reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import e, isfinite
from typing import Literal

from kullback.report.outputs import Outputs

Status = Literal["differs", "same", "undecided"]
Measure = Literal["kl", "reverse", "js", "tv", "psi", "hellinger", "smoothed"]
Kinds = Literal["value", "range", "missing", "nan", "infinite", "rest"]


@dataclass(frozen=True)
class Cell:
    """One outcome, or several pooled ones, with its rows on both sides.

    `kl` and `js` are its shares of the column's KL and JS: never negative, and they add up to them.
    `kl` is infinite where the reference has no row. `low` and `high` bound a range of numbers
    (days since 1970 for dates, microseconds for times), None at an open end; a single number has
    both ends equal.
    """

    label: str
    reference: int
    current: int
    js: float
    values: int = 1
    kl: float = 0.0
    kind: Kinds = "value"
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class OneSided:
    """Outcomes that one side has and the other has not: how many, their share of rows, a few."""

    values: int
    share: float
    names: tuple[str, ...]


@dataclass(frozen=True)
class Estimated:
    """What the rows say of the laws behind them: bias-corrected, with an interval and a floor.

    Attributes
    ----------
    value
        The estimate with its bias taken off; it may be slightly negative where nothing differs.
    lower, upper
        The 95 % interval, which holds the value: within what is possible, but for a value that its
        bias has led a little beyond; infinity where the data allow it.
    floor
        What two tables of this size from one law show 95 % of the time at most, of the value.
    """

    value: float
    lower: float
    upper: float
    floor: float


@dataclass(frozen=True)
class Distance:
    """A distance of ordered values, and how far rounding to cells may have moved it.

    `least` ≤ truth ≤ `most` for the rows as they are; `unit` is "" for plain numbers, "days" for
    dates, "seconds" for times.
    """

    value: float
    least: float
    most: float
    unit: str = ""


@dataclass(frozen=True)
class Refined:
    """KL and JS on a partition into about so many cells: what a coarser one hides."""

    cells: int
    kl: float
    js: float
    kl_corrected: float  # with the bias of the frequencies taken off


@dataclass(frozen=True)
class Smoothed:
    """KL with a prior count on every outcome of both sides, so that it is finite."""

    value: float
    prior: float
    prior_name: str  # "Jeffreys"


@dataclass(frozen=True)
class ColumnComparison:
    """How one column of the current table differs from the reference.

    `kl` is KL(current ‖ reference), infinite when `unseen` is not None; `reverse` is
    KL(reference ‖ current). `kl`, `reverse`, `js`, `tv`, `psi` and `hellinger` describe the rows
    as they are; `estimates` speak of the laws behind them. PSI is in nats, as is customary.
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
    reverse: float | None = None
    psi: float | None = None  # nats
    hellinger: float | None = None
    smoothed: Smoothed | None = None
    estimates: Mapping[str, Estimated] = field(default_factory=dict)  # by Measure; psi in nats
    p_value: float | None = None
    q_value: float | None = None  # Benjamini–Hochberg over the columns of the comparison
    test: str = ""  # how the p-value was found, in words
    status: Status | None = None
    ks: Distance | None = None  # Kolmogorov–Smirnov, of the finite values
    wasserstein: Distance | None = None  # order 1, in the column's own unit
    refinement: tuple[Refined, ...] = ()  # 8 … 256 cells
    distinct: int | None = None  # outcomes compared, of a column compared by value
    edges: tuple[float, ...] = ()  # of the cells, for the appendix
    notes: tuple[str, ...] = ()

    @property
    def missing_share(self) -> tuple[float, float]:
        """The share of rows without a value, on the reference and the current side."""
        return self.missing[0] / self.rows[0], self.missing[1] / self.rows[1]

    def share(self, cell: Cell) -> tuple[float, float]:
        """The share of rows in a cell, on the reference and the current side."""
        return cell.reference / self.rows[0], cell.current / self.rows[1]

    def part(self, cell: Cell) -> float:
        """The part of the column's divergence that a cell carries: of KL, or of JS where KL is ∞.

        Parts are never negative, and add up to 1 where the tables differ at all.
        """
        if isfinite(self.kl):
            return cell.kl / self.kl if self.kl > 0 else 0.0
        return cell.js / self.js

    def drivers(self, most: int = 3) -> tuple[Cell, ...]:
        """The named outcomes that carry most of the divergence, the largest share first."""
        named = [cell for cell in self.cells if cell.js > 0 and cell.values == 1]
        return tuple(sorted(named, key=lambda cell: -cell.js)[:most])


@dataclass(frozen=True)
class Joint:
    """A held-out lower bound on the joint KL(current ‖ reference) of several columns together.

    Attributes
    ----------
    columns, left_out
        What entered, and what did not, each with its reason.
    bound
        The mean held-out bound over folds, in the comparison's unit.
    lower
        The bound less its margin: the joint KL is at least this, with 95 % confidence.
    marginals
        The sum of the columns' own KLs, bias-corrected, from the same sample.
    excess
        `bound` less `marginals`: dependence that no single column shows; negative where the
        bound misses more than dependence adds.
    rows
        Sampled rows, reference and current.
    folds
        How many folds.
    by
        The estimator, in words.
    """

    columns: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    bound: float
    lower: float
    marginals: float
    excess: float
    rows: tuple[int, int]
    folds: int
    by: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Provenance:
    """What a reader needs to repeat the comparison."""

    engine: str = ""  # "DuckDB 1.4.2"
    version: str = ""  # of kullback
    seed: int = 0
    queries: tuple[str, ...] = ()
    resamples: int = 0


@dataclass(frozen=True, repr=False)
class TableComparison(Outputs):
    """Two tables compared column by column, the most different column first."""

    reference: str
    current: str
    rows: tuple[int, int]
    base: float
    columns: tuple[ColumnComparison, ...]
    notes: tuple[str, ...] = ()
    limit: float | None = None  # of JS, in `unit`; "same" needs the interval's upper end below it
    alpha: float = 0.05  # "differs" needs a q-value below it
    level: float = 0.95  # of all intervals
    block: str | None = None  # rows with one value of this column are resampled together
    blocks: tuple[int, int] | None = None  # how many, reference and current
    joint: Joint | None = None
    provenance: Provenance = Provenance()

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
