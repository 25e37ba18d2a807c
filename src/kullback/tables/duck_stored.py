"""Tables of databases, as DuckDB reads them: its own files attached, others through ADBC."""

# ruff: noqa: S608 - the names of a table are quoted as SQL quotes them

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from kullback.errors import MissingExtraError, TableError
from kullback.tables.duck_session import Session, one_line
from kullback.tables.engine import Side
from kullback.tables.sources import Stored


@contextmanager
def table_of(session: Session, side: Side, source: Stored) -> Iterator[Any]:
    """The rows as a relation of DuckDB's, to be read once; the database is only ever read."""
    if source.home == "duckdb":
        session.connection.execute(
            f"ATTACH $path AS {side}_stored (READ_ONLY)", {"path": source.where}
        )
        try:
            yield session.connection.sql(f"FROM {quoted(f'{side}_stored', *source.table)}")
        finally:
            session.connection.execute(f"DETACH {side}_stored")
        return
    with _connected(source) as connection, connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {quoted(*source.table)}")
        yield session.connection.from_arrow(cursor.fetch_record_batch())


def quoted(*names: str) -> str:
    """A name as SQL quotes it, part by part.

    >>> quoted("public", 'a"; DROP TABLE b; --')
    '"public"."a""; DROP TABLE b; --"'
    """
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


@contextmanager
def _connected(source: Stored) -> Iterator[Any]:
    """A connection to a SQLite file or a PostgreSQL server, its errors as ours, in one line."""
    package = f"adbc_driver_{source.home}"
    try:
        driver = import_module(f"{package}.dbapi")
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"reading {source.name} needs {package.replace('_', '-')}: "
            "pip install 'kullback[databases]'"
        ) from error
    where = source.where
    if source.home == "sqlite":
        where = f"{Path(where).absolute().as_uri()}?mode=ro"
    try:
        with driver.connect(where) as connection:
            yield connection
    except driver.Error as error:
        raise TableError(f"cannot read {source.name}: {one_line(error)}") from error
