"""Answers: the number of the short name, where it comes from, and what it says."""

import math

import numpy as np
import pytest

import kullback as kb
from kullback.forms.discrete import Discrete
from kullback.forms.families.family import Family
from kullback.methods.choose import METHODS, choose

from .backends import numbers, relative_error

P, Q = [0.2, 0.8, 0.0], [0.5, 0.4, 0.1]
SHORT = {
    kb.KL(): kb.kl,
    kb.Jeffreys(): kb.jeffreys,
    kb.JensenShannon(): kb.js,
    kb.JensenShannon((0.3, 0.7)): lambda p, q: kb.js(p, q, weights=(0.3, 0.7)),
    kb.TotalVariation(): kb.tv,
    kb.Hellinger(): kb.hellinger,
    kb.ChiSquare(): kb.chi2,
    kb.HockeyStick(1.5): lambda p, q: kb.hockey_stick(p, q, gamma=1.5),
    kb.Renyi(0.5): lambda p, q: kb.renyi(p, q, alpha=0.5),
    kb.Renyi(1.0): kb.kl,
    kb.Renyi(3.0): lambda p, q: kb.renyi(p, q, alpha=3),
    kb.Tsallis(0.3): lambda p, q: kb.tsallis(p, q, alpha=0.3),
    kb.Alpha(2.0): lambda p, q: kb.alpha_divergence(p, q, alpha=2),
    kb.CrossEntropy(): kb.cross_entropy,
}


@pytest.mark.parametrize("of", SHORT, ids=repr)
def test_the_value_is_that_of_the_short_name(of, engine):
    answer = kb.measure(P, Q, of=of)
    assert answer.value == SHORT[of](P, Q)
    assert answer.kind == "exact"
    assert answer.method == kb.ExactSum()
    assert answer.of == of


@pytest.mark.parametrize("of", SHORT, ids=repr)
def test_each_outcome_has_its_share(of, xp):
    p, q = np.array([P, [0.1, 0.2, 0.7], [0.3, 0.3, 0.4]]), np.array(Q)
    answer = kb.measure(xp.array(p), xp.array(q), of=of)
    if xp.name == "dask":
        with pytest.raises(kb.InvalidInputError, match="lazy"):
            answer.contributions
        return
    shares = numbers(answer.contributions)
    assert shares.shape == (3, 3)
    assert np.all(shares >= 0)
    assert relative_error(shares.sum(-1), SHORT[of](p, q)) < 1e-14


def test_shares_are_the_terms_of_the_definition():
    shares = kb.measure(P, Q).contributions
    assert relative_error(shares, [0.2 * math.log(0.4) + 0.3, 0.8 * math.log(2) - 0.4, 0.1]) < 1e-14
    bits = kb.measure(P, Q, base=2).contributions
    assert relative_error(bits, shares / math.log(2)) < 1e-15
    assert (
        relative_error(
            kb.measure(P, of=kb.Entropy()).contributions,
            [-0.2 * math.log(0.2), -0.8 * math.log(0.8), 0],
        )
        < 1e-14
    )


def test_shares_of_mutual_information_are_those_of_its_cells():
    table = np.array([[0.4, 0.1], [0.1, 0.4]])
    answer = kb.measure(table, of=kb.MutualInformation(), base=2)
    assert answer.value == kb.mutual_information(table, base=2)
    cells = (table * np.log2(table / 0.25) - (table - 0.25) / math.log(2)).ravel()
    assert relative_error(answer.contributions, cells) < 1e-13


@pytest.mark.parametrize("alpha", [0.0, math.inf])
def test_orders_without_a_sum_have_shares_too(alpha):
    answer = kb.measure(P, Q, of=kb.Renyi(alpha))
    assert np.all(answer.contributions >= 0)
    assert answer.contributions.sum() == pytest.approx(float(answer.value), rel=1e-14)


def test_counts_are_a_sample_of_a_law():
    a, b = kb.Counts([3, 5, 2]), kb.Counts([4, 4, 8])
    answer = kb.measure(a, b, by=kb.PlugIn())
    assert answer.value == kb.kl(a, b) == pytest.approx(kb.kl([0.3, 0.5, 0.2], [0.25, 0.25, 0.5]))
    assert answer.kind == "estimated"
    assert kb.measure(a, b).method == kb.ZhangGrabchak()
    assert kb.measure(a, b).value < answer.value
    assert kb.measure(a, [0.2, 0.3, 0.5]).kind == "estimated"
    assert "high" in answer.notes[0]
    assert "low" in kb.measure(a, of=kb.Entropy(), by=kb.PlugIn()).notes[0]
    lazy = kb.measure(a, b, of=kb.TotalVariation(), by=kb.PlugIn())
    with pytest.raises(kb.InvalidInputError, match=r"There is no interval\. .* rng=0 gives one"):
        lazy.interval()


