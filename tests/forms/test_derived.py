"""Laws made of other laws: images, truncations, mixtures, products."""

import math

import numpy as np
import pytest
import scipy.integrate
import scipy.stats as stats

import kullback as kb
from kullback.forms.density import Density
from kullback.forms.families.derived import Table
from kullback.forms.families.derived.derived import expanded, picked
from kullback.methods.formulas.derived import reduce, settled

f = kb.families
GAMMA = f.Gamma(2.5, 1.5)
POINTS = np.asarray([0.2, 0.7, 1.3, 2.9])

IMAGES = {
    "Affine": f.Affine(GAMMA, 1.0, 2.0),
    "Affine, mirrored": f.Affine(GAMMA, 1.0, -2.0),
    "Affine, either": f.Affine(f.Gumbel(0.0, 1.0), 1.0, [-2.0, 0.5]),
    "Exp": f.Exp(f.Gumbel(0.3, 0.4)),
    "Exp of StudentT": f.Exp(f.StudentT(3.0, 0.1, 0.2)),
    "Log": f.Log(GAMMA),
    "Power": f.Power(GAMMA, 0.5),
    "Power, negative": f.Power(GAMMA, -2.0),
    "Sigmoid": f.Sigmoid(f.Laplace(0.3, 1.0)),
    "Truncated": f.Truncated(GAMMA, 0.5, 3.0),
    "Truncated above": f.Truncated(f.Logistic(0.0, 1.0), 2.0, math.inf),
    "Truncated image": f.Truncated(f.Affine(GAMMA, 1.0, -2.0), -5.0, 0.5),
    "Mixture": f.Mixture([0.3, 0.7], [f.Normal(-2, 1), f.Laplace(2, 0.5)]),
    "Mixture, batched": f.Mixture([0.3, 0.7], f.Normal([-2.0, 2.0], [1.0, 0.5])),
    "image of an image": f.Sigmoid(f.Affine(f.Exp(f.Normal(0.0, 0.5)), -1.0, 2.0)),
}


@pytest.mark.parametrize("name", IMAGES)
def test_densities_integrate_to_one(name):
    law = IMAGES[name]
    support = law.support()
    for i in np.ndindex(law.batch):
        one = picked(law, i[0]) if i else law
        low, high = (float(np.broadcast_to(e, law.batch)[i]) for e in (support.low, support.high))
        middle = np.median(law.draw(np.random.default_rng(0), 201)[(slice(None), *i)])

        def density(x, one=one):
            return float(np.exp(one.log_density(np.asarray(x))))

        with np.errstate(all="ignore"):
            mass = sum(
                scipy.integrate.quad(density, *ends, epsabs=1e-10, limit=200)[0]
                for ends in ((low, middle), (middle, high))
            )
        assert math.isclose(mass, 1, abs_tol=1e-6)


@pytest.mark.parametrize("name", IMAGES)
def test_draws_follow_the_quantiles(name):
    law = IMAGES[name]
    drawn = law.draw(np.random.default_rng(1), 4000)
    assert drawn.shape == (4000, *law.batch)
    u = np.asarray([0.25, 0.5, 0.9]).reshape(-1, *(1,) * len(law.batch))
    at = law.quantile(u) if hasattr(law, "quantile") else None
    if at is None:
        return
    np.testing.assert_allclose(law.upper_quantile(1 - u), at, rtol=1e-9)
    below = (drawn[None] <= at[:, None]).mean(axis=1)
    np.testing.assert_allclose(below, np.broadcast_to(u, below.shape), atol=0.035)


@pytest.mark.parametrize("name", ["Affine", "Affine, mirrored", "Mixture", "Mixture, batched"])
def test_moments(name):
    law = IMAGES[name]
    drawn = law.draw(np.random.default_rng(2), 40_000)
    np.testing.assert_allclose(law.mean(), drawn.mean(), atol=5 * drawn.std() / 200)
    np.testing.assert_allclose(law.variance(), drawn.var(), rtol=0.05)


