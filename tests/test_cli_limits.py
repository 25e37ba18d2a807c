"""Limits, `check` and reports as a CI job runs them: files, exit statuses, one-line errors."""

import json
import os
import subprocess
import sys
import textwrap

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kullback.cli import main

KULLBACK = [sys.executable, "-c", "from kullback.cli import main; main()"]


@pytest.fixture
def tables(tmp_path):
    """A column that differs, one that differs by about the limit, one that is the same."""
    rng = np.random.default_rng(3)
    normal = rng.normal
    before = {"far": normal(0, 1, 4000), "near": normal(0, 1, 4000), "same": normal(0, 1, 4000)}
    after = {"far": normal(1, 1, 4000), "near": normal(0.33, 1, 4000), "same": normal(0, 1, 4000)}
    for name, held in (("before", before), ("after", after)):
        pq.write_table(pa.table(held), tmp_path / f"{name}.parquet")
    return tmp_path


@pytest.fixture
def kullback(tables, monkeypatch, capsys):
    """Run a command in the folder of the tables: exit status, output, errors."""
    monkeypatch.chdir(tables)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["kullback", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return run


def check_file(folder, text, name="drift.toml"):
    (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")
    return folder / name


@pytest.mark.parametrize(
    ("columns", "limit", "rule", "strict", "status"),
    [
        ("far", "js=0.02", "lower", False, 1),
        ("near", "js=0.02", "lower", False, 0),
        ("near", "js=0.02", "lower", True, 3),
        ("near", "js=0.02", "upper", False, 1),
        ("near", "js=0.2", "upper", True, 0),
        ("same", "js=0.02", "upper", True, 0),
        ("far,same", "js=0.5", "upper", True, 0),
        ("far,same", "tv=0.1", "lower", False, 1),
        ("same", "kl=0.02", "lower", True, 0),
        ("far", "ks=0.1", "point", False, 1),
    ],
)
def test_the_exit_status_says_whether_limits_hold(kullback, columns, limit, rule, strict, status):
    more = ["--strict"] if strict else []
    done, out, _ = kullback(
        "compare", "before.parquet", "after.parquet", "--columns", columns, "--limit", limit,
        "--rule", rule, *more,
    )  # fmt: skip
    assert done == status
    assert f"(rule {rule}, exit status {status})" in out


def test_without_a_limit_the_answer_is_enough(kullback):
    assert kullback("compare", "before.parquet", "after.parquet")[0] == 0


def test_every_report_is_written_and_agrees(kullback, tables):
    done, out, err = kullback(
        "compare", "before.parquet", "after.parquet", "--limit", "js=0.02",
        "--json", "a.json", "--html", "a.html", "--markdown", "a.md",
    )  # fmt: skip
    assert (done, err) == (1, "")
    told = json.loads((tables / "a.json").read_text())
    assert told["schema"] == "kullback.compare/1"
    assert told["verdict"]["outcome"] == "breached"
    assert told["verdict"]["exit_status"] == 1
    words = told["verdict"]["words"]
    for text in (out, (tables / "a.html").read_text(), (tables / "a.md").read_text()):
        assert words[1:] in text
    assert sorted(path.name for path in tables.iterdir()) == [
        "a.html", "a.json", "a.md", "after.parquet", "before.parquet",
    ]  # fmt: skip


def test_check_reads_limits_from_a_file(kullback, tables):
    check_file(
        tables,
        """
        reference = "before.parquet"
        current = "after.parquet"
        columns = ["near", "far"]
        rule = "lower"
        strict = true
        [limits]
        js = 0.3
        [limits.near]
        js = 0.02
        """,
    )
    assert kullback("check", "drift.toml")[0] == 3
    done, out, _ = kullback("check", "drift.toml", "--current", "before.parquet")
    assert done == 0
    assert "WITHIN" in out


def test_check_finds_tables_beside_its_file(kullback, tables, monkeypatch, tmp_path_factory):
    check_file(tables, 'reference="before.parquet"\ncurrent="after.parquet"\n[limits]\njs=0.02\n')
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert kullback("check", tables / "drift.toml", "--json", "here.json")[0] == 1
    assert os.listdir() == ["here.json"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("reference = ", "cannot read"),
        ("referense = 'a'", "did you mean reference?"),
        ("strict = 1", "strict is 1, not a true or false"),
        ("columns = 'a'", "not a list of names"),
        ("columns = [1]\n[limits]\njs=1", "not a list of names"),
        ("base = true", "base is True, not a number"),
        ("[limits]\njs = 'low'", "'low', not a number"),
        ("[limits]\njsd = 0.1", "'jsd' is not known"),
        ("rule = 'middle'\n[limits]\njs=0.1", "rule is 'middle'"),
        ("reference = 'before.parquet'\n[limits]\njs=0.1", "names no current"),
        ("reference = 'before.parquet'\ncurrent='after.parquet'", "sets no limit"),
        ("[limits.absent]\njs=0.1", "absent, which was not compared"),
        ("reference = 'nowhere.csv'\n[limits]\njs=0.1", "no such file"),
    ],
)
def test_a_bad_check_file_is_one_line_and_status_2(kullback, tables, text, words):
    both = "" if "reference" in text or "sets no" in words else 'reference="before.parquet"\n'
    both += "" if "current" in text + words else 'current="after.parquet"\n'
    check_file(tables, both + text)
    done, out, err = kullback("check", "drift.toml")
    assert (done, out) == (2, "")
    assert err.startswith("error: ")
    assert words in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--limit", "js"], "as in js=0.02"),
        (["--limit", "js=low"], "as in js=0.02"),
        (["--limit", "jsd=1"], "'jsd' is not known"),
        (["--limit", "js=-1"], "it must be 0 or more"),
        (["--limit", "js=1", "--limit", "js=2"], "given twice"),
        (["--rule", "middle"], "middle"),
        (["--html", "/nowhere/a.html"], "cannot write /nowhere/a.html"),
        (["--html", "x", "--json", "x"], "two reports would go to one file"),
        (["--block", "absent"], "absent"),
    ],
)
def test_bad_options_are_one_line_and_status_2(kullback, tables, arguments, words):
    done, out, err = kullback("compare", "before.parquet", "after.parquet", *arguments)
    assert (done, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
    assert len(list(tables.iterdir())) == 2


def test_a_full_disk_keeps_the_old_report(tables):
    """A limit on the size of files stands for the end of the disk: a write fails in its middle."""
    old = tables / "report.html"
    old.write_text("old")
    asked = ["compare", "before.parquet", "after.parquet", "--html", "report.html"]
    limited = ["bash", "-c", 'ulimit -f 8; exec "$@"', "kullback", *KULLBACK, *asked]
    done = subprocess.run(limited, cwd=tables, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error: cannot write report.html: ")
    assert done.stderr.count("\n") == 1
    assert old.read_text() == "old"
    assert len(list(tables.iterdir())) == 3


def test_a_report_without_jinja_is_refused_before_the_tables_are_read(tables):
    hidden = "import sys; sys.modules['jinja2'] = None; " + KULLBACK[2]
    asked = ["compare", "before.parquet", "after.parquet", "--html", "report.html"]
    done = subprocess.run(
        [sys.executable, "-c", hidden, *asked],
        cwd=tables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "pip install 'kullback[report]'" in done.stderr
    assert len(list(tables.iterdir())) == 2


WHOLE = b"far,near,same\n1,2,3\n4,5,6\n"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", "is empty (0 bytes)"),
        ("head.csv", b"far,near\n", "0 rows"),
        ("mixed.csv", "far\né\n".encode() * 50 + "far\né\n".encode("latin-1") * 50, "cannot read"),
        ("wide.csv", "far\n1\n".encode("utf-16"), "error: "),
        ("other.csv", b"else\n1\n", "no common column"),
        ("noise.parquet", b"PAR1" + bytes(range(256)), "cannot read"),
        ("table.xlsx", WHOLE, "neither CSV nor Parquet"),
        ("words.csv", b"far\none\ntwo\n", "type changed"),
    ],
)
def test_bad_tables_are_one_line_and_leave_nothing(kullback, tables, name, content, words):
    (tables / name).write_bytes(content)
    done, out, err = kullback("compare", "before.parquet", name, "--html", "a.html")
    assert (done, out) == (2, "")
    assert words in err
    assert err.count("\n") == 1
    assert sorted(path.name for path in tables.iterdir()) == sorted(
        [name, "before.parquet", "after.parquet"]
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_one_line(kullback, tables):
    (tables / "before.parquet").chmod(0)
    done, _, err = kullback("compare", "before.parquet", "after.parquet")
    assert done == 2
    assert err.count("\n") == 1


def test_a_hostile_name_stays_a_name_in_every_report(kullback, tables):
    name = '"; DROP TABLE reference; -- <script>alert(1)</script>'
    table = pa.table({name: ["<img src=x onerror=alert(1)>", "|", "a`b"] * 20})
    pq.write_table(table, tables / "hostile.parquet")
    done, out, _ = kullback(
        "compare", "hostile.parquet", "hostile.parquet",
        "--html", "a.html", "--markdown", "a.md", "--json", "a.json",
    )  # fmt: skip
    assert done == 0
    assert "DROP TABLE" in out
    page = (tables / "a.html").read_text()
    assert "<script" not in page
    assert "<img" not in page
    assert "<" not in (tables / "a.md").read_text().replace("&lt;", "")
    assert json.loads((tables / "a.json").read_text())["columns"][0]["column"] == name
