"""Each formula of the atlas against mpmath's 25 digits: every pair, over a grid of parameters.

Rows are those of atlas.json, which make_atlas wrote without kullback. Their numbers are binary64,
so that nothing is left to the conditioning of parameters: near-equal rows have to keep all digits.
"""

import json
import math
from collections import defaultdict
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import kullback as kb
from kullback.methods.formulas.atlas import atlas_rows

from ..backends import numbers
from .errors_found import ASKED, error_of, is_exact, law, questions_of

ROWS = json.loads(Path(__file__).with_name("atlas.json").read_text())
LISTED = questions_of(atlas_rows())
TOLERANCE = 1e-12
LOOSER = {("renyi 0.3", "LowRankNormal"): 5e-12}  # covariances of condition 1e6, far apart


def names(row):
    return row["p"]["family"], None if row["q"] is None else row["q"]["family"]


def laws(row, as_array=lambda x: x):
    return tuple(None if row[side] is None else law(row[side], as_array) for side in "pq")


def grouped(question):
    """Return the rows of one question under their pair, where the atlas lists a formula for it."""
    groups = defaultdict(list)
    for row in ROWS:
        if row["question"] == question and (ASKED[question].listed, *names(row)) in LISTED:
            groups[names(row)].append(row)
    return [pytest.param(rows, id=" ‖ ".join(filter(None, pair))) for pair, rows in groups.items()]


def exact(row):
    """Whether a formula answers."""
    if "exact" not in row:
        row["exact"] = is_exact(row, *laws(row))
    return row["exact"]


def wrong(rows, as_array=lambda x: x):
    """Return the rows that a formula gets wrong."""
    found = []
    for row in rows:
        if not exact(row):
            continue
        p, q = laws(row, as_array)
        got = float(numbers(ASKED[row["question"]].call(p, q)))
        if error_of(got, row) > LOOSER.get((row["question"], names(row)[0]), TOLERANCE):
            found.append(f"{row['question']} of {p!r} and {q!r}: {got!r} is not {row['value']}")
    return found


def test_every_formula_of_the_atlas_has_three_truths():
    count = defaultdict(int)
    for row in ROWS:
        formula = ASKED[row["question"]].listed, *names(row)
        if formula in LISTED and math.isfinite(float(row["value"])):
            count[formula] += exact(row)
    assert {pair for pair in LISTED if pair[0] == "KL" and count[pair] < 3} == set()


def test_no_truth_is_zero_by_accident():
    assert all(float(row["value"]) != 0 for row in ROWS)


@pytest.mark.parametrize("rows", grouped("kl"))
def test_kl(rows):
    assert wrong(rows) == []


@pytest.mark.parametrize("rows", grouped("entropy"))
def test_entropy(rows):
    assert wrong(rows) == []


@pytest.mark.parametrize("question", ["renyi 0.3", "renyi 2", "hellinger", "chi2", "w2"])
def test_orders_and_distances(question):
    assert [x for param in grouped(question) for x in wrong(param.values[0])] == []


ENTROPIES = {json.dumps(row["p"]): row["value"] for row in ROWS if row["question"] == "entropy"}


@cache
def entropy_of(named):
    """H(P), by its truth where there is one, else by our own."""
    known = ENTROPIES.get(named)
    return float(kb.entropy(law(json.loads(named))) if known is None else known)


@pytest.mark.parametrize("rows", grouped("kl"))
def test_cross_entropy_is_entropy_and_kl(rows):
    """H(P, Q) = H(P) + KL(P ‖ Q)."""
    for row in rows:
        p, q = laws(row)
        if ("Entropy", names(row)[0], None) in LISTED and exact(row):
            parts = entropy_of(json.dumps(row["p"])), float(row["value"])
            assert close(kb.cross_entropy(p, q), sum(parts), *parts)


def close(got, want, *parts):
    """Whether two sums agree to rounding: 1e-12 of the parts, which may cancel."""
    if math.isinf(want):
        return got == want
    return abs(got - want) <= TOLERANCE * sum(map(abs, parts))


def test_torch():
    """A sample of rows with tensors for parameters, near-equal ones among them."""
    torch = pytest.importorskip("torch")

    def tensor(x):
        return torch.as_tensor(x, dtype=torch.float64)

    sample = [
        row
        for i, row in enumerate(ROWS)
        if i % 9 == 0 or 0 < float(row["value"]) < 1e-9
        if (ASKED[row["question"]].listed, *names(row)) in LISTED
    ]
    assert wrong(sample, tensor) == []
    value = kb.kl(*laws(next(row for row in sample if row["question"] == "kl"), tensor))
    assert isinstance(value, torch.Tensor)
    assert value.dtype == torch.float64


@pytest.mark.parametrize("rows", grouped("kl"))
def test_nearly_equal_in_single_precision(rows):
    """Never negative, and near what double precision says of the same rounded parameters."""
    for row in rows:
        if not float(row["value"]) < 1e-9:
            continue
        p, q = laws(row, lambda x: np.asarray(x, np.float32))
        if not is_exact(row, p, q):
            continue
        value = kb.kl(p, q)
        assert value.dtype == np.float32
        wide = laws(row, lambda x: np.float64(np.float32(x)))
        assert float(value) == pytest.approx(float(kb.kl(*wide)), rel=0.1, abs=1e-30)
        assert float(value) >= 0
