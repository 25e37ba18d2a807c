"""Find the library an array belongs to, without importing any."""

import sys
from functools import cache
from typing import Any

import numpy as np

from kullback.errors import InputTypeError, MixedArraysError

_CONVERTED = {"builtins", "pandas", "polars", "pyarrow", "xarray", "array"}
"""Where things that numpy reads as arrays come from; their answers are numpy's."""


def library_of(x: Any) -> str:
    """Return the root package of an array's type: "numpy", "torch", "jax", "dask"."""
    return _library_of_type(type(x))  # type: ignore[arg-type]  # classes are hashable


@cache
def _library_of_type(kind: Any) -> str:
    root = kind.__module__.partition(".")[0]
    return "jax" if root == "jaxlib" else root


def as_array(x: Any, name: str) -> Any:
    """Return x if it is an array; numpy's reading of a list, a tuple or a column of a table."""
    if isinstance(x, np.ndarray):
        return x
    if hasattr(x, "__array_namespace__") or library_of(x) in {"torch", "jax", "dask"}:
        return x
    if isinstance(x, (str, bytes, dict, set)) or x is None:
        raise InputTypeError(f"{name} is {x!r:.60}, not an array of numbers.")
    if library_of(x) in _CONVERTED or isinstance(x, (list, tuple, np.generic)):
        try:
            return np.asarray(x)
        except ValueError as ragged:
            raise InputTypeError(
                f"{name} is a {type(x).__name__} that is not rectangular ({ragged}). "
                "All rows need the same number of outcomes."
            ) from None
    raise InputTypeError(
        f"{name} is a {type(x).__module__}.{type(x).__qualname__}, which is not an array. Accepted "
        f"are lists, "
        "numpy, torch, JAX and Dask arrays, and anything of the array API standard."
    )


def namespace(*arrays: Any) -> Any:
    """Return the array-API namespace that all the arrays share."""
    array = arrays[0]
    library = library_of(array)
    libraries = {library_of(a) for a in arrays}
    if len(libraries) > 1:
        raise MixedArraysError(
            f"The arrays belong to different libraries: {', '.join(sorted(libraries))}. "
            "Convert one of them, so that the answer can come back in one library."
        )
    if library == "numpy":
        return np
    if library == "torch":
        import array_api_compat.torch as xp

        return xp
    if library == "dask":
        import array_api_compat.dask.array as xp

        return xp
    if library == "jax":
        import jax.numpy as xp

        return xp
    return array.__array_namespace__()


def check_same_home(p: Any, q: Any) -> None:
    """Raise unless p and q belong to one library and live on one device."""
    namespace(p, q)
    if library_of(p) == "torch" and p.device != q.device:
        raise MixedArraysError(f"p is on {p.device} and q on {q.device}. Move one: p.to(q.device).")


def is_traced(x: Any) -> bool:
    """Tell whether the values of x cannot be looked at: traced by JAX or torch, lazy in Dask."""
    library = library_of(x)
    if library == "dask":
        return True
    if library == "jax":
        jax = sys.modules["jax"]
        here = jax.numpy.zeros(
            ()
        )  # inside jit even constants are traced once they meet an operation
        return isinstance(x, jax.core.Tracer) or isinstance(here, jax.core.Tracer)
    if library == "torch":
        torch = sys.modules["torch"]
        return bool(
            torch.compiler.is_compiling()
            or torch._C._functorch.is_functorch_wrapped_tensor(x)
            or type(x).__name__ == "FakeTensor"
            or x.is_meta
        )
    return False


def stop_gradient(x: Any) -> Any:
    """Return x as a constant."""
    library = library_of(x)
    if library == "torch":
        return x.detach()
    if library == "jax":
        return sys.modules["jax"].lax.stop_gradient(x)
    return x


def is_real_floating(x: Any) -> bool:
    """Tell whether x holds real floating-point numbers."""
    if library_of(x) == "numpy":
        return bool(x.dtype.kind == "f")
    if library_of(x) == "torch":
        return bool(x.is_floating_point())
    return bool(namespace(x).isdtype(x.dtype, "real floating"))


def is_integer(x: Any) -> bool:
    """Tell whether x holds integers (bool is none)."""
    if library_of(x) == "numpy":
        return bool(x.dtype.kind in "iu")
    return bool(namespace(x).isdtype(x.dtype, "integral"))


def bits_of(x: Any) -> int:
    """Return how many bits one element takes."""
    itemsize = getattr(x.dtype, "itemsize", None)
    return 8 * itemsize if itemsize is not None else int(namespace(x).finfo(x.dtype).bits)


def is_half(x: Any) -> bool:
    """Tell whether x holds 16-bit floating-point numbers (float16 or bfloat16)."""
    return is_real_floating(x) and bits_of(x) == 16


def widened(x: Any) -> Any:
    """Return half precision as float32, anything else as it is."""
    if not is_half(x):
        return x
    xp = namespace(x)
    return x.float() if library_of(x) == "torch" else xp.astype(x, xp.float32)


def as_default_float(x: Any) -> Any:
    """Return integers as the widest floating type the library gives without being asked."""
    xp = namespace(x)
    if library_of(x) == "jax":
        return x.astype(float)
    return xp.astype(x, xp.float64)


def common_dtype(p: Any, q: Any) -> tuple[Any, Any]:
    """Return both arrays in their common floating type."""
    if p.dtype == q.dtype:
        return p, q
    xp = namespace(p, q)
    dtype = xp.result_type(p.dtype, q.dtype)
    return xp.astype(p, dtype), xp.astype(q, dtype)
