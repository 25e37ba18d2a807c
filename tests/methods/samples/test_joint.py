"""Whole numbers drawn together are counted, where there are enough of them."""

import math

import numpy as np
import pytest

import kullback as kb

MI, CMI, TE = kb.MutualInformation(), kb.ConditionalMutualInformation(), kb.TransferEntropy


def coins(n, seed=0):
    """A coin, and another that agrees with it in nine of ten tosses."""
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 2, n)
    return x, x ^ (rng.random(n) < 0.1)


def binary_entropy(p):
    return -p * math.log(p) - (1 - p) * math.log(1 - p)


def test_it_is_the_answer_of_the_table():
    x, y = coins(500)
    table = np.zeros((2, 2), dtype=int)
    np.add.at(table, (x, y), 1)
    got = kb.measure(kb.Samples(x, y), of=MI, rng=0)
    plain = kb.measure(kb.Counts(table), of=MI, rng=0)
    assert got.method == kb.JointCounts()
    assert (got.value, got.error, got.p_value) == (plain.value, plain.error, plain.p_value)
    assert got.interval() == plain.interval()
    assert "500 draws in a table of 2 × 2 outcomes, by Jackknife()" in got.notes[0]
    assert math.isclose(got.value, math.log(2) - binary_entropy(0.1), abs_tol=3 * got.error)


def test_three_variables_and_rows_of_several_numbers():
    rng = np.random.default_rng(1)
    x, y = rng.integers(0, 2, (2, 2000))
    z = x ^ y
    answer = kb.measure(kb.Samples(x, y, z), of=CMI)
    assert answer.value == pytest.approx(math.log(2), abs=0.01)
    both = kb.measure(kb.Samples(np.column_stack([x, y]), z), of=MI)
    assert "4 × 2" in both.notes[0]
    assert both.value == pytest.approx(math.log(2), abs=0.01)


def test_symbols_through_time():
    """y copies x one moment late, with errors in one of ten: T = log 2 − h(0.1); nothing back."""
    x, copy = coins(4001)
    answer = kb.measure(kb.Samples(x[1:], copy[:-1]), of=TE(), rng=0)
    assert answer.value == pytest.approx(math.log(2) - binary_entropy(0.1), abs=0.02)
    assert answer.p_value < 1e-6
    back = kb.measure(kb.Samples(copy[:-1], x[1:]), of=TE(2), rng=0)
    assert back.p_value > 0.05
    assert "2 × 4 × 4" in back.notes[0]
    assert "no more of its past" in back.notes[0]


def test_series_are_not_joined():
    """Blocks are series: of two of four moments each, six rows have a past."""
    x = np.asarray([0, 1, 0, 1, 1, 0, 1, 0] * 20)
    joined = kb.measure(kb.Samples(x, x), of=TE())
    apart = kb.measure(kb.Samples(x, x, block=np.arange(160) // 4), of=TE())
    assert "159 draws" in joined.notes[0]
    assert "120 draws" in apart.notes[0]


@pytest.mark.parametrize(
    ("samples", "words"),
    [
        (lambda: kb.Samples([0.0, 1.0] * 50, [0, 1] * 50), "not all came as integers"),
        (lambda: kb.Samples(list(range(100)), [0, 1] * 50), "100 draws for a table of 100 × 2"),
        (lambda: kb.Samples([0, 1] * 50, [0, 1] * 50, weights=[1, 2] * 50), "weights"),
        (lambda: kb.Samples([0, 1] * 50, [0, 1] * 50, block=[0, 1] * 50), "blocks"),
        (lambda: kb.Samples([0, 1] * 50), "other than 1 variables"),
    ],
)
def test_refused_with_the_reason(samples, words):
    with pytest.raises(kb.NoMethodError, match=words):
        kb.measure(samples(), of=MI, by=kb.JointCounts())


def test_too_many_outcomes_go_to_neighbours():
    rng = np.random.default_rng(0)
    answer = kb.measure(kb.Samples(*rng.integers(0, 100, (2, 300))), of=MI)
    assert answer.method == kb.KSG()
    assert any("several neighbours at the distance" in note for note in answer.notes)
