"""Closed forms on whole numbers: truths, infinities, float32, gradients."""

import itertools
import math

import numpy as np
import pytest

import kullback as kb

F = kb.families

TRUTHS = [  # mpmath, 50 digits, by the sum over all outcomes
    (F.Binomial(10, 0.3), F.Poisson(4), 0.16645095822118669019),
    (F.Binomial(5, 0.3), F.Binomial(12, 0.2), 0.24956843224885318303),
    (F.Geometric(0.3), F.Geometric(0.4), 0.072002847145155165766),
    (F.NegativeBinomial(2.5, 0.3), F.NegativeBinomial(2.5, 0.8), 4.8557108503603325922),
    (F.Zipf(3), F.Zipf(2), 0.14884344492097668578),
    (F.LogSeries(0.5), F.LogSeries(0.1), 0.43807368815658136701),
    (F.Poisson(3), F.Poisson(5.5), 0.68159258928905337025),
    (F.DiscreteUniform(1, 6), F.Poisson(2), 0.62050930463348523609),
    (F.BetaBinomial(7, 2, 3.5), F.BetaBinomial(7, 1.999998, 3.5000035), 1.6921447e-12),
    (F.Poisson(0), F.Poisson(1), 1.0),
    (F.Delta(0), F.Poisson(2), 2.0),
]


@pytest.mark.parametrize(("p", "q", "truth"), TRUTHS, ids=repr)
def test_truths(p, q, truth):
    digits = 1e-7 if truth < 1e-11 else 1e-13
    assert abs(kb.kl(p, q) / truth - 1) < digits


@pytest.mark.parametrize(
    ("p", "q"),
    [
        (F.Poisson(1), F.Binomial(5, 0.5)),
        (F.Poisson(1), F.Poisson(0)),
        (F.Bernoulli(0.5), F.Bernoulli(1)),
        (F.Binomial(7, 0.5), F.Binomial(5, 0.5)),
        (F.Geometric(0.5), F.Geometric(1)),
        (F.DiscreteUniform(0, 5), F.DiscreteUniform(1, 9)),
        (F.DiscreteUniform(0, 5), F.Zipf(2)),
        (F.Delta(0.5), F.Poisson(1)),
    ],
    ids=repr,
)
def test_infinite_where_q_does_not_cover_p(p, q):
    assert kb.kl(p, q) == math.inf


def test_binomial_of_one_trial_is_bernoulli():
    pair = F.Binomial(1, 0.3), F.Binomial(1, 0.6)
    assert kb.kl(*pair) == kb.kl(F.Bernoulli(0.3), F.Bernoulli(0.6))
    assert kb.kl(F.Geometric(0.3), F.NegativeBinomial(1, 0.6)) == kb.kl(
        F.Geometric(0.3), F.Geometric(0.6)
    )


def test_float32_near_equality():
    p = F.Poisson(np.asarray(1e4, np.float32))
    q = F.Poisson(np.asarray(1e4 * (1 + 1e-5), np.float32))
    found = kb.kl(p, q)
    assert found.dtype == np.float32
    assert abs(float(found) / 4.9609808499592017e-7 - 1) < 1e-5  # of the two float32 rates


@pytest.mark.parametrize("family", [F.Poisson, F.Bernoulli, F.Geometric, F.LogSeries])
def test_never_negative_near_equality(family):
    a = np.linspace(0.05, 0.95, 60, dtype=np.float32)
    for step in (0, 1e-7, 1e-5, 1e-3):
        found = kb.kl(family(a), family(a * np.float32(1 + step)))
        assert np.all(found >= 0)
        assert np.all(found <= 20 * step**2 * 400 + 1e-12)


LAWS = {
    F.Bernoulli: [F.Bernoulli(0.3), F.Bernoulli(0.6)],
    F.Binomial: [F.Binomial(6, 0.3), F.Binomial(6, 0.6)],
    F.Poisson: [F.Poisson(1.5), F.Poisson(2.5)],
    F.Geometric: [F.Geometric(0.6), F.Geometric(0.3)],
    F.NegativeBinomial: [F.NegativeBinomial(2.5, 0.5), F.NegativeBinomial(2.5, 0.7)],
    F.DiscreteUniform: [F.DiscreteUniform(0, 5), F.DiscreteUniform(0, 9)],
    F.LogSeries: [F.LogSeries(0.4), F.LogSeries(0.6)],
}


