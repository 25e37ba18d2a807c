"""Spark: queries are written by Ibis and run in the caller's own session, which stays as it is.

Ibis's own connection would set the session's time zone, so it only writes the text. Each side is
a temporary view; the search among edges and the reading of instants are temporary functions. Their
names are new each time, and all are dropped at the end. Instants are read as microseconds since
1970, which no time zone of a session changes.
"""

import warnings
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any
from uuid import uuid4

from kullback.errors import MissingExtraError, TableError
from kullback.tables.engine import Side
from kullback.tables.partition import Number
from kullback.tables.warehouse.backend import DAY, Expression, ibis

PREFIX = "spark:"
_CLOCK = (
    "extract(HOUR FROM x) * 3600000000L + extract(MINUTE FROM x) * 60000000L + "
    "CAST(extract(SECOND FROM x) * 1000000 AS BIGINT)"
)
_SEARCH = (
    "aggregate(steps, 0L, (cell, step) -> cell + IF(cell + step <= size(edges) "
    "AND x > element_at(edges, CAST(cell + step AS INT)), step, 0L))"
)
_FUNCTIONS = {  # name: parameters in Spark's words, in Ibis's, and what it gives, a BIGINT
    "search_numbers": (
        "x DOUBLE, edges ARRAY<DOUBLE>, steps ARRAY<BIGINT>",
        ("float64", "array<float64>", "array<int64>"),
        _SEARCH,
    ),
    "search_integers": (
        "x BIGINT, edges ARRAY<BIGINT>, steps ARRAY<BIGINT>",
        ("int64", "array<int64>", "array<int64>"),
        _SEARCH,
    ),
    "micros": ("x TIMESTAMP", ("timestamp('UTC')",), "unix_micros(x)"),
    "local_micros": (
        "x TIMESTAMP_NTZ",
        ("timestamp",),
        f"unix_date(CAST(x AS DATE)) * {DAY}L + {_CLOCK}",
    ),
    "clock": ("x TIME", ("time",), _CLOCK),
    "length": (
        "x INTERVAL DAY TO SECOND",
        ("interval('s')",),
        f"extract(DAY FROM x) * {DAY}L + {_CLOCK}",
    ),
}
_CSV = {"header": "true", "inferSchema": "true", "mode": "FAILFAST"}
_FORMATS: dict[str, tuple[str, dict[str, str]]] = {
    "parquet": ("parquet", {}),
    "orc": ("orc", {}),
    "json": ("json", {"mode": "FAILFAST"}),
    "csv": ("csv", _CSV),
    "tsv": ("csv", {**_CSV, "sep": "\t"}),
}
_SHAPES: dict[int, Callable[..., None]] = {
    1: lambda x: None,  # noqa: ARG005 - only the names of parameters are read
    3: lambda x, edges, steps: None,  # noqa: ARG005
}
_TYPES = {
    "tinyint": "int8",
    "smallint": "int16",
    "int": "int32",
    "bigint": "int64",
    "float": "float32",
    "double": "float64",
    "boolean": "boolean",
    "string": "string",
    "date": "date",
    "timestamp": "timestamp('UTC')",
    "timestamp_ntz": "timestamp",
    "void": "null",
}
_STEMS = {"decimal": "float64", "varchar": "string", "char": "string", "time": "time"}


