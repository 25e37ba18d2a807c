"""The main job: two tables, column by column, from counts that the engine gives."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from importlib.metadata import version

from kullback.errors import InvalidInputError
from kullback.report.result import ColumnComparison, Provenance, TableComparison
from kullback.report.words import percent
from kullback.tables.blocks import Blocks, blocks_of, without
from kullback.tables.by_blocks import DRAWS as DRAWS_OF_BLOCKS
from kullback.tables.by_blocks import tabled, weighed_by_blocks
from kullback.tables.by_moments import weighed_by_moments
from kullback.tables.by_rows import DRAWS, weighed_by_rows
from kullback.tables.column import compared
from kullback.tables.engine import Engine
from kullback.tables.engines import engine_for
from kullback.tables.evidence import Evidence, widened
from kullback.tables.match import match
from kullback.tables.outcomes import Counted, counted
from kullback.tables.verdict import limit_in, q_values, status_of

FEW_OUTCOMES = 300  # tables of no more outcomes are drawn; of more, moments say what chance does


def compare(
    reference: object,
    current: object,
    /,
    *,
    columns: Sequence[str] | None = None,
    base: float = 2,
    block: str | None = None,
    joint: bool | Sequence[str] = False,
    limit: float | None = None,
    rng: int = 0,
    memory_limit: str | None = None,
    threads: int | None = None,
    on_step: Callable[[str], None] = lambda _step: None,
) -> TableComparison:
    """KL(current ‖ reference) of every column that both tables hold, the most different first.

    The rows stay in the engine (DuckDB, Spark): only counts reach Python. Missing values are an
    outcome. Text and booleans are compared value by value; so are numbers, dates and times with few
    distinct values, and the others by bins of equal reference share in which frequent values keep
    a cell of their own.

    Parameters
    ----------
    reference, current
        A path to a CSV or Parquet file, a pattern such as ``"data/2024-*.parquet"``, a table of
        pandas, Polars, Arrow, or another library that narwhals knows; or a profile, or its file.
        Two DataFrames of one Spark session, or ``"spark:"`` and a path or a table's name, are
        counted in Spark; two Ibis tables of one connection, in its system.
    columns
        The columns to compare; all that both sides hold without it.
    base
        The base of the logarithm: 2 for bits, ``math.e`` for nats.
    block
        A column such as a day or a user: rows that share its value are not independent, and are
        resampled and permuted together.
    joint
        Bound the KL of several columns together, too: of those named, or with True of all that are
        numbers or have few values. It trains a classifier, on a sample of the rows.
    limit
        The largest Jensen–Shannon divergence that counts as the same, in units of `base`; 0.02
        bits without it.
    rng
        The seed of what is drawn: the same seed gives the same answer.
    memory_limit
        What DuckDB may hold in memory before it spills to the disk, such as ``"300MB"``; Python
        holds about 150 MB besides. Without it, DuckDB's own default, most of the machine's.
    threads
        How many threads DuckDB counts with; one a processor without it.
    on_step
        Called with a few words before each long step.

    Raises
    ------
    TableError
        For tables that cannot be read or compared, and blocks that are too few.
    InvalidInputError
        For a base, a limit, or a number of threads that cannot be one.

    Examples
    --------
    >>> import pyarrow as pa
    >>> coin, biased = ["heads", "tails"] * 50, ["heads"] * 90 + ["tails"] * 10
    >>> found = compare(pa.table({"side": coin}), pa.table({"side": biased}))
    >>> round(found["side"].kl, 6), found["side"].status
    (0.531004, 'differs')
    """
    check_base(base)
    _check_limit(limit)
    names, opening = engine_for(
        reference, current, on_step, block=block, memory_limit=memory_limit, threads=threads
    )
    with opening as engine:
        pairs, notes = match(engine, names, columns)
        blocks = None
        if block is not None:
            blocks = blocks_of(engine, block, names)
            pairs, notes = without(block, pairs, notes)
        found = counted(engine, pairs, on_step)
        on_step("weighing what chance could do")
        evidence = [weighed(engine, column, blocks, base, rng) for column in found]
        columns_found = judged(found, evidence, base, limit_in(base, limit))
        together = None
        if joint is not False and engine.without_rows:
            notes = (*notes, f"no joint bound: {engine.without_rows}")
        elif joint is not False:
            from kullback.tables.joint import joint_of

            wanted = None if joint is True else list(joint)
            together = joint_of(engine, pairs, columns_found, wanted, blocks, base, rng, on_step)
        return TableComparison(
            *names,
            rows=(engine.rows("reference"), engine.rows("current")),
            base=float(base),
            columns=columns_found,
            notes=(*notes, *engine.notes),
            limit=limit_in(base, limit),
            block=block,
            blocks=None if blocks is None else blocks.counts,
            joint=together,
            provenance=Provenance(
                engine=engine.name,
                version=version("kullback"),
                seed=rng,
                queries=tuple(dict.fromkeys(engine.queries)),
                resamples=DRAWS if blocks is None else DRAWS_OF_BLOCKS,
            ),
        )


def check_base(base: float) -> None:
    """Raise unless that can be the base of a logarithm."""
    if not (0 < base < math.inf) or base == 1:
        raise InvalidInputError(
            f"base is {base:g}; it must be a positive number other than 1: 2 for bits, e for nats"
        )


def _check_limit(limit: float | None) -> None:
    if limit is not None and not 0 < limit < math.inf:
        raise InvalidInputError(
            f"limit is {limit:g}; it must be a positive number, such as 0.02 for 0.02 bits of JS"
        )


def weighed(
    engine: Engine, column: Counted, blocks: Blocks | None, base: float, seed: int
) -> Evidence:
    """Estimates and p-value of one column, by whichever way suits it."""
    if blocks is not None:
        sides = (
            engine.coded("reference", [column.coding], blocks.reference),
            engine.coded("current", [column.coding], blocks.current),
        )
        return weighed_by_blocks(*tabled(*sides), base, seed)
    if column.outcomes.distinct <= FEW_OUTCOMES:
        found = weighed_by_rows(column.outcomes, base, seed)
        return replace(found, notes=(*found.notes, *_sketched(column)))
    found = weighed_by_moments(column.outcomes, base)
    return widened(found, column.outcomes.pooled, base) if column.outcomes.pooled else found


def _sketched(column: Counted) -> Iterator[str]:
    """What a reader should know of ranges that sketches counted."""
    if column.cells is not None and column.outcomes.errors is not None:
        off = column.cells.reference.bound, column.cells.current.bound
        yield (
            f"Sketches counted the ranges: ranks are within {percent(off[0])} of the reference's "
            f"rows and {percent(off[1])} of the current ones (99 % confidence), and cells that "
            "this would blur are left out of the refinement."
        )


def judged(
    columns: Sequence[Counted], evidence: Sequence[Evidence], base: float, limit: float
) -> tuple[ColumnComparison, ...]:
    """The columns with what chance says of them, the most different first."""
    q = q_values([each.p_value for each in evidence])
    found = [
        replace(
            compared(column, base),
            estimates=dict(each.estimates),
            p_value=each.p_value,
            q_value=q_value,
            test=each.test,
            notes=each.notes,
            status=status_of(q_value, each.estimates.get("js"), limit),
        )
        for column, each, q_value in zip(columns, evidence, q, strict=True)
    ]
    return tuple(sorted(found, key=_most_different))


def _most_different(column: ColumnComparison) -> tuple[float, float, float]:
    js = column.estimates["js"].value if "js" in column.estimates else column.js
    return -js, -column.js, -column.kl
