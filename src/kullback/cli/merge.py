"""`kullback merge A.kbp B.kbp … -o ALL.kbp`: one profile of the rows of several."""

from __future__ import annotations

from functools import reduce

import click


@click.command()
@click.argument("profiles", metavar="PROFILE...", nargs=-1, required=True)
@click.option("-o", "--output", metavar="PATH", required=True, help="The profile of all rows.")
def merge(profiles: tuple[str, ...], output: str) -> None:
    """Merge profiles into one of all their rows.

    Counts add up exactly, in any order; ranks in sketches stay within the sketches' error.
    """
    from kullback.tables.profiles import Profile

    found = reduce(Profile.merge, map(Profile.load, profiles))
    found.save(output)
    click.echo(repr(found))
