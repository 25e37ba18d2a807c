"""Closed forms: values, infinities by one rule, mixed batches, slopes, single precision."""

import math

import numpy as np
import pytest

import kullback as kb
from kullback.errors import InvalidInputError, NoMethodError
from kullback.methods.formulas import ClosedForm
from kullback.methods.formulas.atlas import atlas_rows
from kullback.methods.formulas.closed import find
from kullback.methods.formulas.examples import EXAMPLES

from ..backends import wide_jax

F = kb.families
CONTINUOUS = {"line", "extremes", "bounded", "tilted", "positive", "circle"}
NAMES = [n for n in EXAMPLES if CONTINUOUS & set(getattr(F, n).__module__.split("."))]


def laws(name):
    return [getattr(F, name)(*x) for x in EXAMPLES[name]]


@pytest.mark.parametrize(
    ("p", "q", "truth"),
    [
        # mpmath, 30 digits: tests/truths/make_atlas.py has many more
        (F.Kumaraswamy(2, 3), F.Beta(1.5, 2.5), 0.0889006328376745),
        (F.ContinuousBernoulli(0.2), F.Uniform(0, 1), 0.07641445280335878),
        (F.Uniform(0, 1), F.ContinuousBernoulli(0.2), 0.07883084812988340),
        (F.Cauchy(0, 1), F.Cauchy(1, 2), 0.22314355131420976),
        (F.Normal(100, 1), F.Normal(0, 1000), 6.412755778982138),
    ],
)
def test_numbers_that_others_get_wrong(p, q, truth):
    assert kb.kl(p, q) == pytest.approx(truth, rel=1e-13)


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (F.Cauchy(0, 1), F.Normal(0, 1)),
        (F.StudentT(2), F.Normal(0, 1)),
        (F.StudentT(1), F.Laplace(0, 1)),
        (F.Pareto(1, 1), F.Exponential(1)),
        (F.Levy(0, 1), F.Gamma(2, 1)),
        (F.InverseGamma(1, 1), F.Exponential(1)),
        (F.Exponential(1), F.InverseGaussian(1, 1)),
        (F.Laplace(0, 1), F.Gumbel(0, 0.5)),
        (F.Normal(0, 1), F.Gamma(1, 1)),
        (F.Gamma(1, 1), F.Uniform(0, 9)),
        (F.Uniform(-1, 1), F.Beta(2, 2)),
        (F.Pareto(2, 1), F.Pareto(2, 3)),
        (F.Levy(0, 1), F.Levy(1, 1)),
        (F.Uniform(0, 1), F.InverseGamma(2, 1)),
    ],
)
def test_infinite_by_the_one_rule(p, q):
    """q does not cover p, or a mean that the formula needs does not exist."""
    assert kb.kl(p, q) == math.inf
    assert isinstance(kb.measure(p, q).method, ClosedForm)


def test_no_pair_gives_nan_or_minus_infinity():
    for first in NAMES:
        for second in NAMES:
            for p in laws(first):
                for q in laws(second):
                    found = find(kb.KL(), p, q)
                    if not isinstance(found, str):
                        assert float(found()) >= -1e-12, (p, q)


def test_one_batch_of_finite_and_infinite():
    p = F.StudentT([2.0, 5.0, 1.0], 0.0, 1.0)
    assert kb.kl(p, F.Normal(0, 1)) == pytest.approx([math.inf, 0.12476919, math.inf])
    p, q = F.Uniform([0.0, 0.2], [2.0, 0.4]), F.Beta([[2.0], [1.0]], 3.0)
    value = kb.kl(p, q)
    assert value.shape == (2, 2)
    assert np.all(value[:, 0] == math.inf)
    assert np.all(np.isfinite(value[:, 1]))


@pytest.mark.parametrize(("p", "q"), [
    ("Uniform", "Gamma"), ("Uniform", "Beta"), ("Uniform", "Uniform"), ("Uniform", "Pareto"),
    ("Pareto", "Pareto"), ("LogUniform", "LogUniform"), ("TruncatedNormal", "TruncatedNormal"),
    ("Uniform", "InverseGaussian"), ("Uniform", "Lomax"), ("TruncatedNormal", "HalfNormal"),
])  # fmt: skip
def test_slopes_are_numbers_beside_an_infinity(p, q):
    """Where q covers p in one row of the batch and not in the other."""
    torch = pytest.importorskip("torch")
    rows = {
        "Uniform": ([-0.5, 0.25], [1.5, 0.75]), "Gamma": (2.0, 1.0), "Beta": (2.0, 3.0),
        "Pareto": ([4.0, 4.0], [0.1, 0.2]), "LogUniform": ([0.1, 0.3], [3.0, 2.0]),
        "TruncatedNormal": (0.5, 1.0, [-1.0, 0.25], [2.0, 0.75]), "Lomax": (3.0, 1.0),
        "InverseGaussian": (1.0, 2.0), "HalfNormal": (1.0,),
    }  # fmt: skip
    wider = {"Uniform": ([0.0, 0.0], [1.0, 1.0]), "Pareto": ([3.0, 3.0], [0.15, 0.15]),
             "LogUniform": ([0.2, 0.2], [2.5, 2.5]),
             "TruncatedNormal": (0.0, 2.0, [0.0, 0.0], [1.0, 1.0])}  # fmt: skip
    given = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in rows[p]]
    other = wider.get(q, rows[q]) if q in wider else rows[q]
    theirs = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in other]
    value = kb.kl(getattr(F, p)(*given), getattr(F, q)(*theirs))
    assert torch.isinf(value[0])
    assert torch.isfinite(value[1])
    value[1].backward()
    for x in (*given, *theirs):
        assert x.grad is None or bool(torch.all(torch.isfinite(x.grad)))


