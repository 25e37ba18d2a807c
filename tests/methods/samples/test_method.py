"""What every estimate from draws says: its interval, its notes, and what it refuses."""

import numpy as np
import pytest

import kullback as kb
from kullback.methods.samples.overlap import overlap

from .plain import FifthNeighbours, MeansApart


def normal(n, seed, shift=0.0, d=2):
    return np.random.default_rng(seed).normal(shift, 1, (n, d))


def ask(x, y, by=None, **more):
    by = by or FifthNeighbours(permutations=0, resamples=40)
    return kb.measure(kb.Samples(x), kb.Samples(y), by=by, **more)


def notes(answer):
    return " ".join(answer.notes)


def test_an_estimate_with_its_interval():
    found = ask(normal(400, 0), normal(500, 1, 0.5), rng=0)
    low, high = found.interval()
    assert low < 0.25 < high
    assert 0.02 < float(found.error) < 0.12
    assert 0.1 < float(found.value) < 0.4
    assert found.kind == "estimated"
    assert "subsamples of 100 and 125 rows" in notes(found)
    wide = found.interval(0.99)
    assert wide[0] < low < high < wide[1]


def test_direction_matters():
    rng = np.random.default_rng(0)
    x, y = rng.uniform(0, 1, 1000), rng.uniform(0, 2, 1000)
    assert abs(ask(x, y).value - np.log(2)) < 0.08
    assert ask(y, x).value > 1.5  # the truth is infinite


def test_seeds_repeat_and_matter():
    x, y = normal(200, 0), normal(200, 1)
    one, same, other = (ask(x, y, rng=s).interval() for s in (0, 0, 1))
    assert one == same != other


def test_bits_scale_value_interval_and_floor():
    x, y = normal(200, 0), normal(200, 1, 0.5)
    by = FifthNeighbours(permutations=19, resamples=20)
    nats, bits = (ask(x, y, by=by, rng=0, base=base) for base in (None, 2))
    for a, b in [
        (nats.value, bits.value),
        (nats.error, bits.error),
        (nats.interval()[1], bits.interval()[1]),
        (nats.floor.upper, bits.floor.upper),
    ]:
        assert float(a) == pytest.approx(float(b) * np.log(2))
    assert nats.p_value == bits.p_value


def test_without_rng_there_is_a_value_and_the_reason():
    found = ask(normal(100, 0), normal(100, 1, 1.0))
    assert found.error is None
    assert found.p_value is None
    with pytest.raises(kb.InvalidInputError, match="rng=0 gives both"):
        found.interval()


def test_no_resamples_no_interval():
    by = FifthNeighbours(resamples=0, permutations=0)
    with pytest.raises(kb.InvalidInputError, match="resamples=0"):
        ask(normal(100, 0), normal(100, 1), by=by, rng=0).interval()
    with pytest.raises(kb.InvalidInputError, match="at least 20"):
        FifthNeighbours(resamples=3)
    with pytest.raises(kb.InvalidInputError, match="at least 19"):
        FifthNeighbours(permutations=5)


def test_too_few_rows_for_subsamples():
    found = ask(normal(20, 0), normal(20, 1), rng=0)
    assert "subsamples of 5 rows would be drawn, and at least 6" in notes(found)
    assert found.error is None


def test_a_method_prints_what_was_set():
    assert repr(FifthNeighbours()) == "FifthNeighbours()"
    assert repr(FifthNeighbours(k=3)) == "FifthNeighbours(k=3)"


def test_negative_values_are_explained_and_kept():
    found = next(
        f for f in (ask(normal(60, s), normal(60, s + 50)) for s in range(9)) if f.value < 0
    )
    assert "negative where no truth is" in notes(found)


def test_more_than_log_n_is_named():
    near = ask(normal(100, 0), normal(100, 1, 1.0))
    far = ask(normal(100, 0), normal(100, 1, 20.0))
    assert far.value > np.log(100)
    assert "log n = 4.61" in notes(far)
    assert "McAllester" not in notes(near)


def test_many_rows_are_not_permuted_unasked():
    big = normal(20_000, 0, d=3), normal(20_000, 1, d=3)
    by = MeansApart(resamples=20)
    found = ask(*big, by=by, rng=0)
    assert found.p_value is None
    assert "permutations=199 asks for it" in notes(found)
    asked = ask(*big, by=MeansApart(resamples=0, permutations=19), rng=0)
    assert 0.05 <= asked.p_value <= 1


def test_repeated_and_shared_rows_are_named():
    x, means = np.round(normal(200, 0, d=1), 1), MeansApart(permutations=0)
    found = ask(x, normal(200, 1, d=1), by=means)
    assert "rows of p repeat another" in notes(found)
    y = np.vstack([normal(50, 2), normal(30, 3)])
    assert "rows of p" not in notes(ask(normal(50, 0), y))
    assert "All rows of p are also rows of q" in notes(ask(y[:50], y))
    assert "7 of 57 rows of p are also rows of q" in notes(
        ask(np.vstack([normal(50, 9), y[:7]]), y)
    )


