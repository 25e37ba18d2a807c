"""Expressions that turn a column into small whole numbers: the cell of a number, a value's rank."""

from collections.abc import Mapping, Sequence

from kullback.tables.engine import ABOVE, BELOW, NAN, NONE, Coding, Column, Pair, Side
from kullback.tables.partition import Partition
from kullback.tables.warehouse.backend import Backend, Expression, ibis
from kullback.tables.warehouse.thinning import hashed, thinned
from kullback.tables.warehouse.types import LEAST, Reader

BLOCKS = 4096  # more blocks than this are dealt by their hash into so many
SIDES: tuple[Side, Side] = ("reference", "current")


class Coder:
    """Codes of the rows of both sides."""

    def __init__(self, backend: Backend, reader: Reader, tables: Mapping[Side, Expression]) -> None:
        self._backend = backend
        self._reader = reader
        self._tables = tables

    def cell(self, pair: Pair, side: Side, partition: Partition) -> Expression:
        """The number of the cell that holds a row's value, or the code of an odd value."""
        table = self._tables[side]
        x, odd = self._reader.finite(table, pair, side), self._reader.odd(table, pair, side)
        below = LEAST if self._reader.storage(pair) == "int64" else None
        certain = sum(below is not None and edge < below for edge in partition.edges)
        placed = self._backend.cell(x, partition.edges[certain:]) + certain
        cases = [(self._reader.missing(table, pair, side), _code(NONE))]
        if odd is not None:  # before the missing value: to some systems NaN is missing
            cases = [*zip(odd, map(_code, (NAN, BELOW, ABOVE)), strict=True), *cases]
        return ibis().cases(*cases, else_=placed)

    def reach(self, pair: Pair, side: Side, partition: Partition) -> Expression:
        """How far a value lies below the first edge, or above the last one; else NULL."""
        if not partition.edges:
            return ibis().null("float64")
        x = self._reader.finite(self._tables[side], pair, side).cast("float64")
        first, last = float(partition.edges[0]), float(partition.edges[-1])
        return ibis().cases((x < first, first - x), (x > last, x - last))

    def placed(self, place: int, pair: Pair, side: Side, partition: Partition) -> Expression:
        """A table (pair, code, reach) of the rows of one column, `place` its number."""
        return self._tables[side].select(
            pair=_code(place),
            code=self.cell(pair, side, partition),
            reach=self.reach(pair, side, partition),
        )

    def coded(
        self, side: Side, codings: Sequence[Coding], others: Mapping[str, Expression]
    ) -> Expression:
        """Rows of a side as codes k0, k1 …, after other expressions over its table."""
        table, named = self._tables[side], dict(others)
        for at, coding in enumerate(codings):
            if coding.partition is None:
                named[f"v{at}"] = self._reader.value(table, coding.pair, side)
                named[f"m{at}"] = self._reader.missing(table, coding.pair, side)
            else:
                named[f"k{at}"] = self.cell(coding.pair, side, coding.partition)
        rows = table.select(**named)
        for at, coding in enumerate(codings):
            if coding.partition is None:
                rows = self._ranks_joined(rows, coding, at)
        return rows.select(*others, *(f"k{at}" for at in range(len(codings))))

    def _ranks_joined(self, rows: Expression, coding: Coding, at: int) -> Expression:
        ranks = self.ranked(coding).rename({f"w{at}": "v", f"r{at}": "code"})
        joined = rows.left_join(ranks, rows[f"v{at}"] == ranks[f"w{at}"])
        rank = joined[f"r{at}"].fill_null(coding.most)
        return joined.mutate(
            **{f"k{at}": ibis().cases((joined[f"m{at}"], _code(NONE)), else_=rank)}
        )

    def outcomes(self, pair: Pair) -> Expression:
        """A table (v, missing, r, c): rows of both sides for each value, and for none."""
        sides = []
        for side in SIDES:
            table = self._tables[side]
            sides.append(
                table.select(
                    v=self._reader.value(table, pair, side),
                    missing=self._reader.missing(table, pair, side),
                    r=_code(side == "reference"),
                    c=_code(side == "current"),
                )
            )
        both = ibis().union(*sides)
        return both.group_by("v", "missing").agg(
            r=both.r.sum().cast("int64"), c=both.c.sum().cast("int64")
        )

    def ranked(self, coding: Coding) -> Expression:
        """A table (v, code): the most frequent values of both sides, with their ranks."""
        found = self.outcomes(coding.pair)
        found = found.filter(~found.missing)
        order = [(found.r + found.c).desc(), found.v.asc()]
        ranks = found.select("v", code=ibis().row_number().over(order_by=order).cast("int64"))
        return ranks.filter(ranks.code < coding.most)

    def sampled(
        self, side: Side, pairs: Sequence[Pair], others: Mapping[str, Expression], rate: float
    ) -> Expression:
        """A table (others, x0, x1 …, n): rows as numbers, alike ones counted, and thinned."""
        table = self._tables[side]
        numbers = {
            f"x{at}": self._reader.value(table, pair, side).cast("float64")
            for at, pair in enumerate(pairs)
            if pair.kind.ordered
        }
        places = [at for at, pair in enumerate(pairs) if not pair.kind.ordered]
        codings = [Coding(pairs[at]) for at in places]
        coded = self.coded(side, codings, {**others, **numbers})
        rows = coded.rename({f"x{at}": f"k{place}" for place, at in enumerate(places)})
        counted = rows.group_by(*rows.columns).agg(n=rows.count())
        words = [counted[name].cast("string").fill_null("-") for name in rows.columns]
        return thinned(counted, ibis().literal(" ").join(words), rate)


def block_key(table: Expression, block: Column, *, many: bool) -> Expression:
    """What tells the block of a row: its value in words, or one of `BLOCKS` where they are many."""
    words = table[f"c{block.index}"].cast("string")
    return (hashed(words) % BLOCKS).fill_null(-1) if many else words


def _code(code: int) -> Expression:
    return ibis().literal(code, "int64")