PAIRS = [
    ("Gamma", (2.5, 1.5), "Gamma", (3.0, 1.0)),
    ("Gamma", (2.5, 1.5), "LogNormal", (0.2, 0.5)),
    ("Weibull", (1.7, 0.9), "Gamma", (2.5, 1.5)),
    ("Beta", (2.0, 3.0), "Normal", (0.2, 1.0)),
    ("Beta", (2.0, 3.0), "Beta", (2.5, 2.0)),
    ("StudentT", (5.0, 0.3, 1.0), "Normal", (0.0, 1.2)),
    ("StudentT", (5.0, 0.3, 1.0), "Laplace", (0.0, 1.2)),
    ("Normal", (0.3, 1.0), "Laplace", (0.0, 0.5)),
    ("Logistic", (0.1, 0.5), "Gumbel", (0.0, 1.0)),
    ("InverseGaussian", (1.0, 2.0), "Gamma", (2.5, 1.5)),
    ("VonMises", (0.2, 1.0), "VonMises", (0.0, 2.0)),
    ("HalfNormal", (1.0,), "Exponential", (1.5,)),
    ("ContinuousBernoulli", (0.3,), "Beta", (2.0, 3.0)),
    ("TruncatedNormal", (0.5, 1.0, 0.25, 0.75), "TruncatedNormal", (0.0, 1.0, 0.0, 3.0)),
]


@pytest.mark.parametrize(("first", "a", "second", "b"), PAIRS)
def test_slopes_in_torch(first, a, second, b):
    torch = pytest.importorskip("torch")
    theta, value, slopes = differences(first, a, second, b)
    leaves = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in theta]
    got = value(leaves)
    assert float(got.detach()) == pytest.approx(float(value(theta)), rel=1e-12)
    grads = torch.autograd.grad(got, leaves, allow_unused=True)
    flat = [0.0 if g is None else float(g) for g in grads]
    assert flat == pytest.approx(slopes, abs=1e-7, rel=1e-6)


@pytest.mark.parametrize(("first", "a", "second", "b"), [PAIRS[i] for i in (1, 7, 11)])
def test_slopes_in_traced_jax(first, a, second, b):
    jax = wide_jax()
    theta, value, slopes = differences(first, a, second, b)
    there = jax.jit(jax.grad(value))(jax.numpy.asarray(theta))
    assert np.asarray(there) == pytest.approx(slopes, abs=1e-7, rel=1e-6)


def differences(first, a, second, b):
    """Return the parameters, KL as a function of them, and its slopes by differences."""
    theta, n, step = np.asarray([*a, *b]), len(a), 1e-6

    def value(theta):
        return kb.kl(getattr(F, first)(*theta[:n]), getattr(F, second)(*theta[n:]))

    return (
        theta,
        value,
        [
            float(value(theta + step * e) - value(theta - step * e)) / (2 * step)
            for e in np.eye(theta.size)
        ],
    )


NEAR = [n for n in NAMES if n not in {"GeneralizedPareto"}]


@pytest.mark.parametrize("name", NEAR)
def test_nearly_equal_in_single_precision(name):
    """Never negative, and of the right size: a quarter of what double precision says, or nearer."""
    rng = np.random.default_rng(5)
    fixed = {"Lomax": 1, "LogLogistic": 0, "Logistic": 1, "Kumaraswamy": 0, "GeneralizedNormal": 0,
             "Levy": 0, "Erlang": 0}.get(name)  # fmt: skip
    for x in EXAMPLES[name]:
        for _ in range(6):
            sign = np.array([-1.0 if i % 2 == 0 else 1.0 for i in range(len(x))])
            near = np.asarray(x) + 1e-5 * sign * (0.2 + rng.random(len(x)))
            if name not in {"Uniform", "LogUniform", "TruncatedNormal", "Pareto"}:
                near = np.asarray(x) * (1 + 1e-5 * rng.standard_normal(len(x)))
            if fixed is not None:
                near[fixed] = x[fixed]
            p, q = ([np.asarray(v, np.float32) for v in row] for row in (x, near))
            if p == q:
                continue
            got = kb.kl(getattr(F, name)(*p), getattr(F, name)(*q))
            want = kb.kl(
                getattr(F, name)(*map(np.float64, p)), getattr(F, name)(*map(np.float64, q))
            )
            assert got.dtype == np.float32
            assert got >= 0
            assert float(got) == pytest.approx(float(want), rel=0.25, abs=1e-14)


