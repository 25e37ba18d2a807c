"""`kullback check drift.toml`: a comparison and its limits, kept in a file."""

from __future__ import annotations

import tomllib
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kullback.cli.options import reports
from kullback.cli.running import Request, answer
from kullback.errors import InvalidInputError

if TYPE_CHECKING:
    from kullback.report import Limits

KNOWN: dict[str, type | tuple[type, ...]] = {
    "reference": str,
    "current": str,
    "columns": list,
    "base": (int, float),
    "block": str,
    "joint": bool,
    "seed": int,
    "rule": str,
    "strict": bool,
    "limits": dict,
}
PASSED = {"columns": "columns", "base": "base", "block": "block", "joint": "joint", "seed": "rng"}


@click.command()
@click.argument("file", metavar="DRIFT.TOML")
@click.option("--reference", metavar="PATH", help="In place of the file's reference.")
@click.option("--current", metavar="PATH", help="In place of the file's current.")
@reports
def check(
    file: str,
    reference: str | None,
    current: str | None,
    html_path: str | None,
    json_path: str | None,
    markdown_path: str | None,
) -> int:
    """Hold two tables against the limits in a TOML file.

    Exit status: 0 within the limits, 1 breached, 2 could not be answered, 3 undecided and strict.

    \b
      reference = "january.parquet"     # relative to this file; or spark:…
      current = "july.parquet"
      block = "day"                     # also: columns, base, joint, seed
      rule = "lower"                    # or point, upper
      strict = true
      [limits]
      js = 0.02                         # for every column
      [limits.arr_delay]
      js = 0.05                         # for this one
    """  # noqa: D301 - \b is click's mark for lines to keep
    asked = _read(Path(file))
    folder = Path(file).parent
    tables = {}
    for side, given in (("reference", reference), ("current", current)):
        if given is None and side not in asked:
            raise InvalidInputError(f"{file} names no {side}; add it, or pass --{side} PATH")
        tables[side] = given or _placed(folder, asked[side])
    return answer(
        Request(
            tables["reference"],
            tables["current"],
            _limits(file, asked),
            {name: asked.get(key) for key, name in PASSED.items()},
            {"html": html_path, "json": json_path, "markdown": markdown_path},
        )
    )


def _placed(folder: Path, named: str) -> str:
    """A path as the file means it; the address of Spark or of a server stays as it is."""
    from kullback.tables.sources import SERVERS
    from kullback.tables.warehouse.spark import PREFIX

    return named if named.startswith((PREFIX, *SERVERS)) else str(folder / named)


def _read(path: Path) -> dict[str, Any]:
    """The file's settings, each known and of its type."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        raise InvalidInputError(f"cannot read {path}: {reason}") from error
    for key, value in found.items():
        if key not in KNOWN:
            close = get_close_matches(key, KNOWN, n=1)
            hint = f"; did you mean {close[0]}?" if close else f"; known are {', '.join(KNOWN)}"
            raise InvalidInputError(f"{path}: {key} is not known{hint}")
        wanted = KNOWN[key]
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            raise InvalidInputError(f"{path}: {key} is {value!r}, not a {_type_words(wanted)}")
    if not all(isinstance(name, str) for name in found.get("columns", [])):
        raise InvalidInputError(f"{path}: columns is {found['columns']}, not a list of names")
    return found


def _type_words(wanted: type | tuple[type, ...]) -> str:
    return {str: "string", list: "list of names", bool: "true or false", dict: "table"}.get(
        wanted if isinstance(wanted, type) else float, "number"
    )


def _limits(file: str, asked: dict[str, Any]) -> Limits:
    """Numbers are limits for every column, tables are limits of the column they name."""
    from kullback.report import Limits

    given = asked.get("limits", {})
    if not given:
        raise InvalidInputError(f"{file} sets no limit; add a line such as js = 0.02 to [limits]")
    every = {key: _number(file, key, v) for key, v in given.items() if not isinstance(v, dict)}
    by_column = {
        column: {key: _number(file, f"{column}.{key}", value) for key, value in limits.items()}
        for column, limits in given.items()
        if isinstance(limits, dict)
    }
    return Limits(every, by_column, asked.get("rule", "lower"), strict=asked.get("strict", False))


def _number(file: str, key: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise InvalidInputError(f"{file}: the limit {key} is {value!r}, not a number")
    return float(value)
