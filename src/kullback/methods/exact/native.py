"""The hand-over to the native kernels: which questions they answer, and numpy's way to them."""

from typing import Any

import numpy as np

from kullback.questions import (
    KL,
    Alpha,
    ChiSquare,
    CrossEntropy,
    Entropy,
    Hellinger,
    HockeyStick,
    JensenShannon,
    Jeffreys,
    Question,
    Renyi,
    TotalVariation,
    Tsallis,
)

kernels: Any
try:
    from kullback import _native as kernels
except ImportError:  # built without a compiler: the array path serves
    kernels = None

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
    """Return (code, parameter, whether p and q change places, factor) of the kernel on probabilities, if there is one."""
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


def logit_kernel(of: Question) -> int | None:
    """Return the code of the kernel on logits, if there is one."""
    if kernels is None or (isinstance(of, JensenShannon) and of.weights[0] != 0.5):
        return None
    return _LOGITS.get(type(of))


def numpy_readable(*arrays: np.ndarray[Any, Any]) -> bool:
    """Tell whether the kernels can read these arrays in place (native byte order, few enough batch dimensions)."""
    return all(
        a.dtype.isnative and a.dtype.itemsize <= 8 and a.ndim <= 9 and a.dtype.kind == "f" for a in arrays
    )




def numpy_rows(
    kernel: tuple[int, float, bool, float], p: Any, q: Any, tolerance: float, threads: int
) -> tuple[Any, int]:
    """Return Σ terms for each row, and the first row that is not a distribution (−1: none)."""
    code, parameter, swapped, factor = kernel
    if swapped:
        p, q = q, p
    if p.dtype != q.dtype:
        dtype = np.result_type(p.dtype, q.dtype)
        p, q = p.astype(dtype, copy=False), q.astype(dtype, copy=False)
    dtype = np.float64 if p.dtype == np.float64 else np.float32
    if p.ndim == 1 and q.ndim == 1:
        value = kernels.one_row(code, parameter, p, q, tolerance, threads)
        return (dtype(0), 0) if value is None else (dtype(value if factor == 1 else factor * value), -1)
    out = np.empty(np.broadcast_shapes(p.shape[:-1], q.shape[:-1]), dtype)
    if out.size == 0:
        return out, -1
    rows = kernels.rows_float64 if dtype is np.float64 else kernels.rows_float32
    bad = rows(code, parameter, p, q, out, tolerance, threads)
    return (out if factor == 1 else factor * out), bad


def numpy_logits(code: int, a: Any, b: Any, threads: int) -> tuple[Any, int]:
    """Return the answer for each row of logits, and the first row that has none (−1: none)."""
    if a.dtype != b.dtype:
        dtype = np.result_type(a.dtype, b.dtype)
        a, b = a.astype(dtype, copy=False), b.astype(dtype, copy=False)
    dtype = np.float64 if a.dtype == np.float64 else np.float32
    out = np.empty(np.broadcast_shapes(a.shape[:-1], b.shape[:-1]), dtype)
    if out.size == 0:
        return out, -1
    run = kernels.logits_float64 if dtype is np.float64 else kernels.logits_float32
    bad = run(code, a, b, out, None, threads)
    return out[()], bad


def numpy_labels(labels: Any, ignore: int | None, logits: Any, threads: int) -> tuple[Any, int]:
    """Return −log softmax(logits)[label] for each row, and the first row that has none (−1: none)."""
    labels = np.ascontiguousarray(labels, dtype=np.int64)
    dtype = np.float64 if logits.dtype == np.float64 else np.float32
    out = np.empty(logits.shape[:-1], dtype)
    if out.size == 0:
        return out, -1
    run = kernels.labels_float64 if dtype is np.float64 else kernels.labels_float32
    bad = run(labels, logits, NO_LABEL if ignore is None else ignore, out, None, threads)
    return out[()], bad


NO_LABEL = -(2**63)
"""An ignore_index that no label has."""
