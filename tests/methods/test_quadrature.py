"""Integrals over the line: against digits found elsewhere, and against what they are made of."""

import math

import numpy as np
import pytest

import kullback as kb
from kullback.errors import AccuracyError, InvalidInputError
from kullback.forms.density import Density
from kullback.methods.quadrature import Quadrature
from kullback.methods.quadrature.kronrod import GAUSS, KRONROD, NODES

f = kb.families
BY = Quadrature()
LOG_2PI = math.log(2 * math.pi)


def ask(p, q=None, of=None):
    return kb.measure(p, q, of=kb.KL() if of is None else of, by=BY)


def kl_normal(m, s, n, t):
    return math.log(t / s) + (s * s + (m - n) ** 2) / (2 * t * t) - 0.5


def kl_gamma(a, b):
    from scipy.special import digamma, gammaln

    return (a - b) * digamma(a) - gammaln(a) + gammaln(b)


def kl_lognormal_gamma(m, s, a, b):
    from scipy.special import gammaln

    entropy = 0.5 * (LOG_2PI + 1) + math.log(s) + m
    return -entropy + gammaln(a) - a * math.log(b) - (a - 1) * m + b * math.exp(m + s * s / 2)


def test_nodes_are_exact_for_polynomials():
    for power in range(0, 32, 2):
        assert abs(np.sum(KRONROD * NODES**power) - 2 / (power + 1)) < 1e-15
    for power in range(0, 20, 2):
        assert abs(np.sum(GAUSS * NODES**power) - 2 / (power + 1)) < 1e-15


PAIRS = [
    ("wide against narrow", f.Normal(100, 1), f.Normal(0, 1000), kl_normal(100, 1, 0, 1000)),
    ("very narrow", f.Normal(0, 1e-8), f.Normal(1e-8, 1), kl_normal(0, 1e-8, 1e-8, 1)),
    ("far apart", f.Normal(0, 1), f.Normal(1000, 1e-3), kl_normal(0, 1, 1000, 1e-3)),
    ("heavy tails", f.Cauchy(0, 1), f.StudentT(3, 1, 2), 0.275393855946984876583625714623),
    ("heavier", f.Cauchy(0, 1), f.Cauchy(5, 2), math.log((9 + 25) / 8)),
    ("singular edges", f.Beta(0.5, 0.5), f.Uniform(0, 1), math.log(4 / math.pi)),
    ("a pole at 0", f.Gamma(0.1, 1), f.Gamma(0.2, 1), kl_gamma(0.1, 0.2)),
    ("half below 1e-300", f.Gamma(0.001, 1), f.Gamma(0.002, 1), kl_gamma(0.001, 0.002)),
    ("log-normal", f.LogNormal(0, 1), f.Gamma(2, 1), kl_lognormal_gamma(0, 1, 2, 1)),
    ("a kink of q", f.Normal(0, 1), f.Laplace(0.3, 1), 0.107731131589692321236880781934),
    ("wide log-normal", f.LogNormal(0, 10), f.LogNormal(1, 20), kl_normal(0, 10, 1, 20)),
    ("close", f.Normal(0, 1), f.Normal(1e-5, 1), 5e-11),
]


@pytest.mark.parametrize(("p", "q", "truth"), [x[1:] for x in PAIRS], ids=[x[0] for x in PAIRS])
def test_known_pairs(p, q, truth):
    answer = ask(p, q)
    assert abs(answer.value - truth) <= 1e-9 * truth
    assert abs(answer.value - truth) <= answer.error + 1e-13 * truth
    assert answer.error <= 1e-9 * truth
    assert answer.kind == "integrated"