SAME = [
    (f.Affine(f.Normal(1, 2), 3, -2), f.Normal),
    (f.Affine(f.StudentT(3, 1, 2), 3, -2), f.StudentT),
    (f.Affine(f.Uniform(0, 1), 3, -2), f.Uniform),
    (f.Affine(f.Gumbel(0, 1), 3, 2), f.Gumbel),
    (f.Affine(f.Gumbel(0, 1), 3, -2), f.Affine),
    (f.Affine(GAMMA, 0, 3), f.Gamma),
    (f.Affine(f.Erlang(3, 1.5), 0, 3), f.Erlang),
    (f.Affine(f.ChiSquared(3), 0, 3), f.Gamma),
    (f.Affine(f.Exponential(2), 0, 3), f.Exponential),
    (f.Affine(f.Exponential(2), 1, 3), f.GeneralizedPareto),
    (f.Affine(f.Lomax(3, 2), 1, 3), f.GeneralizedPareto),
    (f.Affine(f.Pareto(3, 2), 0, 3), f.Pareto),
    (f.Affine(f.Pareto(3, 2), 1, 3), f.GeneralizedPareto),
    (f.Affine(f.Levy(0, 1), 1, 3), f.Levy),
    (f.Affine(f.LogNormal(0, 1), 0, 3), f.LogNormal),
    (f.Affine(f.InverseGaussian(1.5, 2), 0, 3), f.InverseGaussian),
    (f.Affine(f.Nakagami(1.5, 2), 0, 3), f.Nakagami),
    (f.Affine(f.GeneralizedGamma(1.5, 2, 1.3), 0, 3), f.GeneralizedGamma),
    (f.Affine(f.GeneralizedNormal(1.5, 2, 1.3), 1, -3), f.GeneralizedNormal),
    (f.Affine(f.TruncatedNormal(0, 1, -1, 2), 1, -3), f.TruncatedNormal),
    (f.Affine(f.LogUniform(1, 2), 0, 3), f.LogUniform),
    (f.Affine(f.Beta(2, 3), 1, -1), f.Beta),
    (f.Affine(f.Affine(f.Gumbel(0, 1), 1, -2), 1, -3), f.Gumbel),
    (f.Affine(f.Mixture([0.4, 0.6], [f.Normal(0, 1), f.Normal(1, 2)]), 1, 3), f.Mixture),
    (f.Affine(f.Poisson(2), 0, 1), f.Affine),
    (f.Exp(f.Normal(0, 1)), f.LogNormal),
    (f.Exp(f.Uniform(0, 1)), f.LogUniform),
    (f.Exp(f.Exponential(2)), f.Pareto),
    (f.Exp(f.Affine(f.Exponential(2), 1, 3)), f.Pareto),
    (f.Exp(f.Affine(f.Exponential(2), 0, -3)), f.Beta),
    (f.Exp(f.Logistic(1, 0.5)), f.LogLogistic),
    (f.Exp(f.Gumbel(1, 0.5)), f.Frechet),
    (f.Exp(f.Affine(f.Gumbel(1, 0.5), 0, -2)), f.Weibull),
    (f.Exp(f.Affine(f.Log(GAMMA), 0, 2)), f.GeneralizedGamma),
    (f.Log(f.LogNormal(0, 1)), f.Normal),
    (f.Log(f.LogUniform(1, 2)), f.Uniform),
    (f.Log(f.LogLogistic(2, 3)), f.Logistic),
    (f.Log(f.Frechet(2, 3)), f.Gumbel),
    (f.Log(f.Weibull(2, 3)), f.Affine),
    (f.Log(f.Exponential(2)), f.Affine),
    (f.Log(f.Pareto(2, 3)), f.Affine),
    (f.Log(f.Exp(f.StudentT(3))), f.StudentT),
    (f.Power(GAMMA, -1), f.InverseGamma),
    (f.Power(GAMMA, 2), f.GeneralizedGamma),
    (f.Power(f.Exponential(2), 0.5), f.Weibull),
    (f.Power(f.Exponential(2), -0.5), f.Frechet),
    (f.Power(f.Weibull(2, 3), -0.5), f.Frechet),
    (f.Power(f.Frechet(2, 3), -0.5), f.Weibull),
    (f.Power(f.LogNormal(1, 2), -0.5), f.LogNormal),
    (f.Power(f.LogUniform(1, 2), -0.5), f.LogUniform),
    (f.Power(f.LogLogistic(2, 3), -0.5), f.LogLogistic),
    (f.Power(f.Pareto(2, 3), 0.5), f.Pareto),
    (f.Power(f.Uniform(0, 1), 0.5), f.Beta),
    (f.Power(f.Beta(2, 1), 0.5), f.Beta),
    (f.Power(f.Beta(1, 3), 0.5), f.Kumaraswamy),
    (f.Power(f.InverseGamma(2, 3), -1), f.Gamma),
    (f.Power(f.BetaPrime(2, 3), -1), f.BetaPrime),
    (f.Power(f.GeneralizedGamma(2, 3, 1.5), 0.5), f.GeneralizedGamma),
    (f.Power(f.Power(f.LogLogistic(2, 3), 3), 0.5), f.LogLogistic),
    (f.Sigmoid(f.Normal(1, 2)), f.LogitNormal),
    (f.Sigmoid(f.Logistic(0, 1)), f.Uniform),
    (f.Truncated(f.Normal(1, 2), 0, 3), f.TruncatedNormal),
    (f.Truncated(f.Uniform(1, 2), 0, 1.5), f.Uniform),
    (f.Truncated(f.LogUniform(1, 2), 0, 1.5), f.LogUniform),
    (f.Truncated(f.Exponential(2), 0.5), f.GeneralizedPareto),
    (f.Truncated(f.Pareto(2, 1), 1.5), f.Pareto),
    (f.Truncated(f.LogNormal(0, 1), 0.5, 2), f.Exp),
    (f.Truncated(f.Truncated(GAMMA, 0.5, 9), 0, 3), f.Truncated),
    (f.Truncated(GAMMA, -1), f.Gamma),
]


