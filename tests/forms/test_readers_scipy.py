"""Frozen scipy.stats distributions, and SciPy's new ones, are read into families."""

import math

import numpy as np
import pytest
import scipy.stats as stats

import kullback as kb
from kullback.forms.density import Density
from kullback.forms.families.derived import Table
from kullback.forms.readers import read

f = kb.families

CONTINUOUS = {
    "arcsine": (), "beta": (2.0, 3.0), "betaprime": (2.0, 3.0), "burr": (2.0, 3.0),
    "burr12": (2.0, 3.0), "cauchy": (), "chi": (3.0,), "chi2": (3.0,), "erlang": (3,),
    "expon": (), "f": (3.0, 5.0), "fisk": (2.0,), "gamma": (2.5,), "genextreme": (0.3,),
    "gengamma": (2.0, 1.5), "gennorm": (1.5,), "genpareto": (0.3,), "gibrat": (), "gumbel_l": (),
    "gumbel_r": (), "halfcauchy": (), "halfgennorm": (1.5,), "halfnorm": (), "hypsecant": (),
    "invgamma": (2.5,), "invgauss": (0.7,), "invweibull": (2.0,), "johnsonsb": (0.5, 1.5),
    "laplace": (), "levy": (), "levy_l": (), "loggamma": (1.5,), "logistic": (),
    "loglaplace": (3.0,), "lognorm": (0.6,), "loguniform": (0.5, 3.0), "lomax": (2.5,),
    "maxwell": (), "moyal": (), "nakagami": (1.5,), "norm": (), "pareto": (2.5,),
    "pearson3": (0.7,), "powerlaw": (2.5,), "rayleigh": (), "rdist": (3.5,),
    "recipinvgauss": (0.7,), "reciprocal": (0.5, 3.0), "semicircular": (), "t": (4.0,),
    "truncexpon": (3.0,), "truncnorm": (-1.0, 2.0), "truncpareto": (2.5, 4.0),
    "truncweibull_min": (2.0, 0.3, 2.5), "uniform": (), "wald": (), "weibull_max": (2.0,),
    "weibull_min": (2.0,),
}  # fmt: skip
COUNTING = {
    "bernoulli": (0.3,), "betabinom": (5, 2.0, 3.0), "binom": (5, 0.3), "geom": (0.3,),
    "logser": (0.6,), "nbinom": (2.5, 0.3), "planck": (0.7,), "poisson": (2.5,),
    "randint": (2, 7), "skellam": (2.0, 3.0), "zipf": (2.5,),
}  # fmt: skip


@pytest.mark.parametrize("place", [(0, 1), (1.5, 2.0), (-0.7, np.asarray([0.5, 3.0]))], ids=str)
@pytest.mark.parametrize("name", CONTINUOUS)
def test_density_of_a_measured_law(name, place):
    loc, scale = place
    x = getattr(stats, name)(*CONTINUOUS[name], loc=loc, scale=scale)
    law = read(x, "p")
    assert isinstance(law, f.Family)
    assert law.batch == np.shape(scale)
    assert law.listed == (np.ndim(scale) == 0)
    u = np.asarray([0.02, 0.3, 0.5, 0.8, 0.97])
    points = x.ppf(u.reshape(-1, *(1,) * np.ndim(scale)))
    np.testing.assert_allclose(law.log_density(points), x.logpdf(points), rtol=1e-9, atol=1e-9)
    if np.all(np.isfinite(x.ppf(0))):
        assert np.all(law.log_density(x.ppf(0) - 1.0) == -math.inf)


@pytest.mark.parametrize("loc", [0, 3])
@pytest.mark.parametrize("name", COUNTING)
def test_mass_of_a_counted_law(name, loc):
    x = getattr(stats, name)(*COUNTING[name], loc=loc)
    law = read(x, "p")
    assert isinstance(law, f.Family)
    assert law.listed
    k = np.arange(-3.0, 15.0)
    np.testing.assert_allclose(law.log_density(k), x.logpmf(k), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    "x",
    [
        stats.gamma(2.0, 1.0, 3.0),
        stats.gamma(2.0, scale=3.0, loc=1.0),
        stats.gamma(a=2.0, loc=1.0, scale=3.0),
        stats.gamma(2.0, 1.0, scale=3.0),
    ],
    ids=["positional", "keyword", "all keywords", "mixed"],
)
def test_arguments_in_any_mixture(x):
    law = read(x, "p")
    assert isinstance(law, f.Affine)
    np.testing.assert_allclose(law.log_density(4.0), x.logpdf(4.0), rtol=1e-12)


def test_a_batch_of_parameters():
    x = stats.gamma([[2.0], [3.0]], scale=[1.0, 2.0, 3.0])
    law = read(x, "p")
    assert law.batch == (2, 3)
    np.testing.assert_allclose(law.log_density(1.5), x.logpdf(1.5), rtol=1e-12)


