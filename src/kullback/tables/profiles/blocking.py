"""Rows of each block and value, counted while a table streams by."""

# ruff: noqa: S608 - queries are put together from this file's own words and column places

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from kullback.tables.duck import Duck
from kullback.tables.duck_types import finite, place, storage, unplaced, value
from kullback.tables.engine import ABOVE, BELOW, NAN, Column, Pair
from kullback.tables.profiles.blocked import (
    MOST_BLOCKS,
    SHIFT,
    Blocked,
    BlockRows,
    Triples,
    key_of,
    summed,
    together,
)
from kullback.tables.profiles.hashed import added, hash_of

ROOM = 1 << 20  # pairs held before they are added up
MANY = 1 << 15  # pairs of one batch that are rounded at once
WIDTH = 16  # columns in one scan
NOTHING = Triples(np.zeros(0, np.int64), np.zeros(0, np.uint64), np.zeros(0, np.int64))


class Blocking:
    """The blocks of a table that an engine holds, and the counts by block of its columns."""

    def __init__(self, engine: Duck, block: Column) -> None:
        self._engine = engine
        self._block = place(block)
        engine.ask(
            "CREATE TEMP TABLE blocks AS SELECT b, row_number() OVER (ORDER BY b) - 1 AS i, n "
            f"FROM (SELECT {self._block} AS b, count(*) AS n FROM reference GROUP BY b)"
        )
        found = engine.ask("SELECT b::VARCHAR, n FROM blocks ORDER BY i")
        hashes = np.asarray([0 if b is None else hash_of(b) for b, _ in found], np.uint64)
        rows = np.asarray([n for _, n in found], np.int64)
        pooled = len(hashes) > MOST_BLOCKS
        hashes = hashes >> SHIFT if pooled else hashes
        self.rows = BlockRows(block.name, *added((hashes,), (rows,)), pooled)
        self._places = np.searchsorted(self.rows.blocks, hashes).astype(np.uint64)
        self._joined = (
            f"reference JOIN blocks ON blocks.b IS NOT DISTINCT FROM {self._block}"
            if any(b is None for b, _ in found)
            else f"reference JOIN blocks ON blocks.b = {self._block}"
        )

    def ordered(self, pairs: Sequence[Pair]) -> dict[str, Blocked]:
        """Columns of numbers, dates and times."""
        found: dict[str, Blocked] = {}
        for start in range(0, len(pairs), WIDTH):
            some = pairs[start : start + WIDTH]
            tallies = [_Tallied() for _ in some]
            asked = ", ".join(
                f"({finite(pair, 'reference')})::{_held(pair)} AS x{at}"
                for at, pair in enumerate(some)
            )
            for batch in self._engine.stream(f"SELECT blocks.i, {asked} FROM {self._joined}"):
                blocks = self._places[batch.column(0).to_numpy(zero_copy_only=False)]
                for tally, column in zip(tallies, batch.columns[1:], strict=True):
                    there = column.is_valid().to_numpy(zero_copy_only=False)
                    tally.add(np.array(column.drop_null()), blocks[there])
            for pair, tally in zip(some, tallies, strict=True):
                found[pair.name] = self._named(tally, self._odd(pair))
        return found

    def _named(self, tally: "_Tallied", odd: Triples = NOTHING) -> Blocked:
        """The counts of blocks by their hashes, not by their places."""
        dropped, placed = tally.found()
        return Blocked(
            dropped,
            *(
                Triples(each.keys, self.rows.blocks[each.blocks.astype(np.int64)], each.rows)
                for each in (placed, odd)
            ),
        )

    def _odd(self, pair: Pair) -> Triples:
        """NaN, −∞ and +∞ by block."""
        parts = []
        for code, condition in zip((NAN, BELOW, ABOVE), unplaced(pair, "reference"), strict=True):
            if condition != "false":
                lines = self._engine.ask(
                    f"SELECT blocks.i, count(*) FROM {self._joined} WHERE {condition} GROUP BY ALL"
                )
                parts += [(code, i, n) for i, n in lines]
        return self._triples([line[0] for line in parts], [line[1:] for line in parts])

    def hashed(self, pair: Pair) -> Blocked:
        """Text and booleans, by the hash of the value; `value_table` holds them."""
        own = f"v{pair.reference.index}"
        tally = _Tallied()
        query = (
            f"SELECT blocks.i, ({own}.h >> 1)::BIGINT AS k, count(*) AS n FROM {self._joined} "
            f"JOIN {own} ON {own}.v = {value(pair, 'reference')} GROUP BY ALL"
        )
        for batch in self._engine.stream(query):
            blocks, keys, rows = (column.to_numpy(zero_copy_only=False) for column in batch.columns)
            tally.take(summed(keys, self._places[blocks], rows))
        return self._named(tally)

    def _triples(self, codes: Sequence[int], lines: Sequence[tuple[int, int]]) -> Triples:
        if not lines:
            return NOTHING
        blocks, rows = (np.asarray(each, np.int64) for each in zip(*lines, strict=True))
        return summed(np.asarray(codes, np.int64), self._places[blocks], rows)


class _Tallied:
    """Pairs of key and block on their way: added up, and rounded, as soon as they are too many."""

    def __init__(self) -> None:
        self._parts: list[Triples] = []
        self._dropped = 0

    def add(
        self,
        values: npt.NDArray[np.int64] | npt.NDArray[np.float64],
        blocks: npt.NDArray[np.uint64],
    ) -> None:
        self.take(summed(key_of(values), blocks, np.ones(len(values), np.int64)))

    def take(self, triples: Triples) -> None:
        self._parts.append(triples.dropping(self._dropped))
        if len(triples.keys) > MANY or sum(len(part.keys) for part in self._parts) > ROOM:
            self.found()

    def found(self) -> tuple[int, Triples]:
        if self._parts:
            few = Blocked(self._dropped, together(self._parts), NOTHING).few()
            self._dropped, self._parts = few.dropped, [few.placed]
            return self._dropped, few.placed
        return self._dropped, NOTHING


def _held(pair: Pair) -> str:
    return "DOUBLE" if storage(pair) == "HUGEINT" else storage(pair)
