"""The information bottleneck: what of X to keep so as to know Y.

The least of I(X; T) − β I(T; Y) over codes T of X, with words q(y|t), is that of
F(r) = −Σ p(x) log Z(x), Z(x) = Σ r(t) e^(−β KL(p(y|x) ‖ q(y|t))), less β I(X; Y), over weights r of
*all* distributions q: a convex problem, whose solution has few words. They are found one after
another, where c(q) > 1, and weighed anew each time. The last c says how far F may be from its
least.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.arrays.checks import check_base
from kullback.errors import AccuracyError
from kullback.information.codes.blahut_arimoto import Numbers, encoder, information, weigh
from kullback.information.codes.reading import read_joint, read_slopes
from kullback.information.codes.words import climb, distinct, divergences, starts

ROUNDS = 100
SAME, ALIKE = 1e-5, 1e-3
"""How near one another words are that are not both asked for; that become one in the end."""
NEW = 3
"""How many words may come in a round."""


@dataclass(frozen=True, eq=False)
class Bottleneck:
    """Codes T of X on the information curve, one for each β.

    Attributes
    ----------
    beta : array, shape (*batch,)
        What a unit of I(T; Y) is worth, in units of I(X; T).
    rate, relevance : array, shape (*batch,)
        I(X; T) and I(T; Y) of the code found.
    upper : array, shape (*batch,)
        No code of that rate has more relevance.
    encoder : list of array, shape (k, m)
        p(t|x), of as many words m as the code needs; for a single β the array itself.
    decoder : list of array, shape (m, l)
        p(y|t).
    """

    beta: Any
    rate: Any
    relevance: Any
    upper: Any
    encoder: Any
    decoder: Any

    def __repr__(self) -> str:
        """β, rate, relevance and bound."""
        if np.ndim(self.beta):
            return f"Bottleneck of {np.size(self.beta)} values of β"
        words = self.encoder.shape[1]
        return (
            f"β = {self.beta:g}: I(X; T) = {self.rate:.6g}, I(T; Y) = {self.relevance:.6g}, at "
            f"most {self.upper:.6g}, by {words} word{'s' * (words != 1)}"
        )


def bottleneck(
    joint: Any, /, beta: Any, *, base: float | None = None, tol: float = 1e-7
) -> Bottleneck:
    """Return the codes T of X with the least I(X; T) − β I(T; Y), by Blahut and Arimoto.

    Parameters
    ----------
    joint : array or form, shape (k, l)
        The probabilities of X (rows) and Y.
    beta : float or array, shape (*batch,)
        Positive. With β ≤ 1 nothing is worth keeping.
    base : float, optional
        The unit of rate and relevance: 2 for bits, nats if left out.
    tol : float
        How far from the least the objective may be, in nats.

    Returns
    -------
    Bottleneck
        The code found, and a bound on all others. For Y of two outcomes the bound is one, up to
        a grid of 401 q; beyond, it holds as far as a search from every p(y|x) and from the middle
        of every pair of them can see.

    Raises
    ------
    AccuracyError
        Where the tolerance is missed.
    InvalidInputError
        For β that is not positive and finite.

    References
    ----------
    Tishby, Pereira and Bialek, The information bottleneck method, 1999; Blahut, Computation of
    channel capacity and rate-distortion functions, IEEE Trans. Inf. Theory 18 (1972).

    >>> import kullback as kb
    >>> kb.bottleneck([[0.45, 0.05], [0.05, 0.45]], beta=2.0, base=2)
    β = 2: I(X; T) = 0.696433, I(T; Y) = 0.407234, at most 0.407234, by 2 words
    """
    unit = check_base(base, applies=True, question="I(T; Y)")
    p, posts = read_joint(joint)
    given = read_slopes(beta, "beta")
    found = [_solve(p, posts, float(b), tol) for b in given.ravel()]
    rate, relevance, upper = (
        np.reshape([getattr(x, name) / unit for x in found], given.shape)[()]
        for name in ("rate", "relevance", "upper")
    )
    if given.shape:
        encoders, decoders = [x.encoder for x in found], [x.decoder for x in found]
        return Bottleneck(given, rate, relevance, upper, encoders, decoders)
    return Bottleneck(float(given), rate, relevance, upper, found[0].encoder, found[0].decoder)


def _solve(p: Numbers, posts: Numbers, beta: float, tol: float) -> Bottleneck:
    inside = p > 0
    kept, given = p[inside], posts[inside]
    y = kept @ given
    q = distinct(np.vstack([y, given]), SAME)
    everywhere = starts(given)
    r = np.full(len(q), 1 / len(q))
    for rounds in range(ROUNDS):
        cost = beta * divergences(given, q)
        found = weigh(kept, cost, r, tol / 4)
        peaks, height = climb(np.vstack([q, everywhere]), given, np.log(kept) - found.log_z, beta)
        gap = max(float(height.max()), found.gap)
        if gap <= tol or rounds == ROUNDS - 1:
            break
        kept_words = found.r > 0
        better = distinct(peaks[np.argsort(-height)][: len(q)], SAME)[:NEW]
        q = np.vstack([q[kept_words], better])
        r = np.append(found.r[kept_words], np.full(len(better), 0.1))
        r = r / r.sum()
    value = -float(kept @ found.log_z)
    least = value - gap - beta * float(kept @ divergences(given, y[None])[:, 0])
    w = _merged(encoder(cost, found)[:, found.r > 0], q[found.r > 0])
    rate = information(kept, w)
    used = kept @ w
    decoder = (w * kept[:, None]).T @ given / used[:, None]
    relevance = float(used @ divergences(decoder, y[None])[:, 0])
    if rate - beta * relevance - least > 4 * tol:
        raise AccuracyError(
            f"beta={beta:g}: the code found may be {rate - beta * relevance - least:.2g} nats from "
            f"the best, and tol={tol:g} was asked for. A larger tol= is met sooner.",
            relevance, (rate - least) / beta - relevance,
        )  # fmt: skip
    whole = np.zeros((len(p), w.shape[1]))
    whole[inside] = w
    whole[~inside] = used
    return Bottleneck(beta, rate, relevance, (rate - least) / beta, whole, decoder)


def _merged(w: Numbers, q: Numbers) -> Numbers:
    """Return the code with words that say all but the same made one."""
    centres = distinct(q, ALIKE)
    nearest = np.abs(q[:, None] - centres[None]).max(axis=2).argmin(axis=1)
    return np.asarray(w @ np.eye(len(centres))[nearest])
