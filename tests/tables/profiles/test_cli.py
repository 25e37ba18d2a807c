"""`kullback profile`, `merge` and `compare` with profiles, from the command line."""

import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import kullback as kb
from kullback.cli import command
from kullback.errors import KullbackError


def ran(*arguments):
    return CliRunner().invoke(command, list(map(str, arguments)), standalone_mode=False)


@pytest.fixture
def days(tmp_path):
    for day in range(4):
        table = pa.table(
            {
                "day": [day] * 300,
                "x": [i * (day + 1) % 7 for i in range(300)],
                "city": ["Oslo" if i % 3 else "Bergen" for i in range(300)],
            }
        )
        pq.write_table(table, tmp_path / f"day-{day}.parquet")
    return tmp_path


def test_days_profiled_one_by_one_merge_to_the_month(days):
    for day in range(4):
        done = ran(
            "profile", days / f"day-{day}.parquet", "-o", days / f"{day}.kbp", "--block", "day"
        )
        assert done.exception is None
        assert "300 rows in 1 block by day" in done.output
    done = ran("merge", *(days / f"{day}.kbp" for day in range(4)), "-o", days / "month.kbp")
    assert done.exception is None
    assert "1 200 rows in 4 blocks by day" in done.output
    done = ran("profile", days / "day-*.parquet", "-o", days / "whole.kbp", "--block", "day")
    assert done.exception is None
    done = ran(
        "compare", days / "month.kbp", days / "whole.kbp", "--block", "day",
        "--json", days / "found.json", "--html", days / "found.html", "--limit", "js=0.01",
    )  # fmt: skip
    assert done.exception is None
    found = json.loads((days / "found.json").read_text())
    assert {column["kl"] for column in found["columns"]} == {0}
    assert found["reference"] == {
        "name": f"{days}/day-0.parquet … {days}/day-3.parquet (4 tables)",
        "rows": 1200,
    }
    assert "profiles by DuckDB" in found["provenance"]["engine"]


def test_files_in_a_row_are_one_profile_without_names(days):
    paths = sorted(days.glob("*.parquet"))
    done = ran("profile", *paths, "-o", days / "all.kbp", "--no-values", "--columns", "x,city")
    assert done.exception is None
    found = kb.Profile.load(days / "all.kbp")
    assert (found.rows, [column.name for column in found.columns]) == (1200, ["x", "city"])
    assert found["city"].hashed.named() == []
    assert "not named" in done.output


def test_explain_shows_the_column_itself(days):
    for day in (0, 1):
        assert (
            ran("profile", days / f"day-{day}.parquet", "-o", days / f"{day}.kbp").exception is None
        )
    done = ran("explain", days / "0.kbp", days / "1.kbp", "x")
    assert done.exception is None
    assert "not split by other columns" in " ".join(done.output.split())
    done = ran("explain", days / "0.kbp", days / "1.kbp", "x", "--by", "city")
    assert isinstance(done.exception, KullbackError)
    assert "without rows" in str(done.exception)


@pytest.mark.parametrize(
    "arguments",
    [
        ("profile", "absent.parquet", "-o", "a.kbp"),
        ("merge", "absent.kbp", "-o", "a.kbp"),
        ("compare", "absent.kbp", "absent.parquet"),
        ("profile", __file__, "-o", "a.kbp"),
        ("merge", __file__, "-o", "a.kbp"),
    ],
    ids=["no table", "no profile", "neither", "no table by its name", "no profile by its bytes"],
)
def test_errors_are_ours(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = ran(*arguments)
    assert isinstance(done.exception, KullbackError)
    assert list(tmp_path.iterdir()) == []
