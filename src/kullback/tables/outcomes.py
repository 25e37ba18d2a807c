"""From an engine to outcomes: few values one by one, a long line in cells."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kullback.tables.counts import Outcomes, from_cells, from_values
from kullback.tables.engine import CellCounts, Coding, Engine, Pair, ValueCounts
from kullback.tables.partition import BINS, SHARES, Grid, Number, Partition, grid

FEW_VALUES = 32  # an ordered column with no more values than this is compared value by value
REPEATS = 4  # … if each of them occurs this often on average, so that values are no accidents


@dataclass(frozen=True)
class Cells:
    """The fine counts of a column in cells: what every coarser partition is made of."""

    grid: Grid
    levels: dict[int, Partition]
    reference: CellCounts
    current: CellCounts


@dataclass(frozen=True)
class Counted:
    """One column as it was counted; `cells` only of one compared by ranges."""

    pair: Pair
    outcomes: Outcomes
    cells: Cells | None = None

    @property
    def coding(self) -> Coding:
        """How an engine tells the outcomes of a row."""
        return Coding(self.pair, None if self.cells is None else self.cells.levels[BINS])


def counted(
    engine: Engine, pairs: Sequence[Pair], on_step: Callable[[str], None] = lambda _step: None
) -> list[Counted]:
    """Each column with its outcomes on both sides, in the order of the pairs."""
    ordered = [pair for pair in pairs if pair.kind.ordered]
    on_step(f"cutting {len(ordered)} columns into bins")
    quantiles = engine.quantiles(ordered, SHARES)
    perhaps = [p.reference for p in ordered if len(set(quantiles[p.name])) <= FEW_VALUES]
    summaries = engine.summaries("reference", perhaps)
    by_value = {}
    for pair in pairs:
        found = summaries.get(pair.name)
        if not pair.kind.ordered or (found and _has_few_values(found.filled, found.distinct)):
            on_step(f"counting values of {pair.name}")
            values = engine.value_counts(pair)
            if not pair.kind.ordered or _is_named(values):
                by_value[pair.name] = Counted(pair, from_values(values, pair.kind))
    in_cells = [pair for pair in pairs if pair.name not in by_value]
    return _in_order(pairs, by_value, _celled(engine, in_cells, quantiles, on_step))


def _celled(
    engine: Engine,
    pairs: Sequence[Pair],
    quantiles: Mapping[str, Sequence[Number]],
    on_step: Callable[[str], None],
) -> Iterator[Counted]:
    on_step(f"counting bins of {len(pairs)} columns")
    grids = {pair.name: grid(quantiles[pair.name]) for pair in pairs}
    finest = {name: found.finest for name, found in grids.items()}
    before = engine.cell_counts("reference", pairs, finest)
    after = engine.cell_counts("current", pairs, finest)
    for pair in pairs:
        name = pair.name
        levels = dict(grids[name].levels(before[name].cells))
        outcomes = from_cells(finest[name], levels[BINS], before[name], after[name], pair.kind)
        yield Counted(pair, outcomes, Cells(grids[name], levels, before[name], after[name]))


def _in_order(
    pairs: Sequence[Pair], by_value: dict[str, Counted], in_cells: Iterator[Counted]
) -> list[Counted]:
    found = by_value | {each.pair.name: each for each in in_cells}
    return [found[pair.name] for pair in pairs]


def _has_few_values(filled: int, distinct: int) -> bool:
    return distinct <= 1 or (distinct <= FEW_VALUES and filled >= REPEATS * distinct)


def _is_named(values: ValueCounts) -> bool:
    """Whether the engine named every value: not where the current side has very many new ones."""
    return all(len(names) == n for names, n in zip(values.names, values.values, strict=True))
