"""Projections against closed forms, and the identities that hold them together."""

import math

import numpy as np
import pytest
import scipy.stats
import torch

import kullback as kb
from kullback import learn
from kullback.errors import InputTypeError, InvalidInputError, ShapeError

f = kb.families
TWO = f.Mixture([0.3, 0.7], [f.Normal(-3, 0.8), f.Normal(2.5, 1)])


@pytest.fixture(scope="module")
def reverse():
    return learn.project(TWO, f.Normal, "reverse", rng=0)


def test_forward_covers_both_modes():
    found = learn.project(TWO, f.Normal)
    mean = 0.3 * -3 + 0.7 * 2.5
    spread = math.sqrt(0.3 * (0.64 + (-3 - mean) ** 2) + 0.7 * (1 + (2.5 - mean) ** 2))
    assert float(found.law.loc) == pytest.approx(mean, rel=1e-12)
    assert float(found.law.scale) == pytest.approx(spread, rel=1e-12)
    assert float(found.law.scale) == pytest.approx(2.691561, abs=5e-7)
    assert found.kl == pytest.approx(0.449266, abs=5e-7)
    assert found.dropped == ()
    assert len(found.optima[0].modes) == 2


def test_reverse_takes_one_mode_and_names_the_other(reverse):
    best, local = reverse.optima
    assert float(best.law.loc) == pytest.approx(2.490581, abs=5e-7)
    assert float(best.law.scale) == pytest.approx(1.014924, abs=5e-7)
    assert best.kl == pytest.approx(0.354116, abs=5e-7)
    assert float(local.law.loc) == pytest.approx(-2.984590, abs=5e-7)
    assert float(local.law.scale) == pytest.approx(0.822128, abs=5e-7)
    assert local.kl == pytest.approx(1.198467, abs=5e-7)
    (lost,) = reverse.dropped
    assert lost.at == pytest.approx(-3, abs=1e-3)
    assert lost.mass == pytest.approx(0.3, abs=1e-3)
    assert [m.at for m in local.dropped] == pytest.approx([2.5], abs=1e-3)
    assert best.starts + local.starts == 5


def test_it_says_what_it_found(reverse):
    assert repr(reverse).splitlines()[:2] == [
        "Normal(loc=2.49058, scale=1.01492), KL(q ‖ p) = 0.354116 nats, by 5 descents",
        "  drops the mode at -3 (p puts 0.3 there, q 0.0011)",
    ]
    said = reverse.explain()
    assert "stays within a mode" in said
    assert "The mode at 2.5: p puts 0.7 there, q 0.999 (kept)." in said
    assert "0.8444 nats worse" in said


@pytest.mark.parametrize(
    ("p", "family", "other"),
    [
        (TWO, f.Normal, f.Normal(0.5, 3.0)),
        (f.Weibull(1.5, 2.0), f.Gamma, f.Gamma(2.0, 1.5)),
        (f.Uniform(0.2, 0.9), f.Beta, f.Beta(2.0, 3.0)),
        (f.Gamma(3.0, 2.0), f.LogNormal, f.LogNormal(0.3, 0.9)),
        (f.LogNormal(0.0, 0.5), f.Exponential, f.Exponential(0.4)),
        (f.Binomial(10, 0.3), f.Poisson, f.Poisson(4.0)),
    ],
)
def test_pythagoras(p, family, other):
    """KL(p ‖ r) = KL(p ‖ q) + KL(q ‖ r) for every member r, q the forward projection."""
    found = learn.project(p, family)
    together = found.kl + float(kb.kl(found.law, other))
    assert float(kb.kl(p, other)) == pytest.approx(together, rel=1e-9)
    assert found.kl < float(kb.kl(p, other))


def test_without_sufficient_statistics_the_forward_projection_still_beats_its_neighbours():
    found = learn.project(f.Normal(1.0, 2.0), f.Laplace, starts=0)
    assert float(found.law.loc) == pytest.approx(1.0, abs=1e-5)
    assert float(found.law.scale) == pytest.approx(2 * math.sqrt(2 / math.pi), rel=1e-6)
    for loc, scale in ((1.1, 1.6), (1.0, 1.5), (1.0, 1.7)):
        assert found.kl < float(kb.kl(f.Normal(1.0, 2.0), f.Laplace(loc, scale)))


@pytest.mark.parametrize("direction", ["forward", "reverse"])
def test_a_member_is_its_own_projection(direction):
    found = learn.project(scipy.stats.norm(3.0, 0.5), f.Normal, direction, starts=1)
    assert float(found.law.loc) == pytest.approx(3.0, abs=1e-7)
    assert float(found.law.scale) == pytest.approx(0.5, abs=1e-7)
    assert found.kl == pytest.approx(0.0, abs=1e-12)
    assert len(found.optima) == 1


