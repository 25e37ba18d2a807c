"""Spark counts where the rows are, and gives DuckDB's own numbers."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

pytest.importorskip("pyspark", reason="in the extra `spark`: make test-spark")

from kullback.errors import TableError
from kullback.tables import compare, explain
from kullback.tables.engines import engine_for
from kullback.tables.match import match
from kullback.tables.partition import Partition
from kullback.tables.warehouse import edges as remote_edges
from kullback.tables.warehouse import engine as remote
from kullback.tables.warehouse.spark import Spark

from ..tables.odd_tables import NAMES, odd_table
from ..tables.same import check_equal

pytestmark = pytest.mark.filterwarnings("ignore:PySpark does not yet fully support:FutureWarning")

FLIGHTS = Path(__file__).parents[2] / "examples" / "flights"
JANUARY, JULY = (str(FLIGHTS / f"{month}.parquet") for month in ("january", "july"))


@pytest.fixture(scope="module")
def flights(spark):
    return spark.read.parquet(JANUARY), spark.read.parquet(JULY)


@pytest.fixture(scope="module")
def odd(spark, tmp_path_factory):
    """Paths of two odd tables."""
    folder = tmp_path_factory.mktemp("odd")
    for name, rows, seed, shift in (("before", 600, 1, 0.0), ("after", 500, 2, 0.3)):
        pq.write_table(odd_table(rows, seed, shift), folder / f"{name}.parquet")
    return str(folder / "before.parquet"), str(folder / "after.parquet")


def test_flights_equal_duckdb_and_only_counts_travel(flights, monkeypatch):
    fetched, answer = [], Spark.answer

    def counting(self, query):
        found = answer(self, query)
        fetched.append(found[0].num_rows)
        return found

    monkeypatch.setattr(Spark, "answer", counting)
    found, truth = compare(*flights), compare(JANUARY, JULY)
    check_equal(found, truth)
    assert len(found.columns) == 19
    assert found.notes == ()
    assert found.provenance.engine.startswith("Spark 4.")
    assert max(fetched) < 6000 < found.rows[0]
    assert all("COUNT(" in query or "SUM(" in query for query in found.provenance.queries)


def test_blocks_joint_bounds_and_explanations_equal_duckdb(flights):
    asked = {"columns": ["dep_delay", "origin"], "block": "day"}
    found, truth = compare(*flights, **asked), compare(JANUARY, JULY, **asked)
    check_equal(found, truth)
    assert found.blocks == (31, 31)
    asked = {"columns": ["dep_delay", "air_time", "origin"], "joint": True}
    found, truth = compare(*flights, **asked), compare(JANUARY, JULY, **asked)
    assert found.joint == truth.joint
    assert found.joint.bound > 0.01
    split = explain(*flights, "dep_delay", by=["origin"]).splits[0]
    assert split == explain(JANUARY, JULY, "dep_delay", by=["origin"]).splits[0]


def test_every_kind_of_column_equals_duckdb_in_any_time_zone(spark, odd):
    zone = "America/New_York"
    spark.conf.set("spark.sql.session.timeZone", zone)
    found = compare(*(spark.read.parquet(path) for path in odd))
    assert spark.conf.get("spark.sql.session.timeZone") == zone
    check_equal(found, compare(*odd))
    assert {NAMES[0], "x", "instant", "late"} <= {column.column for column in found.columns}
    assert [view.name for view in spark.catalog.listTables()] == []
    assert [f.name for f in spark.catalog.listFunctions() if f.name.startswith("kullback")] == []


def test_given_edges_counts_are_exact(spark, odd):
    partition = Partition((-1.0, -0.5, 0.0, 0.25, 2.0), frozenset({0.25}))
    frames = [spark.read.parquet(path) for path in odd]
    found = []
    for tables in (frames, odd):
        names, opening = engine_for(*tables, lambda _step: None)
        with opening as engine:
            pairs, _ = match(engine, names, ["x", "float"])
            cells = engine.cell_counts("current", pairs, {"x": partition, "float": partition})
            found.append({name: (*each.cells, each.missing, each.nan, each.below, each.above)
                          for name, each in cells.items()})  # fmt: skip
    assert found[0] == found[1]
    assert sum(found[0]["x"]) == 500
    assert min(found[0]["x"]) > 0


def test_days_to_seconds_and_clocks(spark):
    spark.conf.set("spark.sql.timeType.enabled", "true")
    one = "interval '1 02:03:04.5' day to second AS i, time'10:11:12.5' AS t FROM range"
    two = "interval '-1 02:03:04.5' day to second AS i, time'10:11:12.5' AS t FROM range"
    before = spark.sql(f"SELECT {one}(30) UNION ALL SELECT {two}(10)")
    found = compare(before, spark.sql(f"SELECT {two}(10)"))
    assert found["i"].kl == 2.0
    assert {cell.label for cell in found["i"].cells} == {"1 d 02:03:04.5", "-1 d 02:03:04.5"}
    assert [cell.label for cell in found["t"].cells] == ["10:11:12.5"]


def test_samples_do_not_depend_on_how_rows_are_dealt(spark, monkeypatch):
    monkeypatch.setattr(remote_edges, "EXACT", 1000)
    monkeypatch.setattr(remote, "ROWS", 1000)
    before = spark.range(4000).selectExpr("cast(hash(id) AS double) AS x", "id % 3 AS few")
    after = before.selectExpr("x * 1.1 AS x", "few")
    found, again = (compare(before.repartition(parts), after, joint=True) for parts in (1, 5))
    assert found.columns == again.columns
    assert found.joint == again.joint
    assert len(found.notes) == 3
    assert abs(found.joint.rows[0] - 1000) < 160
    cuts = np.diff([0, *np.cumsum([cell.reference for cell in found["x"].cells])]) / 4000
    assert np.abs(cuts - 1 / 16).max() < 0.03


def test_what_spark_cannot_do_is_one_line(spark, flights):
    from pyspark.sql.functions import udf

    few = flights[0].select("hour")
    raising, dying = (
        udf(work, "double") for work in (lambda _: 1 / 0, lambda _: __import__("os")._exit(3))
    )
    for words, reference in {
        "division by zero": few.select(raising("hour").alias("hour")),
        "exited unexpectedly|crashed": few.select(dying("hour").alias("hour")),
        "USER_RAISED": few.selectExpr("raise_error('no') AS hour"),
        "spark:nowhere: .*TABLE_OR_VIEW_NOT_FOUND": "spark:nowhere",
        "spark:/nowhere.parquet: .*PATH_NOT_FOUND": "spark:/nowhere.parquet",
        "SYNTAX": "spark:a'; DROP TABLE b",
        "this process": JANUARY,
        "a stream has no end": spark.readStream.format("rate").load(),
        "more than one column named hour": few.toDF("hour").join(few),
        "0 rows": few.where("hour > 99"),
    }.items():
        with pytest.raises(TableError, match=words) as caught:
            compare(reference, few)
        assert "\n" not in str(caught.value)
        assert len(str(caught.value)) < 600


def test_tables_of_ibis_on_spark_are_spark(spark, flights):
    ibis = pytest.importorskip("ibis")
    connection = ibis.pyspark.connect(spark)
    flights[0].select("origin").createOrReplaceTempView("before")
    found = compare(connection.table("before"), flights[1].select("origin"))
    spark.catalog.dropTempView("before")
    check_equal(found, compare(JANUARY, JULY, columns=["origin"]))


KULLBACK = [sys.executable, "-c", "from kullback.cli import main; main()"]


def test_the_command_line_starts_its_own_session(tmp_path):
    out = tmp_path / "out.json"
    asked = [f"spark:{JANUARY}", f"spark:{JULY}", "--columns", "origin,dep_delay"]
    done = subprocess.run(
        [*KULLBACK, "compare", *asked, "--json", out, "--limit", "js=0.01"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    kl = {column["column"]: column["kl"] for column in json.loads(out.read_text())["columns"]}
    truth = compare(JANUARY, JULY, columns=["origin", "dep_delay"])
    assert kl == {column.column: column.kl for column in truth.columns}