@pytest.mark.parametrize(("law", "family"), SAME, ids=lambda x: getattr(x, "__name__", repr(x)))
def test_the_family_that_an_image_is_of(law, family):
    found = law.canonical()
    assert type(found) is family
    assert found.listed
    at = np.unique(law.draw(np.random.default_rng(0), 5))
    np.testing.assert_allclose(found.log_density(at), law.log_density(at), rtol=1e-9, atol=1e-9)


SHORTER = [
    (f.Affine(GAMMA, 1, -2), f.Affine(f.Gamma(3.5, 1), 1, -2), GAMMA, f.Gamma(3.5, 1)),
    (f.Exp(f.StudentT(3)), f.LogNormal(1, 2), f.StudentT(3), f.Normal(1, 2)),
    (f.LogNormal(1, 2), f.Exp(f.StudentT(3)), f.Normal(1, 2), f.StudentT(3)),
    (f.Exp(f.Laplace(0, 1)), f.Exp(f.Laplace(1, 2)), f.Laplace(0, 1), f.Laplace(1, 2)),
    (f.Log(GAMMA), f.Log(f.Gamma(3.5, 1)), GAMMA, f.Gamma(3.5, 1)),
    (f.Affine(f.Gumbel(0, 1), 0, -1), f.Normal(0, 1), f.Gumbel(0, 1), f.Normal(0, 1)),
    (f.Normal(0, 1), f.Affine(f.Gumbel(0, 1), 0, -1), f.Normal(0, 1), f.Gumbel(0, 1)),
    (f.Affine(GAMMA, 1, -2), f.Normal(1, 4), GAMMA, f.Normal(0, 2)),
    (f.Sigmoid(f.Laplace(0, 1)), f.LogitNormal(1, 2), f.Laplace(0, 1), f.Normal(1, 2)),
    (f.Affine(f.Poisson(2), 3, -1), f.Affine(f.Poisson(4), 3, -1), f.Poisson(2), f.Poisson(4)),
    (f.Affine(f.Normal(0, 1), 1, 2), f.Normal(0, 1), f.Normal(1, 2), f.Normal(0, 1)),
]


@pytest.mark.parametrize(("p", "q", "simple_p", "simple_q"), SHORTER)
def test_divergences_see_through_maps(p, q, simple_p, simple_q):
    reduction = reduce(kb.KL(), p, q)
    assert reduction is not None
    ((first, second),) = reduction.parts
    assert (type(first), type(second)) == (type(simple_p), type(simple_q))
    truth = kb.kl(simple_p, simple_q)
    assert math.isclose(kb.kl(p, q), truth, rel_tol=1e-9)
    assert truth > 0.01


def test_maps_that_differ_leave_one_map():
    ((p, q),) = reduce(kb.KL(), f.Affine(GAMMA, 1, 2), f.Affine(GAMMA, 0.5, 2)).parts
    assert isinstance(p, f.Gamma)
    assert (float(q.loc), float(q.scale)) == (-0.25, 1)
    assert reduce(kb.KL(), p, q) is None
    p, q = (f.Power(f.LogitNormal(0, 1), e) for e in (2, 3))
    ((p, q),) = reduce(kb.KL(), p, q).parts
    assert isinstance(p, f.LogitNormal)
    assert float(q.exponent) == 1.5


