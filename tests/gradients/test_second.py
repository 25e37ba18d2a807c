"""Second derivatives: by finite differences, and by the formulas natural gradients rest on."""

import numpy as np
import pytest
import torch
from torch.autograd import gradcheck, gradgradcheck

import kullback as kb

from ..backends import relative_error
from .calls import ask_of
from .slopes import softmax

RNG = np.random.default_rng(31)
P, Q = RNG.dirichlet(np.full(4, 4.0), 2), RNG.dirichlet(np.full(4, 4.0), 2)
A, B = RNG.normal(size=(2, 2, 4))
ROWS = {kb.Probs: (P, Q), kb.Logits: (A, B), kb.LogProbs: (np.log(P[0]), np.log(Q[0]))}
OF = [
    kb.KL(),
    kb.JensenShannon(),
    kb.JensenShannon((0.3, 0.7)),
    kb.Jeffreys(),
    kb.ChiSquare(),
    kb.Hellinger(),
    kb.Renyi(0.5),
    kb.Renyi(2.0),
    kb.Alpha(-1.0),
    kb.Tsallis(0.4),
    kb.CrossEntropy(),
]
SMALL = {"eps": 4e-7, "atol": 1e-6, "rtol": 1e-5}
"""Steps that keep within 1e-6 of the sum 1."""


def leaves(*rows):
    return [torch.tensor(x, requires_grad=True) for x in rows]


@pytest.mark.parametrize(
    ("of", "form"),
    [*((of, form) for of in OF for form in (kb.Probs, kb.Logits)), (kb.KL(), kb.LogProbs)],
    ids=lambda x: x.__name__ if isinstance(x, type) else repr(x),
)
def test_gradcheck_and_gradgradcheck(of, form, engine):
    ask, inputs = ask_of(of, form), leaves(*ROWS[form])
    assert gradcheck(ask, inputs, **SMALL)
    assert gradgradcheck(ask, inputs, **SMALL)


@pytest.mark.parametrize("form", [kb.Probs, kb.Logits])
def test_entropy(form, engine):
    inputs = leaves(ROWS[form][0])
    assert gradcheck(lambda x: kb.entropy(form(x)), inputs, **SMALL)
    assert gradgradcheck(lambda x: kb.entropy(form(x)), inputs, **SMALL)


def test_labels(engine):
    labels = kb.Labels(torch.tensor([2, -1]), ignore_index=-1)
    inputs = leaves(A)
    assert gradcheck(lambda z: kb.cross_entropy(labels, kb.Logits(z)), inputs, **SMALL)
    assert gradgradcheck(lambda z: kb.cross_entropy(labels, kb.Logits(z)), inputs, **SMALL)


def test_one_tensor_on_both_sides(engine):
    """Derivatives add up once, also under create_graph."""
    for ask in (
        kb.entropy,
        lambda p: kb.cross_entropy(p, p),
        lambda p: kb.kl(p, p),
        lambda p: kb.kl(p, (p + 0.25) / 2),
    ):
        (p,) = leaves(P[0])
        (plain,) = torch.autograd.grad(ask(p), p)
        (graphed,) = torch.autograd.grad(ask(p), p, create_graph=True)
        assert torch.allclose(plain, graphed, rtol=1e-12, atol=1e-12)
    for ask in (
        lambda z: kb.kl(kb.Logits(z), kb.Logits(z)),
        lambda z: kb.cross_entropy(kb.Logits(z), kb.Logits(2 * z)),
        lambda z: kb.entropy(kb.Logits(z)),
    ):
        (z,) = leaves(A[0])
        (plain,) = torch.autograd.grad(ask(z), z)
        (graphed,) = torch.autograd.grad(ask(z), z, create_graph=True)
        assert torch.allclose(plain, graphed, rtol=1e-12, atol=1e-12)


def test_the_hessian_in_logits_is_the_fisher_matrix(engine):
    """∂²b KL(a ‖ b) = diag(q) − q qᵀ."""
    a, b = map(torch.tensor, (A[0], B[0]))
    got = torch.autograd.functional.hessian(lambda b: kb.kl(kb.Logits(a), kb.Logits(b)), b)
    q = softmax(B[0])
    assert np.max(np.abs(got.numpy() - (np.diag(q) - np.outer(q, q)))) < 1e-14


def test_the_hessian_in_probabilities(engine):
    p, q = map(torch.tensor, (P[0], Q[0]))
    by_p = torch.autograd.functional.hessian(lambda p: kb.kl(p, q), p)
    by_q = torch.autograd.functional.hessian(lambda q: kb.kl(p, q), q)
    assert np.max(np.abs(by_p.numpy() - np.diag(1 / P[0]))) < 1e-11
    assert np.max(np.abs(by_q.numpy() - np.diag(P[0] / Q[0] ** 2))) < 1e-11


@pytest.mark.parametrize("by", [0.0, 1e-9, 1e-3])
def test_the_hessian_near_equality(by, engine):
    """All smooth divergences look alike from close by: f″(1) diag(1/p)."""
    q = torch.tensor(Q[0])
    p = torch.tensor(Q[0] + by * np.array([1.0, -1.0, 1.0, -1.0]) * min(Q[0]))
    for ask, curvature in (
        (kb.kl, 1.0),
        (kb.js, 0.25),
        (kb.chi2, 2.0),
        (lambda p, q: kb.alpha_divergence(p, q, alpha=-0.5), 1.0),
        (lambda p, q: kb.f_divergence(p, q, f=lambda t: (t - 1) ** 2), 2.0),
    ):
        got = torch.autograd.functional.hessian(lambda p, ask=ask: ask(p, q), p)
        assert relative_error(np.diag(got.numpy()), curvature / Q[0]) < 1e-13 + 8 * by
        assert np.all(got.numpy()[~np.eye(4, dtype=bool)] == 0)


def test_zeros_stay_free_of_nan(engine):
    p, q = leaves([0.0, 0.25, 0.75, 0.0], [0.25, 0.25, 0.5, 0.0])
    for ask in (kb.kl, kb.js, kb.tv, kb.chi2, kb.cross_entropy):
        slopes = torch.autograd.grad(ask(p, q), [p, q], create_graph=True)
        twice = torch.autograd.grad(
            slopes[0].sum() + slopes[1].sum(), [p, q], allow_unused=True, materialize_grads=True
        )
        assert not any(torch.isnan(x).any() for x in twice)


def test_masks_stay_free_of_nan(engine):
    low = -np.inf
    a, b = leaves([low, 0.25, 0.75, 1.0], [low, 0.25, 0.5, 0.0])
    for ask in (kb.kl, kb.js, kb.cross_entropy):
        slopes = torch.autograd.grad(ask(kb.Logits(a), kb.Logits(b)), [a, b], create_graph=True)
        twice = torch.autograd.grad((slopes[0] ** 2).sum() + (slopes[1] ** 2).sum(), [a, b])
        assert not any(torch.isnan(x).any() for x in twice)
        assert all(x[0] == 0 for x in (*slopes, *twice))
