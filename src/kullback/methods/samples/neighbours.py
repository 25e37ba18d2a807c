"""Nearest neighbours: the distance to the k-th, and how many there are within a radius.

On a line by sorting; elsewhere by a KD-tree whose leaves are compared all at once (native). Where
that was not built, SciPy's tree serves in up to 12 dimensions, and beyond, or where there are few
rows, all pairs are compared in blocks. All are exact: distances are those of the rows themselves,
and a row at a distance found here counts as within that distance.

`own` says that x and y are the same rows: a row is then no neighbour of itself; a copy of it is.
"""

from functools import cached_property
from typing import Any, Literal

import numpy as np

from kullback.arrays.kernels import kernels
from kullback.errors import InvalidInputError
from kullback.methods.samples import all_pairs, on_a_line

Metric = Literal["euclidean", "chebyshev"]

ROWS_WORTH_A_THREAD = 20_000
TREE_DIMENSIONS = 12
"""Beyond these a KD-tree visits most of its leaves, and comparing all pairs is faster."""


class Neighbours:
    """Rows among which neighbours are looked for, made ready once for many searches.

    Parameters
    ----------
    y : array, shape (m, d)
        The rows.
    metric : str
        "euclidean", or "chebyshev": the largest difference of a coordinate.
    threads : int
        How many threads a search may use; 0 for all.

    Raises
    ------
    InvalidInputError
        If the numbers are so large or so small that their squares are not numbers.

    >>> import numpy as np
    >>> among = Neighbours(np.asarray([[0.0, 0.0], [3.0, 4.0], [6.0, 8.0]]))
    >>> among.distances(np.asarray([[0.0, 0.0]]), k=2)
    array([[0., 5.]])
    """

    def __init__(self, y: np.ndarray, metric: Metric = "euclidean", threads: int = 0) -> None:
        self.y = np.ascontiguousarray(y, dtype=np.float64)
        self.metric: Metric = metric
        self.threads = threads
        self._built: Any = None
        if not self._on_a_line and metric == "euclidean":
            _check_squares(self.y)

    def made_ready(self, *others: "Neighbours") -> None:
        """Build what searches need, of several sets of rows at once."""
        large = [some for some in (self, *others) if len(some.y) >= ROWS_WORTH_A_THREAD]
        if kernels is None or self._on_a_line or len(large) < 2 or self.threads == 1:
            return
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(len(large)) as pool:
            list(pool.map(lambda some: some._native, large))

    @cached_property
    def _line(self) -> np.ndarray:
        return np.sort(self.y[:, 0])

    @property
    def _native(self) -> Any:
        # Not a cached_property: before Python 3.12 its lock, one for all instances, would make
        # `made_ready` build one tree after the other.
        if self._built is None:
            self._built = kernels.Tree(self.y, 1 if self.metric == "chebyshev" else 0)
        return self._built

    @cached_property
    def _tree(self) -> Any:
        from scipy.spatial import cKDTree

        return cKDTree(self.y, balanced_tree=False)

    @cached_property
    def rows(self) -> np.ndarray:
        """The rows in an order in which searches that follow each other are near each other."""
        if self._on_a_line:
            return self._line[:, None]
        return self.y if kernels is None else self.y[self._order]

    @cached_property
    def _order(self) -> np.ndarray:
        order = np.empty(len(self.y), dtype=np.int64)
        self._native.order(order)
        return order

    def distances(self, x: np.ndarray, k: int, *, own: bool = False) -> np.ndarray:
        """Return the distances from each row of x to its k nearest rows, in order; shape (n, k).

        Raises
        ------
        InvalidInputError
            If there are fewer than k rows to be found.
        """
        k = self._checked(k, own=own)
        if self._on_a_line:
            found = on_a_line.distances(x[:, 0], self._line, k)
        elif kernels is not None:
            found = self._ask_native(x, k)
        elif self._few_or_wide(x):
            found = all_pairs.distances(x, self.y, k, self.metric)
        else:
            found = self._ask_tree(x, np.arange(1, k + 1))
        return found[:, 1:] if own else found

    def kth_distance(self, x: np.ndarray, k: int, *, own: bool = False) -> np.ndarray:
        """Return the distance from each row of x to the k-th nearest row; shape (n,).

        Raises
        ------
        InvalidInputError
            If there are fewer than k rows to be found.
        """
        k = self._checked(k, own=own)
        if self._on_a_line:
            return on_a_line.kth_distance(x[:, 0], self._line, k)
        if kernels is not None:
            return self._ask_native(x, k)[:, -1]
        if self._few_or_wide(x):
            return all_pairs.distances(x, self.y, k, self.metric)[:, -1]
        return self._ask_tree(x, np.asarray([k]))[:, 0]

    def count_within(
        self, x: np.ndarray, radius: Any, *, strict: bool = False, own: bool = False
    ) -> np.ndarray:
        """Return how many rows lie within the radius of each row of x; shape (n,).

        Parameters
        ----------
        x : array, shape (n, d)
            Where the balls are centred.
        radius : float or array, shape (n,)
            Their radii.
        strict : bool
            Whether rows at that very distance are left out.
        own : bool
            Whether x are the rows themselves, each of which is not to be counted in its own ball.
        """
        radius = np.broadcast_to(np.asarray(radius, dtype=np.float64), (len(x),))
        exact = self._on_a_line or self.metric == "chebyshev"
        at_most = _at_most(radius, exact=exact, strict=strict)
        if self._on_a_line:
            count = on_a_line.count_within(x[:, 0], self._line, at_most)
        elif kernels is not None:
            count = self._ask_native_to_count(x, at_most)
        elif self._few_or_wide(x):
            count = all_pairs.count_within(x, self.y, at_most, self.metric)
        else:
            count = self._ask_tree_to_count(x, at_most)
        return count - (at_most >= 0) if own else count

    @property
    def _on_a_line(self) -> bool:
        return bool(self.y.shape[1] == 1)

    def _few_or_wide(self, x: np.ndarray) -> bool:
        d = self.y.shape[1]
        few = d >= 4 and len(x) * len(self.y) < 250_000 * (d - 3)
        return bool(d > TREE_DIMENSIONS or few)

    def _checked(self, k: int, *, own: bool) -> int:
        there = len(self.y) - own
        if not 1 <= k <= there:
            raise InvalidInputError(
                f"k={k} nearest neighbours were asked for among {there} rows"
                f"{' beside the row itself' if own else ''}: k lies between 1 and {there}."
            )
        return k + own

    def _threads(self, x: np.ndarray) -> int:
        few = len(x) * len(self.y) < 4_000_000  # starting threads would take longer than the search
        return 1 if few else self.threads

    def _ask_native(self, x: np.ndarray, k: int) -> np.ndarray:
        found = np.empty((len(x), k))
        if x is self.y:
            found[self._order] = self._ask_native(self.rows, k)
            return found
        self._native.nearest(_ready(x), found, self._threads(x))
        return found

    def _ask_native_to_count(self, x: np.ndarray, radius: np.ndarray) -> np.ndarray:
        count = np.empty(len(x), dtype=np.int64)
        if x is self.y:
            count[self._order] = self._ask_native_to_count(self.rows, radius[self._order])
            return count
        self._native.count(_ready(x), np.ascontiguousarray(radius), count, self._threads(x))
        return count

    def _ask_tree(self, x: np.ndarray, ranks: np.ndarray) -> np.ndarray:
        norm, turn = np.inf if self.metric == "chebyshev" else 2, self._turns(x)
        found = np.empty((len(x), len(ranks)))
        found[turn] = self._tree.query(x[turn], k=ranks, p=norm, workers=self._threads(x) or -1)[0]
        return found

    def _ask_tree_to_count(self, x: np.ndarray, radius: np.ndarray) -> np.ndarray:
        norm, turn = np.inf if self.metric == "chebyshev" else 2, self._turns(x)
        count = np.empty(len(x), dtype=np.int64)
        count[turn] = self._tree.query_ball_point(
            x[turn],
            np.maximum(radius, 0)[turn],
            p=norm,
            workers=self._threads(x) or -1,
            return_length=True,
        )
        return np.where(radius < 0, 0, count)

    def _turns(self, x: np.ndarray) -> np.ndarray:
        """Return rows of x in an order in which the next is near: the tree's leaves stay cached."""
        if x is self.y:
            return np.asarray(self._tree.indices)
        from scipy.spatial import cKDTree

        return np.asarray(cKDTree(x, balanced_tree=False).indices)


def _check_squares(y: np.ndarray) -> None:
    most = float(np.abs(y).max(initial=0.0))
    if most > 0 and not 1e-150 < most < 1e150:
        raise InvalidInputError(
            f"The largest coordinate is {most:.3g}, and squares of such numbers leave the range of "
            "float64: choose other units (multiply all coordinates, of both samples, by one "
            "number)."
        )


def _ready(x: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(x, dtype=np.float64)


def _at_most(radius: np.ndarray, *, exact: bool, strict: bool) -> np.ndarray:
    """Return the radius r for which "at most r" says what is within.

    A difference of two numbers is rounded once, and is the same wherever it is formed; Euclidean
    distances are sums of squares, and two that are equal may differ by a few units of rounding.
    """
    slack = 0.0 if exact else 16 * np.finfo(np.float64).eps * radius
    if not strict:
        return radius + slack
    return np.where(radius > 0, np.nextafter(radius - slack, -1.0), -1.0)