def test_other_questions():
    t2, normal = f.StudentT(2, 0, 1), f.Normal(0, 1)
    cases = [
        (t2, normal, kb.JensenShannon(), 0.0376347574086828633815030763576),
        (f.Uniform(0, 1), normal, kb.JensenShannon(), 0.314068438483018018431149670376),
        (normal, f.Normal(1, 2), kb.TotalVariation(), 0.390065660121055661052951368821),
        (normal, f.Normal(1, 2), kb.HockeyStick(1.0), 0.390065660121055661052951368821),
        (f.StudentT(3, 0, 1), normal, kb.Hellinger(), math.sqrt(0.0265982615109815855485134619369)),
        (normal, f.Normal(1, 1), kb.ChiSquare(), math.e - 1),
        (normal, f.Normal(1, 1), kb.Renyi(3.0), 1.5),
        (normal, f.Normal(40, 1), kb.Renyi(0.5), 400.0),
        (normal, f.Normal(30, 1), kb.Renyi(2.0), 900.0),
        (normal, f.Normal(1, 1), kb.Jeffreys(), 1.0),
        (normal, f.Normal(1, 1), kb.FDivergence(lambda t: (t - 1) ** 2), math.e - 1),
        (normal, f.Normal(1, 2), kb.CrossEntropy(), 0.5 * LOG_2PI + math.log(2) + 0.25),
    ]
    for p, q, of, truth in cases:
        answer = ask(p, q, of)
        assert abs(answer.value - truth) <= 1e-10 * truth, (of, answer)
        assert abs(answer.value - truth) <= answer.error + 1e-13 * truth, (of, answer)
    assert abs(ask(f.Gamma(0.5, 1), of=kb.Entropy()).value - 0.0906099299139884) < 1e-12


def test_two_ends_inside_the_other_support():
    p, q = f.Uniform(0, 1), f.Normal(0, 1)
    assert ask(q, p).value == math.inf
    assert abs(ask(p, q).value - (0.5 * LOG_2PI + 1 / 6)) < 1e-12
    assert abs(ask(p, f.Uniform(2, 3), kb.TotalVariation()).value - 1) < 1e-12


@pytest.mark.parametrize(
    ("p", "q", "of"),
    [
        (f.StudentT(2, 0, 1), f.Normal(0, 1), kb.KL()),
        (f.Cauchy(0, 1), f.Normal(0, 1), kb.KL()),
        (f.Pareto(1, 1), f.Exponential(1), kb.KL()),
        (f.Normal(0, 3), f.Normal(0, 1), kb.ChiSquare()),
        (f.Normal(0, 3), f.Normal(0, 1), kb.Renyi(2.0)),
    ],
)
def test_divergent_integrals_are_infinite(p, q, of):
    answer = ask(p, q, of)
    assert answer.value == math.inf
    assert any("diverges" in note for note in answer.notes)


def test_nearly_divergent_integrals_are_finite():
    """E x² = df/(df − 2): at df = 2.05 most of it lies beyond 10¹⁵."""
    from scipy.special import betaln, digamma

    df = 2.05
    entropy = (df + 1) / 2 * (digamma((df + 1) / 2) - digamma(df / 2))
    entropy += 0.5 * math.log(df) + betaln(df / 2, 0.5)
    truth = 0.5 * LOG_2PI + 0.5 * df / (df - 2) - entropy
    answer = ask(f.StudentT(df, 0, 1), f.Normal(0, 1))
    assert abs(answer.value - truth) < 1e-10 * truth


def test_batches_have_an_error_each():
    rng = np.random.default_rng(0)
    m, n = rng.normal(size=(2, 50, 1))
    s, t = rng.uniform(0.1, 10, size=(2, 3))
    answer = ask(f.Normal(m, s), f.Normal(n, t))
    truth = np.log(t / s) + (s * s + (m - n) ** 2) / (2 * t * t) - 0.5
    assert answer.value.shape == answer.error.shape == (50, 3)
    assert np.all(np.abs(answer.value - truth) <= answer.error + 1e-13 * truth)
    assert np.all(answer.error <= 1e-10 * truth)


def test_one_row_that_diverges_leaves_the_others():
    answer = ask(f.StudentT([2.0, 5.0], 0, 1), f.Normal(0, 1))
    assert answer.value[0] == math.inf
    assert abs(answer.value[1] / ask(f.StudentT(5, 0, 1), f.Normal(0, 1)).value - 1) < 1e-13


