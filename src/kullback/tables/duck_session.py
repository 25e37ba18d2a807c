"""One DuckDB connection: asked, streamed from, interrupted; it remembers what it was asked."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from kullback.errors import InvalidInputError, MissingExtraError, TableError

T = TypeVar("T")
BATCH = 1 << 17  # rows of a record batch
_NUMBERS = {"double": np.float64, "int64": np.int64}  # Arrow's types as numpy's


class Session:
    """A connection with a folder for what it cannot hold in memory; close it, and both are gone.

    DuckDB keeps the order of rows: the fixed sample of a table depends on it.

    Parameters
    ----------
    memory_limit
        What DuckDB may hold in memory before it spills, as ``"300MB"``; its own default without it.
    threads
        How many threads DuckDB works with; one a processor without it.
    """

    def __init__(self, memory_limit: str | None, threads: int | None) -> None:
        try:
            import duckdb
        except ModuleNotFoundError as error:
            raise MissingExtraError(
                "comparing tables needs DuckDB: pip install 'kullback[tables]'"
            ) from error
        self.duckdb = duckdb
        self.queries: list[str] = []
        with ExitStack() as opened:
            folder = opened.enter_context(TemporaryDirectory(prefix="kullback-"))
            self.folder = Path(folder)
            self.connection = self._connected(memory_limit, threads)
            opened.callback(self.connection.close)
            self._worker = opened.enter_context(ThreadPoolExecutor(max_workers=1))
            self.connection.execute("SET enable_progress_bar = false")
            self.close = opened.pop_all().close

    def _connected(self, memory_limit: str | None, threads: int | None) -> Any:
        wanted = {"memory_limit": memory_limit, "threads": threads}
        if threads is not None and threads < 1:
            raise InvalidInputError(f"threads is {threads}; it must be 1 or more")
        given = {name: value for name, value in wanted.items() if value is not None}
        try:
            return self.duckdb.connect(config={"temp_directory": str(self.folder), **given})
        except self.duckdb.Error as error:
            if not given:
                raise
            raise InvalidInputError(f"DuckDB does not take {given}: {one_line(error)}") from error

    def ask(self, query: str, parameters: Mapping[str, object] | None = None) -> list[Any]:
        """Every line of the answer to one query, which holds no value of a user's."""

        def ask() -> list[Any]:
            return list(self.connection.execute(query, parameters or {}).fetchall())

        self.queries.append(query)
        with self.blaming("the comparison could not be counted"):
            return self.run(ask)

    def arrays(
        self, query: str, parameters: Mapping[str, object] | None = None
    ) -> dict[str, npt.NDArray[Any]]:
        """The answer to one query, an array for each column of it."""

        def ask() -> dict[str, npt.NDArray[Any]]:
            return dict(self.connection.execute(query, parameters or {}).fetchnumpy())

        self.queries.append(query)
        with self.blaming("the comparison could not be counted"):
            return self.run(ask)

    def stream(self, query: str, rows: int = BATCH) -> Iterator[Any]:
        """The answer to one query as Arrow record batches of about so many rows.

        The next batch is read while the caller works on this one; no more than these are held.
        """
        self.queries.append(query)
        with self.blaming("the table could not be read"):
            relation = self.run(lambda: self.connection.sql(query))
            read = getattr(relation, "to_arrow_reader", None) or relation.fetch_arrow_reader
            reader = self.run(lambda: read(rows))
            coming = self._worker.submit(next, reader, None)
            while (batch := self._result(coming)) is not None:
                coming = self._worker.submit(next, reader, None)
                yield batch

    def run(self, work: Callable[[], T]) -> T:
        """The result of work in DuckDB, which Ctrl-C stops at once.

        DuckDB holds back signals until a query ends; so it works beside the main thread.
        """
        return self._result(self._worker.submit(work))

    def _result(self, future: "Future[T]") -> T:
        try:
            return future.result()
        except KeyboardInterrupt:
            self.connection.interrupt()
            raise

    @contextmanager
    def blaming(self, what: str) -> Iterator[None]:
        """DuckDB's errors as ours, in one line."""
        try:
            yield
        except (self.duckdb.Error, UnicodeDecodeError) as error:
            raise TableError(f"{what}: {one_line(error)}") from error


def one_line(error: Exception) -> str:
    """What DuckDB says, without the query that it quotes."""
    return " ".join(str(error).split("LINE 1:")[0].split())[:300]


def filled(column: Any) -> npt.NDArray[Any]:
    """The values of an Arrow column of 64-bit numbers, without the missing ones."""
    kind = _NUMBERS[str(column.type)]
    if column.null_count == len(column):
        return np.empty(0, dtype=kind)
    held, data = column.buffers()
    here = slice(column.offset, column.offset + len(column))
    values = np.frombuffer(data, dtype=kind)[here]
    if not column.null_count:
        return values
    bits = np.unpackbits(np.frombuffer(held, dtype=np.uint8), bitorder="little")
    return values[bits[here].view(np.bool_)]
