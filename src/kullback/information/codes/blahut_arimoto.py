"""The least of F(r) = −Σ p(x) log Z(x), Z(x) = Σ r(t) e^(−s d(x, t)), over weights r of code words.

F(r) is I(X; T) + s E d of the best code whose words are used as often as r, and is convex. Each
step r(t) ← r(t) c(t), with c(t) = Σ p(x) e^(−s d(x, t))/Z(x), makes it smaller, and how far it is
from the least is known: F(r) − log max c ≤ min F ≤ F(r) (Blahut 1972). Where these steps are slow,
as where words fall out of use, Newton's are taken between them; the gap tells of both.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kullback.information.codes.quadratic import least

Numbers = npt.NDArray[np.float64]
BETWEEN = 30
"""How many of Blahut's and Arimoto's steps are taken before one of Newton's."""


class Weights(NamedTuple):
    """Weights of code words, as good as the gap says.

    Attributes
    ----------
    r : array, shape (m,)
        How often each word is used.
    log_z : array, shape (k,)
        log Z.
    c : array, shape (m,)
        c(t): at most 1 for each word where r is best, and 1 where the word is used.
    """

    r: Numbers
    log_z: Numbers
    c: Numbers

    @property
    def gap(self) -> float:
        """Log max c: F(r) is at most this above the least."""
        return float(np.log(self.c.max()))


def weigh(p: Numbers, cost: Numbers, r: Numbers, tol: float, rounds: int = 60) -> Weights:
    """Return weights with a gap of at most tol, or the best after so many rounds.

    Parameters
    ----------
    p : array, shape (k,)
        The source, all positive.
    cost : array, shape (k, m)
        s d(x, t) in nats, ∞ where x must not be coded by t; finite somewhere in each row.
    r : array, shape (m,)
        Where to start, all positive.
    """
    found = _at(p, cost, r)
    for _ in range(rounds):
        for _ in range(BETWEEN):
            if found.gap <= tol:
                return found
            found = _at(p, cost, found.r * found.c)
        found = _newton(p, cost, found)
    return found


def _at(p: Numbers, cost: Numbers, r: Numbers) -> Weights:
    closest = np.where(r > 0, cost, np.inf).min(axis=1)
    z = np.exp(closest[:, None] - cost) @ r
    log_z = np.log(z) - closest
    with np.errstate(over="ignore"):  # a word far better than any in use: c = ∞, no gap to speak of
        return Weights(r, log_z, p @ np.exp(-cost - log_z[:, None]))


def _newton(p: Numbers, cost: Numbers, found: Weights) -> Weights:
    """Return a step of Newton's for −Σ p log Z + Σ r over r ≥ 0, whose least is F's as well."""
    if not np.isfinite(found.c).all():
        return found
    slopes = np.sqrt(p)[:, None] * np.exp(-cost - found.log_z[:, None])
    target = least(slopes.T @ slopes, 2 * found.c - 1, found.r)
    value, length = -float(p @ found.log_z), 1.0
    while length > 1e-4:
        r = found.r + length * (target - found.r)
        r = r / r.sum()
        if np.where(r > 0, cost, np.inf).min(axis=1).max() < np.inf:
            moved = _at(p, cost, r)
            if -float(p @ moved.log_z) < value:
                return moved
        length /= 2
    return found


def encoder(cost: Numbers, found: Weights) -> Numbers:
    """Return w(t | x) = r(t) e^(−s d(x, t))/Z(x), shape (k, m)."""
    return np.asarray(found.r * np.exp(-cost - found.log_z[:, None]))


def information(p: Numbers, w: Numbers) -> float:
    """Return I(X; T) in nats of the code w(t | x)."""
    used = p @ w
    some = (w > 0) & (used > 0)
    log_ratio = np.log(np.divide(w, used, out=np.ones_like(w), where=some))
    return float(p @ (w * log_ratio - w + used).sum(axis=1))
