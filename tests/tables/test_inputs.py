"""What may be handed over, what names may hold, and what is refused in words."""

import datetime as dt
import math
import os
from decimal import Decimal

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kullback.errors import InputTypeError, InvalidInputError, KullbackError, TableError
from kullback.tables import compare

BEFORE = {
    "n": [i % 7 for i in range(400)],
    "x": [math.sqrt(i) for i in range(400)],
    "hole": [None if i % 5 == 0 else i / 8 for i in range(400)],
    "city": ["Oslo" if i % 3 else "Lima" for i in range(400)],
    "on": [i % 4 == 0 for i in range(400)],
    "day": [dt.date(2024, 1, 1) + dt.timedelta(days=i % 90) for i in range(400)],
    "at": [dt.datetime(2024, 1, 1, tzinfo=None) + dt.timedelta(hours=i) for i in range(400)],
}
AFTER = {name: values[100:] + values[300:350] for name, values in BEFORE.items()}


@pytest.fixture(scope="module")
def truth():
    return numbers(compare(pa.table(BEFORE), pa.table(AFTER)))


def numbers(result):
    assert all(column.js > 0 for column in result.columns)
    return {column.column: (column.kl, column.js, column.tv) for column in result.columns}


@pytest.mark.parametrize("frame", [pl.DataFrame, pl.LazyFrame, pd.DataFrame, pa.table])
def test_every_dataframe_gives_the_same_answer(frame, truth):
    assert numbers(compare(frame(BEFORE), frame(AFTER))) == truth


def test_csv_and_parquet_give_the_same_answer(tmp_path, truth):
    pl.DataFrame(BEFORE).write_csv(tmp_path / "before.csv")
    pl.DataFrame(AFTER).write_parquet(tmp_path / "after.parquet")
    assert numbers(compare(tmp_path / "before.csv", tmp_path / "after.parquet")) == truth


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_pattern_is_one_table(tmp_path, truth, ending):
    whole = pl.DataFrame(BEFORE)
    for part in range(4):
        piece = whole[100 * part : 100 * (part + 1)]
        getattr(piece, f"write_{ending}")(tmp_path / f"part-{part}.{ending}")
    assert numbers(compare(str(tmp_path / f"part-*.{ending}"), pa.table(AFTER))) == truth


def test_a_name_that_looks_like_a_pattern_is_a_name(tmp_path):
    path = tmp_path / "[1]*?'; --.parquet"
    pq.write_table(pa.table({"x": ["a", "b"]}), path)
    assert compare(path, pa.table({"x": ["a"]}))["x"].kl == 1


def test_csv_types_that_change_late_are_read_again(tmp_path):
    path = tmp_path / "late.csv"
    path.write_text("x\n" + "1\n" * 30_000 + "half\n")
    found = compare(path, pa.table({"x": ["1", "half"]}))["x"]
    assert found.kind == "text"
    assert found.kl == pytest.approx(
        0.5 * math.log2(0.5 * 30_001) + 0.5 * math.log2(0.5 / (30_000 / 30_001))
    )


NAMES = [
    'a"; DROP TABLE reference; --',
    "a'; SELECT 1; --",
    "two\nlines",
    " ",
    "",
    "[red]x[/red]",
    "ñ 列 🦊",
    "$1 ? :x",
    "sampled",
    "pick",
    "c0",
    "file_row_number",
]


@pytest.mark.parametrize("ending", ["frame", "parquet", "csv"])
def test_names_and_values_are_data(tmp_path, ending):
    before = pl.DataFrame({name: [*NAMES, name] for name in NAMES})
    after = pl.DataFrame({name: [*NAMES, name, name] for name in NAMES})
    tables = [before, after]
    if ending != "frame":
        tables = [tmp_path / f"{side}.{ending}" for side in ("before", "after")]
        getattr(before, f"write_{ending}")(tables[0])
        getattr(after, f"write_{ending}")(tables[1])
    result = compare(*tables)
    assert len(result.columns) == len(NAMES)
    for column in result.columns:
        assert column.kl == pytest.approx(
            3 / 14 * math.log2(3 / 14 / (2 / 13)) + 11 / 14 * math.log2(1 / 14 / (1 / 13)), rel=1e-9
        )
    printed = repr(result)
    assert "[red]x[/red]" in printed
    assert r"two\nlines" in printed
    assert '"; DROP TABLE' in printed


def test_names_that_differ_in_case_are_different(tmp_path):
    path = tmp_path / "case.parquet"
    pq.write_table(pa.table({"A": ["x", "x"], "a": ["x", "y"]}), path)
    swapped = pa.table({"a": ["x", "y"], "A": ["x", "x"]})
    result = compare(path, swapped)
    assert {column.column: column.js for column in result.columns} == {"A": 0, "a": 0}


