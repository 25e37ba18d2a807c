"""Batches broadcast, outcomes do not; any axis may hold them."""

import numpy as np
import pytest

import kullback as kb

from ..backends import numbers, relative_error

RNG = np.random.default_rng(7)
FORMS = {"probabilities": kb.Probs, "logits": kb.Logits}
ASKED = {
    "kl": (kb.kl, kb.Probs),
    "renyi": (lambda p, q, **o: kb.renyi(p, q, alpha=3, **o), kb.Probs),
    "kl of logits": (kb.kl, kb.Logits),
}
asked = pytest.mark.parametrize(("ask", "form"), ASKED.values(), ids=ASKED)


def rows(*shape):
    return RNG.dirichlet(np.linspace(0.5, 2, shape[-1]), shape[:-1])


def looped(ask, p, q, form):
    """Return the answer row by row, by the single-row path."""
    p, q = np.broadcast_arrays(p, q) if p.shape[:-1] == q.shape[:-1] else broadcast(p, q)
    out = np.empty(p.shape[:-1])
    for at in np.ndindex(out.shape):
        out[at] = ask(form(p[at]), form(q[at]))
    return out


def broadcast(p, q):
    batch = np.broadcast_shapes(p.shape[:-1], q.shape[:-1])
    return tuple(np.broadcast_to(x, (*batch, x.shape[-1])) for x in (p, q))


@asked
@pytest.mark.parametrize(
    ("shape_p", "shape_q", "batch"),
    [
        ((4,), (3, 4), (3,)),
        ((3, 4), (4,), (3,)),
        ((2, 1, 4), (3, 4), (2, 3)),
        ((1, 4), (3, 4), (3,)),
        ((2, 3, 4), (2, 3, 4), (2, 3)),
        ((2, 1, 5, 4), (3, 1, 4), (2, 3, 5)),
        ((1, 1, 4), (4,), (1, 1)),
    ],
)
def test_batches_broadcast(xp, ask, form, shape_p, shape_q, batch):
    p, q = rows(*shape_p), rows(*shape_q)
    got = ask(form(xp.array(p)), form(xp.array(q)))
    assert tuple(got.shape) == batch
    assert relative_error(got, looped(ask, p, q, form)) < 1e-13


@asked
@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2, -3])
def test_outcomes_on_any_axis(xp, ask, form, axis):
    p, q = rows(3, 5, 4), rows(3, 5, 4)
    truth = looped(ask, p, q, form)
    moved = [xp.array(np.ascontiguousarray(np.moveaxis(x, -1, axis))) for x in (p, q)]
    got = ask(*map(form, moved), axis=axis)
    assert tuple(got.shape) == truth.shape
    assert relative_error(got, truth) < 1e-13


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("shape", [(0, 4), (3, 0, 4)])
def test_an_empty_batch_has_an_empty_answer(xp, form, shape):
    if xp.name == "dask":
        pytest.skip("Dask has no chunks of nothing to map over")
    empty = xp.array(np.ones(shape))
    for ask in (kb.kl, kb.js, kb.hellinger):
        assert tuple(ask(form(empty), form(empty)).shape) == shape[:-1]
    assert tuple(kb.kl(form(empty), form(xp.array(np.full(4, 0.25)))).shape) == shape[:-1]


def test_one_outcome_is_certain(xp):
    one = xp.array([[1.0], [1.0]])
    for ask in (kb.kl, kb.js, kb.tv, kb.hellinger, kb.chi2, kb.cross_entropy):
        assert np.array_equal(numbers(ask(one, one)), [0, 0])
        assert np.array_equal(numbers(ask(kb.Logits(one), kb.Logits(-one))), [0, 0])
    assert np.array_equal(numbers(kb.entropy(one)), [0, 0])


@pytest.mark.parametrize("axis", [(0, 1), (1, 0), (-2, -1), (0, 2), (2, 1)])
def test_joint_tables_on_any_two_axes(xp, axis):
    tables = RNG.dirichlet(np.ones(12), 5).reshape(5, 3, 4)
    truth = [kb.kl(t.ravel(), np.outer(t.sum(1), t.sum(0)).ravel()) for t in tables]
    batch_at = ({0, 1, 2} - {a % 3 for a in axis}).pop()
    moved = np.moveaxis(tables, 0, batch_at)
    got = kb.mutual_information(xp.array(np.ascontiguousarray(moved)), axis=axis)
    assert relative_error(got, truth) < 1e-12


def test_contributions_to_many_batch_axes(engine):
    p = rows(*(1,) * 11, 2, 3)
    assert (
        relative_error(kb.kl(p, p[..., ::-1, :]), looped(kb.kl, p, p[..., ::-1, :], kb.Probs))
        < 1e-13
    )
