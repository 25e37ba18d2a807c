"""What chance does to a column of few outcomes whose rows are independent: tables are drawn.

Without a difference: the rows of both sides are dealt anew to both. Like these: rows are drawn
from the frequencies, moved towards what both sides hold together until JS between them is what is
left of it once its bias is taken off; so tables without a difference are redrawn without one.

Rows that a sketch counted are drawn with its error besides. What a KLL sketch moves across an edge
between two cells, one gains and the other loses; a part is common to all edges, and so moves from
the first cell to the last. So the errors of neighbours on the ring of cells have correlation −½.
"""

import math

import numpy as np

from kullback.methods.counts.null_tables import LARGEST, dealt
from kullback.methods.counts.tables import Side, Tables
from kullback.methods.counts.tests_of_difference import g_test
from kullback.tables.counts import Outcomes
from kullback.tables.evidence import Evidence, estimated, from_draws, real_part, second_order_bias
from kullback.tables.measures import JS, MEASURES, Numbers, js_of_many, sums, sums_of_many

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
    errors = outcomes.errors and (outcomes.errors[1], outcomes.errors[0])
    null = blurred(deal(current, reference, DRAWS, rng), errors, rng)
    without = sums_of_many(*null)
    near, far = towards_each_other(
        current, reference, float(seen[JS.name]), float(without[JS.name].mean())
    )
    redrawn = (
        rng.multinomial(int(current.sum()), near, DRAWS).astype(np.float64),
        rng.multinomial(int(reference.sum()), far, DRAWS).astype(np.float64),
    )
    again = sums_of_many(*blurred(redrawn, errors, rng))
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
    p_value, test = (
        _tested(current, reference, null, rng)
        if errors is None
        else _simulated(current, reference, without[JS.name], errors, rng)
    )
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


def blurred(
    tables: tuple[Numbers, Numbers],
    errors: tuple[Numbers, Numbers] | None,
    rng: np.random.Generator,
) -> tuple[Numbers, Numbers]:
    """Tables as sketches would count them: each cell times exp(s z − s²/2), s² = log(1 + e²/c²).

    So a cell of c rows keeps its mean and has the standard deviation e, and never falls below zero.
    """
    if errors is None:
        return tables
    first, second = (
        _counted_roughly(counts, error, rng) for counts, error in zip(tables, errors, strict=True)
    )
    return first, second


def _counted_roughly(counts: Numbers, error: Numbers, rng: np.random.Generator) -> Numbers:
    edges = rng.standard_normal((len(counts), int(np.sum(error > 0))))
    z = np.zeros(counts.shape)
    z[:, error > 0] = (np.roll(edges, -1, axis=1) - edges) / math.sqrt(2)
    s = np.sqrt(np.log1p((error / np.where(counts > 0, counts, 1.0)) ** 2))
    return np.asarray(counts * np.exp(s * z - s**2 / 2))


def _simulated(
    current: Numbers,
    reference: Numbers,
    null: Numbers,
    errors: tuple[Numbers, Numbers],
    rng: np.random.Generator,
) -> tuple[float, str]:
    """The p-value of JS where sketches counted: among rows dealt anew, each counted as roughly."""
    least = float(js_of_many(current, reference)) * (1 - 1e-9)
    drawn, above = DRAWS, int(np.sum(null >= least))
    if above < RARELY:
        again = blurred(deal(current, reference, MORE, rng), errors, rng)
        drawn, above = drawn + MORE, above + int(np.sum(js_of_many(*again) >= least))
    return (1 + above) / (1 + drawn), f"JS, {drawn} permutations of the rows, counted by sketches"


def _at_least(tables: tuple[Numbers, Numbers], least: float) -> int:
    """How many tables show as large a G, which moves with Σ x log x where the margins stand."""
    return int(np.sum(x_log_x(tables[0]) + x_log_x(tables[1]) >= least))


def x_log_x(x: Numbers) -> Numbers:
    """Σ x log x over the last axis."""
    return np.asarray((x * np.log(np.where(x > 0, x, 1.0))).sum(axis=-1))
