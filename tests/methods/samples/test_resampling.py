"""Spread from subsamples and from redrawn samples, on statistics whose spread is known."""

import math
from functools import partial

import numpy as np
import pytest

from kullback.methods.samples.draws import Draws
from kullback.methods.samples.resampling import (
    around,
    bootstrapped,
    quantile_of_t,
    resample,
    share_of,
    subsample,
    subsampled,
)

from .plain import FifthNeighbours


def apart(draws):
    return float(draws.x.mean() - draws.y.mean())


def two(n, m, seed=0):
    rng = np.random.default_rng(seed)
    return Draws(rng.normal(0, 1, (n, 1)), rng.normal(0, 3, (m, 1)))


def test_subsamples_are_shares_without_repeats():
    draws = two(1000, 400)
    some = subsample(draws, 0.25, np.random.default_rng(0))
    assert (some.n, some.m) == (250, 100)
    assert len(np.unique(some.x)) == 250
    assert np.isin(some.x, draws.x).all()


def test_the_bootstrap_repeats_rows_and_subsamples_do_not():
    draws = two(1000, 1000)
    again = resample(draws, np.random.default_rng(0))
    distinct = len(np.unique(again.x)) / again.n
    assert abs(distinct - (1 - math.exp(-1))) < 0.03


@pytest.mark.parametrize("k", [1, 3])
def test_the_bootstrap_is_wrong_for_neighbours(k):
    """Rows that are there k + 1 times have a k-th neighbour at distance 0; parts have none."""
    rng = np.random.default_rng(0)
    draws = Draws(rng.normal(size=(400, 2)), rng.normal(size=(400, 2)))
    ask = partial(FifthNeighbours(k=k).estimate, None)
    with np.errstate(divide="ignore", invalid="ignore"):
        redrawn = [ask(resample(draws, rng)) for _ in range(10)]
    fewer = [ask(subsample(draws, 0.25, rng)) for _ in range(10)]
    assert not np.isfinite(redrawn).any()
    assert abs(np.mean(fewer) - ask(draws)) < 0.15


def test_blocks_stay_whole():
    block = np.arange(600) // 30
    draws = Draws(np.arange(600.0)[:, None], block_x=block)
    for some in (
        subsample(draws, 0.25, np.random.default_rng(1)),
        resample(draws, np.random.default_rng(1)),
    ):
        assert (np.bincount(some.block_x)[np.unique(some.block_x)] % 30 == 0).all()
    assert subsample(draws, 0.25, np.random.default_rng(1)).n == 150


def test_weights_of_some_rows_sum_to_one():
    v = np.arange(1.0, 101.0)
    draws = Draws(np.arange(100.0)[:, None], v=v / v.sum())
    some = subsample(draws, 0.5, np.random.default_rng(0))
    assert math.isclose(some.v.sum(), 1.0)
    assert math.isclose(some.v[1] / some.v[0], (some.x[1, 0] + 1) / (some.x[0, 0] + 1))


@pytest.mark.parametrize("share", [0.5, 0.25, 0.1])
def test_the_error_of_a_difference_of_means(share):
    draws = two(800, 1600)
    truth = math.sqrt(draws.x.var(ddof=1) / 800 + draws.y.var(ddof=1) / 1600)
    rng = np.random.default_rng(0)
    found = subsampled(apart, draws, apart(draws), subsample, 1000, share, rng)
    assert abs(found.error / truth - 1) < 0.1
    low, high = found.interval(0.95)
    assert math.isclose((low + high) / 2, apart(draws))
    assert abs((high - low) / (2 * 1.96 * truth) - 1) < 0.1
    redrawn = bootstrapped(apart, draws, apart(draws), 1000, rng)
    assert abs(redrawn.error / truth - 1) < 0.1


def test_rows_that_repeat_in_blocks_tell_no_more_than_blocks():
    rng = np.random.default_rng(0)
    x = np.repeat(rng.normal(size=(50, 1)), 20, axis=0)
    draws = Draws(x, block_x=np.repeat(np.arange(50), 20))

    def mean(some):
        return float(some.x.mean())

    found = subsampled(mean, draws, mean(draws), subsample, 1000, 0.5, rng)
    assert abs(found.error / (x.std() / math.sqrt(49)) - 1) < 0.1
    alone = subsampled(mean, Draws(x), mean(draws), subsample, 1000, 0.5, rng)
    assert alone.error < 0.3 * found.error


@pytest.mark.parametrize("rate", [0.3, 0.5, 1.0])
def test_bias_of_a_known_rate_is_taken_off(rate):
    draws = two(1000, 1000)

    def low(some):
        return apart(some) - 3 * some.n**-rate

    rng = np.random.default_rng(0)
    found = subsampled(low, draws, low(draws), subsample, 2000, 0.25, rng, rate)
    ends = found.interval(0.95)
    plain = subsampled(low, draws, low(draws), subsample, 400, 0.25, rng)
    weight = 1 / (4**rate - 1)
    assert abs(sum(ends) / 2 - apart(draws)) < 0.03 * weight + 0.006
    reach = (ends[1] - ends[0]) / 2
    assert abs(reach / ((1 + weight * 2 / 3) * 1.96 * plain.error) - 1) < 0.12
    assert found.error > 3 * 1000**-rate * 0.8


def test_infinite_answers_give_no_finite_interval():
    draws = two(100, 100)
    rng = np.random.default_rng(0)
    found = subsampled(lambda _some: math.inf, draws, 1.0, subsample, 20, 0.25, rng, 0.5)
    assert found.error == math.inf
    assert found.interval(0.95) == (-math.inf, math.inf)


def test_shares_fall_with_size():
    assert share_of(100) == share_of(2000) == 0.25
    assert share_of(10_000) == pytest.approx(10_000**0.7 / 10_000)
    assert 1_000_000 * share_of(1_000_000) == pytest.approx(15_848.9, abs=0.1)


def test_quantiles_of_t_against_tables():
    assert quantile_of_t(0.975, 1) == pytest.approx(12.7062047, abs=1e-6)
    assert quantile_of_t(0.975, 30) == pytest.approx(2.0422725, abs=1e-6)
    assert quantile_of_t(0.975, math.inf) == pytest.approx(1.9599640, abs=1e-6)
    assert around(2.0, 0.5, 30).interval(0.95) == pytest.approx((0.9788638, 3.0211362), abs=1e-6)
