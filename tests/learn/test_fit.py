"""A fitted law against closed forms: regression, conjugate and logistic."""

import math

import numpy as np
import pytest
import torch

import kullback as kb
from kullback import learn

FAMILIES = [learn.MeanField(), learn.FullRank(), learn.LowRank(2), learn.Laplace()]
N, D, NOISE = 40, 4, 0.7


def regression():
    """Return the log density, and by algebra the posterior's mean, precision and log evidence."""
    source = np.random.default_rng(3)
    x = source.normal(size=(N, D)) @ np.triu(np.ones((D, D)))
    y = x @ np.arange(1.0, D + 1) + NOISE * source.normal(size=N)
    precision = x.T @ x / NOISE**2 + np.eye(D)
    mean = np.linalg.solve(precision, x.T @ y / NOISE**2)
    marginal = x @ x.T + NOISE**2 * np.eye(N)
    evidence = -0.5 * (
        y @ np.linalg.solve(marginal, y) + np.linalg.slogdet(marginal)[1] + N * math.log(2 * np.pi)
    )
    xs, ys = torch.tensor(x), torch.tensor(y)

    def log_density(w):
        likelihood = -0.5 * ((ys - w @ xs.T) ** 2).sum(-1) / NOISE**2
        constant = 0.5 * N * math.log(2 * np.pi * NOISE**2) + 0.5 * D * math.log(2 * np.pi)
        return likelihood - 0.5 * (w**2).sum(-1) - constant

    return log_density, mean, precision, evidence


@pytest.mark.parametrize("family", [learn.FullRank(), learn.Laplace(), learn.LowRank(D)])
def test_a_gaussian_posterior_is_found_exactly(family):
    log_density, mean, precision, evidence = regression()
    found = learn.fit(log_density, D, family)
    close = 1e-9 if not isinstance(family, learn.LowRank) else 2e-2
    assert np.allclose(found.mean.numpy(), mean, atol=close)
    assert np.allclose(found.covariance.numpy(), np.linalg.inv(precision), rtol=close, atol=close)
    assert abs(found.elbo - evidence) < max(close, 1e-8)
    assert abs(found.log_evidence - evidence) < max(close, 1e-8)
    assert found.converged
    assert found.khat < 0.5


def test_mean_field_holds_the_precisions_diagonal_and_pays_the_kl():
    log_density, mean, precision, evidence = regression()
    found = learn.fit(log_density, D)
    assert np.allclose(found.mean.numpy(), mean, atol=1e-6)
    assert np.allclose(found.sd.numpy() ** -2, np.diag(precision), rtol=1e-6)
    families = kb.families
    q = families.MultivariateNormal(found.mean.numpy(), found.covariance.numpy())
    p = families.MultivariateNormal(mean, np.linalg.inv(precision))
    truth = kb.kl(q, p)
    assert truth > 0.1
    assert abs(evidence - found.elbo - truth) < 4 * found.elbo_error + 1e-8
    low, high = found.bracket
    assert low < evidence
    assert high == math.inf or evidence < high + 2 * found.log_evidence_error


def logistic():
    """Breast cancer: intercept and 30 standardised features, N(0, 1) prior."""
    data = pytest.importorskip("sklearn.datasets").load_breast_cancer()
    x = (data.data - data.data.mean(0)) / data.data.std(0)
    xs = torch.tensor(np.column_stack([np.ones(len(x)), x]))
    sign = torch.tensor(2.0 * data.target - 1)

    def log_density(w):
        likelihood = torch.nn.functional.logsigmoid(sign * (w @ xs.T)).sum(-1)
        return likelihood - 0.5 * (w**2).sum(-1) - 0.5 * 31 * math.log(2 * math.pi)

    return log_density, xs, sign


def exact_elbo(found, xs, sign):
    """By Gauss–Hermite in each observation's margin."""
    node, weight = np.polynomial.hermite_e.hermegauss(40)
    mean, spread = xs @ found.mean, ((xs @ found.covariance) * xs).sum(-1).sqrt()
    at = sign[:, None] * (mean[:, None] + spread[:, None] * torch.tensor(node))
    likelihood = torch.nn.functional.logsigmoid(at) @ torch.tensor(weight / weight.sum())
    prior = -0.5 * (found.mean**2).sum() - 0.5 * found.covariance.trace()
    prior = prior - 0.5 * 31 * math.log(2 * math.pi)
    return float(likelihood.sum() + prior + found.law.entropy())