A, B = np.asarray([0.2, 0.3, 0.5]), np.asarray([0.4, 0.5, 0.1])
C, D = np.asarray([0.9, 0.1, 0.0]), np.asarray([0.5, 0.25, 0.25])
QUESTIONS = [
    kb.kl, kb.jeffreys, kb.hellinger, kb.chi2, kb.cross_entropy,
    lambda p, q: kb.renyi(p, q, alpha=0.3), lambda p, q: kb.renyi(p, q, alpha=3),
    lambda p, q: kb.tsallis(p, q, alpha=0.3), lambda p, q: kb.alpha_divergence(p, q, alpha=2.5),
    lambda p, q: kb.alpha_divergence(p, q, alpha=0), lambda p, q: kb.tsallis(p, q, alpha=1),
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_products_follow_from_their_parts(question):
    p, q = (f.Independent(Table(kb.Probs(np.stack(x))), 1) for x in ((C, A), (D, B)))
    joint = question(np.outer(C, A).ravel(), np.outer(D, B).ravel())
    np.testing.assert_allclose(question(p, q), joint, rtol=1e-12)
    p, q = (f.Product([Table(kb.Probs(x)) for x in pair]) for pair in ((C, A), (D, B)))
    np.testing.assert_allclose(question(p, q), joint, rtol=1e-12)


def test_entropy_of_a_product():
    p = f.Independent(Table(kb.Probs(np.stack([C, A]))), 1)
    np.testing.assert_allclose(kb.entropy(p), kb.entropy(np.outer(C, A).ravel()), rtol=1e-12)


def test_disjoint_parts():
    p, q = (f.Product([Table(kb.Probs(x)), Table(kb.Probs(A))]) for x in ([1.0, 0], [0, 1.0]))
    assert kb.hellinger(p, q) == 1
    assert kb.kl(p, q) == math.inf
    assert kb.chi2(p, q) == math.inf


def test_independent_numbers_in_a_batch():
    p = f.Independent(f.Normal(np.zeros((4, 3, 2)), 1.0), 2)
    q = f.Independent(f.Normal(np.ones((3, 2)), 1.0), 2)
    assert p.batch == (4,)
    assert p.dimensions == 2
    assert p.log_density(np.zeros((5, 4, 3, 2))).shape == (5, 4)
    np.testing.assert_allclose(kb.kl(p, q), np.full(4, 3.0))
    nested = f.Independent(f.Independent(f.Normal(np.zeros((4, 3, 2)), 1.0), 1), 1)
    np.testing.assert_allclose(kb.kl(nested, q), np.full(4, 3.0))
    assert picked(p, 1).batch == ()
    assert p.draw(np.random.default_rng(0), 7).shape == (7, 4, 3, 2)


def test_parts_of_different_families():
    p = f.Product([f.Normal(0, 1), f.Poisson(0)])
    assert kb.kl(p, f.Product([f.Normal(1, 1), f.Poisson(1)])) == 1.5
    assert p.draw(np.random.default_rng(0), 7).shape == (7, 2)
    wide = f.Product([f.MultivariateNormal([0.0, 0.0], np.eye(2)), f.Gamma(2, 1)])
    assert wide.sizes == (2, 1)
    truth = 2 * stats.norm.logpdf(0) + stats.gamma(2).logpdf(1.5)
    np.testing.assert_allclose(wide.log_density([0.0, 0.0, 1.5]), truth)


def test_independent_against_a_product():
    p = f.Independent(f.Normal([0.0, 1.0], 1.0), 1)
    q = f.Product([f.Normal(1.0, 1.0), f.Laplace(0.0, 1.0)])
    truth = 0.5 + kb.kl(f.Normal(1.0, 1.0), f.Laplace(0.0, 1.0))
    np.testing.assert_allclose(kb.kl(p, q), truth, rtol=1e-12)


def test_independent_normals_are_a_multivariate_normal():
    p = f.Independent(f.Normal([0.0, 1.0], [1.0, 2.0]), 1)
    q = f.MultivariateNormal([1.0, 1.0], [[2.0, 0.5], [0.5, 1.0]])
    truth = kb.kl(f.MultivariateNormal([0.0, 1.0], np.diag([1.0, 4.0])), q)
    np.testing.assert_allclose(kb.kl(p, q), truth, rtol=1e-12)
    heavy = f.Independent(f.StudentT(5.0, [0.0, 1.0]), 1)
    diagonal = f.MultivariateNormal([1.0, 1.0], variances=[4.0, 1.0])
    truth = kb.kl(f.StudentT(5.0), f.Normal(1, 2)) + kb.kl(f.StudentT(5.0, 1), f.Normal(1, 1))
    np.testing.assert_allclose(kb.kl(heavy, diagonal), truth, rtol=1e-9)


def test_products_that_do_not_fit():
    two, three = (f.Independent(f.Laplace(np.zeros(k), 1.0), 1) for k in (2, 3))
    with pytest.raises(kb.ShapeError, match=r"\(2,\) and one of q has shape \(3,\)"):
        kb.kl(two, three)
    with pytest.raises(kb.ShapeError, match="length 2"):
        kb.kl(f.Product([f.Normal(0, 1), f.Laplace(0, 1)]), three)
    with pytest.raises(kb.ShapeError, match="between 1 and 1"):
        f.Independent(f.Normal(np.zeros(2), 1.0), 2)


def test_entropies_follow_a_map():
    assert math.isclose(kb.entropy(f.Affine(GAMMA, 1, -2)), kb.entropy(GAMMA) + math.log(2))
    truth = kb.entropy(f.Laplace(0.5, 1)) + 0.5
    assert math.isclose(kb.entropy(f.Exp(f.Laplace(0.5, 1))), truth, rel_tol=1e-9)
    p, q = f.Exp(f.Laplace(0.5, 1)), f.Exp(f.Laplace(0, 2))
    truth = kb.entropy(p) + kb.kl(p, q)
    assert math.isclose(kb.cross_entropy(p, q), truth, rel_tol=1e-9)


def test_measure_says_what_was_asked():
    answer = kb.measure(f.Exp(f.Laplace(0, 1)), f.Exp(f.Laplace(1, 2)))
    assert answer.kind == "exact"
    assert "Laplace" in answer.explain()
    assert "Reduced()" in repr(answer)


def test_tables_beside_counted_laws():
    rate = 1.5
    poisson = stats.poisson(rate).pmf(np.arange(3))
    truth = float(np.sum(A * np.log(A / poisson)))
    assert math.isclose(kb.kl(kb.Probs(A), stats.poisson(rate)), truth, rel_tol=1e-12)
    assert math.isclose(kb.kl(kb.Logits(np.log(A) + 2), f.Poisson(rate)), truth, rel_tol=1e-12)
    assert kb.kl(f.Poisson(rate), kb.Probs(A)) == math.inf
    binomial = f.Binomial(2, 0.3)
    table = stats.binom(2, 0.3).pmf(np.arange(3))
    assert math.isclose(kb.kl(binomial, kb.Probs(A)), kb.kl(table, A), rel_tol=1e-12)
    rest = 1 - poisson.sum()
    truth = 0.5 * (np.abs(A - poisson).sum() + rest)
    assert math.isclose(kb.tv(kb.Probs(A), f.Poisson(rate)), truth, rel_tol=1e-12)
    batch = kb.kl(kb.Probs(np.stack([A, B])), f.Binomial([[2.0], [3.0]], 0.3))
    assert batch.shape == (2, 2)
    with pytest.raises(kb.InvalidInputError, match="last axis"):
        kb.kl(kb.Probs(np.stack([A, B])), binomial, axis=0)


def test_truncation_keeps_the_digits_of_a_tail():
    law = f.Truncated(f.Logistic(0, 1), 40.0)
    # beyond 40 the logistic is an exponential to 4e-18
    np.testing.assert_allclose(law.log_density(41.5), -1.5, rtol=1e-12)
    np.testing.assert_allclose(law.upper_quantile(1e-9), 40 - math.log(1e-9), rtol=1e-12)
    below = f.Truncated(f.Gamma(2.0, 1.0), -math.inf, 1e-9)
    np.testing.assert_allclose(below.log_density(1e-9), math.log(2e9), rtol=1e-8)


def test_truncation_of_counted_laws():
    law = f.Truncated(f.Poisson(2.5), 1, math.inf)
    x = np.arange(5.0)
    truth = stats.poisson(2.5).logpmf(x) - math.log1p(-math.exp(-2.5))
    truth[0] = -math.inf
    np.testing.assert_allclose(law.log_density(x), truth, rtol=1e-12)
    both = f.Truncated(f.Poisson(2.5), 1, 3)
    np.testing.assert_allclose(np.exp(both.log_density(x)).sum(), 1)
    assert set(both.draw(np.random.default_rng(0), 50)) <= {1.0, 2.0, 3.0}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: f.Truncated(GAMMA, 3.0, 1.0), "not below"),
        (lambda: f.Truncated(GAMMA, -3.0, -1.0), "no mass"),
        (lambda: f.Truncated(f.Skellam(1.0, 2.0), 1.0), "both bounds"),
        (lambda: f.Truncated(f.VonMises(0.0, 2.0), 0.0, 1.0), "closed form"),
        (lambda: f.Truncated(f.Dirichlet([1.0, 2.0]), 0.0, 1.0), "vectors"),
        (lambda: f.Exp(f.Dirichlet([1.0, 2.0])), "vectors"),
        (lambda: f.Exp(f.Poisson(1.0)), "counted"),
        (lambda: f.Log(f.Normal(0.0, 1.0)), "positive"),
        (lambda: f.Power(f.Normal(0.0, 1.0), 2.0), "positive"),
        (lambda: f.Affine(f.Poisson(1.0), 0.5), "whole"),
        (lambda: f.Affine(f.Normal(0.0, 1.0), 0.0, 0.0), "not 0"),
        (lambda: f.Mixture([0.3, 0.6], [f.Normal(0, 1), f.Normal(1, 1)]), "sum to 1"),
        (lambda: f.Mixture([0.3, 0.7], [f.Normal(0, 1)]), "2 weights for 1"),
        (lambda: f.Mixture([0.3, 0.7], [f.Normal(0, 1), f.Poisson(1)]), "kind of outcome"),
        (lambda: f.Mixture([0.3, 0.7], f.Normal([0.0, 1.0, 2.0], 1)), "last axis"),
        (lambda: f.Product([f.Wishart(3.0, np.eye(2))]), "matrices"),
    ],
)
def test_what_cannot_be_made(make, words):
    with pytest.raises(kb.InvalidInputError, match=words):
        make()


