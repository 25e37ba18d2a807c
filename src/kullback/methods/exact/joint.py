"""Mutual information of a joint table."""

from typing import Any

from kullback.arrays.checks import check_numbers, check_probabilities
from kullback.arrays.namespace import namespace, widened
from kullback.errors import ShapeError
from kullback.forms import Counts
from kullback.forms.discrete import Form
from kullback.methods.exact.held import Held
from kullback.methods.exact.sums import held_value
from kullback.questions import KL


def flat_joint(joint: Form, axis: tuple[int, int]) -> tuple[Any, Any]:
    """Return the joint table and the product of its marginals, both as rows of x · y outcomes."""
    array = widened(joint.array)
    if array.ndim < 2 or len(axis) != 2 or axis[0] % array.ndim == axis[1] % array.ndim:
        raise ShapeError(
            f"The joint table has shape {tuple(array.shape)} and axis={axis}: two axes are needed, "
            f"one for each variable."
        )
    xp = namespace(array)
    table = xp.moveaxis(array, axis, (-2, -1))
    batch, cells = tuple(table.shape[:-2]), table.shape[-2] * table.shape[-1]
    rows = xp.reshape(table, (*batch, cells))
    if isinstance(joint, Counts):
        rows = Counts(rows).frequencies(-1, "joint")
    else:
        check_numbers(rows, "joint", "probabilities")
        check_probabilities(rows, "joint")
    p = xp.reshape(rows, (*batch, *tuple(table.shape[-2:])))
    product = xp.sum(p, axis=-1, keepdims=True) * xp.sum(p, axis=-2, keepdims=True)
    return rows, xp.reshape(product, (*batch, cells))


def mutual_information_value(joint: Form, axis: tuple[int, int], threads: int) -> Any:
    """Return KL(joint ‖ product of marginals) for each table."""
    rows, product = flat_joint(joint, axis)
    return held_value(KL(), Held("probabilities", rows, product, 1e-1), threads)
