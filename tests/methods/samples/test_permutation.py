"""p-values of no difference are uniform where there is none, and small where there is one."""

import numpy as np
import pytest

import kullback as kb
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.permutation import against_nothing, dealt, permutations_of

from .plain import FifthNeighbours, MeansApart


def rows(n, seed, shift=0.0, d=2):
    return np.random.default_rng(seed).normal(shift, 1, (n, d))


def test_dealing_keeps_every_row_and_both_sizes():
    draws = Draws(rows(30, 0), rows(50, 1))
    new = dealt(draws, np.random.default_rng(0))
    assert (new.n, new.m) == (30, 50)
    before, after = (np.sort(np.vstack([d.x, d.y])[:, 0]) for d in (draws, new))
    assert (before == after).all()
    assert not np.isin(new.x, draws.x).all()


def test_blocks_are_dealt_whole():
    draws = Draws(
        rows(40, 0), rows(60, 1), block_x=np.arange(40) // 10, block_y=np.arange(60) // 10
    )
    new = dealt(draws, np.random.default_rng(0))
    assert (new.n, new.m) == (40, 60)
    for part, block in ((new.x, new.block_x), (new.y, new.block_y)):
        for label in np.unique(block):
            members = part[block == label]
            source = draws.x if label < 4 else draws.y
            start = 10 * (label if label < 4 else label - 4)
            assert (members == source[start : start + 10]).all()


def test_weights_move_with_their_rows():
    v = np.arange(1.0, 31.0)
    draws = Draws(np.arange(30.0)[:, None], np.arange(30.0, 80.0)[:, None], v=v / v.sum())
    new = dealt(draws, np.random.default_rng(0))
    old = new.x[:, 0] < 30
    ratio = new.v[old] / (new.x[old, 0] + 1)
    assert np.allclose(ratio, ratio[0])
    assert np.isclose(new.v.sum(), 1.0)
    assert np.isclose(new.w.sum(), 1.0)


def test_the_rank_counts_the_deal_that_was_seen():
    found = against_nothing(lambda some: some.x[0, 0], 3.0, _values([1.0, 2.0, 3.0, 4.0]), 4)
    assert found.p_value == (1 + 2) / (1 + 4)
    assert found.floor.mean == 2.5
    assert found.floor.upper == pytest.approx(3.85)


def _values(numbers):
    return (Draws(np.full((1, 1), z)) for z in numbers)


def uniform_enough(p_values):
    """Kolmogorov's distance to the uniform law, against its 99.9 % quantile; ranks are discrete."""
    ordered = np.sort(p_values)
    n = len(ordered)
    steps = np.arange(n + 1) / n
    apart = max(np.max(steps[1:] - ordered), np.max(ordered - steps[:-1]))
    return apart * np.sqrt(n) < 1.95


@pytest.mark.parametrize("by", [MeansApart, FifthNeighbours])
def test_uniform_where_there_is_no_difference(by):
    method = by(resamples=0, permutations=49)
    p_values = [
        float(
            kb.measure(
                kb.Samples(rows(40, 2 * s)), kb.Samples(rows(60, 2 * s + 1)), by=method, rng=s
            ).p_value
        )
        for s in range(100)
    ]
    assert uniform_enough(p_values)


def test_uniform_with_dependent_rows_only_in_blocks():
    """Rows of a block share a shift: dealt one by one they would read as different."""
    method = MeansApart(resamples=0, permutations=49)
    whole, alone = [], []
    for s in range(100):
        rng = np.random.default_rng(s)
        x, y = (
            rng.normal(size=(15 * 8, 1)) + np.repeat(rng.normal(size=15), 8)[:, None] for _ in "xy"
        )
        block = np.repeat(np.arange(15), 8)
        p, q = kb.Samples(x, block=block), kb.Samples(y, block=block)
        whole.append(float(kb.measure(p, q, by=method, rng=s).p_value))
        alone.append(float(kb.measure(kb.Samples(x), kb.Samples(y), by=method, rng=s).p_value))
    assert uniform_enough(whole)
    assert not uniform_enough(alone)


def test_small_where_there_is_a_difference():
    p, q = kb.Samples(rows(200, 0)), kb.Samples(rows(200, 1, shift=0.7))
    found = kb.measure(p, q, by=FifthNeighbours(resamples=0), rng=0)
    assert found.p_value == 1 / 200
    assert found.value > found.floor.upper > found.floor.mean


def test_beside_a_law_draws_of_it_are_what_no_difference_shows():
    law, method = kb.families.Normal(0, 1), MeansApart(resamples=0, permutations=99)
    p_values = [
        float(kb.measure(kb.Samples(rows(50, s, d=1)), law, by=method, rng=s).p_value)
        for s in range(100)
    ]
    assert uniform_enough(p_values)
    shifted = kb.measure(kb.Samples(rows(50, 0, shift=1.0, d=1)), law, by=method, rng=0)
    assert shifted.p_value == 0.01


def test_the_number_follows_from_the_sizes():
    def of(n, d):
        return permutations_of(Draws(np.zeros((n, d)), np.zeros((n, d))))

    assert of(1000, 3) == 199
    assert of(10_000, 1) == 199
    assert of(10_000, 3) == 66
    assert of(10_000, 6) == 0
