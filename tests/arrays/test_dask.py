"""Dask: nothing is computed until asked; outcomes and rows may lie in any chunks."""

import dask.array as da
import numpy as np
import pytest

import kullback as kb

from ..backends import relative_error
from ..truths.asked import ASKED

RNG = np.random.default_rng(13)
P, Q = RNG.dirichlet(np.full(30, 0.5), 8), RNG.dirichlet(np.full(30, 0.5), 8)
Q[2, 4] = 0
Q[2] /= Q[2].sum()
P[3, 5:9] = 0
P[3] /= P[3].sum()
CHUNKS = [(8, 30), (3, 30), (8, 7), (3, 11), (1, 1)]


def lazy(x, chunks):
    return da.from_array(x, chunks=chunks)


def forbidden(block):
    raise AssertionError("computed before it was asked for")


@pytest.mark.parametrize("question", ASKED)
def test_any_chunks_give_the_numbers_of_numpy(question, engine):
    truth = ASKED[question](P, Q)
    for chunks in CHUNKS if question in {"kl", "hellinger", "renyi 2"} else [(3, 11)]:
        got = ASKED[question](lazy(P, chunks), lazy(Q, chunks))
        assert isinstance(got, da.Array)
        assert got.shape == (8,)
        assert got.dtype == np.float64
        assert relative_error(got, truth) < 1e-12


@pytest.mark.parametrize("question", ASKED)
def test_nothing_is_computed_at_the_call(question, engine):
    p, q = (lazy(x, (3, 11)).map_blocks(forbidden, dtype=x.dtype, meta=x[:0]) for x in (P, Q))
    answer = ASKED[question](p, q)
    with pytest.raises(AssertionError, match="before it was asked for"):
        answer.compute()


@pytest.mark.parametrize("form", [kb.Logits, kb.LogProbs, kb.Counts])
def test_forms(form, engine):
    given = {
        kb.Logits: (5 * P, 5 * Q),
        kb.LogProbs: (np.log(np.maximum(P, 1e-9)), np.log(np.maximum(Q, 1e-9))),
        kb.Counts: (np.round(100 * P), np.round(100 * Q) + 1),
    }[form]
    for ask in (kb.kl, kb.js, kb.tv):
        got = ask(*(form(lazy(x, (3, 11))) for x in given))
        assert relative_error(got, ask(*map(form, given))) < 1e-12


def test_integer_counts(engine):
    seen = np.round(100 * P).astype(int)
    assert (
        relative_error(kb.entropy(kb.Counts(lazy(seen, (3, 11)))), kb.entropy(kb.Counts(seen)))
        < 1e-12
    )


def test_chunks_that_do_not_match(engine):
    for left, right in (((8, 30), (2, 7)), ((3, 11), (5, 6))):
        assert relative_error(kb.kl(lazy(P, left), lazy(Q, right)), kb.kl(P, Q)) < 1e-12


def test_batches_broadcast(engine):
    got = kb.kl(lazy(P[0], 11), lazy(Q, (3, 11)))
    assert relative_error(got, kb.kl(P[0], Q)) < 1e-12
    grid = kb.js(lazy(P[:, None], (3, 1, 11)), lazy(Q[None], (1, 3, 11)))
    assert grid.shape == (8, 8)
    assert relative_error(grid, kb.pairwise(P, Q, of=kb.JensenShannon())) < 1e-12


def test_one_row_in_many_chunks(engine):
    rng = np.random.default_rng(1)
    p, q = rng.dirichlet(np.ones(100_000)), rng.dirichlet(np.ones(100_000))
    got = kb.kl(lazy(p, 9_999), lazy(q, 9_999))
    assert got.shape == ()
    assert relative_error(got, kb.kl(p, q)) < 1e-12


def test_on_another_axis_and_in_another_unit(engine):
    got = kb.kl(lazy(P.T, (11, 3)), lazy(Q.T, (11, 3)), axis=0, base=2)
    assert relative_error(got, kb.kl(P, Q, base=2)) < 1e-12


def test_single_precision(engine):
    got = kb.kl(lazy(P.astype(np.float32), (3, 11)), lazy(Q.astype(np.float32), (3, 11)))
    assert got.dtype == np.float32
    assert got.compute().dtype == np.float32
    assert relative_error(got, kb.kl(P, Q)) < 1e-5


def test_labels(engine):
    y = np.array([0, 3, -1, 5, 29, 7, 8, 9])
    logits = 5 * P
    got = kb.cross_entropy(kb.Labels(lazy(y, 3), ignore_index=-1), kb.Logits(lazy(logits, (3, 11))))
    assert (
        relative_error(got, kb.cross_entropy(kb.Labels(y, ignore_index=-1), kb.Logits(logits)))
        < 1e-12
    )


def test_mutual_information(engine):
    tables = RNG.dirichlet(np.ones(12), 5).reshape(5, 3, 4)
    got = kb.mutual_information(lazy(tables, (2, 2, 3)))
    assert relative_error(got, kb.mutual_information(tables)) < 1e-12


def test_shapes_are_checked_at_the_call():
    with pytest.raises(kb.ShapeError):
        kb.kl(lazy(P, (3, 11)), lazy(Q[:, :29], (3, 11)))
    with pytest.raises(kb.InputTypeError, match="integers"):
        kb.kl(lazy(np.array([1, 0]), 1), lazy(np.array([0.5, 0.5]), 1))
