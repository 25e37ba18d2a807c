"""Matrices in the last two axes, a batch before them: factors, triangular solves, diagonals."""

import math
import sys
from typing import Any

import numpy as np

from kullback.arrays.namespace import is_traced, library_of, namespace, stop_gradient

_ROWS = 8
"""Up to so many rows are solved one by one for a whole batch."""


def cholesky(x: Any) -> tuple[Any, bool]:
    """Return lower L with L Lᵀ = x, and whether every matrix of the batch has one.

    Only the lower triangle of x is read. JAX says that there is none by NaN in L.
    """
    library = library_of(x)
    if library == "torch":
        factor, info = sys.modules["torch"].linalg.cholesky_ex(x)
        return factor, is_traced(x) or not bool((info != 0).any())
    xp = namespace(x)
    if library == "jax":
        return xp.linalg.cholesky(x), True
    try:
        return xp.linalg.cholesky(x), True
    except xp.linalg.LinAlgError:
        return x, False


def solve_lower(factor: Any, right: Any) -> Any:
    """Return L⁻¹ B of a lower triangular L, shape (*batch, d, d), and B, shape (*batch, d, m)."""
    library, xp = library_of(right), namespace(factor, right)
    batch = xp.broadcast_shapes(factor.shape[:-2], right.shape[:-2])
    if library == "torch":
        return sys.modules["torch"].linalg.solve_triangular(factor, right, upper=False)
    factor = xp.broadcast_to(factor, (*batch, *factor.shape[-2:]))
    right = xp.broadcast_to(right, (*batch, *right.shape[-2:]))
    if library == "jax":
        from jax.scipy.linalg import solve_triangular

        return solve_triangular(factor, right, lower=True)
    return _solved_by_rows(factor, right) if math.prod(batch) > 1 else _solved_alone(factor, right)


def _solved_by_rows(factor: Any, right: Any) -> Any:
    """Forward substitution, a block of rows of all matrices at a time."""
    d = factor.shape[-1]
    if d > _ROWS:
        half = d // 2
        above = solve_lower(factor[..., :half, :half], right[..., :half, :])
        rest = right[..., half:, :] - factor[..., half:, :half] @ above
        return np.concatenate([above, solve_lower(factor[..., half:, half:], rest)], axis=-2)
    found: list[Any] = []
    for i in range(d):
        row = right[..., i, :]
        for j, x in enumerate(found):
            row = row - factor[..., i, j, None] * x
        found.append(row / factor[..., i, i, None])
    return np.stack(found, axis=-2)


def _solved_alone(factor: Any, right: Any) -> Any:
    from scipy.linalg import solve_triangular

    shape = right.shape
    factor, right = factor.reshape(shape[-2], shape[-2]), right.reshape(shape[-2:])
    return solve_triangular(factor, right, lower=True, check_finite=False).reshape(shape)


def solve_vector(factor: Any, right: Any) -> Any:
    """Return L⁻¹ b of a lower triangular L and vectors b, shape (*batch, d)."""
    return solve_lower(factor, right[..., None])[..., 0]


def inverse_lower(factor: Any) -> Any:
    """Return L⁻¹ of a lower triangular L."""
    return solve_lower(factor, identity(factor.shape[-1], factor))


def transposed(x: Any) -> Any:
    """Return xᵀ."""
    return x.mT if library_of(x) == "torch" else namespace(x).swapaxes(x, -1, -2)


def reversed_axes(x: Any) -> Any:
    """Return x with the order of its rows and of its columns reversed."""
    return namespace(x).flip(x, axis=(-2, -1))


def diagonal(x: Any) -> Any:
    """Return the diagonals, shape (*batch, d)."""
    if library_of(x) == "torch":
        return x.diagonal(dim1=-2, dim2=-1)
    return namespace(x).diagonal(x, axis1=-2, axis2=-1)


def diagonal_matrix(x: Any) -> Any:
    """Return the diagonal matrices of vectors, shape (*batch, d, d)."""
    return x[..., None] * identity(x.shape[-1], x)


def identity(d: int, like: Any) -> Any:
    """Return the d × d identity in the library, dtype and device of an array."""
    xp = namespace(like)
    if library_of(like) == "torch":
        return xp.eye(d, dtype=like.dtype, device=like.device)
    return xp.eye(d, dtype=like.dtype)


def squares(x: Any) -> Any:
    """Return the sum of the squares of each matrix's elements, shape (*batch,)."""
    return namespace(x).sum(x * x, axis=(-2, -1))


def dot(a: Any, b: Any) -> Any:
    """Return the inner products of vectors, shape (*batch,)."""
    return namespace(a, b).sum(a * b, axis=-1)


def rotated(vectors: Any, x: Any) -> Any:
    """Return Vᵀ x for vectors x, shape (*batch, d)."""
    return (transposed(vectors) @ x[..., None])[..., 0]


def nearest_rotation(x: Any) -> Any:
    """Return the orthogonal matrix nearest to a square one, U Vᵀ of x = U S Vᵀ, as a constant."""
    found = namespace(x).linalg.svd(stop_gradient(x))
    return found[0] @ found[2]
