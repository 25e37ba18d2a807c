"""The interval of each divergence: no pair of laws lies outside, and its ends are reached."""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kullback.errors import InputTypeError, InvalidInputError
from kullback.forms.pair import pair_of_probabilities
from kullback.information import bounds
from kullback.information.axes import AXES, renyi_axis
from kullback.information.inequalities import exact_curve

GIVEN = ("kl", "kl_reverse", "jeffreys", "js", "tv", "hellinger", "chi2")
ORDERS = (0.5, 0.7, 2.0)


def axis_of(name):
    return AXES[name] if name in AXES else renyi_axis(float(name[6:-1]))


def divergence(name, p, q):
    axis = axis_of(name)
    with np.errstate(all="ignore"):
        p, q = np.asarray(p), np.asarray(q)
        if axis.alpha == math.inf:
            return float(np.log(np.max(np.where(p > 0, p / q, 0))))
        return axis.value(float(np.sum(axis.question.terms(pair_of_probabilities(p, q)))))


def asked(name, value, orders=(*ORDERS, math.inf)):
    if name in AXES:
        return bounds(**{name: value}, orders=orders)
    return bounds(renyi=(axis_of(name).alpha, value), orders=orders)


asked_once = cache(asked)


@st.composite
def pairs(draw):
    """Two laws of two to five outcomes, some of them empty, some laws nearly equal."""
    k = draw(st.integers(2, 5))
    p, q = (
        np.asarray(draw(st.lists(st.integers(0, 40), min_size=k, max_size=k).filter(any))) ** 2.0
        for _ in "pq"
    )
    if draw(st.booleans()):
        q = p + q * 1e-3
    return p / p.sum(), q / q.sum()


@pytest.mark.parametrize("name", [*GIVEN, "renyi(0.7)", "renyi(2)", "renyi(inf)"])
@settings(max_examples=5)
@given(laws=pairs())
def test_no_pair_of_laws_lies_outside(name, laws):
    value = divergence(name, *laws)
    if not 1e-12 < value < 100:
        return
    for other, (low, high, _) in asked(name, value, orders=(0.7, math.inf)).intervals.items():
        there = divergence(other, *laws)
        assert low * (1 - 1e-9) - 1e-12 <= there, other
        assert there <= high * (1 + 1e-9) + 1e-12, other


@pytest.mark.parametrize("name", [*GIVEN, "renyi(0.7)", "renyi(2)"])
@pytest.mark.parametrize("value", [1e-6, 0.05, 0.6])
def test_each_end_is_reached_by_the_laws_that_come_with_it(name, value):
    found = asked_once(name, value)
    reached = 0
    for other, ends in found.laws.items():
        for side, laws in zip(("low", "high"), ends, strict=True):
            if laws is None or "inf" in other:
                continue
            assert divergence(name, *laws) == pytest.approx(value, rel=2e-9)
            end = getattr(found[other], side)
            assert divergence(other, *laws) == pytest.approx(end, rel=1e-6)
            reached += 1
    assert reached >= 3, found


@pytest.mark.parametrize("name", [*GIVEN, "renyi(0.7)", "renyi(2)"])
@pytest.mark.parametrize("value", [1e-6, 0.05, 0.6])
def test_no_formula_beats_the_joint_range(name, value):
    found = asked_once(name, value)
    formulas = [(n, f) for n, each in found.formulas.items() for f in each]
    assert len(formulas) >= 2
    for other, formula in formulas:
        end = getattr(found[other], formula.side)
        if formula.side == "low":
            assert formula.value <= end * (1 + 1e-9), (other, formula)
        else:
            assert formula.value >= end * (1 - 1e-9), (other, formula)


def test_the_joint_range_is_what_brute_force_over_pairs_of_two_outcomes_finds():
    """Below, where the edge of that range is convex; above, it is the chord to disjoint laws."""
    grid = np.linspace(0.0, 1.0, 1001)[1:-1]
    p, q = np.meshgrid(grid, grid)
    pair = pair_of_probabilities(np.stack([p, 1 - p], -1), np.stack([q, 1 - q], -1))
    js, hellinger = (AXES[n].question.terms(pair).sum(-1) for n in ("js", "hellinger"))
    near = np.abs(js - 0.05) < 4e-5
    found = bounds(js=0.05)["hellinger"]
    assert found.low == pytest.approx(math.sqrt(hellinger[near].min()), rel=5e-4)
    assert found.high == pytest.approx(math.sqrt(0.05 / math.log(2)), rel=1e-9)


