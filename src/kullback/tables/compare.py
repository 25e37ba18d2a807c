"""The main job: two tables, column by column, from counts that the engine gives."""

import math
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from kullback._measure import js, kl, measure, tv
from kullback.errors import InvalidInputError
from kullback.forms import Counts
from kullback.methods.counts import PlugIn
from kullback.questions import JensenShannon
from kullback.report.result import Cell, ColumnComparison, OneSided, TableComparison
from kullback.tables.counts import Outcomes, from_cells, from_values
from kullback.tables.duck import Duck
from kullback.tables.engine import Engine, Pair
from kullback.tables.match import match
from kullback.tables.partition import SHARES, from_quantiles
from kullback.tables.sources import open_source

FEW_VALUES = 32  # an ordered column with no more values than this is compared value by value
REPEATS = 4  # … if each of them occurs this often on average, so that values are no accidents
NAMED_CELLS = 40  # outcomes kept by name; the rest are added up
ONE_SIDED_NAMES = 5


def compare(
    reference: object,
    current: object,
    /,
    *,
    columns: Sequence[str] | None = None,
    base: float = 2,
    on_step: Callable[[str], None] = lambda _step: None,
) -> TableComparison:
    """KL(current ‖ reference) of every column that both tables hold, the most different first.

    The rows stay in the engine (DuckDB): only counts reach Python. Missing values are an outcome.
    Text and booleans are compared value by value; so are numbers, dates and times with few
    distinct values, and the others by bins of equal reference share in which frequent values keep
    a cell of their own.

    Parameters
    ----------
    reference, current
        A path to a CSV or Parquet file, a pattern such as ``"data/2024-*.parquet"``, or a table of
        pandas, Polars, Arrow, or another library that narwhals knows.
    columns
        The columns to compare; all that both sides hold without it.
    base
        The base of the logarithm: 2 for bits, ``math.e`` for nats.
    on_step
        Called with a few words before each long step.

    Examples
    --------
    >>> import pyarrow as pa
    >>> coin, biased = ["heads", "tails"] * 5, ["heads"] * 9 + ["tails"]
    >>> found = compare(pa.table({"side": coin}), pa.table({"side": biased}))
    >>> round(found["side"].kl, 6)
    0.531004
    """
    if not (0 < base < math.inf) or base == 1:
        raise InvalidInputError(
            f"base is {base:g}; it must be a positive number other than 1: 2 for bits, e for nats"
        )
    sources = open_source(reference), open_source(current)
    names = sources[0].name, sources[1].name
    with Duck(*sources, on_step) as engine:
        pairs, notes = match(engine, names, columns)
        found = [
            _compared(pair, outcomes, engine, base)
            for pair, outcomes in _outcomes(engine, pairs, on_step)
        ]
        return TableComparison(
            *names,
            rows=(engine.rows("reference"), engine.rows("current")),
            base=float(base),
            columns=tuple(sorted(found, key=lambda column: (-column.js, -column.kl))),
            notes=notes,
        )


def _outcomes(
    engine: Engine, pairs: Sequence[Pair], on_step: Callable[[str], None]
) -> list[tuple[Pair, Outcomes]]:
    """Each column with its outcomes: few values one by one, a long line in cells."""
    ordered = [pair for pair in pairs if pair.kind.ordered]
    on_step(f"summarising {len(ordered)} ordered columns of the reference")
    summaries = engine.summaries("reference", [pair.reference for pair in ordered])
    binned = [
        pair
        for pair in ordered
        if not _has_few_values(summaries[pair.name].filled, summaries[pair.name].distinct)
    ]
    on_step(f"cutting {len(binned)} columns into bins")
    quantiles = engine.quantiles(binned, SHARES)
    partitions = {pair.name: from_quantiles(quantiles[pair.name]) for pair in binned}
    on_step(f"counting bins of {len(binned)} columns")
    before = engine.cell_counts("reference", binned, partitions)
    after = engine.cell_counts("current", binned, partitions)
    found = []
    for pair in pairs:
        if pair.name in partitions:
            name = pair.name
            outcomes = from_cells(partitions[name], before[name], after[name], pair.kind)
        else:
            on_step(f"counting values of {pair.name}")
            outcomes = from_values(engine.value_counts(pair), pair.kind)
        found.append((pair, outcomes))
    return found


def _has_few_values(filled: int, distinct: int) -> bool:
    return distinct <= 1 or (distinct <= FEW_VALUES and filled >= REPEATS * distinct)


def _compared(pair: Pair, outcomes: Outcomes, engine: Engine, base: float) -> ColumnComparison:
    p, q = Counts(outcomes.current_rows), Counts(outcomes.reference_rows)
    shares = measure(p, q, of=JensenShannon(), by=PlugIn(), base=base).contributions
    return ColumnComparison(
        column=pair.name,
        kind=str(pair.kind),
        by=outcomes.by,
        kl=float(kl(p, q, base=base)),
        js=float(js(p, q, base=base)),
        tv=float(tv(p, q)),
        rows=(engine.rows("reference"), engine.rows("current")),
        missing=outcomes.missing,
        cells=_cells(outcomes, np.asarray(shares)),
        unseen=_one_sided(outcomes, here=outcomes.current, there=outcomes.reference),
        vanished=_one_sided(outcomes, here=outcomes.reference, there=outcomes.current),
    )


def _cells(outcomes: Outcomes, shares: npt.NDArray[np.float64]) -> tuple[Cell, ...]:
    """Every outcome by name if they are few; else those that differ most, and the rest summed."""
    each = shares / outcomes.values
    lines = range(len(each))
    few = int(outcomes.values.sum()) <= NAMED_CELLS
    left = outcomes.values.copy()
    cells: list[Cell] = []
    for line in lines if few else sorted(lines, key=lambda line: -each[line]):
        reference, current = int(outcomes.reference[line]), int(outcomes.current[line])
        for name in outcomes.names[line][: NAMED_CELLS - len(cells)]:
            cells.append(Cell(name, reference, current, float(each[line])))
            left[line] -= 1
        if len(cells) == NAMED_CELLS:
            break
    if rest := int(left.sum()):
        reference, current = int(left @ outcomes.reference), int(left @ outcomes.current)
        label = f"{rest} other value{'s' if rest > 1 else ''}"
        cells.append(Cell(label, reference, current, float(left @ each), rest))
    return tuple(cells)


def _one_sided(
    outcomes: Outcomes, *, here: npt.NDArray[np.int64], there: npt.NDArray[np.int64]
) -> OneSided | None:
    """The outcomes that occur here and not there: values by frequency, ranges in their order."""
    lines = np.flatnonzero((here > 0) & (there == 0))
    if not len(lines):
        return None
    if outcomes.by == "value":
        lines = lines[np.argsort(-here[lines], kind="stable")]
    names = [name for line in lines[:ONE_SIDED_NAMES] for name in outcomes.names[line]]
    rows = outcomes.values * here
    return OneSided(
        values=int(outcomes.values[lines].sum()),
        share=int(rows[lines].sum()) / int(rows.sum()),
        names=tuple(names[:ONE_SIDED_NAMES]),
    )
