"""Find where a law keeps its mass: by its quantiles, or by climbing its density."""

import numpy as np

from kullback.forms.families.derived.mixture import Mixture
from kullback.methods.laws import Held, Numbers
from kullback.methods.quadrature.line import Pieces, pieces_of

LEVELS = np.array([1e-17, 1e-6, 0.005, 0.15])
DROPS = np.array([1.0, 5.0, 15.0, 40.0])
"""How far log density lies below its top at the places that stand in for quantiles."""


def anchors(held: Held) -> Numbers:
    """Return places that span the mass, shape (rows, n), increasing; NaN where there is none."""
    parts = _components(held)
    if parts:
        return np.sort(np.concatenate([anchors(part) for part in parts], axis=1), axis=1)
    found = _by_quantiles(held)
    if found is None:
        return by_climbing(held)
    bad = ~_sound(held, found)
    return np.where(bad[:, None], by_climbing(held), found) if bad.any() else found


def _components(held: Held) -> list[Held]:
    if not isinstance(held.law, Mixture):
        return []
    return [Held(part, held.batch) for part in held.law.parts]


def _by_quantiles(held: Held) -> Numbers | None:
    below = held.quantiles(np.append(LEVELS, 0.5), upper=False)
    if below is None:
        return None
    above = held.quantiles(LEVELS[::-1], upper=True)
    return None if above is None else np.concatenate([below, above], axis=1)


def _sound(held: Held, x: Numbers) -> Numbers:
    """Return which rows of quantiles are in order, within the support, and where the density is."""
    low, high = held.ends()
    inner = x[:, 2:-2]
    ordered = np.all(np.diff(x, axis=1) >= 0, axis=1)
    if not held.law.discrete:
        ordered &= np.all(np.diff(inner, axis=1) > 0, axis=1)
    within = np.all((x >= low[:, None]) & (x <= high[:, None]), axis=1)
    there = np.all(held.at(np.arange(held.rows), inner) > -np.inf, axis=1)
    return np.asarray(ordered & within & there)


def by_climbing(held: Held, grid: int = 701) -> Numbers:
    """Return places where log density (per y) is below its top by DROPS, and the top itself.

    The top is looked for on a grid of y, then by thirds: exact for one peak, however
    narrow. Of several peaks it finds the one next to the best point of the grid.
    """
    rows = np.arange(held.rows)
    pieces = pieces_of([held], np.zeros(held.rows), np.ones(held.rows))
    first, last = pieces.first[0][:, None], pieces.last[0][:, None]
    bends = np.linspace(-1.0, 1.0, grid)
    y = 0.5 * (first + last) + 0.5 * (last - first) * bends * (0.1 + 0.9 * bends**2)
    top = np.argmax(_height(held, pieces, y), axis=1)
    a, b = y[rows, np.maximum(top - 1, 0)], y[rows, np.minimum(top + 1, grid - 1)]
    peak = _narrowed(held, pieces, a, b)
    steps = np.exp(np.linspace(np.log(1e-34), np.log(800.0), 300))
    out = []
    for side in (-1.0, 1.0):
        away = peak[:, None] + side * steps * np.maximum(1.0, np.abs(peak[:, None]) * 1e-1)
        away = np.clip(away, first, last)
        drop = _height(held, pieces, peak[:, None]) - _height(held, pieces, away)
        drop = np.where(np.isnan(drop), np.inf, drop)
        for level in DROPS:
            past = np.argmax(drop >= level, axis=1)
            past = np.where((drop >= level).any(axis=1), past, len(steps) - 1)
            out.append(away[rows, past])
    y = np.sort(np.stack([*out, peak], axis=1), axis=1)
    zero = np.zeros(held.rows, np.int64)
    x: Numbers = pieces.place(rows, zero, y)[0]
    return x


def _height(held: Held, pieces: Pieces, y: Numbers) -> Numbers:
    """Return the log-density of y, −∞ where the law says NaN."""
    rows, zero = np.arange(held.rows), np.zeros(held.rows, np.int64)
    x, log_slope, _ = pieces.place(rows, zero, y)
    height = held.at(rows, x) + log_slope
    return np.asarray(np.where(np.isnan(height), -np.inf, height))


def _narrowed(held: Held, pieces: Pieces, a: Numbers, b: Numbers) -> Numbers:
    """Return where the log-density of y is greatest between a and b.

    By thirds, both points anew each time: golden sections reuse one, whose rounding then decides.
    """
    for _ in range(190):
        inner = np.stack([a + (b - a) / 3, b - (b - a) / 3], axis=1)
        height = _height(held, pieces, inner)
        left = height[:, 0] >= height[:, 1]
        a, b = np.where(left, a, inner[:, 0]), np.where(left, inner[:, 1], b)
    return np.asarray(0.5 * (a + b))