def test_known_numbers():
    """Each by its formula, at 30 digits in mpmath."""
    assert bounds(tv=0.3)["js"].low == pytest.approx(0.045700541525312851, rel=1e-12)
    assert bounds(kl=0.1)["chi2"].low == pytest.approx(0.10517091807564763, rel=1e-14)
    assert bounds(chi2=0.5)["kl"].high == pytest.approx(0.4054651081081644, rel=1e-14)
    assert bounds(tv=0.3)["hellinger"][:2] == pytest.approx(
        (0.21461779651989336, 0.5477225575051661)
    )
    assert bounds(chi2=3.0)["tv"].high == pytest.approx(0.75, rel=1e-12)
    assert bounds(tv=0.3)["renyi(inf)"].low == pytest.approx(-math.log(0.7), rel=1e-12)
    assert bounds(jeffreys=0.2)["kl"][:2] == (0.0, 0.2)


@pytest.mark.parametrize(
    ("v", "least"),
    [
        (1e-3, 2.0000004444446815e-06),
        (0.019, 0.0007220579315988859),
        (0.021, 0.00088208645633603945),
        (0.3, 0.18378456526831635),
        (0.9, 2.3021828844129876),
        (0.999, 6.907755278982137),
    ],
)
def test_the_exact_curve_of_total_variation_and_kl(v, least):
    """Against the minimum over pairs of two outcomes, by golden section in mpmath (30 digits)."""
    assert exact_curve(v) == pytest.approx(least, rel=1e-9)


def test_what_the_ends_are_called():
    found = bounds(kl=0.1)
    assert "Fedotov" in found["tv"].source
    assert {f.source.partition(" ")[0] for f in found.formulas["tv"]} == {
        "Fedotov,", "Csiszár", "Bretagnolle",
    }  # fmt: skip
    table = repr(found)
    assert table.startswith("KL(p ‖ q) = 0.1 nats leaves\n")
    assert "TV(p, q)      0 … 0.2224" in table
    assert "Pinsker): ≤ 0.2236" in table


def test_bits():
    assert bounds(js=0.5, base=2)["kl"].low == pytest.approx(
        bounds(js=0.5 * math.log(2))["kl"].low / math.log(2)
    )
    assert bounds(tv=0.5, base=2)["js"].high == pytest.approx(0.5)


def test_the_limits_of_a_divergence():
    assert all(i.low == 0 == i.high for i in bounds(kl=0).intervals.values())
    disjoint = bounds(tv=1.0)
    assert disjoint["hellinger"][:2] == (1.0, 1.0)
    assert disjoint["kl"][:2] == disjoint["renyi(0.5)"][:2] == (math.inf, math.inf)
    assert bounds(tv=1 - 1e-6)["kl"].low == pytest.approx(13.815510557964274, rel=1e-5)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        ({}, InvalidInputError, "Exactly one"),
        ({"kl": 0.1, "tv": 0.1}, InvalidInputError, "not 2"),
        ({"tv": 1.1}, InvalidInputError, "between 0 and 1"),
        ({"js": 0.7}, InvalidInputError, "between 0 and 0.693147"),
        ({"kl": -0.1}, InvalidInputError, "between 0 and inf"),
        ({"kl": math.nan}, InvalidInputError, "between 0 and inf"),
        ({"kl": math.inf}, InvalidInputError, "too large"),
        ({"kl": "a"}, InputTypeError, "one number"),
        ({"renyi": 2}, InputTypeError, "a pair"),
        ({"renyi": (0, 0.1)}, InvalidInputError, "order > 0"),
        ({"kl": 0.1, "base": 1}, InvalidInputError, "base"),
    ],
)
def test_what_cannot_be_bounded(call, error, says):
    with pytest.raises(error, match=says):
        bounds(**call)
