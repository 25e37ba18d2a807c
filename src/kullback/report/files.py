"""Files that are written whole or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from kullback.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Iterator


def written(content: str, path: str | os.PathLike[str] | None) -> str:
    """The content, which `path` holds too, if there is one."""
    if path is not None:
        with replacing(path) as file:
            file.write(content)
    return content


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[TextIO]:
    """A file of text that takes the place of `path` once it is whole."""
    with _replacing(path, "w", encoding="utf-8") as file:
        yield file


@contextmanager
def replacing_bytes(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A file of bytes that takes the place of `path` once it is whole."""
    with _replacing(path, "wb") as file:
        yield file


@contextmanager
def _replacing(path: str | os.PathLike[str], mode: str, **opening: Any) -> Iterator[Any]:
    """A file that takes the place of `path` once it is whole; until then, and on error, it is not.

    What it holds is on the disk before it takes the place, so a disk that fills leaves the old file
    as it was. A path that is no regular file, such as ``/dev/stdout``, is written directly.
    """
    target = Path(path)
    if target.is_symlink() and target.exists():  # the file behind a link is replaced, not the link
        target = target.resolve()
    direct = target.exists() and not target.is_file()
    part = target if direct else target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with part.open(mode, **opening) as file:
            yield file
            if not direct:
                file.flush()
                os.fsync(file.fileno())
        if not direct:
            part.replace(target)
    except OSError as error:
        raise TableError(f"cannot write {path}: {error.strerror or error}") from error
    finally:
        if not direct:
            part.unlink(missing_ok=True)
