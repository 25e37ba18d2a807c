"""A constrained step against the exact optimum of a softmax bandit, and what leaves it in place."""

import math

import numpy as np
import pytest
import torch
from scipy.optimize import brentq

import kullback as kb
from kullback import learn
from kullback.errors import InputTypeError, InvalidInputError

REWARD = torch.tensor([1.0, 0.2, -0.5, 0.7, 0.0], dtype=torch.float64)
START = torch.tensor([0.3, -0.2, 0.9, 0.0, -1.1], dtype=torch.float64)


def bandit(reward=REWARD, start=START):
    logits = start.clone().requires_grad_()
    old = start.clone()

    def maximise():
        return (logits.softmax(-1) * reward).sum()

    def kl():
        return kb.kl(kb.Logits(old), kb.Logits(logits))

    return logits, maximise, kl


def best_gain(delta):
    """Max E_π r with KL(π₀ ‖ π) = δ: π = λ π₀/(μ − r), by the Lagrangian."""
    p, r = START.softmax(-1).numpy(), REWARD.numpy()

    def law(mu):
        q = p / (mu - r)
        return q / q.sum()

    def excess(mu):
        return float(np.sum(p * np.log(p / law(mu)))) - delta

    mu = brentq(excess, r.max() + 1e-9, r.max() + 1e6, xtol=1e-14)
    return float(law(mu) @ r - p @ r)


@pytest.mark.parametrize(
    ("delta", "least"), [(0.1, 0.9), (0.01, 0.95), (0.001, 0.98), (1e-5, 0.99)]
)
def test_the_gain_tends_to_the_best_possible(delta, least):
    logits, maximise, kl = bandit()
    step = learn.constrain([logits], maximise, kl, delta)
    assert step.accepted
    assert 0.9 * delta < step.kl <= delta
    assert float(kl().detach()) == step.kl
    assert least < step.gain / best_gain(delta) <= 1 + 1e-9


def test_the_step_does_not_depend_on_the_coordinates():
    """θ = s u: a plain gradient step would change with s, the natural one does not."""
    laws = []
    for s in (1.0, 30.0):
        inner = (START / s).clone().requires_grad_()
        learn.constrain(
            [inner],
            lambda x=inner, s=s: ((s * x).softmax(-1) * REWARD).sum(),
            lambda x=inner, s=s: kb.kl(kb.Logits(START), kb.Logits(s * x)),
            0.01,
        )
        laws.append((s * inner).detach().softmax(-1))
    assert torch.allclose(*laws, atol=1e-4)


def test_it_moves_a_module():
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(3, 8), torch.nn.Tanh(), torch.nn.Linear(8, 4))
    x, action = torch.randn(64, 3), torch.randint(4, (64,))
    old = net(x).detach()

    def maximise():
        return torch.log_softmax(net(x), -1)[torch.arange(64), action].mean()

    def kl():
        return kb.kl(kb.Logits(old), kb.Logits(net(x))).mean()

    step = learn.constrain(net, maximise, kl, 0.01)
    assert step.accepted
    assert step.kl <= 0.01
    assert step.after > step.before
    assert float(maximise().detach()) == pytest.approx(step.after, abs=1e-6)


def test_nothing_moves_where_nothing_is_gained():
    logits, _, kl = bandit()
    step = learn.constrain([logits], lambda: 0 * logits.sum(), kl, 0.01)
    assert not step.accepted
    assert "gradient" in step.reason
    assert torch.equal(logits.detach(), START)

    def cliff():  # rises at the start, and is far lower at any distance
        value = (logits.softmax(-1) * REWARD).sum()
        return value if torch.equal(logits.detach(), START) else value - 10

    step = learn.constrain([logits], cliff, kl, 0.01)
    assert not step.accepted
    assert step.gain == 0
    assert torch.equal(logits.detach(), START)


def test_a_failure_on_the_way_puts_the_parameters_back():
    logits, maximise, kl = bandit()
    calls = []

    def fails():
        calls.append(1)
        if len(calls) > 2:
            raise RuntimeError("the simulator stopped")
        return maximise()

    with pytest.raises(RuntimeError, match="simulator"):
        learn.constrain([logits], fails, kl, 0.01)
    assert torch.equal(logits.detach(), START)


@pytest.mark.parametrize("delta", [0.0, -1.0, math.nan, math.inf])
def test_a_senseless_bound_is_refused(delta):
    logits, maximise, kl = bandit()
    with pytest.raises(InvalidInputError, match="delta"):
        learn.constrain([logits], maximise, kl, delta)


def test_what_cannot_be_stepped_on_is_refused_in_words():
    logits, maximise, kl = bandit()
    with pytest.raises(InvalidInputError, match="nan"):
        learn.constrain([logits], lambda: maximise() * math.nan, kl)
    with pytest.raises(InvalidInputError, match="no gradient"):
        learn.constrain([logits], lambda: torch.tensor(1.0), kl)
    with pytest.raises(InvalidInputError, match="must be 0"):
        learn.constrain([logits], maximise, lambda: kl() + 0.5)
    with pytest.raises(InvalidInputError, match="shape"):
        learn.constrain([logits], lambda: logits, kl)
    with pytest.raises(InvalidInputError, match="None of the parameters"):
        learn.constrain([START], maximise, kl)
    with pytest.raises(InputTypeError, match="no tensor"):
        learn.constrain([1.0], maximise, kl)
    assert torch.equal(logits.detach(), START)
