"""Mutual information of a joint table."""

from dataclasses import replace
from typing import Any

from kullback.arrays.checks import check_probabilities, sum_tolerance
from kullback.arrays.namespace import namespace, widened
from kullback.errors import InputTypeError, ShapeError
from kullback.forms import Counts, Probs
from kullback.forms.discrete import Discrete
from kullback.methods.exact.held import Held
from kullback.methods.exact.sums import held_value
from kullback.questions import KL


def flat_joint(joint: Discrete, axis: tuple[int, int]) -> tuple[Any, Any]:
    """Return the joint table and the product of its marginals, both as rows of x · y outcomes."""
    if not isinstance(joint, (Probs, Counts)):
        raise InputTypeError(
            f"joint is given as {type(joint).__name__}; a joint table is one of probabilities, or "
            "of Counts. Bring it to probabilities over both axes first."
        )
    array, (x, y) = joint.array, axis
    inside = -array.ndim <= min(x, y) and max(x, y) < array.ndim
    if array.ndim < 2 or not inside or x % array.ndim == y % array.ndim:
        raise ShapeError(
            f"The joint table has shape {tuple(array.shape)} and axis={axis}: two axes of it are "
            "needed, one for each variable."
        )
    xp = namespace(array)
    table = xp.moveaxis(array, axis, (-2, -1))
    batch, sizes = tuple(table.shape[:-2]), tuple(table.shape[-2:])
    rows = replace(joint, array=xp.reshape(table, (*batch, sizes[0] * sizes[1])))
    if isinstance(rows, Counts):
        flat = rows.frequencies(-1, "joint")
    else:
        flat = widened(rows.checked(-1, "joint"))
        check_probabilities(flat, "joint", sum_tolerance(array))
    p = xp.reshape(flat, (*batch, *sizes))
    product = xp.sum(p, axis=-1, keepdims=True) * xp.sum(p, axis=-2, keepdims=True)
    return flat, xp.reshape(product, flat.shape)


def mutual_information_value(joint: Discrete, axis: tuple[int, int], threads: int) -> Any:
    """Return KL(joint ‖ product of marginals) for each table."""
    rows, product = flat_joint(joint, axis)
    return held_value(KL(), Held("probabilities", rows, product, 1e-1), threads)
