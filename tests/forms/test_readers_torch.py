"""torch.distributions are read into families that have their density, on their graph."""

import math

import numpy as np
import pytest

import kullback as kb
from kullback.forms.density import Density
from kullback.forms.readers import read

torch = pytest.importorskip("torch")
td = torch.distributions
f = kb.families


def t(*values):
    return torch.tensor(values, dtype=torch.float64)


def cases():
    """Yield name, distribution, the family it is read into."""
    matrix = torch.eye(2, dtype=torch.float64) + 0.3
    two = (t(0.2, -1.0), t(0.5, 2.0))
    probs = t(0.2, 0.3, 0.5)
    affine = td.AffineTransform(t(1.0), t(-2.0))
    yield "Bernoulli", td.Bernoulli(t(0.2, 0.9)), f.Bernoulli
    yield "Bernoulli logits", td.Bernoulli(logits=t(0.2, 30.0)), kb.Logits
    yield "Beta", td.Beta(t(0.5, 2.0), t(3.0)), f.Beta
    yield "Binomial", td.Binomial(5, t(0.3, 0.6)), f.Binomial
    yield "Binomial logits", td.Binomial(5, logits=t(0.3, 0.6)), f.Binomial
    yield "Categorical", td.Categorical(probs), kb.Probs
    yield "Categorical logits", td.Categorical(logits=t(0.0, 1.0, 3.0)), kb.Logits
    yield "Cauchy", td.Cauchy(*two), f.Cauchy
    yield "Chi2", td.Chi2(t(3.0)), f.ChiSquared
    yield "ContinuousBernoulli", td.ContinuousBernoulli(t(0.2, 0.7)), f.ContinuousBernoulli
    yield "Dirichlet", td.Dirichlet(t(0.5, 2.0, 3.0)), f.Dirichlet
    yield "Exponential", td.Exponential(t(0.5, 2.0)), f.Exponential
    yield "FisherSnedecor", td.FisherSnedecor(t(3.0), t(5.0)), f.Affine
    yield "Gamma", td.Gamma(t(0.5, 2.0), t(3.0)), f.Gamma
    single = (torch.tensor([v]) for v in (0.5, 2.0, 0.3))  # torch's own density fails in float64
    yield "GeneralizedPareto", td.GeneralizedPareto(*single), f.GeneralizedPareto
    yield "Geometric", td.Geometric(t(0.2, 0.7)), f.Geometric
    yield "Gumbel", td.Gumbel(*two), f.Gumbel
    yield "HalfCauchy", td.HalfCauchy(t(0.5, 2.0)), f.HalfCauchy
    yield "HalfNormal", td.HalfNormal(t(0.5, 2.0)), f.HalfNormal
    yield "Independent", td.Independent(td.Normal(*two), 1), f.Independent
    yield "InverseGamma", td.InverseGamma(t(2.5), t(0.5, 2.0)), f.InverseGamma
    yield "Kumaraswamy", td.Kumaraswamy(t(0.5, 2.0), t(3.0)), f.Kumaraswamy
    yield "Laplace", td.Laplace(*two), f.Laplace
    yield "LogNormal", td.LogNormal(*two), f.LogNormal
    yield "LogisticNormal", td.LogisticNormal(*two), f.Image
    low_rank = td.LowRankMultivariateNormal(t(0.0, 1.0), matrix[:, :1], t(0.5, 2.0))
    yield "LowRankMultivariateNormal", low_rank, f.LowRankNormal
    yield "MultivariateNormal", td.MultivariateNormal(t(0.0, 1.0), matrix), f.MultivariateNormal
    precision = td.MultivariateNormal(t(0.0, 1.0), precision_matrix=matrix)
    yield "MultivariateNormal precision", precision, f.MultivariateNormal
    mixture = td.MixtureSameFamily(td.Categorical(t(0.3, 0.7)), td.Normal(*two))
    yield "MixtureSameFamily", mixture, f.Mixture
    vectors = td.Independent(td.Normal(*(x[:, None].expand(2, 3) for x in two)), 1)
    mixture = td.MixtureSameFamily(td.Categorical(t(0.3, 0.7)), vectors)
    yield "MixtureSameFamily of vectors", mixture, f.Mixture
    tables = td.Categorical(torch.stack([probs, probs.flip(0)]))
    mixture = td.MixtureSameFamily(td.Categorical(t(0.3, 0.7)), tables)
    yield "MixtureSameFamily of tables", mixture, kb.Probs
    yield "Multinomial", td.Multinomial(4, probs), f.Multinomial
    yield "NegativeBinomial", td.NegativeBinomial(t(2.5), t(0.3)), f.NegativeBinomial
    logits = td.NegativeBinomial(t(2.5), logits=t(0.3, -1.0))
    yield "NegativeBinomial logits", logits, f.NegativeBinomial
    yield "Normal", td.Normal(*two), f.Normal
    yield "Normal expanded", td.Normal(t(0.0), t(1.0)).expand((3, 2)), f.Normal
    yield "OneHotCategorical", td.OneHotCategorical(probs), kb.Probs
    straight = td.OneHotCategoricalStraightThrough(logits=t(0.0, 1.0, 2.0))
    yield "OneHotCategoricalStraightThrough", straight, kb.Logits
    yield "Pareto", td.Pareto(t(0.5, 2.0), t(3.0)), f.Pareto
    yield "Poisson", td.Poisson(t(0.5, 2.0)), f.Poisson
    yield "RelaxedBernoulli", td.RelaxedBernoulli(t(0.7), t(0.3)), f.Sigmoid
    yield "StudentT", td.StudentT(t(3.0), *two), f.StudentT
    yield "Uniform", td.Uniform(t(0.2, -1.0), t(0.5, 2.0)), f.Uniform
    yield "VonMises", td.VonMises(t(0.2), t(3.0)), f.VonMises
    yield "Weibull", td.Weibull(t(0.5, 2.0), t(3.0)), f.Weibull
    yield "Wishart", td.Wishart(t(3.5), matrix), f.Wishart
    moved = td.TransformedDistribution(td.Gamma(t(2.0, 3.0), t(1.0)), [affine])
    yield "Affine", moved, f.Affine
    both = [td.ExpTransform(), td.AffineTransform(0.0, 2.0)]
    yield "Exp, Affine", td.TransformedDistribution(td.StudentT(t(3.0)), both), f.Affine
    root = td.TransformedDistribution(td.Gamma(t(2.0), t(1.0)), td.PowerTransform(t(0.5)))
    yield "Power", root, f.Power
    tanh = td.TransformedDistribution(td.Laplace(t(0.1), t(1.0)), td.TanhTransform())
    yield "Tanh", tanh, f.Affine
    log = td.TransformedDistribution(td.Gamma(t(2.0), t(1.0)), td.ExpTransform().inv)
    yield "inverse of Exp", log, f.Log
    independent = td.Independent(td.Normal(*two), 1)
    yield (
        "Exp of vectors",
        td.TransformedDistribution(independent, td.ExpTransform()),
        f.Independent,
    )
    vector = td.MultivariateNormal(t(0.0, 1.0), matrix)
    wide = td.TransformedDistribution(vector, td.AffineTransform(1.0, t(2.0, -0.5), event_dim=1))
    yield "Affine of MultivariateNormal", wide, f.MultivariateNormal
    flow = td.TransformedDistribution(vector, td.IndependentTransform(td.ExpTransform(), 1))
    yield "Exp of MultivariateNormal", flow, f.Image
    relaxed = td.RelaxedOneHotCategorical(t(0.7), probs)
    yield "RelaxedOneHotCategorical", relaxed, Density
    yield "LKJCholesky", td.LKJCholesky(3, 1.0), Density


