"""`kullback predictions TABLE FIRST SECOND`: two models on the same rows."""

from __future__ import annotations

import click

from kullback.cli.options import base_of, names_in, reports
from kullback.cli.running import progress, reports_to


@click.command()
@click.argument("table")
@click.argument("first", type=names_in)
@click.argument("second", type=names_in)
@click.option("--label", metavar="COLUMN", help="The true class: says which model is nearer.")
@click.option(
    "--classes",
    type=names_in,
    metavar="A,B,…",
    help="What the label says for each class, in order.",
)
@click.option("--block", metavar="COLUMN", help="Rows with one value of this depend on each other.")
@click.option("--base", type=base_of, metavar="NUMBER", default="2", help="2 for bits, e for nats.")
@reports
def predictions(
    table: str,
    first: list[str],
    second: list[str],
    label: str | None,
    classes: list[str] | None,
    block: str | None,
    base: float,
    html_path: str | None,
    json_path: str | None,
    markdown_path: str | None,
) -> None:
    """Compare the class probabilities that two models give to the rows of TABLE.

    FIRST and SECOND are the columns of each model, a class each and in one order (a,b,c), or one
    column with the probability of the positive class.
    """
    from kullback.tables.predictions import compare_predictions

    paths = {"html": html_path, "json": json_path, "markdown": markdown_path}
    with reports_to(paths) as files, progress() as on_step:
        found = compare_predictions(
            table,
            *(names[0] if len(names) == 1 else names for names in (first, second)),
            label=label,
            classes=classes,
            block=block,
            base=base,
            on_step=on_step,
        )
        for kind, file in files.items():
            file.write(getattr(found, f"to_{kind}")())
    click.echo(repr(found))
