"""Forms of the same two distributions give the same answer, in any mixture."""

import itertools
import math

import numpy as np
import pytest

import kullback as kb

from ..backends import relative_error

P = np.array([[0.125, 0.25, 0.5, 0.125], [0.0, 0.25, 0.375, 0.375]])
Q = np.array([[0.25, 0.25, 0.0, 0.5], [0.5, 0.125, 0.125, 0.25]])


def logs(x):
    with np.errstate(divide="ignore"):
        return np.log(x)


FORMS = {
    "bare": lambda x: x,
    "list": lambda x: x.tolist(),
    "Probs": kb.Probs,
    "LogProbs": lambda x: kb.LogProbs(logs(x)),
    "Logits": lambda x: kb.Logits(logs(x) + np.array([[3.0], [-500.0]])),
    "Counts": lambda x: kb.Counts((16 * x).astype(int)),
    "weighted Counts": lambda x: kb.Counts(2.5 * x),
    "unsigned Counts": lambda x: kb.Counts((16 * x).astype(np.uint8)),
}
ASK = {
    "kl": kb.kl,
    "reverse kl": lambda p, q: kb.kl(q, p),
    "js": kb.js,
    "js 0.3": lambda p, q: kb.js(p, q, weights=(0.3, 0.7)),
    "js of a list": lambda p, q: kb.js([p, q, p]),
    "jeffreys": kb.jeffreys,
    "tv": kb.tv,
    "hellinger": kb.hellinger,
    "chi2": kb.chi2,
    "renyi": lambda p, q: kb.renyi(p, q, alpha=0.3),
    "renyi 2": lambda p, q: kb.renyi(p, q, alpha=2),
    "renyi 0": lambda p, q: kb.renyi(p, q, alpha=0),
    "renyi ∞": lambda p, q: kb.renyi(p, q, alpha=math.inf),
    "entropy": lambda p, _: kb.entropy(p),
    "cross-entropy": kb.cross_entropy,
    "hockey-stick": lambda p, q: kb.hockey_stick(p, q, gamma=1.5),
    "f": lambda p, q: kb.f_divergence(p, q, f=lambda t: (t - 1) ** 2, slope_at_infinity=math.inf),
}


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
def test_any_two_forms(ask, engine):
    truth = ask(P, Q)
    for first, second in itertools.product(FORMS, repeat=2):
        got = ask(FORMS[first](P), FORMS[second](Q))
        assert relative_error(got, truth) < 2e-13, (first, second)


@pytest.mark.parametrize("ask", [kb.kl, kb.js, kb.tv, kb.cross_entropy])
def test_labels_are_one_hot(ask, engine):
    y, hot = np.array([3, 0]), np.eye(4)[[3, 0]]
    for name, form in FORMS.items():
        assert relative_error(ask(kb.Labels(y), form(Q)), ask(hot, Q)) < 2e-13, name
        assert relative_error(ask(form(Q), kb.Labels(y)), ask(Q, hot)) < 2e-13, name


def test_logits_are_shift_invariant(engine):
    a, b = logs(P), logs(Q)
    for up, down in ((0.0, 7.0), (300.0, -300.0), (1e5, 3e5)):
        got = kb.js(kb.Logits(a + up), kb.Logits(b + down))
        assert relative_error(got, kb.js(P, Q)) < 1e-9


def test_counts_are_read_as_frequencies(engine):
    assert kb.kl(kb.Counts([3, 1]), [0.5, 0.5], base=2) == pytest.approx(
        0.1887218755408671, rel=1e-14
    )
    assert kb.entropy(kb.Counts([2, 1, 1]), base=2) == 1.5
    assert kb.mutual_information(kb.Counts([[4, 1], [1, 4]]), base=2) == pytest.approx(
        0.278071905112638, rel=1e-13
    )
    large = kb.Counts(np.array([2**62, 2**62]))
    assert kb.entropy(large, base=2) == 1


def test_forms_say_what_they_hold():
    assert repr(kb.Probs([0.5, 0.5])) == "Probs(array([0.5, 0.5]))"
    assert (
        repr(kb.Logits(np.zeros((3, 4), np.float32)))
        == "Logits(<ndarray of shape (3, 4), float32>)"
    )
    assert repr(kb.Counts([1, 2])) == "Counts(array([1, 2]))"


def test_forms_hold_the_users_own_array():
    x = np.array([0.5, 0.5])
    assert kb.Probs(x).array is x
    with pytest.raises(AttributeError):
        kb.Probs(x).array = x
