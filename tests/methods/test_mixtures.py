"""Bounds on mixtures bracket what quadrature finds."""

import numpy as np

import kullback as kb
from kullback.methods.mixtures import Sandwich
from kullback.methods.mixtures.bounds import variational_upper
from kullback.methods.quadrature import Quadrature

f = kb.families


def random_mixtures(rng, batch, k):
    weights = rng.dirichlet(np.ones(k), size=batch)
    laws = f.Normal(rng.normal(size=(batch, k)) * 4, rng.uniform(0.2, 3, (batch, k)))
    return f.Mixture(weights, laws)


def test_bounds_bracket_the_truth():
    rng = np.random.default_rng(0)
    p, q = random_mixtures(rng, 300, 3), random_mixtures(rng, 300, 4)
    truth = kb.measure(p, q, by=Quadrature())
    answer = kb.measure(p, q, by=Sandwich())
    low, high = answer.interval()
    assert answer.kind == "bound"
    assert np.all(truth.error < 1e-9 * truth.value)
    assert np.all(low <= truth.value * (1 + 1e-12))
    assert np.all(truth.value <= high * (1 + 1e-12))
    assert np.array_equal(answer.value, high)
    assert np.median(low / truth.value) > 0.4
    assert np.median(high / truth.value) < 1.5


def test_bounds_meet_where_components_are_apart():
    """Between far components, KL(f ‖ g) is that of the weights."""
    laws = [f.Normal(0, 1), f.Normal(1000, 1), f.Normal(-1000, 1)]
    p, q = f.Mixture([0.5, 0.2, 0.3], laws), f.Mixture([0.1, 0.6, 0.3], laws)
    low, high = kb.measure(p, q, by=Sandwich()).interval()
    truth = kb.kl([0.5, 0.2, 0.3], [0.1, 0.6, 0.3])
    assert abs(high - truth) < 1e-9
    assert low <= truth
    assert abs(low - max(0.0, truth - 3 * 0.5 * (1 - np.log(2)))) < 1.0


def test_same_law_has_upper_bound_zero():
    p = f.Mixture([0.5, 0.5], [f.Normal(0, 1), f.Normal(5, 1)])
    low, high = kb.measure(p, p, by=Sandwich()).interval()
    assert low == 0
    assert abs(high) < 1e-12


def test_variational_bound_is_at_most_the_convex_one():
    rng = np.random.default_rng(1)
    pi, omega = rng.dirichlet(np.ones(3), 50), rng.dirichlet(np.ones(4), 50)
    kl = rng.exponential(size=(50, 3, 4)) * 5
    convex = (pi[:, :, None] * omega[:, None, :] * kl).sum((1, 2))
    assert np.all(variational_upper(pi, omega, kl) <= convex)
    assert np.all(variational_upper(pi, omega, kl) < 0.999 * convex)


def test_weights_of_zero_and_infinite_parts():
    p = f.Mixture([1.0, 0.0], [f.Uniform(0, 1), f.Uniform(5, 6)])
    q = f.Mixture([0.5, 0.5], [f.Uniform(0, 2), f.Uniform(7, 8)])
    low, high = kb.measure(p, q, by=Sandwich()).interval()
    assert abs(high - np.log(4)) < 1e-12
    assert low == 0


def test_a_mixture_of_what_is_counted():
    p = f.Mixture([0.5, 0.5], [f.Poisson(1), f.Poisson(9)])
    q = f.Poisson(5)
    low, high = kb.measure(p, q, by=Sandwich()).interval()
    assert low <= kb.kl(p, q) <= high


def test_refusals():
    by = Sandwich()
    p = f.Mixture([1.0], [f.Normal(0, 1)])
    assert "mixture" in by.refuse(kb.KL(), f.Normal(0, 1), f.Normal(0, 1))
    assert "bounds KL" in by.refuse(kb.TotalVariation(), p, p)
