"""W_r of laws on the line: closed forms, and digits that SciPy's quad finds from the CDFs."""

import math
from itertools import pairwise

import numpy as np
import pytest
import scipy.stats as st
from scipy.integrate import quad
from scipy.optimize import brentq

import kullback as kb

F = kb.families


def w1_by_cdf(p, q):
    """∫ |F − G| dx, cut where F and G cross."""

    def gap(x):
        return p.cdf(x) - q.cdf(x) if x < 1 else q.sf(x) - p.sf(x)

    grid = np.unique(
        np.r_[np.linspace(-1, 2, 302), np.geomspace(2, 60, 50), -np.geomspace(1, 60, 50)]
    )
    at = np.array([gap(x) for x in grid])
    turns = [
        brentq(gap, *grid[k : k + 2], xtol=1e-15) for k in np.flatnonzero(at[1:] * at[:-1] < 0)
    ]
    edges = [-np.inf, *sorted([*turns, -10.0, -1.0, 0.0, 1.0, 10.0]), np.inf]
    return sum(abs(quad(gap, *ends, epsabs=1e-13, limit=500)[0]) for ends in pairwise(edges))


@pytest.mark.filterwarnings("ignore:.*:scipy.integrate.IntegrationWarning")
@pytest.mark.parametrize(
    ("p", "q", "first", "second"),
    [
        (F.Normal(0, 1), F.Laplace(0, 1), st.norm(), st.laplace()),
        (F.StudentT(3, 0, 1), F.Normal(0, 1), st.t(3), st.norm()),
        (F.Gamma(2, 1), F.LogNormal(0, 1), st.gamma(2), st.lognorm(1)),
        (F.Beta(0.1, 0.2), F.Beta(3, 2), st.beta(0.1, 0.2), st.beta(3, 2)),
        (F.Uniform(0, 1), F.Logistic(1, 2), st.uniform(), st.logistic(1, 2)),
        (F.Gumbel(0, 1), F.Normal(5, 0.1), st.gumbel_r(), st.norm(5, 0.1)),
    ],
)
def test_first_order_is_the_area_between_cdfs(p, q, first, second):
    truth = w1_by_cdf(first, second)
    assert kb.wasserstein(p, q) == pytest.approx(truth, rel=1e-9)
    assert kb.wasserstein(q, p) == pytest.approx(truth, rel=1e-9)


@pytest.mark.parametrize(
    ("p", "q", "order", "truth"),
    [
        (F.Exponential(1), F.Exponential(0.5), 1, 1.0),
        (F.Exponential(1), F.Exponential(0.5), 3, 6 ** (1 / 3)),
        (F.Uniform(0, 1), F.Uniform(5, 7), 4, ((6**5 - 5**5) / 5) ** 0.25),
        (F.Normal(0, 1), F.Normal(0, 3), 4, 2 * 3**0.25),
        (F.Normal(0, 1), F.Normal(7, 1), 1.5, 7.0),
        (F.Cauchy(0, 1), F.Cauchy(3, 1), 1, 3.0),
        (F.Pareto(3, 1), F.Pareto(3, 2), 1, 1.5),
    ],
)
def test_closed_forms(p, q, order, truth):
    answer = kb.measure(p, q, of=kb.Wasserstein(order))
    assert answer.value == pytest.approx(truth, rel=1e-11)
    assert (answer.kind, repr(answer.method)) == ("integrated", "QuantileTransport()")
    assert abs(answer.value - truth) <= answer.error < 1e-11


def test_agrees_with_the_formulas_of_second_order():
    for p, q in (
        (F.Normal(0, 1), F.Normal(3, 5)),
        (F.StudentT(2.5, 0, 1), F.StudentT(2.5, 0, 2)),
        (F.Weibull(1.5, 2), F.Weibull(0.7, 1)),
        (F.LogNormal(0, 1), F.LogNormal(0.5, 0.8)),
    ):
        truth = kb.wasserstein(p, q, order=2)
        by = kb.measure(p, q, of=kb.Wasserstein(2), by=kb.QuantileTransport())
        assert by.value == pytest.approx(float(truth), rel=1e-10)


