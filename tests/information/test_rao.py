"""Fisher–Rao distances: known ones, against the search for the geodesic, and as a metric."""

import dataclasses
import math

import numpy as np
import pytest

import kullback.forms.families as f
from kullback.errors import InputTypeError, InvalidInputError, NoMethodError
from kullback.information import fisher_information, fisher_rao
from kullback.information import rao as rao_module
from kullback.information.geodesics import between_gaussians, length_of_geodesic

from .laws import COUNTS, MEAN, NUMBERS, SPREAD, VECTORS

PAIRS = (
    (f.Normal(0.3, 2.0), f.Normal(1.0, 3.0)),
    (f.Laplace(0.3, 2.0), f.Laplace(1.0, 3.0)),
    (f.Logistic(0.3, 2.0), f.Logistic(1.0, 3.0)),
    (f.Cauchy(0.3, 2.0), f.Cauchy(1.0, 3.0)),
    (f.Gumbel(0.3, 2.0), f.Gumbel(1.0, 3.0)),
    (f.Moyal(0.3, 2.0), f.Moyal(1.0, 3.0)),
    (f.HyperbolicSecant(0.3, 2.0), f.HyperbolicSecant(1.0, 3.0)),
    (f.LogNormal(0.3, 2.0), f.LogNormal(1.0, 3.0)),
    (f.LogitNormal(0.3, 2.0), f.LogitNormal(1.0, 3.0)),
    (f.Weibull(2.3, 0.7), f.Weibull(1.0, 3.0)),
    (f.Frechet(2.3, 0.7), f.Frechet(1.0, 3.0)),
    (f.LogLogistic(2.3, 0.7), f.LogLogistic(1.0, 3.0)),
    (f.InverseGaussian(2.3, 0.7), f.InverseGaussian(1.0, 3.0)),
    (f.Levy(0.3, 2.0), f.Levy(1.0, 3.0)),
    (f.Exponential(2.0), f.Exponential(3.0)),
    (f.Rayleigh(2.0), f.Rayleigh(3.0)),
    (f.Maxwell(2.0), f.Maxwell(3.0)),
    (f.HalfNormal(2.0), f.HalfNormal(3.0)),
    (f.HalfCauchy(2.0), f.HalfCauchy(3.0)),
    (f.Erlang(3, 2.0), f.Erlang(3, 3.0)),
    (f.Pareto(2.0, 1.0), f.Pareto(3.0, 1.0)),
    (f.Poisson(2.3), f.Poisson(4.0)),
    (f.Bernoulli(0.3), f.Bernoulli(0.9)),
    (f.Binomial(7, 0.3), f.Binomial(7, 0.9)),
    (f.Geometric(0.3), f.Geometric(0.9)),
)
SEARCHED = (
    (f.Beta(1.0, 1.0), f.Beta(2.0, 3.0), f.Beta(0.5, 4.0)),
    (f.Gamma(1.0, 1.0), f.Gamma(2.0, 3.0), f.Gamma(0.5, 4.0)),
    (f.Lomax(1.0, 1.0), f.Lomax(2.0, 3.0), f.Lomax(0.5, 4.0)),
    (f.GeneralizedPareto(0.0, 1.0, -0.1), f.GeneralizedPareto(0.0, 2.0, 0.4),
     f.GeneralizedPareto(0.0, 0.5, 1.0)),
    (f.VonMises(0.0, 1.0), f.VonMises(3.0, 2.0), f.VonMises(-2.0, 0.0)),
    (f.Dirichlet([1.0, 1.0, 1.0]), f.Dirichlet([2.0, 3.0, 4.0]), f.Dirichlet([0.5, 1.0, 4.0])),
)  # fmt: skip


def named(pair):
    return repr(pair[0])[:40] if isinstance(pair, tuple) else repr(pair)[:60]


@pytest.mark.parametrize("pair", PAIRS, ids=named)
def test_the_formula_is_the_length_of_the_shortest_path(pair, monkeypatch):
    closed = fisher_rao(*pair)
    assert closed > 0.1
    monkeypatch.setattr(rao_module, "DISTANCES", {})
    assert fisher_rao(*pair) == pytest.approx(closed, rel=1e-8)


