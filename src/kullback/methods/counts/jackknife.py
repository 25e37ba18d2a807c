"""Leaving out one draw at a time."""

from dataclasses import dataclass

import numpy as np

from kullback.forms import Form
from kullback.methods.counts.by_entropy import from_entropies, refuse_by_entropy
from kullback.methods.counts.method import CountsMethod
from kullback.methods.counts.tables import Numbers, Tables, at_counts
from kullback.questions import Question


@dataclass(frozen=True, repr=False)
class Jackknife(CountsMethod):
    """n Ĥ − (n − 1) times the mean of Ĥ with one draw left out; −Σ p log q alike, over draws of q.

    For entropy that is Σ (x/n) (D(n) − D(x)), D(x) = x log x − (x − 1) log(x − 1).
    KL is infinite where p has mass on an outcome that q showed at most once: leaving that draw out
    leaves nothing. JS is a difference of such entropies.

    References
    ----------
    Zahl, Jackknifing an index of diversity, Ecology 58 (1977).

    >>> import kullback as kb
    >>> y = kb.Counts([4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1])
    >>> float(kb.measure(y, of=kb.Entropy(), by=kb.Jackknife()).value)
    2.23127...
    """

    def refuse_question(self, of: Question, p: Form, q: Form | None, /) -> str | None:
        """Refuse what entropies and cross-entropies do not make up."""
        return refuse_by_entropy(of, p, q, crosses=True)

    def estimate(self, of: Question, t: Tables) -> Numbers:
        """Return the answer made of entropies with one draw left out."""
        return from_entropies(of, t, jackknifed_entropy, jackknifed_cross)

    def corrects(self, _of: Question, /) -> str:
        """The bias, as it changes with one draw less."""
        return (
            "The bias is read off from how the frequencies' answer changes when one draw is left "
            "out (jackknife); it is too small a correction where few draws repeat."
        )


def jackknifed_entropy(x: Numbers) -> Numbers:
    """Σ (x/n) (D(n) − D(x)), with D(x) = x log x − (x − 1) log(x − 1)."""
    n = x.sum(axis=-1)
    own = at_counts(lambda c: c * _last_share(c), x).sum(axis=-1)
    return np.asarray(_last_share(n) - own / n)


def jackknifed_cross(y: Numbers, p: Numbers) -> Numbers:
    """D(m) − Σ p (log y − (m − 1)/m · y log(1 − 1/y))."""
    m = y.sum(axis=-1)
    lost = np.any((p > 0) & (y <= 1), axis=-1)
    some = np.where(y > 1, y, 2.0)
    log_q = np.log(some) - ((m - 1) / m)[..., None] * some * np.log1p(-1 / some)
    return np.where(lost, np.inf, _last_share(m) - np.sum(p * log_q, axis=-1))


def _last_share(c: Numbers) -> Numbers:
    """D(c) = c log c − (c − 1) log(c − 1), without the difference of large numbers."""
    many = c > 1
    some = np.where(many, c, 2.0)
    return np.where(many, np.log(some) - (some - 1) * np.log1p(-1 / some), 0.0)
