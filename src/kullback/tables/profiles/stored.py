"""A profile as a header and parts of a file, and back; what does not fit is refused by name."""

import json
import os
from typing import Any

import numpy as np
import numpy.typing as npt

from kullback.errors import InvalidInputError
from kullback.report.files import replacing_bytes
from kullback.tables.engine import Kind
from kullback.tables.profiles.blocked import Blocked, BlockRows, Triples
from kullback.tables.profiles.column import ColumnProfile, Tally
from kullback.tables.profiles.file import Part, Parts, Reader
from kullback.tables.profiles.hashed import Frequent, Hashed
from kullback.tables.profiles.kll import ITEMS
from kullback.tables.profiles.profile import Profile

PLAIN = ("name", "kind", "type", "filled", "nan", "below", "above", "items")


def save(profile: Profile, path: str | os.PathLike[str]) -> None:
    """Write the profile, whole or not at all."""
    with replacing_bytes(path) as file:
        file.write(content(profile))


def content(profile: Profile) -> bytes:
    """The profile as the bytes of its file."""
    parts = Parts()
    header = {
        "sources": list(profile.sources),
        "rows": profile.rows,
        "engine": profile.engine,
        "blocks": _blocks_described(profile.blocks, parts),
        "columns": [_described(column, profile.blocks, parts) for column in profile.columns],
    }
    return parts.file(header)