def test_mixtures():
    p = f.Mixture([0.5, 0.5], [f.Normal(-4, 1), f.Normal(4, 1)])
    q = f.Mixture([0.3, 0.7], [f.Normal(-3, 1), f.Normal(3, 2)])
    assert abs(kb.kl(p, q) - 0.551809859198190798917385573798) < 1e-11


def log_normal_density(m, s):
    return lambda x: -0.5 * ((x - m) / s) ** 2 - np.log(s) - 0.5 * LOG_2PI


@pytest.mark.parametrize(("m", "s"), [(0, 1), (100, 1), (-3e5, 2), (1, 1e-7), (0, 1e-30), (5, 1e9)])
def test_a_density_without_quantiles_is_found(m, s):
    p = Density(log_normal_density(m, s))
    answer = ask(p, f.Normal(0, 1000))
    truth = kl_normal(m, s, 0, 1000)
    assert abs(answer.value - truth) <= max(answer.error, 1e-12 * truth)
    assert answer.error <= 1e-6 * truth


def test_a_scipy_object_whose_quantiles_are_unsound():
    """scipy's invgauss.ppf fails for large mu; the density is enough."""
    from scipy import stats

    law = stats.invgauss(0.5)
    p = Density.of(law)
    truth = ask(f.InverseGaussian(0.5, 1.0), f.Gamma(2.0, 4.0)).value
    assert abs(ask(p, f.Gamma(2.0, 4.0)).value - truth) < 1e-10 * truth


def test_a_density_that_is_not_normalised_is_told():
    p = Density(lambda x: -0.5 * x * x)
    answer = ask(p, f.Normal(0, 1))
    assert "p adds up to 2.50663, not 1" in answer.notes[0]
    with pytest.raises(AccuracyError, match="misses rtol") as caught:
        kb.kl(p, f.Normal(0, 1))
    assert caught.value.error > 1


def test_a_density_counts_only_within_its_ends():
    """Of 2x on (0, 1): KL = log 2 − ½ + ½ log 2π + E(x − ½)²/2, and nothing of q's other mass."""
    p = Density(lambda x: np.log(2 * x), 0.0, 1.0)
    truth = math.log(2) - 0.5 + 0.5 * LOG_2PI + (0.5 - 2 / 3 + 0.25) / 2
    assert abs(kb.kl(p, f.Normal(0.5, 1.0)) - truth) < 1e-11


def test_short_names_raise_beyond_their_tolerance():
    """A scale of 10⁻⁸ about 12345.678 is lost in the rounding of x."""
    with pytest.raises(AccuracyError):
        kb.tv(f.Normal(12345.678, 1e-8), f.StudentT(3, 12345.678, 1e-8))


def test_refusals_say_why():
    assert "line" in BY.refuse(kb.KL(), Density(len, 0, 5, discrete=True), f.Normal(0, 1))
    assert "no integral" in BY.refuse(kb.Renyi(math.inf), f.Normal(0, 1), f.Normal(0, 1))
    assert "log-densities" in BY.refuse(kb.KL(), kb.Probs([0.5, 0.5]), f.Normal(0, 1))
    assert "line" in BY.refuse(kb.KL(), f.Dirichlet([1.0, 2.0]), f.Dirichlet([1.0, 2.0]))


def test_float32_in_float32_out():
    p = f.Normal(np.float32([0, 1]), np.float32(1))
    value = ask(p, f.Laplace(np.float32(0), np.float32(1))).value
    assert value.dtype == np.float32
    assert abs(value[0] - ask(f.Normal(0, 1), f.Laplace(0, 1)).value) < 1e-7


def torch_slopes(call, *parameters):
    torch = pytest.importorskip("torch")
    given = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in parameters]
    value = call(*given)
    return value, torch.autograd.grad(value.sum(), given)


