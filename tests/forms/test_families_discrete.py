"""Laws on whole numbers and on vectors: parameters, masses, draws, moments."""

import numpy as np
import pytest
from scipy import stats

import kullback as kb
from kullback.errors import InputTypeError, InvalidInputError, NotNormalisedError, ShapeError
from kullback.forms.families.outcomes import as_numpy

F = kb.families
EYE = [[1.0, 0.0], [0.0, 1.0]]
X = np.arange(40.0)

PEERS = [
    (F.Bernoulli(0.3), stats.bernoulli(0.3)),
    (F.Binomial(10, 0.3), stats.binom(10, 0.3)),
    (F.Binomial(10, 1.0), stats.binom(10, 1.0)),
    (F.Poisson(3), stats.poisson(3)),
    (F.Geometric(0.3), stats.geom(0.3, -1)),
    (F.NegativeBinomial(2.5, 0.3), stats.nbinom(2.5, 0.3)),
    (F.DiscreteUniform(2, 9), stats.randint(2, 10)),
    (F.Zipf(2.5), stats.zipf(2.5)),
    (F.LogSeries(0.4), stats.logser(0.4)),
    (F.BetaBinomial(10, 2, 3), stats.betabinom(10, 2, 3)),
]


@pytest.mark.parametrize(("law", "peer"), PEERS, ids=lambda x: type(x).__name__)
def test_masses_are_those_of_scipy(law, peer):
    with np.errstate(divide="ignore"):
        np.testing.assert_allclose(law.log_density(X), peer.logpmf(X), rtol=1e-11, atol=1e-12)
    assert np.all(np.isneginf(law.log_density(np.asarray([-1.0, 0.5, 2.5]))))


def test_masses_of_large_counts_keep_their_digits():
    x = np.asarray(300_100.0)  # mpmath, 40 digits
    assert abs(float(F.Binomial(10**6, 0.3).log_density(x)) + 7.0702734691187050) < 2e-14


def test_skellam_sums_to_one_and_has_its_moments():
    law, x = F.Skellam(2.5, 1.5), np.arange(-60.0, 61.0)
    mass = np.exp(law.log_density(x))
    assert abs(mass.sum() - 1) < 1e-12
    assert abs((mass * x).sum() - 1.0) < 1e-12
    assert abs((mass * x * x).sum() - 5.0) < 1e-11


@pytest.mark.parametrize(
    "law",
    [
        F.Bernoulli([0.3, 1.0]),
        F.Binomial(10, [0.3, 0.0]),
        F.Poisson([3.0, 0.0]),
        F.Geometric([0.3, 1.0]),
        F.NegativeBinomial([2.5, 3.0], 0.4),
        F.DiscreteUniform([2, 9], 9),
        F.LogSeries([0.4, 0.5]),
        F.BetaBinomial(10, [2.0, 3.0], 3.0),
        F.Skellam(2.5, [1.5, 2.0]),
        F.Delta([3.0, 4.0]),
    ],
    ids=lambda law: type(law).__name__,
)
def test_draws_have_the_moments(law):
    drawn = law.draw(np.random.default_rng(0), 20_000)
    assert drawn.shape == (20_000, 2)
    error = np.sqrt(law.variance() / 20_000)
    assert np.all(np.abs(drawn.mean(0) - law.mean()) <= 4 * error)
    np.testing.assert_allclose(drawn.var(0), law.variance(), rtol=0.08, atol=1e-12)
    if getattr(law, "quantile", lambda u: None)(np.asarray(0.7)) is not None:
        wanted = np.quantile(drawn, 0.7, axis=0, method="inverted_cdf")
        np.testing.assert_array_equal(law.quantile(np.asarray(0.7)), wanted)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: F.Bernoulli(1.5), r"probs = 1.5, but it must be a probability"),
        (lambda: F.Binomial(2.5, 0.5), r"n = 2.5, but it must be a non-negative whole number"),
        (lambda: F.Poisson(-1), r"rate = -1.0, but it must be non-negative"),
        (lambda: F.Poisson(float("nan")), r"rate = nan"),
        (lambda: F.Geometric(0), r"probs = 0.0, but it must be a probability within \(0, 1\]"),
        (lambda: F.NegativeBinomial(0, 0.5), r"successes = 0.0"),
        (lambda: F.DiscreteUniform(3, 2), r"low = 3.0 is above high = 2.0"),
        (lambda: F.Zipf(1), r"exponent = 1.0, but it must be finite and above 1"),
        (lambda: F.LogSeries(1), r"probs = 1.0"),
        (lambda: F.Dirichlet([1, -1]), r"concentration = -1.0"),
        (lambda: F.VonMisesFisher([1, 1], 2), r"length 1.41421, but it must be 1"),
        (lambda: F.SphereUniform(1), r"dimension = 1.0"),
        (lambda: F.MultivariateNormal([0, 0], [[1, 2], [2, 1]]), r"smallest eigenvalue is -1"),
        (lambda: F.MultivariateNormal([0, 0], [[1, 0.5], [0, 1]]), r"not symmetric.*by 0.5"),
        (
            lambda: F.MultivariateNormal([0, 0], [[1, 1], [1, 1 + 5e-16]]),
            r"singular to the precision of float64: its smallest eigenvalue",
        ),
        (lambda: F.MultivariateNormal(covariance=[EYE, [[1, 2], [2, 1]]]), r"matrix 1 of the"),
        (lambda: F.MultivariateNormal(scale_tril=[[1, 1], [0, 1]]), r"above its diagonal"),
        (lambda: F.MultivariateNormal(scale_tril=[[-1, 0], [0, 1]]), r"-1 on its diagonal"),
        (lambda: F.Wishart(1, EYE), r"df = 1.0, but it must be above 1"),
    ],
)
def test_bad_parameters_are_named(make, words):
    with pytest.raises(InvalidInputError, match=words):
        make()