CASES = {name: (x, family) for name, x, family in cases()}
MATRICES = torch.stack([torch.eye(2, dtype=torch.float64) * 2 + x for x in (-0.5, 0.2, 0.7)])
TOLERANCES = {"GeneralizedPareto": 1e-5, "VonMises": 1e-7}  # float32; torch's I₀ by a polynomial
READ_BY_PARTS = {"Distribution", "ExponentialFamily", "TransformedDistribution"}


def test_every_class_of_torch_is_read():
    names = {name for name in td.__all__ if isinstance(getattr(td, name), type)}
    kinds = {n for n in names if issubclass(getattr(td, n), td.Distribution)} - READ_BY_PARTS
    assert kinds <= {name.partition(" ")[0] for name in CASES}


@pytest.mark.parametrize("name", CASES)
def test_density_is_that_of_torch(name):
    x, family = CASES[name]
    law = read(x, "p")
    assert type(law) is family
    torch.manual_seed(0)
    points = MATRICES if name == "Wishart" else x.sample((5,))
    truth = x.log_prob(points)
    if family in (kb.Probs, kb.Logits):
        table = f.derived.tables.Table(law)
        index = points.argmax(-1) if "OneHot" in name else points
        law = table
        assert table.batch == tuple(x.batch_shape)
        points = index
    else:
        assert tuple(law.batch) == tuple(x.batch_shape)
    ours = law.log_density(points)
    rtol = TOLERANCES.get(name, 1e-9)
    np.testing.assert_allclose(ours.numpy(), truth.numpy(), rtol=rtol, atol=rtol)


