"""The edges of cells: reference values at which shares of the rows are passed.

Values are counted, put in order and their counts summed up where they are; only those at which a
share is passed come back.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from kullback.report.words import visible
from kullback.tables.engine import Pair, Summary
from kullback.tables.partition import Number
from kullback.tables.warehouse.backend import Expression, ibis
from kullback.tables.warehouse.thinning import passing, thinned
from kullback.tables.warehouse.types import Reader

EXACT = 1 << 20  # of more different values than this, about as many rows are put in order
WIDTH = 16  # columns in one query


class Edges:
    """Queries for the edges of ordered columns.

    Attributes
    ----------
    notes : dict
        By column: that its values were thinned.
    """

    def __init__(self, reader: Reader, reference: Expression) -> None:
        self._reader = reader
        self._reference = reference
        self.notes: dict[str, str] = {}

    def batches(
        self, pairs: Sequence[Pair], summaries: Mapping[str, Summary], m: int
    ) -> Iterator["Batch"]:
        """Queries for values at m equal shares: one for columns that hold values of one kind."""
        kept = [self._reader.storage(pair) for pair in pairs]
        for storage in sorted(set(kept)):
            alike = [pair for pair, each in zip(pairs, kept, strict=True) if each == storage]
            for start in range(0, len(alike), WIDTH):
                some = alike[start : start + WIDTH]
                counted = ibis().union(
                    *(
                        self._values(place, pair, summaries[pair.reference.name])
                        for place, pair in enumerate(some)
                    )
                )
                names = tuple(pair.name for pair in some)
                yield Batch(passing(counted, m), names, whole=storage != "float64")

    def _values(self, place: int, pair: Pair, summary: Summary) -> Expression:
        """How often each finite reference value occurs; thinned where there are very many."""
        x = self._reader.finite(self._reference, pair, "reference")
        filled = self._reference.select(x=x).filter(lambda rows: rows.x.notnull())
        counted = filled.group_by("x").agg(n=lambda rows: rows.count())
        rate = 1.0
        if summary.distinct > EXACT:
            rate = EXACT / summary.filled
            self.notes[pair.name] = (
                f"{visible(pair.name)}: the edges of its cells come from about "
                f"{EXACT} of {summary.filled} rows, told by a hash of the value"
            )
        thin = thinned(counted, counted.x.cast("string"), rate)
        return thin.select(pair=ibis().literal(place, "int64"), x=thin.x, n=thin.n)


class Batch(NamedTuple):
    """One query, and how its answer is read.

    Attributes
    ----------
    query : Expression
        A table (pair, x, upto, total).
    names : tuple of str
        The column of each number `pair`.
    whole : bool
        Whether values are whole numbers.
    """

    query: Expression
    names: tuple[str, ...]
    whole: bool

    def read(
        self, lines: Sequence[Mapping[str, Any]], shares: Sequence[float]
    ) -> dict[str, tuple[Number, ...]]:
        """The value at each share of a column's rows, by name; none for a column without values."""
        found: dict[str, tuple[Number, ...]] = {}
        for place, name in enumerate(self.names):
            own = sorted((x for x in lines if x["pair"] == place), key=lambda x: x["upto"])
            if not own:
                found[name] = ()
                continue
            upto = np.asarray([int(line["upto"]) for line in own])
            wanted = [math.ceil(share * int(own[0]["total"])) for share in shares]
            values = (own[at]["x"] for at in np.searchsorted(upto, wanted))
            found[name] = tuple(map(int if self.whole else float, values))
        return found
