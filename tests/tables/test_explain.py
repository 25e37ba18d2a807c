"""The chain rule adds up, and names what accounts for a change."""

import math

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as hs

from kullback.errors import TableError
from kullback.tables.explain import explain, split_of

TABLE = hs.lists(hs.integers(0, 30), min_size=12, max_size=12).filter(any)


@settings(deadline=None, max_examples=8)
@given(TABLE, TABLE)
def test_the_chain_rule_adds_up_both_ways(now, then):
    current, reference = (np.reshape(np.asarray(side, float), (4, 3)) for side in (now, then))
    split = split_of(current, reference, by="y", labels="abc", base=2, seed=0)
    assert math.isfinite(split.joint)
    assert split.joint == pytest.approx(split.of_by + split.column_given_by, rel=1e-9, abs=1e-12)
    assert split.joint == pytest.approx(
        split.of_column + split.by_given_column, rel=1e-9, abs=1e-12
    )
    assert math.fsum(part.mix for part in split.parts) == pytest.approx(split.of_by, abs=1e-12)
    within = math.fsum(part.within for part in split.parts)
    assert within == pytest.approx(split.column_given_by, abs=1e-12)
    assert all(part.mix >= 0 and part.within >= 0 for part in split.parts)
    assert (split.prior > 0) == bool(np.any((current > 0) & (reference == 0)))


def test_conditional_kl_by_hand():
    now, then = np.array([[30.0, 10], [10, 50]]), np.array([[20.0, 20], [20, 40]])
    split = split_of(now, then, by="y", labels="ab", base=math.e, seed=0)
    truth = 0.4 * (0.75 * math.log(1.5) + 0.25 * math.log(0.5)) + 0.6 * (
        (1 / 6) * math.log((1 / 6) / (1 / 3)) + (5 / 6) * math.log((5 / 6) / (2 / 3))
    )
    assert split.column_given_by == pytest.approx(truth, rel=1e-12)
    assert split.of_by == pytest.approx(0, abs=1e-15)
    assert split.parts[1].current == 0.6


def test_the_column_that_accounts_for_the_change_comes_first():
    rng = np.random.default_rng(0)

    def days(wet, rows=4000):
        rain = rng.uniform(size=rows) < wet
        late = np.where(rain, rng.normal(30, 10, rows), rng.normal(5, 10, rows))
        return pa.table(
            {
                "late": late,
                "rain": np.where(rain, "yes", "no"),
                "coin": np.where(rng.uniform(size=rows) < 0.5, "heads", "tails"),
            }
        )

    found = explain(days(0.1), days(0.4), "late")
    assert [split.by for split in found.splits] == ["rain", "coin"]
    rain, coin = found.splits
    assert rain.column_given_by < rain.floor
    assert coin.column_given_by > 0.8 * found.column.kl
    assert [part.label for part in rain.parts] == ["no", "yes"]
    assert found.column.status == "differs"


def test_a_change_inside_one_group_is_found_there():
    before = pa.table({"x": ["a", "b"] * 200, "g": ["one", "one", "two", "two"] * 100})
    after = pa.table({"x": ["a", "b", "a", "a"] * 100, "g": ["one", "one", "two", "two"] * 100})
    (split,) = explain(before, after, "x").splits
    inside = {part.label: part.within for part in split.parts}
    assert inside["one"] == 0
    assert inside["two"] == pytest.approx(0.5, rel=1e-12)


def test_unknown_columns_are_refused():
    table = pa.table({"x": [1, 2], "y": [1, 2]})
    with pytest.raises(TableError, match="no column z"):
        explain(table, table, "z")
    with pytest.raises(TableError, match="did you mean"):
        explain(table, table, "x", by=["yy", "y"])
