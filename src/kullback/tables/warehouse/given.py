"""Tables that live elsewhere, told by what is given: nothing is imported to find out."""

from collections.abc import Callable
from typing import Any

from kullback.errors import TableError
from kullback.tables.warehouse.backend import Backend, Warehouse
from kullback.tables.warehouse.engine import Remote
from kullback.tables.warehouse.spark import PREFIX, Spark


def remote(
    reference: object, current: object, on_step: Callable[[str], None]
) -> tuple[tuple[str, str], Remote] | None:
    """The names of both tables and the engine that asks where they live; None if both are here.

    Raises
    ------
    TableError
        For tables that no single system holds.
    """
    sides = _settled(reference), _settled(current)
    homes = home(sides[0]), home(sides[1])
    if homes == (None, None):
        return None
    if homes[0] != homes[1]:
        here, there = (given or "this process" for given in homes)
        raise TableError(
            f"the reference is in {here} and the current table in {there}: no query can count "
            f"both; bring one to the other, as in {PREFIX}PATH for a file that Spark can read, or "
            "compare profiles of them"
        )
    backend: Backend = Spark(*sides) if homes[0] == "Spark" else Warehouse(*sides)
    names = _name(sides[0]), _name(sides[1])
    return names, Remote(backend, names, on_step)


def home(given: object) -> str | None:
    """The system that holds a table, if it is not in a file or in memory."""
    if isinstance(given, str):
        return "Spark" if given.startswith(PREFIX) else None
    library = type(given).__module__.partition(".")[0]
    if library == "pyspark":
        return "Spark"
    if library == "ibis":
        return f"Ibis ({_connection(given).name})"
    return None


def _settled(given: object) -> Any:
    """A DataFrame of Spark's for what pandas-on-Spark or Ibis make of one; else what was given."""
    library = type(given).__module__.partition(".")[0]
    if library == "pyspark" and hasattr(given, "to_spark"):
        return given.to_spark()
    if library == "ibis" and _connection(given).name == "pyspark":
        connection = _connection(given)
        return connection.raw_sql(connection.compile(given))
    return given


def _connection(table: Any) -> Any:
    try:
        return table.get_backend()
    except Exception as error:  # Ibis has no common base for its errors
        raise TableError(f"the ibis table is not in a database: {error}") from error


def _name(given: Any) -> str:
    if isinstance(given, str):
        return given
    if home(given) == "Spark":
        return "Spark DataFrame"
    return f"{_connection(given).name} table"
