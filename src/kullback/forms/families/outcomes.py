"""Outcomes and draws: arrays that follow a law's parameters."""

from typing import Any

import numpy as np

from kullback.arrays.namespace import library_of, namespace


def outcomes(x: Any, like: Any) -> Any:
    """Return x as an array of the library, dtype and device of the parameters."""
    xp = namespace(like)
    if library_of(x) == library_of(like):
        return x if x.dtype == like.dtype else xp.astype(x, like.dtype)
    if library_of(like) == "torch":
        return xp.asarray(x, dtype=like.dtype, device=like.device)
    return xp.asarray(x, dtype=like.dtype)


def as_numpy(x: Any) -> Any:
    """Return x as float64 in numpy, without its gradient."""
    if library_of(x) == "torch":
        x = x.detach().cpu().numpy()
    return np.asarray(x, dtype=np.float64)


def shape_of(n: int, batch: tuple[int, ...], *event: int) -> tuple[int, ...]:
    """Return the shape of n draws of a batch."""
    return (n, *batch, *event)


def where_whole(x: Any, low: Any, high: Any) -> Any:
    """Return where x is a whole number from low to high."""
    return (namespace(x).round(x) == x) & (x >= low) & (x <= high)


def masked(inside: Any, x: Any, value: Any) -> Any:
    """Return x inside, and a harmless value elsewhere."""
    xp = namespace(x)
    return xp.where(inside, x, xp.zeros_like(x) + value)


def minus_infinity_outside(inside: Any, log_density: Any) -> Any:
    """Return a logarithm of a density where inside, and −∞ elsewhere."""
    xp = namespace(log_density)
    return xp.where(inside, log_density, xp.full_like(log_density, float("-inf")))