def test_integers_are_named():
    rng = np.random.default_rng(0)
    found = ask(rng.integers(0, 1000, 300), rng.integers(0, 900, 300))
    assert "came as integers" in notes(found)


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (normal(50, 0), normal(50, 1, d=3), "p have 2 coordinates and those of q 3"),
        (normal(5, 0), normal(50, 1), "at least 6 rows, and p has 5"),
        (normal(50, 0), normal(2, 1), "at least 6 rows, and q has 2"),
        (normal(50, 0) * [1, 0] + [0, 3], normal(50, 1), "Column 1 of p is 3 in all 50 rows"),
        (normal(50, 0), np.ones((40, 2)), r"All 40 rows of q are the same point, \(1, 1\)"),
    ],
)
def test_bad_input_is_refused_with_the_numbers(x, y, words):
    with pytest.raises(kb.InvalidInputError, match=words):
        ask(x, y)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_rows_that_are_not_finite(bad):
    x = normal(50, 0)
    x[7, 1] = bad
    with pytest.raises(kb.InvalidInputError, match="1 of 50 rows"):
        ask(x, normal(50, 1))


def test_weights_and_forms_that_are_not_taken():
    weighted = kb.Samples(normal(50, 0), weights=np.arange(1.0, 51.0))
    plain = kb.Samples(normal(50, 1))
    with pytest.raises(kb.NoMethodError, match="weights"):
        kb.measure(weighted, plain, by=FifthNeighbours())
    with pytest.raises(kb.NoMethodError, match="needs samples"):
        kb.measure([0.5, 0.5], plain, by=FifthNeighbours())
    with pytest.raises(kb.NoMethodError, match="samples or a law"):
        kb.measure(plain, [0.5, 0.5], by=FifthNeighbours())
    found = kb.measure(weighted, plain, by=MeansApart(permutations=19, resamples=20), rng=0)
    assert found.p_value is not None


def test_blocks_are_kept_together_and_counted():
    x, y = normal(120, 0), normal(120, 1)
    block = np.repeat(["mon", "tue", "wed", "thu", "fri", "sat"], 20)
    p, q = kb.Samples(x, block=block), kb.Samples(y, block=block)
    found = kb.measure(p, q, by=MeansApart(resamples=40, permutations=19), rng=0)
    assert "6 and 6 of them" in notes(found)
    assert "6 blocks say little" in notes(found)
    low, high = found.interval()
    assert (high - low) / 2 == pytest.approx(2.5705818 * float(found.error), rel=1e-6)
    one = kb.measure(p, kb.Samples(y), by=MeansApart(resamples=20), rng=0)
    assert one.p_value is None
    assert "in blocks and those of the other are not" in notes(one)


@pytest.mark.parametrize("ask_short", [kb.kl, kb.js, kb.tv, kb.hellinger, kb.cross_entropy])
def test_short_names_refuse_samples_and_name_the_call(ask_short):
    p, q = kb.Samples(normal(50, 0)), kb.Samples(normal(50, 1))
    with pytest.raises(kb.NoMethodError, match=r"kb\.measure\(p, q, of=kb\."):
        ask_short(p, q)


def test_entropy_of_samples_has_no_short_name():
    with pytest.raises(kb.NoMethodError, match=r"kb\.measure\("):
        kb.entropy(kb.Samples(normal(50, 0)))


def test_information_of_samples_has_no_short_name():
    for short in (kb.mutual_information, kb.conditional_mutual_information):
        with pytest.raises(kb.NoMethodError, match=r"kb\.measure\("):
            short(kb.Samples(*normal(50, 0, d=3).T))


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (normal(300, 0, d=6), normal(300, 1, d=6), "not calibrated in 6 dimensions"),
        (normal(150, 0), normal(300, 1), "not calibrated with 150 rows"),
        (normal(500, 0, 2.0, d=1), normal(500, 1, d=1), "few draws of q lie where those of p do"),
    ],
)
def test_intervals_that_claim_nothing_say_so(x, y, words):
    by = FifthNeighbours(resamples=20, permutations=0)
    assert words in notes(ask(x, y, by=by, rng=0))
    assert "not calibrated" not in notes(ask(normal(300, 0), normal(300, 1), by=by, rng=0))
    assert "not calibrated" not in notes(ask(normal(300, 0), normal(3000, 1), by=by, rng=0))


def test_overlap_is_the_inverse_of_chi_square():
    """1/∫ p²/q = e^(−s²) for Gaussians shifted by s; noise of five neighbours leaves 0.77 of it."""
    rng = np.random.default_rng(0)
    y = rng.normal(size=(20_000, 1))
    for shift in (0.0, 0.5, 1.0):
        found = overlap(rng.normal(shift, 1, (20_000, 1)), y)
        assert abs(found / (0.77 * np.exp(-(shift**2))) - 1) < 0.12
