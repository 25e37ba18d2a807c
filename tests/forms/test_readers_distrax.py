"""distrax's distributions, and TFP's on JAX, are read into families that have their density."""

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
    distrax = pytest.importorskip("distrax")
    tfp = pytest.importorskip("tensorflow_probability.substrates.jax")
jnp = jax.numpy
d, tfd, tfb = distrax, tfp.distributions, tfp.bijectors
f = kb.families
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::UserWarning"),
]


@pytest.fixture(autouse=True)
def single_precision():
    """The laws above are made in float32; another test of this process may have asked for more."""
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", False)
    yield
    jax.config.update("jax_enable_x64", before)


def a(*values):
    return jnp.asarray(values)


def cases():
    """Yield name, distribution, the family it is read into."""
    matrix = jnp.eye(2) + 0.3
    root = jnp.linalg.cholesky(matrix)
    two = (a(0.2, -1.0), a(0.5, 2.0))
    probs = a(0.2, 0.3, 0.5)
    normal = d.Normal(*two)
    yield "Bernoulli", d.Bernoulli(probs=a(0.2, 0.9)), f.Bernoulli
    yield "Bernoulli logits", d.Bernoulli(logits=a(0.2, 3.0)), kb.Logits
    yield "Beta", d.Beta(a(0.5, 2.0), 3.0), f.Beta
    yield "Categorical", d.Categorical(probs=probs), kb.Probs
    yield "Categorical logits", d.Categorical(logits=a(0.0, 1.0, 3.0)), kb.Logits
    yield "Deterministic", d.Deterministic(1.5), f.Delta
    yield "Dirichlet", d.Dirichlet(a(0.5, 2.0, 3.0)), f.Dirichlet
    yield "EpsilonGreedy", d.EpsilonGreedy(a(0.5, 2.0, 3.0), 0.1), kb.Probs
    yield "Gamma", d.Gamma(a(0.5, 2.0), 3.0), f.Gamma
    yield "Gumbel", d.Gumbel(*two), f.Gumbel
    yield "Independent", d.Independent(normal, 1), f.Independent
    yield "Joint", d.Joint([d.Normal(0.0, 1.0), d.Gamma(2.0, 1.0)]), f.Product
    yield "Laplace", d.Laplace(*two), f.Laplace
    yield "LogStddevNormal", d.LogStddevNormal(*two), f.Normal
    yield "Logistic", d.Logistic(*two), f.Logistic
    parts = (0.3, d.Normal(0.0, 1.0), d.Laplace(1.0, 2.0))
    yield "MixtureOfTwo", d.MixtureOfTwo(*parts), f.Mixture
    mixture = d.MixtureSameFamily(d.Categorical(probs=a(0.3, 0.7)), normal)
    yield "MixtureSameFamily", mixture, f.Mixture
    yield "Multinomial", d.Multinomial(4, probs=probs), f.Multinomial
    diagonal = d.MultivariateNormalDiag(*two)
    yield "MultivariateNormalDiag", diagonal, f.MultivariateNormal
    low_rank = d.MultivariateNormalDiagPlusLowRank(*two, matrix[:, :1], matrix[:, :1])
    yield "MultivariateNormalDiagPlusLowRank", low_rank, f.MultivariateNormal
    full = d.MultivariateNormalFullCovariance(a(0.0, 1.0), matrix)
    yield "MultivariateNormalFullCovariance", full, f.MultivariateNormal
    yield "MultivariateNormalTri", d.MultivariateNormalTri(a(0.0, 1.0), root), f.MultivariateNormal
    yield "Normal", normal, f.Normal
    yield "OneHotCategorical", d.OneHotCategorical(probs=probs), kb.Probs
    yield "Softmax", d.Softmax(a(0.5, 2.0, 3.0)), kb.Logits
    affine = d.Transformed(d.Laplace(0.0, 1.0), d.ScalarAffine(1.0, 2.0))
    yield "Transformed", affine, f.Affine
    chain = d.Transformed(d.Laplace(0.0, 1.0), d.Chain([d.Sigmoid(), d.ScalarAffine(1.0, 2.0)]))
    yield "Transformed by a chain", chain, f.Sigmoid
    yield "Transformed by tanh", d.Transformed(d.Laplace(0.0, 1.0), d.Tanh()), f.Affine
    exp = d.Transformed(d.Laplace(0.0, 1.0), d.Lambda(jnp.exp, jnp.log))
    yield "Transformed by exp", exp, f.Exp
    triangle = d.Transformed(d.Independent(normal, 1), d.DiagLinear(a(2.0, 3.0)))
    yield "Transformed by a matrix", triangle, f.Image
    yield "Uniform", d.Uniform(a(0.2, -1.0), a(0.5, 2.0)), f.Uniform
    yield "VonMises", d.VonMises(0.2, 3.0), f.VonMises
    yield "Quantized", d.Quantized(d.Normal(0.0, 2.0)), Density
    yield "tfd Gamma", tfd.Gamma(a(0.5, 2.0), 3.0), f.Gamma
    yield "tfd Bernoulli", tfd.Bernoulli(logits=a(0.2, 3.0)), kb.Logits
    yield "tfd NegativeBinomial", tfd.NegativeBinomial(2.5, probs=0.3), f.NegativeBinomial
    yield "tfd InverseGaussian", tfd.InverseGaussian(1.5, 2.0), f.InverseGaussian
    yield "tfd LogLogistic", tfd.LogLogistic(0.5, 0.7), f.LogLogistic
    yield "tfd Moyal", tfd.Moyal(0.5, 0.7), f.Moyal
    yield "tfd Pareto", tfd.Pareto(2.5, 0.7), f.Pareto
    yield "tfd Weibull", tfd.Weibull(2.5, 0.7), f.Weibull
    yield "tfd TruncatedNormal", tfd.TruncatedNormal(0.0, 1.0, -1.0, 2.0), f.TruncatedNormal
    yield "tfd Independent", tfd.Independent(tfd.Normal(*two), 1), f.Independent
    tri = tfd.MultivariateNormalTriL(a(0.0, 1.0), root)
    yield "tfd MultivariateNormalTriL", tri, f.MultivariateNormal


