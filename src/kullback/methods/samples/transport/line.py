"""Transport on the line: the k-th part of the mass of one law goes to the k-th of the other.

W_r^r = ∫₀¹ |F⁻¹(u) − G⁻¹(u)|^r du. Of n and m draws that count alike, F⁻¹ is x₍ᵢ₎ on
(i/n, (i + 1)/n) and G⁻¹ is y₍ⱼ₎ on (j/m, (j + 1)/m). Where n ≥ m, a piece of F⁻¹ meets one or two
of G⁻¹, and whole numbers say which: nothing is searched, and no share is rounded.
"""

from typing import Any

import numpy as np

from kullback.arrays.namespace import bits_of, library_of, namespace, stop_gradient
from kullback.methods.answers import on_device
from kullback.methods.transport import distance_on_line


def line_distance(order: float, x: Any, y: Any, v: Any = None, w: Any = None) -> Any:
    """Return W_r between the draws x, shape (*batch, n), and y, shape (*batch, m).

    Parameters
    ----------
    v, w : array, shape (n,) and (m,), optional
        Weights of numpy, each summing to 1; all draws count alike if left out.
    """
    if v is not None or w is not None:
        return _weighted(order, x, y, v, w)
    if order == 1:
        return _mean_power(1, x, y)
    xp = namespace(x, y)
    far = _farthest(x, y)[..., None]
    moved = _mean_power(order, x / far, y / far)
    some = moved > 0
    root = xp.where(some, moved, xp.ones_like(moved)) ** (1 / order)
    return far[..., 0] * xp.where(some, root, xp.zeros_like(root))


def _mean_power(order: float, x: Any, y: Any) -> Any:
    """∫ |F⁻¹ − G⁻¹|^r du."""
    n, m = x.shape[-1], y.shape[-1]
    if n < m:
        return _mean_power(order, y, x)
    xp = namespace(x, y)
    x, y = xp.sort(x, axis=-1), xp.sort(y, axis=-1)
    if n == m:
        return xp.mean(_power(order, x - y), axis=-1)
    start = np.arange(n, dtype=np.int64) * m  # in steps of 1/(n m)
    j = start // n
    first = np.minimum((j + 1) * n - start, m)
    after = np.minimum(j + 1, m - 1)
    here, there = (_like(share / (n * m), x) for share in (first, m - first))
    j, after = _index(j, x), _index(after, x)
    parts = here * _power(order, x - y[..., j]) + there * _power(order, x - y[..., after])
    return xp.sum(parts, axis=-1)


def _power(order: float, gap: Any) -> Any:
    if order == 2:
        return gap * gap
    size = namespace(gap).abs(gap)
    return size if order == 1 else size**order


def _farthest(x: Any, y: Any) -> Any:
    """Return the greatest |x − y| as a constant: powers of shares of it do not overflow."""
    xp = namespace(x, y)
    a, b = stop_gradient(x), stop_gradient(y)
    far = xp.maximum(
        xp.max(a, axis=-1) - xp.min(b, axis=-1), xp.max(b, axis=-1) - xp.min(a, axis=-1)
    )
    return xp.where(far > 0, far, xp.ones_like(far))


def _weighted(order: float, x: Any, y: Any, v: Any, w: Any) -> Any:
    """Both samples as two tables on all their positions."""
    n, m = x.shape[-1], y.shape[-1]
    xp = namespace(x, y)
    dtype = x.dtype
    if bits_of(x) < 64 and library_of(x) != "jax":  # shares add up over all draws
        x, y = xp.astype(x, xp.float64), xp.astype(y, xp.float64)
    v = np.full(n, 1 / n) if v is None else v
    w = np.full(m, 1 / m) if w is None else w
    places = xp.concat([x, y], axis=-1)
    p, q = (_like(z, x) for z in (np.append(v, np.zeros(m)), np.append(np.zeros(n), w)))
    p, q = (xp.broadcast_to(z, places.shape) for z in (p, q))
    return xp.astype(distance_on_line(order, places, p, q), dtype)


def line_potentials(
    order: float, x: np.ndarray, y: np.ndarray, v: np.ndarray | None, w: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    """Return f, shape (n,), and g, (m,), with fᵢ + gⱼ ≤ |xᵢ − yⱼ|^r, and equal where mass moves.

    Where x₍ᵢ₎ is used up, y₍ⱼ₎ is the partner of both x₍ᵢ₎ and x₍ᵢ₊₁₎: so f rises by the difference
    of their costs. Each is known up to a constant.
    """
    i, j = np.argsort(x), np.argsort(y)
    up_x, up_y = (
        np.cumsum(np.full(len(k), 1 / len(k)) if z is None else z[k]) for k, z in ((i, v), (j, w))
    )
    f, g = np.empty_like(x), np.empty_like(y)
    f[i] = _climb(order, x[i], y[j], up_x, up_y)
    g[j] = _climb(order, y[j], x[i], up_y, up_x)
    return f, g


def _climb(
    order: float, x: np.ndarray, y: np.ndarray, up_x: np.ndarray, up_y: np.ndarray
) -> np.ndarray:
    partner = y[np.minimum(np.searchsorted(up_y, up_x[:-1]), len(y) - 1)]
    steps = np.abs(x[1:] - partner) ** order - np.abs(x[:-1] - partner) ** order
    return np.concatenate([[0.0], np.cumsum(steps)])


def _like(x: np.ndarray, like: Any) -> Any:
    return namespace(like).asarray(x, dtype=like.dtype, **on_device(like))


def _index(i: np.ndarray, like: Any) -> Any:
    return i if library_of(like) == "numpy" else namespace(like).asarray(i, **on_device(like))
