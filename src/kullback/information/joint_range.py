"""The best possible bounds between two divergences, and a pair of laws that attains each.

Every divergence here is a mean of f(t) over the law of the ratio t = p/q. The least (or largest)
mean of g, given the mean of f, is a linear programme in that law: weights on t ∈ [0, ∞] whose
masses under p and q are 1. Three equations, so three values of t are enough, and its dual is a
supporting line: g(t) ≥ a + b t + c f(t) for all t proves the bound for every pair of laws.

Harremoës and Vajda, On pairs of f-divergences and their joint range, IEEE Trans. Inf. Theory 57
(2011).
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.forms.pair import Pair
from kullback.information.axes import Axis, Growth

Laws = tuple[tuple[float, ...], tuple[float, ...]]
_ROUNDS, _STEPS, _IDLE, _EPS = 20, 300, 20, 1e-12
_SCALES = 2.0 ** np.arange(24)
"""New outcomes lie around those of the optimum at every distance from the grid's step down."""


@dataclass(frozen=True, eq=False)
class _Columns:
    """Candidate outcomes: u = log p/q, the mass under q and of p − q, f and g of each."""

    u: Any
    q: Any
    gain: Any
    f: Any
    g: Any
    drift: float
    total: float

    def joined(self, other: "_Columns") -> "_Columns":
        """Return these and others."""
        u, q, gain, f, g = (
            np.concatenate([getattr(self, n), getattr(other, n)])
            for n in ("u", "q", "gain", "f", "g")
        )
        return _Columns(u, q, gain, f, g, self.drift, self.total)

    def equations(self) -> Any:
        """Return the left sides of mass = 1, drift = 0, f = 1, each scaled to size 1."""
        return np.stack([self.q, self.gain * self.drift, self.f / self.total])


@dataclass(frozen=True)
class Extreme:
    """One end of what a divergence can be.

    Attributes
    ----------
    bound : float
        The total that no pair of laws passes: proved by the dual, for every t that was tried.
    attained : float
        The total of the best pair that was found; equal to the bound up to about 1e-9 of it.
    laws : pair of tuple of float, or None
        p and q of that pair; None where the end is only approached, or infinite.
    """

    bound: float
    attained: float
    laws: Laws | None


def extreme(given: Axis, total: float, wanted: Axis, *, largest: bool) -> Extreme:
    """Return the least or the largest total of one axis, given that of another."""
    if total == 0:
        return Extreme(0.0, 0.0, ((1.0,), (1.0,)))
    if total >= given.largest * (1 - 1e-15):
        return Extreme(wanted.largest, wanted.largest, ((1.0, 0.0), (0.0, 1.0)))
    if largest and _outgrows(given, wanted):
        return Extreme(math.inf, math.inf, None)
    grid = _grid(total)
    columns = _interior(grid, given, wanted, total).joined(_ends(given, wanted, total))
    programme = _Programme(columns, -1.0 if largest else 1.0)
    programme.solve()
    step = math.log(grid[-1] / grid[-2])
    around = np.exp(np.concatenate([-step / _SCALES, [0.0], step / _SCALES]))
    for _ in range(_ROUNDS):
        near = programme.ratios()
        programme.add(_interior((near[:, None] * around).reshape(-1), given, wanted, total))
        if programme.slip() <= 1e-11 * abs(programme.value()):
            break
        programme.solve()
    return Extreme(programme.bound(), programme.value(), programme.laws())


def _interior(u: Any, given: Axis, wanted: Axis, total: float) -> _Columns:
    """Outcomes with the ratio eᵘ."""
    p, q = np.exp(np.minimum(u, 0)), np.exp(-np.maximum(u, 0))
    gain = np.where(u > 0, -np.expm1(-np.abs(u)), np.expm1(-np.abs(u)))
    no, zero = np.zeros_like(u, dtype=bool), np.zeros_like(u)
    pair = Pair(p, q, -u, -gain, np.minimum(-u, 0), no, no, zero, zero)
    with np.errstate(all="ignore"):
        f, g = given.question.terms(pair), wanted.question.terms(pair)
    return _scaled(u, q, gain, f, g, total)


