"""Calibration without an engine: p-values are uniform where nothing differs, intervals cover."""

import math

import numpy as np
import pytest
import scipy.stats as st

from kullback.methods.counts.null_tables import dealt
from kullback.tables.by_blocks import weighed_by_blocks
from kullback.tables.by_moments import null_moments, weighed_by_moments
from kullback.tables.by_rows import weighed_by_rows
from kullback.tables.counts import Named, Outcomes
from kullback.tables.measures import HELLINGER, JS, MEASURES, SMOOTHED, TV, sums, sums_of_many


def outcomes(current, reference):
    seen = np.flatnonzero(current + reference)
    names = [[Named(str(i))] for i in seen]
    ones = np.ones(len(seen), np.int64)
    return Outcomes(names, ones, reference[seen], current[seen], (0, 0), "value")


def drawn(rng, p, q, n, m):
    return outcomes(rng.multinomial(n, p), rng.multinomial(m, q))


def assert_uniform(p_values):
    assert st.kstest(p_values, "uniform").pvalue > 0.001


def js_of(p, q):
    return float(sums(np.asarray(p, float), np.asarray(q, float))["js"]) / math.log(2)


def test_drawn_sums_equal_those_of_the_questions():
    rng = np.random.default_rng(0)
    c, r = rng.multinomial(50, np.ones(9) / 9, 20), rng.multinomial(70, np.ones(9) / 9, 20)
    exact, many = sums(c.astype(float), r.astype(float)), sums_of_many(c, r)
    for measure in MEASURES:
        assert many[measure.name] == pytest.approx(exact[measure.name], rel=1e-9, abs=1e-13)


def test_moments_are_those_of_dealt_tables():
    rng = np.random.default_rng(1)
    weights = 1 / np.arange(1.0, 301)
    t = rng.multinomial(9000, weights / weights.sum())
    t = t[t > 0]
    n = 4000
    c = dealt(rng, np.broadcast_to(t, (3000, len(t))).copy(), np.full(3000, n))
    found = sums_of_many(c, t - c)
    measures = (JS, TV, HELLINGER, SMOOTHED)
    moments = null_moments(c[0], (t - c[0]).astype(float), np.ones(len(t)), measures)
    for measure in measures:
        mean, variance = moments[measure.name]
        draws = found[measure.name]
        assert mean == pytest.approx(draws.mean(), abs=5 * draws.std() / math.sqrt(3000))
        assert math.sqrt(variance) == pytest.approx(draws.std(), rel=0.1)


@pytest.mark.parametrize(
    ("k", "n", "m"), [(12, 2000, 1500), (40, 60, 90)], ids=["dense", "permuted"]
)
def test_p_values_of_few_outcomes_are_uniform(k, n, m):
    rng = np.random.default_rng(2)
    law = rng.dirichlet(np.ones(k))
    assert_uniform([weighed_by_rows(drawn(rng, law, law, n, m), 2, i).p_value for i in range(60)])


@pytest.mark.parametrize(("n", "m"), [(3000, 3000), (20_000, 4000)])
def test_p_values_of_many_outcomes_are_uniform(n, m):
    rng = np.random.default_rng(3)
    weights = 1 / np.arange(1.0, 1201)
    law = weights / weights.sum()
    assert_uniform([weighed_by_moments(drawn(rng, law, law, n, m), 2).p_value for _ in range(60)])


def days(rng, blocks, rows, spread, law):
    """Rows of (block, outcome) where each block has a law of its own."""
    return np.stack(
        [rng.multinomial(rows, rng.dirichlet(law * spread)) for _ in range(blocks)]
    ).astype(float)


def test_p_values_of_blocks_are_uniform_where_those_of_rows_are_not():
    rng = np.random.default_rng(4)
    law = rng.dirichlet(np.ones(8))
    by_block, by_row = [], []
    for seed in range(50):
        current, reference = (days(rng, 15, 200, 100, law) for _ in range(2))
        by_block.append(weighed_by_blocks(current, reference, 2, seed).p_value)
        rows = outcomes(current.sum(0).astype(int), reference.sum(0).astype(int))
        by_row.append(weighed_by_rows(rows, 2, seed).p_value)
    assert_uniform(by_block)
    assert np.mean(np.asarray(by_row) < 0.05) > 0.3


@pytest.mark.parametrize("shift", [0.0, 0.1, 0.5])
def test_intervals_of_few_outcomes_cover(shift):
    rng = np.random.default_rng(5)
    q = rng.dirichlet(np.ones(16) * 3)
    p = q * np.exp(shift * rng.normal(size=16))
    p /= p.sum()
    truth = {name: float(value) for name, value in sums(p, q).items()}
    values, held = [], dict.fromkeys(("js", "kl", "tv"), 0)
    for seed in range(60):
        found = weighed_by_rows(drawn(rng, p, q, 3000, 2000), math.e, seed).estimates
        values.append(found["js"].value)
        for name in held:
            held[name] += found[name].lower <= truth[name] <= found[name].upper
    assert min(held.values()) >= 53
    assert np.mean(values) == pytest.approx(truth["js"], abs=0.0002 + 0.03 * truth["js"])


@pytest.mark.parametrize("tilt", [0.0, 0.5])
def test_intervals_of_many_outcomes_cover(tilt):
    rng = np.random.default_rng(6)
    q = np.ones(3000) / 3000
    p = q * np.exp(tilt * rng.normal(size=3000))
    p /= p.sum()
    truth = js_of(p, q)
    found = [
        weighed_by_moments(drawn(rng, p, q, 20_000, 15_000), 2).estimates["js"] for _ in range(40)
    ]
    assert sum(each.lower <= truth <= each.upper for each in found) >= 35
    assert np.mean([each.value for each in found]) == pytest.approx(truth, abs=0.003 + 0.15 * truth)


def test_intervals_of_blocks_cover():
    rng = np.random.default_rng(7)
    q = rng.dirichlet(np.ones(8) * 4)
    p = q * np.exp(0.5 * rng.normal(size=8))
    p /= p.sum()
    truth, held = js_of(p, q), 0
    for seed in range(50):
        found = weighed_by_blocks(
            days(rng, 30, 150, 80, p), days(rng, 30, 150, 80, q), 2, seed
        ).estimates["js"]
        held += found.lower <= truth <= found.upper
    assert held >= 44


def test_values_that_are_all_different_say_nothing():
    ids = np.concatenate([np.ones(3000, int), np.zeros(3000, int)])
    found = weighed_by_moments(outcomes(ids, ids[::-1].copy()), 2)
    assert found.p_value == 1
    js = found.estimates["js"]
    assert js.lower == pytest.approx(0, abs=1e-12)
    assert js.upper == pytest.approx(1)


def test_a_real_difference_among_many_values_is_found():
    rng = np.random.default_rng(8)
    q = np.ones(3000) / 3000
    p = np.where(np.arange(3000) < 1500, 1.5, 0.5) / 3000
    found = weighed_by_moments(drawn(rng, p, q, 10_000, 10_000), 2)
    assert found.p_value < 1e-6
    assert found.estimates["js"].lower > 0
    again = weighed_by_moments(drawn(rng, q, q, 10_000, 10_000), 2)
    assert again.estimates["js"].floor < 0.01
