r"""The layout of a profile's file: a header in JSON, arrays behind it, a checksum at the end.

=========  ======================================================================
bytes      hold
=========  ======================================================================
0 – 7      ``\x89KBP\r\n\x1a\n``
8 – 11     the version of the layout, 1
12 – 19    the length of the header
…          the header: JSON in UTF-8; a part is ``{"dtype", "rows", "bytes"}``
…          the parts in the order of the header, each deflated by zlib
last 32    SHA-256 of everything before
=========  ======================================================================

Whole numbers are little-endian. Nothing that is read can be run.
"""

import json
import os
import struct
import zlib
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from kullback.errors import TableError

MAGIC = b"\x89KBP\r\n\x1a\n"
VERSION = 1
START = struct.Struct("<8sIQ")
SUM = 32
DTYPES = {"<i8", "<u8", "<f8", "|u1"}
LONGEST = 1 << 28  # bytes of one part once inflated

Part = dict[str, Any]


class Parts:
    """Arrays on their way into a file: `add` gives what the header says of one."""

    def __init__(self) -> None:
        self._deflated: list[bytes] = []

    def add(self, array: npt.NDArray[Any]) -> Part:
        """Take an array in."""
        held = np.ascontiguousarray(array)
        held = held.astype(held.dtype.newbyteorder("<"), copy=False)
        data = zlib.compress(held.tobytes(), 6)
        self._deflated.append(data)
        dtype = "|u1" if held.dtype.itemsize == 1 else f"<{held.dtype.kind}8"
        return {"dtype": dtype, "rows": len(held), "bytes": len(data)}

    def file(self, header: Part) -> bytes:
        """All bytes of the file."""
        said = json.dumps(header, allow_nan=False).encode()
        content = b"".join([START.pack(MAGIC, VERSION, len(said)), said, *self._deflated])
        return content + sha256(content).digest()


class Reader:
    """The header of a file, and its parts one after another.

    Raises
    ------
    TableError
        For a file that cannot be read, is no profile, of a later version, cut off or damaged.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._name = os.fsdecode(path)
        try:
            data = Path(path).read_bytes()
        except OSError as error:
            raise TableError(f"cannot read {self._name}: {error.strerror or error}") from error
        self._data, self._at = self._checked(data)
        try:
            self.header: Part = json.loads(data[START.size : self._at])
        except (ValueError, RecursionError) as error:
            raise self.damaged("its header is no JSON") from error

    def _checked(self, data: bytes) -> tuple[bytes, int]:
        if not data.startswith(MAGIC):
            raise TableError(
                f"{self._name} is no profile: `kullback profile` writes files that begin otherwise"
            )
        if len(data) < START.size + SUM:
            raise self.damaged(f"it ends after {len(data)} bytes")
        _, version, length = START.unpack_from(data)
        if version != VERSION:
            raise TableError(
                f"{self._name} is a profile of layout {version}, and this kullback reads "
                f"layout {VERSION}: install a newer one"
            )
        if sha256(data[:-SUM]).digest() != data[-SUM:]:
            raise self.damaged("its checksum does not match: it was cut off or changed")
        if START.size + length > len(data) - SUM:
            raise self.damaged("its header is longer than the file")
        return data[:-SUM], START.size + length

    def damaged(self, why: str) -> TableError:
        """The error for a file that does not hold what it should."""
        return TableError(f"{self._name} is a damaged profile: {why}; make it anew")

    def part(self, said: Part) -> npt.NDArray[Any]:
        """The next array, as the header announced it."""
        dtype, rows, length = said["dtype"], said["rows"], said["bytes"]
        wanted = rows * (1 if dtype == "|u1" else 8)
        if dtype not in DTYPES or not 0 <= wanted <= LONGEST or length < 0:
            raise self.damaged(f"a part of {rows} {dtype} in {length} bytes is not possible")
        inflate = zlib.decompressobj()
        try:
            held = inflate.decompress(self._data[self._at : self._at + length], wanted + 1)
        except zlib.error as error:
            raise self.damaged("a part cannot be inflated") from error
        if len(held) != wanted:
            raise self.damaged(f"a part of {wanted} bytes holds {len(held)}")
        self._at += length
        return np.frombuffer(held, dtype)
