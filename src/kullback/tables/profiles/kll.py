"""KLL sketches: quantiles of any number of rows in a few thousand values, whatever wrote the bytes.

Level h holds values that stand for 2ʰ rows each; a full level is sorted and every second value
moves up, so a rank is off by a mean of zero. The layout is that of Apache DataSketches, which
Spark's ``kll_sketch_agg_*`` write too: read here byte by byte, checked, before any library sees it.

References
----------
Karnin, Lang and Liberty, Optimal quantile approximation in streams, FOCS (2016).
"""

import struct
from typing import Any

import numpy as np

from kullback.errors import InvalidInputError, MissingExtraError
from kullback.tables.profiles.line import Line

K = 4096  # values of the highest level: 1.3 · 10⁻⁴ is then the standard deviation of a rank
FAMILY = 15
LEAST = 8  # values that every level has room for
EMPTY, SORTED, SINGLE = 1, 2, 4  # flags
STARTS = {  # size of the preamble, version, family, flags
    *(bytes((2, 1, FAMILY, EMPTY | more)) for more in (0, SORTED)),
    *(bytes((2, 2, FAMILY, SINGLE | more)) for more in (0, SORTED)),
    *(bytes((5, 1, FAMILY, more)) for more in (0, SORTED)),
}
HEADER = struct.Struct("<BBBBHBBQHBB")
ITEMS: dict[str, np.dtype[Any]] = {
    "double": np.dtype("<f8"),
    "float": np.dtype("<f4"),
    "bigint": np.dtype("<i8"),
}


def line_of(data: bytes, items: str = "double") -> Line:
    """The values that a sketch kept, in order, with the rows at or below each.

    Parameters
    ----------
    data
        A serialized sketch.
    items
        What it holds: double, float, or bigint (Java's longs).

    Raises
    ------
    InvalidInputError
        For bytes that are no such sketch.
    """
    start = data[:4]
    if len(data) < 8 or start not in STARTS or data[6] != LEAST:
        raise InvalidInputError(
            f"{len(data)} bytes that begin with {start.hex(' ') or 'nothing'} are no KLL sketch of "
            "Apache DataSketches, as kll_sketch_agg_double of Spark or serialize() of Python gives"
        )
    kind, flags = ITEMS[items], start[3]
    if flags & EMPTY:
        _check_length(data, 8, items)
        return Line(np.zeros(0), np.zeros(0, np.int64))
    if flags & SINGLE:
        _check_length(data, 8 + kind.itemsize, items)
        return Line(_finite(np.frombuffer(data, kind, 1, 8)), np.ones(1, np.int64))
    return _several(data, kind, items)


def _several(data: bytes, kind: np.dtype[Any], items: str) -> Line:
    if len(data) < HEADER.size:
        raise InvalidInputError(f"a KLL sketch is cut off after {len(data)} bytes")
    *_, k, _, _, rows, least_k, levels, _ = HEADER.unpack_from(data)
    start = HEADER.size + 4 * levels
    fits = 0 < levels <= 60 and LEAST <= least_k <= k
    if not fits or len(data) < start + 2 * kind.itemsize:
        raise InvalidInputError(f"a KLL sketch of {len(data)} bytes cannot have {levels} levels")
    offsets = np.frombuffer(data, "<u4", levels, HEADER.size).astype(np.int64)
    kept, rest = divmod(len(data) - start - 2 * kind.itemsize, kind.itemsize)
    held = np.diff(np.append(offsets, offsets[0] + kept))
    weights = 1 << np.arange(levels, dtype=np.int64)
    full = offsets[0] + kept == sum(_room(k, depth) for depth in range(levels))
    if rest or not full or np.any(held < 0) or int(held @ weights) != rows:
        raise InvalidInputError(
            f"a KLL sketch of {rows} rows does not fit its {len(data)} bytes as {items}s: "
            "it is damaged, or holds values of another type"
        )
    ends, kept_values = np.split(np.frombuffer(data, kind, kept + 2, start), [2])
    values = _finite(np.concatenate([ends, kept_values]))
    order = np.argsort(values[2:], kind="stable")
    line = values[2:][order]
    _check_ends(line, values[0], values[1])
    ranks = np.cumsum(np.repeat(weights, held)[order])
    return _ended(line, ranks, values[:2], None if levels == 1 else least_k, 1 << (levels - 1))


def _room(k: int, depth: int) -> int:
    """How many values a level has room for, so far below the highest: k (2/3)ᵈ, rounded."""
    return max(LEAST, int((2 * k << depth) // 3**depth + 1) >> 1)


def _check_length(data: bytes, wanted: int, items: str) -> None:
    if len(data) != wanted:
        raise InvalidInputError(
            f"a KLL sketch of one {items} has {wanted} bytes, and these are {len(data)}"
        )


def _finite(values: Any) -> Any:
    """The values as wide as numpy has them, none of them infinite or NaN."""
    if values.dtype.kind == "f" and not np.all(np.isfinite(values)):
        raise InvalidInputError("a KLL sketch holds values that are infinite or NaN")
    return values.astype(np.int64 if values.dtype.kind == "i" else np.float64)


def _check_ends(line: Any, least: Any, most: Any) -> None:
    if len(line) == 0 or line[0] < least or line[-1] > most:
        raise InvalidInputError("a KLL sketch holds values beyond its own least and greatest")


def _ended(line: Any, ranks: Any, ends: Any, k: int | None, weight: int) -> Line:
    """The line with its least and greatest value, which every sketch knows, one row each."""
    first, last = (np.asarray([ends[at]]) for at in (0, 1))
    if k is not None and line[0] > first[0]:
        line, ranks = np.concatenate([first, line]), np.concatenate([[1], ranks])
    if k is not None and line[-1] < last[0]:
        ranks = np.concatenate([ranks[:-1], [ranks[-1] - 1], ranks[-1:]])
        line = np.concatenate([line, last])
    return Line(line, ranks.astype(np.int64), k, weight)


def empty(k: int = K) -> Any:
    """A sketch to update with arrays of float64."""
    return _library().kll_doubles_sketch(k)


def merged(one: bytes, other: bytes, items: str = "double") -> bytes:
    """The sketch of the rows of both."""
    for data in (one, other):
        line_of(data, items)
    if items == "bigint":
        raise InvalidInputError(
            "sketches of bigints can be compared but not merged here: merge them where they were "
            "made, with kll_merge_agg_bigint of Spark, or make sketches of doubles"
        )
    library = _library()
    kept = library.kll_doubles_sketch if items == "double" else library.kll_floats_sketch
    try:
        sketch = kept.deserialize(one)
        sketch.merge(kept.deserialize(other))
    except (IndexError, RuntimeError, ValueError) as error:
        raise InvalidInputError(f"a KLL sketch cannot be merged: {error}") from error
    return bytes(sketch.serialize())


def _library() -> Any:
    try:
        import datasketches
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "making and merging profiles needs datasketches: pip install 'kullback[profiles]'"
        ) from error
    return datasketches
