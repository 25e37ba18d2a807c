"""What differs between the systems that can be asked: how a query runs, and a few functions."""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from kullback.errors import KullbackError, MissingExtraError, TableError
from kullback.tables.engine import Side
from kullback.tables.partition import Number

Expression = Any  # of Ibis, which is imported only when asked for

MICROSECONDS = 1_000_000
DAY = 86_400 * MICROSECONDS
_CAUSED = "Caused by: "
_LISTS = re.compile(r"(ARRAY\(|\[)((?:[^(),\[\]]+,){16,}[^(),\[\]]+)(\)|\])", re.IGNORECASE)


class Backend(Protocol):
    """Runs Ibis expressions over two tables whose columns are c0, c1 … by their place."""

    @property
    def name(self) -> str:
        """The system and its version."""
        ...

    def open(self, side: Side) -> tuple[Expression, Sequence[str], Sequence[str]]:
        """The table of that side, its columns' own names, and their types in the system's words."""
        ...

    def answer(self, query: Expression) -> tuple[Any, str]:
        """The Arrow table that the query gives, and the query in the system's own language."""
        ...

    def cell(self, x: Expression, edges: Sequence[Number]) -> Expression:
        """How many edges lie below x."""
        ...

    def micros(self, instant: Expression) -> Expression:
        """Microseconds since 1970 of a date with time."""
        ...

    def clock(self, time: Expression) -> Expression:
        """Microseconds since midnight."""
        ...

    @property
    def reads_intervals(self) -> bool:
        """Whether `length` can be asked."""
        ...

    def length(self, interval: Expression) -> Expression:
        """Microseconds in an interval."""
        ...

    def close(self) -> None:
        """Take back whatever was left in the system."""
        ...


class Warehouse:
    """Any system that Ibis connects to, through the connection that both tables hold."""

    reads_intervals = False

    def __init__(self, reference: Expression, current: Expression) -> None:
        self._tables: dict[Side, Expression] = {"reference": reference, "current": current}
        self._connection = reference.get_backend()

    @property
    def name(self) -> str:
        """The system and its version."""
        held = self._connection
        return f"{held.name} {held.version}, through Ibis {ibis().__version__}"

    def open(self, side: Side) -> tuple[Expression, Sequence[str], Sequence[str]]:
        """The table of that side, its columns' own names, and their types in Ibis's words."""
        table = self._tables[side]
        names = list(table.columns)
        types = [str(held).removeprefix("!") for held in table.schema().types]
        return (
            table.select(**{f"c{at}": table[name] for at, name in enumerate(names)}),
            names,
            types,
        )

    def answer(self, query: Expression) -> tuple[Any, str]:
        """The Arrow table that the query gives, and the query in the system's own dialect."""
        text = str(self._connection.compile(query, pretty=True))
        return self._connection.to_pyarrow(query), text

    def cell(self, x: Expression, edges: Sequence[Number]) -> Expression:
        """How many edges lie below x: among the ends of √n runs of edges, then in one run."""
        if not edges:
            return ibis().literal(0, "int64")
        width = math.isqrt(len(edges) - 1) + 1
        whole, ends = (
            ibis().literal(list(some), f"array<{x.type()}>".replace("!", ""))
            for some in (edges, edges[width - 1 :: width])
        )
        before = ends.filter(lambda edge: edge < x).length() * width
        run = whole[before : before + width]
        return (before + run.filter(lambda edge: edge < x).length()).cast("int64")

    def micros(self, instant: Expression) -> Expression:
        """Microseconds since 1970 of a date with time."""
        if instant.type().timezone is None:
            return instant.date().epoch_days() * DAY + self.clock(instant)
        whole = instant.truncate("s").epoch_seconds()
        seconds = whole.cast("float64").cast("int64")  # some say whole seconds as DOUBLE
        return seconds * MICROSECONDS + instant.microsecond().cast("int64")

    def clock(self, time: Expression) -> Expression:
        """Microseconds since midnight."""
        hours = time.hour().cast("int64")
        seconds = (hours * 60 + time.minute()) * 60 + time.second()
        return seconds * MICROSECONDS + time.microsecond()

    def length(self, interval: Expression) -> Expression:
        """Systems do not agree on what an interval is: none is read."""
        raise NotImplementedError

    def close(self) -> None:
        """Leave the caller's connection as it is."""


def asked(run: Callable[[], Any], failed: str) -> Any:
    """What the system answers; its failure in one line, after ours.

    Drivers raise errors of their own, of no common kind: whatever comes is the system's word.
    """
    try:
        return run()
    except KullbackError:
        raise
    except Exception as error:
        raise TableError(f"{failed}: {cause(error)}") from error


def cause(error: BaseException) -> str:
    """An error in one line: what failed, and why, without the traces of other processes.

    >>> cause(ValueError(chr(10).join(["Job lost", " at A.java:3", "Caused by: E: no space left"])))
    'Job lost: E: no space left'
    """
    lines = [line.strip(" \t:") for line in str(error).splitlines()]
    said = [line for line in lines if line and not line.startswith(("at ", "An error occurred"))]
    if not said:
        return type(error).__name__
    why = [line.removeprefix(_CAUSED) for line in said[1:] if line.startswith(_CAUSED)]
    if not why and "Traceback" in str(error):  # of Python: its last line says why
        why = said[-1:]
    return ": ".join(dict.fromkeys([said[0], *why]))[:500]


def shortened(sql: str) -> str:
    """The query without its long lists of edges, which the report states elsewhere.

    >>> shortened("SELECT CELL(x, ARRAY(" + ", ".join(map(str, range(99))) + ")) FROM t")
    'SELECT CELL(x, ARRAY(0, … 99 edges)) FROM t'
    """

    def brief(found: re.Match[str]) -> str:
        edges = found[2].split(",")
        return f"{found[1]}{edges[0].strip()}, … {len(edges)} edges{found[3]}"

    return _LISTS.sub(brief, sql)


def ibis() -> Any:
    """Ibis, or in words what brings it."""
    try:
        import ibis
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "asking Spark or a warehouse needs Ibis: pip install 'kullback[spark]' or "
            "'kullback[ibis]'"
        ) from error
    return ibis
