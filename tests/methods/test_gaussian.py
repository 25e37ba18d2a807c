"""Gaussian laws on vectors: every parametrisation, near equality, transport, gradients."""

import itertools
import math

import numpy as np
import pytest

import kullback as kb
from kullback.errors import KullbackError

from ..backends import wide_jax

F = kb.families
RNG = np.random.default_rng(7)


def covariance(d, seed):
    a = np.random.default_rng(seed).normal(size=(d, d))
    return a @ a.T + 0.5 * np.eye(d)


S, T = covariance(4, 1), covariance(4, 2)
MU, NU = np.asarray([0.1, -0.4, 0.3, 1.0]), np.asarray([0.5, 0.2, -0.3, 0.0])


def forms(mean, sigma):
    precision = np.linalg.inv(sigma)
    return {
        "covariance": F.MultivariateNormal(mean, sigma),
        "precision": F.MultivariateNormal(mean, precision=(precision + precision.T) / 2),
        "scale_tril": F.MultivariateNormal(mean, scale_tril=np.linalg.cholesky(sigma)),
    }


def textbook(p, q):
    a, b = p.dense() if callable(p.dense) else p.dense.covariance, None
    b = q.dense() if callable(q.dense) else q.dense.covariance
    m, step = np.linalg.solve(b, a), p.mean - q.mean
    far = step @ np.linalg.solve(b, step)
    return 0.5 * (np.trace(m) - len(a) - np.linalg.slogdet(m)[1] + far)


OTHERS = {
    "variances": F.MultivariateNormal(MU, variances=[1.0, 2.0, 3.0, 0.5]),
    "low rank": F.LowRankNormal(NU, S[:, :2], [1.0, 0.2, 0.3, 0.5]),
}


@pytest.mark.parametrize("p", (forms(MU, S) | OTHERS).items(), ids=lambda x: x[0])
@pytest.mark.parametrize("q", (forms(NU, T) | OTHERS).items(), ids=lambda x: x[0])
def test_every_combination_of_parametrisations(p, q):
    (_, p), (_, q) = p, q
    if p is q:
        assert kb.kl(p, q) == 0
    else:
        assert abs(kb.kl(p, q) / textbook(p, q) - 1) < 1e-12


def test_one_dimension_is_the_normal_law():
    p = F.MultivariateNormal([0.3], [[4.0]])
    q = F.MultivariateNormal([1.0], [[9.0]])
    assert abs(kb.kl(p, q) - kb.kl(F.Normal(0.3, 2), F.Normal(1, 3))) < 1e-15
    assert abs(kb.entropy(p) - kb.entropy(F.Normal(0.3, 2))) < 1e-15
    assert abs(
        kb.renyi(p, q, alpha=0.7) - kb.renyi(F.Normal(0.3, 2), F.Normal(1, 3), alpha=0.7)
    ) < (1e-15)


@pytest.mark.parametrize("kind", ["covariance", "precision", "scale_tril"])
@pytest.mark.parametrize("step", [1e-3, 1e-6, 1e-9])
def test_near_equality_keeps_its_digits(kind, step):
    d = 4
    p, q = F.MultivariateNormal(**{kind: np.eye(d)}), (1 + step) * np.eye(d)
    scale = {"covariance": 1, "precision": -1, "scale_tril": 2}[kind] * math.log1p(step)
    truth = 0.5 * d * math.fsum((-scale) ** k / math.factorial(k) for k in range(2, 12))
    found = kb.kl(p, F.MultivariateNormal(**{kind: q}))
    rounded = 1e-15 / step  # what 1 + step loses
    assert abs(found / truth - 1) < 1e-12 + rounded


@pytest.mark.parametrize("step", [0, 1e-6, 1e-5, 1e-3])
def test_float32_near_equality(step):
    a = covariance(20, 3).astype(np.float32)
    b = (a * np.float32(1 + step)).astype(np.float32)
    found = kb.kl(F.MultivariateNormal(covariance=a), F.MultivariateNormal(covariance=b))
    assert found.dtype == np.float32
    assert found >= 0
    wide = [F.MultivariateNormal(covariance=x.astype(np.float64)) for x in (a, b)]
    assert abs(float(found) - kb.kl(*wide)) <= 1e-3 * kb.kl(*wide)


def test_batches_broadcast_and_mix_near_with_far():
    stack = np.stack([S, S * (1 + 1e-9), T])
    found = kb.kl(F.MultivariateNormal(covariance=S), F.MultivariateNormal(covariance=stack))
    assert found.shape == (3,)
    for i, value in enumerate(found):
        alone = kb.kl(F.MultivariateNormal(covariance=S), F.MultivariateNormal(covariance=stack[i]))
        assert abs(value - alone) <= 1e-12 * alone


def test_near_singular_is_stable():
    c = 1 - 1e-9
    p = F.MultivariateNormal(covariance=[[1, c], [c, 1]])
    q = F.MultivariateNormal(covariance=[[2, 2 * c], [2 * c, 2]])
    assert abs(kb.kl(p, q) - (math.log(2) - 0.5)) < 1e-6


