"""Where to add: blocks that span the mass of both laws and run out to where terms have faded."""

from dataclasses import dataclass

import numpy as np

from kullback.methods.laws import Held, Numbers
from kullback.methods.quadrature.integrands import Integrand
from kullback.methods.summation.blocks import SMOOTH, Blocks

_FADED = 60.0
_STEPS = 40
_FAR = 1e290
_APART = 10 * np.log(10.0)


@dataclass(frozen=True)
class Start:
    """Blocks, and what lies beyond them; shape (rows,) all but the blocks.

    Attributes
    ----------
    blocks : Blocks
    diverges : array of bool
        Where terms times their index do not fall off.
    left_out : array
        The sum over tails that were cut while they still counted, by their last slope.
    unsure : array
        A bound on everything else that was left out.
    """

    blocks: Blocks
    diverges: Numbers
    left_out: Numbers
    unsure: Numbers


@dataclass(frozen=True)
class Sums:
    """p and q on the whole numbers, and what is added of them."""

    p: Held
    q: Held | None
    integrand: Integrand
    low: Numbers
    high: Numbers

    def logs(self, row: Numbers, k: Numbers) -> tuple[Numbers, Numbers]:
        """Return log p(k) and log q(k)."""
        log_p = self.p.at(row, k)
        return log_p, (log_p if self.q is None else self.q.at(row, k))

    def size(self, k: Numbers) -> Numbers:
        """Return the log of the terms' size at k, shape (rows, n); −∞ off the support."""
        log_p, log_q = self.logs(np.arange(self.p.rows), k)
        size = self.integrand.envelope(log_p, log_q, np.zeros(()))
        return np.where((k >= self.low[:, None]) & (k <= self.high[:, None]), size, -np.inf)


def start(sums: Sums, marks: Numbers) -> Start:
    """Return blocks between the marks (shape (rows, n), NaN for none) and beyond."""
    rows = sums.p.rows
    bounded = sums.integrand.bounded
    inner = np.clip(np.round(marks), sums.low[:, None], sums.high[:, None])
    inner = np.sort(np.where(np.isnan(inner), np.nanmin(inner, axis=1, keepdims=True), inner))
    top = np.max(sums.size(inner), axis=1)
    parts = [_between(inner)]
    diverges, left_out, unsure = np.zeros(rows, bool), np.zeros(rows), np.zeros(rows)
    for side in (-1.0, 1.0):
        edge = inner[:, 0] if side < 0 else inner[:, -1]
        end = sums.low if side < 0 else sums.high
        reach = np.maximum(1.0, 0.25 * (inner[:, -1] - inner[:, 0]))
        tail = _tail(sums, edge, end, side * reach, top)
        parts.append(tail.blocks)
        diverges |= tail.diverges
        left_out += tail.left_out
        unsure += tail.unsure
    parts = [b.only(~diverges[b.row] | bounded) for b in parts]
    blocks = Blocks(
        np.concatenate([b.row for b in parts]), np.concatenate([b.first for b in parts]),
        np.concatenate([b.last for b in parts]),
    )  # fmt: skip
    return Start(blocks, diverges, left_out, unsure)


def _between(marks: Numbers) -> Blocks:
    """Return blocks from each mark to before the next; the last holds the last mark too.

    Long stretches are cut at distances from both ends that double.
    """
    low, high = marks[:, :-1, None], marks[:, 1:, None]
    widest = np.log2(max(2.0, float(np.max(high - low)) / SMOOTH))
    steps = SMOOTH * 2.0 ** np.arange(int(widest) + 1)
    near = steps < 0.5 * (high - low)
    cuts = [np.where(near, low + steps, low), np.where(near, high - steps, low)]
    inner = [np.round(cut).reshape(len(marks), -1) for cut in cuts if near.any()]
    edges = np.sort(np.concatenate([marks, *inner], axis=1), axis=1)
    first, last = edges[:, :-1], edges[:, 1:] - 1
    last = np.concatenate([last[:, :-1], edges[:, -1:]], axis=1)
    row, at = np.nonzero(last >= first)
    return Blocks(row, first[row, at], last[row, at])


def _tail(sums: Sums, edge: Numbers, end: Numbers, reach: Numbers, top: Numbers) -> Start:
    """Follow one side in doubling steps until the terms have faded, or to 10²⁹⁰."""
    rows = np.arange(len(edge))
    side = 1.0 if reach[0] > 0 else -1.0
    steps = np.concatenate([[0.0], 2.0 ** np.arange(_STEPS) - 0.5])
    for _ in range(8):
        with np.errstate(all="ignore"):
            k = np.clip(np.round(edge[:, None] + reach[:, None] * steps), -_FAR, _FAR)
            k = np.where(side * (k - end[:, None]) > 0, end[:, None], k)
        size = sums.size(k)
        weight = size + np.log(np.abs(k - edge[:, None]) + 1)
        alive = weight >= top[:, None] - _FADED
        open_end = alive[:, -1] & (k[:, -1] != end)
        if not open_end.any() or np.abs(k[open_end, -1]).min() >= _FAR:
            break
        more = steps[-1] * 2.0 ** np.arange(1, 3 * _STEPS)
        steps = np.concatenate([steps, more])
    with np.errstate(all="ignore"):
        far = np.broadcast_to(side * _FAR * np.array([1.0, 1e-10, 1e-20]), (len(edge), 3))
        last = sums.size(far) + np.log(np.abs(far))
        fall, before = (last[:, 1] - last[:, 0]) / _APART, (last[:, 2] - last[:, 1]) / _APART
        diverges = open_end & ~(fall > 1e-9)
        cut = np.exp(last[:, 0]) / np.maximum(fall, 1e-9)
        left_out = np.where(open_end & ~diverges, cut, 0.0)
        drift = np.abs(fall - before) / np.maximum(fall, 1e-9)
        unsure = np.where(drift > 1e-4, np.inf, left_out * (drift + 1e-6))
        unsure = np.where(open_end & ~diverges, unsure, 0.0)
    keep = (alive[:, 1:] | alive[:, :-1]) & (k[:, 1:] != k[:, :-1])
    row, at = np.nonzero(keep)
    inner, outer = k[row, at], k[row, at + 1]
    first, last = (inner + 1, outer) if side > 0 else (outer, inner - 1)
    outermost = k[rows, np.max(np.where(keep, np.arange(keep.shape[1]) + 1, 0), axis=1)]
    return Start(
        Blocks(row, first, last), diverges, left_out,
        unsure + np.where(open_end, 0.0, _bound(sums, outermost, end, side)),
    )  # fmt: skip


def _bound(sums: Sums, last: Numbers, end: Numbers, side: float) -> Numbers:
    """2 t r/(1 − r): what comes after a last term t whose ratio r to the next does not grow."""
    k = last[:, None] + side * np.arange(2)
    size = sums.size(k)
    with np.errstate(all="ignore"):
        ratio = np.exp(size[:, 1] - size[:, 0])
        bound = 2 * np.exp(size[:, 0]) * ratio / (1 - ratio)
        bound = np.where(np.isneginf(size[:, 0]) | np.isneginf(size[:, 1]), 0.0, bound)
        grows = (ratio >= 1) & np.isfinite(size[:, 0])
        bound = np.where(grows, np.exp(size[:, 0]) * np.abs(last), bound)
    return np.where(last == end, 0.0, bound)
