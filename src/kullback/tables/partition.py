"""Where a line of values is cut: bins of equal reference share, frequent values on their own."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Number = int | float

BINS = 16
LEVELS = (256, 128, 64, 32, 16, 8)  # bins of the nested partitions, the finest first
POINTS = 1024  # quantiles taken: edges of the finest cells, at which distances are exact
FINENESS = 4  # a cell is pooled with its neighbour below this part of a bin's share
SHARES = tuple(i / POINTS for i in range(1, POINTS + 1))


@dataclass(frozen=True)
class Partition:
    """Cells (edge, next edge], the first and the last one open-ended.

    An edge listed in ``atoms`` ends a cell that holds this one value and nothing else.
    """

    edges: tuple[Number, ...]
    atoms: frozenset[Number] = frozenset()

    def is_atom(self, cell: int) -> bool:
        """Whether that cell is a single value."""
        return cell < len(self.edges) and self.edges[cell] in self.atoms

    def labels(self, show: Callable[[Number], str], *, stepwise: bool) -> tuple[str, ...]:
        """Each cell in words: ``≤ 3``, ``4 to 9``, ``> 9``, or an atom's value.

        >>> Partition((3, 9)).labels(str, stepwise=True)
        ('≤ 3', '4 to 9', '> 9')
        """
        return tuple(
            show(self.edges[cell]) if self.is_atom(cell) else self._range(cell, show, stepwise)
            for cell in range(len(self.edges) + 1)
        )

    def ends(self) -> tuple[tuple[Number | None, Number | None], ...]:
        """Where each cell begins and ends; None at an open end, and twice its value of an atom.

        >>> Partition((3, 9), frozenset({9})).ends()
        ((None, 3), (9, 9), (9, None))
        """
        edges = (None, *self.edges, None)
        return tuple(
            (edges[cell + 1] if self.is_atom(cell) else edges[cell], edges[cell + 1])
            for cell in range(len(self.edges) + 1)
        )

    def _range(self, cell: int, show: Callable[[Number], str], stepwise: bool) -> str:
        low = self.edges[cell - 1] if cell > 0 else None
        high = self.edges[cell] if cell < len(self.edges) else None
        if high is None:
            return "any" if low is None else f"> {show(low)}"
        ends_below_atom = self.is_atom(cell + 1) and not stepwise
        end = f"< {show(self.edges[cell + 1])}" if ends_below_atom else show(high)
        if low is None:
            return end if ends_below_atom else f"≤ {end}"
        if stepwise:
            return end if low + 1 == high else f"{show(low + 1)} to {end}"
        return f"{'> ' if low in self.atoms else ''}{show(low)} to {end}"

    def pooled(self, reference: npt.NDArray[np.int64], least: float) -> "Partition":
        """The partition in which neighbouring ranges share a cell until each has `least` rows.

        An atom keeps to itself: a range it swallowed could hide a new value beside an old habit.
        """
        last = len(self.edges)
        keep: list[int] = []  # the edges that stay, by their place
        held = 0
        for cell in range(last + 1):
            held += int(reference[cell])
            closes = cell == last or self._is_wall(cell)
            if closes and held < least and keep and not self._is_wall(keep[-1]):
                keep.pop()
            if closes or held >= least:
                keep.append(cell)
                held = 0
        return Partition(tuple(self.edges[place] for place in keep[:-1]), self.atoms)

    def within(self, finer: "Partition") -> "Partition":
        """Its cells merged where the finer one lacks the edge between them."""
        held = frozenset(finer.edges)
        return Partition(tuple(edge for edge in self.edges if edge in held), self.atoms)

    def _is_wall(self, edge: int) -> bool:
        """Whether the edge at that place has an atom on either side."""
        return self.is_atom(edge) or self.is_atom(edge + 1)

    def regroup(self, counts: npt.NDArray[np.int64], coarser: "Partition") -> npt.NDArray[np.int64]:
        """Counts over these cells, summed over the cells of a coarser partition."""
        place = {edge: index for index, edge in enumerate(self.edges)}
        starts = [0, *(place[edge] + 1 for edge in coarser.edges)]
        return np.add.reduceat(counts, starts)


@dataclass(frozen=True)
class Grid:
    """One column's partitions, each nested in the finest: `finest` counts serve them all."""

    finest: Partition
    quantiles: tuple[Number, ...]

    def levels(self, reference: npt.NDArray[np.int64]) -> Mapping[int, Partition]:
        """The partitions into so many bins, thin cells pooled, each nested in the next finer.

        Parameters
        ----------
        reference
            Reference rows of the finest cells.
        """
        rows, finer, found = int(reference.sum()), self.finest, {}
        for bins in LEVELS:
            plain = from_quantiles(self.quantiles, bins).within(finer)
            held = self.finest.regroup(reference, plain)
            finer = plain.pooled(held, max(1.0, rows / (bins * FINENESS)))
            found[bins] = finer
        return found


def grid(quantiles: Sequence[Number]) -> Grid:
    """The grid whose edges are the quantiles at `SHARES`, a repeated one an atom.

    >>> grid([1, 5, 5, 9]).finest.edges
    (1, 4, 5)
    """
    return Grid(from_quantiles(quantiles, len(quantiles), 2), tuple(quantiles))


def from_quantiles(
    quantiles: Sequence[Number], bins: int = BINS, often: int | None = None
) -> Partition:
    """So many bins of equal share of the quantiles; what fills `often` of them is an atom.

    A value that holds more than a bin's share of the rows fills at least as many quantiles as
    a bin does: so many are `often` where it is not given.

    >>> from_quantiles([0] * 32 + list(range(1, 33))).atoms
    frozenset({0})
    """
    each = max(1, len(quantiles) // bins)
    held = Counter(quantiles)
    atoms = frozenset(value for value, times in held.items() if times >= (often or each))
    ends = set(quantiles[each - 1 : -1 : each]) | atoms
    return Partition(tuple(sorted(ends | {before(value) for value in atoms})), atoms)


def before(value: Number) -> Number:
    """The greatest number of the same type below this one."""
    return value - 1 if isinstance(value, int) else math.nextafter(value, -math.inf)
