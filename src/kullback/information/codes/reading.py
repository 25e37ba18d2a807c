"""What codes are made for: a source, a table of two variables, and prices."""

from typing import Any

import numpy as np

from kullback.arrays.checks import check_probabilities
from kullback.errors import InvalidInputError, ShapeError
from kullback.information.codes.blahut_arimoto import Numbers


def read_source(p: Any) -> Numbers:
    """Return probabilities of shape (k,) as float64."""
    array = np.asarray(p, dtype=np.float64)
    if array.ndim != 1:
        raise ShapeError(f"p has shape {array.shape}: one distribution, shape (k,), is needed.")
    check_probabilities(array, "p")
    return array


def read_joint(joint: Any) -> tuple[Numbers, Numbers]:
    """Return p(x), shape (k,), and p(y|x), shape (k, l); where p(x) is 0, p(y) stands for it."""
    array = np.asarray(joint, dtype=np.float64)
    if array.ndim != 2 or 0 in array.shape:
        raise ShapeError(f"joint has shape {array.shape}: a table of X and Y, (k, l), is needed.")
    check_probabilities(array.reshape(-1), "joint")
    array = array / array.sum()
    p, y = array.sum(axis=1), array.sum(axis=0)
    some = p > 0
    return p, np.where(some[:, None], array / np.where(some, p, 1.0)[:, None], y)


def read_slopes(given: Any, name: str) -> Numbers:
    """Return what a code is priced by, as positive float64."""
    array = np.asarray(given, dtype=np.float64)
    if not bool(np.all((array > 0) & np.isfinite(array))):
        raise InvalidInputError(
            f"{name}={given!r}: positive, finite numbers are needed. The price 0 buys nothing, and "
            "a negative one would pay for noise."
        )
    return array
