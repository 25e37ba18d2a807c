"""Errors, intervals, p-values, floors and words of estimates from counts."""

import numpy as np
import pytest

import kullback as kb

A, B = kb.Counts([30, 50, 20]), kb.Counts([40, 40, 80])
FOUR = (kb.Entropy(), kb.KL(), kb.JensenShannon(), kb.MutualInformation())
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


def test_zero_counts_in_q_are_explained():
    a, b = kb.Counts([30, 50, 20]), kb.Counts([40, 60, 0])
    plain = kb.measure(a, b, by=kb.PlugIn(), rng=0)
    assert plain.value == np.inf
    assert any("0.2 of p lies on 1 outcome that q never showed" in note for note in plain.notes)
    assert any("kb.Counts(q, prior=0.5)" in note for note in plain.notes)
    assert plain.interval() == (0, np.inf)
    assert "infinite" in plain.explain()
    finite = kb.measure(a, b, rng=0)
    assert 0 < finite.value < 2
    assert any("if it cannot, the truth is infinite" in note for note in finite.notes)
    smooth = kb.measure(a, kb.Counts([40, 60, 0], prior=0.5), rng=0)
    assert smooth.method == kb.PlugIn()
    assert smooth.value == kb.kl(a, kb.Counts([40.5, 60.5, 0.5]))
    assert any("prior=0.5 is added to every count of q" in note for note in smooth.notes)
    assert np.isfinite(smooth.interval()).all()


def test_what_q_never_showed_has_a_finite_share_of_a_finite_estimate():
    found = kb.measure(kb.Counts([30, 50, 20, 3]), kb.Counts([40, 40, 80, 0]), rng=0)
    assert np.isfinite(found.contributions).all()
    assert found.contributions.sum() == pytest.approx(found.value)
    assert "nan" not in found.explain()
    assert "d 19 %" in found.explain(names="abcd")
    rows = kb.measure(kb.Counts([[3, 3, 3], [3, 3, 3]]), kb.Counts([[4, 4, 4], [4, 8, 0]]))
    assert rows.contributions.sum(axis=-1)[1] == pytest.approx(rows.value[1])


def test_the_axis_of_outcomes():
    a, b = np.array([[30, 50, 20], [9, 8, 7]]), np.array([[40, 40, 80], [5, 9, 9]])
    rows = kb.measure(kb.Counts(a), kb.Counts(b), rng=0)
    columns = kb.measure(kb.Counts(a.T), kb.Counts(b.T), axis=0, rng=0)
    assert columns.value == pytest.approx(rows.value, rel=1e-14)
    assert columns.interval()[1] == pytest.approx(rows.interval()[1], rel=1e-14)
    assert rows.value[0] == kb.measure(A, B).value


def test_priors():
    joint = [[5, 0], [0, 5]]
    smooth = kb.mutual_information(kb.Counts(joint, prior=0.5))
    assert smooth == kb.mutual_information(kb.Counts(np.array(joint) + 0.5))
    many = kb.pairwise(kb.Counts([[3, 0], [1, 2]], prior=1.0), of=kb.KL())
    assert many == pytest.approx(kb.pairwise(np.array([[0.8, 0.2], [0.4, 0.6]])))
    assert repr(kb.Counts([1, 2], prior=0.5)) == "Counts(array([1, 2]), prior=0.5)"
    for prior in (0, -1, np.inf, np.nan, "a", [1, 2]):
        with pytest.raises(kb.InvalidInputError, match="prior="):
            kb.Counts([1, 2], prior=prior)
    with pytest.raises(kb.NoMethodError, match=r"prior=0\.5 added to each"):
        kb.measure(kb.Counts([1, 2], prior=0.5), of=kb.Entropy(), by=kb.ChaoShen())


def test_weights_have_values_and_no_errors():
    a, b = kb.Counts([1.5, 2.5, 3.0]), kb.Counts([2.0, 2.5, 1.0])
    found = kb.measure(a, b, rng=0)
    assert found.method == kb.PlugIn()
    assert found.value == kb.kl(a, b)
    assert found.error is found.p_value is found.floor is None
    assert any("weights" in note for note in found.notes)
    with pytest.raises(kb.InvalidInputError, match="weights"):
        found.interval()
    for by in (kb.MillerMadow(), kb.Jackknife(), kb.ZhangGrabchak(), kb.NSB()):
        with pytest.raises(kb.NoMethodError, match="weights that are not whole"):
            kb.measure(a, b, by=by)
    assert kb.measure(a, b, by=kb.Dirichlet()).value > 0
    assert kb.measure(kb.Counts([15.5, 2.5]), kb.Counts([2.5, 9.5]), by=kb.JamesStein()).value > 0


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


TV, H = kb.TotalVariation(), kb.Entropy()
REFUSED = {
    "tables": (lambda: kb.MillerMadow(resamples=3), kb.InvalidInputError, "resamples=3"),
    "prior": (lambda: kb.Dirichlet(0), kb.InvalidInputError, "concentration=0"),
    "kink": (lambda: kb.measure(A, B, of=TV, by=kb.MillerMadow()), kb.NoMethodError, "kink"),
    "root": (
        lambda: kb.measure(A, B, of=kb.Hellinger(), by=kb.MillerMadow()),
        kb.NoMethodError,
        "function of a sum",
    ),
    "log q": (lambda: kb.measure(A, B, by=kb.Grassberger()), kb.NoMethodError, "of log q"),
    "no counts": (lambda: kb.measure([1.0], [1.0], by=kb.ChaoShen()), kb.NoMethodError, "counts"),
    "negative": (lambda: kb.measure(kb.Counts([1, -2]), of=H), kb.InvalidInputError, "negative"),
    "nothing": (lambda: kb.measure(kb.Counts([0, 0]), of=H), kb.InvalidInputError, "nothing"),
    "NaN": (lambda: kb.measure(kb.Counts([1, np.nan]), of=H), kb.InvalidInputError, "nan"),
    "sizes": (lambda: kb.measure(A, kb.Counts([1, 2])), kb.ShapeError, "3 outcomes"),
    "joint": (lambda: kb.measure(A, of=kb.MutualInformation()), kb.ShapeError, "two axes"),
    "one": (lambda: kb.measure(kb.Counts([3]), of=H, by=kb.NSB()), kb.NoMethodError, "one outcome"),
}


@pytest.mark.parametrize(("call", "error", "words"), REFUSED.values(), ids=REFUSED)
def test_refused(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_single_draws_and_single_outcomes_have_no_nan():
    for counts in ([1], [1, 0], [0, 0, 2], [1, 1]):
        for by in ALL:
            if by is kb.NSB and len(counts) == 1:
                continue
            found = kb.measure(kb.Counts(counts), of=kb.Entropy(), by=by(resamples=50), rng=0)
            assert np.isfinite([found.value, found.error, *found.interval()]).all(), (counts, by)
            pair = kb.Counts(counts), kb.Counts(counts)
            found = kb.measure(*pair, of=kb.JensenShannon(), by=by(resamples=50), rng=0)
            assert not np.isnan([found.value, found.error, *found.interval()]).any(), (counts, by)


def test_torch_counts_keep_their_library():
    torch = pytest.importorskip("torch")
    found = kb.measure(
        kb.Counts(torch.tensor([3, 5])), kb.Counts(torch.tensor([4, 9])), by=kb.PlugIn()
    )
    assert isinstance(found.value, torch.Tensor)
    default = kb.measure(kb.Counts(torch.tensor([3, 5])), kb.Counts(torch.tensor([4, 9])))
    assert default.value == kb.measure(kb.Counts([3, 5]), kb.Counts([4, 9])).value