def test_gamma_in_single_precision():
    """Torch says −2.0e-5 here."""
    p, q = (F.Gamma(np.asarray(a, np.float32), 3) for a in (100, 100 * (1 + 1e-5)))
    assert float(kb.kl(p, q)) == pytest.approx(5.02e-9, rel=0.01)


def test_orders_are_closings_of_one_integral():
    p, q = F.Gamma(2.5, 1.5), F.Gamma(3.0, 1.0)
    log = math.log1p(kb.chi2(p, q))
    assert kb.renyi(p, q, alpha=2) == pytest.approx(log)
    assert kb.tsallis(p, q, alpha=2) == pytest.approx(kb.chi2(p, q))
    assert kb.alpha_divergence(p, q, alpha=2) == pytest.approx(kb.chi2(p, q) / 2)
    half = kb.renyi(p, q, alpha=0.5)
    assert kb.hellinger(p, q) == pytest.approx(math.sqrt(-math.expm1(-half / 2)))
    assert kb.renyi(p, q, alpha=1) == kb.kl(p, q)
    assert kb.renyi(p, q, alpha=1 + 1e-7) == pytest.approx(kb.kl(p, q), rel=1e-6)
    assert kb.jeffreys(p, q) == pytest.approx(kb.kl(p, q) + kb.kl(q, p))
    assert kb.alpha_divergence(p, q, alpha=0) == pytest.approx(kb.kl(q, p))
    assert kb.cross_entropy(p, q) == pytest.approx(kb.entropy(p) + kb.kl(p, q))


@pytest.mark.parametrize(
    ("p", "q", "alpha", "value"),
    [
        (F.Normal(0, 2), F.Normal(0, 1), 2, math.inf),
        (F.Gamma(1, 1), F.Gamma(4, 1), 2, math.inf),
        (F.Uniform(0, 1), F.Uniform(2, 3), 0.5, math.inf),
        (F.Uniform(0, 2), F.Uniform(0, 1), 2, math.inf),
        (F.Uniform(0, 2), F.Uniform(1, 3), 0.5, math.log(4)),
        (F.Uniform(0, 1), F.Uniform(0, 4), 0, math.log(4)),
        (F.Pareto(2, 1), F.Pareto(2, 3), 2, math.inf),
    ],
)
def test_orders_at_their_limits(p, q, alpha, value):
    if alpha == 0.5 and value == math.log(4):
        value = 2 * math.log(2)
    assert kb.renyi(p, q, alpha=alpha) == pytest.approx(value)


def test_slopes_of_orders_where_some_diverge():
    torch = pytest.importorskip("torch")
    scale = torch.tensor([1.0, 3.0], dtype=torch.float64, requires_grad=True)
    value = kb.renyi(F.Normal(0.0, scale), F.Normal(0, 1), alpha=2)
    assert value[1] == math.inf
    value[0].backward()
    assert bool(torch.all(torch.isfinite(scale.grad)))


def test_a_formula_for_some_parameters_says_which():
    with pytest.raises(NoMethodError, match="equal scales only"):
        kb.measure(F.Lomax(3, 1), F.Lomax(3, 2), by=ClosedForm())
    with pytest.raises(NoMethodError, match="Logistic there is a formula for equal scales only"):
        kb.measure(F.Logistic(0, 1), F.Logistic(0, 2), by=ClosedForm())
    with pytest.raises(NoMethodError, match="no known closed form"):
        kb.measure(F.Normal(0, 1), F.StudentT(3), by=ClosedForm())


def test_the_atlas():
    table = kb.atlas()
    rows = [row for row in atlas_rows() if row.question == "KL"]
    assert len(rows) > 500
    assert sum(row.canonical for row in rows) > 250
    assert all(row.states and row.source for row in atlas_rows())
    assert len({(row.question, row.p, row.q) for row in atlas_rows()}) == len(atlas_rows())
    assert "KL:" in repr(table)
    assert "ψ(2 log σ/σ′)" in repr(table.of("Rayleigh", "Rayleigh"))
    assert len(table.rows) == len(atlas_rows())
    with pytest.raises(InvalidInputError, match="no family 'Rayligh'"):
        table.of("Rayligh")


def test_the_atlas_as_a_frame():
    pandas = pytest.importorskip("pandas")
    frame = kb.atlas().to_frame()
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame.columns)[:3] == ["question", "p", "q"]