MATRIX = np.asarray([[2.0, 0.3], [0.3, 1.0]])
UNIT = np.asarray([0.6, 0.8])
MANY = {
    "multivariate_normal": (stats.multivariate_normal([1.0, 2.0], MATRIX), f.MultivariateNormal),
    "dirichlet": (stats.dirichlet([0.5, 2.0, 3.0]), f.Dirichlet),
    "multinomial": (stats.multinomial(4, [0.2, 0.3, 0.5]), f.Multinomial),
    "wishart": (stats.wishart(3.5, MATRIX), f.Wishart),
    "invwishart": (stats.invwishart(3.5, MATRIX), f.InverseWishart),
    "matrix_normal": (stats.matrix_normal(np.ones((3, 2)), np.eye(3), MATRIX), f.MatrixNormal),
    "vonmises_fisher": (stats.vonmises_fisher(UNIT, 2.0), f.VonMisesFisher),
    "multivariate_t": (stats.multivariate_t([0.0, 1.0], MATRIX, 4.0), Density),
    "dirichlet_multinomial": (stats.dirichlet_multinomial([1.0, 2.0], 4), Density),
    "gaussian_kde": (stats.gaussian_kde([0.1, 0.5, 1.5]), f.Mixture),
    "gaussian_kde of vectors": (
        stats.gaussian_kde([[0.1, 0.5, 1.5, 2.0], [1.0, 0.3, 0.7, 0.1]]),
        f.Mixture,
    ),
}


@pytest.mark.parametrize("name", MANY)
def test_laws_of_vectors_and_matrices(name):
    x, family = MANY[name]
    law = read(x, "p")
    assert type(law) is family
    log = x.logpmf if hasattr(x, "logpmf") else x.logpdf
    if name.startswith("gaussian_kde"):
        points = np.asarray([[0.2, 0.4]]) if x.d == 1 else np.asarray([[0.2, 0.4], [0.3, 0.1]])
        ours = [float(law.log_density(p if x.d > 1 else p[0])) for p in points.T]
        np.testing.assert_allclose(ours, log(points), rtol=1e-9)
        return
    draws = x.rvs(size=3, random_state=0) if hasattr(x, "rvs") else [[1, 3], [4, 0]]
    for one in np.asarray(draws):
        np.testing.assert_allclose(law.log_density(one), log(one), rtol=1e-9)


def test_normal_inverse_gamma():
    x = stats.normal_inverse_gamma(0.5, 2.0, 3.0, 1.5)
    law = read(x, "p")
    assert type(law) is f.NormalInverseGamma
    point = np.asarray([0.3, 0.7])
    np.testing.assert_allclose(law.log_density(point), x.logpdf(0.3, 0.7), rtol=1e-9)


@pytest.mark.parametrize(
    "generator",
    [stats.norm, stats.gamma, stats.poisson, stats.multivariate_normal, stats.dirichlet],
    ids=lambda g: type(g).__name__,
)
def test_what_is_not_frozen(generator):
    with pytest.raises(kb.InputTypeError, match=r"Freeze it: scipy\.stats\."):
        kb.kl(generator, stats.norm(0, 1))


def test_the_error_tells_the_arguments():
    with pytest.raises(kb.InputTypeError, match=r"scipy\.stats\.gamma\(a, loc, scale\)"):
        kb.kl(stats.gamma, stats.norm(0, 1))


def test_a_law_without_a_density():
    with pytest.raises(kb.InputTypeError, match="no density"):
        read(stats.ortho_group(3), "p")


def test_tables():
    law = read(stats.rv_discrete(values=([0, 1, 2], [0.2, 0.3, 0.5])), "p")
    assert isinstance(law, kb.Probs)
    np.testing.assert_allclose(law.array, [0.2, 0.3, 0.5])
    gaps = read(stats.rv_discrete(values=([1, 5], [0.2, 0.8])), "p")
    assert isinstance(gaps, Density)
    np.testing.assert_allclose(gaps.log_density(np.asarray([1, 5])), np.log([0.2, 0.8]))


class Ramp(stats.rv_continuous):
    """A law of the user's own."""

    def _pdf(self, x):
        return 2 * x

    def _cdf(self, x):
        return x * x


def test_laws_that_no_family_covers():
    ramp = read(Ramp(a=0.0, b=1.0)(), "p")
    bare = read(Ramp(a=0.0, b=1.0), "p")
    histogram = read(stats.rv_histogram(([1, 3], [0.0, 1.0, 2.0])), "p")
    skewed = read(stats.skewnorm(3.0, 1.0, 2.0), "p")
    for law in (ramp, bare, histogram, skewed):
        assert isinstance(law, Density)
    assert ramp.high == 1.0
    np.testing.assert_allclose(ramp.log_density(np.asarray(0.5)), 0.0, atol=1e-12)
    np.testing.assert_allclose(skewed.quantile(0.5), stats.skewnorm(3.0, 1.0, 2.0).median())
    assert read(stats.geninvgauss(1.0, 1.0), "p").draw(np.random.default_rng(0), 3).shape == (3,)