def test_an_exact_answer_knows_its_rounding():
    answer = kb.measure([0.5, 0.5], [0.9, 0.1])
    low, high = answer.interval()
    truth = 0.510825623765990683
    assert low < truth < high
    assert high - low == pytest.approx(2e-12 * truth)
    single = kb.measure(np.float32([0.5, 0.5]), np.float32([0.9, 0.1]))
    assert single.error == pytest.approx(1e-5 * truth, rel=1e-3)
    for level in (0, 1, 95, -0.5):
        with pytest.raises(kb.InvalidInputError, match=f"level={level}"):
            answer.interval(level)


@pytest.mark.parametrize(
    ("base", "unit"),
    [(None, "nats"), (math.e, "nats"), (2, "bits"), (10, "hartleys"), (3, "log-3 units")],
)
def test_units_have_names(base, unit):
    answer = kb.measure(P, Q, base=base)
    assert answer.unit == unit
    assert unit in repr(answer)
    assert answer.value == pytest.approx(kb.kl(P, Q) / math.log(base or math.e), rel=1e-15)


def test_questions_without_a_unit_name_none():
    answer = kb.measure([0.25, 0.75], [0.75, 0.25], of=kb.TotalVariation())
    assert answer.unit == ""
    assert repr(answer) == "0.5, exact, by ExactSum()"


def test_repr_says_value_unit_kind_and_method():
    assert repr(kb.measure([0.25, 0.75], [0.25, 0.75])) == "0.0 nats, exact, by ExactSum()"
    assert (
        repr(kb.measure([[1.0, 0.0]], [0.5, 0.5], base=2))
        == "array([1.]) bits, exact, by ExactSum()"
    )
    counted = repr(kb.measure(kb.Counts([6, 2]), [0.5, 0.5], base=2, by=kb.PlugIn()))
    assert counted.startswith("0.188721875540867")
    assert " ± 0.22 bits, estimated, by PlugIn()" in counted


def test_explained_by_its_largest_shares():
    said = kb.measure(P, Q, base=2).explain(names="abc").splitlines()
    assert said[0] == f"KL(p ‖ q) = 0.5356 bits: {kb.KL().meaning()}."
    assert (
        said[1]
        == "b carries 42 % of it (0.4 under q, 0.8 under p), a 31 % (0.5, 0.2), c 27 % (0.1, 0)."
    )
    assert len(said) == 2
    assert (
        kb.measure(P, Q)
        .explain(top=1)
        .endswith("outcome 1 carries 42 % of it (0.4 under q, 0.8 under p).")
    )


def test_entropy_is_explained_by_one_distribution():
    said = kb.measure([0.5, 0.25, 0.25], of=kb.Entropy(), base=2).explain(names="abc")
    assert said.startswith(
        "H(p) = 1.5 bits: the shortest mean length of a code for draws from p.\n"
    )
    assert said.endswith("a carries 33 % of it (0.5 under p), b 33 % (0.25), c 33 % (0.25).")


def test_infinity_is_explained():
    p, q = [0.25, 0.3, 0.45, 0.0], [0.0, 0.6, 0.0, 0.4]
    said = kb.measure(p, q, base=2).explain(names=["rain", "sun", "snow", "hail"]).splitlines()
    assert said[0] == "KL(p ‖ q) is infinite."
    assert said[1] == "p puts mass 0.7 where q has none, on 2 outcomes: snow (0.45), rain (0.25)."
    assert "Finite, and worth asking instead" in said[2]
    for words in (
        f"JS(p, q) = {kb.js(p, q, base=2):.4g}",
        f"TV(p, q) = {kb.tv(p, q):.4g}",
        f"H(p, q) = {kb.hellinger(p, q):.4g}",
        f"R(p ‖ q) of order ½ = {kb.renyi(p, q, alpha=0.5, base=2):.4g}",
    ):
        assert words in said[2]
    assert "KL(q ‖ p)" not in said[2]  # it is infinite too


def test_the_other_direction_is_offered_where_it_is_finite():
    p, q = [0.5, 0.3, 0.2], [0.5, 0.5, 0.0]
    said = kb.measure(p, q).explain()
    assert "p puts mass 0.2 where q has none, on 1 outcome: outcome 2 (0.2)." in said
    assert f"KL(q ‖ p) = {kb.kl(q, p):.4g}" in said
    assert "infinite" not in kb.measure(q, p).explain()


def test_infinity_of_jeffreys_names_both_sides():
    said = kb.measure([0.5, 0.5, 0.0], [0.0, 0.5, 0.5], of=kb.Jeffreys()).explain()
    assert "p puts mass 0.5 where q has none" in said
    assert "q puts mass 0.5 where p has none" in said


