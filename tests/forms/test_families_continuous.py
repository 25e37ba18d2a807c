"""Continuous families: parameters, supports, densities, quantiles, moments, draws."""

import math

import numpy as np
import pytest

import kullback as kb
from kullback.errors import InvalidInputError, ShapeError

from ..backends import BACKENDS, numbers

F = kb.families
NODES, WEIGHTS = np.polynomial.legendre.leggauss(40)
LEVELS = np.concatenate([[1e-9, 1e-6, 1e-4, 0.003], np.linspace(0.02, 0.98, 33),
                         [0.997, 1 - 1e-4, 1 - 1e-6, 1 - 1e-9]])  # fmt: skip

LAWS = {
    "Normal": (0.3, 1.2), "Laplace": (-0.5, 0.7), "Logistic": (0.4, 0.6), "Cauchy": (0.2, 0.8),
    "StudentT": (5.0, 0.3, 1.2), "GeneralizedNormal": (0.3, 1.3, 1.5), "Gumbel": (0.2, 0.9),
    "Moyal": (0.2, 0.9), "HyperbolicSecant": (0.4, 0.6),
    "Uniform": (-2.0, 5.0), "LogUniform": (0.5, 30.0), "Beta": (2.0, 3.5),
    "Kumaraswamy": (2.0, 3.0), "ContinuousBernoulli": (0.9,), "LogitNormal": (0.3, 0.8),
    "TruncatedNormal": (0.3, 0.7, 0.0, 1.0),
    "Exponential": (0.8,), "Gamma": (2.5, 1.2), "Erlang": (5, 3.0), "ChiSquared": (3.0,),
    "InverseGamma": (3.5, 1.4), "GeneralizedGamma": (1.5, 0.8, 1.7), "Weibull": (1.7, 0.9),
    "Rayleigh": (0.7,), "Frechet": (3.5, 0.8), "Nakagami": (1.4, 0.8), "Chi": (3.0,),
    "Maxwell": (0.7,), "HalfNormal": (0.7,), "HalfCauchy": (0.7,), "LogNormal": (0.2, 0.6),
    "Levy": (0.5, 2.0), "Pareto": (3.5, 0.5), "Lomax": (3.5, 0.8),
    "GeneralizedPareto": (0.5, 1.5, 0.2), "LogLogistic": (3.5, 0.8), "BetaPrime": (2.0, 3.5),
    "InverseGaussian": (1.3, 2.0),
}  # fmt: skip
MORE = {
    "GeneralizedGamma": (3.0, 0.5, -2.5),
    "GeneralizedPareto": (0.0, 0.3, -0.3),
    "ContinuousBernoulli": (0.5,),
    "TruncatedNormal": (0.0, 2.0, 4.0, math.inf),
    "StudentT": (2.0,),
}
ALL = [*LAWS.items(), *MORE.items()]
PLACED = [pair for pair in ALL if pair[0] != "InverseGaussian"]
NO_MOMENTS = {"LogitNormal"}


def law(name, parameters):
    return getattr(F, name)(*parameters)


def pieces(p):
    """Integrals of 1, x, x² against the density between the quantiles at LEVELS."""
    ends = p.quantile(LEVELS)
    low, high = ends[:-1, None], ends[1:, None]
    x = 0.5 * (low + high) + 0.5 * (high - low) * NODES
    w = 0.5 * (high - low) * WEIGHTS * np.exp(p.log_density(x))
    return np.sum(w, axis=1), np.sum(w * x), np.sum(w * x * x)


@pytest.mark.parametrize(("name", "parameters"), PLACED)
def test_density_between_quantiles_is_the_difference_of_levels(name, parameters):
    mass, _, _ = pieces(law(name, parameters))
    inner = slice(3, -3) if name in {"Cauchy", "HalfCauchy", "Levy"} else slice(None)
    assert mass[inner] == pytest.approx(np.diff(LEVELS)[inner], rel=1e-6, abs=1e-12)


@pytest.mark.parametrize(("name", "parameters"), PLACED)
def test_upper_quantile_mirrors_the_quantile(name, parameters):
    p = law(name, parameters)
    u = np.array([0.01, 0.3, 0.5, 0.77, 0.99])
    assert p.upper_quantile(1 - u) == pytest.approx(p.quantile(u), rel=1e-9)
    rare = p.upper_quantile(np.array(1e-30))
    assert rare > p.quantile(0.999) or float(p.support().high) < math.inf


@pytest.mark.parametrize(("name", "parameters"), [x for x in PLACED if x[0] not in NO_MOMENTS])
def test_moments(name, parameters):
    p = law(name, parameters)
    mean, variance = float(p.mean()), float(p.variance())
    _, first, second = pieces(p)
    if math.isfinite(mean):
        assert first == pytest.approx(mean, rel=1e-4, abs=1e-4)
    else:
        assert name in {"Cauchy", "HalfCauchy", "Levy"}
    if math.isfinite(variance):
        assert second - first**2 == pytest.approx(variance, rel=0.02)


def test_moments_of_the_inverse_gaussian():
    p = F.InverseGaussian(1.3, 2.0)
    ends = np.geomspace(1e-3, 60.0, 80)
    low, high = ends[:-1, None], ends[1:, None]
    x = 0.5 * (low + high) + 0.5 * (high - low) * NODES
    w = 0.5 * (high - low) * WEIGHTS * np.exp(p.log_density(x))
    assert [np.sum(w), np.sum(w * x), np.sum(w * (x - 1.3) ** 2)] == pytest.approx(
        [1.0, 1.3, float(p.variance())], rel=1e-9
    )