def test_what_is_no_law():
    with pytest.raises(kb.InputTypeError, match="a law is needed"):
        f.Exp(3.0)
    with pytest.raises(kb.InputTypeError, match="empty"):
        f.Mixture([], [])
    assert isinstance(f.Exp(stats.norm(0, 1)).law, f.Normal)


def test_a_mixture_of_tables_and_of_vectors():
    law = f.Mixture([0.3, 0.7], [Table(kb.Probs(A)), Table(kb.Probs(B))])
    np.testing.assert_allclose(np.exp(law.log_density([0, 1, 2])), 0.3 * A + 0.7 * B)
    law = f.Mixture([0.3, 0.7], f.MultivariateNormal(np.asarray([[0.0, 0], [1, 2]]), np.eye(2)))
    parts = [stats.multivariate_normal(m).pdf([0.5, 0.5]) for m in ([0, 0], [1, 2])]
    np.testing.assert_allclose(law.log_density([0.5, 0.5]), np.log(0.3 * parts[0] + 0.7 * parts[1]))
    assert law.draw(np.random.default_rng(0), 7).shape == (7, 2)
    assert law.parts[1].mean.tolist() == [1.0, 2.0]


def test_a_mixture_far_from_its_parts():
    law = f.Mixture([0.5, 0.5, 0.0], [f.Normal(-1, 1), f.Uniform(0, 1), f.Normal(60, 1)])
    np.testing.assert_allclose(law.log_density(60.0), stats.norm.logpdf(61) + math.log(0.5))
    flat = f.Mixture([0.5, 0.5], [f.Uniform(0, 1), f.Uniform(2, 3)])
    assert flat.log_density(1.5) == -math.inf
    np.testing.assert_array_equal([flat.support().low, flat.support().high], [0, 3])


