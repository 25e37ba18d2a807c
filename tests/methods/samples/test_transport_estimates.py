"""Transport distances as estimates about the laws: intervals, p-values, floors, notes, choice."""

import numpy as np
import pytest

import kullback as kb
from kullback.methods.samples.draws import Draws


def clouds(n, m, d, shift, seed=0):
    rng = np.random.default_rng(seed)
    return kb.Samples(rng.normal(size=(n, d))), kb.Samples(rng.normal(size=(m, d)) + shift)


def test_on_the_line():
    p, q = clouds(400, 300, 1, 1.0)
    answer = kb.measure(p, q, of=kb.Wasserstein(), rng=0)
    assert (answer.kind, repr(answer.method), answer.unit) == ("estimated", "ExactTransport()", "")
    assert answer.value == kb.wasserstein(p, q)
    low, high = answer.interval()
    assert low < 1 < high < low + 0.4
    assert answer.p_value == pytest.approx(1 / 200)
    assert 0 < answer.floor.mean < answer.floor.upper < 0.25


def test_nothing_shows_no_difference():
    p, q = clouds(200, 200, 1, 0.0, seed=1)
    answer = kb.measure(p, q, of=kb.Wasserstein(2), rng=0)
    assert answer.p_value > 0.05
    assert answer.value < answer.floor.upper


def test_the_interval_covers_on_the_line():
    """W₁ of N(0, 1) and N(1, 1) is 1."""
    held = 0
    for seed in range(30):
        p, q = clouds(120, 150, 1, 1.0, seed)
        answer = kb.measure(p, q, of=kb.Wasserstein(), by=kb.ExactTransport(permutations=0), rng=1)
        low, high = answer.interval()
        held += low < 1 < high
    assert held >= 26


@pytest.mark.parametrize("by", [kb.ExactTransport(permutations=0), kb.Sinkhorn(permutations=0)])
def test_the_interval_reaches_the_laws_in_five_dimensions(by):
    """Samples of 60 are 1.5 times as far apart as their laws; the interval knows."""
    held, truth = 0, 0.5 * 5**0.5
    for seed in range(10):
        p, q = clouds(60, 60, 5, 0.5, seed)
        answer = kb.measure(p, q, of=kb.Wasserstein(2), by=by, rng=1)
        low, high = answer.interval()
        held += low < truth < high
        assert answer.value > 1.15 * truth
    assert held >= 8


def test_the_interval_holds_zero_where_laws_are_equal():
    held = 0
    for seed in range(25):
        p, q = clouds(80, 100, 1, 0.0, seed)
        answer = kb.measure(p, q, of=kb.Wasserstein(), by=kb.ExactTransport(permutations=0), rng=1)
        held += answer.interval()[0] == 0
    assert held >= 22


@pytest.mark.parametrize(
    "by", [kb.ExactTransport(permutations=39), kb.SlicedTransport(permutations=39)]
)
def test_the_error_is_the_spread_over_samples(by):
    found, errors = [], []
    for seed in range(40):
        p, q = clouds(60, 60, 2, 1.0, seed)
        answer = kb.measure(p, q, of=kb.Wasserstein(2), by=by, rng=seed)
        found.append(answer.value)
        errors.append(answer.error)
        assert answer.p_value < 0.2
    assert np.std(found, ddof=1) == pytest.approx(np.mean(errors), rel=0.4)


