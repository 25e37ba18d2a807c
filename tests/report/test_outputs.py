"""The same numbers in text, JSON, Markdown and dataframes; files whole or not at all."""

import json
import math
import os
import stat

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from kullback.errors import TableError
from kullback.report.files import replacing
from kullback.report.text import render
from kullback.report.words import number, percent
from kullback.tables import compare


@pytest.fixture(scope="module")
def result():
    before = pa.table({"coin": ["h", "t"] * 5, "state": ["old"] * 10, "n": [1, None] * 5})
    after = pa.table({"coin": ["h"] * 9 + ["t"], "state": ["old", "[bold]new"] * 5, "n": [1] * 10})
    return compare(before, after)


def refuse(constant):
    raise AssertionError(f"{constant} is not JSON")


def test_json_is_valid_and_whole(result, tmp_path):
    path = tmp_path / "out.json"
    text = result.to_json(path)
    assert path.read_text(encoding="utf-8") == text
    found = json.loads(text, parse_constant=refuse)
    columns = {column["column"]: column for column in found["columns"]}
    assert columns["state"]["kl"] == "inf"
    assert columns["state"]["unseen"] == {"values": 1, "share": 0.5, "names": ["[bold]new"]}
    assert columns["coin"]["kl"] == pytest.approx(0.531004406410718778746, rel=1e-13)
    assert columns["n"]["missing_reference"] == 0.5
    assert columns["n"]["rows_current"] == 10
    assert found["question"] == "KL(current ‖ reference)"
    assert found["unit"] == "bits"


def test_json_is_not_half_written(result, tmp_path):
    path = tmp_path / "out.json"
    path.write_text("old")

    def write_half():
        with replacing(path) as file:
            file.write("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_half()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_json_has_the_permissions_of_any_new_file(result, tmp_path):
    plain, path = tmp_path / "plain", tmp_path / "out.json"
    plain.touch()
    result.to_json(path)
    assert stat.S_IMODE(path.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_json_to_nowhere_is_refused(result, tmp_path):
    with pytest.raises(TableError, match="cannot write"):
        result.to_json(tmp_path / "no" / "out.json")
    with pytest.raises(TableError, match="cannot write"):
        result.to_json(tmp_path)


def test_json_to_a_device(result):
    result.to_json(os.devnull)
    assert not stat.S_ISREG(os.stat(os.devnull).st_mode)


@pytest.mark.parametrize(("backend", "kind"), [("pandas", pd.DataFrame), ("polars", pl.DataFrame)])
def test_a_dataframe_has_a_line_a_column(result, backend, kind):
    frame = result.to_frame(backend)
    assert isinstance(frame, kind)
    assert list(frame["column"]) == [column.column for column in result.columns]
    assert list(frame["kl"])[list(frame["column"]).index("state")] == math.inf
    coin = list(frame["column"]).index("coin")
    assert "h: 50.0 % → 90.0 %" in list(frame["drivers"])[coin]
    js = result["coin"].estimates["js"]
    assert (frame["js_lower"][coin], frame["js_upper"][coin]) == (js.lower, js.upper)


def test_text_says_direction_unit_and_infinity(result):
    text = repr(result)
    assert "KL(current ‖ reference), in bits" in text
    assert (
        "∞ state: 50.0 % of current rows hold 1 value never seen in the reference ([bold]new)"
        in text
    )
    assert (
        "− n: 50.0 % of reference rows hold 1 value gone from the current table (missing)" in text
    )
    assert "h: 50.0 % → 90.0 %" in text
    assert "\x1b" not in text
    assert all(line == line.rstrip() for line in text.splitlines())


def test_text_fits_the_width_it_is_given(result):
    narrow = render(result, 72)
    assert max(len(line) for line in narrow.splitlines()) <= 72
    assert number(result["coin"].estimates["kl"].value) in narrow
    assert "interval" in render(result, 100)
    assert "interval" not in narrow
    assert "\x1b[" in render(result, 72, colour=True)


def test_an_unknown_column_is_a_key_error(result):
    with pytest.raises(KeyError):
        result["nothing"]


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0 %"), (1, "100 %"), (0.9999, ">99.9 %"), (1e-9, "1e-07 %")]
)
def test_a_share_is_rounded_to_none_or_all_only_if_it_is(share, words):
    assert percent(share) == words


@pytest.mark.parametrize(
    ("value", "words"), [(0.0, "0"), (0.00004, "4.0e-05"), (0.00006, "0.0001"), (math.inf, "∞")]
)
def test_a_small_number_is_not_printed_as_zero(value, words):
    assert number(value) == words
