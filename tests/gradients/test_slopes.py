"""Gradients against the formulas, in p, in q and in logits, far apart and near equality."""

import numpy as np
import pytest
from mpmath import mp, mpf

import kullback as kb

from ..backends import relative_error
from .calls import ask_of
from .slopes import SLOPES, softmax, through_softmax

RNG = np.random.default_rng(23)
P, Q = RNG.dirichlet(np.ones(6), 3), RNG.dirichlet(np.ones(6), 3)
A, B = RNG.normal(size=(2, 3, 6))
UP = np.array([1.0, -2.0, 0.5])


@pytest.mark.parametrize("of", SLOPES, ids=repr)
def test_in_probabilities(of, gradients):
    p, q = (0.1 * P + 0.9 * Q, Q) if isinstance(of, kb.Renyi) else (P, Q)
    _, found = gradients(ask_of(of, kb.Probs), p, q, upstream=UP)
    for got, slope in zip(found, SLOPES[of], strict=True):
        assert relative_error(got, UP[:, None] * slope(p, q)) < 1e-11


@pytest.mark.parametrize("alpha", [0.3, 2.0, 5.0])
def test_far_apart_renyi_has_the_same_slope_along_the_simplex(alpha, gradients):
    p, q = np.array([0.7, 0.2, 0.1]), np.array([0.05, 0.1, 0.85])
    _, found = gradients(ask_of(kb.Renyi(alpha), kb.Probs), p, q)
    total = np.sum(p**alpha * q ** (1 - alpha))
    by_p = alpha / (alpha - 1) * (p / q) ** (alpha - 1) / total
    by_q = -((p / q) ** alpha) / total
    for got, slope in zip(found, (by_p, by_q), strict=True):
        assert relative_error(got - got.mean(), slope - slope.mean()) < 1e-11


@pytest.mark.parametrize("of", SLOPES, ids=repr)
def test_in_logits(of, gradients):
    a, b = (0.4 * A, 0.4 * B) if isinstance(of, kb.Renyi) else (A, B)
    p, q = softmax(a), softmax(b)
    _, found = gradients(ask_of(of, kb.Logits), a, b, upstream=UP)
    for got, slope, x in zip(found, SLOPES[of], (p, q), strict=True):
        truth = UP[:, None] * through_softmax(slope(p, q), x)
        assert np.max(np.abs(got - truth)) < 1e-11 * max(1, np.max(np.abs(truth)))


@pytest.mark.parametrize("form", [kb.Probs, kb.Logits])
def test_of_entropy(form, gradients):
    x = {kb.Probs: P, kb.Logits: A}[form]
    _, (got,) = gradients(lambda x: kb.entropy(form(x)), x, upstream=UP)
    p = softmax(A) if form is kb.Logits else P
    truth = -np.log(p) - 1
    truth = UP[:, None] * (through_softmax(truth, p) if form is kb.Logits else truth)
    assert relative_error(got, truth) < 1e-11


def test_of_log_probabilities(gradients):
    logs = np.log(P), np.log(Q)
    _, (by_p, by_q) = gradients(lambda a, b: kb.kl(kb.LogProbs(a), kb.LogProbs(b)), *logs)
    assert relative_error(by_p, P * np.log(P / Q)) < 1e-11
    assert np.max(np.abs(by_q - (Q - P))) < 1e-14


def test_of_mixed_forms(gradients):
    _, (by_p, by_b) = gradients(lambda p, b: kb.kl(p, kb.Logits(b)), P, B)
    q = softmax(B)
    assert relative_error(by_p, np.log(P / q)) < 1e-11
    assert np.max(np.abs(by_b - (q - P))) < 1e-14


def test_of_several(gradients):
    r = RNG.dirichlet(np.ones(6), 3)
    m = 0.2 * P + 0.3 * Q + 0.5 * r
    _, found = gradients(lambda *ps: kb.js(list(ps), weights=(0.2, 0.3, 0.5)), P, Q, r)
    for got, x, w in zip(found, (P, Q, r), (0.2, 0.3, 0.5), strict=True):
        assert relative_error(got, w * np.log(x / m)) < 1e-11


def test_of_mutual_information(gradients):
    table = P[0].reshape(2, 3)
    _, (got,) = gradients(kb.mutual_information, table)
    truth = np.log(table / np.outer(table.sum(1), table.sum(0)))
    assert np.max(np.abs((got - got.mean()) - (truth - truth.mean()))) < 1e-12


def test_in_another_unit(gradients):
    _, (by_p, by_q) = gradients(lambda p, q: kb.kl(p, q, base=2), P, Q)
    assert relative_error(by_p, np.log2(P / Q)) < 1e-11
    assert relative_error(by_q, (1 - P / Q) / np.log(2)) < 1e-11


@pytest.mark.parametrize(
    "of", [kb.KL(), kb.JensenShannon(), kb.TotalVariation(), kb.Renyi(2.0)], ids=repr
)
@pytest.mark.parametrize("form", [kb.Probs, kb.Logits])
def test_broadcast_rows_add_up(of, form, gradients):
    one, many = (P[0], Q) if form is kb.Probs else (A[0], B)
    _, (got, _) = gradients(ask_of(of, form), one, many)
    _, (each, _) = gradients(ask_of(of, form), np.stack([one] * 3), many)
    assert got.shape == one.shape
    assert np.max(np.abs(got - each.sum(0))) < 1e-12 * np.max(np.abs(each))


@pytest.mark.parametrize("axis", [0, 1])
def test_on_any_axis(axis, gradients):
    p, q = (np.ascontiguousarray(np.moveaxis(x, -1, axis)) for x in (P, Q))
    _, (by_p, by_q) = gradients(lambda p, q: kb.kl(p, q, axis=axis), p, q)
    assert relative_error(by_p, np.log(p / q)) < 1e-11
    assert relative_error(by_q, 1 - p / q) < 1e-11


@pytest.mark.parametrize(("by", "tolerance"), [(1e-4, 1e-11), (1e-8, 1e-7)])
def test_near_equality_the_slopes_keep_their_digits(by, tolerance, gradients):
    """∂b KL = q − p and ∂a KL = p (log p/q − KL), both as small as the perturbation."""
    a = RNG.normal(size=9)
    b = a + by * RNG.normal(size=9)
    mp.dps = 40
    p, q = ([mp.exp(mpf(x)) for x in row] for row in (a, b))
    p, q = ([x / mp.fsum(row) for x in row] for row in (p, q))
    kl = mp.fsum(x * mp.log(x / y) for x, y in zip(p, q, strict=True))
    by_a = [float(x * (mp.log(x / y) - kl)) for x, y in zip(p, q, strict=True)]
    by_b = [float(y - x) for x, y in zip(p, q, strict=True)]
    _, found = gradients(ask_of(kb.KL(), kb.Logits), a, b)
    for got, truth in zip(found, (by_a, by_b), strict=True):
        assert np.max(np.abs(got - truth)) < tolerance * np.max(np.abs(truth))


def test_single_precision(gradients):
    a, b = A.astype(np.float32), B.astype(np.float32)
    p, q = softmax(a.astype(float)), softmax(b.astype(float))
    for of in (kb.KL(), kb.JensenShannon(), kb.CrossEntropy()):
        _, found = gradients(ask_of(of, kb.Logits), a, b)
        for got, slope, x in zip(found, SLOPES[of], (p, q), strict=True):
            truth = through_softmax(slope(p, q), x)
            assert np.max(np.abs(got - truth)) < 1e-6 * max(1, np.max(np.abs(truth)))