def test_a_name_that_occurs_twice_is_refused(tmp_path):
    path = tmp_path / "twice.parquet"
    twice = pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["b", "b"])
    pq.write_table(twice, path)
    with pytest.raises(TableError, match="more than one column named b"):
        compare(path, pa.table({"b": [1]}))
    with pytest.raises(TableError, match="b"):
        compare(twice, pa.table({"b": [1]}))


def test_other_types_are_compared_as_what_they_mean():
    before = {
        "decimal": pa.array([Decimal("1.50"), Decimal("2.25")] * 8, pa.decimal128(9, 2)),
        "clock": [dt.time(8, 30), dt.time(17, 0)] * 8,
        "length": [dt.timedelta(days=1, hours=2), dt.timedelta(0)] * 8,
        "coded": pa.array(["u", "v"] * 8).dictionary_encode(),
        "wide": pa.array([1 << 63, 5] * 8, pa.uint64()),
        "ticks": pa.array([1, 2] * 8, pa.timestamp("ns")),
    }
    after = {
        name: pa.array(
            [value.as_py() for value in pa.array(values)][:1] * 12, pa.array(values).type
        )
        if name not in {"coded", "ticks"}
        else (pa.array(values).take([0] * 12))
        for name, values in before.items()
    }
    result = compare(pa.table(before), pa.table(after))
    assert {c.column: c.kl for c in result.columns if c.column != "ticks"} == dict.fromkeys(
        ["decimal", "clock", "length", "coded", "wide"], 1.0
    )
    labels = {column.column: column.cells[0].label for column in result.columns}
    assert labels["clock"] == "08:30"
    assert labels["length"] == "1 d 02:00"
    assert labels["wide"] == str(1 << 63)
    assert result["ticks"].kind == "timestamp"


def test_infinite_dates_and_all_nan_columns():
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE t AS SELECT DATE '2024-01-01' + i::INT AS day, 'nan'::DOUBLE AS nan "
            "FROM range(200) r(i) UNION ALL SELECT unnest(['infinity', '-infinity']::DATE[]), 'nan'"
        )
        before = connection.sql("FROM t").to_arrow_table()
    result = compare(before, before.slice(0, 200))
    assert result["nan"].js == 0
    assert result["day"].kl > 0


def test_dates_are_printed_as_dates():
    found = compare(pa.table(BEFORE), pa.table(AFTER))
    assert found["day"].cells[0].label.startswith("≤ 2024-01-")
    assert found["at"].cells[-1].label.startswith("> 2024-01-16 ")


def test_a_missing_side_takes_the_other_type(tmp_path):
    path = tmp_path / "empty.csv"
    path.write_text("x,y\n,1\n,1\n")
    found = compare(path, pa.table({"x": [1.5, 2.5], "y": [1, 1]}))
    assert found["x"].js == 1
    assert found["y"].js == 0


def test_nested_columns_are_skipped_by_name():
    before = pa.table({"x": [1, 2], "list": [[1], [2]], "raw": [b"a", b"b"]})
    result = compare(before, before)
    assert [column.column for column in result.columns] == ["x"]
    assert "list" in result.notes[0]
    assert "raw" in result.notes[0]
    with pytest.raises(TableError, match="list"):
        compare(before, before, columns=["x", "list"])


def test_columns_of_one_side_are_noted():
    result = compare(pa.table({"x": [1], "old": [1]}), pa.table({"x": [1], "new": [1]}))
    assert result.notes == (
        "only in the reference, not compared: old",
        "only in the current table, not compared: new",
    )
    assert "not compared: old" in repr(result)


def test_chosen_columns_only():
    result = compare(pa.table(BEFORE), pa.table(AFTER), columns=["city", "n"])
    assert {column.column for column in result.columns} == {"city", "n"}


def write(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    return path


GOOD = pa.table({"x": [1, 2]})


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("zero.csv", b"", "zero.csv is empty"),
        ("zero.parquet", b"", "zero.parquet is empty"),
        ("head.csv", b"x,y\n", "0 rows"),
        ("cut.parquet", b"PAR1 and no end", "cannot read .*cut.parquet"),
        ("noise.csv", bytes(range(256)) * 20, "cannot read .*noise.csv"),
        ("latin.csv", "x\né\n".encode("latin1"), "cannot read .*latin.csv"),
        ("mixed.csv", "x\né\n".encode() * 9000 + "é\n".encode("latin1"), "cannot read .*mixed.csv"),
        ("table.xlsx", b"PK", "neither CSV nor Parquet"),
        ("other.csv", b"y\n1\n", "no common column"),
    ],
)
def test_unusable_files_are_refused_by_name(tmp_path, name, content, words):
    with pytest.raises(TableError, match=words) as caught:
        compare(write(tmp_path, name, content), GOOD)
    assert "\n" not in str(caught.value)