@pytest.mark.parametrize(
    ("family", "best"), [(learn.MeanField(), -67.4616), (learn.FullRank(), -55.4646)]
)
def test_logistic_regression_reaches_the_optimum(family, best):
    log_density, xs, sign = logistic()
    found = learn.fit(log_density, 31, family)
    truth = exact_elbo(found, xs, sign)
    assert best - 0.02 < truth < best + 0.001
    assert abs(found.elbo - truth) < 4 * found.elbo_error
    assert found.elbo_error < 0.03
    assert found.converged


@pytest.mark.parametrize("family", FAMILIES, ids=str)
def test_the_law_is_one_law(family):
    """Draws, moments, density and entropy describe the same Gaussian; a bounded one integrates."""
    log_density, *_ = regression()
    found = learn.fit(log_density, D, family)
    draws = found.draws(100_000, rng=1)
    assert torch.allclose(draws.mean(0), found.mean, atol=0.02)
    assert torch.allclose(torch.cov(draws.T), found.covariance, atol=0.02 * found.sd.max() ** 2)
    cross = -found.log_density(draws)
    error = float(cross.std()) / math.sqrt(len(draws))
    assert abs(float(cross.mean()) - float(found.law.entropy())) < 5 * error


def test_bounded_parameters():
    """Gamma(50, 10) by its logarithm and Beta(60, 40) by its logit: nearly Gaussian there."""
    gamma, beta = torch.distributions.Gamma(50.0, 10.0), torch.distributions.Beta(60.0, 40.0)

    def log_density(x):
        return gamma.log_prob(x[:, 0]) + beta.log_prob(x[:, 1]) + 2.5

    support = {0: learn.positive, -1: learn.interval(0, 1)}
    found = learn.fit(log_density, 2, learn.FullRank(), support=support, names=["rate", "share"])
    assert torch.allclose(found.mean, torch.tensor([5.0, 0.6], dtype=torch.float64), rtol=2e-3)
    assert abs(float(found.sd[0]) - math.sqrt(50) / 10) < 0.01
    assert abs(found.log_evidence - 2.5) < 1e-3
    assert 2.49 < found.elbo < 2.5
    assert abs(found.kl) < 0.01
    assert "share" in repr(found)
    grid = torch.linspace(0.005, 20, 4000, dtype=torch.float64)
    share = torch.full_like(grid, 0.6)
    along = found.log_density(torch.stack([grid, share], -1)).exp().sum() * float(grid[1] - grid[0])
    there = found.log_density(torch.tensor([[5.0, 0.6], [-1.0, 0.6]], dtype=torch.float64))
    assert 7 < float(along) < 9  # Beta(60, 40) at 0.6 is 8.14
    assert float(there[1]) == -math.inf


@pytest.mark.parametrize("found", [learn.above(2.0), learn.below(-1.0), learn.interval(-3, 4)])
def test_maps_have_the_slope_they_say(found):
    z = torch.linspace(-3, 3, 13, dtype=torch.float64, requires_grad=True)
    x = found.forward(z)
    (slope,) = torch.autograd.grad(x.sum(), z)
    assert torch.allclose(slope.log(), found.log_slope(z))
    assert torch.allclose(found.backward(x), z)


def test_same_seed_same_answer_and_nothing_else_is_touched():
    log_density, *_ = logistic()
    torch.manual_seed(0)
    before = torch.get_rng_state()
    first, second, third = (learn.fit(log_density, 31, rng=seed) for seed in (5, 5, 6))
    assert torch.equal(first.mean, second.mean)
    assert first.elbo == second.elbo
    assert first.elbo != third.elbo
    assert torch.equal(torch.get_rng_state(), before)
    assert torch.equal(first.draws(3, rng=1), second.draws(3, rng=1))


def test_densities_of_one_row():
    log_density, mean, *_ = regression()
    found = learn.fit(lambda w: log_density(w[None])[0], D, learn.FullRank())
    assert np.allclose(found.mean.numpy(), mean, atol=1e-9)
    stubborn = learn.fit(
        lambda w: -0.5 * (w[0] - 1) ** 2 if float(w.detach()[0]) > -9 else -0.5 * w[0] ** 2, 1
    )
    assert abs(float(stubborn.mean[0]) - 1) < 1e-6
    assert "one by one" in stubborn.notes[0]


def test_float32_stays_float32():
    log_density, *_ = logistic()

    def single(w):
        return log_density(w.double()).float()

    found = learn.fit(single, 31, start=torch.zeros(31))
    assert found.mean.dtype == torch.float32
    assert abs(found.elbo + 67.46) < 0.15


def test_heavy_tails_are_told():
    def log_density(x):
        return -torch.log1p(x**2).sum(-1) - 2 * math.log(math.pi)

    found = learn.fit(log_density, 2)
    assert found.khat > 0.5
    assert found.elbo < 0
    assert "tails" in found.advice
