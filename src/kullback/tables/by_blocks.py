"""What chance does to a column whose rows depend on each other inside blocks, such as days.

Whole blocks are resampled for the interval, and dealt anew to both sides for the floor and the
p-value, whose statistic is JS. A block belongs to one side: a user in both tables is two blocks,
which at worst makes the answer more careful.
"""

from dataclasses import replace

import numpy as np

from kullback.tables.engine import Coded, Counts
from kullback.tables.evidence import Evidence, estimated, from_draws, real_part
from kullback.tables.measures import JS, MEASURES, Numbers, js_of_many, sums, sums_of_many

DRAWS = 999
MORE = 9_000  # dealt besides where hardly any deal shows as much as this
RARELY = 5
AT_ONCE = 1 << 20  # counts held at a time
MOST = 1 << 22  # counts dealt besides
ROUNDING = 1e-14
MATCHING = 0.001
MATCHED = (
    "The tables agree more closely than blocks dealt at random ever do: blocks of both tables "
    "match, as days of the month do. What chance shows is overstated, so nothing was taken off."
)


def tabled(reference: Coded, current: Coded) -> tuple[Numbers, Numbers]:
    """Rows of (block, outcome) on the current and on the reference side, of one coded column.

    Blocks stand in the order of their rows, so that a seed gives one answer in every engine.
    """
    codes = np.concatenate([reference.codes[:, 0], current.codes[:, 0]])
    known, place = np.unique(codes, return_inverse=True)
    split = len(reference.codes)
    return (
        _table(current.blocks, place[split:], current.rows, len(known)),
        _table(reference.blocks, place[:split], reference.rows, len(known)),
    )


def _table(blocks: Counts, outcomes: Counts, rows: Counts, width: int) -> Numbers:
    found = np.zeros((int(blocks.max()) + 1, width))
    np.add.at(found, (blocks, outcomes), rows)
    return found[np.lexsort(found.T)]


def weighed_by_blocks(current: Numbers, reference: Numbers, base: float, seed: int) -> Evidence:
    """Estimates and p-value of a column from its rows of (block, outcome) on each side."""
    rng = np.random.default_rng(seed)
    together = np.concatenate([current, reference])
    blocks = len(current), len(reference)
    total = together.sum(axis=0)

    def dealt(draws: int) -> tuple[Numbers, Numbers]:
        first = _hands(blocks, draws, rng) @ together
        return first, total - first

    def redrawn(draws: int) -> tuple[Numbers, Numbers]:
        new, old = (
            rng.multinomial(size, np.full(size, 1 / size), draws).astype(np.float64) @ side
            for size, side in zip(blocks, (current, reference), strict=True)
        )
        return new, old

    step = max(1, AT_ONCE // together.shape[1])
    sizes = [min(step, DRAWS - start) for start in range(0, DRAWS, step)]
    seen = sums(current.sum(axis=0), reference.sum(axis=0))
    null, again = ([sums_of_many(*draw(size)) for size in sizes] for draw in (dealt, redrawn))
    dealt_js = np.concatenate([some[JS.name] for some in null])
    real = real_part(float(seen[JS.name]), float(dealt_js.mean()))
    matched = float(seen[JS.name]) < np.quantile(dealt_js, MATCHING)
    chances = {
        measure.name: chance
        for measure in MEASURES
        if (
            chance := from_draws(
                measure,
                float(seen[measure.name]),
                np.concatenate([some[measure.name] for some in null]),
                np.concatenate([some[measure.name] for some in again]),
                float(seen[measure.name]),
                real=real,
            )
        )
    }
    if matched:
        chances = {name: replace(each, null_mean=0.0, bias=0.0, certain=0.0)
                   for name, each in chances.items()}  # fmt: skip
    least = float(seen[JS.name]) * (1 - 1e-9) - ROUNDING
    above, drawn = int(np.sum(dealt_js >= least)), DRAWS
    if above < RARELY:
        more = min(MORE, MOST // together.shape[1])
        for start in range(0, more, step):
            above += int(np.sum(js_of_many(*dealt(min(step, more - start))) >= least))
        drawn += more
    return Evidence(
        estimated(chances, base),
        (1 + above) / (1 + drawn),
        f"JS, {drawn} permutations of {sum(blocks)} blocks",
        (MATCHED,) if matched else (),
    )


def _hands(blocks: tuple[int, int], draws: int, rng: np.random.Generator) -> Numbers:
    """Which blocks each deal gives to the current side."""
    order = rng.permuted(np.broadcast_to(np.arange(sum(blocks)), (draws, sum(blocks))), axis=1)
    return np.asarray(order < blocks[0], dtype=np.float64)
