"""A law of numbers as places with weights, and the modes that they show.

What is found here starts a search and names modes; no digit of an answer comes from it.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import minimize_scalar

from kullback.learn.projection.search import Vector
from kullback.methods.laws import Held, constant
from kullback.methods.quadrature.mass import anchors

_GRID, _BETWEEN = 2001, 40
"""Places on the whole line, stretched in the tails; and between any two quantiles."""
_RISE = 1e-3
"""How far log density must fall on both sides of a place for it to be a mode of its own."""
_FAINT = 1e-6
"""Less mass than this makes no mode."""


@dataclass(frozen=True)
class Mode:
    """A mode of p, with its basin: the stretch between the valleys beside it.

    Attributes
    ----------
    at : float
        Where the density is greatest.
    low, high : float
        The basin's ends, ±∞ where there is no further mode.
    mass : float
        What p puts in the basin, to about three digits.
    covered : float
        What q puts there, to about three digits.
    """

    at: float
    low: float
    high: float
    mass: float
    covered: float = np.nan


@dataclass(frozen=True)
class Points:
    """Places in order, with weights that sum to 1.

    Attributes
    ----------
    x, weight : array, shape (n,)
        The places and what they weigh.
    """

    x: Vector
    weight: Vector

    def mean(self) -> float:
        """Return Σ w x."""
        return float(self.weight @ self.x)

    def width(self) -> float:
        """Return √Σ w (x − m)²."""
        return float(np.sqrt(self.weight @ (self.x - self.mean()) ** 2))

    def between(self, low: float, high: float) -> "Points":
        """Return the part between two places, its weights summing to 1 again."""
        inside = (self.x >= low) & (self.x <= high) & (self.weight > 0)
        weight = self.weight[inside]
        return Points(self.x[inside], weight / weight.sum())

    def at_levels(self, u: Vector) -> Vector:
        """Return the places below which there is mass u."""
        return np.asarray(np.interp(u, np.cumsum(self.weight), self.x), np.float64)


def points_of(p: Any) -> Points:
    """Return a law of numbers, batch (), as places where it has mass."""
    held = Held(constant(p), ())
    marks = np.unique(anchors(held)[0])
    marks = marks[np.isfinite(marks)]
    if p.discrete:
        x = np.arange(np.floor(marks[0]), np.ceil(marks[-1]) + 1)
        cell = np.ones_like(x)
    else:
        x = _stretched(marks)
        cell = np.gradient(x)
    with np.errstate(all="ignore"):
        mass = np.exp(held.at(np.zeros(1, np.int64), x[None])[0]) * cell
    mass = np.where(np.isfinite(mass), mass, 0.0)
    return Points(x, mass / mass.sum())


def _stretched(marks: Vector) -> Vector:
    centre = float(np.median(marks))
    scale = float(np.subtract(*np.quantile(marks, [0.7, 0.3]))) or 1.0
    low, high = np.arcsinh((marks[[0, -1]] - centre) / scale)
    wide = centre + scale * np.sinh(np.linspace(low, high, _GRID))
    near = [np.linspace(a, b, _BETWEEN, endpoint=False) for a, b in pairwise(marks)]
    x: Vector = np.unique(np.concatenate([wide, *near, marks]))
    return np.asarray(x[(x >= marks[0]) & (x <= marks[-1])])


def modes_of(p: Any, points: Points) -> tuple[Mode, ...]:
    """Return the modes of p from left to right."""
    held = Held(constant(p), ())

    def height(x: Any) -> Any:
        at = held.at(np.zeros(1, np.int64), np.atleast_1d(np.asarray(x, float))[None])[0]
        return np.where(np.isnan(at), -np.inf, at)

    heights = height(points.x)
    found = []
    for first, last in _basins(heights, points.weight):
        top = first + int(np.argmax(heights[first : last + 1]))
        at = points.x[top] if p.discrete else _climbed(height, points.x, top)
        low = -np.inf if first == 0 else float(points.x[first])
        high = np.inf if last == len(heights) - 1 else float(points.x[last])
        stop = last + (last == len(heights) - 1)
        found.append(Mode(float(at), low, high, float(points.weight[first:stop].sum())))
    return tuple(found)


def _climbed(height: Any, x: Vector, top: int) -> float:
    a, b = x[max(top - 1, 0)], x[min(top + 1, len(x) - 1)]
    found = minimize_scalar(lambda at: -float(height(at)[0]), bounds=(a, b), method="bounded")
    return float(found.x) if np.isfinite(found.fun) else float(x[top])


def _basins(heights: Vector, weight: Vector) -> list[tuple[int, int]]:
    """Return (first, last) of each stretch with one mode; shallow and faint ones are joined."""
    turns = np.flatnonzero((heights[1:-1] <= heights[:-2]) & (heights[1:-1] < heights[2:])) + 1
    ends = [0, *(int(i) for i in turns), len(heights) - 1]
    while len(ends) > 2:
        tops = [heights[a : b + 1].max() for a, b in pairwise(ends)]
        mass = [weight[a:b].sum() for a, b in pairwise(ends)]
        rise = [
            min(tops[i] - heights[e], tops[i + 1] - heights[e])
            if min(mass[i], mass[i + 1]) > _FAINT
            else 0.0
            for i, e in enumerate(ends[1:-1])
        ]
        least = int(np.argmin(rise))
        if rise[least] >= _RISE:
            break
        del ends[least + 1]
    return list(pairwise(ends))