def test_a_density_without_formulas_is_integrated():
    p = kb.Density(lambda x: np.log(2 * x), 0.0, 1.0)  # Beta(2, 1)
    found = learn.project(p, f.Beta, starts=0)
    assert (float(found.law.a), float(found.law.b)) == pytest.approx((2.0, 1.0), abs=1e-5)


def test_parameters_held_stay():
    found = learn.project(f.Normal(0, 1), f.StudentT, "reverse", fixed={"df": 7.0}, starts=0)
    assert float(found.law.df) == 7.0
    assert found.kl < float(kb.kl(f.StudentT(7.0, 0.0, 1.0), f.Normal(0, 1)))


def test_draws_are_projected_by_likelihood():
    x = np.random.default_rng(0).gamma(2.5, 1 / 3, size=500)
    found = learn.project(kb.Samples(x), f.Gamma)
    shape, _, scale = scipy.stats.gamma.fit(x, floc=0)
    assert float(found.law.shape) == pytest.approx(shape, rel=1e-4)
    assert float(found.law.rate) == pytest.approx(1 / scale, rel=1e-4)
    likelihood = scipy.stats.gamma(shape, scale=scale).logpdf(x).mean()
    assert found.cross_entropy == pytest.approx(-likelihood, rel=1e-7)
    assert math.isnan(found.kl)
    assert "cross-entropy" in found.explain()


def test_a_table_is_a_law_of_its_places():
    p = np.array([0.1, 0.4, 0.3, 0.2])
    found = learn.project(p, f.Poisson)
    assert float(found.law.rate) == pytest.approx(1.6)
    q = scipy.stats.poisson(1.6).pmf(np.arange(4))
    assert found.kl == pytest.approx(float((p * np.log(p / q)).sum()), rel=1e-12)
    inside = learn.project(p, f.Binomial, "reverse", fixed={"n": 3}, starts=0)
    grid = np.linspace(0.2, 0.8, 601)
    masses = scipy.stats.binom(3, grid[:, None]).pmf(np.arange(4))
    kls = (masses * np.log(masses / p)).sum(1)
    assert inside.kl == pytest.approx(kls.min(), abs=1e-5)
    assert float(inside.law.probs) == pytest.approx(grid[kls.argmin()], abs=1e-3)


def test_vectors_match_mean_and_covariance():
    p = f.Mixture(
        [0.4, 0.6],
        [
            f.MultivariateNormal([0, 1], [[1, 0.2], [0.2, 2]]),
            f.MultivariateNormal([3, 0], [[2, 0], [0, 1]]),
        ],
    )
    found = learn.project(p, f.MultivariateNormal)
    assert found.law.mean == pytest.approx([1.8, 0.4])
    expected = 0.4 * np.array([[1, 0.2], [0.2, 2]]) + 0.6 * np.diag([2, 1])
    expected += 0.24 * np.outer([3, -1], [3, -1])
    assert found.law.dense() == pytest.approx(expected)
    x = np.random.default_rng(0).normal(size=(50, 3))
    of_draws = learn.project(kb.Samples(x), f.MultivariateNormal)
    assert of_draws.law.dense() == pytest.approx(np.cov(x.T, bias=True))
    log = scipy.stats.multivariate_normal(x.mean(0), np.cov(x.T, bias=True)).logpdf(x)
    assert of_draws.cross_entropy == pytest.approx(-log.mean())


def test_one_seed_one_answer():
    p = f.Mixture([0.5, 0.5], [f.Normal(-2, 1), f.Normal(2, 1)])
    first = learn.project(p, f.Normal, "reverse", rng=3)
    again = learn.project(p, f.Normal, "reverse", rng=torch.Generator().manual_seed(3))
    assert repr(first) == repr(again)


def test_bad_input_is_refused():
    with pytest.raises(InvalidInputError, match="direction='sideways'"):
        learn.project(TWO, f.Normal, "sideways")
    with pytest.raises(InputTypeError, match=r"kb\.families"):
        learn.project(TWO, "Normal")
    with pytest.raises(InvalidInputError, match="draws have none"):
        learn.project(kb.Samples([1.0, 2.0]), f.Normal, "reverse")
    with pytest.raises(InvalidInputError, match="No member of Normal"):
        learn.project(kb.Samples([2.0, 2.0]), f.Normal)
    with pytest.raises(InvalidInputError, match="No descent"):
        learn.project(f.Cauchy(0, 1), f.Normal, starts=0)
    with pytest.raises(InvalidInputError, match="df, loc, scale"):
        learn.project(TWO, f.StudentT, fixed={"nu": 3.0})
    with pytest.raises(ShapeError, match=r"batch of shape \(2,\)"):
        learn.project(f.Normal(np.zeros(2), np.ones(2)), f.Normal)
