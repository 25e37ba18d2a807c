"""Two laws on the pieces of the line: their log-densities at any y, extended past the last x."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from kullback.methods.laws import Held, Numbers
from kullback.methods.quadrature.line import Pieces


@dataclass(frozen=True)
class Field:
    """p and q (None for a question of one law), and the pieces they live on."""

    p: Held
    q: Held | None
    pieces: Pieces

    @property
    def rows(self) -> int:
        """How many integrals there are."""
        return self.p.rows

    def logs(self, row: Numbers, piece: Numbers, y: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Return log p(x), log q(x) and log dx/dy; past the last x both go on as powers of it."""
        x, log_slope, over = self.pieces.place(row, piece, y)
        log_p = self.p.at(row, x)
        log_q = log_p if self.q is None else self.q.at(row, x)
        if np.any(over):
            log_p = self.tails[0].extended(log_p, over, piece, row)
            log_q = log_p if self.q is None else self.tails[1].extended(log_q, over, piece, row)
        return log_p, log_q, log_slope

    @cached_property
    def limits(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        """Log p, log q, log dx/dy and y at three points before each limit.

        Each has shape (pieces, 2, rows, 3); the limit itself comes first, then points before it.
        """
        shape = (len(self.pieces), 2, self.rows, 3)
        out = [np.empty(shape) for _ in range(4)]
        rows = np.arange(self.rows)
        for piece in range(len(self.pieces)):
            for side, limit in enumerate((self.pieces.first, self.pieces.last)):
                inward = 1.0 if side == 0 else -1.0
                step = self.steps[piece, side][:, None]
                y = limit[piece][:, None] + inward * step * np.arange(3)
                x, log_slope, _ = self.pieces.place(rows, np.full(self.rows, piece), y)
                log_p = self.p.at(rows, x)
                log_q = log_p if self.q is None else self.q.at(rows, x)
                for array, found in zip(out, (log_p, log_q, log_slope, y), strict=True):
                    array[piece, side] = found
        return out[0], out[1], out[2], out[3]

    @cached_property
    def steps(self) -> Numbers:
        """How far the three points at a limit lie apart, shape (pieces, 2, rows).

        An end other than 0 is told from a point only down to 2⁻²⁶ of it, where powers of the
        distance are not yet pure: the steps are short there.
        """
        return np.where(self.rounded, 1.5, 50.0)

    @cached_property
    def rounded(self) -> Numbers:
        """Where the limit is at a finite end other than 0, shape (pieces, 2, rows)."""
        ends = np.stack([self.pieces.low, self.pieces.high], axis=1)
        return np.asarray(np.isfinite(ends) & (np.abs(ends) > 1e-290))

    @cached_property
    def tails(self) -> tuple["Tails", "Tails"]:
        """How log p and log q go on past the limits."""
        with np.errstate(all="ignore"):
            return _tails(self.limits[0], self.steps), _tails(self.limits[1], self.steps)

    @cached_property
    def straight(self) -> Numbers:
        """Where both are powers of x at the limit, or gone; shape (pieces, 2, rows)."""
        with np.errstate(all="ignore"):
            most = np.where(self.rounded, 1e-3, 1e-7)
            return _is_straight(self.limits[0], most) & _is_straight(self.limits[1], most)


@dataclass(frozen=True)
class Tails:
    """Log density past a limit, at u beyond it in y: L₀ − f u − D (1 − e⁻ᵘ), a power of x and more.

    D is what is left of the factor that multiplies the power: (1 − x)^b x^a at x = 1.

    Attributes
    ----------
    fall, bend : array, shape (pieces, 2, rows)
        f and D.
    """

    fall: Numbers
    bend: Numbers

    def extended(self, log: Numbers, over: Numbers, piece: Numbers, row: Numbers) -> Numbers:
        """Return the log-density whose value at the limit is log; over is y beyond it, signed."""
        side = (over > 0).astype(np.int64)
        at = (piece[:, None], side, row[:, None])
        u = np.abs(over)
        with np.errstate(all="ignore"):
            gone = np.isneginf(log)
            past = log - self.fall[at] * u + self.bend[at] * np.expm1(-u)
            return np.where((over == 0) | gone, log, past)


def _tails(log: Numbers, steps: Numbers) -> Tails:
    """Return f and D of three values, at the limit and one and two steps before it."""
    growth = np.expm1(steps)
    bend = (log[..., 2] - 2 * log[..., 1] + log[..., 0]) / growth**2
    bend = np.where(np.isfinite(bend), bend, 0.0)
    fall = (log[..., 1] - log[..., 0] - bend * growth) / steps
    return Tails(np.where(np.isfinite(fall), fall, 0.0), bend)


def _is_straight(log: Numbers, most: Numbers) -> Numbers:
    bend = np.abs(log[..., 0] - 2 * log[..., 1] + log[..., 2])
    gone = np.isneginf(log[..., 0])
    return np.asarray(gone | (bend <= most * (1 + np.abs(log[..., 0] - log[..., 2]))))
