"""Errors, intervals, p-values, floors and words of estimates from counts."""

import numpy as np
import pytest

import kullback as kb

A, B = kb.Counts([30, 50, 20]), kb.Counts([40, 40, 80])
ALL = (
    kb.PlugIn, kb.MillerMadow, kb.Jackknife, kb.ChaoShen, kb.Grassberger, kb.ZhangGrabchak,
    kb.JamesStein, kb.Dirichlet, kb.NSB, kb.AutoCounts,
)  # fmt: skip


def test_the_default_says_all_there_is_to_say():
    found = kb.measure(A, B, rng=0)
    assert found.method == kb.ZhangGrabchak()
    assert found.kind == "estimated"
    low, high = found.interval()
    assert 0 < low < found.value < high
    assert found.value < kb.kl(A, B)
    assert found.error > 0
    assert found.p_value < 1e-4
    assert found.floor.upper < found.value
    assert "p-value" in repr(found)
    assert "floor" in repr(found)
    said = found.explain(names="abc")
    assert "c carries" in said
    assert "No difference would show" in said
    assert "p-value against no difference" in said
    assert any("bootstrap" in note for note in found.notes)
    assert any("G-test, χ² with 2 degrees of freedom" in note for note in found.notes)


def test_plug_in_is_the_short_name():
    for of in (kb.KL(), kb.JensenShannon(), kb.TotalVariation(), kb.Renyi(0.5)):
        assert (
            kb.measure(A, B, of=of, by=kb.PlugIn()).value
            == kb.measure(A, B, of=of, by=kb.PlugIn(), rng=3).value
        )
    assert kb.measure(A, B, by=kb.PlugIn()).value == kb.kl(A, B)


def test_units_reach_every_number():
    nats, bits = (kb.measure(A, B, rng=0, base=base) for base in (None, 2))
    for get in (
        lambda e: e.value, lambda e: e.error, lambda e: e.floor.mean, lambda e: e.floor.upper,
        lambda e: e.interval()[0], lambda e: e.contributions.sum(),
    ):  # fmt: skip
        assert get(nats) == pytest.approx(get(bits) * np.log(2), rel=1e-12)
    assert nats.p_value == bits.p_value
    assert nats.contributions.sum() == pytest.approx(nats.value)


def test_the_same_seed_gives_the_same_answer():
    one, two, other = (kb.measure(A, B, rng=seed) for seed in (0, 0, 1))
    assert one.interval() == two.interval() != other.interval()


@pytest.mark.parametrize("by", ALL, ids=lambda by: by.__name__)
@pytest.mark.parametrize(
    "of", [kb.Entropy(), kb.KL(), kb.JensenShannon(), kb.MutualInformation()], ids=repr
)
def test_rows_of_a_batch_are_answered_as_they_are_alone(by, of):
    a = np.array([[30, 50, 20, 5], [10, 0, 60, 10], [1, 2, 3, 4]])
    b = np.array([40, 40, 80, 20])
    if isinstance(of, kb.JensenShannon):
        b = np.array([[30, 40, 30, 5], [20, 20, 20, 20], [2, 2, 2, 4]])
    if isinstance(of, kb.MutualInformation):
        a = a.reshape(3, 2, 2)
    pair = (kb.Counts(a), kb.Counts(b)) if of.arguments == 2 else (kb.Counts(a),)
    if by is kb.AutoCounts:
        pytest.skip("one estimator serves all rows, and is chosen by the least of them")
    method = by(resamples=400)
    if method.refuse(of, *pair, *([None] if len(pair) == 1 else [])) is not None:
        pytest.skip("refused")
    together = kb.measure(*pair, of=of, by=method, rng=0)
    assert together.value.shape == (3,)
    for i in range(3):
        alone = [kb.Counts(x.array[i] if x.array.shape[0] == 3 else x.array) for x in pair]
        single = kb.measure(*alone, of=of, by=method, rng=0)
        drawn = isinstance(of, kb.JensenShannon) and by in (kb.Dirichlet, kb.NSB)
        assert together.value[i] == pytest.approx(single.value, rel=0.2 if drawn else 1e-10)
        assert together.error[i] == pytest.approx(single.error, rel=0.6)
        low, high = together.interval()
        assert np.all(low <= high)


