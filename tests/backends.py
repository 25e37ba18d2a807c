"""The array libraries that every answer has to come out the same in."""

import warnings
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Backend:
    """One array library: how its arrays are made, and how their numbers are read."""

    name: str

    def array(self, values: Any, dtype: str = "float64") -> Any:
        """Return values as an array of this library."""
        x = np.asarray(values, dtype)
        if self.name == "numpy":
            return x
        if self.name == "read-only":
            x = x.copy()
            x.flags.writeable = False
            return x
        if self.name == "torch":
            import torch

            return torch.from_numpy(np.ascontiguousarray(x).copy())
        if self.name == "jax":
            return wide_jax().numpy.asarray(x)
        if self.name == "strict":
            import array_api_strict

            return array_api_strict.asarray(x)
        import dask.array as da

        return da.from_array(x, chunks=tuple(max(1, -(-size // 2)) for size in x.shape))

    @property
    def library(self) -> str:
        """Return the root package of this library's arrays."""
        named = {"read-only": "numpy", "strict": "array_api_strict"}
        return named.get(self.name, self.name)


BACKENDS = tuple(map(Backend, ("numpy", "read-only", "torch", "jax", "strict", "dask")))


@cache
def wide_jax() -> Any:
    """Return jax, made to keep float64."""
    import jax

    jax.config.update("jax_enable_x64", True)
    return jax


def numbers(x: Any) -> np.ndarray:
    """Return any library's array as numpy's, in float64."""
    if hasattr(x, "compute"):
        x = x.compute()
    if hasattr(x, "detach"):
        x = x.detach().to("cpu").double().numpy()
    with warnings.catch_warnings():  # numpy reads array-api-strict through a door it warns of
        warnings.simplefilter("ignore")
        return np.asarray(x).astype(np.float64)


def relative_error(got: Any, truth: Any) -> float:
    """Return the largest |got − truth|/|truth|; 0 where both are equal, infinities too."""
    got, truth = np.broadcast_arrays(numbers(got), np.asarray(truth, np.float64))
    same = got == truth
    with np.errstate(all="ignore"):
        error = np.abs(got - truth) / np.abs(truth)
    return float(np.max(np.where(same, 0.0, np.where(np.isnan(error), np.inf, error)), initial=0.0))
