"""torch's transformations, half precision and no-grad use."""

import numpy as np
import pytest
import torch

import kullback as kb

from ..backends import numbers, relative_error
from .calls import ask_of
from .slopes import SLOPES, softmax, through_softmax

RNG = np.random.default_rng(41)
P, Q = RNG.dirichlet(np.ones(5), 3), RNG.dirichlet(np.ones(5), 3)
A, B = 2 * RNG.normal(size=(2, 3, 5))
OF = [kb.KL(), kb.JensenShannon(), kb.TotalVariation(), kb.ChiSquare(), kb.CrossEntropy()]


@pytest.mark.parametrize("form", [kb.Probs, kb.Logits])
@pytest.mark.parametrize("of", OF, ids=repr)
def test_vmap_and_grad(of, form, engine):
    rows = (P, Q) if form is kb.Probs else (A, B)
    p, q = map(torch.tensor, rows)
    ask = ask_of(of, form)
    assert relative_error(torch.func.vmap(ask)(p, q), ask(*rows)) < 1e-12
    got = torch.func.vmap(torch.func.grad(ask))(p, q)
    x, y = (P, Q) if form is kb.Probs else (softmax(A), softmax(B))
    truth = SLOPES[of][0](x, y)
    truth = truth if form is kb.Probs else through_softmax(truth, x)
    assert np.max(np.abs(numbers(got) - truth)) < 1e-11


@pytest.mark.filterwarnings("ignore:`torch.jit:DeprecationWarning")
def test_per_row_jacobian(engine):
    p, q = torch.tensor(P), torch.tensor(Q)
    got = torch.func.jacrev(kb.kl)(p, q)
    assert got.shape == (3, 3, 5)
    assert relative_error(torch.einsum("iij->ij", got), np.log(P / Q)) < 1e-11
    assert relative_error(torch.func.jacfwd(kb.kl)(p, q), got) < 1e-11


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_compile():
    p, q = torch.tensor(P, requires_grad=True), torch.tensor(Q)
    run = torch.compile(
        lambda p, q: kb.kl(p, q).sum() + kb.kl(kb.Logits(p), kb.Logits(q)).sum(), backend="eager"
    )
    value = run(p, q)
    assert (
        relative_error(value.detach(), kb.kl(P, Q).sum() + kb.kl(kb.Logits(P), kb.Logits(Q)).sum())
        < 1e-12
    )
    value.backward()
    x, y = softmax(P), softmax(Q)
    truth = np.log(P / Q) + through_softmax(np.log(x / y), x)
    assert np.max(np.abs(numbers(p.grad) - truth)) < 1e-11


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("of", [kb.KL(), kb.JensenShannon(), kb.CrossEntropy()], ids=repr)
def test_half_precision_logits(of, dtype, engine):
    """Values are those of the rounded numbers; gradients come back in the dtype they belong to."""
    a, b = (torch.tensor(x).to(dtype).requires_grad_() for x in (A, B))
    wide = [numbers(x) for x in (a, b)]
    value = ask_of(of, kb.Logits)(a, b)
    assert value.dtype == torch.float32
    assert relative_error(value.detach(), ask_of(of, kb.Logits)(*wide)) < 1e-5
    found = torch.autograd.grad(value.sum(), [a, b])
    p, q = map(softmax, wide)
    for got, slope, x in zip(found, SLOPES[of], (p, q), strict=True):
        assert got.dtype == dtype
        truth = through_softmax(slope(p, q), x)
        assert np.max(np.abs(numbers(got) - truth)) < torch.finfo(dtype).eps * max(
            1, np.max(np.abs(truth))
        )


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_probabilities(dtype, engine):
    """Σ p log p/q − p + q of the rounded numbers, whatever their sums."""
    p, q = (torch.tensor(x).to(dtype).requires_grad_() for x in (P, Q))
    x, y = (numbers(t).astype(np.longdouble) for t in (p, q))
    m = (x + y) / 2
    for ask, truth in (
        (kb.kl, (x * np.log(x / y) - x + y).sum(-1)),
        (kb.js, ((x * np.log(x / m) + y * np.log(y / m)) / 2).sum(-1)),
        (kb.tv, abs(x - y).sum(-1) / 2),
        (kb.chi2, ((x - y) ** 2 / y).sum(-1)),
        (kb.cross_entropy, -(x * np.log(y)).sum(-1)),
    ):
        value = ask(p, q)
        assert value.dtype == torch.float32
        assert relative_error(value.detach(), truth) < 1e-5
    (slope,) = torch.autograd.grad(kb.kl(p, q).sum(), p)
    assert slope.dtype == dtype
    assert np.max(np.abs(numbers(slope) - np.float64(np.log(x / y)))) < 8 * torch.finfo(dtype).eps


def test_without_gradients_no_graph_is_kept(engine):
    p, q = torch.tensor(P, requires_grad=True), torch.tensor(Q)
    with torch.no_grad():
        assert not kb.kl(p, q).requires_grad
        assert not kb.kl(kb.Logits(p), kb.Logits(q)).requires_grad
    assert kb.kl(p, q).requires_grad
    assert not kb.kl(p.detach(), q).requires_grad


def test_gradients_accumulate_and_scale(engine):
    p, q = torch.tensor(P), torch.tensor(Q, requires_grad=True)
    loss = kb.kl(p, q)
    (2 * loss).sum().backward(retain_graph=True)
    loss.mean().backward()
    assert relative_error(q.grad, (2 + 1 / 3) * (1 - P / Q)) < 1e-12


def test_a_step_downhill_is_a_step_closer(engine):
    """Direction, not only size: descending ∂b brings q to p."""
    target, b = kb.Logits(torch.tensor(A)), torch.tensor(B, requires_grad=True)
    for _ in range(200):
        loss = kb.kl(target, kb.Logits(b))
        (slope,) = torch.autograd.grad(loss.sum(), b)
        b = (b - slope).detach().requires_grad_()
    assert torch.all(kb.kl(target, kb.Logits(b)) < 1e-2)
