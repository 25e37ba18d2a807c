"""Answers brought to the library of the parameters, and the interval that there is not."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kullback.arrays.namespace import library_of, namespace
from kullback.errors import InvalidInputError
from kullback.forms.families.family import Family, together


def home_of(p: Any, q: Any) -> Any:
    """Return an array of the library, dtype and device that the answer belongs in."""
    if q is None:
        return p.home
    if p.listed != q.listed:
        return q.home if p.listed else p.home
    xp = namespace(p.home, q.home)
    if p.home.dtype == q.home.dtype:
        return p.home
    return xp.empty(0, dtype=xp.result_type(p.home.dtype, q.home.dtype), **on_device(p.home))


def as_home(x: Any, home: Any) -> Any:
    """Return numpy's array in the library, dtype and device of another."""
    if library_of(home) == "numpy":
        return np.asarray(x, home.dtype)[()]
    return namespace(home).asarray(np.array(x), dtype=home.dtype, **on_device(home))


def on_device(like: Any) -> dict[str, Any]:
    """Return the device of an array as a keyword, where its library wants it said."""
    return {"device": like.device} if library_of(like) == "torch" else {}


def in_one_dtype(p: Any, q: Any) -> tuple[Any, Any]:
    """Return both laws in one library, in float64 where the library has it at hand."""
    if isinstance(p, Family) and isinstance(q, Family):
        p, q = together(p, q)
    return _widened(p), _widened(q)


def _widened(law: Any) -> Any:
    if not isinstance(law, Family) or library_of(law.home) != "torch":
        return law
    xp = namespace(law.home)
    return law.moved(xp.empty(0, dtype=xp.float64, device=law.home.device))


def no_interval(words: list[str]) -> Callable[[float], Any]:
    """Return what refuses to give an interval, and says why."""

    def interval(_level: float) -> Any:
        raise InvalidInputError(f"There is no interval. {' '.join(words)}")

    return interval
