"""Two samples as arrays of one library, gradients kept."""

from typing import Any

from kullback.arrays.namespace import (
    as_default_float,
    check_same_home,
    common_dtype,
    is_integer,
    is_real_floating,
    library_of,
    namespace,
    widened,
)
from kullback.errors import InputTypeError
from kullback.forms.samples import Samples
from kullback.methods.answers import on_device
from kullback.methods.samples.checks import check_columns


def positions_of(p: Samples, q: Samples) -> tuple[Any, Any]:
    """Return the draws as given, shape (n, d) and (m, d), in one library and floating dtype.

    Lists follow the other side; integers become float64, half precision float32.
    """
    check_columns(p, q)
    return in_one_home(_rows(p), _rows(q), listed=(p.listed, q.listed))


def in_one_home(x: Any, y: Any, listed: tuple[bool, bool]) -> tuple[Any, Any]:
    """Return both arrays in one library and dtype; what came as lists follows the other."""
    if listed[0] != listed[1]:
        x, y = (_as(x, y), y) if listed[0] else (x, _as(y, x))
    check_same_home(x, y)
    return common_dtype(x, y)


def floating(x: Any, name: str) -> Any:
    """Return an array of real numbers in single or double precision."""
    if is_integer(x):
        return as_default_float(x)
    if not is_real_floating(x):
        raise InputTypeError(f"{name} hold {x.dtype}, not real numbers.")
    return widened(x)


def _rows(p: Samples) -> Any:
    columns = [floating(x, "The samples") for x in p.given]
    columns = [x[:, None] if x.ndim == 1 else x for x in columns]
    if len(columns) == 1:
        return columns[0]
    dtype = namespace(*columns).result_type(*columns)
    xp = namespace(*columns)
    return xp.concat([xp.astype(x, dtype) for x in columns], axis=1)


def _as(x: Any, like: Any) -> Any:
    if library_of(like) == "numpy":
        return x.astype(like.dtype)
    return namespace(like).asarray(x, dtype=like.dtype, **on_device(like))