@pytest.mark.parametrize("law", [p for p in NUMBERS + COUNTS + VECTORS if p.batch == ()], ids=named)
def test_close_laws_are_as_far_as_their_information_says(law):
    """d² = δᵀF δ in the limit."""
    if isinstance(law, (f.MultivariateNormal, f.Dirichlet)) or (
        not law.dimensions and not isinstance(law, (f.Skellam, f.GeneralizedNormal))
    ):
        moved, total = law, []
        matrix = fisher_information(law)
        i = 0
        for p in law.parameters():
            if p.name == "n":
                continue
            x = np.array(getattr(law, p.name), float)
            for index in np.ndindex(*x.shape):
                if x.ndim == 2 and index[0] < index[1]:
                    continue
                h = 1e-4 / math.sqrt(matrix[i, i]) * (-1) ** i
                x[index] += h
                if x.ndim == 2 and index[0] != index[1] and p.name != "scale_tril":
                    x[index[::-1]] += h
                total.append(h)
                i += 1
            moved = dataclasses.replace(moved, **{p.name: x})
        expected = math.sqrt(np.asarray(total) @ matrix @ np.asarray(total))
        assert fisher_rao(law, moved) == pytest.approx(expected, rel=2e-3)


@pytest.mark.parametrize("laws", SEARCHED, ids=named)
def test_it_is_a_metric(laws):
    d = np.asarray([[fisher_rao(p, q) for q in laws] for p in laws])
    assert np.all(np.diag(d) == 0)
    np.testing.assert_allclose(d, d.T, rtol=1e-7)
    assert np.all(d[~np.eye(3, dtype=bool)] > 0)
    for i in range(3):
        assert d[i - 2, i - 1] < d[i - 2, i] + d[i, i - 1]


@pytest.mark.parametrize(
    ("p", "q", "distance"),
    [  # make_rao.py
        (f.Gamma(1.0, 1.0), f.Gamma(2.0, 3.0), 0.7200498552442276),
        (f.Gamma(2.0, 3.0), f.Gamma(2.0, 9.0), 1.493797442659545),
        (f.Gamma(0.3, 1.0), f.Gamma(30.0, 0.01), 7.493248018105037),
        (f.Gamma(5.0, 1.0), f.Gamma(6.0, 50.0), 5.413255535214418),
        (f.Beta(1.0, 1.0), f.Beta(2.0, 3.0), 0.818372580548785),
        (f.Beta(0.5, 4.0), f.Beta(6.0, 0.7), 3.473280135399255),
        # √2 arcosh 1.375; 2 |arcsin √0.9 − arcsin √0.2|; log 3/2; 2 (√3 − √2)
        (f.Normal(0, 1), f.Normal(1, 2), math.sqrt(2) * math.acosh(1.375)),
        (f.Bernoulli(0.9), f.Bernoulli(0.2), math.pi / 2),
        (f.Exponential(3.0), f.Exponential(2.0), math.log(1.5)),
        (f.Poisson(3.0), f.Poisson(2.0), 2 * (math.sqrt(3) - math.sqrt(2))),
        (f.Geometric(0.9), f.Geometric(0.2),
         2 * (math.atanh(math.sqrt(0.8)) - math.atanh(math.sqrt(0.1)))),
    ],
)  # fmt: skip
def test_known_distances(p, q, distance):
    assert fisher_rao(p, q) == pytest.approx(distance, rel=1e-10)
    assert fisher_rao(q, p) == pytest.approx(distance, rel=1e-10)


def test_digits_of_close_laws():
    h = 1e-9
    assert fisher_rao(f.Normal(0, 1), f.Normal(h, 1)) == pytest.approx(h, rel=1e-12)
    assert fisher_rao(f.Poisson(2.0), f.Poisson(2.0 + 2**-30)) == pytest.approx(
        2**-30 / math.sqrt(2), rel=1e-9
    )
    p = np.asarray([0.25, 0.75])
    q = p + np.asarray([2**-30, -(2**-30)])
    assert float(fisher_rao(p, q)) == pytest.approx(2**-30 / math.sqrt(0.1875), rel=1e-7)
    near = fisher_rao(f.Geometric(1e-12), f.Geometric(2e-12))
    assert near == pytest.approx(math.log(2), rel=1e-9)


def test_other_parameters_change_nothing():
    gamma = fisher_rao(f.Gamma(1.0, 1.0), f.Gamma(2.0, 3.0))
    inverse = fisher_rao(f.InverseGamma(1.0, 1.0), f.InverseGamma(2.0, 3.0))
    assert inverse == pytest.approx(gamma, rel=1e-10)
    nakagami = fisher_rao(f.Nakagami(1.0, 1.0), f.Nakagami(2.0, 2 / 3))
    assert nakagami == pytest.approx(gamma, rel=1e-8)
    logs = fisher_rao(f.Log(f.Gamma(1.0, 1.0)), f.Log(f.Gamma(2.0, 3.0)))
    assert logs == pytest.approx(gamma, rel=1e-10)
    beta = fisher_rao(f.Beta(1.0, 1.0), f.Beta(2.0, 3.0))
    assert fisher_rao(f.Dirichlet([1.0, 1.0]), f.Dirichlet([2.0, 3.0])) == pytest.approx(beta)
    turned = fisher_rao(f.VonMises(1.0, 1.0), f.VonMises(2.5, 2.0))
    again = fisher_rao(f.VonMises(3.0, 1.0), f.VonMises(4.5 - 2 * math.pi, 2.0))
    assert again == pytest.approx(turned, rel=1e-8)


