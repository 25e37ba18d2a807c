"""Relative entropy rates: against long paths, and against Gaussian laws of long stretches."""

import math

import numpy as np
import pytest

import kullback as kb
from kullback.errors import InvalidInputError, ShapeError

from ..backends import wide_jax

F = kb.families
P = np.asarray([[0.9, 0.1, 0.0], [0.2, 0.7, 0.1], [0.3, 0.3, 0.4]])
Q = np.asarray([[0.8, 0.1, 0.1], [0.3, 0.3, 0.4], [0.2, 0.2, 0.6]])


def test_rate_is_that_of_long_paths():
    start = np.ones(3) / 3
    totals = []
    p = q = start
    for _ in range(10):
        p = (p[:, None] * np.tile(P, (p.size // 3, 1))).ravel()
        q = (q[:, None] * np.tile(Q, (q.size // 3, 1))).ravel()
        totals.append(kb.kl(p, q))
    rate = kb.kl(F.MarkovChain(P), F.MarkovChain(Q))
    steps = np.diff(totals)
    assert abs(steps[-1] - rate) < abs(steps[0] - rate)
    assert abs(steps[-1] / rate - 1) < 0.05
    law = np.linalg.matrix_power(P, 500)[0]
    rows = np.asarray([kb.kl(P[i], Q[i]) for i in range(3)])
    assert abs(rate - law @ rows) < 1e-13


def test_states_that_are_left_for_good_do_not_count():
    p = [[0.5, 0.5, 0.0], [0.0, 0.5, 0.5], [0.0, 0.5, 0.5]]
    q = [[1.0, 0.0, 0.0], [0.0, 0.4, 0.6], [0.0, 0.5, 0.5]]
    found = kb.kl(F.MarkovChain(p), F.MarkovChain(q))
    assert abs(found - 0.5 * kb.kl([0.5, 0.5], [0.4, 0.6])) < 1e-15


def test_a_transition_that_q_lacks_is_infinite():
    q = [[1.0, 0.0, 0.0], [0.3, 0.3, 0.4], [0.2, 0.2, 0.6]]
    assert kb.kl(F.MarkovChain(P), F.MarkovChain(q)) == math.inf


def test_several_closed_classes_are_named():
    p = [[1.0, 0.0, 0.0], [0.0, 0.5, 0.5], [0.0, 0.5, 0.5]]
    with pytest.raises(InvalidInputError, match=r"2 closed classes of states, \{0\} and \{1, 2\}"):
        kb.kl(F.MarkovChain(p), F.MarkovChain(Q))
    assert math.isfinite(kb.kl(F.MarkovChain(Q), F.MarkovChain(Q * 0.5 + np.ones((3, 3)) / 6)))


def test_entropy_rate_and_batches():
    chain = [[0.9, 0.1], [0.1, 0.9]]
    assert abs(kb.entropy(F.MarkovChain(chain)) - kb.entropy([0.9, 0.1])) < 1e-15
    found = kb.kl(F.MarkovChain(np.stack([P, Q])), F.MarkovChain(Q))
    assert found.shape == (2,)
    assert found[1] == 0


def test_paths_are_drawn():
    chain = F.MarkovChain(P, [1.0, 0.0, 0.0])
    paths = chain.draw(np.random.default_rng(0), 2000, steps=30)
    assert paths.shape == (2000, 30)
    assert np.all(paths[:, 0] == 0)
    wanted = np.linalg.matrix_power(P, 29)[0]
    np.testing.assert_allclose(np.bincount(paths[:, -1].astype(int)) / 2000, wanted, atol=0.04)
    with pytest.raises(InvalidInputError, match="give initial"):
        F.MarkovChain(P).draw(np.random.default_rng(0), 2)


def stretch(coefficients, scale, n):
    from kullback.methods.formulas.processes import autocovariances

    lags = autocovariances(F.AutoRegression(coefficients, scale), n)
    return np.asarray([[float(lags[abs(i - j)]) for j in range(n)] for i in range(n)])


@pytest.mark.parametrize(
    ("a", "s", "b", "t"),
    [
        ([0.5, 0.3], 2.0, [0.4], 1.5),
        ([1.2, -0.5, 0.1], 1.0, [0.3, 0.2], 2.0),
        ([0.9], 1.0, [0.2, 0.1, 0.3], 0.5),
    ],
)
def test_auto_regression_against_long_stretches(a, s, b, t):
    of = [
        kb.kl(
            F.MultivariateNormal(covariance=stretch(a, s, n)),
            F.MultivariateNormal(covariance=stretch(b, t, n)),
        )
        for n in (30, 31)
    ]
    assert abs(kb.kl(F.AutoRegression(a, s), F.AutoRegression(b, t)) - (of[1] - of[0])) < 1e-10


def test_auto_regression_of_order_one():
    found = kb.kl(F.AutoRegression([0.5], 1), F.AutoRegression([0.0], 1))
    assert abs(found - 0.5 * 0.25 / 0.75) < 1e-15
    drawn = F.AutoRegression([0.5], 1).draw(np.random.default_rng(0), 2000, steps=2)
    assert abs(drawn[:, -1].var() - 1 / 0.75) < 0.15


def test_a_process_that_is_not_stationary_is_refused():
    with pytest.raises(InvalidInputError, match=r"largest root has modulus 1.02"):
        kb.kl(F.AutoRegression([1.02], 1), F.AutoRegression([0.5], 1))
    assert kb.kl(F.AutoRegression([0.5], 1), F.AutoRegression([1.02], 1)) > 0


def kernel(a, b):
    return np.exp(-np.abs(a - b))


def test_gaussian_process_is_a_normal_law_at_the_inputs():
    x = np.asarray([0.0, 0.5, 2.0])
    p = F.gaussian_process(lambda x: 0 * x, kernel, x)
    q = F.gaussian_process(None, lambda a, b: 2 * kernel(a, b), x, noise=0.1)
    dense = kernel(x[:, None], x[None])
    wanted = kb.kl(
        F.MultivariateNormal(covariance=dense),
        F.MultivariateNormal(covariance=2 * dense + 0.1 * np.eye(3)),
    )
    assert abs(kb.kl(p, q) - wanted) < 1e-15


def test_no_jitter_is_added():
    with pytest.raises(InvalidInputError, match="smallest eigenvalue"):
        F.gaussian_process(None, kernel, [1.0, 1.0])
    with pytest.raises(InvalidInputError, match="must not be negative"):
        F.gaussian_process(None, kernel, [1.0, 2.0], noise=-1.0)
    with pytest.raises(ShapeError, match=r"returned shape \(2, 1\)"):
        F.gaussian_process(None, lambda a, b: a, [1.0, 2.0])


def test_gradients_in_torch_and_jax():
    import torch

    jax = wide_jax()

    def value(xp, t):
        p, q = xp.asarray(P), xp.asarray(Q)
        return kb.kl(F.MarkovChain(p * (1 - t) + q * t), F.MarkovChain(q))

    t = torch.tensor(0.1, dtype=torch.float64, requires_grad=True)
    value(torch, t).backward()
    slope = (float(value(np, 0.1 + 1e-6)) - float(value(np, 0.1 - 1e-6))) / 2e-6
    assert abs(float(t.grad) - slope) < 1e-7
    assert abs(float(jax.jit(jax.grad(lambda u: value(jax.numpy, u)))(0.1)) - slope) < 1e-7

    a = torch.tensor([0.5, 0.3], dtype=torch.float64, requires_grad=True)
    kb.kl(F.AutoRegression(a, 1.0), F.AutoRegression([0.2], 2.0)).backward()
    assert bool(torch.isfinite(a.grad).all())
