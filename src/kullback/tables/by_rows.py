"""What chance does to a column of few outcomes whose rows are independent: tables are drawn.

Without a difference: the rows of both sides are dealt anew to both. Like these: rows are drawn
from the frequencies, moved towards what both sides hold together until JS between them is what is
left of it once its bias is taken off; so tables without a difference are redrawn without one.
"""

import math

import numpy as np

from kullback.methods.counts.null_tables import LARGEST, dealt
from kullback.methods.counts.tables import Side, Tables
from kullback.methods.counts.tests_of_difference import g_test
from kullback.tables.counts import Outcomes
from kullback.tables.evidence import Evidence, estimated, from_draws, real_part, second_order_bias
from kullback.tables.measures import JS, MEASURES, Numbers, sums, sums_of_many

DRAWS = 499
MORE = 4_500  # drawn besides where hardly any table shows as much as this
RARELY = 5


def weighed_by_rows(outcomes: Outcomes, base: float, seed: int) -> Evidence:
    """Estimates and p-value of a column of few outcomes."""
    rng = np.random.default_rng(seed)
    current, reference = (
        np.repeat(side, outcomes.values).astype(np.float64)
        for side in (outcomes.current, outcomes.reference)
    )
    seen = sums(current, reference)
    null = deal(current, reference, DRAWS, rng)
    without = sums_of_many(*null)
    near, far = towards_each_other(
        current, reference, float(seen[JS.name]), float(without[JS.name].mean())
    )
    again = sums_of_many(
        rng.multinomial(int(current.sum()), near, DRAWS).astype(np.float64),
        rng.multinomial(int(reference.sum()), far, DRAWS).astype(np.float64),
    )
    each = np.ones(len(current))
    truth = sums(near * current.sum(), far * reference.sum())
    chances = {
        measure.name: chance
        for measure in MEASURES
        if (
            chance := from_draws(
                measure,
                float(seen[measure.name]),
                without[measure.name],
                again[measure.name],
                float(truth[measure.name]),
                certain=second_order_bias(measure, current, reference, each),
            )
        )
    }
    p_value, test = _tested(current, reference, null, rng)
    return Evidence(estimated(chances, base), p_value, test)


def towards_each_other(
    current: Numbers, reference: Numbers, js: float, null_mean: float
) -> tuple[Numbers, Numbers]:
    """The frequencies, moved towards the pooled ones until JS is js less its bias, or so.

    JS goes with the square of the deviation, so √((js − bias)/js) of it is kept.
    """
    p, q = current / current.sum(), reference / reference.sum()
    pooled = (current + reference) / (current.sum() + reference.sum())
    kept = math.sqrt(real_part(js, null_mean))
    return pooled + kept * (p - pooled), pooled + kept * (q - pooled)


def deal(
    current: Numbers, reference: Numbers, tables: int, rng: np.random.Generator
) -> tuple[Numbers, Numbers]:
    """Tables whose rows are dealt anew to both sides: (current, reference), tables first.

    A billion rows and more are drawn with putting back instead, which shows no difference there.
    """
    pooled = (current + reference).astype(np.int64)
    if pooled.sum() >= LARGEST:
        law = pooled / pooled.sum()
        new, old = (
            rng.multinomial(int(side.sum()), law, tables).astype(np.float64)
            for side in (current, reference)
        )
        return new, old
    hand = np.full(tables, int(current.sum()))
    first = dealt(rng, np.broadcast_to(pooled, (tables, len(pooled))).copy(), hand)
    return first, pooled - first


def _tested(
    current: Numbers,
    reference: Numbers,
    null: tuple[Numbers, Numbers],
    rng: np.random.Generator,
) -> tuple[float, str]:
    """The p-value of one law, by the G-test or by permutation where small counts rule that out."""
    test = g_test(Tables(Side(current), Side(reference)))
    if test.dense:
        return float(test.p_value), f"G-test, χ² with {float(test.freedom):.0f} degrees of freedom"
    least = float(x_log_x(current) + x_log_x(reference))
    least -= 1e-9 * abs(least)
    drawn, above = DRAWS, _at_least(null, least)
    if above < RARELY:
        drawn, above = drawn + MORE, above + _at_least(deal(current, reference, MORE, rng), least)
    return (1 + above) / (1 + drawn), f"G-test, {drawn} permutations of the rows"


def _at_least(tables: tuple[Numbers, Numbers], least: float) -> int:
    """How many tables show as large a G, which moves with Σ x log x where the margins stand."""
    return int(np.sum(x_log_x(tables[0]) + x_log_x(tables[1]) >= least))


def x_log_x(x: Numbers) -> Numbers:
    """Σ x log x over the last axis."""
    return np.asarray((x * np.log(np.where(x > 0, x, 1.0))).sum(axis=-1))
