"""Dependent rows: January's flights on even days against those on odd ones."""

from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from kullback.errors import TableError
from kullback.tables import compare

FLIGHTS = Path(__file__).parents[2] / "examples" / "flights"
COLUMNS = ["dep_delay", "arr_delay", "air_time", "distance", "carrier", "origin", "minute"]


@pytest.fixture(scope="module")
def halves():
    january = pl.read_parquet(FLIGHTS / "january.parquet", columns=[*COLUMNS, "day"])
    even = pl.col("day") % 2 == 0
    return january.filter(even), january.filter(~even)


def test_rows_alone_see_drift_where_there_is_none(halves):
    found = compare(*halves, columns=COLUMNS)
    differing = {column.column for column in found.columns if column.status == "differs"}
    assert differing == {"dep_delay", "arr_delay", "air_time"}
    assert found["dep_delay"].p_value < 1e-5


def test_whole_days_read_the_same(halves):
    found = compare(*halves, columns=COLUMNS, block="day")
    assert {column.column: column.status for column in found.columns} == dict.fromkeys(
        COLUMNS, "same"
    )
    assert found.block == "day"
    assert found.blocks == (15, 16)
    assert found["dep_delay"].p_value == pytest.approx(0.61, abs=0.15)
    assert found["air_time"].p_value == pytest.approx(0.88, abs=0.15)


def test_january_and_july_differ_by_days_too_with_a_wider_interval():
    files = FLIGHTS / "january.parquet", FLIGHTS / "july.parquet"
    by_row = compare(*files, columns=["dep_delay"])["dep_delay"]
    by_day = compare(*files, columns=["dep_delay"], block="day")["dep_delay"]
    assert by_day.status == "differs"
    rows, days = by_row.estimates["kl"], by_day.estimates["kl"]
    assert days.upper - days.lower > 4 * (rows.upper - rows.lower)
    assert days.floor > 10 * rows.floor
    assert days.lower > 0
    assert by_day.kl == by_row.kl


def test_too_few_blocks_are_refused():
    table = pa.table({"x": [1, 2, 3], "day": [1, 1, 2]})
    with pytest.raises(TableError, match=r"block day has 2 values in .*at least 4"):
        compare(table, table, block="day")


def test_an_unknown_block_is_refused_with_a_hint():
    table = pa.table({"x": [1, 2, 3], "day": [1, 1, 2]})
    with pytest.raises(TableError, match=r"no column dya in .*did you mean day"):
        compare(table, table, block="dya")
    nested = pa.table({"x": [1, 2, 3], "day": [[1], [1], [2]]})
    with pytest.raises(TableError, match="nested"):
        compare(nested, nested, block="day")


def test_block_names_and_values_are_data():
    name = 'b"; DROP TABLE reference; --'
    table = pa.table(
        {"x": [i // 8 % 2 for i in range(400)], name: [f"'{i % 8}\";--" for i in range(400)]}
    )
    found = compare(table, table, block=name)
    assert found.blocks == (8, 8)
    assert found["x"].status == "same"


def test_very_many_blocks_are_dealt_into_fewer():
    users = list(range(6000)) * 2
    table = pa.table({"x": [i % 3 for i in range(12_000)], "user": users})
    found = compare(table, table, columns=["x"], block="user")
    assert max(found.blocks) <= 4096
    assert found["x"].status == "same"


def test_blocks_that_match_are_told_and_nothing_is_taken_off():
    days = [i % 20 for i in range(4000)]
    table = pa.table({"day": days, "date": days, "x": [i % 3 for i in range(4000)]})
    other = pa.table({"day": days, "date": days, "x": [i % 3 // 2 for i in range(4000)]})
    found = compare(table, other, block="day")
    assert "match" in found["date"].notes[0]
    assert found["date"].p_value == 1
    js = found["date"].estimates["js"]
    assert js.value == found["date"].js == 0
    assert js.lower == 0 < js.upper


def test_the_block_column_is_left_out_by_name():
    table = pa.table({"day": [i % 20 for i in range(400)], "x": [i % 3 for i in range(400)]})
    found = compare(table, table, block="day")
    assert [column.column for column in found.columns] == ["x"]
    assert found.notes == ("day tells the blocks, so it is not compared",)
    assert compare(table, table, columns=["x"], block="day").notes == ()
    with pytest.raises(TableError, match="day tells the blocks, and there is no other column"):
        compare(table, table, columns=["day"], block="day")
