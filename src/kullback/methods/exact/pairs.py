"""All rows against all rows, a block at a time."""

from typing import Any

import numpy as np

from kullback.arrays.checks import check_probabilities
from kullback.arrays.namespace import common_dtype, library_of, namespace, widened
from kullback.errors import ShapeError
from kullback.forms.discrete import Form, Probs
from kullback.methods.exact import native
from kullback.methods.exact.held import Held, probabilities_of
from kullback.methods.exact.sums import closed, exact_value
from kullback.questions import KL, Divergence, Question, Renyi

_BLOCK = 2**22
"""How many terms the array path holds at once."""


def pairwise_value(of: Question, p: Form, q: Form | None, threads: int) -> Any:
    """Return the (n, m) matrix of a question between the rows of p and of q (of p, if None)."""
    for form, name in ((p, "P"), (q, "Q")):
        if form is not None and form.array.ndim != 2:
            raise ShapeError(
                f"{name} has shape {tuple(form.array.shape)}: rows of outcomes, (n, k), are needed."
            )
    if q is not None and p.array.shape[1] != q.array.shape[1]:
        raise ShapeError(
            f"P has {p.array.shape[1]} outcomes and Q has {q.array.shape[1]}: they must be the "
            f"same."
        )
    if type(p) is type(q) or q is None:
        plain = isinstance(p, Probs)
        if plain and library_of(p.array) in {"numpy", "torch"}:
            fast = _native_pairs(of, p, q, threads)
            if fast is not None:
                return fast
    return _blocks(of, p, p if q is None else q, threads)


def _native_pairs(of: Question, p: Form, q: Form | None, threads: int) -> Any:
    kernel = native.row_kernel(of)
    if kernel is None or isinstance(of, Renyi):
        return None
    code, parameter, swapped, factor = kernel
    P = probabilities_of(p, -1, "P")
    Q = P if q is None else probabilities_of(q, -1, "Q")
    if library_of(P) == "torch" and (P.device.type != "cpu" or P.requires_grad or Q.requires_grad):
        return None
    P, Q = common_dtype(widened(P), widened(Q))
    for array, name in ((P, "P"), (Q, "Q")):
        check_probabilities(array, name)
    xp = namespace(P)
    P, Q = (
        (P.contiguous(), Q.contiguous())
        if library_of(P) == "torch"
        else map(np.ascontiguousarray, (P, Q))
    )
    out = xp.empty((P.shape[0], Q.shape[0]), dtype=P.dtype)
    run = native.kernels.pairs_float64 if P.dtype == xp.float64 else native.kernels.pairs_float32
    symmetric = q is None and isinstance(of, Divergence) and bool(of.symmetric)
    if swapped:
        run(
            code,
            parameter,
            Q,
            P,
            symmetric,
            (out := xp.empty((Q.shape[0], P.shape[0]), dtype=P.dtype)),
            threads,
        )
        out = xp.permute_dims(out, (1, 0)) if hasattr(xp, "permute_dims") else out.T
    else:
        run(code, parameter, P, Q, symmetric, out, threads)
    if factor != 1:
        out = out * factor
    return out if isinstance(of, KL) else closed(of, out, Held("probabilities", P, Q, 1.0))


def _blocks(of: Question, p: Form, q: Form, threads: int) -> Any:
    xp = namespace(p.array, q.array)
    n, k = p.array.shape
    m = q.array.shape[0]
    rows = max(1, _BLOCK // max(1, m * k))
    parts = []
    for i in range(0, n, rows):
        upper = type(p)(p.array[i : i + rows, None, :])
        parts.append(exact_value(of, upper, type(q)(q.array[None, :, :]), -1, threads))
    if not parts:
        raise ShapeError("P has no rows.")
    return xp.concat(parts, axis=0) if hasattr(xp, "concat") else xp.concatenate(parts, axis=0)
