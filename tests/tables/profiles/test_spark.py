"""Sketches that Spark made are read, compared and merged like our own."""

import base64
import json
from pathlib import Path

import datasketches
import numpy as np
import pyarrow as pa
import pytest

import kullback as kb
from kullback.errors import InvalidInputError
from kullback.tables.profiles.kll import line_of

SPARK = json.loads(Path(__file__).with_name("spark_sketches.json").read_text())
ID = np.arange(30_000.0)
TRUTH = {
    "double": (ID / 30_000) ** 2 * 100,
    "float": np.sqrt(ID).astype(np.float32).astype(float),
    "bigint": ID * ID,
}
BOUND = {200: 0.0133, 1000: 0.00279}


def of_spark(name):
    return base64.b64decode(SPARK[name])


def of_python(values, k=200):
    sketch = datasketches.kll_doubles_sketch(k)
    sketch.update(values)
    return sketch.serialize()


@pytest.mark.parametrize("items", list(TRUTH))
def test_ranks_are_those_of_the_rows(items):
    line, truth = line_of(of_spark(items), items), np.sort(TRUTH[items])
    assert (line.rows, line.k) == (30_000, 200)
    places = truth[::100]
    off = np.abs(line.at_or_below(places) - np.searchsorted(truth, places, side="right"))
    assert 0 < off.max() / 30_000 < BOUND[200]
    assert line.bound == pytest.approx(BOUND[200], rel=0.01)
    assert (line.values[0], line.values[-1]) == (truth[0], truth[-1])


def test_nulls_are_missing():
    found = kb.Profile.from_sketches({"holes": of_spark("holes")}, rows=30_000)
    assert (found["holes"].filled, found.rows) == (27_000, 30_000)
    assert "10.0 %" in repr(found)


@pytest.mark.parametrize("items", list(TRUTH))
def test_a_table_against_sparks_sketch_of_the_same_rows(items, tmp_path):
    found = kb.Profile.from_sketches({"x": of_spark(items)}, rows=30_000, items=items)
    found.save(tmp_path / "spark.kbp")
    table = pa.table({"x": TRUTH[items] + 0.0})
    same = kb.compare(tmp_path / "spark.kbp", table)["x"]
    assert same.status == "same"
    assert same.ks.least == 0
    assert same.ks.value < BOUND[200]
    rng = np.random.default_rng(0)
    other = pa.table({"x": rng.choice(TRUTH[items], 30_000) * 1.5})
    differs, whole = kb.compare(found, other)["x"], kb.compare(table, other)["x"]
    assert differs.status == "differs"
    assert differs.ks.least <= whole.ks.value <= differs.ks.most
    js = differs.estimates["js"]
    assert js.lower <= whole.estimates["js"].value <= js.upper
    assert js.upper - js.lower > whole.estimates["js"].upper - whole.estimates["js"].lower


def test_sketches_of_spark_and_python_merge():
    one = kb.Profile.from_sketches({"x": of_spark("double")}, rows=30_000)
    two = kb.Profile.from_sketches({"x": of_python(TRUTH["double"] + 1)}, rows=30_001)
    line = one.merge(two)["x"].line()
    truth = np.sort(np.concatenate([TRUTH["double"], TRUTH["double"] + 1]))
    assert line.rows == 60_000
    off = np.abs(line.at_or_below(truth[::200]) / 60_000 - np.arange(0, 60_000, 200) / 60_000)
    assert off.max() < BOUND[200]
    assert one.merge(two).rows == 60_001
    floats = kb.Profile.from_sketches({"x": of_spark("float")}, rows=30_000, items="float")
    assert floats.merge(floats)["x"].line().rows == 60_000


@pytest.mark.parametrize("n", [0, 1, 2, 200, 201, 5_000])
@pytest.mark.parametrize("k", [8, 200, 4096])
def test_every_shape_of_a_sketch_is_read(n, k):
    values = np.random.default_rng(n).normal(size=n)
    line = line_of(of_python(values, k) if n else datasketches.kll_doubles_sketch(k).serialize())
    assert line.rows == n
    assert (line.k is None) == (n <= k)
    if line.k is None:
        assert line.values.tolist() == sorted(values)


def test_what_does_not_fit_is_refused():
    with pytest.raises(InvalidInputError, match="seen 30000 rows, and the table has 10"):
        kb.Profile.from_sketches({"x": of_spark("double")}, rows=10)
    with pytest.raises(InvalidInputError, match="holds values of another type"):
        kb.Profile.from_sketches({"x": of_spark("double")}, rows=30_000, items="float")
    theta = datasketches.update_theta_sketch()
    with pytest.raises(InvalidInputError, match="are no KLL sketch of Apache DataSketches"):
        kb.Profile.from_sketches({"x": theta.compact().serialize()}, rows=10)
    bigint = kb.Profile.from_sketches({"x": of_spark("bigint")}, rows=30_000, items="bigint")
    with pytest.raises(InvalidInputError, match="kll_merge_agg_bigint"):
        bigint.merge(bigint)
