"""numpyro's distributions are read into families that have their density."""

import warnings

import numpy as np
import pytest

import kullback as kb
from kullback.forms.density import Density
from kullback.forms.families.derived import Table
from kullback.forms.readers import read

jax = pytest.importorskip("jax")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    nd = pytest.importorskip("numpyro.distributions")
jnp = jax.numpy
f = kb.families
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def a(*values):
    return jnp.asarray(values)


def cases():
    """Yield name, distribution, the family it is read into."""
    matrix = jnp.eye(2) + 0.3
    root = jnp.linalg.cholesky(matrix)
    two = (a(0.2, -1.0), a(0.5, 2.0))
    probs = a(0.2, 0.3, 0.5)
    t = nd.transforms
    yield "BernoulliProbs", nd.Bernoulli(a(0.2, 0.9)), f.Bernoulli
    yield "BernoulliLogits", nd.Bernoulli(logits=a(0.2, 3.0)), kb.Logits
    yield "Beta", nd.Beta(a(0.5, 2.0), 3.0), f.Beta
    yield "BetaBinomial", nd.BetaBinomial(2.0, 3.0, 5), f.BetaBinomial
    yield "BetaProportion", nd.BetaProportion(0.3, 5.0), f.Beta
    yield "BinomialProbs", nd.Binomial(5, a(0.3, 0.6)), f.Binomial
    yield "BinomialLogits", nd.Binomial(5, logits=a(0.3, 0.6)), f.Binomial
    yield "CategoricalProbs", nd.Categorical(probs), kb.Probs
    yield "CategoricalLogits", nd.Categorical(logits=a(0.0, 1.0, 3.0)), kb.Logits
    yield "Cauchy", nd.Cauchy(*two), f.Cauchy
    yield "Chi2", nd.Chi2(3.0), f.ChiSquared
    yield "Delta", nd.Delta(1.5), f.Delta
    yield "Dirichlet", nd.Dirichlet(a(0.5, 2.0, 3.0)), f.Dirichlet
    yield "DiscreteUniform", nd.DiscreteUniform(1, 6), f.DiscreteUniform
    yield "ExpandedDistribution", nd.Normal(0.0, 1.0).expand((3, 2)), f.Normal
    expanded = nd.Categorical(probs).expand((3, 2))
    yield "ExpandedDistribution of tables", expanded, kb.Probs
    expanded = nd.Normal(*two).to_event(1).expand((3,))
    yield "ExpandedDistribution of vectors", expanded, f.Independent
    yield "Exponential", nd.Exponential(a(0.5, 2.0)), f.Exponential
    yield "Gamma", nd.Gamma(a(0.5, 2.0), 3.0), f.Gamma
    yield "GammaPoisson", nd.GammaPoisson(2.5, 0.7), f.NegativeBinomial
    yield "GaussianRandomWalk", nd.GaussianRandomWalk(0.5, 4), f.MultivariateNormal
    yield "GeometricProbs", nd.Geometric(a(0.2, 0.7)), f.Geometric
    yield "GeometricLogits", nd.Geometric(logits=a(0.2, 0.7)), f.Geometric
    yield "Gumbel", nd.Gumbel(*two), f.Gumbel
    yield "HalfCauchy", nd.HalfCauchy(a(0.5, 2.0)), f.HalfCauchy
    yield "HalfNormal", nd.HalfNormal(a(0.5, 2.0)), f.HalfNormal
    yield "Independent", nd.Normal(*two).to_event(1), f.Independent
    yield "InverseGamma", nd.InverseGamma(2.5, a(0.5, 2.0)), f.InverseGamma
    yield "InverseWishart", nd.InverseWishart(3.5, scale_matrix=matrix), f.InverseWishart
    yield "Kumaraswamy", nd.Kumaraswamy(a(0.5, 2.0), 3.0), f.Kumaraswamy
    yield "Laplace", nd.Laplace(*two), f.Laplace
    yield "LeftTruncatedDistribution", nd.TruncatedNormal(0.0, 1.0, low=0.5), f.TruncatedNormal
    yield "Levy", nd.Levy(*two), f.Levy
    yield "LogNormal", nd.LogNormal(*two), f.LogNormal
    yield "LogUniform", nd.LogUniform(0.5, 3.0), f.LogUniform
    yield "Logistic", nd.Logistic(*two), f.Logistic
    low_rank = nd.LowRankMultivariateNormal(a(0.0, 1.0), matrix[:, :1], a(0.5, 2.0))
    yield "LowRankMultivariateNormal", low_rank, f.LowRankNormal
    yield "LowerTruncatedPowerLaw", nd.LowerTruncatedPowerLaw(-2.5, 0.5), f.Pareto
    yield "MatrixNormal", nd.MatrixNormal(jnp.ones((2, 2)), root, root), f.MatrixNormal
    parts = [nd.Normal(0.0, 1.0), nd.Laplace(1.0, 2.0)]
    yield "MixtureGeneral", nd.Mixture(nd.Categorical(a(0.3, 0.7)), parts), f.Mixture
    mixture = nd.MixtureSameFamily(nd.Categorical(a(0.3, 0.7)), nd.Normal(*two))
    yield "MixtureSameFamily", mixture, f.Mixture
    yield "MultinomialProbs", nd.Multinomial(4, probs), f.Multinomial
    yield "MultinomialLogits", nd.Multinomial(4, logits=a(0.0, 1.0, 2.0)), f.Multinomial
    yield "MultivariateNormal", nd.MultivariateNormal(a(0.0, 1.0), matrix), f.MultivariateNormal
    yield "NegativeBinomialProbs", nd.NegativeBinomial(2.5, 0.3), f.NegativeBinomial
    yield "NegativeBinomialLogits", nd.NegativeBinomial(2.5, logits=0.3), f.NegativeBinomial
    yield "NegativeBinomial2", nd.NegativeBinomial2(2.5, 0.7), f.NegativeBinomial
    yield "Normal", nd.Normal(*two), f.Normal
    yield "OrderedLogistic", nd.OrderedLogistic(0.3, a(-1.0, 1.0)), kb.Probs
    yield "Pareto", nd.Pareto(a(0.5, 2.0), 3.0), f.Pareto
    yield "Poisson", nd.Poisson(a(0.5, 2.0)), f.Poisson
    yield "RelaxedBernoulliLogits", nd.RelaxedBernoulli(0.7, logits=0.3), f.Sigmoid
    right = nd.TruncatedDistribution(nd.Laplace(0.0, 1.0), high=0.5)
    yield "RightTruncatedDistribution", right, f.Truncated
    yield "SoftLaplace", nd.SoftLaplace(*two), f.HyperbolicSecant
    yield "StudentT", nd.StudentT(3.0, *two), f.StudentT
    exp = nd.TransformedDistribution(
        nd.StudentT(3.0), [t.ExpTransform(), t.AffineTransform(0.0, 2.0)]
    )
    yield "TransformedDistribution", exp, f.Affine
    normal = nd.TransformedDistribution(
        nd.Normal(jnp.zeros(2), 1.0).to_event(1), t.LowerCholeskyAffine(a(0.0, 1.0), root)
    )
    yield "TransformedDistribution Gaussian", normal, f.MultivariateNormal
    simplex = nd.TransformedDistribution(nd.Normal(*two).to_event(1), t.StickBreakingTransform())
    yield "TransformedDistribution by sticks", simplex, f.Image
    both = nd.TruncatedDistribution(nd.Logistic(0.0, 1.0), -0.5, 2.0)
    yield "TwoSidedTruncatedDistribution", both, f.Truncated
    yield "Uniform", nd.Uniform(a(0.2, -1.0), a(0.5, 2.0)), f.Uniform
    yield "VonMises", nd.VonMises(0.2, 3.0), f.VonMises
    yield "Weibull", nd.Weibull(a(0.5, 2.0), 3.0), f.Weibull
    yield "Wishart", nd.Wishart(3.5, scale_matrix=matrix), f.Wishart
    zeros = nd.ZeroInflatedDistribution(nd.Geometric(0.4), gate=0.2)
    yield "ZeroInflatedProbs", zeros, f.Mixture
    zeros = nd.ZeroInflatedDistribution(nd.Geometric(0.4), gate_logits=0.2)
    yield "ZeroInflatedLogits", zeros, f.Mixture
    yield "ZeroInflatedPoisson", nd.ZeroInflatedPoisson(0.2, 2.0), f.Mixture
    yield (
        "ZeroInflatedNegativeBinomial2",
        nd.ZeroInflatedNegativeBinomial2(2.0, 3.0, gate=0.2),
        f.Mixture,
    )
    yield "AsymmetricLaplace", nd.AsymmetricLaplace(0.0, 1.0, 2.0), Density
    yield "Gompertz", nd.Gompertz(1.0, 2.0), Density
    yield "DirichletMultinomial", nd.DirichletMultinomial(a(1.0, 2.0), 4), Density
    yield "MultivariateStudentT", nd.MultivariateStudentT(4.0, a(0.0, 1.0), root), Density


