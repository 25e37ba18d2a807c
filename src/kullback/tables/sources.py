"""What a caller hands over, a path, a pattern or a dataframe, named and ready for an engine."""

import glob
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from kullback.errors import InputTypeError, MissingExtraError, TableError

Format = Literal["parquet", "csv"]

_ENDINGS: dict[str, Format] = {
    **dict.fromkeys((".parquet", ".pq", ".parq"), "parquet"),
    **dict.fromkeys((".csv", ".tsv", ".txt"), "csv"),
}
_COMPRESSED = (".gz", ".zst")


@dataclass(frozen=True)
class Files:
    """One table in one or more files of one format; `paths` escape what a pattern could mean."""

    name: str
    paths: tuple[str, ...]
    format: Format


@dataclass(frozen=True)
class Frame:
    """A table in memory, as Arrow."""

    name: str
    table: Any


Source = Files | Frame


def open_source(given: object) -> Source:
    """The table behind a path, a pattern such as ``data/*.csv``, or a dataframe of any library."""
    if isinstance(given, (str, os.PathLike)):
        return _files(os.fspath(given))
    return _frame(given)


def _files(given: str | bytes) -> Files:
    name = os.fsdecode(given)
    found = [name] if Path(name).exists() else sorted(glob.glob(name, recursive=True))
    if not found:
        what = "no file matches" if glob.has_magic(name) else "no such file:"
        raise TableError(f"{what} {name}")
    for path in found:
        if Path(path).is_dir():
            raise TableError(
                f"{path} is a folder, not a table; name its files, as in {path.rstrip('/')}/*.csv"
            )
        if Path(path).is_file() and Path(path).stat().st_size == 0:
            raise TableError(f"{path} is empty (0 bytes)")
    formats = {_format(path) for path in found}
    if len(formats) > 1:
        raise TableError(f"{name} matches both CSV and Parquet files; compare one format a side")
    return Files(name, tuple(glob.escape(path) for path in found), formats.pop())


def _format(path: str) -> Format:
    plain = path.lower()
    for ending in _COMPRESSED:
        plain = plain.removesuffix(ending)
    ending = Path(plain).suffix
    if ending not in _ENDINGS:
        raise TableError(
            f"{path} is neither CSV nor Parquet by its name, which should end in one of "
            f"{' '.join(_ENDINGS)} (CSV also with {' or '.join(_COMPRESSED)})"
        )
    return _ENDINGS[ending]


def _frame(given: object) -> Frame:
    try:
        import narwhals as nw
        from narwhals.exceptions import NarwhalsError
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "comparing dataframes needs narwhals: pip install 'kullback[tables]'"
        ) from error
    library = type(given).__module__.partition(".")[0]
    try:
        frame = nw.from_native(given)  # type: ignore[call-overload]
    except TypeError as error:
        raise InputTypeError(
            f"cannot compare a {type(given).__name__}: pass a path, a pattern, or a dataframe "
            "(pandas, Polars, Arrow, or another that narwhals knows)"
        ) from error
    except NarwhalsError as error:
        raise _unfit(library, error) from error
    try:
        eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
        table = eager.to_arrow()
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            f"reading a {library} table needs pyarrow: pip install pyarrow"
        ) from error
    except (NarwhalsError, ValueError, TypeError) as error:  # Arrow's own are among these two
        raise _unfit(library, error) from error
    return Frame(f"{library} table", table)


def _unfit(library: str, error: Exception) -> TableError:
    return TableError(f"the {library} table cannot become Arrow: {' '.join(str(error).split())}")
