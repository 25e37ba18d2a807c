"""Two tables opened in one system, and asked: what the system says, or our error in its words."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from kullback.errors import TableError
from kullback.tables.engine import Column, Side
from kullback.tables.warehouse.backend import Backend, Expression, asked, shortened
from kullback.tables.warehouse.codes import SIDES
from kullback.tables.warehouse.types import kind_of


class Session:
    """A backend and what it holds; it remembers what it was asked.

    Attributes
    ----------
    tables, columns, rows : dict
        By side: the table as an expression, its columns, and how many rows it has.
    queries : list of str
        What was asked, in the system's own words.
    """

    def __init__(
        self, backend: Backend, names: tuple[str, str], on_step: Callable[[str], None]
    ) -> None:
        self.backend = backend
        self.names: dict[Side, str] = dict(zip(SIDES, names, strict=True))
        self._on_step = on_step
        self.tables: dict[Side, Expression] = {}
        self.columns: dict[Side, tuple[Column, ...]] = {}
        self.rows: dict[Side, int] = {}
        self.queries: list[str] = []

    @property
    def name(self) -> str:
        """The system and its version."""
        return self.backend.name

    def open(self) -> None:
        """Open both tables, or leave everything as it was."""
        try:
            for side in SIDES:
                self._open(side)
        except BaseException:
            self.close(failed=True)  # what failed first is what there is to say
            raise

    def close(self, *, failed: bool) -> None:
        """Leave the system as it was; if something failed before, without a further error."""
        if failed:
            with suppress(Exception):
                self.backend.close()
        else:
            asked(self.backend.close, f"{self.name} could not be left as it was")

    def _open(self, side: Side) -> None:
        name = self.names[side]
        self._on_step(f"reading {name}")
        table, names, words = asked(lambda: self.backend.open(side), f"cannot read {name}")
        self.tables[side] = table
        self.columns[side] = tuple(
            Column(own, kind_of(held, lengths=self.backend.reads_intervals), word, at)
            for at, (own, held, word) in enumerate(
                zip(names, table.schema().types, words, strict=True)
            )
        )
        self.rows[side] = self.one(table.agg(n=table.count()))["n"] if names else 0
        if not self.rows[side]:
            raise TableError(
                f"{name} has {self.rows[side]} rows and {len(names)} columns: "
                "there is nothing to compare"
            )

    def ask(self, query: Expression) -> Any:
        """The Arrow table that a query gives."""
        found, text = asked(lambda: self.backend.answer(query), f"{self.name} could not count")
        self.queries.append(shortened(text))
        return found

    def lines(self, query: Expression) -> list[dict[str, Any]]:
        """The lines of an answer."""
        lines: list[dict[str, Any]] = self.ask(query).to_pylist()
        return lines

    def one(self, query: Expression) -> dict[str, int]:
        """The only line of an answer that counts."""
        return {name: int(value or 0) for name, value in self.lines(query)[0].items()}

    def check_whole(self, side: Side, rows: int) -> None:
        """Raise unless a query counted all rows of a side."""
        if rows != self.rows[side]:
            raise TableError(
                f"{self.names[side]} had {self.rows[side]} rows, and {rows} a moment later: it "
                "changes while it is read; compare a snapshot of it, such as a table written once"
            )
