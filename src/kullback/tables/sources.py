"""What a caller hands over, named and ready for an engine: files, a database's table, a frame."""

import glob
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from kullback.errors import InputTypeError, MissingExtraError, TableError

Format = Literal["parquet", "csv", "json"]
Home = Literal["duckdb", "sqlite", "postgresql"]

_ENDINGS: dict[str, Format] = {
    **dict.fromkeys((".parquet", ".pq", ".parq"), "parquet"),
    **dict.fromkeys((".csv", ".tsv", ".txt"), "csv"),
    **dict.fromkeys((".json", ".jsonl", ".ndjson"), "json"),
}
_DATABASES = (".duckdb", ".db", ".ddb", ".sqlite", ".sqlite3")
SERVERS = ("postgres://", "postgresql://")
_COMPRESSED = (".gz", ".zst")


@dataclass(frozen=True)
class Files:
    """One table in one or more files of one format; `paths` escape what a pattern could mean."""

    name: str
    paths: tuple[str, ...]
    format: Format


@dataclass(frozen=True)
class Frame:
    """A table in memory, as Arrow."""

    name: str
    table: Any


@dataclass(frozen=True)
class Stored:
    """A table of a database: its file or its address, and its name, part by part."""

    name: str
    home: Home
    where: str
    table: tuple[str, ...]


Source = Files | Frame | Stored


def open_source(given: object) -> Source:
    """The table behind a path, a pattern, ``shop.sqlite::orders``, or a dataframe."""
    if not isinstance(given, (str, os.PathLike)):
        return _frame(given)
    name = os.fsdecode(given)
    if "::" in name and not Path(name).exists():
        return _stored(*name.rsplit("::", 1))
    return _files(name)


def _stored(where: str, table: str) -> Stored:
    """A table by the address of its database; a password is no part of its name."""
    parts = tuple(table.split("."))
    if not all(parts):
        raise TableError(f"no table is named after :: in {_shown(where)}::{table}")
    name = f"{_shown(where)}::{table}"
    if where.startswith(SERVERS):
        return Stored(name, "postgresql", where, parts)
    if not Path(where).is_file():
        raise TableError(f"no such file: {where}")
    with Path(where).open("rb") as file:
        head = file.read(16)
    if head == b"SQLite format 3\x00":
        return Stored(name, "sqlite", where, parts)
    if head[8:12] == b"DUCK":
        return Stored(name, "duckdb", where, parts)
    raise TableError(f"{where} is neither a DuckDB nor a SQLite database")


def _shown(where: str) -> str:
    """The address without a password."""
    if not where.startswith(SERVERS):
        return where
    secret = urlsplit(where).password
    return where.replace(f":{secret}@", "@", 1) if secret else where


def _files(name: str) -> Files:
    found = [name] if Path(name).exists() else sorted(glob.glob(name, recursive=True))
    if not found:
        what = "no file matches" if glob.has_magic(name) else "no such file:"
        raise TableError(f"{what} {name}")
    for path in found:
        if Path(path).is_dir():
            raise TableError(
                f"{path} is a folder, not a table; name its files, as in {path.rstrip('/')}/*.csv"
            )
        if Path(path).is_file() and Path(path).stat().st_size == 0:
            raise TableError(f"{path} is empty (0 bytes)")
    formats = {_format(path) for path in found}
    if len(formats) > 1:
        raise TableError(
            f"{name} matches {' and '.join(sorted(formats))} files; compare one format a side"
        )
    return Files(name, tuple(glob.escape(path) for path in found), formats.pop())


def _format(path: str) -> Format:
    plain = path.lower()
    for ending in _COMPRESSED:
        plain = plain.removesuffix(ending)
    ending = Path(plain).suffix
    if ending in _DATABASES:
        raise TableError(f"{path} is a database by its name: say which table, as in {path}::TABLE")
    if ending not in _ENDINGS:
        raise TableError(
            f"{path} is neither CSV nor Parquet nor JSON by its name, which should end in one of "
            f"{' '.join(_ENDINGS)} (CSV and JSON also with {' or '.join(_COMPRESSED)})"
        )
    return _ENDINGS[ending]


def _frame(given: object) -> Frame:
    try:
        import narwhals as nw
        from narwhals.exceptions import NarwhalsError
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "comparing dataframes needs narwhals: pip install 'kullback[tables]'"
        ) from error
    library = type(given).__module__.partition(".")[0]
    if library in {"pyspark", "ibis"}:  # narwhals would fetch every row
        raise TableError(
            f"this is answered from files and tables in memory, not from {library}: write the rows "
            "it needs to Parquet"
        )
    try:
        frame = nw.from_native(given)  # type: ignore[call-overload]
    except TypeError as error:
        raise InputTypeError(
            f"cannot compare a {type(given).__name__}: pass a path, a pattern, or a dataframe "
            "(pandas, Polars, Arrow, or another that narwhals knows)"
        ) from error
    except NarwhalsError as error:
        raise _unfit(library, error) from error
    try:
        eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
        table = eager.to_arrow()
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"reading a {library} table needs pyarrow: pip install pyarrow"
        ) from error
    except (NarwhalsError, ValueError, TypeError) as error:  # Arrow's own are among these two
        raise _unfit(library, error) from error
    return Frame(f"{library} table", table)


def _unfit(library: str, error: Exception) -> TableError:
    return TableError(f"the {library} table cannot become Arrow: {' '.join(str(error).split())}")
