"""Whatever a file or a table holds: an answer, or one of our errors in one line; no other."""

import datetime as dt
import itertools
import json
import math
import os

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kullback.errors import KullbackError
from kullback.report import Limits
from kullback.tables import compare

LONG = os.environ.get("KULLBACK_FUZZ")  # that many examples a test, new ones on every run
FEW = settings(
    max_examples=int(LONG or 15),
    deadline=None,
    derandomize=not LONG,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NAMES = st.text(max_size=8) | st.sampled_from(
    ['"', "'; DROP TABLE x; --", "<script>", "a,b", "\n", " ", "c0", "missing", "%", "$1", "\x00"]
)
WEEKS = dt.timedelta(weeks=10_000_000)  # about what 64 bits of microseconds hold
VALUES = {
    "integer": (st.integers(-(1 << 63), (1 << 63) - 1), pa.int64()),
    "small": (st.integers(-3, 3), pa.int8()),
    "unsigned": (st.integers(0, (1 << 64) - 1), pa.uint64()),
    "number": (st.floats(), pa.float64()),
    "single": (st.floats(width=32), pa.float32()),
    "boolean": (st.booleans(), pa.bool_()),
    "text": (st.text(max_size=6) | NAMES, pa.string()),
    "date": (st.dates(), pa.date32()),
    "instant": (st.datetimes(dt.datetime(1680, 1, 1), dt.datetime(2260, 1, 1)), pa.timestamp("us")),
    "time": (st.times(), pa.time64("us")),
    "duration": (st.timedeltas(-WEEKS, WEEKS), pa.duration("us")),
    "bytes": (st.binary(max_size=4), pa.binary()),
    "list": (st.lists(st.integers(0, 2), max_size=2), pa.list_(pa.int64())),
    "nothing": (st.none(), pa.null()),
}
COLUMNS = st.one_of(
    st.lists(st.none() | values, min_size=1, max_size=30).map(lambda held, t=kind: (held, t))
    for values, kind in VALUES.values()
)


@st.composite
def tables(draw):
    """One table of one to three columns, as long as its shortest."""
    names = draw(st.lists(NAMES, min_size=1, max_size=3, unique=True))
    columns = [draw(COLUMNS) for _ in names]
    rows = min(len(held) for held, _ in columns)
    return pa.table(
        {
            name: pa.array(held[:rows], kind)
            for name, (held, kind) in zip(names, columns, strict=True)
        }
    )


def answers_or_refuses(reference, current):
    """Compare, and turn what came out into every kind of report."""
    try:
        result = compare(reference, current)
    except KullbackError as error:
        said = str(error)
    else:
        reported(result)
        return
    assert "\n" not in said
    assert len(said) > 10


def reported(result):
    """Every kind of report of a result, each whole and its numbers in agreement."""
    found = json.loads(
        result.to_json(limits=Limits({"js": 0.02})),
        parse_constant=lambda constant: pytest.fail(f"{constant} is not JSON"),
    )
    for column in found["columns"]:
        assert column["js"] >= 0
        assert sum(cell["current"] for cell in column["cells"]) == column["rows_current"]
        assert math.isclose(math.fsum(c["js"] for c in column["cells"]), column["js"], abs_tol=1e-9)
    assert repr(result)
    assert result.to_markdown()
    assert "<script>" not in result.to_html()


@FEW
@given(st.binary(max_size=400), st.sampled_from(["csv", "parquet", "csv.gz", "tsv"]))
def test_random_bytes(tmp_path, noise, ending):
    path = tmp_path / f"noise.{ending}"
    path.write_bytes(noise)
    answers_or_refuses(path, path)


@FEW
@given(
    st.lists(
        st.lists(st.sampled_from(["1", "2.5", "", "x", '"', "é", "2024-01-01", "NaN", "true"])),
        max_size=12,
    ),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.sampled_from(["utf-8", "latin-1", "utf-16"]),
)
def test_random_csv(tmp_path, lines, comma, end, encoding):
    text = end.join(["a" + comma + "b", *(comma.join(line) for line in lines)])
    (tmp_path / "a.csv").write_bytes(text.encode(encoding))
    (tmp_path / "b.csv").write_bytes(end.join(["a" + comma + "b", "1" + comma + "2"]).encode())
    answers_or_refuses(tmp_path / "a.csv", tmp_path / "b.csv")


@FEW
@given(tables(), tables())
def test_random_tables(reference, current):
    answers_or_refuses(reference, current.rename_columns(_names(reference, current)))


@FEW
@given(tables())
def test_a_random_table_against_itself_is_equal(table):
    answers_or_refuses(table, table)
    try:
        result = compare(table, table)
    except KullbackError:
        return
    assert {(c.kl, c.js, c.tv) for c in result.columns} == {(0, 0, 0)}


@FEW
@given(st.data())
def test_spoilt_parquet(tmp_path, data):
    """A valid file with a few of its bytes changed, or its end cut off."""
    path = tmp_path / "whole.parquet"
    pq.write_table(pa.table({"x": list(range(50)), "y": [str(i % 7) for i in range(50)]}), path)
    held = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        held[data.draw(st.integers(0, len(held) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(held)))
    spoilt = tmp_path / "spoilt.parquet"
    spoilt.write_bytes(held[:cut] if data.draw(st.booleans()) else held)
    answers_or_refuses(spoilt, path)


def _names(reference, current):
    """The reference's names for as many columns as it has, then names of its own."""
    spare = (f"other {place}" for place in itertools.count())
    return [
        reference.column_names[place] if place < reference.num_columns else next(spare)
        for place in range(current.num_columns)
    ]


def test_the_engine_is_the_one_that_is_fuzzed():
    assert compare(pa.table({"x": [1]}), pa.table({"x": [1]})).provenance.engine.endswith(
        duckdb.__version__
    )
