"""Gradients at zero probability and at masked logits: as documented, and never NaN."""

import math

import numpy as np
import pytest

import kullback as kb

from ..backends import relative_error
from ..truths.asked import ASKED
from .calls import ask_of
from .slopes import TINY, softmax, through_softmax

Q = np.array([0.125, 0.25, 0.5, 0.125])
EMPTY_P = np.array([0.0, 0.25, 0.75, 0.0])
EMPTY_BOTH = np.array([0.0, 0.5, 0.5, 0.0])
MASK = -math.inf
ROWS = {
    "p empty": (EMPTY_P, Q),
    "both empty": (EMPTY_P, EMPTY_BOTH),
    "q empty": (Q, EMPTY_P),
    "disjoint": (np.array([0.5, 0.5, 0.0, 0.0]), np.array([0.0, 0.0, 0.25, 0.75])),
    "equal": (Q, Q),
    "equal, with zeros": (EMPTY_P, EMPTY_P),
    "certain": (np.array([1.0, 0.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0, 0.0])),
    "tiny": (np.array([1e-300, 1.0 - 1e-9, 1e-9, 0.0]), np.array([1e-9, 1e-300, 0.0, 1.0 - 1e-9])),
}
LOGITS = {
    "p masked": (np.array([MASK, 0.0, 1.0, MASK]), np.array([1.0, 2.0, -1.0, 0.5])),
    "both masked": (np.array([MASK, 0.0, 1.0, MASK]), np.array([MASK, 2.0, -1.0, MASK])),
    "q masked": (np.array([1.0, 2.0, -1.0, 0.5]), np.array([MASK, 0.0, 1.0, MASK])),
    "disjoint": (np.array([0.0, 1.0, MASK, MASK]), np.array([MASK, MASK, 0.0, 1.0])),
    "equal": (np.array([0.5, 0.0, 1.0, -1.0]),) * 2,
    "equal, masked": (np.array([MASK, 0.0, 1.0, MASK]),) * 2,
    "certain": (np.array([0.0, MASK, MASK, MASK]), np.array([MASK, 0.0, MASK, MASK])),
    "far": (np.array([0.0, 800.0, -800.0, MASK]), np.array([0.0, -800.0, 800.0, 5.0])),
}
MIXED = ["kl", "js", "tv", "hellinger", "chi2", "cross-entropy", "renyi 2", "alpha 0.3"]


def free_of_nan(*found):
    return not any(np.any(np.isnan(x)) for x in found)


def test_an_empty_p_has_a_finite_slope(gradients):
    """∂p = log(tiny/q): what makes a softmax above it free of NaN."""
    value, (by_p, by_q) = gradients(kb.kl, EMPTY_P, Q)
    assert value == pytest.approx(0.75 * math.log(1.5), rel=1e-14)
    assert relative_error(by_p, np.log([TINY / 0.125, 1.0, 1.5, TINY / 0.125])) < 1e-14
    assert relative_error(by_q, [1, 0, -0.5, 1]) < 1e-14


def test_where_both_are_empty_the_slopes_are_finite(gradients):
    value, (by_p, by_q) = gradients(kb.kl, EMPTY_P, EMPTY_BOTH)
    assert value == pytest.approx(kb.kl([0.25, 0.75], [0.5, 0.5]), rel=1e-14)
    assert np.all(np.isfinite(by_p))
    assert np.all(np.isfinite(by_q))
    assert relative_error(by_q[1:3], [0.5, -0.5]) < 1e-14


def test_lost_mass_is_infinite_without_nan(gradients):
    value, (by_p, by_q) = gradients(kb.kl, Q, EMPTY_P)
    assert value == math.inf
    assert free_of_nan(by_p, by_q)
    assert by_q[0] == by_q[3] == -math.inf
    assert relative_error(by_q[1:3], [0, 1 - 0.5 / 0.75]) < 1e-13


def undefined(gradients, questions, cases, read):
    """Return where a value or a slope is NaN; the cases are the rows of one batch.

    Where finite logits are so far apart that the value itself overflows, so may its slope.
    """
    first, second = (np.stack(side) for side in zip(*cases.values(), strict=True))
    found = {}
    for question in questions:
        value, (by_p, by_q) = gradients(read(ASKED[question]), first, second)
        for i, case in enumerate(cases):
            lost = case == "far" and value[i] == math.inf
            if not lost and np.any(np.isnan([value[i], *by_p[i], *by_q[i]])):
                found[case, question] = float(value[i]), by_p[i].tolist(), by_q[i].tolist()
    return found


