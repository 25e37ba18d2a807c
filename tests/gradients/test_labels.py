"""The classification loss: that of torch, in value and gradient."""

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import kullback as kb

from ..backends import numbers, relative_error

GENERATOR = torch.Generator().manual_seed(2)
Z = 3 * torch.randn(6, 11, dtype=torch.float64, generator=GENERATOR)
Y = torch.tensor([3, 0, 10, -100, 5, 5])


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float64, 1e-12), (torch.float32, 1e-5)])
def test_it_is_torchs(dtype, tolerance, engine):
    ours, theirs = (Z.clone().to(dtype).requires_grad_() for _ in range(2))
    weights = torch.arange(1.0, 7.0, dtype=dtype)
    loss = kb.cross_entropy(kb.Labels(Y, ignore_index=-100), kb.Logits(ours))
    truth = F.cross_entropy(theirs.double(), Y, reduction="none")
    assert loss.dtype == dtype
    assert relative_error(loss.detach(), truth.detach()) < tolerance
    (loss * weights).sum().backward()
    (truth * weights).sum().backward()
    assert np.max(np.abs(numbers(ours.grad) - numbers(theirs.grad))) < tolerance
    assert loss[3] == 0
    assert torch.all(ours.grad[3] == 0)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision(dtype, engine):
    z = Z.clone().to(dtype).requires_grad_()
    loss = kb.cross_entropy(kb.Labels(Y, ignore_index=-100), kb.Logits(z))
    assert loss.dtype == torch.float32
    rounded = z.detach().double().clone().requires_grad_()
    truth = F.cross_entropy(rounded, Y, reduction="none")
    assert relative_error(loss.detach(), truth.detach()) < 1e-5
    loss.sum().backward()
    truth.sum().backward()
    assert z.grad.dtype == dtype
    assert np.max(np.abs(numbers(z.grad) - numbers(rounded.grad))) < torch.finfo(dtype).eps


@pytest.mark.parametrize("kind", [torch.int64, torch.int32, torch.uint8])
def test_labels_of_any_integer(kind, engine):
    y = torch.tensor([3, 0, 10], dtype=kind)
    got = kb.cross_entropy(kb.Labels(y), kb.Logits(Z[:3]))
    assert relative_error(got, F.cross_entropy(Z[:3], y.long(), reduction="none")) < 1e-12


def test_batches_of_any_shape(engine):
    z, y = Z[:4].reshape(2, 2, 11), torch.tensor([[1, 2], [3, 4]])
    truth = F.cross_entropy(Z[:4], y.ravel(), reduction="none").reshape(2, 2)
    assert relative_error(kb.cross_entropy(kb.Labels(y), kb.Logits(z)), truth) < 1e-12
    moved = z.movedim(-1, 0)
    assert relative_error(kb.cross_entropy(kb.Labels(y), kb.Logits(moved), axis=0), truth) < 1e-12
    one = kb.cross_entropy(kb.Labels(torch.tensor(7)), kb.Logits(Z[0]))
    assert relative_error(one, F.cross_entropy(Z[0], torch.tensor(7))) < 1e-12


def test_a_masked_class(engine):
    z = Z.clone()
    z[:, 4] = -torch.inf
    z.requires_grad_()
    loss = kb.cross_entropy(kb.Labels(Y, ignore_index=-100), kb.Logits(z))
    loss.sum().backward()
    assert torch.all(z.grad[:, 4] == 0)
    assert not z.grad.isnan().any()
    wrong = kb.cross_entropy(kb.Labels(torch.full((6,), 4)), kb.Logits(z))
    assert torch.all(wrong == torch.inf)


def test_kl_from_labels_is_the_same_loss(engine):
    """Labels have no entropy."""
    y = kb.Labels(Y, ignore_index=-100)
    assert relative_error(kb.kl(y, kb.Logits(Z)), kb.cross_entropy(y, kb.Logits(Z))) < 1e-14


def test_numpy_and_jax(jax, engine):
    kept = Y != -100
    truth = F.cross_entropy(Z, Y, reduction="none").numpy()
    labels, logits = Y.numpy(), Z.numpy()
    assert (
        relative_error(
            kb.cross_entropy(kb.Labels(labels, ignore_index=-100), kb.Logits(logits)), truth
        )
        < 1e-12
    )

    def loss(z):
        return kb.cross_entropy(
            kb.Labels(jax.numpy.asarray(labels), ignore_index=-100), kb.Logits(z)
        )

    z = jax.numpy.asarray(logits)
    assert relative_error(loss(z), truth) < 1e-12
    slope = jax.grad(lambda z: loss(z).sum())(z)
    hot = np.eye(11)[np.where(kept, labels, 0)]
    assert (
        np.max(np.abs(numbers(slope) - kept.numpy()[:, None] * (Z.softmax(-1).numpy() - hot)))
        < 1e-13
    )


@pytest.mark.parametrize("other", [kb.Probs, kb.Logits])
def test_other_questions_take_labels_too(other, engine):
    y = np.array([1, 2, -1])
    rows = np.array([[0.2, 0.3, 0.5], [0.1, 0.1, 0.8], [0.25, 0.25, 0.5]])
    q = other(rows if other is kb.Probs else np.log(rows))
    seen = np.array([0.3, 0.8])
    assert relative_error(kb.tv(kb.Labels(y, ignore_index=-1), q), [*(1 - seen), 0]) < 1e-14
    assert relative_error(kb.kl(kb.Labels(y, ignore_index=-1), q), [*-np.log(seen), 0]) < 1e-14
    half = (1 + seen) / 2
    js = (-np.log(half) + seen * np.log(seen / half) + (1 - seen) * np.log(2)) / 2
    assert relative_error(kb.js(kb.Labels(y, ignore_index=-1), q), [*js, 0]) < 1e-14
    assert np.all(kb.kl(q, kb.Labels([0, 0, 0])) == np.inf)
    assert np.array_equal(kb.entropy(kb.Labels(y)), [0, 0, 0])
