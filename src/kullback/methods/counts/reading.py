"""From forms to what was counted: one batch shape, outcomes last."""

import math
from dataclasses import replace

import numpy as np

from kullback.arrays.checks import check_fit, check_probabilities
from kullback.errors import ShapeError
from kullback.forms import Counts, Discrete, Form, Logits, LogProbs
from kullback.forms.families.outcomes import as_numpy
from kullback.methods.counts.tables import Numbers, Side, Tables
from kullback.methods.exact.held import probabilities_of
from kullback.questions import JointQuestion, Question


def read_tables(of: Question, p: Form, q: Form | None, axis: int, threads: int = 0) -> Tables:
    """Return what was counted, both sides in one batch shape.

    Raises
    ------
    ShapeError, InvalidInputError
        For tables that do not fit, and counts that are negative or not finite.
    """
    assert isinstance(p, Discrete)
    if isinstance(of, JointQuestion):
        return _read_joint(of, p, threads)
    first = _side(p, axis, "p")
    if q is None:
        return Tables(first, threads=threads)
    assert isinstance(q, Discrete)
    second = _side(q, axis, "q")
    a = first.seen if first.counted else first.frequencies
    b = second.seen if second.counted else second.frequencies
    check_fit(a, b)
    a, b = np.broadcast_arrays(a, b)
    return Tables(_with(first, a), _with(second, b), threads=threads)


def _with(side: Side, x: Numbers) -> Side:
    return replace(side, counts=x) if side.counted else replace(side, law=x)


def _side(form: Discrete, axis: int, name: str) -> Side:
    if isinstance(form, Counts):
        return Side(as_numpy(form.checked(axis, name)), prior=form.prior or 0.0)
    law = as_numpy(probabilities_of(form, axis, name))
    if not isinstance(form, (Logits, LogProbs)):
        check_probabilities(law, name)
    return Side(None, law / law.sum(axis=-1, keepdims=True))


def _read_joint(of: JointQuestion, p: Discrete, threads: int) -> Tables:
    shape = tuple(map(int, p.array.shape))
    if len(shape) < of.axes:
        raise ShapeError(
            f"The joint table has shape {shape}: {'two' if of.axes == 2 else 'three'} axes of it "
            "are needed, one for each variable."
        )
    joint = shape[-of.axes :]
    rows = p.array.reshape(*shape[: -of.axes], math.prod(joint))
    side = _side(replace(p, array=rows), -1, "p")
    return Tables(side, joint=joint, threads=threads)
