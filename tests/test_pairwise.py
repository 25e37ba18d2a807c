"""All rows against all rows: the numbers of a loop, without an array of all terms."""

import math
import tracemalloc

import numpy as np
import pytest

import kullback as kb
from kullback.methods.exact import pairs

from .backends import Backend, numbers, relative_error

RNG = np.random.default_rng(5)
P, Q = RNG.dirichlet(np.full(7, 0.5), 5), RNG.dirichlet(np.full(7, 2.0), 4)
P[2, 3] = 0
P[2] /= P[2].sum()
OF = (
    kb.KL(),
    kb.JensenShannon(),
    kb.JensenShannon((0.3, 0.7)),
    kb.Jeffreys(),
    kb.TotalVariation(),
    kb.Hellinger(),
    kb.ChiSquare(),
    kb.HockeyStick(1.5),
    kb.Renyi(0.0),
    kb.Renyi(0.3),
    kb.Renyi(2.0),
    kb.Renyi(math.inf),
    kb.Tsallis(0.3),
    kb.Tsallis(2.0),
    kb.Alpha(-1.0),
    kb.Alpha(0.2),
    kb.CrossEntropy(),
    kb.FDivergence(lambda t: (t - 1) ** 2, at_zero=1.0, slope_at_infinity=math.inf),
)

NAMES = [repr(of) if not isinstance(of, kb.FDivergence) else "FDivergence" for of in OF]


def in_a_loop(P, Q, of):
    return [[kb.measure(p, q, of=of).value for q in Q] for p in P]


@pytest.mark.parametrize("of", OF, ids=NAMES)
def test_a_matrix_is_its_loop(of, engine):
    matrix = kb.pairwise(P, Q, of=of)
    assert matrix.shape == (5, 4)
    assert relative_error(matrix, in_a_loop(P, Q, of)) < 1e-13


@pytest.mark.parametrize("of", OF, ids=NAMES)
def test_left_alone_rows_meet_each_other(of, engine):
    assert relative_error(kb.pairwise(Q, of=of), in_a_loop(Q, Q, of)) < 1e-13


def test_the_first_row_is_p(engine):
    truth = [[0, 0.5108256237659907], [0.36806420716849706, 0]]
    assert relative_error(kb.pairwise([[0.5, 0.5], [0.9, 0.1]]), truth) < 1e-14
    assert kb.pairwise([[0.9, 0.1]], [[0.5, 0.5]], base=2)[0, 0] == pytest.approx(
        0.5310044064107188
    )


def test_lost_mass_is_infinite_here_too(engine):
    holes = [[0.5, 0.5, 0.0], [0.2, 0.3, 0.5]]
    matrix = kb.pairwise(holes)
    assert matrix[1, 0] == math.inf
    assert matrix[0, 1] == pytest.approx(0.5 * math.log(2.5) + 0.5 * math.log(5 / 3))


@pytest.mark.parametrize(
    "of", [kb.KL(), kb.JensenShannon(), kb.Tsallis(0.3), kb.Renyi(2.0)], ids=repr
)
def test_every_library(xp, of):
    matrix = kb.pairwise(xp.array(P), xp.array(Q), of=of)
    assert type(matrix).__module__.partition(".")[0] in {xp.library, "jaxlib"}
    assert relative_error(matrix, kb.pairwise(P, Q, of=of)) < 1e-13


def test_single_precision_stays_single(engine):
    matrix = kb.pairwise(P.astype(np.float32), Q.astype(np.float32))
    assert matrix.dtype == np.float32
    assert relative_error(matrix, kb.pairwise(P, Q)) < 1e-5


def test_half_precision_gives_single(engine):
    half = [x.astype(np.float16) for x in (P, Q)]
    truth = in_a_loop(*half, kb.JensenShannon())
    matrix = kb.pairwise(*half, of=kb.JensenShannon())
    assert matrix.dtype == np.float32
    assert relative_error(matrix, truth) < 1e-5


@pytest.mark.parametrize("form", [kb.Logits, kb.Counts, kb.LogProbs])
@pytest.mark.parametrize("of", [kb.KL(), kb.JensenShannon(), kb.Renyi(0.3)], ids=repr)
def test_forms(form, of, engine):
    left, right = {
        kb.Logits: (3 * P, -2 * Q),
        kb.Counts: (np.arange(35).reshape(5, 7), np.arange(1, 29).reshape(4, 7)),
        kb.LogProbs: (np.log(np.maximum(P, 1e-9)), np.log(Q)),
    }[form]
    got = kb.pairwise(form(left), form(right), of=of)
    by = kb.PlugIn() if form is kb.Counts else None
    truth = [[kb.measure(form(p), form(q), of=of, by=by).value for q in right] for p in left]
    assert relative_error(got, truth) < 1e-12


def test_mixed_forms(engine):
    got = kb.pairwise(P, kb.Logits(np.log(Q)))
    assert relative_error(got, kb.pairwise(P, Q)) < 1e-12


def test_torch_keeps_gradients(engine):
    import torch

    p, q = torch.tensor(P, requires_grad=True), torch.tensor(Q, requires_grad=True)
    kb.pairwise(p, q).sum().backward()
    assert relative_error(q.grad, (1 - P[:, None] / Q[None]).sum(0)) < 1e-12
    some = P > 0
    slope = np.log(np.where(some, P, 1)[:, None] / Q[None]).sum(1)
    assert relative_error(numbers(p.grad)[some], slope[some]) < 1e-12


def test_two_libraries_do_not_mix(engine):
    for left, right in ((P, Backend("torch").array(Q)), (Backend("torch").array(P), Q)):
        with pytest.raises(kb.MixedArraysError, match="numpy, torch"):
            kb.pairwise(left, right)


def test_other_layouts(engine):
    truth = kb.pairwise(P, Q)
    assert relative_error(kb.pairwise(np.asfortranarray(P), Q[::-1]), truth[:, ::-1]) < 1e-15
    assert relative_error(kb.pairwise(P.astype(">f8"), Q), truth) < 1e-14
    assert relative_error(kb.pairwise(P, Q.astype(np.float32)), truth) < 1e-6


def test_no_rows_no_entries(engine):
    assert kb.pairwise(P[:0], Q).shape == (0, 4)
    assert kb.pairwise(P, Q[:0]).shape == (5, 0)


@pytest.mark.parametrize("of", [kb.KL(), kb.JensenShannon(), kb.Renyi(2.0)], ids=repr)
def test_the_array_of_all_terms_is_never_made(of, engine, monkeypatch):
    monkeypatch.setattr(pairs, "_BLOCK", 2**14)
    rows = RNG.dirichlet(np.ones(100), 150)
    tracemalloc.start()
    try:
        matrix = kb.pairwise(rows, of=of, threads=1)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert matrix.shape == (150, 150)
    assert peak < 0.25 * (8 * 150 * 150 * 100)


def test_threads_change_nothing(engine):
    rows = RNG.dirichlet(np.ones(60), 130)
    assert np.array_equal(kb.pairwise(rows, threads=1), kb.pairwise(rows, threads=2))
