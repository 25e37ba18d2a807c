"""Divergences of order α by neighbours: by hand, closed forms of Gaussians, allowed orders."""

import math

import numpy as np
import pytest
from scipy.special import gamma

import kullback as kb
from kullback.errors import InvalidInputError
from kullback.forms.samples import Samples
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.poczos_schneider import PoczosSchneider

P = kb.families.Normal(0.0, 1.0)
Q = kb.families.Normal(1.0, 1.2)


def asked(of, x, y, k=5):
    return PoczosSchneider(k).estimate(of, Draws(np.atleast_2d(x.T).T, np.atleast_2d(y.T).T))


@pytest.mark.parametrize("alpha", [0.5, 1.7, 2.5])
def test_by_hand(alpha):
    x, y, k = np.asarray([0.0, 1.0, 3.0, 7.0]), np.asarray([0.5, 5.0, 6.0]), 2
    rho, nu = np.asarray([3.0, 2.0, 3.0, 6.0]), np.asarray([5.0, 4.0, 2.5, 2.0])
    b = gamma(k) ** 2 / (gamma(k - alpha + 1) * gamma(k + alpha - 1))
    t = np.mean(b * ((4 - 1) * rho / (3 * nu)) ** (1 - alpha))
    assert asked(kb.Renyi(alpha), x, y, k) == pytest.approx(math.log(t) / (alpha - 1), abs=1e-12)
    assert asked(kb.Tsallis(alpha), x, y, k) == pytest.approx((t - 1) / (alpha - 1), abs=1e-12)
    whole = (t - 1) / (alpha * (alpha - 1))
    assert asked(kb.Alpha(alpha), x, y, k) == pytest.approx(whole, abs=1e-12)


QUESTIONS = [
    kb.Renyi(0.5), kb.Renyi(0.8), kb.Renyi(1.5), kb.Tsallis(0.3), kb.Tsallis(1.4),
    kb.Alpha(0.6), kb.Hellinger(), kb.ChiSquare(),
]  # fmt: skip


@pytest.mark.parametrize("of", QUESTIONS, ids=repr)
def test_gaussians(of):
    truth = float(kb.measure(P, Q, of=of).value)
    swapped = float(kb.measure(Q, P, of=of).value)
    assert truth > 0.05
    found = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        found.append(asked(of, rng.normal(0, 1, 4000), rng.normal(1.0, 1.2, 3000)))
    error = np.std(found) / math.sqrt(10)
    assert np.mean(found) == pytest.approx(truth, abs=4 * error + 0.004)
    if not getattr(of, "symmetric", False) and abs(swapped - truth) > 0.02:
        assert abs(np.mean(found) - truth) < abs(np.mean(found) - swapped)


def test_in_three_dimensions():
    truth = 3 * float(kb.measure(P, Q, of=kb.Renyi(0.7)).value)
    found = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=(3000, 3)), 1.0 + 1.2 * rng.normal(size=(3000, 3))
        found.append(asked(kb.Renyi(0.7), x, y))
    assert np.mean(found) == pytest.approx(truth, abs=0.04)


def test_what_does_not_change_the_value():
    rng = np.random.default_rng(3)
    x, y = rng.normal(size=(200, 2)), 1 + rng.normal(size=(150, 2))
    turn = np.linalg.qr(rng.normal(size=(2, 2)))[0]
    value = asked(kb.Renyi(0.6), x, y)
    assert asked(kb.Renyi(0.6), 9 * x @ turn + 4, 9 * y @ turn + 4) == pytest.approx(value, 1e-9)
    assert asked(kb.Renyi(0.6), rng.permutation(x), y) == pytest.approx(value, abs=1e-12)


def test_hellinger_below_nothing_keeps_its_sign():
    signs = set()
    for seed in range(20):
        rng = np.random.default_rng(seed)
        value = asked(kb.Hellinger(), rng.normal(size=300), rng.normal(size=300))
        assert math.isfinite(value)
        signs.add(math.copysign(1, value))
    assert signs == {-1.0, 1.0}


def refusal(of, k=5):
    p = Samples(np.random.default_rng(0).normal(size=30))
    return PoczosSchneider(k).refuse_question(of, p, p)


def test_orders_that_k_neighbours_do_not_allow():
    assert refusal(kb.Renyi(5.9)) is None
    assert "between -4 and 6" in refusal(kb.Renyi(6.0))
    assert "it needs k=6" in refusal(kb.Renyi(6.0))
    assert refusal(kb.Renyi(6.0), k=6) is None
    assert refusal(kb.ChiSquare(), k=1) is not None
    assert refusal(kb.ChiSquare(), k=2) is None
    assert "order inf" in refusal(kb.Renyi(math.inf))
    assert "KL(p ‖ q)" in refusal(kb.Renyi(1.0))
    assert "KL(q ‖ p)" in refusal(kb.Alpha(0.0))
    assert "not KL()" in refusal(kb.KL())


def test_orders_without_a_variance_are_named():
    x = np.random.default_rng(0).normal(size=(30, 1))
    notes = PoczosSchneider(5).notes(kb.Renyi(4.0), Draws(x, x + 1), 0.1)
    assert "k=7" in " ".join(notes)
    assert not PoczosSchneider(5).notes(kb.Renyi(3.0), Draws(x, x + 1), 0.1)


def test_where_the_law_has_atoms():
    # a third of the draws of p at 0, a half of those of q; the rest alike
    truth = math.log(math.sqrt(1 / 6) + math.sqrt(1 / 3)) / -0.5
    found = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        x = np.where(rng.random(3000) < 1 / 3, 0.0, rng.normal(size=3000))
        y = np.where(rng.random(3000) < 1 / 2, 0.0, rng.normal(size=3000))
        found.append(asked(kb.Renyi(0.5), x, y))
    assert np.mean(found) == pytest.approx(truth, abs=0.01)


def test_k_is_a_positive_whole_number():
    with pytest.raises(InvalidInputError, match=r"k=1\.5"):
        PoczosSchneider(1.5)
