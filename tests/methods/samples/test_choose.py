"""Which method serves which question of samples, by a rule that anyone can read."""

import numpy as np
import pytest

import kullback as kb
from kullback.methods.choose import METHODS
from kullback.methods.samples import choose
from kullback.methods.samples.choose import AutoSamples


def samples(seed, d=2, n=120, **more):
    return kb.Samples(np.random.default_rng(seed).normal(size=(n, d)), **more)


TWO = [
    (kb.KL(), "NearestNeighbours"),
    (kb.CrossEntropy(), "KozachenkoLeonenko"),
    (kb.JensenShannon(), "NearestNeighbours"),
    (kb.Jeffreys(), "NearestNeighbours"),
    (kb.TotalVariation(), "QuadraticLogistic"),
    (kb.Hellinger(), "QuadraticLogistic"),
    (kb.ChiSquare(), "QuadraticLogistic"),
    (kb.HockeyStick(2.0), "QuadraticLogistic"),
    (kb.Renyi(0.5), "PoczosSchneider"),
    (kb.Tsallis(0.7), "PoczosSchneider"),
    (kb.Alpha(0.5), "PoczosSchneider"),
    (kb.Wasserstein(), "ExactTransport"),
]


@pytest.mark.parametrize(("of", "name"), TWO, ids=repr)
def test_two_samples(of, name):
    p, q = samples(0), samples(1)
    chosen = AutoSamples().select(of, p, q)
    assert type(chosen).__name__ == name
    answer = kb.measure(p, q, of=of, by=AutoSamples())
    assert answer.method == chosen
    assert np.isfinite(float(answer.value))
    assert kb.measure(p, q, of=of).method == chosen


@pytest.mark.parametrize(
    ("of", "variables", "name"),
    [
        (kb.Entropy(), 1, "KozachenkoLeonenko"),
        (kb.MutualInformation(), 2, "KSG"),
        (kb.ConditionalMutualInformation(), 3, "KSG"),
        (kb.TransferEntropy(), 2, "KSG"),
    ],
    ids=repr,
)
def test_one_sample(of, variables, name):
    rows = np.random.default_rng(0).normal(size=(variables, 120))
    answer = kb.measure(kb.Samples(*rows), of=of)
    assert type(answer.method).__name__ == name


def test_beside_a_known_law():
    p = samples(0, d=1)
    answer = kb.measure(p, kb.families.Normal(0, 1))
    assert type(answer.method).__name__ == "KnownDensity"


def test_every_method_of_the_rule_has_a_room():
    named = {name for _, names in choose.RULE for name in names}
    assert named == set(choose.ROOMS)
    for name in named:
        assert choose._class(name).__name__ == name


def test_weighted_samples_go_to_a_method_that_takes_weights():
    p = samples(0, weights=np.arange(1.0, 121.0))
    answer = kb.measure(p, samples(1))
    assert answer.method.takes_weights
    assert "NearestNeighbours() refused" in answer.notes[0]
    assert "weights" in answer.notes[0]


def test_outcomes_given_as_numbers_are_named():
    rng = np.random.default_rng(0)
    p, q = (kb.Samples(rng.integers(0, k, 300)) for k in (5, 6))
    answer = kb.measure(p, q)
    assert type(answer.method).__name__ == "QuadraticLogistic"
    assert "every one of the 300 draws of p has a copy" in answer.notes[0]
    assert "kb.Counts" in answer.notes[0]


def test_settings_are_handed_on():
    by = AutoSamples(resamples=30, permutations=25)
    answer = kb.measure(samples(0), samples(1), by=by, rng=0)
    assert (answer.method.resamples, answer.method.permutations) == (30, 25)
    assert answer.p_value * 26 == pytest.approx(round(answer.p_value * 26))
    assert repr(by) == "AutoSamples(resamples=30, permutations=25)"


def test_what_is_refused_says_why():
    with pytest.raises(kb.NoMethodError, match="samples of q alone"):
        kb.measure(kb.families.Normal(0, 1), samples(0, d=1))
    with pytest.raises(kb.NoMethodError, match="AutoSamples"):
        kb.measure(samples(0), kb.Counts([3, 4]))
    assert AutoSamples() in METHODS
