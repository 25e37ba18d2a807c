"""Rows of a text column by the hash of each value, counted in DuckDB."""

# ruff: noqa: S608 - queries are put together from this file's own words and column places

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np

from kullback.tables.duck import Duck
from kullback.tables.duck_types import value
from kullback.tables.engine import Kind, Pair
from kullback.tables.profiles.hashed import (
    LISTED,
    MOST,
    NAMED,
    NAMES,
    Frequent,
    Hashed,
    Hashes,
    Rows,
)


@contextmanager
def value_table(engine: Duck, pair: Pair) -> Iterator[str]:
    """A table (v, h, n) of the column's values, their hashes and rows, while it is used."""
    own = f"v{pair.reference.index}"
    engine.ask(
        f"CREATE TEMP TABLE {own} AS SELECT v, ('0x' || left(md5(v), 16))::UBIGINT AS h, n FROM "
        f"(SELECT {value(pair, 'reference')} AS v, count(*) AS n FROM reference GROUP BY v) "
        "WHERE v IS NOT NULL"
    )
    try:
        yield own
    finally:
        engine.ask(f"DROP TABLE {own}")


def hashed_from(engine: Duck, pair: Pair, own: str, *, values: bool) -> Hashed:
    """Rows by hash of the value, or by bucket where there are too many values."""
    often = "TRUE" if pair.kind is Kind.BOOLEAN else f"n >= {NAMED}"
    if engine.ask(f"SELECT count(DISTINCT h) FROM {own}")[0][0] <= MOST:
        lines = engine.ask(f"SELECT h, sum(n)::BIGINT FROM {own} GROUP BY h ORDER BY h")
        asked = f"SELECT h, v FROM {own} WHERE {often} ORDER BY n DESC, h LIMIT {NAMES}"
        return Hashed(*_arrays(lines), names=dict(sorted(engine.ask(asked))) if values else {})
    top = engine.ask(f"SELECT h, n, v FROM {own} ORDER BY n DESC, h LIMIT {LISTED + 1}")
    lines = engine.ask(f"SELECT h >> 48 AS b, sum(n)::BIGINT FROM {own} GROUP BY b ORDER BY b")
    return Hashed(
        *_arrays(lines),
        pooled=True,
        names={h: v for h, n, v in top[:LISTED] if n >= NAMED} if values else {},
        frequent={h: Frequent(n, n) for h, n, _ in sorted(top[:LISTED])},
        unlisted=top[-1][1],
    )


def _arrays(lines: Sequence[tuple[int, int]]) -> tuple[Hashes, Rows]:
    keys, rows = zip(*lines, strict=True) if lines else ((), ())
    return np.asarray(keys, np.uint64), np.asarray(rows, np.int64)