PAIRS = [
    (td.Normal(t(0.0), t(1.0)), td.Normal(t(1.0), t(2.0))),
    (td.Gamma(t(2.0), t(1.0)), td.Gamma(t(3.0), t(0.5))),
    (td.Beta(t(2.0), t(1.5)), td.Beta(t(0.5), t(3.0))),
    (td.Laplace(t(0.0), t(1.0)), td.Laplace(t(1.0), t(2.0))),
    (td.Exponential(t(2.0)), td.Gamma(t(3.0), t(0.5))),
    (td.LogNormal(t(0.0), t(1.0)), td.LogNormal(t(1.0), t(2.0))),
    (td.InverseGamma(t(2.0), t(1.0)), td.InverseGamma(t(3.0), t(0.5))),
    (td.Categorical(t(0.2, 0.8)), td.Categorical(logits=t(0.0, 1.0))),
    (td.Bernoulli(t(0.2)), td.Bernoulli(logits=t(1.0))),
    (td.Bernoulli(logits=t(-1.0)), td.Poisson(t(1.0))),
    (
        td.Independent(td.Normal(t(0.0, 1.0), t(1.0)), 1),
        td.Independent(td.Normal(t(1.0, 3.0), t(2.0)), 1),
    ),
    (
        td.TransformedDistribution(td.Gamma(t(2.0), t(1.0)), td.AffineTransform(1.0, 3.0)),
        td.TransformedDistribution(td.Gamma(t(3.0), t(0.5)), td.AffineTransform(1.0, 3.0)),
    ),
    (td.LogisticNormal(t(0.0, 1.0), t(1.0, 1.0)), td.LogisticNormal(t(1.0, 1.0), t(1.0, 2.0))),
    (td.HalfCauchy(t(1.0)), td.HalfCauchy(t(2.0))),
]  # fmt: skip


@pytest.mark.parametrize(("p", "q"), PAIRS, ids=lambda x: type(x).__name__)
def test_kl_is_that_of_torch_where_torch_is_right(p, q):
    truth = td.kl_divergence(p, q)
    got = kb.kl(p, q)
    assert isinstance(got, torch.Tensor)
    assert got.shape == truth.shape
    np.testing.assert_allclose(got, truth, rtol=1e-9)


@pytest.mark.parametrize(
    ("p", "q", "truth"),
    [
        (td.ContinuousBernoulli(t(0.2)), td.Uniform(t(0.0), t(1.0)), 0.07641445280335876),
        (td.Uniform(t(0.0), t(1.0)), td.ContinuousBernoulli(t(0.2)), 0.07883084812988340),
        (td.Poisson(t(0.0)), td.Poisson(t(1.0)), 1.0),
        (td.Binomial(3, t(0.5)), td.Binomial(5, t(0.5)), None),
    ],
    ids=["ContinuousBernoulli ‖ Uniform", "reverse", "Poisson(0)", "Binomial of 3 ‖ of 5"],
)
def test_where_torch_is_wrong(p, q, truth):
    if truth is None:
        x = np.arange(4.0)
        a, b = f.Binomial(3, 0.5).log_density(x), f.Binomial(5, 0.5).log_density(x)
        truth = float(np.sum(np.exp(a) * (a - b)))
    np.testing.assert_allclose(kb.kl(p, q), truth, rtol=1e-10)


@pytest.mark.parametrize(
    ("p", "q", "truth"),
    [
        (td.Gamma(100.0, 3.0), td.Gamma(100.0 * (1 + 1e-5), 3.0), 5.0e-9),
        (td.Poisson(1e4), td.Poisson(1e4 * (1 + 1e-5)), 5.0e-7),
        (td.Dirichlet(torch.full((20,), 5.0)), td.Dirichlet(torch.full((20,), 5.005)), 5.1e-6),
    ],
    ids=["Gamma", "Poisson", "Dirichlet"],
)
def test_float32_does_not_cancel(p, q, truth):
    got = kb.kl(p, q)
    assert got.dtype == torch.float32
    assert got >= 0
    assert truth / 2 < float(got) < truth * 2


