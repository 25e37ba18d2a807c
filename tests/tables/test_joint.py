"""Columns together: a bound that stays below the truth and finds what no column shows."""

import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from kullback.errors import InvalidInputError
from kullback.tables import compare, joint

FLIGHTS = Path(__file__).parents[2] / "examples" / "flights"


@pytest.fixture(autouse=True)
def without_scikit_learn(monkeypatch, request):
    if not request.node.name.startswith("test_flights"):
        monkeypatch.setattr(joint, "find_spec", lambda _name: None)


def gaussian(rng, correlation, rows=6000):
    x, noise = rng.normal(size=(2, rows))
    return pa.table({"x": x, "y": correlation * x + math.sqrt(1 - correlation**2) * noise})


def test_dependence_that_no_column_shows():
    rng = np.random.default_rng(0)
    found = compare(gaussian(rng, 0), gaussian(rng, 0.9), joint=True, base=math.e)
    truth = -0.5 * math.log(1 - 0.9**2)
    together = found.joint
    assert together.columns == ("x", "y")
    assert together.lower < together.bound
    assert together.lower < truth
    assert 0.75 * truth < together.bound < 1.15 * truth
    assert abs(together.marginals) < 0.02
    assert together.excess == pytest.approx(together.bound - together.marginals)
    assert together.rows == (6000, 6000)
    assert all(column.status == "same" for column in found.columns)


def test_nothing_is_nothing():
    rng = np.random.default_rng(1)
    together = compare(gaussian(rng, 0.5), gaussian(rng, 0.5), joint=["x", "y"]).joint
    assert together.lower <= 0
    assert together.bound < 0.02


def test_missing_values_words_and_what_is_left_out():
    rng = np.random.default_rng(2)

    def table(holes):
        x = [None if u < holes else float(u) for u in rng.uniform(size=3000)]
        size = rng.choice(["s", "m", "l"], 3000).tolist()
        day = pa.array(np.arange(3000) // 100, pa.int32()).cast(pa.date32())
        ids = [f"id{i}" for i in range(3000)]
        side = [holes] * 3000
        return pa.table({"x": x, "size": size, "day": day, "id": ids, "side": side})

    together = compare(table(0.1), table(0.4), joint=True).joint
    assert together.columns == ("x", "size")
    left = dict(together.left_out)
    assert set(left) == {"day", "id", "side"}
    assert left["id"] == "has 3000 values, more than 20"
    truth = 0.4 * math.log2(0.4 / 0.1)  # the others lie as densely as before
    assert 0.8 * truth < together.bound < 1.1 * truth


def test_a_joint_comparison_needs_columns():
    table = pa.table({"x": [1.0, 2.0] * 50, "w": [f"{i}" for i in range(100)]})
    with pytest.raises(InvalidInputError, match=r"at least 2 columns, and has 1: w has"):
        compare(table, table, joint=True)
    with pytest.raises(InvalidInputError, match="joint names z, which is not compared"):
        compare(table, table, joint=["z", "x"])


def test_flights_hold_about_two_bits_where_no_column_shows_more_than_a_seventh(monkeypatch):
    pytest.importorskip("sklearn")
    monkeypatch.setattr(joint, "ROWS", 5000)
    monkeypatch.setattr(joint, "FOLDS", 3)
    monkeypatch.setattr(joint, "ROUNDS", 50)
    names = ["dep_delay", "arr_delay", "air_time", "distance", "dep_time"]
    files = FLIGHTS / "january.parquet", FLIGHTS / "july.parquet"
    found = compare(*files, columns=[*names, "day"], block="day", joint=names)
    assert max(found[name].estimates["kl"].value for name in names) < 0.14
    assert found.joint.lower > 0.6
    assert found.joint.excess > 0.7
    assert "Classifier" in found.joint.by
