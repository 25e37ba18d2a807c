"""Which engine holds two tables: profiles where a side is one, Spark or Ibis, else DuckDB."""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager

from kullback.errors import InvalidInputError
from kullback.tables.duck import Duck
from kullback.tables.engine import Engine
from kullback.tables.profiles.build import profile
from kullback.tables.profiles.engine import Profiles
from kullback.tables.profiles.profile import Profile
from kullback.tables.sources import open_source
from kullback.tables.warehouse.given import remote

ENDING = ".kbp"


def engine_for(
    reference: object,
    current: object,
    on_step: Callable[[str], None],
    *,
    block: str | None = None,
    memory_limit: str | None = None,
    threads: int | None = None,
) -> tuple[tuple[str, str], AbstractContextManager[Engine]]:
    """The names of both tables, and the engine that answers about them once it is entered."""
    profiles = _profile(reference), _profile(current)
    if any(profiles):  # a profile has no rows to count in the other's cells: both are profiles then
        before, after = (
            profile(given, block=block, on_step=on_step, memory_limit=memory_limit, threads=threads)
            if held is None
            else held
            for given, held in zip((reference, current), profiles, strict=True)
        )
        return (before.name, after.name), Profiles(before, after, block)
    elsewhere = remote(reference, current, on_step)
    if elsewhere is not None:
        if memory_limit is not None or threads is not None:
            raise InvalidInputError(
                "memory_limit and threads are for tables that are counted here; these are counted "
                "where they live, which has settings of its own"
            )
        return elsewhere
    sources = open_source(reference), open_source(current)
    return (sources[0].name, sources[1].name), Duck(
        *sources, on_step, memory_limit=memory_limit, threads=threads
    )


def _profile(given: object) -> Profile | None:
    """The profile that is given, or that the file holds."""
    if isinstance(given, Profile):
        return given
    if isinstance(given, (str, os.PathLike)) and os.fsdecode(given).lower().endswith(ENDING):
        return Profile.load(given)
    return None