def test_sinkhorn_answers_with_notes():
    p, q = clouds(40, 50, 2, 1.0)
    answer = kb.measure(p, q, of=kb.Wasserstein(2), by=kb.Sinkhorn(permutations=19), rng=0)
    low, high = answer.interval()
    assert low < 2**0.5 < high
    assert any("not W_2 itself" in note for note in answer.notes)
    assert not any("dominates" in note for note in answer.notes)
    near = kb.measure(p, p, of=kb.Wasserstein(2), by=kb.Sinkhorn())
    assert any("regularisation dominates" in note for note in near.notes)
    far = kb.Samples(p.array + 1000)
    blurred = kb.measure(p, far, of=kb.Wasserstein(2), by=kb.Sinkhorn())
    assert any("shape of the samples is blurred" in note for note in blurred.notes)
    hasty = kb.Sinkhorn(epsilon=1e-3, rounds=1, tolerance=1e-12)
    missed = kb.measure(p, q, of=kb.Wasserstein(2), by=hasty)
    assert any("miss their marginals" in note for note in missed.notes)


def test_choice_in_many_dimensions():
    p, q = clouds(30, 30, 3, 0.5)
    answer = kb.measure(p, q, of=kb.Wasserstein(2))
    assert repr(answer.method) == "ExactTransport()"
    assert answer.value == pytest.approx(kb.wasserstein(p, q, order=2))
    with pytest.raises(kb.InvalidInputError, match="no interval"):
        answer.interval()


def test_too_many_pairs_are_sliced():
    p, q = clouds(5200, 5100, 2, 0.5)
    answer = kb.measure(
        p, q, of=kb.Wasserstein(2), by=kb.SlicedTransport(projections=5, resamples=0), rng=0
    )
    assert answer.value == pytest.approx(0.5, rel=0.3)
    assert "looks at every pair" in kb.ExactTransport().refuse(kb.Wasserstein(2), p, q)
    with pytest.raises(kb.NoMethodError, match="needs rng"):
        kb.measure(p, q, of=kb.Wasserstein(2))


def test_sliced_says_what_it_is():
    p, q = clouds(50, 60, 4, 1.0)
    answer = kb.measure(p, q, of=kb.Wasserstein(2), by=kb.SlicedTransport(), rng=0)
    assert "another distance" in answer.notes[0]
    assert answer.value < kb.measure(p, q, of=kb.Wasserstein(2), by=kb.Sinkhorn()).value
    again = kb.measure(p, q, of=kb.Wasserstein(2), by=kb.SlicedTransport(), rng=0)
    assert again.value == answer.value


def test_blocks_and_weights():
    rng = np.random.default_rng(4)
    days = np.repeat(np.arange(20), 10)
    x = rng.normal(size=(200, 2)) + rng.normal(size=(20, 2))[days]
    y = rng.normal(size=(200, 2))
    q = kb.Samples(y)
    method = kb.SlicedTransport(permutations=0)
    apart, whole = (
        kb.measure(kb.Samples(x, block=b), q, of=kb.Wasserstein(2), by=method, rng=0)
        for b in (None, days)
    )
    assert whole.value == apart.value
    assert whole.error > 1.5 * apart.error
    weighted = kb.Samples(x, weights=np.arange(200) < 100)
    half = kb.Samples(x[:100])
    values = [
        kb.measure(p, q, of=kb.Wasserstein(2), by=method, rng=0).value for p in (weighted, half)
    ]
    assert values[0] == pytest.approx(values[1], rel=1e-12)


def test_one_point_and_duplicates():
    of = kb.Wasserstein()
    answer = kb.measure(kb.Samples([3.0]), kb.Samples([5.0]), of=of, rng=0)
    assert answer.value == 2
    constant = kb.measure(kb.Samples([1.0] * 9), kb.Samples([1.0] * 5), of=of, rng=0)
    assert constant.value == 0
    assert constant.p_value == 1


def test_refusals():
    p, q = clouds(5, 5, 1, 0.0)
    method = kb.ExactTransport()
    assert "Wasserstein distances only" in method.refuse(kb.KL(), p, q)
    assert "positions" in method.refuse(kb.Wasserstein(positions=[0, 1]), p, q)
    assert isinstance(method.read(kb.Wasserstein(), p, q), Draws)
    assert "both sides" in method.refuse(kb.Wasserstein(), p, kb.families.Normal(0, 1))
