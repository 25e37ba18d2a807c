"""Rows shorter and longer than the tiles, quarters and segments that the kernels work in."""

import math

import numpy as np
import pytest

import kullback as kb

from ..backends import relative_error

LENGTHS = [
    1,
    2,
    3,
    4,
    5,
    7,
    63,
    64,
    65,
    127,
    128,
    129,
    255,
    511,
    512,
    513,
    1024,
    1025,
    4099,
    16383,
    16385,
    32767,
    32768,
    32769,
]
ROWS = 3


def drawn(k, dtype):
    if k == 1:
        return np.ones((ROWS, 1), dtype), np.ones((ROWS, 1), dtype)
    rng = np.random.default_rng(k)
    p, q = rng.dirichlet(np.full(k, 0.7), ROWS), rng.dirichlet(np.full(k, 0.7), ROWS)
    return np.maximum(p, 1e-30).astype(dtype), np.maximum(q, 1e-30).astype(dtype)


def wide(x):
    return x.astype(np.longdouble)


def reference(p, q):
    """Return the textbook's sums in extended precision."""
    p, q = wide(p), wide(q)
    m = (p + q) / 2
    kl = (p * np.log(p / q) - p + q).sum(-1)
    return {
        "kl": kl,
        "js": ((p * np.log(p / m) + q * np.log(q / m)) / 2).sum(-1),
        "tv": abs(p - q).sum(-1) / 2,
        "hellinger": np.sqrt(((np.sqrt(p) - np.sqrt(q)) ** 2).sum(-1) / 2),
        "chi2": ((p - q) ** 2 / q).sum(-1),
        "entropy": -(p * np.log(p)).sum(-1),
        "cross-entropy": -(p * np.log(q)).sum(-1),
    }


ASK = {
    "kl": kb.kl,
    "js": kb.js,
    "tv": kb.tv,
    "hellinger": kb.hellinger,
    "chi2": kb.chi2,
    "entropy": lambda p, _: kb.entropy(p),
    "cross-entropy": kb.cross_entropy,
}
KERNELS_ON_LOGITS = ("kl", "js", "entropy", "cross-entropy")


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
@pytest.mark.parametrize("k", LENGTHS)
def test_probabilities(k, dtype, tolerance, engine):
    p, q = drawn(k, dtype)
    truth = reference(p, q)
    for name, ask in ASK.items():
        if k > 1:
            assert relative_error(ask(p, q), truth[name]) < tolerance, name
            assert relative_error(ask(p[1], q[1]), truth[name][1]) < tolerance, name
        else:
            assert np.all(ask(p, q) == 0), name


@pytest.mark.parametrize(("dtype", "tolerance"), [("float64", 1e-12), ("float32", 1e-5)])
@pytest.mark.parametrize("k", LENGTHS)
def test_logits(k, dtype, tolerance, engine):
    rng = np.random.default_rng(k)
    a, b = (3 * rng.normal(size=(2, ROWS, k))).astype(dtype)
    p, q = (np.exp(wide(x) - wide(x).max(-1, keepdims=True)) for x in (a, b))
    truth = reference(p / p.sum(-1, keepdims=True), q / q.sum(-1, keepdims=True))
    for name in KERNELS_ON_LOGITS:
        got = ASK[name](kb.Logits(a), kb.Logits(b))
        if k > 1:
            assert relative_error(got, truth[name]) < tolerance, name
            assert (
                relative_error(ASK[name](kb.Logits(a[1]), kb.Logits(b[1])), truth[name][1])
                < tolerance
            )
        else:
            assert np.all(got == 0), name


@pytest.mark.parametrize("threads", [1, 2])
def test_a_row_of_many_segments(threads, engine):
    k = 300_000
    p, q = drawn(k, "float64")
    truth = reference(p[:1], q[:1])
    for name, ask in ASK.items():
        if name != "entropy":
            assert relative_error(ask(p[0], q[0], threads=threads), truth[name][0]) < 1e-12, name


def test_a_vocabulary_in_single_precision_sums_to_one(engine):
    """A float32 softmax over 128 256 classes passes the check of its sum."""
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(2, 128_256)).astype(np.float32) * 4
    power = np.exp(logits - logits.max(-1, keepdims=True))
    p = power / power.sum(-1, keepdims=True)
    assert p.dtype == np.float32
    truth = -(wide(p) * np.log(wide(p), where=p > 0, out=np.zeros(p.shape, np.longdouble))).sum(-1)
    assert relative_error(kb.entropy(p), truth) < 1e-5
    assert relative_error(kb.kl(p[0], p[1]), reference(p[:1], p[1:])["kl"][0]) < 1e-5


def test_zeros_wherever_they_lie_in_a_tile(engine):
    for k in (5, 130, 513, 1100):
        q = np.full(k, 1 / k)
        for at in (0, k // 2, k - 1):
            p = np.zeros(k)
            p[at] = 1
            assert kb.kl(p, q) == pytest.approx(math.log(k), rel=1e-14)
            assert kb.kl(q, p) == math.inf
            assert kb.js(p, q) == pytest.approx(kb.js(q, p), rel=1e-14)
            assert kb.entropy(p) == 0