class Own:
    """A law of no library."""

    def logpdf(self, x):
        return stats.norm.logpdf(x)

    def support(self):
        return -math.inf, math.inf


class Silent:
    """A law that does not tell where it lives."""

    def logpdf(self, x):
        return x


def test_any_object_with_a_density_and_a_support():
    assert isinstance(read(Own(), "p"), Density)
    with pytest.raises(kb.InputTypeError, match="support"):
        read(Silent(), "p")


X = stats.Normal(mu=1.0, sigma=2.0)
POSITIVE = stats.make_distribution(stats.gamma)(a=2.5)
NEW = {
    "Normal": (X, f.Normal),
    "Normal()": (stats.Normal(), f.Normal),
    "Logistic": (stats.Logistic(), f.Logistic),
    "Uniform": (stats.Uniform(a=1.0, b=3.0), f.Uniform),
    "Binomial": (stats.Binomial(n=5, p=0.3), f.Binomial),
    "gamma": (POSITIVE, f.Gamma),
    "beta": (stats.make_distribution(stats.beta)(a=2.0, b=3.0), f.Beta),
    "weibull_min": (stats.make_distribution(stats.weibull_min)(c=2.0), f.Weibull),
    "betabinom": (stats.make_distribution(stats.betabinom)(n=5, a=2.0, b=3.0), f.BetaBinomial),
    "skewnorm": (stats.make_distribution(stats.skewnorm)(a=2.0), Density),
    "affine": (-2 * X + 1, f.Normal),
    "affine gamma": (1 - 2 * POSITIVE, f.Affine),
    "exp": (stats.exp(X), f.LogNormal),
    "log": (stats.log(POSITIVE), f.Log),
    "log exp": (stats.log(stats.exp(X)), f.Normal),
    "inverse": (1 / POSITIVE, f.InverseGamma),
    "power": (POSITIVE**3, f.GeneralizedGamma),
    "abs": (abs(stats.Normal(mu=0.0, sigma=2.0)), f.HalfNormal),
    "abs off centre": (abs(X), Density),
    "truncate": (stats.truncate(X, 0.0, 3.0), f.TruncatedNormal),
    "truncate gamma": (stats.truncate(POSITIVE, 0.5, 3.0), f.Truncated),
    "Mixture": (stats.Mixture([X, stats.Normal()], weights=[0.3, 0.7]), f.Mixture),
    "order": (stats.order_statistic(X, r=2, n=5), Density),
    "batch": (stats.Normal(mu=[0.0, 1.0], sigma=2.0), f.Normal),
}


@pytest.mark.parametrize("name", NEW)
def test_new_objects(name):
    x, family = NEW[name]
    law = read(x, "p")
    assert type(law) is family
    counts = family in (f.Binomial, f.BetaBinomial)
    at = np.arange(6.0) if counts else np.asarray([0.6, 1.7, 2.3])
    at = at[:, None] if name == "batch" else at
    truth = (x.logpmf if counts else x.logpdf)(at)
    np.testing.assert_allclose(law.log_density(at), truth, rtol=1e-9, atol=1e-12)
    assert law.listed == (name != "batch")


@pytest.mark.parametrize(
    ("p", "q", "truth"),
    [
        (stats.norm(0, 1), stats.norm(1, 2), 0.4431471805599453),
        (stats.norm(0, 1), stats.Normal(mu=1.0, sigma=2.0), 0.4431471805599453),
        (stats.lognorm(1.0), stats.lognorm(2.0, scale=math.e), 0.4431471805599453),
        (stats.exp(X), stats.exp(stats.Normal()), 0.5 * 4 + 0.5 - math.log(2) - 0.5),
        (stats.multivariate_normal([0, 0]), f.Independent(f.Normal([1.0, 2.0], 1), 1), 2.5),
        (stats.poisson(2.0, loc=1), stats.poisson(3.0, loc=1), 2 * math.log(2 / 3) + 1),
        (stats.bernoulli(0.5), kb.Probs([0.9, 0.1]), 0.5108256237659907),
    ],
)
def test_divergences(p, q, truth):
    got = kb.kl(p, q)
    assert isinstance(got, float)
    assert math.isclose(got, truth, rel_tol=1e-12)


def test_arrays_of_parameters_give_arrays():
    got = kb.kl(stats.norm([0.0, 1.0], 1), stats.norm(1, 2))
    assert isinstance(got, np.ndarray)
    np.testing.assert_allclose(got, [0.4431471805599453, 0.3181471805599453])


def test_results_of_scipy_are_no_distributions():
    result = stats.ttest_1samp([1.0, 2.0, 4.0], 0.0)
    with pytest.raises(kb.InputTypeError, match="no distribution"):
        kb.kl(result, stats.norm())


def test_a_table_as_a_law():
    law = Table(kb.Probs([0.2, 0.3, 0.5]))
    np.testing.assert_allclose(
        law.log_density([0, 2, 3]), [math.log(0.2), math.log(0.5), -math.inf]
    )