def test_without_an_rng():
    found = kb.measure(A, B)
    low, high = found.interval()
    assert low < found.value < high
    assert any("rng=0" in note for note in found.notes)
    distance = kb.measure(A, B, of=kb.TotalVariation())
    with pytest.raises(kb.InvalidInputError, match="rng=0 gives one"):
        distance.interval()
    assert distance.error > 0
    sparse = kb.measure(kb.Counts([1, 2, 0, 1]), kb.Counts([1, 0, 2, 1]))
    assert sparse.p_value is None
    assert any("permutation: give rng=0" in note for note in sparse.notes)
    with pytest.raises(kb.NoMethodError, match="rng"):
        kb.measure(A, B, of=kb.JensenShannon(), by=kb.Dirichlet())


def test_floors_agree_with_permutation():
    for by in (kb.PlugIn(), kb.MillerMadow()):
        for of in (kb.KL(), kb.JensenShannon(), kb.Hellinger()):
            if by.refuse(of, A, B):
                continue
            short, drawn = (kb.measure(A, B, of=of, by=by, rng=rng).floor for rng in (None, 0))
            assert short.upper == pytest.approx(drawn.upper, rel=0.15)
            assert short.mean == pytest.approx(drawn.mean, abs=0.1 * short.upper)


def test_one_law_or_independence_with_nothing_to_test():
    one = kb.measure(kb.Counts([5, 0]), kb.Counts([7, 0]), of=kb.JensenShannon(), rng=0)
    assert one.p_value == 1
    assert abs(one.value) < 1e-12
    known = kb.measure(kb.Counts([50, 50]), [1.0, 0.0], rng=0)
    assert known.value == np.inf
    assert known.p_value == 0
    assert any("excludes: infinite" in note for note in known.notes)


def test_a_known_law_beside_counts():
    counts, law = np.array([60, 90, 150]), np.array([0.2, 0.3, 0.5])
    found = kb.measure(kb.Counts(counts), law, rng=0)
    assert found.p_value == pytest.approx(1.0)
    assert found.value < kb.kl(kb.Counts(counts), law) + 1e-12
    other = kb.measure(law[::-1].copy(), kb.Counts(counts), rng=0)
    assert other.p_value < 1e-6
    assert other.interval()[0] > 0


def test_negative_values_are_explained():
    same = kb.measure(kb.Counts([50, 50]), kb.Counts([51, 49]), rng=0)
    assert same.value < 0
    assert same.interval()[0] == 0
    assert any("negative where no truth is" in note for note in same.notes)


def test_little_data_is_called_little():
    found = kb.measure(kb.Counts([1, 1, 1, 2] + [0] * 96), of=kb.Entropy(), rng=0)
    assert found.method == kb.ChaoShen()
    assert any("lies on outcomes not seen" in note for note in found.notes)


def test_the_rule_that_chooses():
    dense, few = kb.Counts([500, 300, 200]), kb.Counts([1, 1, 2, 0])
    chosen = {
        kb.Jackknife(): [(dense, None, kb.Entropy()), (dense, dense, kb.JensenShannon())],
        kb.ChaoShen(): [(few, None, kb.Entropy())],
        kb.Grassberger(): [(few, few, kb.JensenShannon())],
        kb.ZhangGrabchak(): [
            (dense, dense, of) for of in (kb.KL(), kb.CrossEntropy(), kb.Jeffreys())
        ],
        kb.MillerMadow(): [
            (dense, kb.Counts([5, 3, 2]), kb.JensenShannon()), (dense, dense, kb.ChiSquare()),
            (dense, [0.2, 0.3, 0.5], kb.JensenShannon()),
        ],
        kb.PlugIn(): [
            (dense, dense, kb.TotalVariation()), (dense, dense, kb.Hellinger()),
            (dense, dense, kb.Wasserstein(positions=[0, 1, 2])),
        ],
    }  # fmt: skip
    for method, asked in chosen.items():
        for p, q, of in asked:
            assert kb.measure(p, q, of=of).method == method, (p, q, of)