def test_means_that_do_not_exist():
    for p, q, order in (
        (F.StudentT(2, 0, 1), F.Normal(0, 1), 2),
        (F.Cauchy(0, 1), F.Cauchy(0, 2), 1),
        (F.Pareto(1, 1), F.Exponential(1), 1),
    ):
        answer = kb.measure(p, q, of=kb.Wasserstein(order), by=kb.QuantileTransport())
        assert math.isinf(answer.value)
        assert "does not exist" in answer.notes[-1]
    assert kb.wasserstein(F.StudentT(2, 0, 1), F.Normal(0, 1)) < 1


def test_samples_near_the_laws():
    rng = np.random.default_rng(0)
    p, q = F.Normal(0, 1), F.Laplace(1, 2)
    x, y = p.draw(rng, 200_000), q.draw(rng, 200_000)
    for order in (1, 3):
        drawn = kb.wasserstein(kb.Samples(x), kb.Samples(y), order=order)
        assert kb.wasserstein(p, q, order=order) == pytest.approx(drawn, rel=0.05)


def test_batches_and_nothing():
    rows = kb.wasserstein(F.Normal(0, 1), F.Normal([0.0, 1.0, 0.0], [1.0, 2.0, 3.0]), order=4)
    assert rows.shape == (3,)
    assert rows[0] == 0
    one = kb.wasserstein(F.Normal(0, 1), F.Normal(1.0, 2.0), order=4)
    assert rows[1] == pytest.approx(one, rel=1e-12)
    assert rows[2] == pytest.approx(2 * 3**0.25, rel=1e-11)
    with pytest.raises(kb.ShapeError):
        kb.wasserstein(F.Normal([0.0, 1.0], 1), F.Normal([0.0, 1.0, 0.0], 1))


def test_laws_of_other_libraries():
    truth = w1_by_cdf(st.norm(), st.triang(0.3))
    assert kb.wasserstein(st.norm(), st.triang(0.3)) == pytest.approx(truth, rel=1e-9)
    torch = pytest.importorskip("torch")
    p = torch.distributions.Normal(torch.tensor(0.0), 1.0)
    found = kb.wasserstein(p, torch.distributions.Laplace(torch.tensor(0.0), 1.0))
    assert found.dtype == torch.float32
    assert float(found) == pytest.approx(0.2208176977, rel=1e-6)


def test_wrong_quantiles_show_in_the_error():
    def quantile(u):
        return np.sqrt(u) + 1e-4 * np.sin(np.pi * u)

    crooked = kb.Density(lambda x: np.log(2 * x), 0.0, 1.0, quantile=quantile)
    sound = kb.Density(lambda x: np.log(2 * x), 0.0, 1.0, quantile=np.sqrt)
    of, q = kb.Wasserstein(), F.Uniform(2, 3)
    wrong = kb.measure(crooked, q, of=of)
    right = kb.measure(sound, q, of=of)
    assert right.value == pytest.approx(2.5 - 2 / 3, rel=1e-9)
    assert right.error < 1e-12
    assert 1e-5 < wrong.error < 1e-3
    with pytest.raises(kb.AccuracyError):
        kb.wasserstein(crooked, q)


def test_refusals():
    method, of = kb.QuantileTransport(), kb.Wasserstein()
    assert "Wasserstein distances only" in method.refuse(kb.KL(), F.Normal(0, 1), F.Normal(0, 1))
    assert "does not live" in method.refuse(of, F.Poisson(3), F.Poisson(4))
    assert "needs quantiles" in method.refuse(
        of, kb.Density(lambda x: np.log(2 * x), 0.0, 1.0), F.Normal(0, 1)
    )
    assert "does not live" in method.refuse(
        of, F.MultivariateNormal([0.0, 0.0], variances=[1.0, 1.0]), F.Normal(0, 1)
    )
    torch = pytest.importorskip("torch")
    leaf = F.Normal(torch.tensor(0.0, requires_grad=True), 1.0)
    assert "no gradients" in method.refuse(of, leaf, F.Laplace(0, 1))
