"""Two profiles' columns by block: codes of their outcomes, and lines of values rounded alike."""

import numpy as np

from kullback.errors import TableError
from kullback.report.words import visible
from kullback.tables.engine import NONE, Coded, Coding, Kind
from kullback.tables.profiles.blocked import (
    Blocked,
    BlockRows,
    Triples,
    Whole,
    alike,
    summed,
    together,
    value_of,
)
from kullback.tables.profiles.column import ColumnProfile
from kullback.tables.profiles.line import Line
from kullback.tables.profiles.profile import Profile

NOTHING = Triples(np.zeros(0, np.int64), np.zeros(0, np.uint64), np.zeros(0, np.int64))
EMPTY = Blocked(0, NOTHING, NOTHING)


def rounded_lines(reference: ColumnProfile, current: ColumnProfile) -> tuple[Line, Line]:
    """The finite values of both, rounded up to what is counted by block: exactly as many rows."""
    before, after = _alike(reference, current)
    return _line(before, reference.kind), _line(after, current.kind)


def by_block(reference: Profile, current: Profile, coding: Coding) -> tuple[Coded, Coded]:
    """Rows of both sides for each code of a column and block."""
    pair = coding.pair
    columns = reference[pair.name], current[pair.name]
    sides = _alike(*columns)
    known, ranks = _by_frequency(sides)
    found = []
    for profile, column, side in zip((reference, current), columns, sides, strict=True):
        assert profile.blocks is not None
        placed = side.placed
        if coding.partition is None:
            codes = ranks[np.searchsorted(known, placed.keys)]
        else:
            values = _values(placed.keys, side.dropped, column.kind)
            codes = np.searchsorted(np.asarray(coding.partition.edges), values, side="left")
        found.append(_coded(profile.blocks, codes.astype(np.int64), placed, side.odd))
    return found[0], found[1]


def _by_frequency(sides: tuple[Blocked, Blocked]) -> tuple[Whole, Whole]:
    """The keys of both sides in order, and the rank of each by rows of both together."""
    every = together([side.placed for side in sides])
    known, place = np.unique(every.keys, return_inverse=True)
    rows = np.bincount(place, every.rows, len(known))
    ranks = np.empty(len(known), np.int64)
    ranks[np.lexsort((known, -rows))] = np.arange(len(known))
    return known, ranks


def _alike(reference: ColumnProfile, current: ColumnProfile) -> tuple[Blocked, Blocked]:
    """Both counts by block, rounded alike."""
    before, after = reference.blocked or EMPTY, current.blocked or EMPTY
    kinds = {reference.kind, current.kind} - {Kind.MISSING}
    if len(kinds) > 1:
        raise TableError(
            f"column {visible(reference.name)} is {reference.kind} in the reference and "
            f"{current.kind} in the current profile: counts by block need the same kind; cast one"
        )
    return alike(before, after)


def _line(side: Blocked, kind: Kind) -> Line:
    keys, place = np.unique(side.placed.keys, return_inverse=True)
    rows = np.bincount(place, side.placed.rows, len(keys)).astype(np.int64)
    least = _values(keys << side.dropped, 0, kind)
    return Line(_values(keys, side.dropped, kind), np.cumsum(rows), least=least)


def _values(keys: Whole, dropped: int, kind: Kind) -> np.ndarray:
    return value_of(keys, dropped, whole=kind is not Kind.NUMBER)


def _coded(blocks: BlockRows, codes: Whole, placed: Triples, odd: Triples) -> Coded:
    """Codes by block, the missing ones being the rows of a block that nothing else explains."""
    known = together([summed(codes, placed.blocks, placed.rows), odd])
    at = np.searchsorted(blocks.blocks, known.blocks)
    missing = blocks.rows - np.bincount(at, known.rows, len(blocks.rows)).astype(np.int64)
    lacking = np.flatnonzero(missing)
    return Coded(
        codes=np.append(known.keys, np.full(len(lacking), NONE))[:, None],
        rows=np.append(known.rows, missing[lacking]),
        blocks=np.append(at, lacking),
    )