def test_no_nan_in_probabilities(gradients):
    assert undefined(gradients, ASKED, ROWS, lambda ask: ask) == {}


def test_no_nan_in_logits(gradients):
    def of_logits(ask):
        return lambda a, b: ask(kb.Logits(a), kb.Logits(b))

    assert undefined(gradients, ASKED, LOGITS, of_logits) == {}


def test_no_nan_in_probabilities_beside_logits(gradients):
    def of_second(ask):
        return lambda p, b: ask(p, kb.Logits(b))

    def of_first(ask):
        return lambda a, q: ask(kb.Logits(a), q)

    first = {name: (softmax(a), b) for name, (a, b) in LOGITS.items()}
    second = {name: (a, softmax(b)) for name, (a, b) in LOGITS.items()}
    assert undefined(gradients, MIXED, first, of_second) == {}
    assert undefined(gradients, MIXED, second, of_first) == {}


@pytest.mark.parametrize(
    "question", ["kl", "js", "hellinger", "tv", "renyi 0.5", "entropy", "cross-entropy"]
)
def test_a_softmax_above_stays_free_of_nan(question, gradients):
    """p = softmax(z), with a z of −∞: its slope is 0, the others' as if it were not there."""
    z, w = np.array([MASK, 0.3, -1.0, 2.0]), np.array([0.1, 0.2, -0.3, 0.0])

    def ask(z, w):
        return ASKED[question](soft(z), soft(w))

    _, (by_z, by_w) = gradients(ask, z, w)
    assert free_of_nan(by_z, by_w)
    assert by_z[0] == 0
    if question == "kl":
        p, q = softmax(z), softmax(w)
        with np.errstate(divide="ignore"):
            assert np.max(np.abs(by_z - through_softmax(np.log(p / q), p))) < 1e-13
        assert np.max(np.abs(by_w - (q - p))) < 1e-13


def soft(x):
    if hasattr(x, "softmax"):
        return x.softmax(-1)
    import jax

    return jax.nn.softmax(x)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_tail_of_a_softmax_has_its_slope(dtype, gradients):
    """Probabilities of 1e-8 to 1e-37 (1e-60 to 1e-300): q/p² overflows, log q/p does not."""
    tail = (float(np.finfo(dtype).tiny) ** np.array([0.2, 0.4, 0.6, 0.8, 0.97])).astype(dtype)
    p, q = np.stack([tail, 1 - tail], axis=-1), np.full((5, 2), 0.5, dtype)
    tolerance, tail = 1e-5 if dtype is np.float32 else 1e-12, tail.astype(np.float64)
    to_mixture = 0.5 * np.log(tail / (0.25 + tail / 2))
    for ask, slope in (
        (kb.kl, np.log(tail / 0.5)),
        (kb.js, to_mixture),
        (kb.chi2, 2 * (tail - 0.5) / 0.5),
        (kb.cross_entropy, math.log(2)),
    ):
        _, (by_p, _) = gradients(ask, p, q)
        assert relative_error(by_p[:, 0], slope) < tolerance
    for ask, slope in ((kb.kl, 1 - 0.5 / tail), (kb.js, to_mixture)):
        _, (_, by_q) = gradients(ask, q, p)
        assert relative_error(by_q[:, 0], slope) < tolerance


@pytest.mark.parametrize(
    "of", [kb.KL(), kb.CrossEntropy(), kb.JensenShannon(), kb.TotalVariation()], ids=repr
)
@pytest.mark.parametrize("case", ["p masked", "both masked"])
def test_masked_logits_have_no_slope_and_no_influence(of, case, gradients):
    a, b = LOGITS[case]
    value, (by_a, by_b) = gradients(ask_of(of, kb.Logits), a, b)
    assert math.isfinite(value)
    assert np.all(by_a[[0, 3]] == 0)
    if case == "both masked":
        assert np.all(by_b[[0, 3]] == 0)
        inner, (inner_a, inner_b) = gradients(ask_of(of, kb.Logits), a[1:3], b[1:3])
        assert value == pytest.approx(inner, rel=1e-14)
        assert np.max(np.abs(by_a[1:3] - inner_a)) < 1e-14
        assert np.max(np.abs(by_b[1:3] - inner_b)) < 1e-14
    elif of == kb.KL():
        p, q = softmax(a), softmax(b)
        assert np.max(np.abs(by_b - (q - p))) < 1e-14


def test_at_equality_roots_have_slope_zero(gradients):
    for ask in (kb.hellinger, kb.js_distance):
        value, found = gradients(ask, Q, Q)
        assert value == 0
        assert all(np.all(x == 0) for x in found)
