"""Rows by value, where values are known by their hash: exact while they are few, then by bucket.

Up to 65 536 different values each keeps its own count; beyond, counts of values that agree in the
first 16 bits of their hash are added up. Which of the two depends only on how many values there
are, so merging is exact and in any order the same. The frequent values of the second kind are
listed with the rows they have at least and at most: what a merged list does not name has no more
than the smallest entry of its own (Misra and Gries).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]
Rows = npt.NDArray[np.int64]

MOST = 1 << 16  # values that are kept apart
SHIFT = np.uint64(48)  # of a hash; what is left is its bucket
LISTED = 1024  # frequent values of a column in buckets
NAMED = 10  # rows from which a value may be named
NAMES = 4096  # values that are named at most, the most frequent ones


def hash_of(text: str) -> int:
    """The hash of a value: the first 64 bits of its MD5, on every machine and in SQL the same.

    >>> f"{hash_of('New York'):016x}"
    '87809c954948d8a2'
    """
    return int(hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()[:16], 16)


@dataclass(frozen=True)
class Frequent:
    """A frequent value's rows: no fewer than `least`, no more than `most`."""

    least: int
    most: int


@dataclass(frozen=True)
class Hashed:
    """Rows by hash, or by bucket of hashes.

    Attributes
    ----------
    keys, rows : (n,)
        Hashes in order, or with `pooled` buckets.
    pooled : bool
        Whether a key may stand for several values.
    names : mapping
        Values by hash, of those that may be named.
    frequent : mapping
        By hash; of a pooled column only.
    unlisted : int
        Rows that a value outside `frequent` has at most.
    """

    keys: Hashes
    rows: Rows
    pooled: bool = False
    names: Mapping[int, str] = field(default_factory=dict)
    frequent: Mapping[int, Frequent] = field(default_factory=dict)
    unlisted: int = 0

    def merged(self, other: "Hashed") -> "Hashed":
        """The rows of both."""
        if self.pooled != other.pooled:
            return self.in_buckets().merged(other.in_buckets())
        keys, rows = added((self.keys, other.keys), (self.rows, other.rows))
        names = dict(sorted({**other.names, **self.names}.items()))
        if not self.pooled:
            both = Hashed(keys, rows, names=_most_frequent(names, keys, rows))
            return both.in_buckets() if len(keys) > MOST else both
        frequent = {}
        for key in {**self.frequent, **other.frequent}:
            mine, theirs = self.between(key), other.between(key)
            frequent[key] = Frequent(mine.least + theirs.least, mine.most + theirs.most)
        return _listed(keys, rows, names, frequent, self.unlisted + other.unlisted)

    def between(self, key: int) -> Frequent:
        """The rows of one value of a pooled column."""
        return self.frequent.get(key, Frequent(0, self.unlisted))

    def in_buckets(self) -> "Hashed":
        """The same rows by bucket, the frequent values listed.

        >>> Hashed(np.asarray([1, 2, 1 << 48], np.uint64), np.asarray([7, 3, 5])).in_buckets().rows
        array([10,  5])
        """
        if self.pooled:
            return self
        keys, rows = added((self.keys >> SHIFT,), (self.rows,))
        order = np.argsort(-self.rows, kind="stable")
        frequent = {
            int(self.keys[at]): Frequent(int(self.rows[at]), int(self.rows[at]))
            for at in order[: LISTED + 1]
        }
        return _listed(keys, rows, self.names, frequent, 0)

    def nameless(self) -> "Hashed":
        """Without any value's name."""
        return replace(self, names={})

    def named(self) -> list[str]:
        """The values that may be named, the most frequent first."""
        rows = dict(zip(self.keys.tolist(), self.rows.tolist(), strict=True))
        rows |= {key: found.least for key, found in self.frequent.items()}
        return [self.names[key] for key in sorted(self.names, key=lambda key: -rows.get(key, 0))]

    def leaders(self) -> tuple[dict[int, str], int]:
        """The names of keys, and how many rows of pooled keys belong to values not known for sure.

        A bucket takes the name of a value that has more than half of its rows.
        """
        if not self.pooled:
            return dict(self.names), 0
        held = dict(zip(self.keys.tolist(), self.rows.tolist(), strict=True))
        known: dict[int, int] = {}
        named = {}
        for key, found in self.frequent.items():
            bucket = key >> int(SHIFT)
            if 2 * found.least > held.get(bucket, 0):
                known[bucket] = found.least
                if key in self.names:
                    named[bucket] = self.names[key]
        return named, sum(held.values()) - sum(known.values())


def added(keys: tuple[Hashes, ...], rows: tuple[Rows, ...]) -> tuple[Hashes, Rows]:
    """Each key once and in order, its rows added up."""
    every, place = np.unique(np.concatenate(keys), return_inverse=True)
    found = np.zeros(len(every), np.int64)
    np.add.at(found, place, np.concatenate(rows))
    return every, found


def _most_frequent(names: Mapping[int, str], keys: Hashes, rows: Rows) -> dict[int, str]:
    """As many names as are kept."""
    if len(names) <= NAMES:
        return dict(names)
    held = np.asarray(sorted(names), np.uint64)
    often = rows[np.searchsorted(keys, held)]
    kept = np.lexsort((held, -often))[:NAMES]
    return {key: names[key] for key in np.sort(held[kept]).tolist()}


def _listed(
    keys: Hashes,
    rows: Rows,
    names: Mapping[int, str],
    frequent: Mapping[int, Frequent],
    unlisted: int,
) -> Hashed:
    """The pooled rows, with the most frequent values that there is room for."""
    order = sorted(frequent.items(), key=lambda item: (-item[1].most, -item[1].least, item[0]))
    kept = dict(sorted(order[:LISTED]))
    dropped = max((found.most for _, found in order[LISTED:]), default=0)
    return Hashed(
        keys,
        rows,
        pooled=True,
        names={key: name for key, name in names.items() if key in kept},
        frequent=kept,
        unlisted=max(unlisted, dropped),
    )
