"""Rows at one place: counted right, said, and never moved apart."""

import numpy as np
import pytest

import kullback as kb
from kullback.errors import NoMethodError
from kullback.methods.samples import ties
from kullback.methods.samples.neighbour_kl import NearestNeighbours


@pytest.mark.parametrize("d", [1, 2, 6])
def test_counts_of_copies(d):
    rng = np.random.default_rng(d)
    x, y = rng.integers(0, 3, (60, d)) * 0.5, rng.integers(0, 3, (50, d)) * 0.5
    every = [tuple(row) for row in x]
    others = [tuple(row) for row in y]
    np.testing.assert_array_equal(ties.copies(x), [every.count(row) for row in every])
    np.testing.assert_array_equal(ties.copies_among(x, y), [others.count(row) for row in every])
    assert ties.repeated(x) == sum(every.count(row) > 1 for row in every)
    assert ties.shared(x, y) == sum(row in others for row in every)


def test_none_among_draws_of_a_density():
    x = np.random.default_rng(0).normal(size=(5000, 3))
    assert ties.repeated(x) == 0
    assert ties.shared(x, x + 1e-9) == 0
    assert ties.shared(x, x) == 5000


def test_columns_that_trade_places_are_other_rows():
    x = np.asarray([[1.0, 2.0], [2.0, 1.0], [3.0, 3.0], [1.0, 1.0]])
    assert ties.repeated(x) == 0


def test_minus_zero_is_zero():
    assert ties.repeated(np.asarray([[0.0, 1.0], [-0.0, 1.0]])) == 2
    assert ties.repeated(np.asarray([[0.0], [-0.0], [2.0]])) == 2


def test_all_copies_are_refused_with_the_way_out():
    x = kb.Samples(np.repeat([1, 5, 9], 20))
    y = kb.Samples(np.repeat([1, 5, 8], 20))
    with pytest.raises(NoMethodError, match=r"60 draws of p has a copy .* 3 distinct .*kb\.Counts"):
        kb.measure(x, y, by=NearestNeighbours())


def test_a_few_copies_are_named_with_their_number():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=300), rng.normal(size=300)
    x[:20] = 0.25
    said = " ".join(kb.measure(kb.Samples(x), kb.Samples(y), by=NearestNeighbours()).notes)
    assert "20 rows" in said


def test_integers_given_as_continuous():
    rng = np.random.default_rng(2)
    p, q = kb.Samples(rng.poisson(900, 400)), kb.Samples(rng.poisson(900, 400))
    found = kb.measure(p, q, by=NearestNeighbours())
    assert abs(float(found.value)) < 0.3
    assert "integers" in " ".join(found.notes)


def test_rounding_does_not_move_the_value_far():
    found, rounded = [], []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=(1000, 1)), 1 + rng.normal(size=(1000, 1))
        for values, digits in ((found, 12), (rounded, 2)):
            draws = kb.Samples(np.round(x, digits)), kb.Samples(np.round(y, digits))
            values.append(float(kb.measure(*draws, by=NearestNeighbours()).value))
    assert np.mean(found) == pytest.approx(0.5, abs=0.05)
    assert np.mean(rounded) == pytest.approx(0.5, abs=0.05)


def test_a_subset_of_the_other_sample():
    y = np.random.default_rng(3).normal(size=(500, 2))
    found = kb.measure(kb.Samples(y[:200]), kb.Samples(y), by=NearestNeighbours())
    assert np.isfinite(found.value)
    assert "rows of q" in " ".join(found.notes)
