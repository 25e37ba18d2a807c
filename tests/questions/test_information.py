"""The questions about variables, and the exact answers in every library."""

import math

import numpy as np
import pytest

import kullback as kb

from ..backends import numbers, relative_error

RNG = np.random.default_rng(0)
TABLES = RNG.dirichlet(np.full(24, 0.4), 5).reshape(5, 2, 3, 4)
TRUTH = kb.conditional_mutual_information(TABLES)


def test_the_definition():
    """Σ p log p(x, y, z) p(z) / (p(x, z) p(y, z))."""
    p = TABLES
    z, xz = p.sum((1, 2), keepdims=True), p.sum(2, keepdims=True)
    terms = p * np.log(p * z / (xz * p.sum(1, keepdims=True)))
    assert relative_error(TRUTH, terms.sum((1, 2, 3))) < 1e-13
    assert TRUTH.shape == (5,)
    assert np.all(TRUTH > 0.01)


def test_every_library(xp):
    got = kb.conditional_mutual_information(xp.array(TABLES))
    assert relative_error(got, TRUTH) < 1e-13
    bits = kb.conditional_mutual_information(xp.array(TABLES), base=2)
    assert relative_error(bits, TRUTH / math.log(2)) < 1e-13
    moved = xp.array(np.ascontiguousarray(TABLES.transpose(3, 0, 1, 2)))
    assert relative_error(kb.conditional_mutual_information(moved, axis=(2, 3, 0)), TRUTH) < 1e-13


def test_single_precision_and_lists():
    got = kb.conditional_mutual_information(TABLES.astype(np.float32))
    assert got.dtype == np.float32
    assert relative_error(got, TRUTH) < 1e-5
    one = kb.conditional_mutual_information(TABLES[0].tolist())
    assert type(one) is float
    assert one == pytest.approx(TRUTH[0], rel=1e-14)


def test_the_slope_is_the_pointwise_information():
    torch = pytest.importorskip("torch")
    p = torch.tensor(TABLES[0], requires_grad=True)
    kb.conditional_mutual_information(p).backward()
    t = TABLES[0]
    local = np.log(t * t.sum((0, 1)) / (t.sum(1, keepdims=True) * t.sum(0)))
    assert np.allclose(numbers(p.grad), local, atol=1e-12)


def test_counts_are_read_as_frequencies():
    counts = RNG.integers(1, 9, (2, 3, 4))
    exact = kb.conditional_mutual_information(counts / counts.sum())
    assert kb.conditional_mutual_information(kb.Counts(counts)) == pytest.approx(exact, rel=1e-14)


def test_measure_says_the_same_exactly():
    answer = kb.measure(TABLES, of=kb.ConditionalMutualInformation())
    assert answer.kind == "exact"
    assert np.array_equal(answer.value, TRUTH)
    assert answer.contributions.shape == (5, 24)
    assert relative_error(answer.contributions.sum(-1), TRUTH) < 1e-13
    through_time = kb.measure(TABLES, of=kb.TransferEntropy(3))
    assert np.array_equal(through_time.value, TRUTH)
    assert "last 3 values of x tell" in through_time.of.meaning()
    assert "last value of x tells" in kb.TransferEntropy().meaning()


REFUSED = {
    "two axes": (
        lambda: kb.conditional_mutual_information(TABLES[0, 0]),
        kb.ShapeError,
        "three axes",
    ),
    "an axis twice": (
        lambda: kb.conditional_mutual_information(TABLES, axis=(0, 1, -4)),
        kb.ShapeError,
        "axis=\\(0, 1, -4\\)",
    ),
    "sum": (
        lambda: kb.conditional_mutual_information(2 * TABLES[0]),
        kb.NotNormalisedError,
        "joint sums to 2",
    ),
    "logits": (
        lambda: kb.conditional_mutual_information(kb.Logits(TABLES)),
        kb.InputTypeError,
        "Logits",
    ),
    "two laws": (
        lambda: kb.measure(TABLES, TABLES, of=kb.ConditionalMutualInformation()),
        kb.InputTypeError,
        "one distribution",
    ),
    "lag": (lambda: kb.TransferEntropy(1.5), kb.InvalidInputError, "lag=1.5"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_refused_aloud(case):
    call, error, words = REFUSED[case]
    with pytest.raises(error, match=words):
        call()