@pytest.mark.parametrize(
    "of", [kb.KL(), kb.Renyi(2.0), kb.Renyi(0.5), kb.Hellinger(), kb.ChiSquare(), kb.Jeffreys()],
    ids=repr,
)  # fmt: skip
def test_torch_gradients(of):
    """Of N(m, s) ‖ N(n, t), from the closed form of ∫ p^α q^(1−α)."""
    import torch

    def closed(m, s, n, t):
        def kl(m, s, n, t):
            return torch.log(t / s) + (s * s + (m - n) ** 2) / (2 * t * t) - 0.5

        def log_power(a):
            v = a * t * t + (1 - a) * s * s
            log = (1 - a) * torch.log(s) + a * torch.log(t) - 0.5 * torch.log(v)
            return log - 0.5 * a * (1 - a) * (m - n) ** 2 / v

        if isinstance(of, kb.KL):
            return kl(m, s, n, t)
        if isinstance(of, kb.Jeffreys):
            return kl(m, s, n, t) + kl(n, t, m, s)
        if isinstance(of, kb.Renyi):
            return log_power(of.alpha) / (of.alpha - 1)
        if isinstance(of, kb.ChiSquare):
            return torch.expm1(log_power(2.0))
        return torch.sqrt(-torch.expm1(log_power(0.5)))

    at = ([0.2, -3.0], 0.9, 1.0, 1.7)
    value, slopes = torch_slopes(
        lambda m, s, n, t: ask(f.Normal(m, s), f.Normal(n, t), of).value, *at
    )
    truth, true_slopes = torch_slopes(closed, *at)
    assert torch.allclose(value, truth, rtol=1e-10)
    for got, want in zip(slopes, true_slopes, strict=True):
        assert torch.allclose(got, want, rtol=1e-8)


def test_gradients_move_the_ends_of_the_support():
    import torch

    def closed(a, b, m, s):
        third = ((b - m) ** 3 - (a - m) ** 3) / (6 * s * s * (b - a))
        return -torch.log(b - a) + 0.5 * LOG_2PI + torch.log(s) + third

    at = (0.0, 1.0, 0.2, 1.5)
    _, slopes = torch_slopes(lambda a, b, m, s: ask(f.Uniform(a, b), f.Normal(m, s)).value, *at)
    _, true_slopes = torch_slopes(closed, *at)
    for got, want in zip(slopes, true_slopes, strict=True):
        assert torch.allclose(got, want, rtol=1e-8)


def test_jax_gradients(jax):
    def kl(m, s):
        return ask(f.Normal(m, s), f.Normal(1.0, 2.0)).value

    m, s = jax.numpy.asarray(0.5), jax.numpy.asarray(0.8)
    slopes = jax.grad(kl, argnums=(0, 1))(m, s)
    assert abs(float(slopes[0]) - (0.5 - 1) / 4) < 1e-9
    assert abs(float(slopes[1]) - (0.8 / 4 - 1 / 0.8)) < 1e-9
    with pytest.raises(InvalidInputError, match=r"jax\.jit"):
        jax.jit(kl)(m, s)


def test_explain_names_those_who_refused():
    text = kb.measure(
        f.Mixture([0.5, 0.5], [f.Normal(0, 1), f.Normal(1, 2)]), f.Laplace(0, 1)
    ).explain()
    assert "Found by Quadrature(), integrated." in text
    assert "ClosedForm() refused" in text
    assert "ExactSum" not in text  # it reads tables only


@pytest.mark.parametrize(
    ("p", "q", "of", "truth"),
    [
        (kb.Levy(0.5, 2.0), kb.Levy(-1.0, 0.4), kb.Hellinger(), 0.62477654005738872606),
        (kb.Beta(80.0, 0.2), kb.Kumaraswamy(12.0, 0.4), kb.KL(), 1.0281233001514409196),
        (kb.ContinuousBernoulli(0.3), kb.LogitNormal(0.0, 1.0), kb.KL(), 0.63256834210679953210),
    ],
)
def test_what_lies_next_to_an_end_is_within_the_stated_error(p, q, of, truth):
    found = kb.measure(p, q, of=of, by=kb.Quadrature(), rtol=1e-6)
    assert abs(found.value - truth) <= found.error < 1e-6 * truth
