"""Options that several commands share, and how their words are read."""

from __future__ import annotations

import csv
import math
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Decorated = Any


def base_of(text: str) -> float:
    """The base of a logarithm: a number, or e; whether it can be a base is `compare`'s to say."""
    try:
        return math.e if text == "e" else float(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is neither a number nor e") from error


def names_in(text: str) -> list[str]:
    """The names between commas, as in a line of CSV: one that holds a comma in double quotes."""
    return next(csv.reader([text]), [])


def limit_in(text: str) -> tuple[str, float]:
    """A measure and its largest allowed value: ``js=0.02``."""
    measure, equals, limit = text.partition("=")
    try:
        return measure.strip(), float(limit)
    except ValueError as error:
        wanted = "a number after =" if equals else "a measure, =, and a number"
        raise click.BadParameter(f"{text!r} needs {wanted}, as in js=0.02") from error


def reports(command: Decorated) -> Decorated:
    """The files that a comparison can be written to."""
    return _all(
        command,
        click.option("--html", "html_path", metavar="PATH", help="Write the report as one page."),
        click.option("--json", "json_path", metavar="PATH", help="Write every number as JSON."),
        click.option(
            "--markdown",
            "markdown_path",
            metavar="PATH",
            help="Write verdict and table for a pull request.",
        ),
    )


def reading(command: Decorated) -> Decorated:
    """What is compared, and how."""
    return _all(
        command,
        click.option(
            "--base",
            type=base_of,
            metavar="NUMBER",
            default="2",
            help="2 for bits (default), e for nats, 10 …",
        ),
        click.option("--columns", type=names_in, metavar="A,B,…", help="These columns only."),
        click.option(
            "--block",
            metavar="COLUMN",
            help="Rows with one value of this column (a day, a user) depend on each other.",
        ),
        click.option("--joint", is_flag=True, help="Also bound the KL of all columns together."),
        click.option("--seed", type=int, default=0, help="Of resampling and permutation (0)."),
        resources,
    )


def resources(command: Decorated) -> Decorated:
    """What DuckDB may take of the machine."""
    return _all(
        command,
        click.option(
            "--memory-limit",
            metavar="SIZE",
            help="What DuckDB may hold in memory, as 300MB; Python's own comes on top.",
        ),
        click.option("--threads", type=int, metavar="NUMBER", help="DuckDB's threads (all)."),
    )


def _all(command: Decorated, *options: Callable[[Decorated], Decorated]) -> Decorated:
    for option in reversed(options):
        command = option(command)
    return command


def limits_of(pairs: Sequence[tuple[str, float]]) -> dict[str, float]:
    """Each measure's limit, given once."""
    found: dict[str, float] = {}
    for measure, limit in pairs:
        if measure in found:
            raise click.BadParameter(f"the limit on {measure} is given twice")
        found[measure] = limit
    return found
