"""W_r of two laws on the line: W_r^r = ∫₀¹ |F⁻¹(u) − G⁻¹(u)|^r du.

Each half of the mass is followed into its tail by u = ½ e⁻ˢ, the lower by quantiles and the upper
by those of 1 − u, so that no tail is rounded away. Where the quantiles cross, the integrand has a
kink, and the line is cut there. A power of the outcome becomes an exponential of s: its rate at the
end of the numbers, u ≈ 1e-300, tells whether the mean of |x|^r exists, and what lies beyond.
"""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.estimate import Answer, Asked, Kind, Method
from kullback.forms.density import Density
from kullback.forms.families.family import Family
from kullback.forms.form import Form
from kullback.methods.answers import as_home, home_of
from kullback.methods.laws import Held, Numbers, batch_of, constant, has_slope, is_law
from kullback.methods.quadrature.kronrod import Panels, integrate
from kullback.methods.quadrature.line import pieces_of
from kullback.methods.quadrature.panels import at_crossings
from kullback.questions import Question, Wasserstein

KNOTS = np.concatenate([np.arange(0.0, 8.0, 0.5), np.geomspace(8.0, 680.0, 40)])
"""Where the panels in s begin; u = ½ e⁻⁶⁸⁰ = 1e-296 is the last quantile asked."""
NEAR = 31.0
"""The last s in an upper tail that is known by 1 − u only."""
ROUNDING = 4 * np.finfo(float).eps
LEVELS = np.array([1e-6, 1e-3, 0.02, 0.1, 0.25, 0.5])
"""Levels at which quantiles are held against the density."""


@dataclass(frozen=True)
class QuantileTransport(Method):
    """∫ |F⁻¹ − G⁻¹|^r du of two laws on the line that know their quantiles; any order.

    Infinite where the mean of |x|^r does not exist and the tails do not cancel. The error adds what
    two rules disagree by, what lies beyond the last quantile, and rounding of the quantiles.

    References
    ----------
    Villani, Topics in Optimal Transportation (2003), theorem 2.18.

    >>> import kullback as kb
    >>> kb.wasserstein(kb.families.Normal(0, 1), kb.families.Laplace(0, 1))
    0.2208176...
    """

    reads: ClassVar[tuple[type[Form], ...]] = (Family, Density)

    kind: ClassVar[Kind] = "integrated"

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse other questions, and laws whose quantiles are not known."""
        if not isinstance(of, Wasserstein):
            return "answers Wasserstein distances only"
        if of.positions is not None:
            return "laws lie where they are; positions=… belong to tables"
        for form in (p, q):
            reason = _refuse_law(form)
            if reason is not None:
                return reason
        return None

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the distances, shape (*batch,), in the library of the parameters."""
        assert isinstance(of, Wasserstein)
        batch = batch_of(p, q)
        first, second = Held(constant(p), batch), Held(constant(q), batch)
        value, error, notes = quantile_distance(of.order, first, second, asked.rtol)
        home = home_of(p, q)
        value, error = (as_home(x.reshape(batch), home) for x in (value, error))
        return Answer(value, error, notes)


def _refuse_law(form: Form | None) -> str | None:
    if not is_law(form):
        return f"needs laws, not {type(form).__name__}"
    law: Any = form
    name = type(law).__name__
    if law.dimensions or law.support().kind != "interval":
        return f"integrates over the line, where {name} does not live"
    if has_slope(law):
        return "has no gradients: quantiles are asked as numbers. Detach the parameters"
    held = Held(constant(law), tuple(law.batch))
    if held.quantiles(np.array([0.5]), upper=False) is None:
        return f"needs quantiles, which {name} does not tell"
    return None


def quantile_distance(
    order: float, p: Held, q: Held, rtol: float
) -> tuple[Numbers, Numbers, tuple[str, ...]]:
    """Return W_r, its error and notes, shape (rows,)."""
    gap = _Gap(order, p, q)
    panels = at_crossings(gap.panels(), lambda *at: gap.apart(*at)[0])
    goal = max(1e-14, min(1e-12, 1e-2 * rtol))
    found = integrate(gap, panels, p.rows, goal, (1e-300, math.inf))
    tail = gap.tails()
    unsound = _unsound(p, order) + _unsound(q, order)
    with np.errstate(all="ignore"):
        total = found.value[0] + tail.beyond
        off = found.error[0] + found.value[1] + tail.unsure
        value = gap.scale * total ** (1 / order)
        error = value * off / (order * total) + np.where(total > 0, unsound, 0.0)
    same = total == 0
    diverges = tail.diverges | np.isposinf(total)
    value = np.where(diverges, np.inf, value)
    error = np.where(diverges | same, 0.0, np.where(np.isnan(error), np.inf, error))
    asked = found.evaluations // max(1, p.rows)
    notes: tuple[str, ...] = (f"Found with {asked} quantiles a pair.",)
    if diverges.any():
        notes += (f"The mean of |x − y|^{order:g} does not exist: a tail is too heavy.",)
    return value, error, notes


@dataclass(frozen=True)
class _Tail:
    beyond: Numbers
    unsure: Numbers
    diverges: Numbers


