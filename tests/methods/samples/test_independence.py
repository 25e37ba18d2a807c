"""Draws dealt anew without dependence: what they keep."""

import numpy as np
import pytest

import kullback as kb
from kullback.methods.samples.series import Series, embedded, shifted, stretches
from kullback.methods.samples.shuffles import exchanged, nearby

MI, CMI, TE = kb.MutualInformation(), kb.ConditionalMutualInformation(), kb.TransferEntropy()


def test_rows_of_series():
    x, y = np.arange(6.0), 10 + np.arange(6.0)
    rows = embedded(kb.TransferEntropy(2), kb.Samples(x, y))
    assert rows.split == (1, 2, 2)
    assert np.array_equal(rows.x[0], [12, 1, 0, 11, 10])
    assert np.array_equal(rows.x[-1], [15, 4, 3, 14, 13])
    assert rows.n == 4


def test_no_row_joins_two_series():
    x = np.arange(10.0)
    rows = embedded(TE, kb.Samples(x, x + 100, block=[0, 1] * 5))
    assert rows.n == 8
    assert np.array_equal(rows.x[:, 0] - rows.x[:, 1], np.full(8, 102))
    assert np.array_equal(rows.series, [0] * 4 + [1] * 4)


def test_several_coordinates_at_each_moment():
    x, y = np.arange(8.0).reshape(4, 2), np.arange(4.0)
    rows = embedded(kb.TransferEntropy(2), kb.Samples(x, y))
    assert rows.split == (1, 4, 2)
    assert np.array_equal(rows.x[0], [2, 2, 3, 0, 1, 1, 0])


def test_stretches_are_of_one_series_and_of_root_n_moments():
    series = np.repeat([0, 1], [100, 44])
    number = stretches(series)
    assert np.array_equal(
        np.unique(np.stack([series, number]), axis=1)[0],
        series[np.unique(number, return_index=True)[1]],
    )
    assert np.bincount(number).max() == 12
    many = np.repeat(np.arange(30), 5)
    assert np.array_equal(stretches(many), many)


def test_shifts_are_rings_within_series():
    rng = np.random.default_rng(0)
    series = np.repeat([0, 1, 2], [50, 7, 1])
    draws = Series(np.arange(58.0)[:, None], series=series)
    for _ in range(20):
        to = shifted(draws, rng)
        assert np.array_equal(np.sort(to), np.arange(58))
        assert np.array_equal(series[to], series)
        assert len(np.unique((to - np.arange(58))[:50] % 50)) == 1
        assert 7 <= to[0] <= 43
        assert to[50] - 50 in (2, 3, 4, 5)
        assert to[-1] == 57


def test_series_too_short_for_a_past_or_a_shift():
    x, y = np.random.default_rng(0).normal(size=(2, 60))
    with pytest.raises(
        kb.InvalidInputError, match=r"needs 4 moments in a row, and the longest.* 3"
    ):
        kb.measure(kb.Samples(x, y, block=np.arange(60) // 3), of=kb.TransferEntropy(3))
    pairs = kb.Samples(x, y, block=np.arange(60) // 2)
    answer = kb.measure(pairs, of=TE, rng=0, by=kb.KSG(resamples=0))
    assert answer.p_value is None
    assert any("moved in time in too few ways" in note for note in answer.notes)


def test_blocks_go_whole_to_blocks_of_their_size():
    block = np.repeat(np.arange(12), [3] * 6 + [5] * 6)
    rng = np.random.default_rng(0)
    shuffle = rng.permutation(len(block))
    given = exchanged(block[shuffle], rng)
    assert np.array_equal(np.sort(given), np.arange(len(block)))
    pairs = np.unique(np.stack([block[shuffle], block[shuffle][given]]), axis=1)
    assert pairs.shape[1] == 12
    assert exchanged(np.repeat(np.arange(5), [1, 2, 3, 4, 5]), rng) is None


def test_rows_near_in_z_are_exchanged():
    z = np.random.default_rng(0).random((400, 1))
    to = nearby(z, np.random.default_rng(1))
    assert np.abs(z[to] - z).max() < 0.05
    assert len(np.unique(to)) > 360
    assert (to != np.arange(400)).mean() > 0.6


def walk(n, rng):
    """A series that remembers: each value 0.8 of the last, and noise."""
    x = rng.normal(size=n)
    for t in range(1, n):
        x[t] += 0.8 * x[t - 1]
    return x


def test_what_is_there_is_found():
    rng = np.random.default_rng(0)
    x = walk(300, rng)
    y = np.roll(x, 1) + 0.5 * rng.normal(size=300)
    there = kb.measure(kb.Samples(x, y), of=TE, rng=0)
    back = kb.measure(kb.Samples(y, x), of=TE, rng=0)
    assert there.p_value == 0.005
    assert there.interval()[0] > 0.2
    assert back.p_value > 0.05
    words = " ".join(there.notes)
    assert "shifts of x in time" in words
    assert "stretches of it are resampled whole" in words


def test_no_p_value_where_blocks_cannot_be_exchanged():
    x, y, z = np.random.default_rng(0).normal(size=(3, 60))
    by = kb.KSG(resamples=0)
    unequal = np.repeat(np.arange(5), [4, 8, 12, 16, 20])
    answer = kb.measure(kb.Samples(x, y, block=unequal), of=MI, by=by, rng=0)
    assert answer.p_value is None
    assert any("of their size" in note for note in answer.notes)
    answer = kb.measure(kb.Samples(x, y, z, block=unequal), of=CMI, by=by, rng=0)
    assert answer.p_value is None
