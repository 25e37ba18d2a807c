"""Two profiles as an engine: counts come from tables of values, or from ranks in sketches."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NoReturn, Self

import numpy as np

from kullback.errors import TableError
from kullback.report.words import visible
from kullback.tables.engine import (
    CellCounts,
    Coded,
    Coding,
    Column,
    Kind,
    Pair,
    Sample,
    Side,
    Summary,
    ValueCounts,
)
from kullback.tables.labels import DAY
from kullback.tables.partition import Number, Partition
from kullback.tables.profiles.by_block import by_block, rounded_lines
from kullback.tables.profiles.column import ColumnProfile
from kullback.tables.profiles.line import Line
from kullback.tables.profiles.profile import Profile
from kullback.tables.profiles.values import of_hashes, of_lines

MANY = 1 << 62  # distinct values of a column whose values are not all counted
WITHOUT_ROWS = "a profile holds each column on its own, without rows that tie columns together"


class Profiles:
    """The reference's and the current table's profile; a context manager that holds nothing."""

    without_rows = WITHOUT_ROWS
    notes: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()

    def __init__(self, reference: Profile, current: Profile, block: str | None = None) -> None:
        self._sides: dict[Side, Profile] = {"reference": reference, "current": current}
        self._by_block = block is not None
        for profile in self._sides.values():
            if block is not None and (profile.blocks is None or profile.blocks.name != block):
                made = f"by {visible(profile.blocks.name)}" if profile.blocks else "without blocks"
                raise TableError(
                    f"{profile.name} was profiled {made}: make it anew with --block "
                    f"{visible(block)}"
                )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was opened."""

    @property
    def name(self) -> str:
        """What the profiles are, and what made them."""
        made = dict.fromkeys(side.engine for side in self._sides.values() if side.engine)
        return f"profiles{' by ' if made else ''}{' and '.join(made)}"

    @property
    def names(self) -> tuple[str, str]:
        """Of the reference and the current table."""
        return self._sides["reference"].name, self._sides["current"].name

    def rows(self, side: Side) -> int:
        """How many rows that side has."""
        return self._sides[side].rows

    def schema(self, side: Side) -> tuple[Column, ...]:
        """The columns of that side, in its order."""
        return tuple(
            Column(column.name, column.kind, column.type, index)
            for index, column in enumerate(self._sides[side].columns)
        )

    def summaries(self, side: Side, columns: Sequence[Column]) -> Mapping[str, Summary]:
        """Filled rows and distinct values of each column; very many where a side lacks a table."""
        return {column.name: self._summary(side, column.name) for column in columns}

    def _summary(self, side: Side, name: str) -> Summary:
        held = [
            column
            for each in self._sides.values()
            for column in each.columns
            if column.name == name
        ]
        own = self._sides[side][name]
        if any(column.tally is None and column.finite for column in held):
            return Summary(own.filled, MANY)
        values = 0 if own.tally is None else len(own.tally.values)
        return Summary(own.filled, values + sum(n > 0 for n in (own.nan, own.below, own.above)))

    def quantiles(
        self, pairs: Sequence[Pair], shares: Sequence[float]
    ) -> Mapping[str, tuple[Number, ...]]:
        """Reference values below or at which each share of the finite rows lies, by name."""
        found = {}
        for pair in pairs:
            values = self._line("reference", pair).quantiles(shares)
            found[pair.name] = tuple(
                values if pair.kind is Kind.NUMBER else (round(value) for value in values)
            )
        return found

    def cell_counts(
        self, side: Side, pairs: Sequence[Pair], partitions: Mapping[str, Partition]
    ) -> Mapping[str, CellCounts]:
        """Rows of that side in each column's cells, by name."""
        found = {}
        for pair in pairs:
            column = self._column(side, pair)
            found[pair.name] = replace(
                self._line(side, pair).cells(partitions[pair.name].edges),
                missing=self.rows(side) - column.filled,
                nan=column.nan,
                below=column.below,
                above=column.above,
            )
        return found

    def value_counts(self, pair: Pair) -> ValueCounts:
        """Rows of both sides for each value of one column."""
        before, after = self._column("reference", pair), self._column("current", pair)
        missing = (
            self.rows("reference") - before.filled,
            self.rows("current") - after.filled,
        )
        if pair.kind.ordered:
            lines = self._line("reference", pair), self._line("current", pair)
            return of_lines(*lines, before, after, missing, pair.kind)
        return of_hashes(before.hashed, after.hashed, missing)

    def blocks(self, side: Side, block: Column) -> int:  # noqa: ARG002 - the one it was made with
        """How many blocks of rows that side has."""
        held = self._sides[side].blocks
        return 0 if held is None else len(held.blocks)

    def coded(self, side: Side, codings: Sequence[Coding], block: Column | None) -> Coded:
        """Rows of that side for each code of one column, in each block of rows."""
        if len(codings) > 1 or block is None:
            self._refuse("columns together")
        profiles = self._sides["reference"], self._sides["current"]
        return by_block(*profiles, codings[0])[0 if side == "reference" else 1]

    def coded_values(self, coding: Coding) -> Sequence[object]:  # noqa: ARG002
        """The values of a column by value in the order of their codes."""
        self._refuse("columns together")

    def sample(self, side: Side, pairs: Sequence[Pair], block: Column | None) -> Sample:  # noqa: ARG002
        """A sample of rows, of which a profile has none."""
        self._refuse("rows")

    def _refuse(self, what: str) -> NoReturn:
        raise TableError(f"{what} cannot be read from a profile: {WITHOUT_ROWS}")

    def _column(self, side: Side, pair: Pair) -> ColumnProfile:
        return self._sides[side][pair.name]

    def _line(self, side: Side, pair: Pair) -> Line:
        """The side's finite values as the kind of the pair."""
        column = self._column(side, pair)
        line = column.line()
        if self._by_block and column.blocked is not None:
            return rounded_lines(self._column("reference", pair), self._column("current", pair))[
                0 if side == "reference" else 1
            ]
        if column.kind is Kind.DATE and pair.kind is Kind.TIMESTAMP:
            return line.scaled(DAY)
        if pair.kind is not Kind.NUMBER:
            return line
        types = {pair.reference.type, pair.current.type}
        single = "FLOAT" in types and line.k is None  # 0.1 of either precision is one value
        return line.rounded(np.float32 if single else np.float64)
