"""What counts may hold: zeros, priors, weights, any axis; and what is refused, in words."""

import numpy as np
import pytest

import kullback as kb

A, B = kb.Counts([30, 50, 20]), kb.Counts([40, 40, 80])
ALL = (
    kb.PlugIn, kb.MillerMadow, kb.Jackknife, kb.ChaoShen, kb.Grassberger, kb.ZhangGrabchak,
    kb.JamesStein, kb.Dirichlet, kb.NSB, kb.AutoCounts,
)  # fmt: skip


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
