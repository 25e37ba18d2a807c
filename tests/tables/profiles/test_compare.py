"""Profiles compared give the numbers of the tables compared, exactly or within the stated error."""

import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import kullback as kb
from kullback.errors import TableError

from .made import ORDERED, mixed

FLIGHTS = Path(__file__).parents[3] / "examples" / "flights"
ALL = ["kl", "reverse", "js", "tv", "psi", "hellinger", "ks", "wasserstein", "p_value", "estimates"]


@pytest.fixture(scope="module")
def flights():
    return FLIGHTS / "january.parquet", FLIGHTS / "july.parquet"


def numbers(column, names=ALL):
    return {name: getattr(column, name) for name in names}


def test_flights_are_counted_exactly(flights, tmp_path):
    columns = ["arr_delay", "carrier", "tailnum", "hour"]
    whole = kb.compare(*flights, columns=columns)
    paths = [tmp_path / f"{side.stem}.kbp" for side in flights]
    for side, path in zip(flights, paths, strict=True):
        kb.profile(side, columns=columns).save(path)
    found = kb.compare(*paths)
    assert [column.column for column in found.columns] == [c.column for c in whole.columns]
    for column in whole.columns:
        assert numbers(found[column.column]) == numbers(column)
        assert found[column.column].cells[0].label == column.cells[0].label
    assert found.rows == whole.rows == (27_004, 29_425)
    assert found["arr_delay"].estimates["kl"].value == pytest.approx(0.0683, abs=0.00005)
    assert found["tailnum"].kl == math.inf
    assert max(path.stat().st_size for path in paths) < 100_000


def test_a_profile_against_a_table(flights):
    columns = ["arr_delay", "carrier"]
    whole = kb.compare(*flights, columns=columns)
    for sides in (
        (kb.profile(flights[0]), flights[1]),
        (flights[0], kb.profile(flights[1])),
    ):
        found = kb.compare(*sides, columns=columns)
        for name in columns:
            assert numbers(found[name]) == numbers(whole[name])


@pytest.fixture(scope="module", params=[0.0, 0.05], ids=["same law", "shifted"])
def sketched(request):
    tables = mixed(60_000, 1), mixed(50_000, 2, request.param)
    return kb.compare(*tables), kb.compare(*map(kb.profile, tables))


def test_sketched_columns_agree_within_their_error(sketched):
    whole, found = sketched
    for name in ORDERED:
        a, b = whole[name], found[name]
        js = b.estimates["js"]
        assert js.lower <= max(a.estimates["js"].value, 0) <= js.upper
        width = js.upper - js.lower + js.floor
        assert js.value == pytest.approx(a.estimates["js"].value, abs=0.3 * width)
        assert b.ks.least <= a.ks.value <= b.ks.most
        assert b.ks.most - b.ks.least < 0.006
        assert b.wasserstein.least <= a.wasserstein.value <= b.wasserstein.most
        assert (b.q_value < 0.05) == (a.q_value < 0.05) or a.q_value < 0.15
        assert "Sketches counted" in b.notes[0]
        assert "Sketches" not in "".join(a.notes)


def test_counted_columns_agree_exactly(sketched):
    whole, found = sketched
    for name in {column.column for column in whole.columns} - set(ORDERED):
        assert numbers(found[name]) == numbers(whole[name])


def test_a_refinement_ends_where_a_sketch_blurs(sketched):
    whole, found = sketched
    assert len(whole["normal"].refinement) == 6
    assert len(found["normal"].refinement) == 5


def test_odd_values_are_counted_exactly(sketched):
    whole, found = sketched
    odd = [
        {cell.label: (cell.reference, cell.current) for cell in each["odd"].cells}
        for each in (whole, found)
    ]
    for name in ("NaN", "+∞"):
        assert odd[0][name] == odd[1][name]
        assert min(odd[0][name]) > 400


def test_types_that_mix_are_compared_as_tables_are():
    whole = pa.table({"x": [1, 2, 3, 4] * 9}), pa.table({"x": [1.0, 2.5, 3, 4] * 9})
    single = (
        pa.table({"x": pa.array([0.1, 0.2] * 9, pa.float32())}),
        pa.table({"x": [0.1, 0.3] * 9}),
    )
    days = np.asarray(["2024-01-01", "2024-01-02"] * 9, "datetime64[D]")
    dates = pa.table({"x": days}), pa.table({"x": days.astype("datetime64[us]")})
    for sides in (whole, single, dates):
        expected = kb.compare(*sides)["x"]
        assert numbers(kb.compare(*map(kb.profile, sides))["x"]) == numbers(expected)
    assert kb.compare(*map(kb.profile, single))["x"].tv == pytest.approx(0.5)


def test_a_column_without_values():
    nothing, some = (
        pa.table({"x": pa.array([None] * 5, pa.null())}),
        pa.table({"x": [1, 2, 2, 2, 2]}),
    )
    for sides in ((nothing, some), (some, nothing), (nothing, nothing)):
        assert kb.compare(*map(kb.profile, sides))["x"].tv == kb.compare(*sides)["x"].tv


def test_what_needs_rows_is_refused_by_name(flights):
    sides = [kb.profile(side, columns=["hour", "minute"]) for side in flights]
    found = kb.compare(*sides, joint=True)
    assert found.joint is None
    assert any("no joint bound: a profile holds each column on its own" in n for n in found.notes)


def test_too_many_text_values_are_pooled_and_say_nothing_of_sameness():
    rng = np.random.default_rng(3)
    words = [[f"user {i}" for i in rng.integers(0, 10**7, 70_000)] for _ in range(2)]
    often = 33_000, 27_000
    tables = [
        pa.table({"x": [*each, *["often"] * n]}) for each, n in zip(words, often, strict=True)
    ]
    column = kb.compare(*map(kb.profile, tables))["x"]
    whole = kb.compare(*tables)["x"]
    assert column.js < whole.js
    js = column.estimates["js"]
    assert 0.7 < js.upper < 0.95  # 30 % are known to be one value
    assert "lower bounds" in column.notes[0]
    assert column.drivers(1)[0].label == "often"


def test_no_common_column():
    with pytest.raises(TableError, match="no common column"):
        kb.compare(kb.profile(pa.table({"a": [1]})), kb.profile(pa.table({"b": [1]})))