def test_tables():
    assert fisher_rao([0.5, 0.5], [0.9, 0.1]) == pytest.approx(2 * math.acos(
        math.sqrt(0.45) + math.sqrt(0.05)
    ))  # fmt: skip
    bernoulli = fisher_rao(f.Bernoulli(0.5), f.Bernoulli(0.9))
    assert fisher_rao([0.5, 0.5], [0.9, 0.1]) == pytest.approx(bernoulli, rel=1e-12)
    assert fisher_rao([1.0, 0.0], [0.0, 1.0]) == pytest.approx(math.pi)
    multinomial = fisher_rao(f.Multinomial(4, [0.5, 0.5]), f.Multinomial(4, [0.9, 0.1]))
    assert multinomial == pytest.approx(2 * bernoulli, rel=1e-12)


def gaussian(mean, covariance):
    return f.MultivariateNormal(np.asarray(mean), np.asarray(covariance))


def test_gaussian_vectors():
    one = gaussian(MEAN, SPREAD)
    for other, closed in (
        (gaussian(MEAN, 2 * SPREAD), math.sqrt(0.5 * 3) * math.log(2)),
        (gaussian(MEAN + np.asarray([1.0, 0, 0]), SPREAD), None),
    ):
        value = float(fisher_rao(one, other))
        if closed is not None:
            assert value == pytest.approx(closed)
        root = np.linalg.inv(np.linalg.cholesky(SPREAD))
        z = root @ (other.mean - one.mean)
        searched = between_gaussians(z, root @ other.covariance @ root.T)
        assert searched == pytest.approx(value, rel=1e-9)
    flat = f.Normal(0.3, 2.0), f.Normal(1.0, 3.0)
    vectors = [gaussian([p.loc], [[p.scale**2]]) for p in flat]
    assert float(fisher_rao(*vectors)) == pytest.approx(fisher_rao(*flat), rel=1e-12)
    assert between_gaussians(np.asarray([0.35]), np.asarray([[2.25]])) == pytest.approx(
        fisher_rao(*flat), rel=1e-12
    )


def test_gaussian_vectors_that_share_nothing():
    """By the search in the symmetric space, and by that for the path in the five parameters."""
    p, q = gaussian([0.0, 0.0], np.eye(2)), gaussian([1.0, -2.0], [[2.0, 0.5], [0.5, 0.7]])

    def field(x):
        """In the coordinates mean, log of the diagonal of L, the entry below."""
        n = len(x)
        root = np.zeros((n, 2, 2))
        root[:, 0, 0], root[:, 1, 1], root[:, 1, 0] = np.exp(x[:, 2]), np.exp(x[:, 4]), x[:, 3]
        matrix = fisher_information(f.MultivariateNormal(x[:, :2], scale_tril=root))
        slope = np.ones((n, 5))
        slope[:, 2], slope[:, 4] = root[:, 0, 0], root[:, 1, 1]
        return matrix * slope[:, :, None] * slope[:, None, :]

    def point(law):
        root = np.linalg.cholesky(law.covariance)
        return np.asarray(
            [*law.mean, math.log(root[0, 0]), root[1, 0], math.log(root[1, 1])], float
        )

    path = length_of_geodesic(field, point(p), point(q), 1e-8)
    found = float(fisher_rao(p, q))
    assert found == pytest.approx(path, rel=1e-9)
    turn = np.asarray([[1.0, 2.0], [-0.5, 0.3]])
    moved = [gaussian(turn @ law.mean + 1, turn @ law.covariance @ turn.T) for law in (p, q)]
    assert float(fisher_rao(*moved)) == pytest.approx(found, rel=1e-9)
    assert float(fisher_rao(q, p)) == pytest.approx(found, rel=1e-9)
    third = gaussian([3.0, 0.0], [[1.0, -0.3], [-0.3, 4.0]])
    assert found < float(fisher_rao(p, third)) + float(fisher_rao(third, q))


def test_independent_coordinates():
    p = f.MultivariateNormal([0.0, 1.0], variances=[1.0, 4.0])
    q = f.MultivariateNormal([1.0, -1.0], variances=[2.25, 1.0])
    each = [
        fisher_rao(f.Normal(0, 1), f.Normal(1, 1.5)),
        fisher_rao(f.Normal(1, 2), f.Normal(-1, 1)),
    ]
    assert float(fisher_rao(p, q)) == pytest.approx(math.hypot(*each), rel=1e-12)
    full = [gaussian(law.mean, np.diag(law.variances)) for law in (p, q)]
    assert float(fisher_rao(*full)) < math.hypot(*each)  # there is a way through correlated ones