@pytest.mark.parametrize("family", LAWS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("alpha", [0.3, 0.5, 2.0])
def test_renyi_by_enumeration(family, alpha):
    x = np.arange(1.0 if family is F.LogSeries else 0.0, 400.0)
    p, q = LAWS[family]
    log_p, log_q = p.log_density(x), q.log_density(x)
    some = np.isfinite(log_p) & np.isfinite(log_q)
    total = np.exp(alpha * log_p[some] + (1 - alpha) * log_q[some]).sum()
    assert abs(kb.renyi(p, q, alpha=alpha) - math.log(total) / (alpha - 1)) < 1e-12


def test_renyi_of_bernoulli_where_nothing_is_shared():
    assert kb.renyi(F.Bernoulli(1), F.Bernoulli(0), alpha=0.5) == math.inf
    assert kb.hellinger(F.Bernoulli(1), F.Bernoulli(0)) == 1
    assert kb.renyi(F.Poisson(2), F.Poisson(0), alpha=0.5) == pytest.approx(2.0)
    assert kb.chi2(F.Poisson(2), F.Poisson(0)) == math.inf


@pytest.mark.parametrize(
    "law",
    [F.Bernoulli(0.3), F.Binomial(8, 0.3), F.Geometric(0.3), F.DiscreteUniform(2, 7),
     F.Zipf(12), F.BetaBinomial(7, 2, 3), F.Delta(3)],
    ids=repr,
)  # fmt: skip
def test_entropy_by_enumeration(law):
    logs = law.log_density(np.arange(0.0, 2000.0))
    logs = logs[np.isfinite(logs)]
    assert abs(kb.entropy(law) + (np.exp(logs) * logs).sum()) < 1e-12


def test_batches_broadcast():
    found = kb.kl(F.Binomial(5, np.asarray([0.2, 0.5, 0.9])), F.Poisson(np.asarray([[1.0], [3.0]])))
    assert found.shape == (2, 3)
    for i, j in itertools.product(range(2), range(3)):
        alone = kb.kl(F.Binomial(5, [0.2, 0.5, 0.9][j]), F.Poisson([1, 3][i]))
        assert abs(found[i, j] - alone) < 1e-15


def test_gradients_agree_with_differences():
    import torch

    def of(make, a, b):
        return kb.kl(*make(a, b))

    h = 1e-6
    for make in (
        lambda a, b: (F.Bernoulli(a), F.Bernoulli(b)),
        lambda a, b: (F.Poisson(a), F.Poisson(b)),
        lambda a, b: (F.Geometric(a), F.Geometric(b)),
        lambda a, b: (F.Binomial(5, a), F.Poisson(b)),
        lambda a, b: (F.LogSeries(a), F.LogSeries(b)),
        lambda a, b: (F.Zipf(1 + a), F.Zipf(1 + b)),
    ):
        a, b = (torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (0.3, 0.4))
        of(make, a, b).backward()
        assert abs(float(a.grad) - (of(make, 0.3 + h, 0.4) - of(make, 0.3 - h, 0.4)) / 2 / h) < 1e-7
        assert abs(float(b.grad) - (of(make, 0.3, 0.4 + h) - of(make, 0.3, 0.4 - h)) / 2 / h) < 1e-7


def test_gradients_at_the_edge_are_finite():
    import torch

    a = torch.tensor([0.0, 1.0], requires_grad=True)
    kb.kl(F.Bernoulli(a), F.Bernoulli(torch.tensor([0.5, 0.5]))).sum().backward()
    assert bool(torch.isfinite(a.grad).all())
    rate = torch.tensor([0.0, 1.0], requires_grad=True)
    kb.kl(F.Poisson(torch.tensor([0.0, 0.0])), F.Poisson(rate)).sum().backward()
    assert bool(torch.isfinite(rate.grad).all())


def test_under_jit():
    from ..backends import wide_jax

    jax = wide_jax()
    value = jax.jit(jax.value_and_grad(lambda a: kb.kl(F.Poisson(a), F.Poisson(2.0))))(3.0)
    assert abs(float(value[0]) - 0.21639532432449279) < 1e-12
    assert abs(float(value[1]) - math.log(1.5)) < 1e-12
