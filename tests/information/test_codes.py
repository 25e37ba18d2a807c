"""Codes that lose something, against curves known in closed form and against their own bounds."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kullback as kb
from kullback.information.codes import blahut_arimoto
from kullback.information.codes.quadratic import least


def h(a, base=2):
    return 0.0 if a in (0, 1) else -(a * math.log(a) + (1 - a) * math.log(1 - a)) / math.log(base)


@pytest.mark.parametrize("p", [0.5, 0.3, 0.05])
@pytest.mark.parametrize("slope", [0.5, 2.0, 4.0, 12.0])
def test_a_coin_told_wrongly_at_times(p, slope):
    """R(D) = h(p) − h(D) for D below both probabilities, at the slope log₂ (1 − D)/D."""
    d = min(1 / (1 + 2**slope), p, 1 - p)
    found = kb.rate_distortion([p, 1 - p], 1 - np.eye(2), slope, base=2)
    assert found.distortion == pytest.approx(d, abs=1e-7)
    assert found.rate == pytest.approx(h(p) - h(d), abs=1e-7)
    assert found.lower <= found.rate + 1e-12
    assert found.lower == pytest.approx(found.rate, abs=1e-8)


@pytest.mark.parametrize("k", [3, 8])
def test_equal_symbols(k):
    """R(D) = log k − h(D) − D log(k − 1)."""
    found = kb.rate_distortion(np.full(k, 1 / k), 1 - np.eye(k), [1.0, 3.0])
    for slope, d, rate in zip(found.slope, found.distortion, found.rate, strict=True):
        assert d == pytest.approx((k - 1) / (k - 1 + math.exp(slope)), abs=1e-7)
        assert rate == pytest.approx(math.log(k) - h(d, math.e) - d * math.log(k - 1), abs=1e-7)
    assert found.encoder.shape == (2, k, k)
    np.testing.assert_allclose(found.encoder.sum(-1), 1, rtol=1e-9)


def test_erasures():
    """A word that says nothing, at 1; a wrong one at ∞: R(D) = (1 − D) log 2, so slope log 2."""
    d = np.array([[0.0, np.inf, 1.0], [np.inf, 0.0, 1.0]])
    dear, cheap = (kb.rate_distortion([0.5, 0.5], d, s, base=2) for s in (1.1, 0.9))
    assert (dear.distortion, dear.rate) == (pytest.approx(0), pytest.approx(1))
    assert (cheap.distortion, cheap.rate) == (pytest.approx(1), pytest.approx(0, abs=1e-12))


def test_a_fine_gaussian():
    """½ log₂ 1/D, up to the grid: a bound of Shannon's holds from below."""
    x = np.linspace(-5, 5, 101)
    p = np.exp(-x * x / 2)
    found = kb.rate_distortion(p / p.sum(), (x[:, None] - x) ** 2, [1.0, 2.0, 5.0])
    np.testing.assert_allclose(found.distortion, 0.5 / found.slope, rtol=2e-3)
    np.testing.assert_allclose(found.rate, 0.5 * np.log(1 / found.distortion), atol=2e-3)
    assert ((found.encoder.sum(1) > 1e-6).sum(-1) < 60).all()  # words fall out of use


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 6), st.integers(2, 7), st.floats(0.2, 20))
def test_no_code_beats_the_bound(seed, k, m, slope):
    """Any code has at least the least rate + slope · distortion, and the one found has it."""
    rng = np.random.default_rng(seed)
    p, d = rng.dirichlet(np.ones(k)), rng.exponential(size=(k, m))
    found = kb.rate_distortion(p, d, slope)
    for _ in range(20):
        w = rng.dirichlet(np.full(m, 0.3), k)
        w = 0.5 * w + 0.5 * found.encoder
        spent = float((p[:, None] * w * d).sum())
        rate = kb.mutual_information(p[:, None] * w / w.sum(-1, keepdims=True))
        assert rate + slope * spent >= found.lower + slope * found.distortion - 1e-9
    own = kb.mutual_information(p[:, None] * found.encoder)
    assert own == pytest.approx(found.rate, abs=1e-8)


@pytest.mark.parametrize("beta", [1.2, 1.57, 2.0, 5.0])
def test_a_noisy_coin(beta):
    """Mrs Gerber's lemma: I(T; Y) ≤ 1 − h(a ∗ δ) for I(X; T) = 1 − h(a), and that is reached."""
    delta = 0.1
    joint = 0.5 * np.array([[1 - delta, delta], [delta, 1 - delta]])
    found = kb.bottleneck(joint, beta, base=2)

    def through(a):
        return a * (1 - delta) + (1 - a) * delta

    low, high = 0.0, 0.5
    for _ in range(60):
        a = (low + high) / 2
        low, high = (a, high) if 1 - h(a) > found.rate else (low, a)
    assert found.relevance == pytest.approx(1 - h(through(a)), abs=1e-6)
    assert found.upper >= 1 - h(through(a)) - 1e-9
    grid = np.linspace(1e-6, 0.5, 20_001)
    best = min(1 - h(x) - beta * (1 - h(through(x))) for x in grid)
    assert found.rate - beta * found.relevance == pytest.approx(best, abs=1e-6)
    assert found.encoder.shape == (2, 1 if beta < 1 / (1 - 2 * delta) ** 2 else 2)