def test_larger_batches():
    for law in (IMAGES["Affine"], IMAGES["Mixture"], Table(kb.Probs(A))):
        assert expanded(law, (4, 3)).batch == (4, 3)
    law = f.Independent(f.Normal([0.0, 1.0], 1), 1)
    assert expanded(law, (4,)).batch == (4,)


def test_settled_laws_stay():
    law = f.Affine(f.Gumbel(0, 1), 0, -1)
    assert settled(law) is law
    assert isinstance(settled(f.Affine(f.Exp(f.Normal(0, 1)), 0, 2)), f.LogNormal)


def test_names():
    assert repr(f.Affine(f.Gamma(2.0, 1.0), 1.0, 2.0)) == (
        "Affine(Gamma(shape=2.0, rate=1.0), loc=1.0, scale=2.0)"
    )
    assert repr(f.Independent(f.Normal([0.0, 1.0], 1.0), 1)) == (
        "Independent(Normal(loc=[0.0, 1.0], scale=1.0), axes=1)"
    )


def test_a_law_and_its_image_share_one_library():
    torch = pytest.importorskip("torch")
    law = f.Affine(f.Gamma(2.0, 1.0), torch.tensor(1.0, dtype=torch.float64), 2.0)
    assert isinstance(law.law.shape, torch.Tensor)
    assert not law.listed
    moved = f.Affine(f.Gamma(2.0, 1.0), 1.0, 2.0).moved(torch.tensor(1.0))
    assert moved.scale.dtype == moved.law.shape.dtype == torch.float32


