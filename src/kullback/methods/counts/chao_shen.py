"""Entropy of what was seen, each outcome weighted by the chance that it was."""

from dataclasses import dataclass

import numpy as np

from kullback.forms import Form
from kullback.methods.counts.by_entropy import from_entropies, refuse_by_entropy
from kullback.methods.counts.method import CountsMethod
from kullback.methods.counts.tables import Numbers, Tables
from kullback.questions import Question


@dataclass(frozen=True, repr=False)
class ChaoShen(CountsMethod):
    """−Σ c log c/(1 − (1 − c)ⁿ), c = C p, with the coverage C = 1 − (outcomes seen once)/n.

    References
    ----------
    Chao and Shen, Nonparametric estimation of Shannon's index of diversity when there are unseen
    species in sample, Environ. Ecol. Stat. 10 (2003).

    >>> import kullback as kb
    >>> y = kb.Counts([4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1])
    >>> float(kb.measure(y, of=kb.Entropy(), by=kb.ChaoShen()).value)
    2.20113...
    """

    def refuse_question(self, of: Question, p: Form, q: Form | None, /) -> str | None:
        """Refuse what entropies of counts do not make up."""
        return refuse_by_entropy(of, p, q)

    def estimate(self, of: Question, t: Tables) -> Numbers:
        """Return the answer made of coverage-adjusted entropies."""
        return from_entropies(of, t, covered_entropy)

    def corrects(self, _of: Question, /) -> str:
        """What was not seen."""
        return (
            "Outcomes not seen are allowed for: frequencies are lowered by the share of draws seen "
            "once, and each is weighted by its chance to be seen at all (Chao–Shen)."
        )


def covered_entropy(x: Numbers) -> Numbers:
    """−Σ c log c/(1 − (1 − c)ⁿ)."""
    n = x.sum(axis=-1, keepdims=True)
    singles = np.sum(x == 1, axis=-1, keepdims=True)
    coverage = 1 - np.minimum(singles, n - 1) / n
    coverage = np.where(n == 1, 1.0, coverage)
    c = coverage * x / n
    some = x > 0
    safe = np.where(some, c, 0.5)
    seen = -np.expm1(n * np.log1p(-np.minimum(safe, 1 - 1e-16)))
    return np.asarray(np.sum(-safe * np.log(safe) / seen, axis=-1, where=some))