def test_an_erased_variable():
    """Y is X with probability 0.7, and else a blank: I(T; Y) = 0.7 I(T; X) for every T."""
    joint = np.hstack([0.7 * np.eye(3), np.full((3, 1), 0.3)]) / 3
    dear, cheap = kb.bottleneck(joint, 1.5), kb.bottleneck(joint, 1.4)
    assert dear.rate == pytest.approx(math.log(3), abs=1e-6)
    assert dear.relevance == pytest.approx(0.7 * math.log(3), abs=1e-6)
    assert cheap.rate == pytest.approx(0, abs=1e-9)


def test_the_curve():
    """Concave and rising, between 0 and I(X; Y); symbols that say the same share their words."""
    rng = np.random.default_rng(1)
    joint = rng.dirichlet(np.full(3, 0.5), 5) / 6
    joint = np.vstack([joint, joint[:1]])
    found = kb.bottleneck(joint, np.array([4.0, 7.0, 30.0]), base=2)
    assert (np.diff(found.rate) > 0).all()
    slopes = np.diff(found.relevance, prepend=0.0) / np.diff(found.rate, prepend=0.0)
    assert (np.diff(slopes) < 0).all()
    assert (found.relevance <= found.upper).all()
    assert found.relevance[-1] <= kb.mutual_information(joint, base=2)
    for w, words in zip(found.encoder, found.decoder, strict=True):
        np.testing.assert_allclose(w.sum(1), 1, rtol=1e-8)
        np.testing.assert_allclose(words.sum(1), 1, rtol=1e-8)
        np.testing.assert_allclose(w[0], w[-1], rtol=1e-12)
    p = joint.sum(1)
    held = kb.mutual_information(p[:, None] * found.encoder[1], base=2)
    assert held == pytest.approx(found.rate[1], rel=1e-9)
    kept = found.encoder[1].T @ joint
    assert kb.mutual_information(kept, base=2) == pytest.approx(found.relevance[1], rel=1e-9)


def test_a_symbol_that_never_comes():
    joint = np.array([[0.45, 0.05], [0.0, 0.0], [0.05, 0.45]])
    found = kb.bottleneck(joint, 2.0)
    whole = kb.bottleneck(joint[[0, 2]], 2.0)
    assert found.rate == pytest.approx(whole.rate, abs=1e-12)
    assert found.encoder.shape[0] == 3


def test_quadratic_with_a_flat_direction():
    """½ (z₀ + z₁)² − 2 z₀ − z₁ over z ≥ 0 is least at (2, 0)."""
    z = least(np.ones((2, 2)), np.array([2.0, 1.0]), np.array([0.3, 0.7]))
    np.testing.assert_allclose(z, [2, 0], atol=1e-12)


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: kb.bottleneck([[0.5, 0.5]], -1.0), "beta=-1"),
        (lambda: kb.bottleneck([[0.5, 0.4]], 2.0), "sums? to 0.9"),
        (lambda: kb.bottleneck([0.5, 0.5], 2.0), r"\(k, l\)"),
        (lambda: kb.bottleneck([[0.5, 0.5]], 2.0, base=1), "base=1"),
        (lambda: kb.bottleneck([[math.nan, 0.5]], 2.0), "NaN|nan"),
        (lambda: kb.rate_distortion([0.5, 0.5], np.eye(3), 1.0), "a row for each of the 2"),
        (lambda: kb.rate_distortion([0.5, 0.5], np.eye(2), 0.0), "slope=0"),
        (lambda: kb.rate_distortion([0.5, 0.5], [[0, 1], [math.inf] * 2], 1.0), "Symbol 1"),
        (lambda: kb.rate_distortion([0.5, 0.5], [[0, 1], [math.nan, 0]], 1.0), "NaN"),
        (lambda: kb.rate_distortion([[0.5, 0.5]], np.eye(2), 1.0), "one distribution"),
    ],
)
def test_bad_input(ask, words):
    with pytest.raises(kb.InvalidInputError, match=words):
        ask()


def test_a_tolerance_out_of_reach(monkeypatch):
    """Blahut's and Arimoto's steps alone, where a word is about to fall out of use."""
    monkeypatch.setattr(blahut_arimoto, "_newton", lambda p, cost, found: found)
    with pytest.raises(kb.AccuracyError, match="tol=1e-09") as told:
        kb.rate_distortion([0.3, 0.7], 1 - np.eye(2), math.log(0.7 / 0.3))
    assert 1e-9 < told.value.error < 1e-2


def test_one_word_is_one_word():
    """A joint table of one cell carries nothing: I = 0, by a single word."""
    assert repr(kb.bottleneck([[1.0]], beta=5.0)).endswith("at most 0, by 1 word")
    assert repr(kb.bottleneck([[0.4, 0.1], [0.1, 0.4]], beta=5.0)).endswith("by 2 words")
