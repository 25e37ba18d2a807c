"""Rows along a line of values: how many lie at or below a place, exactly or by a sketch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from kullback.tables.engine import CellCounts
from kullback.tables.partition import Number

RANK_SD = 0.56  # k σ of a rank in a KLL sketch: it was measured from 0.47 to 0.61, as levels fill


@dataclass(frozen=True)
class Line:
    """Values in order, and the rows at or below each.

    Attributes
    ----------
    values : (n,)
        Floats, or whole numbers.
    ranks : (n,)
        The last one counts all rows.
    k : int or None
        Of the sketch these are from; None where every row is counted.
    weight : int
        How many rows the coarsest of the values stands for.
    least : (n,) or None
        The least value that each one stands for, where values were rounded up.
    """

    values: npt.NDArray[np.float64] | npt.NDArray[np.int64]
    ranks: npt.NDArray[np.int64]
    k: int | None = None
    weight: int = 1
    least: npt.NDArray[np.float64] | npt.NDArray[np.int64] | None = None

    @property
    def rows(self) -> int:
        """All rows."""
        return int(self.ranks[-1]) if len(self.ranks) else 0

    @property
    def sd(self) -> float:
        """The standard deviation of a rank, or of a cell's rows, as a share of all rows."""
        return 0.0 if self.k is None else RANK_SD / self.k

    @property
    def bound(self) -> float:
        """What no rank is off by, as a share of all rows, with 99 % confidence.

        2.296/k^0.9723, the measured bound of the Apache DataSketches library.
        """
        return 0.0 if self.k is None else 2.296 / self.k**0.9723

    def at_or_below(self, places: Sequence[Number]) -> npt.NDArray[np.int64]:
        """Rows whose value is no greater than each place."""
        before = np.searchsorted(self.values, np.asarray(places), side="right")
        return np.append(0, self.ranks)[before]

    def quantiles(self, shares: Sequence[float]) -> list[Number]:
        """The values below or at which each share of the rows lies.

        >>> Line(np.asarray([1.0, 2, 9]), np.asarray([10, 15, 20])).quantiles([0.5, 0.51, 1])
        [1.0, 2.0, 9.0]
        """
        if not self.rows:
            return []
        ranks = np.ceil(np.asarray(shares) * self.rows - 1e-9).clip(1)
        found: list[Number] = self.values[np.searchsorted(self.ranks, ranks)].tolist()
        return found

    def _all_in_last(self, edges: Sequence[Number]) -> npt.NDArray[np.int64]:
        return np.asarray([0] * len(edges) + [self.rows])

    def scaled(self, factor: int) -> "Line":
        """The same rows in a unit that many times smaller."""
        return Line(self.values * factor, self.ranks, self.k, self.weight)

    def rounded(self, dtype: type[np.floating[Any]]) -> "Line":
        """The same rows as floats of that precision."""
        values = self.values.astype(dtype).astype(np.float64)
        last = np.append(values[1:] != values[:-1], True)[: len(values)]
        return Line(values[last], self.ranks[last], self.k, self.weight)

    def cells(self, edges: Sequence[Number]) -> CellCounts:
        """Rows in the cells between the edges; without those that have no place on the line."""
        if not edges or not self.rows:
            return CellCounts(self._all_in_last(edges), 0, error=self.sd, weight=self.weight)
        below = self.at_or_below(edges)
        rows = np.diff(self.ranks, prepend=0).astype(np.float64)
        x = self.values.astype(np.float64)
        first, last = float(edges[0]), float(edges[-1])
        under, over = x < first, x > last
        far = self.bound * self.rows
        rounded = np.zeros(len(x)) if self.least is None else x - self.least
        return CellCounts(
            cells=np.diff(below, prepend=0, append=self.rows),
            missing=0,
            under=float(rows[under] @ (first - x[under])),
            over=float(rows[over] @ (x[over] - last)),
            error=self.sd,
            weight=self.weight,
            bound=self.bound,
            slack=(
                far * max(0.0, first - float(x[0])) + float(rows[under] @ rounded[under]),
                far * max(0.0, float(x[-1]) - last) + float(rows[over] @ rounded[over]),
            ),
        )
