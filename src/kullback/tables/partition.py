"""Where a line of values is cut: bins of equal reference share, frequent values on their own."""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Number = int | float

BINS = 16
FINENESS = 4  # quantiles taken within each bin's share, to find values that fill a bin alone
SHARES = tuple(i / (BINS * FINENESS) for i in range(1, BINS * FINENESS + 1))


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

    def _is_wall(self, edge: int) -> bool:
        """Whether the edge at that place has an atom on either side."""
        return self.is_atom(edge) or self.is_atom(edge + 1)

    def regroup(self, counts: npt.NDArray[np.int64], coarser: "Partition") -> npt.NDArray[np.int64]:
        """Counts over these cells, summed over the cells of a coarser partition."""
        starts = [0, *(self.edges.index(edge) + 1 for edge in coarser.edges)]
        return np.add.reduceat(counts, starts)


def from_quantiles(quantiles: Sequence[Number]) -> Partition:
    """Bins between every `FINENESS`-th of the quantiles at `SHARES`; frequent values as atoms.

    A value that holds more than a bin's share of the rows fills at least `FINENESS` quantiles.

    >>> from_quantiles([0] * 32 + list(range(1, 33))).atoms
    frozenset({0})
    """
    held = Counter(quantiles)
    atoms = frozenset(value for value, times in held.items() if times >= FINENESS)
    ends = set(quantiles[FINENESS - 1 : -1 : FINENESS]) | atoms
    return Partition(tuple(sorted(ends | {before(value) for value in atoms})), atoms)


def before(value: Number) -> Number:
    """The greatest number of the same type below this one."""
    return value - 1 if isinstance(value, int) else math.nextafter(value, -math.inf)
