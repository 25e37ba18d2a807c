"""Entropy and relative entropy whose bias falls off exponentially."""

from dataclasses import dataclass

import numpy as np

from kullback.forms import Form
from kullback.methods.counts.by_entropy import from_entropies, refuse_by_entropy
from kullback.methods.counts.method import CountsMethod
from kullback.methods.counts.tables import Numbers, Tables, at_counts
from kullback.questions import Question


@dataclass(frozen=True, repr=False)
class ZhangGrabchak(CountsMethod):
    """Σ (x/n) (ψ(n) − ψ(x)) for entropy; KL = Σ (x/n) (ψ(m + 1) − ψ(y + 1) − ψ(n) + ψ(x)).

    The sums Σᵥ Πⱼ (1 − (x − 1)/(n − j))/v of the papers are these digammas. What was seen in p and
    never in q adds a finite amount, ψ(m + 1) − ψ(1), as if q could show it.

    References
    ----------
    Zhang, Entropy estimation in Turing's perspective, Neural Comput. 24 (2012). Zhang and Grabchak,
    Nonparametric estimation of Küllback–Leibler divergence, Neural Comput. 26 (2014).

    >>> import kullback as kb
    >>> y = kb.Counts([4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1])
    >>> float(kb.measure(y, of=kb.Entropy(), by=kb.ZhangGrabchak()).value)
    2.17054...
    """

    def refuse_question(self, of: Question, p: Form, q: Form | None, /) -> str | None:
        """Refuse what entropies and cross-entropies do not make up."""
        return refuse_by_entropy(of, p, q, crosses=True)

    def estimate(self, of: Question, t: Tables) -> Numbers:
        """Return the answer made of such entropies and cross-entropies."""
        return from_entropies(of, t, turing_entropy, turing_cross)

    def corrects(self, _of: Question, /) -> str:
        """All but an exponentially small part of the bias."""
        return (
            "The bias of frequencies is corrected, but for a part that falls off exponentially "
            "with the number of draws (Zhang and Grabchak)."
        )


def turing_entropy(x: Numbers) -> Numbers:
    """Σ (x/n) (ψ(n) − ψ(x))."""
    from scipy.special import digamma

    n = x.sum(axis=-1)
    terms = at_counts(lambda c: c * digamma(np.where(c > 0, c, 1.0)), x)
    return np.asarray(digamma(n) - terms.sum(axis=-1) / n)


def turing_cross(y: Numbers, p: Numbers) -> Numbers:
    """Σ p (ψ(m + 1) − ψ(y + 1))."""
    from scipy.special import digamma

    log_y = at_counts(lambda c: digamma(c + 1), y)
    return np.asarray(digamma(y.sum(axis=-1) + 1) - np.sum(p * log_y, axis=-1))
