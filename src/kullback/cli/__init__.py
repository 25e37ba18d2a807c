"""The command line: `kullback compare`, `check`, `explain`, `profile`, `merge`, `predictions`."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from typing import NoReturn

try:
    import click
except ModuleNotFoundError:
    sys.stderr.write("error: the command line needs click: pip install 'kullback[tables]'\n")
    raise SystemExit(2) from None

from kullback.cli.check import check
from kullback.cli.compare import compare
from kullback.cli.explain import explain
from kullback.cli.merge import merge
from kullback.cli.predictions import predictions
from kullback.cli.profile import profile
from kullback.errors import KullbackError

COMMANDS = (compare, check, explain, predictions, profile, merge)
FAILED, INTERRUPTED = 2, 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="kullback")
def command() -> None:
    """Relative entropy: how one table, or distribution, differs from another.

    Exit status: 0 when it answered and no limit was breached, 1 when one was, 2 when it could not
    answer, 3 when it is undecided and --strict, 130 when interrupted.
    """


for one in COMMANDS:
    command.add_command(one)


def main() -> NoReturn:
    """Run a command and end with its exit status; an error is one line, without a traceback."""
    for stream in (sys.stdout, sys.stderr):  # one without ‖ and ∞ still gets the numbers
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        status = command.main(prog_name="kullback", standalone_mode=False)
    except (KullbackError, click.ClickException, OSError, MemoryError) as error:
        sys.stderr.write(f"error: {_words(error)}\n")
        status = FAILED
    except (KeyboardInterrupt, click.Abort):
        sys.stderr.write("interrupted\n")
        status = INTERRUPTED
    raise SystemExit(status)


def _words(error: Exception) -> str:
    """What went wrong, in one line."""
    said = error.format_message() if isinstance(error, click.ClickException) else str(error)
    if isinstance(error, MemoryError):
        said = f"out of memory: {said}"
    return " ".join(said.split()) or type(error).__name__
