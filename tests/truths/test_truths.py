"""Every question of every case against mpmath: both engines, three libraries, two dtypes."""

import json
from pathlib import Path

import numpy as np
import pytest

import kullback as kb

from ..backends import Backend, numbers, relative_error
from .asked import ASKED
from .cases import double_cases, single_cases

TRUTHS = json.loads(Path(__file__).with_name("truths.json").read_text())
DOUBLE, SINGLE = double_cases(), single_cases()


def truth_of(name, question, dtype):
    with np.errstate(over="ignore"):  # beyond the largest number of the dtype lies ∞
        return np.asarray(float(TRUTHS[name]["values"][question]), dtype)


def errors(names, cases, backend, tolerance):
    """Return the questions whose answer is off, or negative; cases are the rows of one call."""
    first = cases[names[0]]
    dtype, empty = str(first.p.dtype), -np.inf if first.held == "logits" else 0.0
    p, q = (
        backend.array(rows[0] if len(rows) == 1 else padded(rows, empty), dtype)
        for rows in ([getattr(cases[name], side) for name in names] for side in "pq")
    )
    if first.held == "logits":
        p, q = kb.Logits(p), kb.Logits(q)
    wrong = {}
    for question, call in ASKED.items():
        answer = numbers(call(p, q)).reshape(len(names))
        for name, got in zip(names, answer, strict=True):
            truth = truth_of(name, question, dtype)
            error = relative_error(got, truth)
            if not (error <= tolerance and got >= 0):
                wrong[name, question] = (
                    f"{float(got)!r} is not {float(truth)!r}: off by {error:.1e}"
                )
    return wrong


def padded(rows, empty):
    """Return the rows as one array, the shorter ones with outcomes that neither side has."""
    wide = np.full((len(rows), max(map(len, rows))), empty, rows[0].dtype)
    for i, row in enumerate(rows):
        wide[i, : len(row)] = row
    return wide


def by_form(cases):
    """Return the cases in one batch for each form, without those that XLA takes for zero."""
    groups = {}
    for name, case in cases.items():
        if "subnormal" not in name:
            groups.setdefault(case.held, []).append(name)
    return [pytest.param(names, id=held) for held, names in groups.items()]


@pytest.mark.parametrize("name", TRUTHS)
def test_the_inputs_are_those_of_the_truths(name):
    assert (DOUBLE | SINGLE)[name].fingerprint() == TRUTHS[name]["input"]


def test_every_case_and_question_has_its_truth():
    assert set(TRUTHS) == set(DOUBLE | SINGLE)
    assert all(set(truth["values"]) == set(ASKED) for truth in TRUTHS.values())


@pytest.mark.parametrize("name", DOUBLE)
def test_numpy(name, engine):
    assert errors([name], DOUBLE, Backend("numpy"), 1e-12) == {}


@pytest.mark.parametrize("name", SINGLE)
def test_numpy_single(name, engine):
    assert errors([name], SINGLE, Backend("numpy"), 1e-5) == {}


@pytest.mark.parametrize("name", DOUBLE)
def test_torch(name, engine):
    assert errors([name], DOUBLE, Backend("torch"), 1e-12) == {}


@pytest.mark.parametrize("name", SINGLE)
def test_torch_single(name, engine):
    assert errors([name], SINGLE, Backend("torch"), 1e-5) == {}


@pytest.mark.parametrize("names", by_form(DOUBLE))
def test_jax(names, jax):
    assert errors(names, DOUBLE, Backend("jax"), 1e-12) == {}


@pytest.mark.parametrize("names", by_form(SINGLE))
def test_jax_single(names, jax):
    assert errors(names, SINGLE, Backend("jax"), 1e-5) == {}


@pytest.mark.parametrize("names", by_form(DOUBLE))
def test_rows_of_a_batch(names, engine):
    assert errors(names, DOUBLE, Backend("numpy"), 1e-12) == {}


@pytest.mark.parametrize("name", [name for name in DOUBLE if "subnormal" in name])
def test_jax_takes_subnormal_numbers_for_zero(name, jax):
    """XLA flushes them on the CPU: its answers are those of the rows without them."""
    p, q = (np.where(x < 2.3e-308, 0.0, x) for x in (DOUBLE[name].p, DOUBLE[name].q))
    given = jax.numpy.asarray(DOUBLE[name].p), jax.numpy.asarray(DOUBLE[name].q)
    for call in ASKED.values():
        assert relative_error(call(*given), call(p, q)) < 1e-12
