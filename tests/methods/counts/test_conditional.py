"""What two variables tell of each other given a third, from counts."""

import math

import numpy as np
import pytest
from scipy.stats import chi2

import kullback as kb

CMI, MI = kb.ConditionalMutualInformation(), kb.MutualInformation()
TABLE = np.array([[[7, 2, 4], [1, 5, 0]], [[2, 6, 1], [9, 3, 8]], [[3, 0, 5], [4, 4, 2]]])
METHODS = [kb.PlugIn(), kb.MillerMadow(), kb.Jackknife(), kb.ChaoShen(), kb.Grassberger(),
           kb.ZhangGrabchak(), kb.Dirichlet(0.7), kb.NSB()]  # fmt: skip


def ask(table, of=CMI, **keywords):
    return kb.measure(kb.Counts(table), of=of, **keywords)


def test_frequencies_give_what_the_short_name_gives():
    truth = kb.conditional_mutual_information(TABLE / TABLE.sum())
    assert ask(TABLE, by=kb.PlugIn()).value == pytest.approx(truth, rel=1e-13)
    assert ask(TABLE, by=kb.PlugIn(), base=2).value == pytest.approx(truth / math.log(2))


@pytest.mark.parametrize("method", METHODS[1:6], ids=repr)
def test_it_is_made_of_four_entropies(method):
    def entropy(counts):
        return kb.measure(kb.Counts(counts.ravel()), of=kb.Entropy(), by=method).value

    xz, yz, z = TABLE.sum(1), TABLE.sum(0), TABLE.sum((0, 1))
    parts = entropy(xz) + entropy(yz) - entropy(TABLE) - entropy(z)
    assert ask(TABLE, by=method).value == pytest.approx(parts, abs=1e-12)


@pytest.mark.parametrize("method", [m for m in METHODS if m != kb.Grassberger()], ids=repr)
def test_a_third_variable_that_never_changes_changes_nothing(method):
    flat = TABLE[:, :, 1]
    got, plain = ask(TABLE[:, :, 1:2], by=method), ask(flat, of=MI, by=method)
    assert got.value == pytest.approx(plain.value, abs=1e-12)
    if method != kb.Dirichlet(0.7) and method != kb.NSB():
        assert got.error == pytest.approx(plain.error)


def test_the_posterior_mean_is_the_mean_of_posterior_draws():
    rng = np.random.default_rng(0)
    laws = rng.dirichlet(TABLE.ravel() + 0.7, 20_000).reshape(-1, *TABLE.shape)
    drawn = kb.conditional_mutual_information(laws)
    answer = ask(TABLE, by=kb.Dirichlet(0.7), rng=0)
    assert answer.value == pytest.approx(drawn.mean(), abs=5 * drawn.std() / math.sqrt(20_000))
    assert answer.error == pytest.approx(drawn.std(), rel=0.1)


def test_the_bias_that_miller_and_madow_take_off():
    """K(x, y, z) − K(x, z) − K(y, z) + K(z), over 2 n."""
    seen = (TABLE > 0).sum() - (TABLE.sum(1) > 0).sum() - (TABLE.sum(0) > 0).sum() + 3
    left = ask(TABLE, by=kb.PlugIn()).value - ask(TABLE, by=kb.MillerMadow()).value
    assert left == pytest.approx(seen / (2 * TABLE.sum()))


def test_the_p_value_is_that_of_the_tests_for_each_z():
    table = 40 + TABLE
    g = [
        2 * table[:, :, z].sum() * kb.mutual_information(kb.Counts(table[:, :, z]))
        for z in (0, 1, 2)
    ]
    answer = ask(table)
    assert answer.p_value == pytest.approx(chi2.sf(sum(g), 6), rel=0.02)  # less Williams' factor
    assert any("independence given z" in note for note in answer.notes)


def test_independence_given_z_is_not_independence():
    """Two coins whose bias z sets: dependent, but not given z. Sparse, so that tables are dealt."""
    rng = np.random.default_rng(3)
    z = rng.integers(0, 2, 150)
    x, y = (rng.random((2, 150)) < np.where(z, 0.95, 0.1)).astype(int)
    table = np.zeros((2, 2, 2), dtype=int)
    np.add.at(table, (x, y, z), 1)
    assert ask(table.sum(2), of=MI, rng=0).p_value < 1e-6
    given = ask(table, rng=0)
    assert given.p_value > 0.05
    assert given.floor.upper > given.value
    low, high = given.interval()
    assert low == 0 < high


def test_false_alarms_are_as_often_as_they_say():
    """300 tables without dependence given z: p-values below 0.1 in about one of ten."""
    rng = np.random.default_rng(4)
    laws = [np.outer(rng.dirichlet([3, 3, 3]), rng.dirichlet([3, 3])).ravel() for _ in range(2)]
    tables = np.stack([rng.multinomial(60, law, size=300) for law in laws], axis=-1)
    tables = tables.reshape(300, 3, 2, 2)
    chance = ask(tables, rng=0, by=kb.PlugIn(resamples=199)).p_value
    assert chance.shape == (300,)
    assert 0.05 < np.mean(chance <= 0.1) < 0.16


def test_values_of_z_that_were_not_seen_add_nothing():
    wider = np.concatenate([TABLE, np.zeros((3, 2, 1), dtype=int)], axis=2)
    for by in (kb.PlugIn(), kb.Jackknife(), kb.MillerMadow()):
        one, other = ask(TABLE, by=by, rng=1), ask(wider, by=by, rng=1)
        assert other.value == pytest.approx(one.value, abs=1e-12)
        assert other.error == pytest.approx(one.error, rel=0.15)
    assert ask(wider + 30 * (wider.sum((0, 1)) > 0)).p_value == pytest.approx(
        ask(TABLE + 30).p_value
    )


def test_the_default_and_transfer_entropy():
    answer = ask(TABLE, rng=0)
    assert answer.method == kb.Jackknife()
    through_time = ask(TABLE, of=kb.TransferEntropy(), rng=0)
    assert through_time.value == answer.value
    assert answer.contributions.shape == (18,)
    assert answer.contributions.sum() == pytest.approx(answer.value)


def test_a_table_of_two_axes_is_refused():
    with pytest.raises(kb.ShapeError, match="three axes"):
        ask(TABLE[0])