class _Gap:
    """|F⁻¹ − G⁻¹|^r du and what rounding may add, in s; both over scale^r."""

    def __init__(self, order: float, p: Held, q: Held) -> None:
        self.order, self.p, self.q = order, p, q
        near = not (_tells_upper(p) and _tells_upper(q))
        self.last = np.array([KNOTS[-1], NEAR if near else KNOTS[-1]])
        rows, piece = np.arange(p.rows), np.zeros(p.rows, np.int64)
        apart = self.apart(rows, piece, np.tile([1e-9, 1.0, 4.0], (p.rows, 1)))[0]
        scale = np.abs(apart).max(axis=1)
        self.scale = np.where(np.isfinite(scale) & (scale > 0), scale, 1.0)

    def panels(self) -> Panels:
        """Return where to start: both pieces of every row, between the knots."""
        parts = []
        for piece, last in enumerate(self.last):
            knots = np.append(KNOTS[last > KNOTS], last)
            row, at = (z.ravel() for z in np.indices((self.p.rows, len(knots) - 1)))
            parts.append((row, np.full(len(row), piece), knots[at], knots[at + 1]))
        return Panels(*(np.concatenate(z) for z in zip(*parts, strict=True)))

    def apart(self, row: Numbers, piece: Numbers, s: Numbers) -> tuple[Numbers, Numbers]:
        """Return F⁻¹ − G⁻¹, and the size of the larger of them; shape (n, k)."""
        u = 0.5 * np.exp(-s)
        a, b = np.empty_like(u), np.empty_like(u)
        for side in (0, 1):
            here = piece == side
            if here.any():
                a[here] = self.p.quantiles_at(row[here], u[here], upper=side == 1)
                b[here] = self.q.quantiles_at(row[here], u[here], upper=side == 1)
        with np.errstate(invalid="ignore"):
            gap = a - b
        return np.where(np.isnan(gap), np.inf, gap), np.maximum(np.abs(a), np.abs(b))

    def __call__(self, row: Numbers, piece: Numbers, s: Numbers) -> Numbers:
        apart, size = self.apart(row, piece, s)
        du, unit = 0.5 * np.exp(-s), self.scale[row][:, None]
        share, lost = np.abs(apart) / unit, ROUNDING * size / unit
        power = share**self.order if self.order != 1 else share
        slope = self.order * (share + lost) ** (self.order - 1)
        return np.stack([power * du, slope * lost * du])

    def tails(self) -> _Tail:
        """Follow the last decay, e^−λs: its rest if λ > 0, a divergence if not."""
        rows = np.arange(self.p.rows)
        beyond, unsure = np.zeros(len(rows)), np.zeros(len(rows))
        diverges = np.zeros(len(rows), bool)
        for piece, last in enumerate(self.last):
            step = 0.03 * last
            s = np.tile(last - step * np.array([2.0, 1.0, 0.0]), (len(rows), 1))
            with np.errstate(all="ignore"):
                h, noise = self(rows, np.full(len(rows), piece), s)
                before, fall = (np.log(h[:, k] / h[:, k + 1]) / step for k in (0, 1))
                loud = h[:, 2] > 10 * noise[:, 2]
                diverges |= loud & (fall <= 1e-9)
                rest = np.where(loud & (fall > 1e-9), h[:, 2] / fall, 0.0)
                drift = np.abs(fall - before) / np.maximum(fall, 1e-9)
                if last == KNOTS[-1]:
                    beyond += rest
                    unsure += np.where(rest > 0, np.where(drift > 1e-3, np.inf, rest * drift), 0.0)
                else:
                    unsure += 2 * rest
                unsure += np.where(loud, 0.0, 100 * noise[:, 2])
        return _Tail(beyond, unsure, diverges)


def _tells_upper(law: Held) -> bool:
    """Tell whether the law knows its quantiles at 1 − u without rounding 1 − u."""
    above = getattr(law.law, "upper_quantile", None)
    with np.errstate(all="ignore"):
        return above is not None and above(np.full((1,) * (1 + len(law.batch)), 0.5)) is not None


def _unsound(law: Held, order: float) -> Numbers:
    """Return (Σ Δu |Δx|^r)^(1/r) of what the density says that the quantiles miss, Δx = ΔF/p."""
    moved = np.zeros(law.rows)
    for upper in (False, True):
        x = law.quantiles(LEVELS, upper=upper)
        assert x is not None
        outside = np.cumsum(_mass_between(law, x) - np.diff(LEVELS), axis=1)
        # The mass next to an end other than 0 may be closer to it than numbers are: then its sum
        # from the outside misses it, and that from the median does not.
        off = np.minimum(np.abs(outside), np.abs(outside - outside[:, -1:]))
        with np.errstate(all="ignore"):
            density = np.exp(law.at(np.arange(law.rows), x[:, 1:]))
            step = np.where(density > 0, off / density, 0.0)
        moved += step**order @ np.diff(LEVELS)
    return np.asarray(moved ** (1 / order))


def _mass_between(law: Held, x: Numbers) -> Numbers:
    """Return |∫ p| between neighbours of x, shape (rows, k − 1)."""
    parts = x.shape[1] - 1
    pieces = pieces_of([law], np.zeros(law.rows), np.ones(law.rows))
    y = pieces.y_of(0, x)
    low, wide = y[:, :-1].ravel(), np.diff(y, axis=1).ravel()

    def density(at: Numbers, piece: Numbers, z: Numbers) -> Numbers:
        row = at // parts
        place, log_slope, _ = pieces.place(row, piece, low[at][:, None] + wide[at][:, None] * z)
        p = np.exp(law.at(row, place) + log_slope)
        return np.asarray((p * np.abs(wide[at])[:, None])[None])

    every, zero = np.arange(len(low)), np.zeros(len(low))
    start = Panels(every, zero.astype(np.int64), zero, zero + 1)
    found = integrate(density, start, len(low), 1e-14, (1e-15,), most=200)
    return np.asarray(found.value[0].reshape(-1, parts))