def _scaled(u: Any, q: Any, gain: Any, f: Any, g: Any, total: float) -> _Columns:
    """Return the columns of outcomes, no entry beyond 1 in size, where f and g are numbers."""
    drift = 1 / min(1.0, math.sqrt(total))
    with np.errstate(over="ignore"):
        size = np.maximum(np.maximum(q, np.abs(gain) * drift), f / total)
    keep = np.isfinite(size) & np.isfinite(g)
    u, q, gain, f, g, size = (x[keep] for x in (u, q, gain, f, g, size))
    return _Columns(u, q / size, gain / size, f / size, g / size, drift, total)


def _ends(given: Axis, wanted: Axis, total: float) -> _Columns:
    """The ratios 0 and ∞, and the directions in which f grows there without bound.

    Ever less mass at ever larger t leaves both sums alone and adds to f; g gains its rate to f.
    """
    f, g = given.question, wanted.question
    rows = []
    for u, f_end, g_end, rate in (
        (-math.inf, f.at_zero, g.at_zero, _rate(given.at_zero, wanted.at_zero)),
        (math.inf, f.slope_at_infinity, g.slope_at_infinity,
         _rate(given.at_infinity, wanted.at_infinity)),
    ):  # fmt: skip
        mass_q = float(u < 0)
        if math.isfinite(f_end) and math.isfinite(g_end):
            rows.append((u, mass_q, 1 - 2 * mass_q, f_end, g_end))
        gained = rate if math.isinf(g_end) else 0.0
        if math.isinf(f_end) and math.isfinite(gained):
            rows.append((math.nan, 0.0, 0.0, 1.0, gained))
    table = np.asarray(rows, np.float64).reshape(-1, 5)
    return _scaled(table[:, 0], table[:, 1], table[:, 2], table[:, 3], table[:, 4], total)


def _rate(f: Growth, g: Growth) -> float:
    """Return the limit of g/f."""
    if f[:2] == g[:2]:
        return g[2] / f[2]
    return math.inf if g[:2] > f[:2] else 0.0


def _outgrows(given: Axis, wanted: Axis) -> bool:
    """Tell whether g is unbounded however small f is: at one end it grows faster."""
    ends = (
        (wanted.question.at_zero, _rate(given.at_zero, wanted.at_zero)),
        (wanted.question.slope_at_infinity, _rate(given.at_infinity, wanted.at_infinity)),
    )
    return any(math.isinf(end) and math.isinf(rate) for end, rate in ends)


def _grid(total: float) -> Any:
    """Return log-ratios of both signs, fine around the size that a total of this size needs."""
    least = 1e-3 * min(1.0, math.sqrt(total), total)
    steps = np.geomspace(max(least, 1e-150), 700.0, 300)
    return np.concatenate([-steps[::-1], [0.0], steps])


_RIGHT = np.asarray([1.0, 0.0, 1.0])