DERIVED = {
    "Affine": lambda a: f.Affine(f.Gumbel(0.2, 1.5), a, -2.0),
    "Exp": lambda a: f.Exp(f.Laplace(a, 1.5)),
    "Log": lambda a: f.Log(f.Weibull(2.5, a)),
    "Power": lambda a: f.Power(f.LogNormal(a, 0.5), 1.5),
    "Sigmoid": lambda a: f.Sigmoid(f.Logistic(a, 0.5)),
    "Truncated": lambda a: f.Truncated(f.Logistic(a, 1.0), -1.0, 2.0),
    "Mixture": lambda a: f.Mixture([0.2, 0.8], [f.Normal(a, 1.0), f.Normal(2.0, 0.5)]),
}


@pytest.mark.parametrize("name", DERIVED)
def test_slopes_of_densities(name):
    torch = pytest.importorskip("torch")
    a = torch.tensor(0.7, dtype=torch.float64, requires_grad=True)
    x = torch.tensor([-40.0, 0.4, 40.0], dtype=torch.float64)
    law = DERIVED[name](a)
    value = law.log_density(x)
    inside = torch.isfinite(value)
    assert inside[1]
    (slope,) = torch.autograd.grad(value[inside].sum(), a)
    step = 1e-6
    with np.errstate(all="ignore"):
        ends = [
            DERIVED[name](a.item() + s * step).log_density(x.numpy())[inside.numpy()].sum()
            for s in (1, -1)
        ]
    np.testing.assert_allclose(slope, (ends[0] - ends[1]) / (2 * step), rtol=1e-5, atol=1e-6)
    (whole,) = torch.autograd.grad(DERIVED[name](a).log_density(x).nan_to_num().sum(), a)
    assert torch.isfinite(whole)


def test_the_slope_in_a_weight_of_zero():
    torch = pytest.importorskip("torch")
    w = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    law = f.Mixture(w, [f.Normal(0.0, 1.0), f.Normal(1.0, 1.0)])
    (slope,) = torch.autograd.grad(law.log_density(torch.tensor(2.0)), w)
    np.testing.assert_allclose(slope, [1.0, math.exp(1.5)])


def test_images_are_traced():
    jax = pytest.importorskip("jax")

    def loss(loc):
        p = f.Exp(f.Affine(f.Normal(0.0, 1.0), loc, 2.0))
        return kb.kl(p, f.LogNormal(0.0, 2.0))

    np.testing.assert_allclose(jax.jit(loss)(1.0), 0.125, rtol=1e-6)
    np.testing.assert_allclose(jax.grad(loss)(1.0), 0.25, rtol=1e-6)

    def product(loc):
        p = f.Independent(f.Normal(loc, 1.0), 1)
        return kb.kl(p, f.Independent(f.Normal(0.0 * loc, 1.0), 1))

    loc = jax.numpy.asarray([1.0, 2.0])
    np.testing.assert_allclose(jax.jit(product)(loc), 2.5, rtol=1e-6)


def test_a_density_is_no_part():
    from kullback.forms.readers.known import as_law

    with pytest.raises(kb.InputTypeError, match="density alone"):
        as_law(Density(lambda x: -x, 0.0, math.inf))
