"""The hand-over to the native kernels: which questions they answer, and numpy's way to them."""

from typing import Any

import numpy as np

from kullback.arrays import kernels as compiled
from kullback.questions import (
    KL,
    Alpha,
    ChiSquare,
    CrossEntropy,
    Entropy,
    Hellinger,
    HockeyStick,
    Jeffreys,
    JensenShannon,
    Question,
    Renyi,
    TotalVariation,
    Tsallis,
)

kernels = compiled.kernels

_ROWS = {  # the order of `enum class Question`, native/probabilities.hpp
    KL: 0,
    JensenShannon: 1,
    Jeffreys: 2,
    TotalVariation: 3,
    Hellinger: 4,
    ChiSquare: 5,
    HockeyStick: 6,
    Alpha: 7,
    Tsallis: 7,
    Renyi: 7,
    CrossEntropy: 8,
    Entropy: 9,
}
_LOGITS = {KL: 0, JensenShannon: 1, CrossEntropy: 2, Entropy: 3}  # `enum class LogitQuestion`


def row_kernel(of: Question) -> tuple[int, float, bool, float] | None:
    """Return (code, parameter, whether p and q change places, factor) of a question's kernel."""
    code = _ROWS.get(type(of))
    if kernels is None or code is None:
        return None
    if isinstance(of, JensenShannon):
        return code, of.weights[0], False, 1.0
    if isinstance(of, HockeyStick):
        return code, of.gamma, False, 1.0
    if isinstance(of, (Alpha, Tsallis, Renyi)):
        alpha = of.alpha
        if alpha in (0.0, float("inf")) and isinstance(of, Renyi):
            return None
        factor = alpha if isinstance(of, Tsallis) else 1.0
        order, swapped = (1 - alpha, True) if alpha < 0.5 else (alpha, False)
        return (0 if order == 1 else code), order, swapped, factor
    return code, 0.0, False, 1.0


def logit_kernel(of: Question) -> tuple[int, float] | None:
    """Return (code, p's weight in the mixture) of the kernel on logits, if there is one."""
    code = _LOGITS.get(type(of))
    if kernels is None or code is None:
        return None
    return code, of.weights[0] if isinstance(of, JensenShannon) else 0.5


def numpy_readable(*arrays: np.ndarray[Any, Any]) -> bool:
    """Tell whether the kernels can read these arrays in place."""
    return all(
        a.dtype.isnative and a.dtype.itemsize <= 8 and a.ndim <= 9 and a.dtype.kind == "f"
        for a in arrays
    )


def _common(p: Any, q: Any) -> tuple[Any, Any]:
    if p.dtype == q.dtype:
        return p, q
    common = np.result_type(p.dtype, q.dtype)
    return p.astype(common, copy=False), q.astype(common, copy=False)


def _kernel_for(stem: str, x: Any) -> tuple[Any, Any]:
    """Return the kernel that reads x's dtype, and the dtype it answers in."""
    name = "float64" if x.dtype == np.float64 else "float32"
    return getattr(kernels, f"{stem}_{name}"), getattr(np, name)


def numpy_rows(
    kernel: tuple[int, float, bool, float], p: Any, q: Any, tolerance: float, threads: int
) -> tuple[Any, int]:
    """Return Σ terms of each row, and the first row that is not a distribution (−1: none)."""
    code, parameter, swapped, factor = kernel
    if swapped:
        p, q = q, p
    p, q = _common(p, q)
    if p.ndim == 1 and q.ndim == 1:
        value = kernels.one_row(code, parameter, p, q, tolerance, threads)
        single = np.float64 if p.dtype == np.float64 else np.float32
        return (single(0), 0) if value is None else (single(factor * value), -1)
    run, dtype = _kernel_for("rows", p)
    out = np.empty(np.broadcast_shapes(p.shape[:-1], q.shape[:-1]), dtype)
    if out.size == 0:
        return out, -1
    bad = run(code, parameter, p, q, out, tolerance, threads)
    return (out if factor == 1 else factor * out), bad


def numpy_logits(kernel: tuple[int, float], a: Any, b: Any, threads: int) -> tuple[Any, int]:
    """Return the answer of each row of logits, and the first bad row (−1: none)."""
    a, b = _common(a, b)
    run, dtype = _kernel_for("logits", a)
    out = np.empty(np.broadcast_shapes(a.shape[:-1], b.shape[:-1]), dtype)
    bad = run(*kernel, a, b, out, None, threads) if out.size else -1
    return out[()], bad


def numpy_labels(labels: Any, ignore: int | None, logits: Any, threads: int) -> tuple[Any, int]:
    """Return −log softmax(logits)[label] of each row, and the first bad row (−1: none)."""
    labels = np.ascontiguousarray(labels, dtype=np.int64)
    run, dtype = _kernel_for("labels", logits)
    out = np.empty(logits.shape[:-1], dtype)
    none = NO_LABEL if ignore is None else ignore
    bad = run(labels, logits, none, out, None, threads) if out.size else -1
    return out[()], bad


NO_LABEL = -(2**63)
"""An ignore_index that no label has."""
