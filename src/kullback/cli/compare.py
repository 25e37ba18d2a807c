"""`kullback compare REFERENCE CURRENT`."""

from __future__ import annotations

import click

from kullback.cli.options import limit_in, limits_of, reading, reports
from kullback.cli.running import Request, answer


@click.command()
@click.argument("reference")
@click.argument("current")
@reports
@click.option(
    "--limit",
    "limits",
    type=limit_in,
    multiple=True,
    metavar="MEASURE=NUMBER",
    help="The largest js, kl, tv, psi, hellinger or ks allowed; may be given for several.",
)
@click.option(
    "--rule",
    type=click.Choice(["lower", "point", "upper"]),
    default="lower",
    help="Which end of the interval must exceed a limit to breach it (lower).",
)
@click.option("--strict", is_flag=True, help="Exit with 3 where a limit is undecided.")
@reading
def compare(
    reference: str,
    current: str,
    limits: tuple[tuple[str, float], ...],
    rule: str,
    strict: bool,
    html_path: str | None,
    json_path: str | None,
    markdown_path: str | None,
    base: float,
    columns: list[str] | None,
    block: str | None,
    joint: bool,
    seed: int,
    memory_limit: str | None,
    threads: int | None,
) -> int:
    """Rank the columns of CURRENT by how much they differ from REFERENCE.

    Both are CSV, JSON or Parquet files, quoted patterns such as 'data/2024-*.parquet', tables of
    databases (shop.sqlite::orders), tables or files in Spark (spark:sales.january), or profiles
    (.kbp). Each column shows KL(current ‖ reference), Jensen-Shannon with its interval, and the
    values behind them.
    """
    from kullback.report import Limits

    return answer(
        Request(
            reference,
            current,
            Limits(limits_of(limits), rule=rule, strict=strict),  # type: ignore[arg-type]
            {
                "base": base,
                "columns": columns,
                "block": block,
                "joint": joint or None,
                "rng": seed or None,
                "memory_limit": memory_limit,
                "threads": threads,
            },
            {"html": html_path, "json": json_path, "markdown": markdown_path},
        )
    )
