"""The table of bad input: what is called, the error it must end in, what its message must say."""
# ruff: noqa: E501 (one case a line)

import math
from typing import NamedTuple

import numpy as np

import kullback as kb

from .backends import Backend


class Refused(NamedTuple):
    """A call, its error, and parts of the message."""

    call: object
    error: type
    says: tuple


def changed(row, at, to):
    """Return the array with one number changed."""
    row = np.array(row, np.float64)
    row[at] = to
    return row


HALF = [0.5, 0.5]
ROWS = np.full((3, 4), 0.25)
LONG = np.full(2000, 1 / 2000)

REFUSED = {
    "negative": Refused(lambda: kb.kl([1.5, -0.5], HALF), kb.InvalidInputError, ("p[1] = -0.5", "negative", "kb.Logits(p)")),
    "negative q": Refused(lambda: kb.kl(HALF, [1.5, -0.5]), kb.InvalidInputError, ("q[1] = -0.5", "kb.LogProbs(q)")),
    "NaN": Refused(lambda: kb.kl(HALF, [0.5, math.nan]), kb.InvalidInputError, ("q[1] is NaN", "missing")),
    "NaN in entropy": Refused(lambda: kb.entropy([0.5, math.nan]), kb.InvalidInputError, ("p[1] is NaN",)),
    "NaN far along a row": Refused(lambda: kb.kl(LONG, changed(LONG, 1234, math.nan)), kb.InvalidInputError, ("q[1234] is NaN",)),
    "negative far along a row": Refused(lambda: kb.js(changed(LONG, 1999, -1e-9), LONG), kb.InvalidInputError, ("p[1999] = -1e-09",)),
    "negative in a later row": Refused(lambda: kb.kl(changed(ROWS, (2, 1), -0.25), ROWS), kb.InvalidInputError, ("p[2, 1] = -0.25",)),
    "infinite": Refused(lambda: kb.kl([math.inf, 0.0], HALF), kb.NotNormalisedError, ("p sums to inf",)),
    "sum 1.2": Refused(lambda: kb.kl([0.7, 0.5], HALF), kb.NotNormalisedError, ("p sums to 1.2", "kb.Counts(p)", "divide", "axis=")),
    "sum of q": Refused(lambda: kb.tv(HALF, [0.7, 0.2]), kb.NotNormalisedError, ("q sums to 0.9", "kb.Counts(q)")),
    "sum off by 2e-6": Refused(lambda: kb.kl([0.5, 0.500002], HALF), kb.NotNormalisedError, ("p sums to 1.000002", "1e-06")),
    "sum of a later row": Refused(lambda: kb.chi2(ROWS, changed(ROWS, (1, 0), 0.5)), kb.NotNormalisedError, ("row [1] of q sums to 1.25",)),
    "sum of a row deeper": Refused(lambda: kb.kl(changed(ROWS[None], (0, 1, 0), 0.5), ROWS), kb.NotNormalisedError, ("row [0, 1] of p sums to 1.25",)),
    "all zero": Refused(lambda: kb.kl([0.0, 0.0], HALF), kb.NotNormalisedError, ("p sums to 0",)),
    "integers": Refused(lambda: kb.kl([1, 0], HALF), kb.InputTypeError, ("p holds integers", "kb.Counts(p)", "kb.Labels(p)")),
    "integer array": Refused(lambda: kb.entropy(np.array([3, 4])), kb.InputTypeError, ("p holds integers", "kb.Counts(p)")),
    "booleans": Refused(lambda: kb.kl([True, False], HALF), kb.InputTypeError, ("p holds bool",)),
    "complex": Refused(lambda: kb.kl(HALF, [0.5 + 0j, 0.5]), kb.InputTypeError, ("q holds complex128", "real")),
    "strings": Refused(lambda: kb.kl(["a", "b"], HALF), kb.InputTypeError, ("p holds", "not numbers")),
    "a string": Refused(lambda: kb.kl("half", HALF), kb.InputTypeError, ("p is 'half'", "not an array")),
    "objects": Refused(lambda: kb.kl([0.5, None], HALF), kb.InputTypeError, ("p holds object", "not numbers")),
    "nothing": Refused(lambda: kb.kl(HALF, None), kb.InputTypeError, ("q is None",)),
    "a dictionary": Refused(lambda: kb.kl({"a": 1.0}, HALF), kb.InputTypeError, ("p is {'a': 1.0}",)),
    "a function": Refused(lambda: kb.kl(math.sin, HALF), kb.InputTypeError, ("p holds object", "not numbers")),
    "ragged": Refused(lambda: kb.kl([[0.5, 0.5], [1.0]], HALF), kb.InputTypeError, ("p is a list that is not rectangular",)),
    "a form's class": Refused(lambda: kb.kl(kb.Logits, HALF), kb.InputTypeError, ("p is the class Logits", "Logits(array)")),
    "a form in a form": Refused(lambda: kb.Logits(kb.Probs(HALF)), kb.InputTypeError, ("Logits(Probs(…))",)),
    "a single number": Refused(lambda: kb.kl(1.0, HALF), kb.KullbackError, ("p",)),
    "0-d": Refused(lambda: kb.kl(np.array(1.0), HALF), kb.ShapeError, ("p is a single number",)),
    "unequal lengths": Refused(lambda: kb.kl(HALF, [0.2, 0.3, 0.5]), kb.ShapeError, ("p has 2 outcomes and q has 3",)),
    "one outcome against two": Refused(lambda: kb.kl([1.0], HALF), kb.ShapeError, ("p has 1 outcomes and q has 2", "not repeated")),
    "batches": Refused(lambda: kb.kl(ROWS, ROWS[:2]), kb.ShapeError, ("(3,)", "(2,)", "do not broadcast", "3 against 2")),
    "empty axis": Refused(lambda: kb.kl([], []), kb.ShapeError, ("p has shape (0,)", "empty")),
    "empty axis of a batch": Refused(lambda: kb.kl(np.ones((3, 0)), np.ones((3, 0))), kb.ShapeError, ("(3, 0)", "empty")),
    "no such axis": Refused(lambda: kb.kl(HALF, HALF, axis=1), kb.ShapeError, ("axis=1", "(2,)")),
    "no such axis below": Refused(lambda: kb.kl(HALF, HALF, axis=-2), kb.ShapeError, ("axis=-2",)),
    "libraries": Refused(lambda: kb.kl(Backend("torch").array(HALF), np.array(HALF)), kb.MixedArraysError, ("numpy", "torch", "Convert")),
    "devices": Refused(lambda: kb.kl(Backend("torch").array(HALF), Backend("torch").array(HALF).to("meta")), kb.MixedArraysError, ("cpu", "meta", "p.to(q.device)")),
    "library of labels": Refused(lambda: kb.cross_entropy(kb.Labels([1]), kb.Logits(Backend("torch").array([HALF]))), kb.MixedArraysError, ("numpy", "torch")),
    "base 0": Refused(lambda: kb.kl(HALF, HALF, base=0), kb.InvalidInputError, ("base=0", "positive", "bits")),
    "base -2": Refused(lambda: kb.entropy(HALF, base=-2), kb.InvalidInputError, ("base=-2",)),
    "base 1": Refused(lambda: kb.js(HALF, HALF, base=1), kb.InvalidInputError, ("base=1", "other than 1")),
    "base NaN": Refused(lambda: kb.kl(HALF, HALF, base=math.nan), kb.InvalidInputError, ("base=nan",)),
    "base ∞": Refused(lambda: kb.kl(HALF, HALF, base=math.inf), kb.InvalidInputError, ("base=inf",)),
    "base True": Refused(lambda: kb.kl(HALF, HALF, base=True), kb.InvalidInputError, ("base=True",)),
    "base 'e'": Refused(lambda: kb.kl(HALF, HALF, base="e"), kb.InvalidInputError, ("base='e'",)),
    "base of a unitless question": Refused(lambda: kb.measure(HALF, HALF, of=kb.TotalVariation(), base=2), kb.InvalidInputError, ("TV(p, q)", "base=2", "Leave it out")),
    "base of a unitless matrix": Refused(lambda: kb.pairwise([HALF], of=kb.ChiSquare(), base=2), kb.InvalidInputError, ("χ²(p ‖ q)", "base=2")),
    "weights of three": Refused(lambda: kb.js(HALF, HALF, weights=(0.2, 0.3, 0.5)), kb.InvalidInputError, ("weights=(0.2, 0.3, 0.5)", "2 positive")),
    "weights with sum 1.1": Refused(lambda: kb.js(HALF, HALF, weights=(0.5, 0.6)), kb.InvalidInputError, ("weights=(0.5, 0.6)", "sum 1")),
    "negative weight": Refused(lambda: kb.js([HALF, HALF], weights=(1.5, -0.5)), kb.InvalidInputError, ("weights=(1.5, -0.5)",)),
    "js of one": Refused(lambda: kb.js([HALF]), kb.InputTypeError, ("at least two",)),
    "js of an array": Refused(lambda: kb.js(ROWS), kb.InputTypeError, ("one list",)),
    "js of unequal": Refused(lambda: kb.js([HALF, [0.2, 0.3, 0.5]]), kb.ShapeError, ("2", "3")),
    "js of a bad third": Refused(lambda: kb.js([HALF, HALF, [0.5, 0.4]]), kb.NotNormalisedError, ("p[2] sums to 0.9",)),
    "renyi alpha -1": Refused(lambda: kb.renyi(HALF, HALF, alpha=-1), kb.InvalidInputError, ("alpha=-1", "exchange")),
    "renyi alpha NaN": Refused(lambda: kb.renyi(HALF, HALF, alpha=math.nan), kb.InvalidInputError, ("alpha=nan",)),
    "renyi alpha True": Refused(lambda: kb.renyi(HALF, HALF, alpha=True), kb.InvalidInputError, ("alpha=True",)),
    "tsallis alpha 0": Refused(lambda: kb.tsallis(HALF, HALF, alpha=0), kb.InvalidInputError, ("alpha=0", "alpha_divergence")),
    "alpha ∞": Refused(lambda: kb.alpha_divergence(HALF, HALF, alpha=math.inf), kb.InvalidInputError, ("alpha=inf", "finite")),
    "gamma ½": Refused(lambda: kb.hockey_stick(HALF, HALF, gamma=0.5), kb.InvalidInputError, ("gamma=0.5", "≥ 1")),
    "gamma NaN": Refused(lambda: kb.hockey_stick(HALF, HALF, gamma=math.nan), kb.InvalidInputError, ("gamma=nan",)),
    "f that is none": Refused(lambda: kb.f_divergence(HALF, HALF, f=3), kb.InvalidInputError, ("f=3", "callable")),
    "f(1) ≠ 0": Refused(lambda: kb.f_divergence(HALF, HALF, f=lambda t: t), kb.InvalidInputError, ("f(1) = 1", "f(1) = 0")),
    "f without a limit": Refused(lambda: kb.f_divergence([1.0, 0.0], HALF, f=lambda t: t * np.log(t)), kb.InvalidInputError, ("at_zero=",)),
    "f without a slope": Refused(lambda: kb.f_divergence(HALF, [1.0, 0.0], f=lambda t: (t - 1) ** 2), kb.InvalidInputError, ("slope_at_infinity=",)),
    "logits NaN": Refused(lambda: kb.kl(kb.Logits([0.0, math.nan]), kb.Logits(HALF)), kb.InvalidInputError, ("p[1] is nan", "masked")),
    "logits +∞": Refused(lambda: kb.kl(kb.Logits(HALF), kb.Logits([0.0, math.inf])), kb.InvalidInputError, ("q[1] is inf",)),
    "logits −∞ throughout": Refused(lambda: kb.kl(kb.Logits([[0.0, 1.0], [-math.inf] * 2]), kb.Logits(HALF)), kb.InvalidInputError, ("row [1] of p is −inf throughout",)),
    "logits NaN far along": Refused(lambda: kb.js(kb.Logits(LONG), kb.Logits(changed(LONG, 1777, math.nan))), kb.InvalidInputError, ("q[1777] is nan",)),
    "integer logits": Refused(lambda: kb.kl(kb.Logits([1, 2]), HALF), kb.InputTypeError, ("p holds integers", "logits are expected")),
    "log-probabilities of 1.2": Refused(lambda: kb.kl(HALF, kb.LogProbs(np.log([0.7, 0.5]))), kb.NotNormalisedError, ("exp(q) sums to 1.2", "kb.Logits(q)")),
    "log-probabilities NaN": Refused(lambda: kb.entropy(kb.LogProbs([0.0, math.nan])), kb.InvalidInputError, ("p[1] is nan", "log-probabilities")),
    "probabilities beside logits": Refused(lambda: kb.kl([0.7, 0.5], kb.Logits(HALF)), kb.NotNormalisedError, ("p sums to 1.2",)),
    "counts negative": Refused(lambda: kb.kl(kb.Counts([3, -1]), HALF), kb.InvalidInputError, ("p[1] = -1", "count cannot be negative")),
    "counts infinite": Refused(lambda: kb.kl(HALF, kb.Counts([1.0, math.inf])), kb.InvalidInputError, ("q[1] is inf", "finite")),
    "counts of nothing": Refused(lambda: kb.kl(kb.Counts([[1, 2], [0, 0]]), HALF), kb.InvalidInputError, ("row [1] of p counts nothing",)),
    "label 3 of 3": Refused(lambda: kb.cross_entropy(kb.Labels([0, 3]), kb.Logits(np.ones((2, 3)))), kb.InvalidInputError, ("p[1] = 3", "3 classes, 0 to 2", "ignore_index")),
    "label -1": Refused(lambda: kb.cross_entropy(kb.Labels([-1, 0]), kb.Logits(np.ones((2, 3)))), kb.InvalidInputError, ("p[0] = -1", "0 to 2")),
    "label not the ignored one": Refused(lambda: kb.cross_entropy(kb.Labels([-1, -2], ignore_index=-1), kb.Logits(np.ones((2, 3)))), kb.InvalidInputError, ("p[1] = -2",)),
    "labels among probabilities": Refused(lambda: kb.kl(kb.Labels([0, 4]), ROWS[:2]), kb.InvalidInputError, ("p[1] = 4", "4 classes")),
    "labels of fractions": Refused(lambda: kb.cross_entropy(kb.Labels([0.5]), kb.Logits([HALF])), kb.InputTypeError, ("p holds float64", "class indices")),
    "labels of another shape": Refused(lambda: kb.cross_entropy(kb.Labels([0, 1]), kb.Logits([HALF])), kb.ShapeError, ("(2,)", "(1,)", "One label a row")),
    "labels on both sides": Refused(lambda: kb.kl(kb.Labels([0]), kb.Labels([1])), kb.InputTypeError, ("both Labels", "one-hot")),
    "labels in js of a list": Refused(lambda: kb.js([kb.Labels([0]), [HALF]]), kb.InputTypeError, ("p[0] holds Labels",)),
    "joint of one axis": Refused(lambda: kb.mutual_information(HALF), kb.ShapeError, ("(2,)", "two axes")),
    "joint, one axis twice": Refused(lambda: kb.mutual_information(ROWS / 3, axis=(0, 0)), kb.ShapeError, ("axis=(0, 0)",)),
    "joint, no such axis": Refused(lambda: kb.mutual_information(ROWS / 3, axis=(0, 5)), kb.ShapeError, ("axis=(0, 5)",)),
    "joint with sum 3": Refused(lambda: kb.mutual_information(ROWS), kb.NotNormalisedError, ("joint sums to 3", "kb.Counts(joint)")),
    "joint of logits": Refused(lambda: kb.mutual_information(kb.Logits(ROWS / 3)), kb.InputTypeError, ("joint", "Logits")),
    "matrix of a row": Refused(lambda: kb.pairwise(HALF), kb.ShapeError, ("P has shape (2,)", "(n, k)")),
    "matrix of unequal": Refused(lambda: kb.pairwise(ROWS, [HALF]), kb.ShapeError, ("P has 4 outcomes and Q has 2",)),
    "matrix with sum 1.25": Refused(lambda: kb.pairwise(ROWS, changed(ROWS, (1, 0), 0.5)), kb.NotNormalisedError, ("row [1] of Q sums to 1.25",)),
    "matrix of entropy": Refused(lambda: kb.pairwise(ROWS, of=kb.Entropy()), kb.InputTypeError, ("Entropy()", "two distributions")),
    "measure by name": Refused(lambda: kb.measure(HALF, HALF, of="kl"), kb.InputTypeError, ("of='kl'", "kb.KL()")),
    "measure without q": Refused(lambda: kb.measure(HALF), kb.InputTypeError, ("q is missing",)),
    "measure with q too many": Refused(lambda: kb.measure(HALF, HALF, of=kb.Entropy()), kb.InputTypeError, ("Entropy()", "one distribution")),
    "exact sum of counts": Refused(lambda: kb.measure(kb.Counts([1, 2]), HALF, by=kb.ExactSum()), kb.NoMethodError, ("ExactSum()", "estimate")),
    "plug-in without counts": Refused(lambda: kb.measure(HALF, HALF, by=kb.PlugIn()), kb.NoMethodError, ("PlugIn()", "needs counts")),
}  # fmt: skip
