"""From two tables to reports on disk and on the screen, and the exit status."""

from __future__ import annotations

import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Any, TextIO

import click

from kullback.errors import InvalidInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from kullback.report import Limits


@dataclass(frozen=True)
class Request:
    """One comparison: both tables, how to compare them, the limits, and where reports go."""

    reference: str
    current: str
    limits: Limits
    options: Mapping[str, Any]
    paths: Mapping[str, str | None] = field(default_factory=dict)  # "html", "json", "markdown"


def answer(request: Request) -> int:
    """Compare, write the reports, print the table; the exit status that the limits ask for."""
    from kullback.report import judge
    from kullback.report.text import WIDTH, render
    from kullback.tables import compare

    limits = request.limits
    with reports_to(request.paths) as files, progress() as on_step:
        options = {name: value for name, value in request.options.items() if value is not None}
        if "js" in limits.every:
            options["limit"] = limits.every["js"]
        result = compare(request.reference, request.current, on_step=on_step, **options)
        status = judge(result, limits).exit_status if limits else 0
        for kind, file in files.items():
            on_step(f"writing {request.paths[kind]}")
            file.write(getattr(result, f"to_{kind}")(limits=limits))
    on_screen = sys.stdout.isatty()
    width = get_terminal_size().columns if on_screen else WIDTH
    click.echo(render(result, width, colour=on_screen, limits=limits))
    return status


@contextmanager
def reports_to(paths: Mapping[str, str | None]) -> Iterator[dict[str, TextIO]]:
    """The files of those reports that have a path; a page that could not be drawn is refused.

    They are opened before the tables are read, and take their places last.
    """
    from kullback.report.files import replacing

    wanted = {kind: path for kind, path in paths.items() if path}
    if len(set(wanted.values())) < len(wanted) and "/dev/null" not in wanted.values():
        raise InvalidInputError(f"two reports would go to one file: {', '.join(wanted.values())}")
    with ExitStack() as stack:
        files = {kind: stack.enter_context(replacing(path)) for kind, path in wanted.items()}
        if "html" in files:
            from kullback.report.as_html import require

            require()
        yield files


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """Show the present step on a terminal's error stream, and nothing anywhere else."""
    if not sys.stderr.isatty():
        yield lambda _step: None
        return
    try:
        from rich.console import Console
        from rich.text import Text
    except ModuleNotFoundError:
        yield lambda _step: None
        return
    with Console(stderr=True).status("") as status:
        yield lambda step: status.update(Text(step))
