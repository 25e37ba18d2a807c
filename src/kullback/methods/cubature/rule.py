"""Adaptive products of Gauss–Kronrod rules over boxes."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kullback.methods.laws import Numbers

_G7 = np.array([0.129484966168869693, 0.279705391489276668, 0.381830050505118945])
_X15 = np.array([
    0.991455371120812640, 0.949107912342758525, 0.864864423359769073, 0.741531185599394440,
    0.586087235467691130, 0.405845151377397167, 0.207784955007898468,
])  # fmt: skip
_K15 = np.array([
    0.022935322010529225, 0.063092092629978553, 0.104790010322250184, 0.140653259715525919,
    0.169004726639267903, 0.190350578064785410, 0.204432940075298892,
])  # fmt: skip
_NODES = np.concatenate([-_X15, [0.0], _X15[::-1]])
_KRONROD = np.concatenate([_K15, [0.209482141084727828], _K15[::-1]])
_GAUSS = np.zeros(15)
_GAUSS[1:7:2], _GAUSS[9:15:2], _GAUSS[7] = _G7, _G7[::-1], 0.417959183673469388


@dataclass(frozen=True)
class Found:
    """Values and errors of every part, shape (parts,), and how many points were asked."""

    value: Numbers
    error: Numbers
    evaluations: int


def integrate(
    f: Callable[[Numbers], Numbers],
    low: Numbers,
    high: Numbers,
    rtol: float,
    most: int = 2_000_000,
) -> Found:
    """∫ f over all boxes, shape (n, d) their ends; boxes that the rules disagree on are halved.

    f takes points of shape (m, d) and returns parts of shape (parts, m). A box is halved along the
    axis on which a lower rule differs most. Stops at `most` points, the error telling.
    """
    value, error, axis = _on(f, low, high)
    asked = len(low) * 15 ** low.shape[1]
    while True:
        total, wrong = value.sum(axis=1), error.sum(axis=1)
        goal = np.maximum(rtol * np.abs(total), 1e-15)
        goal[1:] = np.maximum(goal[1:], 1e-10)
        if np.all(wrong <= goal) or asked >= most:
            return Found(total, wrong, asked)
        share = np.max(error / goal[:, None], axis=0)
        coarse = share > max(0.3 / len(low), 1e-2 * share.max())
        a, b = low[coarse], high[coarse]
        side = np.arange(a.shape[1]) == axis[coarse][:, None]
        middle = 0.5 * (a + b)
        new_low = np.concatenate([a, np.where(side, middle, a)])
        new_high = np.concatenate([np.where(side, middle, b), b])
        more = _on(f, new_low, new_high)
        asked += len(new_low) * 15 ** a.shape[1]
        low = np.concatenate([low[~coarse], new_low])
        high = np.concatenate([high[~coarse], new_high])
        value = np.concatenate([value[:, ~coarse], more[0]], axis=1)
        error = np.concatenate([error[:, ~coarse], more[1]], axis=1)
        axis = np.concatenate([axis[~coarse], more[2]])


def _on(
    f: Callable[[Numbers], Numbers], low: Numbers, high: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """Return value and error, shape (parts, n), and the axis to halve, shape (n,)."""
    d = low.shape[1]
    grid = np.stack(np.meshgrid(*[_NODES] * d, indexing="ij"), axis=-1).reshape(-1, d)
    together = max(1, 200_000 // len(grid))
    out = [_block(f, low[i : i + together], high[i : i + together], grid)
           for i in range(0, len(low), together)]  # fmt: skip
    return (
        np.concatenate([x[0] for x in out], axis=1), np.concatenate([x[1] for x in out], axis=1),
        np.concatenate([x[2] for x in out]),
    )  # fmt: skip


def _block(
    f: Callable[[Numbers], Numbers], low: Numbers, high: Numbers, grid: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    n, d = low.shape
    half, centre = 0.5 * (high - low), 0.5 * (high + low)
    points = centre[:, None, :] + half[:, None, :] * grid
    y = f(points.reshape(-1, d)).reshape(-1, n, *[15] * d)
    volume = np.prod(half, axis=1)
    full = y
    for _ in range(d):
        full = full @ _KRONROD
    apart = np.zeros((d, *full.shape))
    for axis in range(d):
        part = y
        for other in reversed(range(d)):
            part = part @ (_GAUSS if other == axis else _KRONROD)
        apart[axis] = np.abs(full - part)
    apart = apart * volume
    size = np.abs(y)
    for _ in range(d):
        size = size @ _KRONROD
    size = size * volume
    worst = apart.sum(axis=0)
    trust = np.sqrt(np.minimum(1.0, 200 * worst / np.where(size > 0, size, 1.0)))
    trust = np.maximum(trust, 0.2)
    error = worst * trust
    return full * volume, np.where(np.isnan(error), np.inf, error), apart.sum(axis=1).argmax(axis=0)
