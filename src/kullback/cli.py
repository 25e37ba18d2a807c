"""The command line: `kullback compare REFERENCE CURRENT`."""

from __future__ import annotations

import csv
import math
import sys
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from shutil import get_terminal_size
from typing import TYPE_CHECKING, NoReturn

try:
    import click
except ModuleNotFoundError:
    sys.stderr.write("error: the command line needs click: pip install 'kullback[tables]'\n")
    raise SystemExit(2) from None

from kullback.errors import KullbackError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FAILED, INTERRUPTED = 2, 130


def base_of(text: str) -> float:
    """The base of a logarithm: a number, or e; whether it can be a base is `compare`'s to say."""
    try:
        return math.e if text == "e" else float(text)
    except ValueError as error:
        raise click.BadParameter(f"{text!r} is neither a number nor e") from error


def names_in(text: str) -> list[str]:
    """The names between commas, as in a line of CSV: one that holds a comma in double quotes."""
    return next(csv.reader([text]), [])


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="kullback")
def command() -> None:
    """Relative entropy: how one table, or distribution, differs from another."""


@command.command()
@click.argument("reference")
@click.argument("current")
@click.option("--json", "json_path", metavar="PATH", help="Also write the result as JSON.")
@click.option(
    "--base",
    type=base_of,
    metavar="NUMBER",
    default="2",
    help="2 for bits (default), e for nats, 10 …",
)
@click.option("--columns", type=names_in, metavar="A,B,…", help="Compare these columns only.")
def compare(
    reference: str, current: str, json_path: str | None, base: float, columns: list[str] | None
) -> None:
    """Rank the columns of CURRENT by how much they differ from REFERENCE.

    Both are CSV or Parquet files, or quoted patterns such as 'data/2024-*.parquet'. Each column
    shows KL(current ‖ reference), Jensen-Shannon and total variation, and the values behind them.
    """
    from kullback.report.as_json import dumps, replacing
    from kullback.report.text import WIDTH, render
    from kullback.tables import compare as compare_tables

    with ExitStack() as stack:  # the file is opened first: a path that fails should fail at once
        file = stack.enter_context(replacing(json_path)) if json_path else None
        with _progress() as on_step:
            result = compare_tables(reference, current, columns=columns, base=base, on_step=on_step)
        if file:
            file.write(dumps(result))
    on_screen = sys.stdout.isatty()
    width = get_terminal_size().columns if on_screen else WIDTH
    click.echo(render(result, width, colour=on_screen))


@contextmanager
def _progress() -> Iterator[Callable[[str], None]]:
    """Show the present step on a terminal's error stream, and nothing anywhere else."""
    if not sys.stderr.isatty():
        yield lambda _step: None
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status("") as status:
        yield lambda step: status.update(Text(step))


def main() -> NoReturn:
    """Run a command: exit status 0 when it answered, 2 when it could not, 130 when interrupted."""
    if isinstance(sys.stdout, TextIOWrapper):  # an output without ‖ and ∞ still gets the numbers
        sys.stdout.reconfigure(errors="replace")
    try:
        status = command.main(prog_name="kullback", standalone_mode=False)
    except (KullbackError, click.ClickException) as error:
        words = error.format_message() if isinstance(error, click.ClickException) else str(error)
        sys.stderr.write(f"error: {' '.join(words.split())}\n")
        status = FAILED
    except (KeyboardInterrupt, click.Abort):
        sys.stderr.write("interrupted\n")
        status = INTERRUPTED
    raise SystemExit(status)
