"""Tables that Ibis reaches are counted where they are, and give DuckDB's own numbers."""

import math
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kullback.errors import InvalidInputError, TableError
from kullback.tables import compare, compare_predictions, explain
from kullback.tables.engines import engine_for
from kullback.tables.match import match
from kullback.tables.warehouse import edges as remote_edges
from kullback.tables.warehouse import engine as remote

from .odd_tables import NAMES, odd_table
from .same import check_equal

FLIGHTS = Path(__file__).parents[2] / "examples" / "flights"
COLUMNS = ["dep_delay", "air_time", "carrier", "time_hour", "day"]


def flights(month, columns=None):
    return pq.read_table(FLIGHTS / f"{month}.parquet", columns=columns)


def both(before, after, **options):
    """What Ibis and what DuckDB find of the same two tables."""
    elsewhere = compare(ibis.memtable(before), ibis.memtable(after), **options)
    return elsewhere, compare(before, after, **options)


def test_flights_equal_duckdb():
    months = [flights(month, COLUMNS) for month in ("january", "july")]
    found, truth = both(*months, block="day")
    check_equal(found, truth)
    assert found.blocks == truth.blocks == (31, 31)
    assert found["dep_delay"].js > 0.01
    assert "through Ibis" in found.provenance.engine


def test_the_joint_bound_equals_duckdb():
    tables = [
        flights(month, ["dep_delay", "air_time"]).slice(0, 2000) for month in ("january", "july")
    ]
    found, truth = both(*tables, joint=True)
    assert found.joint == truth.joint
    assert found.joint.bound > 0.01


def test_every_kind_of_column_equals_duckdb():
    found, truth = both(odd_table(600, 1, 0.0), odd_table(500, 2, 0.3))
    check_equal(found, truth)
    assert len(found.columns) == 13 + len(NAMES)
    assert found["x"].js > 0.01


def test_whole_numbers_without_a_sign_keep_their_digits():
    top = (1 << 64) - 1
    before = pa.table({"wide": pa.array([top - i for i in range(500)], pa.uint64())})
    after = pa.table({"wide": pa.array([top - i for i in range(0, 500, 2)], pa.uint64())})
    found, truth = both(before, after)
    check_equal(found, truth)
    assert found["wide"].edges[-1] > 1 << 63


def test_explanations_equal_duckdb():
    before, after = (flights(month, COLUMNS) for month in ("january", "july"))
    found = explain(ibis.memtable(before), ibis.memtable(after), "dep_delay", by=["carrier", "day"])
    assert found.splits == explain(before, after, "dep_delay", by=["carrier", "day"]).splits
    assert found.splits[0].of_column > 0.05


def test_many_values_are_thinned_the_same_way_each_time(monkeypatch):
    monkeypatch.setattr(remote_edges, "EXACT", 2000)
    rng = np.random.default_rng(0)
    values = np.where(rng.random(20_000) < 0.3, 0.0, rng.normal(size=20_000))
    before, after = pa.table({"x": values}), pa.table({"x": values[:9_000] + 0.1})
    shuffled = pa.table({"x": rng.permutation(values)})
    found, again = (compare(ibis.memtable(b), ibis.memtable(after)) for b in (before, shuffled))
    assert found.columns == again.columns
    assert "x: the edges of its cells come from about 2000 of 20000 rows" in found.notes[0]
    edges = found["x"].edges
    assert 0.0 in edges
    cuts = np.searchsorted(np.sort(values), edges, side="right") / len(values)
    even = np.diff([0, *cuts, 1])
    assert np.abs(np.sort(even)[2:-1] - 0.0625).max() < 0.01  # but for zeros and what is beside
    held = {cell.label: cell.reference for cell in found["x"].cells}
    assert sum(held.values()) == 20_000
    assert held["0"] == int((values == 0).sum())


def test_a_sample_of_rows_is_fair_and_stays_the_same(monkeypatch):
    monkeypatch.setattr(remote, "ROWS", 3000)
    rng = np.random.default_rng(1)
    table = pa.table(
        {
            "x": rng.normal(size=12_000),
            "few": np.asarray(["a", "b", "c"])[rng.integers(0, 3, 12_000)],
        }
    )
    names, opening = engine_for(ibis.memtable(table), ibis.memtable(table), lambda _step: None)
    with opening as engine:
        pairs, _ = match(engine, names, None)
        whole = engine.sample("reference", pairs, None)
        few = engine.sample("current", pairs[1:], None)
    x = whole.columns["x"]
    assert abs(len(x) - 3000) < 5 * math.sqrt(3000)
    assert abs(x.mean()) < 5 / math.sqrt(3000)
    assert abs(x.std() - 1) < 0.07
    shares = np.unique(few.columns["few"], return_counts=True)[1]
    assert shares.sum() == pytest.approx(3000, abs=3)  # like rows are thinned together
    assert engine.notes[0].startswith("rows of duckdb table together: about 3000 of 12000")


def test_names_are_quoted_and_values_never_reach_the_text():
    before = pa.table({name: ["'; --", "x`y", name] for name in NAMES})
    found = compare(ibis.memtable(before), ibis.memtable(before))
    assert {column.js for column in found.columns} == {0.0}
    asked = "\n".join(found.provenance.queries)
    assert '"a""; DROP TABLE reference; --"' in asked
    assert "x`y" not in asked


def test_what_cannot_be_asked_is_refused():
    here, there = pa.table({"x": [1, 2]}), ibis.memtable(pa.table({"x": [1, 2]}))
    with pytest.raises(TableError, match=r"this process and the current table in Ibis \(duckdb\)"):
        compare(here, there)
    with pytest.raises(TableError, match="0 rows and 1 columns"):
        compare(there, there.filter(there.x > 5))
    with pytest.raises(InvalidInputError, match="memory_limit and threads"):
        compare(there, there, threads=1)
    with pytest.raises(TableError, match="not from ibis"):
        compare_predictions(there, "x", "x")
    with pytest.raises(TableError, match="is not in a database"):
        compare(ibis.table({"x": "int64"}, name="nowhere"), there)
    text = ibis.memtable(pa.table({"x": ["1", "one"]}))
    broken = text.select(x=text.x.cast("int64"))
    with pytest.raises(TableError, match=r"through Ibis \S+ could not count: \S+") as caught:
        compare(broken, there)
    assert "\n" not in str(caught.value)
