"""`kullback explain REFERENCE CURRENT COLUMN`: what changed inside one column."""

from __future__ import annotations

import sys
from shutil import get_terminal_size

import click

from kullback.cli.options import base_of
from kullback.cli.running import progress


@click.command()
@click.argument("reference")
@click.argument("current")
@click.argument("column")
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN",
    help="Split by this column: how much of the change is its own, and where. May be repeated.",
)
@click.option("--base", type=base_of, metavar="NUMBER", default="2", help="2 for bits, e for nats.")
@click.option("--seed", type=int, default=0, help="Of permutation (0).")
def explain(
    reference: str, current: str, column: str, by: tuple[str, ...], base: float, seed: int
) -> None:
    """Say what changed in COLUMN, value by value, and split it by other columns.

    The chain rule KL(X, Y) = KL(X) + E KL(Y | X) divides a change into what the other column's
    own change brings along, and what is left within its values.
    """
    from kullback.report.explained import SPLITS, render
    from kullback.report.text import WIDTH
    from kullback.tables.explain import explain as explain_column

    with progress() as on_step:
        found = explain_column(
            reference, current, column, by=list(by) or None, base=base, rng=seed, on_step=on_step
        )
    width = get_terminal_size().columns if sys.stdout.isatty() else WIDTH
    click.echo(render(found, width, splits=len(by) or SPLITS))
