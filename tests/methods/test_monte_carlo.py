"""Means over draws."""

import math

import numpy as np
import pytest

import kullback as kb
from kullback.errors import InvalidInputError, NoMethodError
from kullback.methods.monte_carlo import K1, K2, K3, Balanced, MonteCarlo
from kullback.methods.monte_carlo.tail import pareto_shape

f = kb.families
P, Q = f.Normal(0, 1), f.Normal(0.5, 1.2)
TRUTH = math.log(1.2) + 1.25 / (2 * 1.44) - 0.5


@pytest.mark.parametrize("estimator", [K1(), K3(), Balanced()], ids=repr)
@pytest.mark.parametrize("stratified", [False, True])
def test_unbiased_estimators(estimator, stratified):
    answer = kb.measure(P, Q, by=MonteCarlo(20000, estimator, stratified), rng=1)
    assert abs(answer.value - TRUTH) < 4 * answer.error
    assert answer.error < 0.02 * TRUTH if stratified else answer.error < 0.05 * TRUTH
    assert answer.kind == "estimated"


def test_variance_is_less_where_it_should_be():
    def error(estimator, stratified=False):
        by = MonteCarlo(20000, estimator, stratified)
        return kb.measure(P, Q, by=by, rng=1).error

    assert error(Balanced()) <= error(K3()) * 1.001
    assert error(Balanced()) < 0.7 * error(K1())
    assert error(K1(), stratified=True) < 0.1 * error(K1())


def test_k2_is_biased_and_says_so():
    answer = kb.measure(P, Q, by=MonteCarlo(20000, K2()), rng=1)
    assert abs(answer.value - TRUTH) > 5 * answer.error
    assert "biased" in answer.notes[0]


def test_estimators_by_hand():
    u = np.array([-1.0, 0.0, 2.0])
    assert np.allclose(K1().terms(u), [1.0, 0.0, -2.0])
    assert np.allclose(K2().terms(u), [0.5, 0.0, 2.0])
    assert np.allclose(K3().terms(u), [math.exp(-1.0), 0.0, math.exp(2.0) - 3])


def test_same_seed_same_answer():
    by = MonteCarlo(1000)
    first, second = (kb.measure(P, Q, by=by, rng=7).value for _ in range(2))
    assert first == second
    assert kb.measure(P, Q, by=by, rng=np.random.default_rng(7)).value == first
    assert kb.measure(P, Q, by=by, rng=8).value != first


def test_without_rng_it_says_how_to_ask():
    with pytest.raises(NoMethodError, match="rng=0"):
        kb.measure(P, Q, by=MonteCarlo())
    with pytest.raises(InvalidInputError, match="10 draws"):
        MonteCarlo(n=3)


def vectors(d):
    p = f.Mixture(
        [0.5, 0.5],
        [f.MultivariateNormal(np.zeros(d), np.eye(d)), f.MultivariateNormal(np.ones(d), np.eye(d))],
    )
    return p, f.MultivariateNormal(np.zeros(d), 2 * np.eye(d))


def test_many_dimensions_are_chosen_only_with_rng():
    p, q = vectors(5)
    bound = kb.measure(p, q)
    assert bound.kind == "bound"
    assert any("needs rng=" in reason for _, reason in bound.refusals)
    answer = kb.measure(p, q, rng=0)
    assert isinstance(answer.method, MonteCarlo)
    low, high = bound.interval()
    assert low - 3 * answer.error < answer.value < high + 3 * answer.error
    with pytest.raises(NoMethodError, match="rng=0"):
        kb.kl(p, q)


@pytest.mark.parametrize(
    "of", [kb.TotalVariation(), kb.JensenShannon(), kb.Hellinger(), kb.ChiSquare(),
           kb.Renyi(0.5), kb.Jeffreys(), kb.CrossEntropy()], ids=repr,
)  # fmt: skip
def test_other_questions(of):
    answer = kb.measure(P, Q, of=of, by=MonteCarlo(40000), rng=3)
    from kullback.methods.quadrature import Quadrature

    truth = kb.measure(P, Q, of=of, by=Quadrature()).value
    assert abs(answer.value - truth) < 4 * answer.error
    assert answer.error < 0.1 * truth


def test_discrete_and_batched():
    rates = np.array([[1.0], [5.0]])
    answer = kb.measure(f.Poisson(rates), f.Poisson([2.0, 3.0, 4.0]), by=MonteCarlo(20000), rng=0)
    q = np.array([2.0, 3.0, 4.0])
    truth = rates * np.log(rates / q) + q - rates
    assert answer.value.shape == (2, 3)
    assert np.all(np.abs(answer.value - truth) < 4.5 * answer.error)


def test_infinite_where_q_has_no_mass():
    answer = kb.measure(P, f.Uniform(-1, 1), by=MonteCarlo(1000), rng=0)
    assert answer.value == math.inf
    assert any("no mass" in note for note in answer.notes)


def test_infinite_variance_is_suspected():
    wide = f.Normal(0, 3)
    answer = kb.measure(P, wide, by=MonteCarlo(20000, K3()), rng=0)
    assert any("k̂" in note for note in answer.notes)
    calm = kb.measure(P, Q, by=MonteCarlo(20000, K1()), rng=0)
    assert not calm.notes


def test_pareto_shape_of_pareto_draws():
    rng = np.random.default_rng(0)
    for shape in (0.2, 0.7, 1.5):
        draws = rng.pareto(1 / shape, size=(50000, 20)) + 1
        assert abs(np.mean(pareto_shape(draws)) - shape) < 0.1