class Spark:
    """Two tables of one Spark session: DataFrames, or ``spark:`` and a path or a table's name."""

    reads_intervals = True

    def __init__(self, reference: Any, current: Any) -> None:
        self._given: dict[Side, Any] = {"reference": reference, "current": current}
        self._mark = f"kullback_{uuid4().hex[:12]}"
        self._views: list[str] = []
        self._functions: dict[str, Any] = {}
        self._started = False

    @property
    def name(self) -> str:
        """Spark and its version."""
        return f"Spark {self._session.version}, through Ibis {ibis().__version__}"

    def open(self, side: Side) -> tuple[Expression, Sequence[str], Sequence[str]]:
        """The table of that side, its columns' own names, and their types in Spark's words."""
        frame = self._given[side]
        if isinstance(frame, str):
            frame = read(self._session, frame.removeprefix(PREFIX))
        if frame.sparkSession is not self._session:
            raise TableError(
                "the two DataFrames belong to different Spark sessions, and no query can see "
                "both: read them in one session"
            )
        if frame.isStreaming:
            raise TableError("a stream has no end to count to: write it to a table first")
        words = [field.dataType.simpleString() for field in frame.schema.fields]
        places = [f"c{at}" for at in range(len(words))]
        view = f"{self._mark}_{side}"
        frame.toDF(*places).createTempView(view)
        self._views.append(view)
        types = dict(zip(places, map(_type, words), strict=True))
        return self._ibis.table(types, name=view), list(frame.columns), words

    def answer(self, query: Expression) -> tuple[Any, str]:
        """The Arrow table that the query gives, and its text."""
        text = str(self._ibis.to_sql(query, dialect="pyspark"))
        with warnings.catch_warnings():  # of versions of pandas, which has no part in this
            warnings.simplefilter("ignore")
            return self._session.sql(text).toArrow(), text

    def cell(self, x: Expression, edges: Sequence[Number]) -> Expression:
        """How many edges lie below x: a binary search in steps of powers of two.

        Nested CASEs, as elsewhere, would outgrow what a method of Java's may hold.
        """
        held = str(x.type()).removeprefix("!")
        name = "search_numbers" if held == "float64" else "search_integers"
        steps = [1 << power for power in reversed(range(len(edges).bit_length()))]
        lists = (
            self._ibis.literal(list(edges), f"array<{held}>"),
            self._ibis.literal(steps, "array<int64>"),
        )
        return self._function(name)(x, *lists)

    def micros(self, instant: Expression) -> Expression:
        """Microseconds since 1970: of a local time, as if it were in UTC."""
        local = instant.type().timezone is None
        return self._function("local_micros" if local else "micros")(instant)

    def clock(self, time: Expression) -> Expression:
        """Microseconds since midnight."""
        return self._function("clock")(time)

    def length(self, interval: Expression) -> Expression:
        """Microseconds in an interval of days to seconds."""
        return self._function("length")(interval)

    def close(self) -> None:
        """Drop the views and the functions; stop the session if it was started here."""
        if self._started:
            self._session.stop()
            return
        for view in self._views:
            self._session.catalog.dropTempView(view)
        for name in self._functions:
            self._session.sql(f"DROP TEMPORARY FUNCTION IF EXISTS {self._mark}_{name}")

    @cached_property
    def _session(self) -> Any:
        """The session of a DataFrame, else the one at work, else one that Spark's settings make."""
        frames = [given for given in self._given.values() if not isinstance(given, str)]
        if frames:
            return frames[0].sparkSession
        try:
            from pyspark.sql import SparkSession
        except ModuleNotFoundError as error:
            raise MissingExtraError(
                "reading with Spark needs PySpark: pip install 'kullback[spark]'"
            ) from error
        active = SparkSession.getActiveSession()
        self._started = active is None
        quiet = SparkSession.builder.appName("kullback").config("spark.log.level", "ERROR")
        return active or quiet.getOrCreate()

    @cached_property
    def _ibis(self) -> Any:
        """Ibis, with what it needs to write Spark's dialect."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = ibis()
            _ = found.pyspark
        return found

    def _function(self, name: str) -> Any:
        """A temporary function of ours, in Spark and for Ibis."""
        if name not in self._functions:
            parameters, types, gives = _FUNCTIONS[name]
            called = f"{self._mark}_{name}"
            self._session.sql(
                f"CREATE TEMPORARY FUNCTION {called}({parameters}) RETURNS BIGINT RETURN {gives}"
            )

            known = self._ibis.udf.scalar.builtin(name=called, signature=(types, "int64"))
            self._functions[name] = known(_SHAPES[len(types)])
        return self._functions[name]


def read(session: Any, what: str) -> Any:
    """A file, a folder or a pattern where there is a slash or a file's ending; else a table."""
    plain = what.lower().removesuffix(".gz").removesuffix(".zst")
    ending = plain.rpartition(".")[2]
    if "/" not in what and ending not in _FORMATS:
        return session.table(what)
    form, options = _FORMATS.get(ending, ("parquet", {}))
    return session.read.format(form).options(**options).load(what)


def _type(words: str) -> str:
    """The type of Ibis for one of Spark's; binary for what is not counted.

    >>> _type("decimal(10,2)"), _type("interval day to second"), _type("array<int>")
    ('float64', "interval('s')", 'binary')
    """
    if words.startswith("interval") and not any(part in words for part in ("year", "month")):
        return "interval('s')"
    return _TYPES.get(words) or _STEMS.get(words.partition("(")[0], "binary")