@pytest.mark.parametrize(("name", "parameters"), ALL)
def test_draws_lie_where_the_law_does(name, parameters):
    p = law(name, parameters)
    x = p.draw(np.random.default_rng(7), 4000)
    assert x.shape == (4000,)
    assert np.all(x >= float(p.support().low))
    assert np.all(x <= float(p.support().high))
    assert np.all(np.isfinite(p.log_density(x)))
    if name != "InverseGaussian":
        below = np.mean(x <= p.quantile(0.3))
        assert below == pytest.approx(0.3, abs=4 * math.sqrt(0.21 / 4000))


@pytest.mark.parametrize(("name", "parameters"), ALL)
def test_batches_broadcast(name, parameters):
    first, *rest = parameters
    batch = getattr(F, name)(
        np.asarray([first] * 3, float)[:, None], *(np.asarray([x, x], float) for x in rest)
    )
    shape = (3, 2) if rest else (3, 1)
    assert batch.batch == shape
    x = batch.draw(np.random.default_rng(0), 5)
    assert x.shape == (5, *shape)
    one = law(name, parameters)
    assert batch.log_density(x) == pytest.approx(one.log_density(x))


@pytest.mark.parametrize(("name", "parameters"), [("VonMises", (0.3, 1.2)), *ALL])
@pytest.mark.parametrize("backend", [b for b in BACKENDS if b.name in {"torch", "jax"}], ids=str)
def test_the_same_density_in_every_library(backend, name, parameters):
    p = law(name, parameters)
    x = np.sort(p.draw(np.random.default_rng(1), 20))
    there = getattr(F, name)(*(backend.array(v) for v in parameters))
    got = there.log_density(backend.array(x))
    assert type(got).__module__.startswith(backend.library) or backend.library == "jax"
    assert numbers(got) == pytest.approx(p.log_density(x), rel=1e-11, abs=1e-11)
    single = getattr(F, name)(*(backend.array(v, "float32") for v in parameters))
    assert "float32" in str(single.log_density(backend.array(x, "float32")).dtype)


@pytest.mark.parametrize(
    ("name", "parameters", "outside"),
    [
        ("Gamma", (2.0, 1.0), -1.0), ("Beta", (2.0, 2.0), 1.5), ("Uniform", (0.0, 1.0), 2.0),
        ("Pareto", (2.0, 1.0), 0.5), ("Levy", (1.0, 1.0), 0.5), ("LogNormal", (0.0, 1.0), 0.0),
        ("GeneralizedPareto", (0.0, 1.0, -0.5), 2.5),
        ("TruncatedNormal", (0.0, 1.0, 0.0, 1.0), -0.1),
    ],
)  # fmt: skip
def test_no_density_outside_the_support(name, parameters, outside):
    assert law(name, parameters).log_density(np.asarray(outside)) == -math.inf


def test_von_mises_integrates_to_one():
    p = F.VonMises(0.3, 4.0)
    x = np.linspace(-math.pi, math.pi, 200, endpoint=False)
    assert np.mean(np.exp(p.log_density(x))) * 2 * math.pi == pytest.approx(1.0)
    assert np.all(np.abs(p.draw(np.random.default_rng(0), 100)) <= math.pi)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: F.Normal(0, -1), "scale = -1.0, but it must be positive"),
        (lambda: F.Gamma([1, 0], 1), "1 of 2 elements"),
        (lambda: F.Erlang(1.5, 1), "shape = 1.5, but it must be a positive whole number"),
        (lambda: F.Cauchy(math.nan, 1), "loc = nan"),
        (lambda: F.ContinuousBernoulli(1), "probs = 1.0"),
        (lambda: F.GeneralizedGamma(1, 1, 0), "power = 0.0, but it must be finite and not 0"),
        (lambda: F.Uniform(1, 1), "low must be below high"),
        (lambda: F.LogUniform(0, 1), "low = 0.0"),
        (lambda: F.TruncatedNormal(0, 1, 2, -2), "low must be below high"),
        (lambda: F.TruncatedNormal(0, 1, math.nan, 2), "low = nan"),
        (lambda: F.StudentT(math.inf), "df = inf"),
    ],
)
def test_bad_parameters_are_named(make, says):
    with pytest.raises(InvalidInputError, match=says):
        make()


def test_parameters_that_do_not_broadcast():
    with pytest.raises(ShapeError, match="do not broadcast"):
        _ = F.Gamma(np.ones(2), np.ones(3)).batch


def test_special_cases_say_what_they_are():
    assert isinstance(F.Exponential(2.0).canonical(), F.Gamma)
    assert isinstance(F.Rayleigh(2.0).canonical(), F.Weibull)
    assert isinstance(F.Levy(0.0, 2.0).canonical(), F.InverseGamma)
    assert isinstance(F.Levy(1.0, 2.0).canonical(), F.Levy)
    for name, parameters in ALL:
        p = law(name, parameters)
        x = p.draw(np.random.default_rng(3), 6)
        assert p.canonical().log_density(x) == pytest.approx(p.log_density(x), rel=1e-12)