BY_MATRIX = d.DiagLinear(a(2.0, 3.0))
CASES = {name: (x, family) for name, x, family in cases()}


@pytest.mark.parametrize("name", CASES)
def test_density_is_that_of_the_library(name):
    x, family = CASES[name]
    law = read(x, "p")
    assert type(law) is family
    law = Table(law) if family in (kb.Probs, kb.Logits) else law
    if name != "Joint":
        assert tuple(law.batch) == tuple(x.batch_shape)
    if family in (f.Image, Density):
        points = a(-1.0, 0.0, 2.0) if name == "Quantized" else a([0.2, 0.3], [-1.0, 2.0])
        np.testing.assert_allclose(law.log_density(points), x.log_prob(points), rtol=1e-5)
        return
    law = law.moved(np.empty(0))  # JAX takes seconds to compile what numpy does at once
    points = law.draw(np.random.default_rng(0), 5)
    theirs = jnp.asarray(points, np.float32)
    if name.startswith("OneHot"):
        theirs = jax.nn.one_hot(points, 3)
    elif name == "Joint":
        theirs = [theirs[:, 0], theirs[:, 1]]
    elif isinstance(law, Table):
        theirs = theirs.astype(int)
    truth = x.log_prob(theirs)
    np.testing.assert_allclose(law.log_density(points), truth, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (d.Normal(0.0, 1.0), d.Normal(1.0, 2.0)),
        tuple(d.Independent(d.Normal(a(0.0, m), 1.0 + m), 1) for m in (1.0, 2.0)),
        (d.Transformed(d.Normal(0.0, 1.0), d.Tanh()), d.Transformed(d.Normal(1.0, 2.0), d.Tanh())),
        (d.Categorical(logits=a(0.0, 1.0)), d.Categorical(probs=a(0.5, 0.5))),
        tuple(
            d.Transformed(d.MultivariateNormalDiag(a(m, 1.0), a(1.0, 1.0 + m)), BY_MATRIX)
            for m in (0.0, 1.0)
        ),
    ],
    ids=["Normal", "Independent", "Tanh", "Categorical", "DiagLinear"],
)  # fmt: skip
def test_kl_is_that_of_distrax(p, q):
    try:
        truth = p.kl_divergence(q)
    except NotImplementedError:
        truth = p.distribution.kl_divergence(q.distribution)
    got = kb.kl(p, q)
    assert isinstance(got, jax.Array)
    np.testing.assert_allclose(got, truth, rtol=1e-5)


def test_what_is_no_density_is_refused():
    with pytest.raises(kb.InputTypeError, match="clipped"):
        kb.kl(d.ClippedNormal(0.0, 1.0, -1.0, 1.0), d.Normal(0.0, 1.0))
    with pytest.raises(kb.InputTypeError, match="no distribution"):
        kb.kl(d.Tanh(), d.Normal(0.0, 1.0))