class _Programme:
    """The linear programme, by the revised simplex method: a basis of three outcomes."""

    def __init__(self, columns: _Columns, sign: float) -> None:
        self.columns, self.sign = columns, sign
        self.left, self.cost = columns.equations(), sign * columns.g
        self.basis = self._first()

    def add(self, columns: _Columns) -> None:
        """Offer more outcomes."""
        self.columns = self.columns.joined(columns)
        self.left = np.concatenate([self.left, columns.equations()], axis=1)
        self.cost = np.concatenate([self.cost, self.sign * columns.g])

    def weights(self) -> Any:
        """Return how much of each outcome of the basis there is."""
        return np.linalg.solve(self.left[:, self.basis], _RIGHT)

    def value(self) -> float:
        """Return Σ q f(p/q) of the wanted divergence."""
        return float(self.weights() @ self.columns.g[self.basis])

    def slip(self) -> float:
        """Return by how much the prices may be off: the most by which they overrate a column.

        The sizes of all outcomes of a law, q + |p − q| drift + f/total, sum to less than 5.
        """
        return 5 * max(0.0, -float(np.min(self._reduced(self._prices()))))

    def bound(self) -> float:
        """Return what the prices prove."""
        return self.sign * (float(self._prices() @ _RIGHT) - self.slip())

    def _prices(self) -> Any:
        return np.linalg.solve(self.left[:, self.basis].T, self.cost[self.basis])

    def _reduced(self, prices: Any) -> Any:
        reduced = self.cost - prices @ self.left
        reduced[self.basis] = 0.0
        return reduced

    def ratios(self) -> Any:
        """Return the log-ratios in the basis around which finer ones may do better."""
        u = self.columns.u[self.basis]
        return u[np.isfinite(u) & (u != 0)]

    def _first(self) -> Any:
        """Return t = 1 with the widest pair around it, or with a direction, that makes a law."""
        u, gain = self.columns.u, self.columns.gain
        one = int(np.flatnonzero(u == 0)[0])
        left, right = np.flatnonzero(gain < 0), np.flatnonzero(gain > 0)
        left, right = left[np.argsort(u[left])], right[np.argsort(-u[right])]
        for a, b in zip(left, right, strict=False):
            basis = np.asarray([one, a, b])
            matrix = self.left[:, basis]
            if np.linalg.cond(matrix) < 1e14 and np.linalg.solve(matrix, _RIGHT).min() >= 0:
                return basis
        direction = int(np.flatnonzero(np.isnan(u))[0])
        return np.asarray([one, int(right[-1]), direction])

    def solve(self) -> None:
        """Exchange outcomes until none would do better."""
        best, idle = math.inf, 0
        for step in range(_STEPS):
            inverse = np.linalg.inv(self.left[:, self.basis])
            prices = self.cost[self.basis] @ inverse
            reduced = self._reduced(prices)
            paid = float(prices @ _RIGHT)
            best, idle = (paid, 0) if paid < best - 1e-14 * abs(paid) else (best, idle + 1)
            if idle > _IDLE:
                return
            enter = int(np.argmin(reduced))
            if step > _STEPS // 2:  # Bland's rule, slow, cannot cycle
                enter = int(np.argmax(reduced < 0.5 * reduced[enter]))
            size = abs(self.cost[enter]) + np.abs(prices) @ np.abs(self.left[:, enter])
            if reduced[enter] >= -_EPS * size:
                return
            leave = _leaving(inverse @ _RIGHT, inverse @ self.left[:, enter])
            if leave is None:
                return
            self.basis = np.where(np.arange(3) == leave, enter, self.basis)

    def laws(self) -> Laws | None:
        """Return p and q of the optimum, None if part of it ran off to where f is infinite."""
        c, b, weights = self.columns, self.basis, self.weights()
        used = ~np.isnan(c.u[b]) & (weights * np.maximum(c.q[b], c.q[b] + c.gain[b]) > 1e-14)
        if abs(float(weights[used] @ c.f[b][used]) / c.total - 1) > 1e-9:
            return None
        q = (weights * c.q[b])[used]
        p = np.maximum(q + (weights * c.gain[b])[used], 0)
        return tuple((p / p.sum()).tolist()), tuple((q / q.sum()).tolist())


def _leaving(weights: Any, direction: Any) -> int | None:
    """Return which outcome of the basis is the first to run out, None if none does safely."""
    shrinks = direction > 1e-10 * np.max(np.abs(direction))
    if not shrinks.any():
        return None
    room = np.where(shrinks, np.maximum(weights, 0) / np.where(shrinks, direction, 1), np.inf)
    return int(np.argmin(room))