def load(path: str | os.PathLike[str]) -> Profile:
    """The profile that a file holds."""
    reader = Reader(path)
    said = reader.header
    try:
        rows = _count(said["rows"])
        blocks = None if said["blocks"] is None else _blocks(said["blocks"], reader, rows)
        columns = tuple(_column(each, blocks, reader) for each in said["columns"])
        _check_rows(columns, rows)
        return Profile(_sources(said["sources"]), rows, columns, blocks, str(said["engine"]))
    except (
        InvalidInputError,
        ArithmeticError,
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise reader.damaged(f"{type(error).__name__} {' '.join(str(error).split())}") from error


def _sources(said: Any) -> tuple[str, ...]:
    if not isinstance(said, list) or not said:
        raise InvalidInputError("it names no table")
    return tuple(str(name) for name in said)


def _check_rows(columns: tuple[ColumnProfile, ...], rows: int) -> None:
    if any(column.filled > rows for column in columns):
        raise InvalidInputError(f"a column holds more values than there are rows, {rows}")


def _blocks_described(blocks: BlockRows | None, parts: Parts) -> Part | None:
    if blocks is None:
        return None
    return {
        "name": blocks.name,
        "keys": parts.add(blocks.blocks),
        "counts": parts.add(blocks.rows),
        "pooled": blocks.pooled,
    }


def _described(column: ColumnProfile, blocks: BlockRows | None, parts: Parts) -> Part:
    said: Part = {key: getattr(column, key) for key in PLAIN}
    if column.sketch is not None:
        said["sketch"] = parts.add(np.frombuffer(column.sketch, np.uint8))
    if column.tally is not None:
        said["tally"] = [parts.add(column.tally.values), parts.add(column.tally.rows)]
    if (hashed := column.hashed) is not None:
        said["hashed"] = {
            "keys": parts.add(hashed.keys),
            "counts": parts.add(hashed.rows),
            "pooled": hashed.pooled,
            "named": parts.add(np.asarray(list(hashed.names), np.uint64)),
            "names": parts.add(_text(list(hashed.names.values()))),
            "frequent": {f"{k:016x}": [f.least, f.most] for k, f in hashed.frequent.items()},
            "unlisted": hashed.unlisted,
        }
    if column.blocked is not None and blocks is not None:
        said["blocked"] = {
            "dropped": column.blocked.dropped,
            "placed": _triples_described(column.blocked.placed, blocks, parts),
            "odd": _triples_described(column.blocked.odd, blocks, parts),
        }
    return said


def _text(names: list[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer(json.dumps(names).encode(), np.uint8)


def _names(hashes: npt.NDArray[Any], text: npt.NDArray[Any]) -> dict[int, str]:
    names = json.loads(text.tobytes())
    return {int(key): str(name) for key, name in zip(hashes, names, strict=True)}


def _triples_described(triples: Triples, blocks: BlockRows, parts: Parts) -> list[Part]:
    """Steps between keys, places of blocks, and rows: small numbers, which deflate well."""
    steps = np.diff(triples.keys, prepend=0)
    at = np.searchsorted(blocks.blocks, triples.blocks)
    return [parts.add(each.astype(np.int64)) for each in (steps, at, triples.rows)]


def _blocks(said: Part, reader: Reader, rows: int) -> BlockRows:
    keys, counts = reader.part(said["keys"]).astype(np.uint64), reader.part(said["counts"])
    if len(keys) != len(counts) or np.any(keys[1:] <= keys[:-1]) or np.any(counts <= 0):
        raise InvalidInputError("blocks and their rows do not belong together")
    _agree(int(counts.sum()), rows, str(said["name"]))
    return BlockRows(str(said["name"]), keys, counts.astype(np.int64), bool(said["pooled"]))


def _column(said: Part, blocks: BlockRows | None, reader: Reader) -> ColumnProfile:
    """One column, whose counts must add up."""
    column = ColumnProfile(
        name=str(said["name"]),
        kind=Kind(said["kind"]),
        type=str(said["type"]),
        filled=_count(said["filled"]),
        nan=_count(said["nan"]),
        below=_count(said["below"]),
        above=_count(said["above"]),
        items=_known(said["items"]),
        sketch=reader.part(said["sketch"]).tobytes() if "sketch" in said else None,
        tally=_tally(said["tally"], reader) if "tally" in said else None,
        hashed=_hashed(said["hashed"], reader) if "hashed" in said else None,
        blocked=_blocked(said["blocked"], blocks, reader) if "blocked" in said else None,
    )
    if column.blocked is not None:
        _agree(int(column.blocked.placed.rows.sum()), column.finite, column.name)
    if column.kind.ordered:
        _agree(column.line().rows, column.finite, column.name)
    elif column.hashed is not None:
        _agree(int(column.hashed.rows.sum()), column.filled, column.name)
    elif column.kind not in {Kind.MISSING, Kind.OPAQUE}:
        raise InvalidInputError(f"column {column.name} has no counts")
    return column


def _tally(said: Any, reader: Reader) -> Tally:
    values, rows = (reader.part(each) for each in said)
    if len(values) != len(rows) or np.any(np.diff(values) <= 0) or np.any(rows <= 0):
        raise InvalidInputError("values and their rows do not belong together")
    if values.dtype.kind == "f" and not np.all(np.isfinite(values)):
        raise InvalidInputError("a value is infinite or NaN")
    return Tally(values, rows.astype(np.int64))


def _hashed(said: Any, reader: Reader) -> Hashed:
    keys, rows = reader.part(said["keys"]).astype(np.uint64), reader.part(said["counts"])
    if len(keys) != len(rows) or np.any(keys[1:] <= keys[:-1]) or np.any(rows <= 0):
        raise InvalidInputError("hashes and their rows do not belong together")
    return Hashed(
        keys,
        rows.astype(np.int64),
        pooled=bool(said["pooled"]),
        names=_names(reader.part(said["named"]), reader.part(said["names"])),
        frequent={
            int(key, 16): Frequent(_count(least), _count(most))
            for key, (least, most) in said["frequent"].items()
        },
        unlisted=_count(said["unlisted"]),
    )


def _blocked(said: Part, blocks: BlockRows | None, reader: Reader) -> Blocked:
    if blocks is None or _count(said["dropped"]) > 63:
        raise InvalidInputError("rows by block without blocks")
    return Blocked(
        said["dropped"],
        _triples(said["placed"], blocks, reader),
        _triples(said["odd"], blocks, reader),
    )


def _triples(said: Any, blocks: BlockRows, reader: Reader) -> Triples:
    steps, at, rows = (reader.part(each).astype(np.int64) for each in said)
    if not len(steps) == len(at) == len(rows) or np.any(rows <= 0):
        raise InvalidInputError("values, blocks and their rows do not belong together")
    return Triples(np.cumsum(steps), blocks.blocks[at], rows)


def _count(value: Any) -> int:
    if not isinstance(value, int) or not 0 <= value < 1 << 62:
        raise InvalidInputError(f"{str(value)[:40]} is no number of rows")
    return value


def _known(items: Any) -> str:
    if items not in ITEMS:
        raise InvalidInputError(f"{str(items)[:40]} is no type of a sketch")
    return str(items)


def _agree(found: int, filled: int, name: str) -> None:
    if found != filled:
        raise InvalidInputError(f"column {name} counts {found} rows where {filled} hold a value")
