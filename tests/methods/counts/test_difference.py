"""P-values, against all tables with the same margins counted out one by one; huge and wide tables.

`chances` is the exact law of G = 2 Σ x log x/e when rows are dealt anew.
"""

import math

import numpy as np
import pytest

import kullback as kb
from kullback.methods.counts.null_tables import dealt


def x_log_x(x):
    return x * np.log(np.where(x > 0, x, 1))


def log_choose(n, k):
    gamma = np.vectorize(math.lgamma)
    return gamma(n + 1.0) - gamma(k + 1.0) - gamma(n - k + 1.0)


def exact_chance(a, b):
    """Return P(G ≥ the one seen) over all ways to deal the pooled rows of three outcomes."""
    a, b = np.array(a), np.array(b)
    n, pooled = a.sum(), a + b
    i, j = np.arange(pooled[0] + 1)[:, None], np.arange(pooled[1] + 1)
    k = n - i - j
    fits = (k >= 0) & (k <= pooled[2])
    k = np.where(fits, k, 0)
    log_chance = -log_choose(pooled.sum(), n)
    for hand, of in zip((i, j, k), pooled, strict=True):
        log_chance = log_chance + log_choose(of, hand)
    g = sum(x_log_x(hand) + x_log_x(of - hand) for hand, of in zip((i, j, k), pooled, strict=True))
    seen = x_log_x(a).sum() + x_log_x(b).sum()
    chance = np.where(fits, np.exp(log_chance), 0.0)
    assert chance.sum() == pytest.approx(1)
    return chance[g >= seen - 1e-9].sum()


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ([30, 50, 20], [40, 40, 80]),
        ([300, 500, 200], [320, 480, 260]),
        ([90, 60, 50], [60, 70, 60]),
    ],
    ids=str,
)
def test_dense_p_values_are_nearer_to_the_exact_chance_than_without_williams_factor(a, b):
    """[30, 50, 20] beside [40, 40, 80]: exact 1.4708e-6, ours 1.4441e-6, SciPy's 1.2885e-6."""
    from scipy.stats import chi2_contingency

    truth = exact_chance(a, b)
    ours = float(kb.measure(kb.Counts(a), kb.Counts(b)).p_value)
    plain = float(chi2_contingency([a, b], lambda_="log-likelihood", correction=False).pvalue)
    assert abs(math.log(ours / truth)) < abs(math.log(plain / truth))
    assert ours == pytest.approx(truth, rel=0.03)


@pytest.mark.parametrize(("a", "b"), [([7, 2, 1], [3, 5, 4]), ([12, 0, 3], [9, 6, 1])], ids=str)
def test_sparse_p_values_are_the_exact_chance(a, b):
    truth = exact_chance(a, b)
    of, by = kb.JensenShannon(weights=(0.4, 0.6)), kb.PlugIn(resamples=20_000)
    found = kb.measure(kb.Counts(a), kb.Counts(b), of=of, by=by, rng=0)
    assert found.p_value == pytest.approx(truth, abs=4 * math.sqrt(truth / 20_000))
    assert any("20000 permuted tables" in note for note in found.notes)


@pytest.mark.parametrize("tables", [3, 4000], ids=["row by row", "outcome by outcome"])
def test_dealt_hands_are_hypergeometric(tables):
    pooled, n, rng = np.array([40, 0, 25, 10, 5]), 30, np.random.default_rng(0)
    shares = pooled / 80
    hands = np.concatenate(
        [
            dealt(rng, np.tile(pooled, (tables, 1)), np.full(tables, n))
            for _ in range(max(1, 6000 // tables))
        ]
    )
    assert np.all(hands.sum(axis=-1) == n)
    assert np.all(hands <= pooled)
    assert hands.mean(axis=0) == pytest.approx(n * shares, abs=0.15)
    variance = n * shares * (1 - shares) * (80 - n) / 79
    assert hands.var(axis=0) == pytest.approx(variance, abs=0.35)


T = 10**12


@pytest.mark.parametrize(
    ("of", "truth"),
    [
        (kb.KL(), 1.9308351e-11),
        (kb.JensenShannon(), 4.8271003e-12),
        (kb.ChiSquare(), 3.8616495e-11),
    ],
    ids=repr,
)
def test_a_million_million_draws(of, truth):
    """Truths: the plug-in and its bias at 40 digits, by mpmath."""
    a, b = kb.Counts([T, 3 * T, T // 2]), kb.Counts([T, 3 * T, T // 2 + 10**7])
    found = kb.measure(a, b, of=of, rng=0)
    assert found.value == pytest.approx(truth, rel=6e-4)
    low, high = found.interval()
    assert low < truth < high < 3 * truth
    assert found.p_value < 1e-15
    assert 0 < found.floor.upper < found.value


def test_entropy_of_a_million_million_draws():
    """Jackknife and Zhang–Grabchak at 40 digits: 0.848685557726639313…"""
    for by in (kb.Jackknife(), kb.ZhangGrabchak(), kb.MillerMadow(), kb.Grassberger()):
        got = kb.measure(kb.Counts([T, 3 * T, T // 2]), of=kb.Entropy(), by=by).value
        assert got == pytest.approx(0.8486855577266393, abs=3e-13), by


def test_huge_and_sparse_tables_are_redrawn_not_dealt():
    found = kb.measure(kb.Counts([T, 1, 0]), kb.Counts([T, 0, 2]), rng=0)
    assert 0.05 < found.p_value <= 1
    assert any("1000 redrawn tables" in note for note in found.notes)
    apart = kb.measure(kb.Counts([T, 1, 0]), kb.Counts([T, 0, 60]), rng=0)
    assert apart.p_value < 0.01
    joint = kb.measure(kb.Counts([[T, 2], [3, 0]]), of=kb.MutualInformation(), rng=0)
    assert joint.p_value > 0.05


def test_a_million_outcomes():
    law = 1 / np.arange(1.0, 1e6 + 1)
    rng = np.random.default_rng(0)
    a, b = (kb.Counts(rng.multinomial(10**6, law / law.sum())) for _ in "ab")
    found = kb.measure(a, b)
    low, high = found.interval()
    assert low <= 0 <= high < 0.01
    method = kb.ZhangGrabchak()
    assert method.resamples is None
    assert repr(method) == "ZhangGrabchak()"


def test_how_many_tables_are_drawn():
    for k, tables in ((3, 1000), (200_000, 500), (3_000_000, 100)):
        t = _Wide(k)
        assert kb.MillerMadow().redraws(t) == tables
        assert kb.MillerMadow(resamples=40).redraws(t) == 40


class _Wide:
    """Tables of k outcomes, of which only the number matters."""

    def __init__(self, k):
        self.p = type("Side", (), {"frequencies": np.broadcast_to(1 / k, (k,))})()
