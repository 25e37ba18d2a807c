"""Where to start: panels that span all places where the integrand may matter."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kullback.methods.laws import Numbers
from kullback.methods.quadrature.field import Field
from kullback.methods.quadrature.integrands import Integrand
from kullback.methods.quadrature.kronrod import Panels

_FADED = 55.0
"""An integrand e⁵⁵ times below its top is left out."""
_STEPS = (2.0 ** np.arange(1, 12) - 1) / (2.0**11 - 1)
_BEYOND = 4.0 ** np.arange(2, 15)


@dataclass(frozen=True)
class Start:
    """Panels, and what the tails beyond them hold; shape (rows,) all but the panels.

    Attributes
    ----------
    panels : Panels
    diverges : array of bool
        Where the integrand does not fall off.
    left_out : array
        The integral over tails that are no powers and were cut, by their last slope.
    unsure : array
        How wrong that may be.
    """

    panels: Panels
    diverges: Numbers
    left_out: Numbers
    unsure: Numbers


def start(field: Field, marks: list[Numbers], integrand: Integrand, shift: Numbers) -> Start:
    """Return panels between the marks and out to where the integrand has faded.

    The marks of each law are places x of shape (rows, n), NaN for none; shift is what the
    logarithm of the integrand is lowered by.
    """
    pieces, rows = field.pieces, field.rows
    inner = [_inner([pieces.y_of(j, x) for x in marks]) for j in range(len(pieces))]
    knots = [_with_tails(y, pieces.first[j], pieces.last[j]) for j, y in enumerate(inner)]
    sizes = [_size(field, integrand, j, y) for j, y in enumerate(knots)]
    top = np.max([np.max(size, axis=1) for size in sizes], axis=0)
    diverges = np.zeros(rows, bool)
    left_out, unsure = np.zeros(rows), np.zeros(rows)
    parts = []
    for j, (y, size) in enumerate(zip(knots, sizes, strict=True)):
        alive = size >= top[:, None] - _FADED
        body = _shared(alive, steps=len(_STEPS))
        body &= (np.diff(y, axis=1) > 0) & (pieces.kind[j] >= 0)[:, None]
        parts.append(_panels(y, body, j))
        for side, last in ((0, 0), (1, -1)):
            reached = alive[:, last] & (pieces.kind[j] >= 0)
            if not reached.any():
                continue
            beyond = _tail(field, integrand, shift, j, side, top)
            parts.append(_panels(beyond.knots, beyond.keep & reached[:, None], j))
            diverges |= reached & beyond.diverges
            left_out += np.where(reached, beyond.left_out, 0.0)
            unsure += np.where(reached, beyond.unsure, 0.0)
    panels = Panels(*(np.concatenate(x) for x in zip(*parts, strict=True)))
    return Start(panels, diverges, left_out, unsure)


def _inner(marks: list[Numbers]) -> Numbers:
    """Return the marks of all laws in order, those that add nothing merged into the last."""
    first, *rest = marks
    y = np.concatenate([first, *(_new(first, other) for other in rest)], axis=1)
    last = np.max(np.where(np.isnan(y), -np.inf, y), axis=1, keepdims=True)
    y = np.sort(np.where(np.isnan(y), last, y), axis=1)
    return np.where(np.isfinite(last), y, 0.0)


def _new(marks: Numbers, other: Numbers) -> Numbers:
    """Return the other marks; NaN for those that lie between marks as close as they are."""
    with np.errstate(all="ignore"):
        gaps = np.diff(other, axis=1)
        edge = np.full((len(other), 1), np.inf)
        own = np.fmin(np.concatenate([edge, gaps], axis=1), np.concatenate([gaps, edge], axis=1))
        at = np.sum(marks[:, None, :] <= other[:, :, None], axis=2)
        padded = np.concatenate([-edge, marks, edge], axis=1)
        rows = np.arange(len(other))[:, None]
        between = padded[rows, at + 1] - padded[rows, at]
        idle = own > 0.6 * between
        idle[:, other.shape[1] // 2] = False  # a median is where a kink is to be expected
        return np.where(idle, np.nan, other)


def _with_tails(y: Numbers, first: Numbers, last: Numbers) -> Numbers:
    """Return first, steps that shrink towards the marks, the marks, steps that grow, last."""
    y = np.clip(y, first[:, None], last[:, None])
    low, high = y[:, :1], y[:, -1:]
    below = low - (low - first[:, None]) * _STEPS
    above = high + (last[:, None] - high) * _STEPS
    return np.concatenate([below[:, ::-1], y, above], axis=1)


def _size(field: Field, integrand: Integrand, piece: int, y: Numbers) -> Numbers:
    """Return the log of the integrand's size at y, shape (rows, n)."""
    rows = np.arange(field.rows)
    logs = field.logs(rows, np.full(field.rows, piece), y)
    size = integrand.envelope(*logs)
    return np.where((field.pieces.kind[piece] >= 0)[:, None], size, -np.inf)