POINTS = {
    "AsymmetricLaplace": [-1.0, 0.5, 2.0], "Gompertz": [0.1, 0.5],
    "DirichletMultinomial": [[1, 3], [4, 0]], "MultivariateStudentT": [[0.1, 0.2], [2.0, -1.0]],
}  # fmt: skip
CASES = {name: (x, family) for name, x, family in cases()}


@pytest.mark.parametrize("name", CASES)
def test_density_is_that_of_numpyro(name):
    x, family = CASES[name]
    law = read(x, "p")
    assert type(law) is family
    law = Table(law) if family in (kb.Probs, kb.Logits) else law
    assert tuple(law.batch) == tuple(x.batch_shape)
    if family in (f.Image, Density):
        points = a(*POINTS.get(name, [[0.2, 0.3, 0.5], [0.1, 0.2, 0.7]]))
        np.testing.assert_allclose(law.log_density(points), x.log_prob(points), rtol=1e-5)
        return
    law = law.moved(np.empty(0))  # JAX takes seconds to compile what numpy does at once
    points = law.draw(np.random.default_rng(0), 5)
    whole = getattr(x.support, "is_discrete", False)
    truth = x.log_prob(jnp.asarray(points, int if whole else np.float32))
    np.testing.assert_allclose(law.log_density(points), truth, rtol=2e-4, atol=2e-4)


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (nd.Normal(0.0, 1.0), nd.Normal(1.0, 2.0)),
        (nd.Gamma(2.0, 1.0), nd.Gamma(3.0, 0.5)),
        (nd.Normal(a(0.0, 1.0), 1.0).to_event(1), nd.Normal(a(1.0, 1.0), 2.0).to_event(1)),
        (nd.Normal(0.0, 1.0).expand((3,)), nd.Normal(1.0, 2.0).expand((3,))),
        (nd.Categorical(a(0.2, 0.8)), nd.Categorical(a(0.5, 0.5))),
    ],
    ids=["Normal", "Gamma", "Independent", "Expanded", "Categorical"],
)
def test_kl_is_that_of_numpyro_where_numpyro_is_right(p, q):
    got, truth = kb.kl(p, q), nd.kl_divergence(p, q)
    assert isinstance(got, jax.Array)
    assert got.shape == truth.shape
    np.testing.assert_allclose(got, truth, rtol=1e-5)


def test_where_numpyro_is_wrong():
    got = kb.kl(nd.Kumaraswamy(2.0, 3.0), nd.Beta(1.5, 2.5))
    np.testing.assert_allclose(got, 0.0889006, rtol=1e-5)  # numpyro: 0.0788


def test_gradients_reach_the_arrays_of_the_user():
    def loss(loc):
        return kb.kl(nd.Normal(loc, 1.0), nd.Normal(0.0, 1.0))

    np.testing.assert_allclose(jax.grad(loss)(0.3), 0.3, rtol=1e-6)
    np.testing.assert_allclose(jax.jit(loss)(0.3), 0.045, rtol=1e-6)


def test_what_is_no_law_is_refused():
    masked = nd.Normal(0.0, 1.0).mask(False)
    with pytest.raises(kb.InputTypeError, match="masked"):
        kb.kl(masked, nd.Normal(0.0, 1.0))
    with pytest.raises(kb.InputTypeError, match="integrate"):
        kb.kl(nd.ImproperUniform(nd.constraints.real, (), ()), nd.Normal(0.0, 1.0))
    with pytest.raises(kb.InputTypeError, match="no distribution"):
        kb.kl(nd.transforms.ExpTransform(), nd.Normal(0.0, 1.0))
