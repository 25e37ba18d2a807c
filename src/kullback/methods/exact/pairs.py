"""All rows against all rows, a block at a time."""

from dataclasses import replace
from typing import Any

import numpy as np

from kullback.arrays.namespace import common_dtype, library_of, namespace, widened
from kullback.errors import ShapeError
from kullback.forms.discrete import Discrete, Probs
from kullback.methods.exact import native
from kullback.methods.exact.held import Held, check_form, probabilities_of
from kullback.methods.exact.sums import closed, exact_value
from kullback.questions import KL, Divergence, Question, Renyi

_BLOCK = 2**18
"""How many terms the array path holds at once."""


def pairwise_value(of: Question, p: Discrete, q: Discrete | None, threads: int) -> Any:
    """Return the (n, m) matrix of a question between the rows of p and of q (of p, if None)."""
    given = [(p, "P")] if q is None else [(p, "P"), (q, "Q")]
    for form, name in given:
        shape = tuple(form.array.shape)
        if len(shape) != 2:
            raise ShapeError(f"{name} has shape {shape}: rows of outcomes, (n, k), are needed.")
        check_form(form, -1, name)
    if q is not None and p.array.shape[1] != q.array.shape[1]:
        raise ShapeError(
            f"P has {p.array.shape[1]} outcomes and Q has {q.array.shape[1]}: they must be the "
            "same ones."
        )
    native_pairs = _native_pairs(of, p, q, threads)
    return _blocks(of, p, p if q is None else q, threads) if native_pairs is None else native_pairs


def _native_pairs(of: Question, p: Discrete, q: Discrete | None, threads: int) -> Any:
    """Return the matrix by the kernels, or None where they do not serve."""
    kernel = native.row_kernel(of)
    plain = isinstance(p, Probs) and (q is None or isinstance(q, Probs))
    if kernel is None or not plain or isinstance(of, Renyi):
        return None
    P = widened(probabilities_of(p, -1, "P"))
    Q = P if q is None else widened(probabilities_of(q, -1, "Q"))
    if not (_readable(P) and _readable(Q)):
        return None
    P, Q = (_dense(x) for x in common_dtype(P, Q))
    code, parameter, swapped, factor = kernel
    first, second = (Q, P) if swapped else (P, Q)
    xp = namespace(P)
    out = xp.empty((first.shape[0], second.shape[0]), dtype=P.dtype)
    run = native.kernels.pairs_float64 if P.dtype == xp.float64 else native.kernels.pairs_float32
    symmetric = q is None and isinstance(of, Divergence) and of.symmetric
    run(code, parameter, first, second, symmetric, out, threads)
    total = (out.T if swapped else out) * factor if factor != 1 or swapped else out
    return total if isinstance(of, KL) else closed(of, total, Held("probabilities", P, Q, 1.0))


def _readable(x: Any) -> bool:
    if library_of(x) == "numpy":
        return native.numpy_readable(x)
    return library_of(x) == "torch" and x.device.type == "cpu" and not x.requires_grad


def _dense(x: Any) -> Any:
    return np.ascontiguousarray(x) if library_of(x) == "numpy" else x.contiguous()


def _blocks(of: Question, p: Discrete, q: Discrete, threads: int) -> Any:
    """Return the matrix by batches of rows of p against all of q."""
    xp = namespace(p.array, q.array)
    n, k = p.array.shape
    m = q.array.shape[0]
    rows = max(1, _BLOCK // max(1, m * k))
    across = replace(q, array=q.array[None, :, :])
    parts = [
        exact_value(
            of, replace(p, array=p.array[i : min(i + rows, n), None, :]), across, -1, threads
        )
        for i in range(0, max(n, 1), rows)
    ]
    return xp.concat(parts, axis=0)
