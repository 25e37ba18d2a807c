"""JAX's transformations: jit, grad, vmap, hessian, jacfwd."""

import math

import numpy as np
import pytest

import kullback as kb

from ..backends import numbers, relative_error
from .calls import ask_of
from .slopes import SLOPES, softmax

RNG = np.random.default_rng(37)
P, Q = RNG.dirichlet(np.ones(4), 3), RNG.dirichlet(np.ones(4), 3)
OF = [
    kb.KL(),
    kb.JensenShannon(),
    kb.TotalVariation(),
    kb.Hellinger(),
    kb.ChiSquare(),
    kb.Renyi(0.5),
    kb.Renyi(0.0),
    kb.Renyi(math.inf),
    kb.Renyi(3.0),
    kb.CrossEntropy(),
]


@pytest.mark.parametrize(
    ("of", "form"),
    [
        *((of, kb.Probs) for of in OF),
        (kb.KL(), kb.Logits),
        (kb.JensenShannon(), kb.Logits),
        (kb.KL(), kb.LogProbs),
    ],
    ids=lambda x: x.__name__ if isinstance(x, type) else repr(x),
)
def test_jit_of_vmap(of, form, jax):
    p, q = (jax.numpy.asarray(np.log(x) if form is kb.LogProbs else x) for x in (P, Q))
    truth = kb.measure(form(numbers(p)), form(numbers(q)), of=of).value
    assert relative_error(jax.jit(jax.vmap(ask_of(of, form)))(p, q), truth) < 1e-12


def test_jit_of_a_batch_and_vmap_over_one_side(jax):
    p, q = jax.numpy.asarray(P), jax.numpy.asarray(Q)
    assert relative_error(jax.jit(kb.kl)(p, q), kb.kl(P, Q)) < 1e-12
    assert relative_error(jax.vmap(kb.kl, (None, 0))(p[0], q), kb.kl(P[0], Q)) < 1e-12


def test_derivatives_of_either_mode(jax):
    p, q = jax.numpy.asarray(P[0]), jax.numpy.asarray(Q[0])
    for of in (kb.KL(), kb.JensenShannon(), kb.ChiSquare(), kb.CrossEntropy()):
        ask = ask_of(of, kb.Probs)
        for n, slope in enumerate(SLOPES[of]):
            truth = slope(P[0], Q[0])
            assert relative_error(jax.jit(jax.grad(ask, n))(p, q), truth) < 1e-11
            assert relative_error(jax.jacfwd(ask, n)(p, q), truth) < 1e-11


def test_hessians(jax):
    p, q = jax.numpy.asarray(P[0]), jax.numpy.asarray(Q[0])
    assert np.max(np.abs(numbers(jax.hessian(kb.kl)(p, q)) - np.diag(1 / P[0]))) < 1e-11
    got = jax.jit(jax.hessian(lambda b: kb.kl(kb.Logits(p), kb.Logits(b))))(q)
    q = softmax(Q[0])
    assert np.max(np.abs(numbers(got) - (np.diag(q) - np.outer(q, q)))) < 1e-14


def test_where_values_cannot_be_looked_at_they_are_not_checked(jax):
    twice = jax.numpy.asarray(2 * P[0])
    with pytest.raises(kb.NotNormalisedError):
        kb.kl(twice, jax.numpy.asarray(Q[0]))
    assert math.isfinite(jax.jit(kb.kl)(twice, jax.numpy.asarray(Q[0])))
    with pytest.raises(kb.ShapeError):
        jax.jit(kb.kl)(twice, jax.numpy.asarray(Q[0][:3]))


def test_constants_inside_jit_are_not_checked_either(jax):
    p, q = jax.numpy.asarray(P[0]), jax.numpy.asarray(Q[0])
    y = jax.numpy.asarray(2)
    for ask in (
        lambda x: kb.kl(p, x),
        lambda x: kb.kl(p, q) + 0 * x.sum(),
        lambda x: kb.kl(kb.Logits(p), kb.Logits(x)),
        lambda x: kb.kl(p, kb.Logits(x)),
        lambda x: kb.js([p, q, x]),
        lambda x: kb.cross_entropy(kb.Labels(y), kb.Logits(x)),
        lambda x: kb.kl(kb.Counts(jax.numpy.asarray([3, 1, 2, 1])), x),
    ):
        assert relative_error(jax.jit(ask)(q), ask(q)) < 1e-12


def test_labels_under_jit(jax):
    z = jax.numpy.asarray(np.log(P))
    ask = jax.jit(lambda y, z: kb.cross_entropy(kb.Labels(y, ignore_index=-1), kb.Logits(z)))
    assert (
        relative_error(
            ask(jax.numpy.asarray([1, -1, 3]), z), [-np.log(P[0, 1]), 0, -np.log(P[2, 3])]
        )
        < 1e-13
    )


def test_masks_and_zeros_under_jit(jax):
    a = jax.numpy.asarray([-math.inf, 0.0, 1.0])
    b = jax.numpy.asarray([-math.inf, 1.0, 0.5])
    value, slopes = jax.jit(
        jax.value_and_grad(lambda a, b: kb.kl(kb.Logits(a), kb.Logits(b)), (0, 1))
    )(a, b)
    assert relative_error(value, kb.kl(kb.Logits([0.0, 1.0]), kb.Logits([1.0, 0.5]))) < 1e-13
    assert all(np.all(np.isfinite(numbers(x))) and x[0] == 0 for x in slopes)
    holes = jax.numpy.asarray([0.0, 0.5, 0.5])
    q = jax.numpy.asarray([0.5, 0.25, 0.25])
    slope = jax.jit(jax.grad(kb.kl))(holes, q)
    assert relative_error(slope, np.log([np.finfo(float).tiny / 0.5, 2, 2])) < 1e-13
    assert jax.jit(kb.kl)(q, holes) == math.inf


def test_single_precision_without_x64(jax):
    p, q = (jax.numpy.asarray(x, jax.numpy.float32) for x in (P, Q))
    got = jax.jit(kb.kl)(p, q)
    assert got.dtype == jax.numpy.float32
    assert (
        relative_error(got, kb.kl(numbers(p).astype(np.float32), numbers(q).astype(np.float32)))
        < 1e-5
    )
    counts = jax.numpy.asarray([[3, 1], [1, 1]])
    assert relative_error(kb.entropy(kb.Counts(counts), base=2), [0.8112781244591328, 1]) < 1e-13
