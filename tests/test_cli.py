"""`kullback compare` as its users run it: a process, two streams, an exit status."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

FLIGHTS = Path(__file__).parents[1] / "examples" / "flights"
JANUARY, JULY = FLIGHTS / "january.parquet", FLIGHTS / "july.parquet"
KULLBACK = [sys.executable, "-c", "from kullback.cli import main; main()"]


def run(*arguments, **options):
    return subprocess.run(
        [*KULLBACK, *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        **options,
    )


@pytest.fixture
def coins(tmp_path):
    fair, biased = tmp_path / "fair.csv", tmp_path / "biased.csv"
    fair.write_text("side\n" + "heads\ntails\n" * 5)
    biased.write_text("side\n" + "heads\n" * 9 + "tails\n")
    return fair, biased


@pytest.fixture(scope="module")
def flights(tmp_path_factory):
    path = tmp_path_factory.mktemp("flights") / "out.json"
    done = run("compare", JANUARY, JULY, "--json", path)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout, json.loads(path.read_text(encoding="utf-8"), parse_constant=pytest.fail)


def test_flights_rank_and_read(flights):
    text, found = flights
    lines = text.splitlines()
    assert lines[0].startswith("reference ")
    assert lines[0].endswith("27 004 rows")
    assert "KL(current ‖ reference), in bits" in text
    assert [column["column"] for column in found["columns"]][:4] == [
        "month",
        "time_hour",
        "tailnum",
        "air_time",
    ]
    assert next(line for line in lines if line.startswith("month")).split()[1] == "∞"
    assert "> 67: 6.0 % → 12.4 %" in text  # arrivals more than an hour late


def test_flights_equal_the_published_divergences(flights):
    """facts/tables.md §4, measured by other code: raw there is (cells − 1)/n above debiased."""
    kl = {column["column"]: column["kl"] for column in flights[1]["columns"]}
    assert kl["month"] == kl["tailnum"] == kl["dest"] == "inf"
    assert kl["year"] == 0
    published = {"air_time": 0.130, "dep_delay": 0.075, "arr_delay": 0.068, "carrier": 0.004}
    assert {name: kl[name] for name in published} == pytest.approx(published, abs=0.002)


@pytest.mark.parametrize(
    ("base", "truth"),
    [("2", 0.531004406410718779), ("e", 0.368064207168497070), ("10", 0.159848254159373582)],
)
def test_base_and_direction(coins, tmp_path, base, truth):
    out = tmp_path / "out.json"
    assert run("compare", *coins, "--base", base, "--json", out).returncode == 0
    assert json.loads(out.read_text())["columns"][0]["kl"] == pytest.approx(truth, rel=1e-12)
    back = run("compare", *reversed(coins), "--base", base, "--json", out)
    swapped = json.loads(out.read_text())["columns"][0]["kl"]
    unit = {"2": "bits", "e": "nats", "10": "hartleys"}[base]
    assert f"in {unit}" in back.stdout
    assert swapped == pytest.approx(
        0.510825623765990683 / math.log(float(base if base != "e" else math.e))
    )


def test_columns_are_chosen_by_name(tmp_path):
    out = tmp_path / "out.json"
    assert (
        run("compare", JANUARY, JULY, "--columns", "carrier,origin", "--json", out).returncode == 0
    )
    names = [column["column"] for column in json.loads(out.read_text())["columns"]]
    assert names == ["carrier", "origin"]


def test_a_name_with_a_comma_is_quoted(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('"a,b",c\n1,2\n')
    done = run("compare", path, path, "--columns", '"a,b"')
    assert done.returncode == 0
    assert "a,b" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["compare", "nowhere.csv", JULY], "no such file: nowhere.csv"),
        (["compare", JANUARY, "*.nothing"], "no file matches *.nothing"),
        (["compare", JANUARY, JULY, "--columns", "carier"], "did you mean carrier?"),
        (["compare", JANUARY, JULY, "--base", "1"], "base is 1"),
        (["compare", JANUARY, JULY, "--base", "two"], "neither a number nor e"),
        (["compare", JANUARY, JULY, "--json", "/nowhere/x.json"], "cannot write /nowhere/x.json"),
        (["compare", JANUARY], "CURRENT"),
        (["compare", JANUARY, JULY, "--nonsense"], "--nonsense"),
        (["compute"], "compute"),
    ],
)
def test_errors_are_one_line_and_status_2(arguments, words):
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_error_keeps_the_old_json(coins, tmp_path):
    out = tmp_path / "out.json"
    out.write_text("old")
    assert run("compare", coins[0], JULY, "--json", out).returncode == 2
    assert out.read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "biased.csv",
        "fair.csv",
        "out.json",
    ]


@pytest.mark.parametrize("package", ["click", "duckdb", "narwhals", "rich"])
def test_a_missing_extra_is_named(package, coins):
    hidden = f"import sys; sys.modules[{package!r}] = None; " + KULLBACK[2]
    done = subprocess.run(
        [sys.executable, "-c", hidden, "compare", *coins],
        capture_output=True,
        text=True,
        check=False,
    )
    if package in {"narwhals", "rich"}:  # needed for dataframes alone, and for looks
        assert done.returncode == 0
        assert "heads: 50.0 % → 90.0 %" in done.stdout
    else:
        assert done.returncode == 2
        assert "pip install 'kullback[tables]'" in done.stderr
        assert done.stderr.count("\n") == 1


def test_an_ascii_output_still_gets_the_numbers(coins):
    done = run("compare", *coins, env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0
    assert "90.0 %" in done.stdout


def test_a_closed_pipe_is_no_error():
    shell = f'{sys.executable} -c "{KULLBACK[2]}" compare "{JANUARY}" "{JULY}" | head -1'
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_an_interrupt_ends_at_once_with_130(tmp_path):
    slow = tmp_path / "slow.csv"
    with slow.open("w") as file:
        file.write("a,b,c\n")
        block = "".join(f"{i},{i * 7919 % 10007},word{i % 977}\n" for i in range(20_000))
        for _ in range(150):
            file.write(block)
    out = tmp_path / "out.json"
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
            + KULLBACK[2],  # a job in the background ignores it
            "compare",
            str(slow),
            str(slow),
            "--json",
            str(out),
            "--html",
            str(tmp_path / "out.html"),
        ],
        stderr=subprocess.PIPE,
        text=True,
    )
    while not list(tmp_path.glob(".out.json.*.part")):
        time.sleep(0.01)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    sent = time.monotonic()
    assert process.wait(timeout=20) == 130
    assert time.monotonic() - sent < 5
    assert process.stderr.read().strip() == "interrupted"
    process.stderr.close()
    assert [path.name for path in tmp_path.iterdir()] == ["slow.csv"]