def test_some_parameters():
    p, q = f.StudentT(3.0, 0.0, 1.0), f.StudentT(3.0, 1.0, 2.0)
    inside = fisher_rao(p, q, of=["loc", "scale"])
    assert inside == pytest.approx(
        2 * math.asinh(0.5 * math.sqrt((2 / 3 + 1) / 2)), rel=1e-12
    )  # ν = 3: a = 2/3, b = 1
    assert fisher_rao(p, q) < inside  # the way through other degrees of freedom is shorter
    assert fisher_rao(f.Normal(0, 2), f.Normal(3, 2), of=["loc"]) == pytest.approx(1.5)
    assert fisher_rao(
        f.NegativeBinomial(4.0, 0.3), f.NegativeBinomial(4.0, 0.6), of=["probs"]
    ) == pytest.approx(2 * fisher_rao(f.Geometric(0.3), f.Geometric(0.6)), rel=1e-12)
    p, q = gaussian(MEAN, SPREAD), gaussian(MEAN + 1, SPREAD)
    step = np.ones(3) @ np.linalg.solve(SPREAD, np.ones(3))
    assert float(fisher_rao(p, q, of=["mean"])) == pytest.approx(math.sqrt(step), rel=1e-12)


def test_a_law_without_a_formula_for_its_information():
    p, q = (f.TruncatedNormal(loc, 1.0, -1.0, 2.0) for loc in (0.0, 0.5))
    found = fisher_rao(p, q, of=["loc"])
    at = np.linspace(0.0, 0.5, 65)
    speed = np.sqrt(fisher_information(f.TruncatedNormal(at, 1.0, -1.0, 2.0), of=["loc"])[:, 0, 0])
    simpson = np.ones(65)
    simpson[1:-1:2], simpson[2:-1:2] = 4, 2
    assert found == pytest.approx(speed @ simpson * 0.5 / 64 / 3, rel=1e-7)


def test_batches_gradients_and_libraries(jax):
    import torch

    p = f.Gamma(np.asarray([[1.0], [2.0]]), np.asarray([1.0, 2.0]))
    found = fisher_rao(p, f.Gamma(2.0, 2.0))
    assert found.shape == (2, 2)
    assert found[1, 1] == 0
    assert found[0, 0] == pytest.approx(fisher_rao(f.Gamma(1.0, 1.0), f.Gamma(2.0, 2.0)))
    loc = torch.tensor([0.0, 1.0], requires_grad=True)
    value = fisher_rao(f.Normal(loc, 2.0), f.Normal(1.0, 2.0))
    assert value.dtype == torch.float32
    (slope,) = torch.autograd.grad(value.sum(), loc)
    assert slope[1] == 0
    h = 1e-6
    moved = [fisher_rao(f.Normal(s * h, 2.0), f.Normal(1.0, 2.0)) for s in (1, -1)]
    assert float(slope[0]) == pytest.approx((moved[0] - moved[1]) / (2 * h), rel=1e-5)
    traced = jax.jit(lambda a: fisher_rao(f.Poisson(a), f.Poisson(2.0)))
    assert float(traced(jax.numpy.asarray(3.0))) == pytest.approx(2 * (3**0.5 - 2**0.5))


@pytest.mark.parametrize(
    ("p", "q", "of", "error", "says"),
    [
        (f.Binomial(5, 0.3), f.Binomial(6, 0.3), None, InvalidInputError, "n=5.* n=6"),
        (f.Pareto(2, 1), f.Pareto(2, 2), None, InvalidInputError, "scale=1.*between laws of one"),
        (f.Normal(0, 1), f.Normal(1, 2), ["loc"], InvalidInputError, "scale=1"),
        (f.Normal(0, 1), f.Gamma(1, 2), None, NoMethodError, "within a family"),
        (f.Uniform(0, 1), f.Uniform(0, 2), None, NoMethodError, "support depends"),
        (f.Wishart(5, SPREAD), f.Wishart(6, SPREAD), None, NoMethodError, "no formula"),
        (f.Normal(0, 1), [0.5, 0.5], None, InputTypeError, "two laws of one family"),
        (f.Normal(0, 1), f.Normal(1, 2), "loc", InputTypeError, "a list of names"),
        ([0.5, 0.5], [0.9, 0.1], ["rate"], InvalidInputError, "only probs"),
        ([0.5, 0.6], [0.9, 0.1], None, InvalidInputError, "sums to 1.1"),
    ],
)
def test_what_has_no_distance(p, q, of, error, says):
    with pytest.raises(error, match=says):
        fisher_rao(p, q, of=of)


def test_a_traced_search_is_refused(jax):
    with pytest.raises(NoMethodError, match="needs numbers"):
        jax.jit(lambda a: fisher_rao(f.Gamma(a, 1.0), f.Gamma(2.0, 1.0)))(1.0)
