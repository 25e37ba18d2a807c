"""A table's profile: small, mergeable, and enough to compare each column with another's."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from kullback.errors import InvalidInputError, TableError
from kullback.report.words import visible
from kullback.tables.engine import Kind
from kullback.tables.profiles.blocked import MOST_BLOCKS, BlockRows
from kullback.tables.profiles.column import ColumnProfile
from kullback.tables.profiles.hashed import added
from kullback.tables.profiles.kll import line_of

_TYPES = {"double": "DOUBLE", "float": "FLOAT", "bigint": "BIGINT"}


@dataclass(frozen=True, repr=False)
class Profile:
    """Counts and sketches of every column of a table: no rows, and no link between columns.

    Attributes
    ----------
    sources
        The names of the tables it was made from, in order.
    rows
        How many rows they have.
    columns
        In their order.
    blocks
        Rows of each block, where it was made with ``block=``.
    engine
        What read them.

    Examples
    --------
    >>> import pyarrow as pa
    >>> import kullback as kb
    >>> may, june = (kb.profile(pa.table({"late": late})) for late in ([0, 0, 5], [0, 5, 5]))
    >>> may.merge(june).rows, round(kb.compare(may, june)["late"].kl, 6)
    (6, 0.333333)
    """

    sources: tuple[str, ...]
    rows: int
    columns: tuple[ColumnProfile, ...]
    blocks: BlockRows | None = None
    engine: str = ""

    @property
    def name(self) -> str:
        """What it was made from, in short."""
        first, *_, last = *self.sources[:1], *self.sources
        if len(self.sources) <= 2:
            return " + ".join(self.sources)
        return f"{first} … {last} ({len(self.sources)} tables)"

    def __getitem__(self, column: str) -> ColumnProfile:
        for held in self.columns:
            if held.name == column:
                return held
        raise KeyError(column)

    def merge(self, other: "Profile") -> "Profile":
        """The profile of the rows of both: counts exactly, ranks within the sketches' error.

        Raises
        ------
        TableError
            If they do not hold the same columns of the same kinds.
        """
        mine, theirs = ({column.name: column for column in each.columns} for each in (self, other))
        alone = [*(name for name in mine if name not in theirs), *theirs.keys() - mine.keys()]
        if alone:
            raise TableError(
                f"{self.name} and {other.name} do not hold the same columns: "
                f"{', '.join(visible(name) for name in sorted(alone)[:8])} only in one of them"
            )
        blocks, one, two = _same_blocks(self, other)
        after = {column.name: column for column in two.columns}
        return Profile(
            sources=tuple(sorted({*self.sources, *other.sources})),
            rows=self.rows + other.rows,
            columns=tuple(column.merged(after[column.name]) for column in one.columns),
            blocks=blocks,
            engine=self.engine if self.engine == other.engine else "",
        )

    def with_blocks_pooled(self) -> "Profile":
        """Blocks whose hashes begin alike as one."""
        if self.blocks is None or self.blocks.pooled:
            return self
        columns = (
            replace(each, blocked=each.blocked and each.blocked.of_pools()) for each in self.columns
        )
        return replace(self, columns=tuple(columns), blocks=self.blocks.of_pools())

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write it to a file, whole or not at all; docs/how-to/profiles.md has the layout."""
        from kullback.tables.profiles.stored import save

        save(self, path)

    @staticmethod
    def load(path: str | os.PathLike[str]) -> "Profile":
        """The profile in a file.

        Raises
        ------
        TableError
            For a file that is no profile, cut off, damaged, or of a later layout.
        """
        from kullback.tables.profiles.stored import load

        return load(path)

    @staticmethod
    def from_sketches(
        sketches: Mapping[str, bytes],
        /,
        *,
        rows: int,
        items: Literal["double", "float", "bigint"] = "double",
        name: str = "sketches",
    ) -> "Profile":
        """A profile of columns that were sketched elsewhere, by Spark's ``kll_sketch_agg_*`` say.

        Parameters
        ----------
        sketches
            The bytes of a KLL sketch of Apache DataSketches for each column.
        rows
            Of the table; those that a sketch has not seen count as missing.
        items
            What the sketches hold: the last word of the aggregate's name.
        name
            Of the table.

        Raises
        ------
        InvalidInputError
            For bytes that are no such sketch, or one of more rows than the table has.

        Examples
        --------
        >>> import datasketches, numpy as np
        >>> sketch = datasketches.kll_doubles_sketch(200)
        >>> sketch.update(np.arange(100.0))
        >>> Profile.from_sketches({"x": sketch.serialize()}, rows=104)
        Profile of sketches: 104 rows
        column  kind    missing  values       held as
        x       number    3.8 %  0 … 49 … 99  100 values
        """
        kind = Kind.INTEGER if items == "bigint" else Kind.NUMBER
        columns = []
        for column, data in sketches.items():
            seen = line_of(bytes(data), items).rows
            if seen > rows:
                raise InvalidInputError(
                    f"the sketch of {visible(column)} has seen {seen} rows, and the table has "
                    f"{rows}"
                )
            columns.append(
                ColumnProfile(column, kind, _TYPES[items], seen, sketch=bytes(data), items=items)
            )
        return Profile((name,), rows, tuple(columns))

    def __repr__(self) -> str:
        from kullback.tables.profiles.shown import render

        return render(self)


def _same_blocks(one: Profile, other: Profile) -> tuple[BlockRows | None, Profile, Profile]:
    """The blocks of both, and both profiles with blocks told apart alike."""
    if one.blocks is None or other.blocks is None:
        if one.blocks is not other.blocks:
            raise TableError(
                f"{(one if one.blocks else other).name} was profiled by block and "
                f"{(other if one.blocks else one).name} was not: make both with the same --block"
            )
        return None, one, other
    if one.blocks.name != other.blocks.name:
        raise TableError(
            f"{one.name} was profiled by block {visible(one.blocks.name)} and {other.name} by "
            f"{visible(other.blocks.name)}: make both with the same --block"
        )
    if one.blocks.pooled != other.blocks.pooled:
        return _same_blocks(one.with_blocks_pooled(), other.with_blocks_pooled())
    keys, rows = added(
        (one.blocks.blocks, other.blocks.blocks), (one.blocks.rows, other.blocks.rows)
    )
    if len(keys) > MOST_BLOCKS:
        return _same_blocks(one.with_blocks_pooled(), other.with_blocks_pooled())
    return BlockRows(one.blocks.name, keys, rows, one.blocks.pooled), one, other
