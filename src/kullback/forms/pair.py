"""Two distributions over the same outcomes, seen the ways in which questions want to see them."""

import math
from dataclasses import dataclass
from typing import Any

from kullback.arrays.namespace import namespace, stop_gradient
from kullback.arrays.stable import exact_difference, log_ratio, softmax_scale, tiny


@dataclass(frozen=True, eq=False)
class Pair:
    """p and q with log q/p known as well as q − p, outcomes last.

    Attributes
    ----------
    p, q : array, shape (*batch, k)
        Probabilities.
    x : array
        log q/p; an empty side counts as the smallest normal number, two as equal.
    difference : array
        q − p, to full relative precision also where q is close to p.
    log_q : array
        log q, likewise finite where q is empty.
    empty_p, empty_q : array of bool
        Where the probability is exactly zero.
    loss, gain : array
        ∞ where q is empty and p is not; where p is empty and q is not. Elsewhere 0.
    """

    p: Any
    q: Any
    x: Any
    difference: Any
    log_q: Any
    empty_p: Any
    empty_q: Any
    loss: Any
    gain: Any

    def only(self, rows: Any) -> "Pair":
        """Return the pair with all other rows empty, so that nothing of theirs reaches a slope."""
        xp, keep = namespace(self.p), rows[..., None]
        zero = xp.zeros_like(self.p)

        def kept(x: Any) -> Any:
            return xp.where(keep, x, zero)

        return Pair(
            kept(self.p), kept(self.q), kept(self.x), kept(self.difference), kept(self.log_q),
            self.empty_p | ~keep, self.empty_q | ~keep,
            kept(stop_gradient(self.loss)), kept(stop_gradient(self.gain)),
        )  # fmt: skip

    def swapped(self) -> "Pair":
        """Return the pair (q, p)."""
        return Pair(
            self.q, self.p, -self.x, -self.difference, self.log_q - self.x,
            self.empty_q, self.empty_p, self.gain, self.loss,
        )  # fmt: skip


def pair_of_probabilities(p: Any, q: Any) -> Pair:
    """Return the pair of two arrays of probabilities."""
    xp = namespace(p, q)
    p, q = xp.broadcast_arrays(p, q) if p.shape != q.shape else (p, q)
    empty_p, empty_q = p == 0, q == 0
    log_q = xp.log(xp.where(empty_q, xp.full_like(q, tiny(q)), q))
    return Pair(
        p, q, log_ratio(p, q), q - p, log_q, empty_p, empty_q,
        _infinite_where(empty_q & ~empty_p, p, q), _infinite_where(empty_p & ~empty_q, q, p),
    )  # fmt: skip


def _infinite_where(lost: Any, mass: Any, gone: Any) -> Any:
    """Return mass · log 1/gone where lost (∞, with its slope), else 0."""
    xp = namespace(mass)
    log = xp.log(xp.where(lost, gone, xp.ones_like(gone)))
    return xp.where(lost, -mass * log, xp.zeros_like(mass))


def pair_of_logs(log_p: Any, log_q: Any) -> Pair:
    """Return the pair of two arrays of log-probabilities, −∞ where empty."""
    return _pair_of_logs(log_p, log_q, None)


def pair_of_logits(a: Any, b: Any) -> Pair:
    """Return the pair softmax(a), softmax(b), its log ratio exact where they are close."""
    xp = namespace(a, b)
    a, b = xp.broadcast_arrays(a, b) if a.shape != b.shape else (a, b)
    (peak_a, total_a), (peak_b, total_b) = softmax_scale(a), softmax_scale(b)
    open_a, open_b = a > -math.inf, b > -math.inf
    both = open_a & open_b
    zero = xp.zeros_like(a)
    rounded, lost = exact_difference(xp.where(both, a, zero), xp.where(both, b, zero))
    peaks, lost_peaks = exact_difference(peak_a, peak_b)
    x = ((rounded - peaks) - (total_b - total_a)) + (lost - lost_peaks)
    log_p, log_q = (a - peak_a) - total_a, (b - peak_b) - total_b
    first = _pair_of_logs(log_p, log_q, x)
    # The two totals carry rounding of their own. Where both have mass, q must sum to 1 less what
    # q has alone, and likewise p: Σ (q − p) there tells by how much x is off.
    shared = _sum_where(both, first.difference)
    only_p, only_q = _sum_where(open_a & ~open_b, first.p), _sum_where(open_b & ~open_a, first.q)
    most = only_q < 0.5
    room = xp.where(most, 1 - only_q, xp.ones_like(only_q))
    slip = stop_gradient(xp.log1p((shared - only_p + only_q) / room))
    slip = xp.where(most & (xp.abs(slip) < 1e-3), slip, xp.zeros_like(slip))
    return _pair_of_logs(log_p, log_q - slip, x - slip)


def _sum_where(here: Any, x: Any) -> Any:
    xp = namespace(x)
    return xp.sum(xp.where(here, x, xp.zeros_like(x)), axis=-1, keepdims=True)


def _pair_of_logs(log_p: Any, log_q: Any, x: Any) -> Pair:
    xp = namespace(log_p, log_q)
    log_p, log_q = (
        xp.broadcast_arrays(log_p, log_q) if log_p.shape != log_q.shape else (log_p, log_q)
    )
    empty_p, empty_q = log_p == -math.inf, log_q == -math.inf
    floor = xp.full_like(log_p, math.log(tiny(log_p)))
    p, q = xp.exp(log_p), xp.exp(log_q)
    finite_p, finite_q = xp.where(empty_p, floor, log_p), xp.where(empty_q, floor, log_q)
    plain = finite_q - finite_p
    x = plain if x is None else xp.where(empty_p | empty_q, plain, x)
    tame = x < 20  # p (eˣ − 1) shares p's rounding, which q − p does not
    difference = xp.where(tame, p * xp.expm1(xp.where(tame, x, xp.zeros_like(x))), q - p)
    return Pair(
        p, q, x, difference, finite_q, empty_p, empty_q,
        _infinite_log(empty_q & ~empty_p, p, log_q), _infinite_log(empty_p & ~empty_q, q, log_p),
    )  # fmt: skip


def _infinite_log(lost: Any, mass: Any, log_gone: Any) -> Any:
    """Return ∞ where lost, else 0; only the gone side gets a slope, or the other's were ∞ − ∞."""
    xp = namespace(mass)
    mass = stop_gradient(xp.where(mass > 0, mass, xp.full_like(mass, tiny(mass))))
    zero = xp.zeros_like(mass)
    return xp.where(lost, -mass * xp.where(lost, log_gone, zero), zero)
