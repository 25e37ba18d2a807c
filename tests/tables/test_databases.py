"""Tables of databases, and JSON: the same answer as from memory, and refusals in one line."""

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from kullback.errors import TableError
from kullback.tables import compare

NAME = 'o"; DROP TABLE "x'
BEFORE = {
    "n": [i % 7 for i in range(400)],
    "x": [i / 8 if i % 5 else None for i in range(400)],
    "city": ["Oslo" if i % 3 else "Lima's" for i in range(400)],
}
AFTER = pa.table({name: values[150:] for name, values in BEFORE.items()})
ROWS = list(zip(*BEFORE.values(), strict=True))


def numbers(result):
    assert all(column.js > 0 for column in result.columns)
    return {column.column: (column.kl, column.js, column.tv) for column in result.columns}


@pytest.fixture(scope="module")
def truth():
    return numbers(compare(pa.table(BEFORE), AFTER))


@pytest.fixture
def lite(tmp_path):
    path = tmp_path / "shop's [1].sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute('CREATE TABLE "o""; DROP TABLE ""x" (n INTEGER, x REAL, city TEXT)')
        connection.executemany('INSERT INTO "o""; DROP TABLE ""x" VALUES (?, ?, ?)', ROWS)
    connection.close()
    return path


@pytest.fixture
def duck(tmp_path):
    path = tmp_path / "shop's.anything"
    with duckdb.connect(path) as connection:
        held = pa.table(BEFORE)
        connection.register("held", held)
        connection.execute("CREATE SCHEMA sales")
        connection.execute('CREATE TABLE sales."o""; DROP TABLE ""x" AS FROM held')
        connection.execute('CREATE VIEW seen AS FROM sales."o""; DROP TABLE ""x"')
    return path


def test_sqlite(lite, truth):
    before = lite.read_bytes()
    assert numbers(compare(f"{lite}::{NAME}", AFTER)) == truth
    assert compare(f"{lite}::{NAME}", f"{lite}::{NAME}")["n"].js == 0
    assert lite.read_bytes() == before


@pytest.mark.parametrize("table", [f"sales.{NAME}", "seen"])
def test_duckdb(duck, truth, table):
    found = compare(f"{duck}::{table}", AFTER)
    assert numbers(found) == truth
    assert found.reference == f"{duck}::{table}"
    assert compare(AFTER, f"{duck}::{table}")["city"].js > 0
    assert compare(f"{duck}::{table}", f"{duck}::{table}")["x"].js == 0


@pytest.mark.parametrize("ending", ["json", "jsonl", "ndjson.gz"])
def test_json(tmp_path, truth, ending):
    lines = [dict(zip(BEFORE, row, strict=True)) for row in ROWS]
    text = json.dumps(lines) if ending == "json" else "\n".join(map(json.dumps, lines))
    path = tmp_path / f"shop.{ending}"
    if ending.endswith("gz"):
        import gzip

        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    assert numbers(compare(path, AFTER)) == truth


def test_json_parts_are_one_table(tmp_path, truth):
    for part in range(2):
        lines = [dict(zip(BEFORE, row, strict=True)) for row in ROWS[200 * part : 200 * part + 200]]
        (tmp_path / f"{part}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert numbers(compare(str(tmp_path / "*.jsonl"), AFTER)) == truth


def test_what_cannot_be_read_is_refused_in_one_line(lite, duck, tmp_path):
    (tmp_path / "noise.db").write_bytes(bytes(range(200)))
    (tmp_path / "broken.json").write_text('{"x": 1}\n{"x": ')
    with sqlite3.connect(tmp_path / "mixed.sqlite") as connection:
        connection.execute("CREATE TABLE t (x)")
        connection.executemany(
            "INSERT INTO t VALUES (?)", [(i if i < 3000 else "x",) for i in range(4000)]
        )
    connection.close()
    for given, words in (
        (f"{lite}::nothing", "nothing"),
        (f"{duck}::nothing", "nothing"),
        (f"{lite}::", "no table is named"),
        (f"{tmp_path}/nowhere.db::t", "no such file"),
        (f"{tmp_path}/noise.db::t", "neither a DuckDB nor a SQLite database"),
        (f"{tmp_path}/noise.db", r"say which table, as in .*noise\.db::TABLE"),
        (f"{tmp_path}/broken.json", r"cannot read .*broken\.json"),
        (f"{tmp_path}/mixed.sqlite::t", r"cannot read .*mixed\.sqlite::t: .*[Mm]ismatch"),
    ):
        with pytest.raises(TableError, match=words) as caught:
            compare(given, AFTER)
        assert "\n" not in str(caught.value)


@pytest.fixture(scope="module")
def server():
    """A PostgreSQL server of our own, on a socket in a folder of its own."""
    programs = [shutil.which(name) for name in ("initdb", "pg_ctl", "psql")]
    if not all(programs):
        pytest.skip("no PostgreSQL server is installed here")
    user, own = ["runuser", "-u", "nobody", "--"], os.getuid() == 0  # it refuses to be root
    # pytest's own folders let no other user pass, and may be too long a name for a socket.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if own:
        shutil.chown(folder, "nobody")

    def run(*words, text=None):
        subprocess.run(
            [*(user if own else []), *words], check=True, input=text, text=True,
            capture_output=True, cwd=folder,
        )  # fmt: skip

    data = str(folder / "data")
    run(programs[0], "-D", data, "-U", "kullback", "-A", "trust", "--no-sync")
    options = f"-k {folder} -h '' -F"
    run(programs[1], "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        values = ", ".join(
            f"({n}, {'NULL' if x is None else x}, '{city.replace(chr(39), chr(39) * 2)}')"
            for n, x, city in ROWS
        )
        run(
            programs[2], "-h", str(folder), "-U", "kullback", "-q", "postgres",
            text=f'CREATE SCHEMA sales; CREATE TABLE sales."O; x" (n int, x float8, city text); '
            f'INSERT INTO sales."O; x" VALUES {values};',
        )  # fmt: skip
        yield f"postgresql://kullback:secret@/postgres?host={folder}"
    finally:
        run(programs[1], "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def test_postgresql(server, truth):
    found = compare(f"{server}::sales.O; x", AFTER)
    assert numbers(found) == truth
    assert "secret" not in repr(found) + found.to_json()
    with pytest.raises(TableError, match=r"cannot read postgresql://kullback@.*nothing") as caught:
        compare(f"{server}::nothing", AFTER)
    assert "\n" not in str(caught.value)
    assert "secret" not in str(caught.value)