def test_infinity_of_renyi_names_what_is_lost():
    said = kb.measure([0.5, 0.3, 0.2], [0.5, 0.5, 0.0], of=kb.Renyi(2.0)).explain()
    assert said.startswith("R(p ‖ q) is infinite.\np puts mass 0.2 where q has none, on 1 outcome")


def test_infinity_of_logits_and_cross_entropy_too():
    a, b = kb.Logits([0.0, 0.0, 0.0]), kb.Logits([0.0, 0.0, -math.inf])
    for of in (kb.KL(), kb.CrossEntropy()):
        assert (
            "p puts mass 0.3333 where q has none, on 1 outcome: outcome 2"
            in kb.measure(a, b, of=of).explain()
        )


def test_total_variation_names_the_event_that_attains_it():
    p, q = [0.1, 0.5, 0.3, 0.1], [0.3, 0.2, 0.2, 0.3]
    said = kb.measure(p, q, of=kb.TotalVariation()).explain(names="abcd")
    assert said.startswith("TV(p, q) = 0.4: the largest difference")
    assert said.endswith("event {b, c}: probability 0.8 under p, 0.4 under q.")
    stick = kb.measure(p, q, of=kb.HockeyStick(2.0)).explain(names="abcd")
    assert stick.endswith("event {b}: probability 0.5 under p, 0.2 under q.")


def test_rows_of_a_batch_are_explained_one_at_a_time():
    p, q = np.array([[0.5, 0.5], [0.9, 0.1], [0.6, 0.4]]), np.array([0.5, 0.5])
    answer = kb.measure(p, q)
    assert answer.explain().startswith("Row 1 of (3,): KL(p ‖ q) = 0.3681 nats")
    assert answer.explain(row=2).startswith("Row 2 of (3,): KL(p ‖ q) = 0.02014 nats")
    assert answer.explain(row=0) == f"Row 0 of (3,): KL(p ‖ q) = 0 nats: {kb.KL().meaning()}."
    grid = kb.measure(p.reshape(3, 1, 2), np.stack([q, q[::-1]]))
    assert grid.explain(row=(1, 1)).startswith("Row 1, 1 of (3, 2): KL(p ‖ q) = 0.3681")


def test_outcomes_on_another_axis():
    p, q = np.array([[0.9, 0.2], [0.1, 0.8]]), np.array([[0.5, 0.5], [0.5, 0.5]])
    answer = kb.measure(p, q, axis=0)
    assert relative_error(answer.value, kb.kl(p.T, q.T)) == 0
    assert answer.contributions.shape == (2, 2)
    assert relative_error(answer.contributions.sum(-1), answer.value) < 1e-14


def test_names_must_fit():
    with pytest.raises(kb.InvalidInputError, match="2 names for 3 outcomes"):
        kb.measure(P, Q).explain(names="ab")


def test_explained_in_every_library(xp):
    answer = kb.measure(xp.array(P), xp.array(Q), base=2)
    assert relative_error(answer.value, 0.53561438102252753) < 1e-14
    if xp.name == "dask":
        with pytest.raises(kb.InvalidInputError, match="lazy"):
            answer.explain()
    else:
        assert answer.explain(names="abc") == kb.measure(P, Q, base=2).explain(names="abc")
        assert repr(answer).startswith("0.535614381022527")


def test_when_all_refuse_each_says_why():
    with pytest.raises(kb.NoMethodError) as caught:
        choose(kb.KL(), kb.Counts([1, 2]), kb.Probs([0.5, 0.5]), (kb.ExactSum(),))
    said = str(caught.value).splitlines()
    assert (
        said[0] == "No method answers KL() for Counts(array([1, 2])) and Probs(array([0.5, 0.5])):"
    )
    assert said[1].startswith("  ExactSum(): counts are a sample")
    with pytest.raises(kb.NoMethodError) as caught:
        choose(kb.Entropy(), kb.Probs([0.5, 0.5]), kb.Probs([0.5, 0.5]))
    listed = [line.split("(")[0].strip() for line in str(caught.value).splitlines()[1:]]
    assert listed == ["ExactSum", "SortedTransport"]  # those that read tables
    with pytest.raises(kb.NoMethodError) as caught:
        choose(kb.Wasserstein(3), kb.families.Gumbel(0, 1), kb.Probs([0.5, 0.5]))
    named = {line.split("(")[0].strip() for line in str(caught.value).splitlines()[1:]}
    reading = {type(m).__name__ for m in METHODS if set(m.reads) & {kb.Form, Family, Discrete}}
    assert named == reading


def test_answers_are_frozen():
    with pytest.raises(AttributeError):
        kb.measure(P, Q).value = 0
