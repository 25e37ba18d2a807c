"""Entropy from a better logarithm of counts."""

from dataclasses import dataclass

import numpy as np

from kullback.forms import Form
from kullback.methods.counts.by_entropy import from_entropies, refuse_by_entropy
from kullback.methods.counts.method import CountsMethod
from kullback.methods.counts.tables import Numbers, Tables, at_counts
from kullback.questions import Question


@dataclass(frozen=True, repr=False)
class Grassberger(CountsMethod):
    """log n − Σ x G(x)/n, G(x) = ψ(x) + ½ (−1)ˣ (ψ((x + 1)/2) − ψ(x/2)): the form of 2003.

    References
    ----------
    Grassberger, Entropy estimates from insufficient samplings, arXiv:physics/0307138 (2003).

    >>> import kullback as kb
    >>> y = kb.Counts([4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1])
    >>> float(kb.measure(y, of=kb.Entropy(), by=kb.Grassberger()).value)
    2.14462...
    """

    def refuse_question(self, of: Question, p: Form, q: Form | None, /) -> str | None:
        """Refuse what entropies of counts do not make up."""
        return refuse_by_entropy(of, p, q)

    def estimate(self, of: Question, t: Tables) -> Numbers:
        """Return the answer made of such entropies."""
        return from_entropies(of, t, grassberger_entropy)

    def corrects(self, _of: Question, /) -> str:
        """The logarithm of small counts."""
        return (
            "log x of each count is replaced by Grassberger's G(x) (2003), whose bias is smaller; "
            "what was never seen still adds nothing."
        )


def grassberger_entropy(x: Numbers) -> Numbers:
    """Log n − Σ x G(x)/n."""
    n = x.sum(axis=-1)
    return np.asarray(np.log(n) - at_counts(_x_times_g, x).sum(axis=-1) / n)


def _x_times_g(x: Numbers) -> Numbers:
    from scipy.special import digamma

    c = np.where(x > 0, x, 1.0)
    sign = np.where(c % 2 == 0, 0.5, -0.5)
    return np.asarray(x * (digamma(c) + sign * (digamma((c + 1) / 2) - digamma(c / 2))))
