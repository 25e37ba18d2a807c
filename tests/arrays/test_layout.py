"""Wherever the numbers lie in memory, the answer is the same."""

import numpy as np
import pytest

import kullback as kb

from ..backends import relative_error

RNG = np.random.default_rng(11)
P, Q = RNG.dirichlet(np.ones(150), 12), RNG.dirichlet(np.ones(150), 12)
FORMS = {"probabilities": kb.Probs, "logits": lambda x: kb.Logits(20 * x)}
ASK = {"kl": kb.kl, "js": kb.js, "chi2": kb.chi2}


def spaced(x, dtype=None):
    wide = np.zeros((2 * x.shape[0], 3 * x.shape[1]), dtype or x.dtype)
    wide[::2, ::3] = x
    return wide[::2, ::3]


LAYOUTS = {
    "Fortran order": np.asfortranarray,
    "strided": spaced,
    "reversed": lambda x: x[:, ::-1].copy()[:, ::-1],
    "rows reversed": lambda x: x[::-1].copy()[::-1],
    "big-endian": lambda x: x.astype(">f8"),
    "big-endian, strided": lambda x: spaced(x, ">f8"),
    "unaligned": lambda x: (
        np.frombuffer(b"!" + x.tobytes(), np.uint8)[1:].view(x.dtype).reshape(x.shape)
    ),
    "a field of records": lambda x: np.rec.fromarrays([x, x], names="a,b")["b"],
    "read-only": lambda x: np.frombuffer(x.tobytes()).reshape(x.shape),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
@pytest.mark.parametrize("k", [150, 4])
def test_numpy(layout, form, ask, k, engine):
    p, q = (x[:, :k] / x[:, :k].sum(1, keepdims=True) for x in (P, Q))
    truth = ask(form(p), form(q))
    assert relative_error(ask(form(layout(p)), form(q)), truth) < 1e-13
    assert relative_error(ask(form(p), form(layout(q))), truth) < 1e-13
    assert relative_error(ask(form(layout(p)), form(layout(q))), truth) < 1e-13


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
def test_torch(form, ask, engine):
    import torch

    p, q = torch.tensor(P), torch.tensor(Q)
    truth = ask(form(P), form(Q))
    wide = torch.zeros(24, 300, dtype=torch.float64)
    wide[::2, ::2] = p
    for other in (p.t().contiguous().t(), wide[::2, ::2], p.unsqueeze(0).expand(3, -1, -1)[1]):
        assert not other.is_contiguous() or other.shape == p.shape
        assert relative_error(ask(form(other), form(q)), truth) < 1e-13
        assert relative_error(ask(form(q), form(other)), ask(form(Q), form(P))) < 1e-13
    one = q[:1].expand(12, -1)
    assert relative_error(ask(form(p), form(one)), ask(form(P), form(Q[0]))) < 1e-13


def test_a_repeated_row_costs_no_copy(engine):
    """Stride 0: what broadcast_to gives."""
    row = np.broadcast_to(Q[0], P.shape)
    assert relative_error(kb.kl(P, row), kb.kl(P, Q[0])) < 1e-14


@pytest.mark.parametrize(
    "labels",
    [
        [1, 0, 2],
        np.array([1, 0, 2], np.int8),
        np.array([1, 0, 2], ">i4"),
        np.array([[1, 9], [0, 9], [2, 9]])[:, 0],
    ],
)
def test_labels(labels, engine):
    logits = np.asfortranarray(np.log([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1], [0.25, 0.25, 0.5]]))
    got = kb.cross_entropy(kb.Labels(labels), kb.Logits(logits), base=2)
    assert relative_error(got, -np.log2([0.5, 0.6, 0.5])) < 1e-13
