"""Information of joint tables: one KL to the law in which variables have nothing in common.

    I(X; Y) = KL(p(x, y) ‖ p(x) p(y)),    I(X; Y | Z) = KL(p(x, y, z) ‖ p(x, z) p(y, z)/p(z)),

the second being Σ_z p(z) KL(p(x, y | z) ‖ p(x | z) p(y | z)) with every term ≥ 0.
"""

from collections.abc import Sequence
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

_NUMBER = {2: "two", 3: "three"}


def flat_joint(joint: Discrete, axis: Sequence[int]) -> tuple[Any, Any]:
    """Return the joint table and what independence makes of it, both as rows of all outcomes."""
    p = _table(joint, tuple(axis))
    xp, batch = namespace(p), tuple(p.shape[: -len(axis)])
    product = independent(p) if len(axis) == 2 else independent_given(p)
    return xp.reshape(p, (*batch, -1)), xp.reshape(product, (*batch, -1))


def information_value(joint: Discrete, axis: Sequence[int], threads: int) -> Any:
    """Return the information of two axes, given the third if there is one, for each table."""
    rows, product = flat_joint(joint, axis)
    return held_value(KL(), Held("probabilities", rows, product, 1e-1), threads)


def independent(p: Any) -> Any:
    """Return p(x) p(y) of tables (*batch, x, y)."""
    xp = namespace(p)
    return xp.sum(p, axis=-1, keepdims=True) * xp.sum(p, axis=-2, keepdims=True)


def independent_given(p: Any) -> Any:
    """Return p(x, z) p(y, z)/p(z) of tables (*batch, x, y, z); 0 where z has no mass."""
    xp = namespace(p)
    xz, yz = xp.sum(p, axis=-2, keepdims=True), xp.sum(p, axis=-3, keepdims=True)
    z = xp.sum(yz, axis=-2, keepdims=True)
    return xz * (yz / xp.where(z > 0, z, xp.ones_like(z)))


def _table(joint: Discrete, axis: tuple[int, ...]) -> Any:
    """Return the probabilities, the variables' axes last, in their order."""
    if not isinstance(joint, (Probs, Counts)):
        raise InputTypeError(
            f"joint is given as {type(joint).__name__}; a joint table is one of probabilities, or "
            "of Counts. Bring it to probabilities over all its axes first."
        )
    array, n = joint.array, len(axis)
    inside = -array.ndim <= min(axis) and max(axis) < array.ndim
    if array.ndim < n or not inside or len({i % array.ndim for i in axis}) < n:
        raise ShapeError(
            f"The joint table has shape {tuple(array.shape)} and axis={axis}: {_NUMBER[n]} axes "
            "of it are needed, one for each variable."
        )
    xp = namespace(array)
    table = xp.moveaxis(array, axis, tuple(range(-n, 0)))
    shape = tuple(table.shape)
    outcomes = 1
    for size in shape[-n:]:
        outcomes *= size
    rows = replace(joint, array=xp.reshape(table, (*shape[:-n], outcomes)))
    if isinstance(rows, Counts):
        flat = rows.frequencies(-1, "joint")
    else:
        flat = widened(rows.checked(-1, "joint"))
        check_probabilities(flat, "joint", sum_tolerance(array))
    return xp.reshape(flat, shape)
