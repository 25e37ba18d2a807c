"""The libraries' own special functions; where one lacks a function, SciPy's on the host."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kullback.arrays.namespace import library_of, namespace


def native(name: str, *arrays: Any, torch: str | None = None, jax: str | None = None) -> Any:
    """Return the function that SciPy calls `name`, by the library's own where one is named."""
    library = library_of(arrays[0])
    if library == "torch" and torch is not None:
        return getattr(_torch_special(), torch)(*arrays)
    if library == "jax":
        return getattr(_jax_special(), jax)(*arrays) if jax else _called_back(name, *arrays)
    if library == "numpy":
        return _scipy(name)(*arrays)
    answer = np.asarray(_scipy(name)(*(np.asarray(x) for x in arrays)))
    return namespace(arrays[0]).asarray(answer, device=arrays[0].device)


def _scipy(name: str) -> Callable[..., Any]:
    import scipy.special

    function: Callable[..., Any] = getattr(scipy.special, name)
    return function


def _torch_special() -> Any:
    import torch

    return torch.special


def _jax_special() -> Any:
    import jax.scipy.special

    return jax.scipy.special


def _called_back(name: str, *arrays: Any) -> Any:
    """Call SciPy from JAX, the numbers as pairs of words: it narrows float64."""
    import jax

    def on_host(*words: Any) -> np.ndarray:
        with np.errstate(all="ignore"):
            values = [np.ascontiguousarray(w).view(np.float64)[..., 0] for w in words]
            answer = np.asarray(_scipy(name)(*values), np.float64)
        return np.ascontiguousarray(answer)[..., None].view(np.uint32)

    def in_words(x: Any) -> Any:
        return jax.lax.bitcast_convert_type(x, jax.numpy.uint32)

    shape = jax.ShapeDtypeStruct((*arrays[0].shape, 2), jax.numpy.uint32)
    answer = jax.pure_callback(on_host, shape, *map(in_words, arrays), vmap_method="expand_dims")
    return jax.lax.bitcast_convert_type(answer, jax.numpy.float64)
