"""Divergences by way of entropies: any estimate of H serves all that H makes up."""

from collections.abc import Callable

import numpy as np

from kullback.errors import NoMethodError
from kullback.forms import Counts, Form
from kullback.methods.counts.tables import Numbers, Tables, at_counts, margins, of_laws
from kullback.questions import (
    KL,
    CrossEntropy,
    Entropy,
    Jeffreys,
    JensenShannon,
    JointQuestion,
    Question,
)

_FITS = 0.005
"""How far the share of p's draws may lie from its weight."""

OfCounts = Callable[[Numbers], Numbers]
OfBoth = Callable[[Numbers, Numbers], Numbers]


def refuse_by_entropy(
    of: Question, p: Form, q: Form | None, *, crosses: bool = False
) -> str | None:
    """Refuse what entropies do not make up; `crosses` if −Σ p log q has an estimate of its own."""
    if isinstance(of, (Entropy, JointQuestion)):
        return None
    if isinstance(of, JensenShannon):
        if not isinstance(p, Counts) or not isinstance(q, Counts):
            return "reads JS as a difference of entropies of counts: both sides must be Counts"
        return None
    if isinstance(of, (KL, CrossEntropy)) or (crosses and isinstance(of, Jeffreys)):
        if isinstance(q, Counts) and not crosses:
            return (
                "corrects entropies, and has no correction of log q for a q that was counted; "
                "ZhangGrabchak, MillerMadow, Jackknife, Dirichlet and NSB have"
            )
        return None
    return f"estimates what entropies make up, not {of!r}"


def from_entropies(
    of: Question, t: Tables, entropy: OfCounts, minus_log: OfBoth | None = None
) -> Numbers:
    """Return the answer made of entropies of counts.

    Parameters
    ----------
    of : Question
        H, I = H(X) + H(Y) − H(X, Y) or its kin given Z, JS = H(mixture) − Σ w H,
        KL = H(p, q) − H(p), or a sum of KLs.
    t : Tables
        What was counted.
    entropy : callable
        From counts (…, k) to an estimate of H, shape (…,).
    minus_log : callable, optional
        From the counts of q and the frequencies of p to an estimate of −Σ p log q.
    """
    if isinstance(of, JointQuestion):
        plus, minus = margins(t.p.seen, t)
        return np.asarray(sum(map(entropy, plus)) - sum(map(entropy, minus)))
    if isinstance(of, Entropy):
        return entropy(t.p.seen)
    assert t.q is not None
    if isinstance(of, JensenShannon):
        _check_shares(of, t)
        return _js(of, t, entropy)
    forth = _cross(t, minus_log)
    if isinstance(of, CrossEntropy):
        return forth
    one_way = forth - _own(t, entropy)
    if isinstance(of, Jeffreys):
        back = Tables(t.q, t.p)
        return np.asarray(one_way + _cross(back, minus_log) - _own(back, entropy))
    return np.asarray(one_way)


def has_fitting_shares(of: JensenShannon, t: Tables) -> bool:
    """Tell whether the pooled counts are a sample of the mixture: n : m as the weights."""
    if t.q is None or not (t.p.counted and t.q.counted):
        return False
    return bool(np.all(abs(t.p.n / (t.p.n + t.q.n) - of.weights[0]) <= _FITS))


def _js(of: JensenShannon, t: Tables, entropy: OfCounts) -> Numbers:
    """JS of the frequencies, and what the estimate corrects of each entropy.

    The share w of p's draws is close to its weight, not equal: with H(pooled) in the place of
    H(mixture) the difference of both would stand beside a JS that may be as small.
    """
    assert t.q is not None
    w = t.p.n / (t.p.n + t.q.n)

    def corrected(x: Numbers) -> Numbers:
        return entropy(x) - plain_entropy(x)

    plain = of_laws(of, t.p.frequencies, t.q.frequencies, t)
    pooled = corrected(t.p.seen + t.q.seen)
    return np.asarray(plain + pooled - w * corrected(t.p.seen) - (1 - w) * corrected(t.q.seen))


def plain_entropy(x: Numbers) -> Numbers:
    """H of the frequencies: log n − Σ (x/n) log x."""
    n = x.sum(axis=-1)
    terms = at_counts(lambda c: c * np.log(np.where(c > 0, c, 1.0)), x)
    return np.asarray(np.log(n) - terms.sum(axis=-1) / n)


def _check_shares(of: JensenShannon, t: Tables) -> None:
    if has_fitting_shares(of, t):
        return
    assert t.q is not None
    share = float(np.ravel(t.p.n / (t.p.n + t.q.n))[0])
    raise NoMethodError(
        f"JS by entropies pools both tables, and {share:.3f} of the draws are p's where its weight "
        f"is {of.weights[0]:g}. MillerMadow(), JamesStein() and Dirichlet() take any sizes; "
        f"kb.JensenShannon(weights=({share:.6g}, {1 - share:.6g})) asks with these weights."
    )


def _own(t: Tables, entropy: OfCounts) -> Numbers:
    """H(p), exact where p is known."""
    if t.p.counted:
        return entropy(t.p.seen)
    p = t.p.frequencies
    return np.asarray(-np.sum(p * np.log(np.where(p > 0, p, 1.0)), axis=-1))


def _cross(t: Tables, minus_log: OfBoth | None) -> Numbers:
    """−Σ p log q: unbiased at the frequencies of p where q is known."""
    assert t.q is not None
    p = t.p.frequencies
    if t.q.counted:
        assert minus_log is not None
        return minus_log(t.q.seen, p)
    q = t.q.frequencies
    lost = np.any((p > 0) & (q == 0), axis=-1)
    total = -np.sum(p * np.log(np.where(q > 0, q, 1.0)), axis=-1)
    return np.where(lost, np.inf, total)