@pytest.mark.parametrize("alpha", [0.2, 0.5, 0.9, 1.5])
def test_renyi_is_the_formula(alpha):
    p, q = F.MultivariateNormal(MU, S), F.MultivariateNormal(NU, S + np.eye(4))
    mixed, step = alpha * q.covariance + (1 - alpha) * p.covariance, MU - NU
    logs = [np.linalg.slogdet(x)[1] for x in (mixed, p.covariance, q.covariance)]
    wanted = (
        0.5 * alpha * step @ np.linalg.solve(mixed, step)
        - (logs[0] - (1 - alpha) * logs[1] - alpha * logs[2]) / (2 * (alpha - 1)) * 1.0
    )
    assert abs(kb.renyi(p, q, alpha=alpha) - wanted) < 1e-11


def test_renyi_diverges_where_the_mixture_is_not_positive():
    p, q = (
        F.MultivariateNormal(covariance=4 * np.eye(2)),
        F.MultivariateNormal(covariance=np.eye(2)),
    )
    assert kb.renyi(p, q, alpha=2) == math.inf
    assert math.isfinite(kb.renyi(p, q, alpha=1.2))


def test_wasserstein_is_bures():
    p, q = F.MultivariateNormal(MU, S), F.MultivariateNormal(NU, T)
    values, vectors = np.linalg.eigh(T)
    root = vectors * np.sqrt(values) @ vectors.T
    cross = np.sqrt(np.linalg.eigvalsh(root @ S @ root)).sum()
    wanted = math.sqrt((MU - NU) @ (MU - NU) + np.trace(S + T) - 2 * cross)
    assert abs(kb.wasserstein(p, q, order=2) - wanted) < 1e-12
    near = F.MultivariateNormal(MU, S * (1 + 1e-6) ** 2)
    assert abs(kb.wasserstein(p, near, order=2) / (1e-6 * math.sqrt(np.trace(S))) - 1) < 1e-9


def test_high_dimension_with_low_rank():
    d = 20_000
    f = RNG.normal(size=(d, 3)) / 50
    p = F.LowRankNormal(np.zeros(d), f, np.ones(d))
    q = F.MultivariateNormal(np.zeros(d), variances=np.ones(d))
    inner = f.T @ f
    wanted = 0.5 * (np.trace(inner) - np.linalg.slogdet(np.eye(3) + inner)[1])
    assert abs(kb.kl(p, q) / wanted - 1) < 1e-10


def test_gradients_are_the_textbook_ones():
    import torch

    a, b, m, n = (torch.tensor(x, requires_grad=True) for x in (S, T, MU, NU))
    kb.kl(F.MultivariateNormal(m, a), F.MultivariateNormal(n, b)).backward()
    inverse_a, inverse_b, step = np.linalg.inv(S), np.linalg.inv(T), MU - NU
    np.testing.assert_allclose(a.grad, 0.5 * (inverse_b - inverse_a), atol=1e-10)
    outer = S + np.outer(step, step)
    wanted = 0.5 * (inverse_b - inverse_b @ outer @ inverse_b)
    np.testing.assert_allclose(b.grad, wanted, atol=1e-10)
    np.testing.assert_allclose(m.grad, inverse_b @ step, atol=1e-12)


def test_gradients_at_equality_are_zero_and_finite():
    import torch

    a, fixed, other = torch.tensor(S, requires_grad=True), torch.tensor(S), torch.tensor(T)
    kb.kl(F.MultivariateNormal(covariance=a), F.MultivariateNormal(covariance=fixed)).backward()
    assert float(a.grad.abs().max()) < 1e-12
    b = torch.tensor(S, requires_grad=True)
    kb.wasserstein(
        F.MultivariateNormal(covariance=b), F.MultivariateNormal(covariance=other), order=2
    ).backward()
    assert bool(torch.isfinite(b.grad).all())


def test_jax_under_jit_and_grad():
    jax = wide_jax()

    def value(a, b):
        return kb.kl(F.MultivariateNormal(covariance=a), F.MultivariateNormal(covariance=b))

    a, b = jax.numpy.asarray(S), jax.numpy.asarray(T)
    truth = kb.kl(F.MultivariateNormal(covariance=S), F.MultivariateNormal(covariance=T))
    assert abs(float(jax.jit(value)(a, b)) - truth) < 1e-12
    slope = jax.jit(jax.grad(value))(a, b)
    np.testing.assert_allclose(slope, 0.5 * (np.linalg.inv(T) - np.linalg.inv(S)), atol=1e-10)


def test_different_dimensions_are_refused():
    p, q = F.MultivariateNormal(variances=[1, 1]), F.MultivariateNormal(variances=[1, 1, 1])
    with pytest.raises((KullbackError, ValueError)):
        kb.kl(p, q)


def test_agrees_with_torch_on_a_batch():
    import torch
    from torch.distributions import MultivariateNormal, kl_divergence

    stack = [np.stack([covariance(5, s) for s in seeds]) for seeds in ((1, 2, 3), (4, 5, 6))]
    zero = torch.zeros(5, dtype=torch.float64)
    peers = [MultivariateNormal(zero, torch.tensor(x)) for x in stack]
    ours = [F.MultivariateNormal(covariance=torch.tensor(x)) for x in stack]
    np.testing.assert_allclose(kb.kl(*ours), kl_divergence(*peers), rtol=1e-12)


def test_identity_of_cross_entropy():
    for p, q in itertools.product(forms(MU, S).values(), forms(NU, T).values()):
        assert abs(kb.cross_entropy(p, q) - kb.entropy(p) - kb.kl(p, q)) < 1e-12
