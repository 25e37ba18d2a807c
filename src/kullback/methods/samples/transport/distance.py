"""W_r of two samples as they are: the distance between their empirical laws, with gradients."""

from typing import Any

import numpy as np

from kullback.arrays.namespace import as_array, is_traced, library_of, namespace, stop_gradient
from kullback.errors import InvalidInputError, NoMethodError, ShapeError
from kullback.forms.samples import Samples
from kullback.methods.samples.transport.coupling import (
    Coupling,
    assignable,
    cheapest,
    distances,
    solver,
)
from kullback.methods.samples.transport.line import line_distance
from kullback.methods.samples.transport.positions import floating, in_one_home, positions_of

MOST = 25_000_000
"""Pairs (n × m) for which a coupling is looked for: 200 MB of costs, four times that in POT."""


def samples_distance(order: float, p: Samples, q: Samples) -> Any:
    """Return W_r between two samples, a number in the library and dtype of the draws.

    On the line by sorting, O(n log n). In more dimensions by the cheapest coupling; its draws of p
    and q stay partners under small moves, so that the gradient is that of Σ mass |xᵢ − yⱼ|^r.

    Raises
    ------
    NoMethodError
        If there are more than 25 million pairs in more than one dimension.
    MissingExtraError
        If a coupling needs POT, and it is not installed.
    """
    x, y = positions_of(p, q)
    if x.shape[1] == 1:
        value = line_distance(order, x[:, 0], y[:, 0], p.weights, q.weights)
    else:
        value = _by_coupling(order, x, y, p, q)
    return value[()] if library_of(value) == "numpy" else value


def _by_coupling(order: float, x: Any, y: Any, p: Samples, q: Samples) -> Any:
    if p.n * q.n > MOST:
        raise NoMethodError(
            f"{p.n} and {q.n} draws in {p.dimensions} dimensions have {p.n * q.n:.3g} pairs; a "
            f"cheapest coupling is looked for up to {MOST:.2g}. kb.SlicedTransport() is another "
            "distance, and takes any number: kb.wasserstein(p, q, by=kb.SlicedTransport(), rng=0)."
        )
    if not assignable(p.n, q.n, p.weights, q.weights):
        solver()  # refuses before work is done
    lengths = distances(p.array, q.array)
    found = cheapest(powers(order, lengths), p.weights, q.weights)
    return moved(order, x, y, found)


def powers(order: float, lengths: np.ndarray) -> np.ndarray:
    """Return (|x − y|/most)^r, for which the cheapest coupling is the same."""
    if order == 1:
        return lengths
    most = float(lengths.max())
    scaled = lengths / most if most > 0 else lengths
    return np.asarray(scaled * scaled if order == 2 else scaled**order)


def moved(order: float, x: Any, y: Any, by: Coupling) -> Any:
    """(Σ mass |xᵢ − yⱼ|^r)^(1/r), with slope 0 where two partners are one point."""
    xp = namespace(x, y)
    i, j, mass = _indices(by, x)
    gap = x[i] - y[j]
    squared = xp.sum(gap * gap, axis=-1)
    apart = squared > 0
    length = xp.where(apart, xp.sqrt(xp.where(apart, squared, xp.ones_like(squared))), squared)
    if order == 1:
        return xp.sum(mass * length)
    most = stop_gradient(xp.max(length))
    most = xp.where(most > 0, most, xp.ones_like(most))
    share = length / most
    total = xp.sum(mass * (share * share if order == 2 else share**order))
    some = total > 0
    root = xp.where(some, total, xp.ones_like(total)) ** (1 / order)
    return most * xp.where(some, root, xp.zeros_like(root))


def _indices(by: Coupling, like: Any) -> tuple[Any, Any, Any]:
    if library_of(like) == "numpy":
        return by.i, by.j, by.mass.astype(like.dtype, copy=False)
    xp = namespace(like)
    home = {"device": like.device} if library_of(like) == "torch" else {}
    i, j = (xp.asarray(k, **home) for k in (by.i, by.j))
    return i, j, xp.asarray(by.mass, dtype=like.dtype, **home)


def rows_distance(order: float, p: Any, q: Any, axis: int) -> Any:
    """Return W_r between draws on the line, shape (*batch, n) and (*batch, m), as (*batch,)."""
    given = as_array(p, "p"), as_array(q, "q")
    x, y = (floating(z, name) for z, name in zip(given, "pq", strict=True))
    lists = isinstance(p, (list, tuple)), isinstance(q, (list, tuple))
    x, y = in_one_home(x, y, lists)
    x, y = (_drawn_last(z, axis, name) for z, name in ((x, "p"), (y, "q")))
    try:
        batch = np.broadcast_shapes(tuple(x.shape[:-1]), tuple(y.shape[:-1]))
    except ValueError:
        raise ShapeError(
            f"p and q hold batches of shapes {tuple(x.shape[:-1])} and {tuple(y.shape[:-1])} "
            f"(draws along axis {axis}), which do not broadcast."
        ) from None
    xp = namespace(x, y)
    x, y = (xp.broadcast_to(z, (*batch, z.shape[-1])) for z in (x, y))
    value = line_distance(order, x, y)
    if all(lists) and not batch:
        return float(value)
    return value[()] if library_of(value) == "numpy" else value


def _drawn_last(x: Any, axis: int, name: str) -> Any:
    if x.ndim == 0 or not -x.ndim <= axis < x.ndim or x.shape[axis] == 0:
        raise ShapeError(f"{name} has shape {tuple(x.shape)}: no draws along axis {axis}.")
    xp = namespace(x)
    if not is_traced(x) and not bool(xp.all(xp.isfinite(x))):
        bad = int(xp.sum(xp.astype(~xp.isfinite(x), xp.int64)))
        raise InvalidInputError(
            f"{bad} draws of {name} are not finite: there is no place to move mass from or to."
        )
    return xp.moveaxis(x, axis, -1) if axis not in (-1, x.ndim - 1) else x
