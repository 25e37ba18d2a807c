"""The number of threads changes the time, never a bit of the answer."""

import numpy as np
import pytest

import kullback as kb

RNG = np.random.default_rng(3)
SHAPES = [(200_000,), (2, 70_000), (900, 120), (40, 3_000)]
ASK = {
    "kl": kb.kl,
    "js": kb.js,
    "js 0.3": lambda p, q, **o: kb.js(p, q, weights=(0.3, 0.7), **o),
    "chi2": kb.chi2,
    "renyi": lambda p, q, **o: kb.renyi(p, q, alpha=0.7, **o),
    "cross-entropy": kb.cross_entropy,
    "kl of logits": lambda p, q, **o: kb.kl(kb.Logits(p), kb.Logits(q), **o),
    "js of logits": lambda p, q, **o: kb.js(kb.Logits(p), kb.Logits(q), **o),
}


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_bit_for_bit(shape, dtype):
    p, q = (RNG.random(shape) ** 4 for _ in range(2))
    p, q = ((x / x.sum(-1, keepdims=True)).astype(dtype) for x in (p, q))
    for name, ask in ASK.items():
        once = ask(p, q, threads=1)
        assert np.all(once > 0), name
        for threads in (2, 3, None):
            assert np.array_equal(ask(p, q, threads=threads), once), (name, threads)


def test_errors_name_the_first_row_whatever_finishes_first():
    p = np.full((5_000, 40), 1 / 40)
    bad = p.copy()
    bad[[17, 4_321], 3] = 2
    for threads in (1, 2, 4):
        with pytest.raises(kb.NotNormalisedError, match=r"row \[17\] of p"):
            kb.kl(bad, p, threads=threads)


def test_labels_and_gradients_too():
    import torch

    z = torch.randn(64, 5_000, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    y = torch.arange(64)
    found = []
    for threads in (1, 2):
        logits = z.clone().requires_grad_()
        loss = kb.cross_entropy(kb.Labels(y), kb.Logits(logits), threads=threads)
        loss.sum().backward()
        far = kb.kl(kb.Logits(logits), kb.Logits(z.flip(0)), threads=threads)
        (slope,) = torch.autograd.grad(far.sum(), logits)
        found.append((loss, logits.grad, far, slope))
    for one, two in zip(*found, strict=True):
        assert torch.equal(one, two)
