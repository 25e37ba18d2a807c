"""`kullback profile DATA -o REF.kbp`: a small summary of a table, to compare with later."""

from __future__ import annotations

from functools import reduce
from typing import Any

import click

from kullback.cli.options import names_in, resources
from kullback.cli.running import progress


@click.command()
@click.argument("tables", metavar="DATA...", nargs=-1, required=True)
@click.option("-o", "--output", metavar="PATH", required=True, help="The profile, a .kbp file.")
@click.option("--columns", type=names_in, metavar="A,B,…", help="These columns only.")
@click.option("--block", metavar="COLUMN", help="Count by this column (a day, a user), too.")
@click.option("--no-values", is_flag=True, help="Keep no text value by name, only its hash.")
@resources
def profile(
    tables: tuple[str, ...],
    output: str,
    columns: list[str] | None,
    block: str | None,
    no_values: bool,
    memory_limit: str | None,
    threads: int | None,
) -> None:
    """Write a small summary of DATA that can be merged with others, and compared.

    DATA is one or more CSV or Parquet files, or quoted patterns such as 'data/*.parquet'. The
    summary holds counts and sketches of each column, no rows: text is kept by its hash, and by
    name where 10 rows or more share it.
    """
    from kullback.report.files import replacing_bytes
    from kullback.tables.profiles import Profile
    from kullback.tables.profiles import profile as profile_of
    from kullback.tables.profiles.stored import content

    options: dict[str, Any] = {
        "columns": columns,
        "block": block,
        "values": not no_values,
        "memory_limit": memory_limit,
        "threads": threads,
    }
    with replacing_bytes(output) as file, progress() as on_step:  # a path that fails, fails at once
        parts = (profile_of(table, on_step=on_step, **options) for table in tables)
        found = reduce(Profile.merge, parts)
        file.write(content(found))
    click.echo(repr(found))
