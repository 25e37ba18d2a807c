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
            log_p = _extended(log_p, over, self.tails[0], piece, row)
            log_q = log_p if self.q is None else _extended(log_q, over, self.tails[1], piece, row)
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
    def tails(self) -> tuple[Numbers, Numbers]:
        """The slopes of log p and of log q in y at the limits, shape (pieces, 2, rows)."""
        with np.errstate(all="ignore"):
            return _slopes(self.limits[0], self.steps), _slopes(self.limits[1], self.steps)

    @cached_property
    def straight(self) -> Numbers:
        """Where both are powers of x at the limit, or gone; shape (pieces, 2, rows)."""
        with np.errstate(all="ignore"):
            most = np.where(self.rounded, 1e-3, 1e-7)
            return _is_straight(self.limits[0], most) & _is_straight(self.limits[1], most)


def _slopes(log: Numbers, steps: Numbers) -> Numbers:
    """Return the slope in y at the limits."""
    outward = np.array([-1.0, 1.0])[None, :, None]
    slope = outward * (log[..., 0] - log[..., 1]) / steps
    return np.where(np.isfinite(slope), slope, 0.0)


def _is_straight(log: Numbers, most: Numbers) -> Numbers:
    bend = np.abs(log[..., 0] - 2 * log[..., 1] + log[..., 2])
    gone = np.isneginf(log[..., 0])
    return np.asarray(gone | (bend <= most * (1 + np.abs(log[..., 0] - log[..., 2]))))


def _extended(
    log: Numbers, over: Numbers, slopes: Numbers, piece: Numbers, row: Numbers
) -> Numbers:
    below, above = (slopes[piece, side, row][:, None] for side in (0, 1))
    with np.errstate(all="ignore"):
        return np.where(over == 0, log, log + np.where(over < 0, below, above) * over)
