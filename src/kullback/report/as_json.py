"""A comparison for programs: JSON that any parser accepts, and a dataframe."""

from __future__ import annotations

import json
import math
import os
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from kullback.errors import MissingExtraError, TableError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kullback.report.result import ColumnComparison, OneSided, TableComparison

Line = dict[str, Any]


def dumps(result: TableComparison) -> str:
    """The comparison as JSON text."""
    return json.dumps(as_dict(result), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def as_dict(result: TableComparison) -> Line:
    """The comparison as plain values; infinity is the string ``"inf"``, for JSON has no other."""
    return {
        "question": "KL(current ‖ reference)",
        "unit": result.unit,
        "base": result.base,
        "reference": {"name": result.reference, "rows": result.rows[0]},
        "current": {"name": result.current, "rows": result.rows[1]},
        "columns": [_column(column) for column in result.columns],
        "notes": list(result.notes),
    }


def _column(column: ColumnComparison) -> Line:
    drivers = [(cell, *column.share(cell)) for cell in column.drivers()]
    return {
        **_measures(column),
        "kl": _number(column.kl),
        "unseen": _one_sided(column.unseen),
        "vanished": _one_sided(column.vanished),
        "drivers": [
            {"value": cell.label, "reference": before, "current": after, "js": cell.js}
            for cell, before, after in drivers
        ],
        "cells": [
            {
                "value": cell.label,
                "values": cell.values,
                "reference": cell.reference,
                "current": cell.current,
                "js": cell.js,
            }
            for cell in column.cells
        ],
    }


def _measures(column: ColumnComparison) -> Line:
    return {
        "column": column.column,
        "kind": column.kind,
        "by": column.by,
        "kl": column.kl,
        "js": column.js,
        "tv": column.tv,
        "rows_reference": column.rows[0],
        "rows_current": column.rows[1],
        "missing_reference": column.missing_share[0],
        "missing_current": column.missing_share[1],
    }


def _one_sided(found: OneSided | None) -> Line | None:
    if found is None:
        return None
    return {"values": found.values, "share": found.share, "names": list(found.names)}


def _number(value: float) -> float | str:
    return "inf" if math.isinf(value) else value


def to_frame(result: TableComparison, backend: str | None) -> Any:
    """One line a column, with the numbers and, in words, what changed most."""
    import narwhals as nw

    from kullback.report.text import driver

    installed = [name for name in ("pandas", "polars", "pyarrow") if find_spec(name)]
    chosen: Any = backend or next(iter(installed), None)
    if chosen is None:
        raise MissingExtraError("a dataframe needs pandas, polars or pyarrow: pip install pandas")
    lines = [
        {**_measures(column), "drivers": "; ".join(driver(column, c) for c in column.drivers())}
        for column in result.columns
    ]
    fields = {field: [line[field] for line in lines] for field in lines[0]}
    return nw.from_dict(fields, backend=chosen).to_native()


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[TextIO]:
    """A file that takes the place of `path` once it is whole; until then, and on error, it is not.

    A path that is no regular file, such as ``/dev/stdout``, is written directly.
    """
    target = Path(path)
    direct = target.exists() and not target.is_file()
    part = target if direct else target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8") as file:
            yield file
        if not direct:
            part.replace(target)
    except OSError as error:
        raise TableError(f"cannot write {target}: {error.strerror or error}") from error
    finally:
        if not direct:
            part.unlink(missing_ok=True)