def test_gradients_reach_the_tensors_of_the_user():
    loc, scale = t(0.3).requires_grad_(), t(1.5).requires_grad_()
    kb.kl(td.Normal(loc, scale), td.Normal(t(0.0), t(1.0))).sum().backward()
    np.testing.assert_allclose(loc.grad, [0.3], rtol=1e-12)
    np.testing.assert_allclose(scale.grad, [1.5 - 1 / 1.5], rtol=1e-12)


@pytest.mark.parametrize(
    "make",
    [
        lambda a: td.Categorical(logits=a),
        lambda a: td.Bernoulli(logits=a[0]),
        lambda a: td.Independent(td.Normal(a, t(1.0)), 1),
        lambda a: td.TransformedDistribution(td.Normal(a[0], t(1.0)), td.ExpTransform()),
        lambda a: td.MultivariateNormal(a, torch.eye(2, dtype=torch.float64)),
    ],
    ids=["Categorical", "Bernoulli", "Independent", "Exp", "MultivariateNormal"],
)
def test_gradients_through_what_is_derived(make):
    a = t(0.3, -0.2).requires_grad_()
    b = t(0.1, 0.4)
    truth = torch.autograd.grad(td.kl_divergence(make(a), make(b)).sum(), a)[0]
    got = torch.autograd.grad(kb.kl(make(a), make(b)).sum(), a)[0]
    np.testing.assert_allclose(got, truth, rtol=1e-8, atol=1e-12)


def test_gradients_through_a_shift_that_is_absorbed():
    a = t(0.3).requires_grad_()
    base = td.Laplace(t(0.0), t(1.0))
    p = td.TransformedDistribution(base, td.AffineTransform(a, 2.0))
    q = td.Laplace(t(0.1), t(1.5))
    truth = torch.autograd.grad(td.kl_divergence(td.Laplace(a, t(2.0)), q).sum(), a)[0]
    np.testing.assert_allclose(torch.autograd.grad(kb.kl(p, q).sum(), a)[0], truth, rtol=1e-8)


def test_extreme_logits_keep_their_digits():
    p, q = td.Bernoulli(logits=torch.tensor(40.0)), td.Bernoulli(logits=torch.tensor(20.0))
    # e⁻²⁰ − e⁻⁴⁰ (1 + 20) to first order
    assert math.isclose(float(kb.kl(p, q)), 2.0611536e-9, rel_tol=1e-5)


def test_plain_numbers_follow_the_other_library():
    import scipy.stats

    got = kb.kl(scipy.stats.norm(0, 1), td.Normal(torch.tensor(1.0), torch.tensor(2.0)))
    assert isinstance(got, torch.Tensor)
    assert math.isclose(float(got), 0.4431471, rel_tol=1e-6)


class Loud(td.Normal):
    """A subclass that leaves the density as it is."""


class Other(td.Normal):
    """A subclass that does not."""

    def log_prob(self, value):
        return super().log_prob(value - 1)


def test_classes_of_users():
    assert isinstance(read(Loud(0.0, 1.0), "p"), f.Normal)
    assert isinstance(read(Other(0.0, 1.0), "p"), Density)


def test_tensors_and_transforms_are_no_distributions():
    assert read(t(0.5, 0.5), "p") is None
    with pytest.raises(kb.InputTypeError, match="no distribution"):
        kb.kl(td.ExpTransform(), td.Normal(0.0, 1.0))


def test_outside_its_support_a_density_is_empty():
    law = read(td.RelaxedOneHotCategorical(t(0.7), t(0.5, 0.5)), "p")
    assert float(law.log_density(t(2.0, 2.0))) == -math.inf


def test_inverses_are_read_where_zuko_renamed_them():
    inverse = td.ExpTransform().inv
    kind = type(inverse)
    name = kind.__name__
    try:
        kind.__name__ = "Inverse"
        law = read(td.TransformedDistribution(td.Gamma(2.0, 1.0), [inverse]), "p")
    finally:
        kind.__name__ = name
    assert type(law) is f.Log