def test_a_truncated_parquet_is_refused(tmp_path):
    whole = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"x": list(range(10_000))}), whole)
    cut = write(tmp_path, "cut.parquet", whole.read_bytes()[:2000])
    with pytest.raises(TableError, match=r"cut\.parquet"):
        compare(cut, whole)
    spoilt = bytearray(whole.read_bytes())
    spoilt[100:5000] = b"\xff" * 4900
    with pytest.raises(TableError):
        compare(write(tmp_path, "spoilt.parquet", bytes(spoilt)), whole)


def test_a_pattern_of_two_encodings_is_refused(tmp_path):
    write(tmp_path, "part-0.csv", "x\né\n".encode())
    write(tmp_path, "part-1.csv", "x\né\n".encode("latin1"))
    with pytest.raises(TableError, match=r"cannot read .*part-\*\.csv"):
        compare(str(tmp_path / "part-*.csv"), GOOD)


def test_unreadable_files_are_refused(tmp_path):
    path = write(tmp_path, "secret.csv", b"x\n1\n")
    path.chmod(0)
    if os.access(path, os.R_OK):
        path.unlink()  # root reads everything; a link to nothing is as unreadable to root, too
        path.symlink_to(tmp_path / "gone.csv")
    with pytest.raises(TableError, match=r"secret\.csv"):
        compare(path, GOOD)


@pytest.mark.parametrize("ending", ["frame", "parquet"])
def test_a_table_without_rows_is_refused(tmp_path, ending):
    table = pa.table({"x": pa.array([], pa.int64())})
    if ending == "parquet":
        pq.write_table(table, tmp_path / "none.parquet")
        table = tmp_path / "none.parquet"
    with pytest.raises(TableError, match="0 rows and 1 columns"):
        compare(table, GOOD)


@pytest.mark.parametrize("kind", [pa.null(), pa.float64(), pa.string(), pa.date32()])
def test_columns_without_a_value_are_equal(kind):
    nothing = pa.table({"x": pa.array([None] * 30, kind), "y": [1] * 30})
    found = compare(nothing, nothing)["x"]
    assert (found.kl, found.js, found.status) == (0, 0, "same")
    assert found.missing_share == (1, 1)
    some = pa.table({"x": pa.array([1.0] * 30), "y": [1] * 30})
    assert compare(nothing, some)["x"].js == 1


def test_missing_files_and_folders_are_refused(tmp_path):
    with pytest.raises(TableError, match=r"no such file: .*nowhere\.csv"):
        compare(tmp_path / "nowhere.csv", GOOD)
    with pytest.raises(TableError, match="no file matches"):
        compare(str(tmp_path / "*.csv"), GOOD)
    with pytest.raises(TableError, match="is a folder"):
        compare(tmp_path, GOOD)


def test_a_changed_type_names_column_types_and_files(tmp_path):
    before = write(tmp_path, "before.csv", b"x,y\n1,1\n2,2\n")
    after = write(tmp_path, "after.csv", b"x,y\none,1\ntwo,2\n")
    with pytest.raises(TableError, match=r"before\.csv to .*after\.csv: x \(BIGINT → VARCHAR\)"):
        compare(before, after)
    assert compare(before, after, columns=["y"])["y"].js == 0


def test_unknown_columns_are_refused_with_a_hint():
    with pytest.raises(TableError, match=r"no column citi in .*did you mean city"):
        compare(pa.table(BEFORE), pa.table(AFTER), columns=["citi"])
    with pytest.raises(TableError, match="no column is named"):
        compare(GOOD, GOOD, columns=[])


@pytest.mark.parametrize("base", [1, 0, -2, math.inf, math.nan])
def test_a_bad_base_is_refused(base):
    with pytest.raises(InvalidInputError, match="base is"):
        compare(GOOD, GOOD, base=base)


@pytest.mark.parametrize("given", [3, [1, 2], {"x": [1]}, None])
def test_what_is_no_table_is_refused(given):
    with pytest.raises(InputTypeError, match=type(given).__name__):
        compare(given, GOOD)


def test_a_frame_that_cannot_be_arrow_is_refused():
    with pytest.raises(KullbackError, match="pandas table cannot become Arrow"):
        compare(pd.DataFrame({"x": [1, "a", object()]}), GOOD)


def test_nothing_is_left_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "in").mkdir()
    path = write(tmp_path / "in", "x.csv", b"x\n1\n2\n")
    compare(path, path)
    with pytest.raises(TableError):
        compare(path, write(tmp_path / "in", "y.csv", b"y\n1\n"))
    assert [entry.name for entry in tmp_path.iterdir()] == ["in"]