def _shared(alive: Numbers, steps: int) -> Numbers:
    """Return which gaps between knots matter: in the tails, those with an end that does."""
    gaps = alive[:, 1:] | alive[:, :-1]
    gaps[:, steps : gaps.shape[1] - steps] = True
    return gaps


def _panels(y: Numbers, keep: Numbers, piece: int) -> tuple[Numbers, Numbers, Numbers, Numbers]:
    row, gap = np.nonzero(keep)
    return row, np.full(len(row), piece), y[row, gap], y[row, gap + 1]


@dataclass(frozen=True)
class _Tail:
    knots: Numbers
    keep: Numbers
    diverges: Numbers
    left_out: Numbers
    unsure: Numbers


def _tail(
    field: Field, integrand: Integrand, shift: Numbers, piece: int, side: int, top: Numbers
) -> _Tail:
    """Follow the laws past the last x: as powers of it where they are, else by their last slope."""
    log_p, log_q, log_slope, y = (x[piece, side] for x in field.limits)
    outward = -1.0 if side == 0 else 1.0
    size = integrand.envelope(log_p, log_q, log_slope)
    with np.errstate(all="ignore"):
        step = np.abs(y[:, 0] - y[:, 1])
        fall = (size[:, 1] - size[:, 0]) / step
        straight = field.straight[piece, side]
        knots = y[:, :1] + outward * np.concatenate([[0.0], _BEYOND])
        sizes = _size(field, integrand, piece, knots)
        alive = sizes >= top[:, None] - _FADED
        diverges = np.where(straight, alive[:, -1], ~(fall > 1e-9))
        left_out, doubt = _cut(integrand(log_p, log_q, log_slope, shift[:, None])[0], step)
        # The powers are known to about 1e-7 next to an end other than 0, else to rounding.
        slack = np.where(field.rounded[piece, side], 1e-7, 2e-14)
        rough = slack * np.exp(size[:, 0] - shift) / np.maximum(fall, 1e-6) ** 2
        unsure = np.where(diverges, 0.0, np.where(straight, rough, doubt))
    keep = (alive[:, 1:] | alive[:, :-1]) & (straight & ~diverges)[:, None]
    if outward < 0:
        knots, keep = knots[:, ::-1], keep[:, ::-1]
    left_out = np.where(straight | diverges, 0.0, left_out)
    return _Tail(knots, keep, diverges, left_out, unsure)


def _cut(value: Numbers, step: Numbers) -> tuple[Numbers, Numbers]:
    """Return the integral past the limit of what falls like e^(−f u + κ u²/2), and its doubt.

    The three values are at the limit and one and two steps before it. To first order in κ it is
    v/f (1 + κ/f²); a fall that slows down for good, as that of a logarithm, is in doubt wholly.
    """
    log = np.log(np.abs(value))
    near, before = (log[:, 1] - log[:, 0]) / step, (log[:, 2] - log[:, 1]) / step
    curve = (before - near) / step
    fall = near - 0.5 * curve * step
    turn = np.abs(curve) / fall**2
    left_out = value[:, 0] / fall * (1 + curve / fall**2)
    gone = value[:, 0] == 0
    doubt = np.where(turn < 0.05, np.abs(left_out) * (10 * turn**2 + 1e-9), np.inf)
    unknown = ~gone & ~((fall > 1e-9) & np.isfinite(left_out))
    left_out = np.where(gone | unknown, 0.0, left_out)
    return left_out, np.where(gone, 0.0, np.where(unknown, np.inf, doubt))


def at_crossings(panels: Panels, excess: Callable[[Numbers, Numbers, Numbers], Numbers]) -> Panels:
    """Return the panels, each over whose ends the excess changes sign cut where it does."""
    ends = np.stack([panels.low, panels.high], axis=1)
    with np.errstate(all="ignore"):
        signs = np.sign(excess(panels.row, panels.piece, ends))
    cut = signs[:, 0] * signs[:, 1] < 0
    if not cut.any():
        return panels
    crossed = panels.only(cut)
    low, high, first = crossed.low, crossed.high, signs[cut, 0]
    for _ in range(48):
        middle = 0.5 * (low + high)
        same = np.sign(excess(crossed.row, crossed.piece, middle[:, None])[:, 0]) == first
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    at = 0.5 * (low + high)
    row, piece = crossed.row, crossed.piece
    rest = panels.only(~cut)
    return Panels(
        np.concatenate([rest.row, row, row]), np.concatenate([rest.piece, piece, piece]),
        np.concatenate([rest.low, crossed.low, at]), np.concatenate([rest.high, at, crossed.high]),
    )  # fmt: skip
