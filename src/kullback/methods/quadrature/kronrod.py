"""Adaptive Gauss–Kronrod rule over many integrals at once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kullback.methods.laws import Numbers, slots

_NODES = (
    0.995657163025808080735527280689003, 0.973906528517171720077964012084452,
    0.930157491355708226001207180059508, 0.865063366688984510732096688423493,
    0.780817726586416897063717578345042, 0.679409568299024406234327365114874,
    0.562757134668604683339000099272694, 0.433395394129247190799265943165784,
    0.294392862701460198131126602103866, 0.148874338981631210884826001129720,
)  # fmt: skip
_KRONROD = (
    0.011694638867371874278064396062192, 0.032558162307964727478818972459390,
    0.054755896574351996031381300244580, 0.075039674810919952767043140916190,
    0.093125454583697605535065465083366, 0.109387158802297641899210590325805,
    0.123491976262065851077958109585166, 0.134709217311473325928054001771707,
    0.142775938577060080797094273138717, 0.147739104901338491374841515972068,
    0.149445554002916905664936468389821,
)  # fmt: skip
_GAUSS = (
    0.066671344308688137593568809893332, 0.149451349150580593145863397657697,
    0.219086362515982043995534934228163, 0.269266719309996355091226921569469,
    0.295524224714752870173815619188769,
)  # fmt: skip

NODES = np.concatenate([-np.array(_NODES), [0.0], np.array(_NODES)[::-1]])
KRONROD = np.concatenate([_KRONROD, _KRONROD[-2::-1]])
GAUSS = np.zeros(21)
GAUSS[1:10:2], GAUSS[11:20:2] = _GAUSS, _GAUSS[::-1]

_CACHEFUL = 1024
"""How many panels are looked at together."""

Integrand = Callable[[Numbers, Numbers, Numbers], Numbers]
"""From (row, piece, y of shape (n, k)) to values of shape (parts, n, k)."""


@dataclass(frozen=True)
class Panels:
    """Intervals [low, high] of y, each of one piece of one row; shape (n,) all."""

    row: Numbers
    piece: Numbers
    low: Numbers
    high: Numbers

    def __len__(self) -> int:
        return len(self.row)

    def only(self, which: Numbers) -> "Panels":
        """Return the chosen ones."""
        return Panels(self.row[which], self.piece[which], self.low[which], self.high[which])

    def halves(self) -> "Panels":
        """Return all left halves, then all right halves."""
        middle = 0.5 * (self.low + self.high)
        return joined(
            Panels(self.row, self.piece, self.low, middle),
            Panels(self.row, self.piece, middle, self.high),
        )

    def nodes(self) -> Numbers:
        """Return the 21 nodes of each, shape (n, 21)."""
        centre, half = 0.5 * (self.low + self.high), 0.5 * (self.high - self.low)
        return np.asarray(centre[:, None] + half[:, None] * NODES)


def joined(*panels: Panels) -> Panels:
    """Return all panels of all arguments."""
    return Panels(
        np.concatenate([p.row for p in panels]), np.concatenate([p.piece for p in panels]),
        np.concatenate([p.low for p in panels]), np.concatenate([p.high for p in panels]),
    )  # fmt: skip


@dataclass(frozen=True)
class Integral:
    """What was found.

    Attributes
    ----------
    value, error : array, shape (parts, rows)
        Σ over the panels, and how far the two rules are apart.
    panels : Panels
        The final ones.
    evaluations : int
        How many points the integrand was asked at.
    """

    value: Numbers
    error: Numbers
    panels: Panels
    evaluations: int


def integrate(
    f: Integrand,
    start: Panels,
    rows: int,
    rtol: float,
    atol: tuple[float, ...],
    rounds: int = 60,
    most: int = 4000,
) -> Integral:
    """∫ f over all panels of each row; panels that the two rules disagree on are halved.

    The first part of f is to be found to rtol (or its atol), the others to their atol. A row stops
    after `most` panels, its error telling.
    """
    panels, (value, error) = start, _on(f, start, rows)
    asked = 21 * len(start)
    for _ in range(rounds):
        total, wrong, count = _sums(value, error, panels, rows)
        goal = np.array(atol)[:, None] + np.zeros_like(total)
        goal[0] = np.maximum(goal[0], rtol * np.abs(total[0]))
        open_rows = (wrong > goal) & (count < most)
        share = goal / np.maximum(count, 1)
        coarse = np.any((error > share[:, panels.row]) & open_rows[:, panels.row], axis=0)
        wide = panels.high - panels.low
        coarse &= wide > 1e-13 * np.maximum(1.0, np.abs(panels.low) + np.abs(panels.high))
        if not coarse.any():
            break
        new = panels.only(coarse).halves()
        found, off = _on(f, new, rows)
        asked += 21 * len(new)
        panels = joined(panels.only(~coarse), new)
        value = np.concatenate([value[:, ~coarse], found], axis=1)
        error = np.concatenate([error[:, ~coarse], off], axis=1)
    total, wrong, _ = _sums(value, error, panels, rows)
    return Integral(total, wrong, panels, asked)


def _on(f: Integrand, panels: Panels, rows: int) -> tuple[Numbers, Numbers]:
    """Return value and error of each panel, shape (parts, n), a cacheful of them at a time."""
    slot, depth = slots(panels.row, rows)
    together = max(1, _CACHEFUL // rows)
    if depth <= together:
        return _block(f, panels)
    value = error = np.empty((0, 0))
    for first in range(0, depth, together):
        here = np.flatnonzero((slot >= first) & (slot < first + together))
        here = here[np.argsort(panels.row[here], kind="stable")]
        found, off = _block(f, panels.only(here))
        if not value.size:
            value, error = np.empty((len(found), len(panels))), np.empty((len(off), len(panels)))
        value[:, here], error[:, here] = found, off
    return value, error


def _block(f: Integrand, panels: Panels) -> tuple[Numbers, Numbers]:
    with np.errstate(all="ignore"):
        y = f(panels.row, panels.piece, panels.nodes())
        half = 0.5 * (panels.high - panels.low)
        kronrod = y @ KRONROD
        apart = np.abs(kronrod - y @ GAUSS) * half
        spread = (np.abs(y - 0.5 * kronrod[..., None]) @ KRONROD) * half
        # The 21-point rule is much better than the 10-point one it is held against once both see
        # the same smooth function, but only about five times better where there is a kink.
        trust = np.sqrt(np.minimum(1.0, 200 * apart / np.where(spread > 0, spread, 1.0)))
        trust = np.maximum(trust, 0.2)
        error = apart * trust
        return kronrod * half, np.where(np.isnan(error), np.inf, error)


def _sums(
    value: Numbers, error: Numbers, panels: Panels, rows: int
) -> tuple[Numbers, Numbers, Numbers]:
    def sums(x: Numbers) -> Numbers:
        return np.stack([np.bincount(panels.row, part, minlength=rows) for part in x])

    return sums(value), sums(error), np.bincount(panels.row, minlength=rows)
