"""Values of two profiles side by side, those with the same two counts on one line."""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from kullback.tables.engine import Counts, Kind, ValueCounts
from kullback.tables.profiles.column import ColumnProfile
from kullback.tables.profiles.hashed import Hashed
from kullback.tables.profiles.line import Line

NAMES = 12  # values named where many occur equally often
NOTHING = Hashed(np.zeros(0, np.uint64), np.zeros(0, np.int64))


def of_hashes(
    reference: Hashed | None, current: Hashed | None, missing: tuple[int, int]
) -> ValueCounts:
    """Text of two profiles: value by value, or by bucket where a side has too many values."""
    before, after = reference or NOTHING, current or NOTHING
    if before.pooled or after.pooled:
        before, after = before.in_buckets(), after.in_buckets()
    keys, rows = _aligned(before.keys, before.rows, after.keys, after.rows)
    names, hidden = _names(before, after)
    found = _lines(
        rows,
        lambda at: [names.get(int(key), _unnamed(int(key), before.pooled)) for key in keys[at]],
    )
    return ValueCounts(*found, missing, pooled=hidden)


def _names(before: Hashed, after: Hashed) -> tuple[dict[int, str], float]:
    """The names of either side, and the mean share of rows in outcomes that may be several."""
    (mine, of_mine), (theirs, of_theirs) = before.leaders(), after.leaders()
    shares = [
        hidden / max(int(side.rows.sum()), 1)
        for side, hidden in ((before, of_mine), (after, of_theirs))
    ]
    return {**mine, **theirs}, sum(shares) / 2


def _unnamed(key: int, pooled: bool) -> str:
    return f"values hashed {key:04x}…" if pooled else f"value hashed {key:016x}"


def of_lines(
    reference: Line,
    current: Line,
    before: ColumnProfile,
    after: ColumnProfile,
    missing: tuple[int, int],
    kind: Kind,
) -> ValueCounts:
    """Values of an ordered column, all of them counted on both sides."""
    values, rows = _aligned(
        reference.values,
        np.diff(reference.ranks, prepend=0),
        current.values,
        np.diff(current.ranks, prepend=0),
    )
    odd = _odd(before, after, kind)
    names: list[object] = [*values.tolist(), *(name for name, _ in odd)]
    rows = np.concatenate([rows, np.asarray([n for _, n in odd], np.int64).reshape(-1, 2)])
    return ValueCounts(*_lines(rows, lambda at: [names[place] for place in at]), missing)


def _odd(
    before: ColumnProfile, after: ColumnProfile, kind: Kind
) -> list[tuple[object, tuple[int, int]]]:
    """What has no place on the line, with its rows: NaN, −∞ and +∞, of dates ∞ alone."""
    if kind is not Kind.NUMBER:
        return [(None, (before.below + before.above, after.below + after.above))]
    return [
        (float("nan"), (before.nan, after.nan)),
        (float("-inf"), (before.below, after.below)),
        (float("inf"), (before.above, after.above)),
    ]


def _aligned(
    keys: npt.NDArray[np.generic], rows: Counts, others: npt.NDArray[np.generic], theirs: Counts
) -> tuple[npt.NDArray[np.generic], Counts]:
    """Each key of either side, and its rows on both."""
    every, place = np.unique(np.concatenate([keys, others]), return_inverse=True)
    found = np.zeros((len(every), 2), np.int64)
    np.add.at(found[:, 0], place[: len(keys)], rows)
    np.add.at(found[:, 1], place[len(keys) :], theirs)
    return every, found


def _lines(
    rows: Counts, named: Callable[[npt.NDArray[np.int64]], list[object]]
) -> tuple[Sequence[Sequence[object]], Counts, Counts, Counts]:
    """Names, values, reference and current rows of each line, the most frequent first."""
    seen = np.flatnonzero(rows.any(axis=1))
    pairs, line, times = np.unique(-rows[seen], axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(line, kind="stable")
    groups = np.split(seen[order], np.cumsum(times)[:-1])
    names = [named(group[:NAMES]) for group in groups] if len(seen) else []
    return names, times.astype(np.int64), -pairs[:, 0], -pairs[:, 1]
