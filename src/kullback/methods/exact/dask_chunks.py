"""Dask arrays: lazy, each chunk by the method its own arrays would get."""

from typing import Any

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.methods.exact import native
from kullback.methods.exact.held import Held
from kullback.questions import Divergence, Question


def value(of: Question, held: Held) -> Any:
    """Return the answer lazily; outcomes may be spread over chunks where the terms are additive."""
    import dask.array as da

    xp = namespace(held.p)
    dtype = np.result_type(held.p.dtype, held.q.dtype, np.float32)
    p, q = da.broadcast_arrays(held.p, held.q) if held.p.shape != held.q.shape else (held.p, held.q)
    additive = held.footing == "probabilities" and (
        not isinstance(of, Divergence) or _is_additive(of)
    )
    if not additive:
        p, q = p.rechunk({p.ndim - 1: -1}), q.rechunk({q.ndim - 1: -1})
    _, (p, q) = da.core.unify_chunks(p, tuple(range(p.ndim)), q, tuple(range(q.ndim)))
    batch = np.empty((0,) * (p.ndim - 1), dtype)  # what an answer is like, so that dask asks none
    if not additive:
        arguments = (of, held.footing, held.tolerance)
        return da.map_blocks(_whole_rows, p, q, *arguments, meta=batch, drop_axis=p.ndim - 1)
    once = (*p.chunks[:-1], (1,) * len(p.chunks[-1]))
    parts = da.map_blocks(_part_of_rows, p, q, of, meta=batch[..., None], chunks=once)
    return xp.sum(parts, axis=-1)


def _is_additive(of: Divergence) -> bool:
    return type(of).close is Divergence.close


def _whole_rows(p: Any, q: Any, of: Question, footing: Any, tolerance: float) -> Any:
    from kullback.methods.exact.sums import held_value

    return np.asarray(held_value(of, Held(footing, p, q, tolerance), 1))


def _part_of_rows(p: Any, q: Any, of: Any) -> Any:
    """Return Σ terms over the outcomes of this chunk, which need not sum to one."""
    kernel = native.row_kernel(of)
    if kernel is not None and native.numpy_readable(p, q):
        total, _ = native.numpy_rows(kernel, np.atleast_2d(p), np.atleast_2d(q), np.inf, 1)
        return np.reshape(total, p.shape[:-1])[..., None]
    with np.errstate(all="ignore"):
        return of.terms(Held("probabilities", p, q, np.inf).pair()).sum(-1, keepdims=True)
