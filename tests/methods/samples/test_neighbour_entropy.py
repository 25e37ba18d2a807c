"""Entropy and cross-entropy by neighbours: by hand, closed forms, and what scale does to them."""

import numpy as np
import pytest
from scipy.special import digamma

import kullback as kb
from kullback.errors import InvalidInputError, NoMethodError
from kullback.forms.samples import Samples
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.neighbour_entropy import KozachenkoLeonenko


def entropy(x, k=3):
    return KozachenkoLeonenko(k).estimate(kb.Entropy(), Draws(np.atleast_2d(x.T).T))


def cross_entropy(x, y, k=3):
    rows = (np.atleast_2d(x.T).T, np.atleast_2d(y.T).T)
    return KozachenkoLeonenko(k).estimate(kb.CrossEntropy(), Draws(*rows))


def test_by_hand():
    x, y = np.asarray([0.0, 1.0, 3.0]), np.asarray([0.5, 5.0])
    distances = np.asarray([1.0, 1.0, 2.0])
    expected = digamma(3) - digamma(1) + np.log(2) + np.log(distances).mean()
    assert entropy(x, k=1) == pytest.approx(expected, abs=1e-14)
    distances = np.asarray([0.5, 0.5, 2.0])
    expected = digamma(3) - digamma(1) + np.log(2) + np.log(distances).mean()
    assert cross_entropy(x, y, k=1) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("d", [2, 5, 14])
def test_the_definition_on_twenty_points(d):
    x = np.random.default_rng(d).normal(size=(20, d))
    far = [sorted(np.linalg.norm(x[i] - x[j]) for j in range(20) if j != i)[2] for i in range(20)]
    volume = {2: np.pi, 5: 8 * np.pi**2 / 15, 14: np.pi**7 / 5040}[d]
    expected = digamma(20) - digamma(3) + np.log(volume) + d * np.log(far).mean()
    assert entropy(x) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("k", [1, 3, 8])
def test_closed_forms(k):
    found = {"normal": [], "uniform": [], "exponential": []}
    for seed in range(12):
        rng = np.random.default_rng(seed)
        found["normal"].append(entropy(3 * rng.normal(size=(2000, 2)), k))
        found["uniform"].append(entropy(5 * rng.random(2000), k))
        found["exponential"].append(entropy(rng.exponential(size=2000), k))
    truth = {"normal": 1 + np.log(2 * np.pi * 9), "uniform": np.log(5), "exponential": 1.0}
    for law, values in found.items():
        assert np.mean(values) == pytest.approx(truth[law], abs=0.03)


def test_cross_entropy_of_gaussians():
    found, back = [], []
    for seed in range(12):
        rng = np.random.default_rng(seed)
        x, y = rng.normal(size=2000), 1 + 2 * rng.normal(size=1500)
        found.append(cross_entropy(x, y))
        back.append(cross_entropy(y, x))
    truth = 0.5 * np.log(2 * np.pi * 4) + (1 + 1) / 8
    assert np.mean(found) == pytest.approx(truth, abs=0.02)
    assert np.mean(back) > truth + 1  # 0.5 log 2π + 5/2, read low in the tails


def test_scale_adds_its_logarithm_and_a_turn_nothing():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(300, 3)), rng.normal(size=(200, 3))
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    assert entropy(7 * x @ turn + 2) == pytest.approx(entropy(x) + 3 * np.log(7), abs=1e-9)
    assert cross_entropy(7 * x - 1, 7 * y - 1) == pytest.approx(
        cross_entropy(x, y) + 3 * np.log(7), abs=1e-9
    )
    assert entropy(rng.permutation(x)) == pytest.approx(entropy(x), abs=1e-12)


def test_copies_up_to_k_are_allowed_and_more_refused():
    rng = np.random.default_rng(2)
    x = rng.normal(size=60)
    twice = np.concatenate([x, x])
    assert np.isfinite(entropy(twice, k=3))
    assert KozachenkoLeonenko(3).refuse_question(kb.Entropy(), Samples(twice), None) is None
    many = np.concatenate([x, np.full(10, x[0])])
    reason = str(KozachenkoLeonenko(3).refuse_question(kb.Entropy(), Samples(many), None))
    assert "11 of 70 draws" in reason
    assert "a k above 10" in reason
    assert KozachenkoLeonenko(11).refuse_question(kb.Entropy(), Samples(many), None) is None
    with pytest.raises(NoMethodError, match=r"kb\.Counts"):
        kb.measure(Samples(many), of=kb.Entropy(), by=KozachenkoLeonenko(3))
    reason = KozachenkoLeonenko(1).refuse_question(kb.CrossEntropy(), Samples(x), Samples(twice))
    assert "60 of 60 draws of p have k=1 or more copies among the draws of q" in str(reason)


def test_other_questions_are_refused():
    p = Samples([0.0, 1.0, 2.5])
    assert "not KL()" in str(KozachenkoLeonenko().refuse_question(kb.KL(), p, p))
    law = kb.families.Normal(0, 1)
    assert "KnownDensity" in str(KozachenkoLeonenko().refuse_question(kb.CrossEntropy(), p, law))


def test_bits():
    x = Samples(np.random.default_rng(0).normal(size=200))
    nats = kb.measure(x, of=kb.Entropy(), by=KozachenkoLeonenko())
    bits = kb.measure(x, of=kb.Entropy(), by=KozachenkoLeonenko(), base=2)
    assert float(nats.value) == pytest.approx(float(bits.value) * np.log(2))


def test_too_few_rows():
    with pytest.raises(InvalidInputError, match="at least 4 rows"):
        kb.measure(Samples([1.0, 2.0, 3.0]), of=kb.Entropy(), by=KozachenkoLeonenko())
    with pytest.raises(InvalidInputError, match="k=0"):
        KozachenkoLeonenko(0)


def test_an_interval_wider_than_it_says_tells_so():
    rng = np.random.default_rng(0)
    by = kb.KozachenkoLeonenko(resamples=20)
    for d, said in ((2, False), (3, True)):
        found = kb.measure(kb.Samples(rng.normal(size=(300, d))), of=kb.Entropy(), by=by, rng=0)
        assert ("wider than it says" in " ".join(found.notes)) == said