def test_probabilities_must_sum_to_one():
    with pytest.raises(NotNormalisedError, match=r"sum to 0.9"):
        F.Multinomial(3, [0.5, 0.4])
    with pytest.raises(NotNormalisedError, match=r"row 1 of transition sums to 0.9"):
        F.MarkovChain([[0.5, 0.5], [0.4, 0.5]])


def test_shapes_must_fit():
    with pytest.raises(ShapeError, match="mean has 3 coordinates"):
        F.MultivariateNormal([0, 0, 0], EYE)
    with pytest.raises(ShapeError, match="must be equal"):
        F.MultivariateNormal(covariance=[[1, 0]])
    with pytest.raises(ShapeError, match="mean has 3 rows"):
        F.MatrixNormal(np.zeros((3, 2)), EYE, EYE)


def test_exactly_one_spread():
    with pytest.raises(InputTypeError, match="exactly one of"):
        F.MultivariateNormal([0, 0])
    with pytest.raises(InputTypeError, match="covariance and precision"):
        F.MultivariateNormal([0, 0], EYE, precision=EYE)


def test_near_singular_covariance_is_answered_with_its_condition():
    law = F.MultivariateNormal(covariance=[[1, 1 - 1e-10], [1 - 1e-10, 1]])
    assert 1e9 < float(law.condition) < 1e11


S = np.asarray([[2.0, 0.5], [0.5, 1.0]])
MEAN = np.asarray([1.0, 2.0])
GAUSSIANS = {
    "covariance": F.MultivariateNormal(MEAN, S),
    "precision": F.MultivariateNormal(MEAN, precision=np.linalg.inv(S)),
    "scale_tril": F.MultivariateNormal(MEAN, scale_tril=np.linalg.cholesky(S)),
    "low rank": F.LowRankNormal(MEAN, [[1.0], [0.5]], [1.0, 0.75]),
}


@pytest.mark.parametrize("law", GAUSSIANS.values(), ids=GAUSSIANS)
def test_gaussian_densities_and_draws(law):
    x = np.asarray([[0.3, -0.2], [4.0, 1.0]])
    wanted = stats.multivariate_normal(MEAN, S).logpdf(x)
    np.testing.assert_allclose(law.log_density(x), wanted, rtol=1e-12)
    drawn = law.draw(np.random.default_rng(0), 40_000)
    np.testing.assert_allclose(np.cov(drawn.T), S, atol=0.06)
    np.testing.assert_allclose(law.variance(), np.diag(S), rtol=1e-12)


def test_vector_and_matrix_densities_are_those_of_scipy():
    rng = np.random.default_rng(1)
    direction, root = np.asarray([0.6, 0.8, 0.0]), np.linalg.cholesky(S)
    cases = [
        (F.Dirichlet([1, 2, 3]), stats.dirichlet([1, 2, 3])),
        (F.Multinomial(5, [0.2, 0.3, 0.5]), stats.multinomial(5, [0.2, 0.3, 0.5])),
        (F.VonMisesFisher(direction, 3), stats.vonmises_fisher(direction, 3)),
        (F.Wishart(4.5, S), stats.wishart(4.5, S)),
        (F.InverseWishart(6.5, S), stats.invwishart(6.5, S)),
        (F.MatrixNormal(root, S, S), stats.matrix_normal(root, S, S)),
    ]
    for law, peer in cases:
        x = law.draw(rng, 4)
        wanted = [float(peer.logpmf(y) if law.discrete else peer.logpdf(y)) for y in x]
        np.testing.assert_allclose(law.log_density(x), wanted, rtol=1e-9, err_msg=repr(law))


def test_outside_the_support_the_density_is_zero():
    assert F.Dirichlet([1, 2]).log_density(np.asarray([0.5, 0.6])) == -np.inf
    assert F.SphereUniform(2).log_density(np.asarray([0.5, 0.5])) == -np.inf
    assert F.Multinomial(3, [1.0, 0.0]).log_density(np.asarray([2.0, 1.0])) == -np.inf
    assert F.Wishart(3, EYE).log_density(np.asarray([[1.0, 2.0], [2.0, 1.0]])) == -np.inf


def test_draws_on_the_sphere_point_the_right_way():
    direction, rng = np.asarray([0.6, 0.8, 0.0]), np.random.default_rng(0)
    for law in (F.VonMisesFisher(direction, 3.0), F.PowerSpherical(direction, 3.0)):
        drawn = law.draw(rng, 20_000)
        np.testing.assert_allclose((drawn**2).sum(-1), 1, rtol=1e-12)
        np.testing.assert_allclose(drawn.mean(0), law.mean(), atol=0.02)


def test_parameters_may_be_torch_tensors():
    import torch

    law = F.Poisson(torch.tensor([1.0, 2.0], dtype=torch.float32))
    found = law.log_density(torch.tensor([0.0, 3.0]))
    assert found.dtype == torch.float32
    np.testing.assert_allclose(as_numpy(found), [-1.0, -1.7123179], rtol=1e-6)
