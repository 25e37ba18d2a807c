"""Rows of each block by value, where a value may be rounded: what resampling whole blocks needs.

A value is a whole number whose order is the value's own: an integer itself, a float's bits, a hash.
While a column has few of them each is counted; else the last bits are dropped, no more than bring
their number down. How many that are depends on the values alone, so profiles merge exactly and in
any order alike. The same holds for blocks: beyond 512 those whose hashes begin alike are one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Whole = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]

GREATEST = np.float64(np.finfo(np.float64).max).view(np.int64)
LEAST = np.finfo(np.float64).tiny
MOST_BLOCKS = 512
SHIFT = np.uint64(55)  # of a block's hash, once blocks are pooled
MOST_KEYS = 4096
MOST_PAIRS = 1 << 18  # of a key and a block


@dataclass(frozen=True)
class Triples:
    """Rows of each pair of key and block that occurs, in order of key and block."""

    keys: Whole
    blocks: Hashes
    rows: Whole

    def dropping(self, bits: int) -> "Triples":
        """The last bits of all keys dropped."""
        return summed(self.keys >> bits, self.blocks, self.rows) if bits else self

    def of_pools(self) -> "Triples":
        """Blocks whose hashes begin alike as one."""
        return summed(self.keys, self.blocks >> SHIFT, self.rows)


def summed(keys: Whole, blocks: Hashes, rows: Whole) -> Triples:
    """Each pair once, its rows added up.

    >>> summed(np.asarray([4, 3, 4]), np.zeros(3, np.uint64), np.asarray([1, 2, 3])).rows
    array([2, 4])
    """
    order = _order(keys, blocks)
    keys, blocks = keys[order], blocks[order]
    first = np.flatnonzero(
        np.append(True, (keys[1:] != keys[:-1]) | (blocks[1:] != blocks[:-1]))[: len(keys)]
    )
    counts = np.add.reduceat(rows[order], first) if len(first) else rows[:0]
    return Triples(keys[first], blocks[first], counts.astype(np.int64))


def _order(keys: Whole, blocks: Hashes) -> npt.NDArray[np.intp]:
    """By key, then by block; as one number where both fit into it, which sorts much faster."""
    if len(keys) and int(blocks.max()) < MOST_BLOCKS:
        low, high = int(keys.min()), int(keys.max())
        if high - low < 1 << 52:
            return np.argsort((keys - low) * MOST_BLOCKS + blocks.astype(np.int64), kind="stable")
    return np.lexsort((blocks, keys))


def together(parts: Sequence[Triples]) -> Triples:
    """The rows of all parts."""
    return summed(
        np.concatenate([part.keys for part in parts]),
        np.concatenate([part.blocks for part in parts]),
        np.concatenate([part.rows for part in parts]),
    )


@dataclass(frozen=True)
class Blocked:
    """One column's rows of each block.

    Attributes
    ----------
    dropped
        Bits that the keys of `placed` have lost.
    placed
        By value on the line, or by hash.
    odd
        NaN, −∞ and +∞, by their codes.
    """

    dropped: int
    placed: Triples
    odd: Triples

    def merged(self, other: "Blocked") -> "Blocked":
        """The rows of both."""
        mine, theirs = alike(self, other)
        return Blocked(
            mine.dropped,
            together([mine.placed, theirs.placed]),
            together([self.odd, other.odd]),
        ).few()

    def few(self) -> "Blocked":
        """With as many bits dropped as bring keys and pairs down to what a profile holds."""
        keys, bits = self.placed.keys, 0
        while np.count_nonzero(np.diff(keys >> bits)) >= MOST_KEYS:
            bits += 1
        placed = self.placed.dropping(bits)
        while len(placed.keys) > MOST_PAIRS:
            placed, bits = placed.dropping(1), bits + 1
        return Blocked(self.dropped + bits, placed, self.odd)

    def dropping(self, bits: int) -> "Blocked":
        """With so many more bits dropped."""
        return Blocked(self.dropped + bits, self.placed.dropping(bits), self.odd)

    def of_pools(self) -> "Blocked":
        """Blocks whose hashes begin alike as one."""
        return Blocked(self.dropped, self.placed.of_pools(), self.odd.of_pools())


def alike(one: Blocked, other: Blocked) -> tuple[Blocked, Blocked]:
    """Both with as many bits dropped as either."""
    bits = max(one.dropped, other.dropped)
    return one.dropping(bits - one.dropped), other.dropping(bits - other.dropped)


@dataclass(frozen=True)
class BlockRows:
    """All rows of each block, known by the hash of its value, or by the first bits of that.

    Attributes
    ----------
    name
        Of the column that tells the blocks.
    """

    name: str
    blocks: Hashes
    rows: Whole
    pooled: bool = False

    def of_pools(self) -> "BlockRows":
        """Blocks whose hashes begin alike as one."""
        found = summed(np.zeros(len(self.blocks), np.int64), self.blocks >> SHIFT, self.rows)
        return BlockRows(self.name, found.blocks, found.rows, pooled=True)


def key_of(values: npt.NDArray[np.int64] | npt.NDArray[np.float64]) -> Whole:
    """Whole numbers in the order of the values, and as far apart as floats can be told.

    >>> key_of(np.asarray([-1.5, -0.0, 0.0, 5e-324]))
    array([-4609434218613702656,                    0,                    0,
                              1])
    """
    if values.dtype.kind == "i":
        return values.astype(np.int64)
    bits = (values + 0.0).view(np.int64)  # −0.0 is 0.0
    return np.where(bits < 0, -(bits & np.int64(np.iinfo(np.int64).max)), bits)


def value_of(
    keys: Whole, dropped: int, *, whole: bool
) -> npt.NDArray[np.int64] | npt.NDArray[np.float64]:
    """The greatest value that each key stands for; zero for those that hardly differ from it."""
    last = (keys << dropped) | ((1 << dropped) - 1)
    if whole:
        return last
    last = np.minimum(last, GREATEST)
    bits = np.where(last < 0, -last | np.int64(np.iinfo(np.int64).min), last)
    found = bits.view(np.float64)
    return np.where((found > 0) & (found < LEAST), 0.0, found)
