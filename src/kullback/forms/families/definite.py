"""Positive-definite matrices as parameters: checked, and factored once."""

from typing import Any

import numpy as np

from kullback.arrays import linear
from kullback.arrays.namespace import is_traced, namespace, stop_gradient
from kullback.errors import InvalidInputError, ShapeError
from kullback.forms.families.outcomes import as_numpy


def checked_factor(x: Any, name: str) -> Any:
    """Return lower L with L Lᵀ = x, or raise unless x is symmetric and positive definite.

    Refused too is a matrix whose smallest eigenvalue is below d ε times its largest, ε the
    rounding error of its dtype: its sign is not known.
    """
    check_square(x, name)
    if is_traced(x):
        return linear.cholesky(x)[0]
    _check_symmetric(stop_gradient(x), name)
    factor, found = linear.cholesky(x)
    if not found or _may_be_singular(stop_gradient(factor)):
        _check_eigenvalues(x, name)
    return factor


def checked_triangle(x: Any, name: str) -> None:
    """Raise unless x is lower triangular with a positive diagonal."""
    check_square(x, name)
    if is_traced(x):
        return
    xp, x = namespace(x), stop_gradient(x)
    above = xp.triu(x, k=1)
    if bool(xp.any(above != 0)):
        raise InvalidInputError(
            f"{name} has {float(xp.max(xp.abs(above))):.6g} above its diagonal, where it must be 0."
        )
    least = float(xp.min(linear.diagonal(x)))
    if not least > 0:
        raise InvalidInputError(f"{name} has {least:.6g} on its diagonal, which must be positive.")


def check_square(x: Any, name: str) -> None:
    """Raise unless the last two axes are equally long."""
    if x.shape[-1] != x.shape[-2]:
        raise ShapeError(f"{name} has shape {tuple(x.shape)}; its last two axes must be equal.")


def _check_symmetric(x: Any, name: str) -> None:
    xp = namespace(x)
    tol = 1e-5  # of float32 in float64 too: a law may be moved there
    gap = float(xp.max(xp.abs(x - linear.transposed(x))))
    if gap <= tol * float(xp.max(xp.abs(linear.diagonal(x)))):
        return
    raise InvalidInputError(
        f"{name} is not symmetric: an element differs from its mirror image by {gap:.6g}. "
        "If that is rounding, pass (x + xᵀ)/2."
    )


def _may_be_singular(factor: Any) -> bool:
    x = linear.diagonal(factor)
    xp = namespace(x)
    ratio = xp.min(x, axis=-1) / xp.max(x, axis=-1)
    limit = (x.shape[-1] * float(xp.finfo(x.dtype).eps)) ** 0.5
    return not bool(xp.all(ratio > 30 * limit))


def _check_eigenvalues(x: Any, name: str) -> None:
    values = np.linalg.eigvalsh(as_numpy(x))
    least, most = values[..., 0], values[..., -1]
    eps = float(namespace(x).finfo(x.dtype).eps)
    wrong = ~(least > x.shape[-1] * eps * most)
    if not wrong.any():
        return
    at = np.unravel_index(np.argmax(wrong), wrong.shape)
    where = f" (matrix {', '.join(map(str, at))} of the batch)" if wrong.ndim else ""
    low, high = float(least[at]), float(most[at])
    kind = "not positive definite" if low <= 0 else f"singular to the precision of {x.dtype}"
    raise InvalidInputError(
        f"{name} is {kind}: its smallest eigenvalue is {low:.6g}, its largest {high:.6g}{where}. "
        "Nothing is added to it in silence; add what you mean, or give scale_tril."
    )
