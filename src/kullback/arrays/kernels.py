"""The native kernels, where they were built, and the hand-over of arrays element by element."""

import math
from importlib import import_module
from typing import Any

import numpy as np

from kullback.arrays.namespace import is_traced, library_of


def _load() -> Any:
    try:
        return import_module("kullback._native")
    except ImportError:  # built without a compiler: the array path serves
        return None


kernels = _load()


def elementwise(stem: str, *arguments: Any) -> Any:
    """Return what a kernel makes of arrays that broadcast; None where the array path is to serve.

    That is for other libraries than numpy and torch on the CPU, for traced arrays and for those
    whose gradient is wanted.
    """
    library = library_of(arguments[0])
    if kernels is None or library not in {"numpy", "torch"}:
        return None
    dtype = arguments[0].dtype
    if any(library_of(x) != library or x.dtype != dtype for x in arguments[1:]):
        return None
    return (_numpy if library == "numpy" else _torch)(stem, arguments)


def _numpy(stem: str, arguments: tuple[Any, ...]) -> Any:
    dtype = arguments[0].dtype
    if dtype not in (np.float64, np.float32) or not dtype.isnative:
        return None
    shape = np.broadcast_shapes(*(x.shape for x in arguments))
    out = np.empty(shape, dtype)
    if out.size:
        ready = [
            np.ascontiguousarray(x if x.size == 1 else np.broadcast_to(x, shape)) for x in arguments
        ]
        getattr(kernels, f"{stem}_{dtype.name}")(*ready, out, 0)
    return out[()]


def _torch(stem: str, arguments: tuple[Any, ...]) -> Any:
    import torch

    dtype = arguments[0].dtype
    served = {torch.float64: "float64", torch.float32: "float32"}
    if dtype not in served or any(x.device.type != "cpu" or is_traced(x) for x in arguments):
        return None
    if torch.is_grad_enabled() and any(x.requires_grad for x in arguments):
        return None
    shape = torch.broadcast_shapes(*(x.shape for x in arguments))
    out = torch.empty(shape, dtype=dtype)
    if math.prod(shape):
        ready = [
            (x if x.numel() == 1 else x.expand(shape)).detach().contiguous() for x in arguments
        ]
        getattr(kernels, f"{stem}_{served[dtype]}")(*ready, out, 0)
    return out
