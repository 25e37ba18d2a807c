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
    """N H − (n − 1) Σ (x/n) H₋, where H₋ lacks one draw of that outcome."""
    n = x.sum(axis=-1)
    all_terms = at_counts(_x_log_x, x).sum(axis=-1)
    change = at_counts(lambda c: c * (_x_log_x(np.maximum(c - 1, 0)) - _x_log_x(c)), x).sum(axis=-1)
    with np.errstate(all="ignore"):
        whole = np.log(n) - all_terms / n
        less = np.log(n - 1) - (all_terms + change / n) / (n - 1)
        return np.where(n > 1, n * whole - (n - 1) * less, 0.0)


def jackknifed_cross(y: Numbers, p: Numbers) -> Numbers:
    """M C − (m − 1) Σ (y/m) C₋, where C₋ lacks one draw of that outcome of q."""
    m = y.sum(axis=-1)
    lost = np.any((p > 0) & (y <= 1), axis=-1)
    some, more = y > 0, y > 1
    log_y, log_less = np.log(np.where(some, y, 1.0)), np.log(np.where(more, y - 1, 1.0))
    with np.errstate(all="ignore"):
        whole = np.log(m) - np.sum(p * log_y, axis=-1)
        less = np.log(m - 1) - np.sum(p * (log_y + y / m[..., None] * (log_less - log_y)), axis=-1)
        return np.where(lost, np.inf, m * whole - (m - 1) * less)


def _x_log_x(c: Numbers) -> Numbers:
    return np.asarray(c * np.log(np.where(c > 0, c, 1.0)))
