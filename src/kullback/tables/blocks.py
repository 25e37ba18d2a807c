"""The column whose values tell the blocks of rows, found on both sides and fit for its task."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from kullback.errors import TableError
from kullback.report.words import visible
from kullback.tables.engine import Column, Engine, Kind, Pair, Side

LEAST = 4  # blocks on each side: with three there are no more than 20 ways to deal them
SIDES: tuple[Side, Side] = ("reference", "current")


@dataclass(frozen=True)
class Blocks:
    """The block column of both sides, and how many blocks each has."""

    name: str
    reference: Column
    current: Column
    counts: tuple[int, int]


def blocks_of(engine: Engine, name: str, tables: tuple[str, str]) -> Blocks:
    """The blocks that the column of that name makes.

    Raises
    ------
    TableError
        If a side lacks the column, it is nested, or a side has fewer than four blocks.
    """
    found = [_column(engine, side, name, table) for side, table in zip(SIDES, tables, strict=True)]
    counts = [engine.blocks(side, column) for side, column in zip(SIDES, found, strict=True)]
    for count, table in zip(counts, tables, strict=True):
        if count < LEAST:
            raise TableError(
                f"block {visible(name)} has {count} value{'s' if count != 1 else ''} in {table}: "
                f"at least {LEAST} blocks a side are needed to tell how blocks vary; "
                "choose a finer block, or leave it out if rows are independent"
            )
    return Blocks(name, found[0], found[1], (counts[0], counts[1]))


def without(
    block: str, pairs: Sequence[Pair], notes: tuple[str, ...]
) -> tuple[list[Pair], tuple[str, ...]]:
    """The pairs but the block's own, and a note on it.

    Each block has one value of it, and which ones there are says how the blocks were taken: no
    number of blocks tells what chance does to that.

    Raises
    ------
    TableError
        If no other column is left.
    """
    others = [pair for pair in pairs if pair.name != block]
    if not others:
        raise TableError(
            f"{visible(block)} tells the blocks, and there is no other column to compare; "
            "leave block out to compare it by rows"
        )
    if len(others) == len(pairs):
        return others, notes
    return others, (*notes, f"{visible(block)} tells the blocks, so it is not compared")


def _column(engine: Engine, side: Side, name: str, table: str) -> Column:
    columns = {column.name: column for column in engine.schema(side)}
    if name not in columns:
        close = get_close_matches(name, list(columns), n=1)
        hint = f"; did you mean {visible(close[0])}?" if close else ""
        raise TableError(f"no column {visible(name)} in {table} to take blocks from{hint}")
    if columns[name].kind is Kind.OPAQUE:
        raise TableError(
            f"block {visible(name)} is nested or binary ({columns[name].type}) in {table}: "
            "take its parts out into columns of their own"
        )
    return columns[name]
