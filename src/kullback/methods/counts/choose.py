"""Which estimator serves counts, by a rule that anyone can read.

| question | estimator |
|---|---|
| entropy | ChaoShen where a row has fewer than 5 draws for each outcome seen, else Jackknife |
| KL, cross-entropy, Jeffreys | ZhangGrabchak: finite, and almost unbiased where q can show p |
| JS | Jackknife where the draws are n : m as the weights, else MillerMadow |
| mutual information | Jackknife |
| other f-divergences that are sums with slopes | MillerMadow |
| the rest; counts with a prior; weights; lazy arrays | PlugIn |

Measured in docs/accuracy-counts.md: on dense counts all corrections agree. On sparse ones ChaoShen
has the least error for entropy of those that ask nothing of the law, and Jackknife leaves half
the bias that Miller–Madow leaves of JS and of mutual information. The Dirichlet posteriors are
better where their prior is right and much worse where it is not, so they are never the default.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np

from kullback.estimate import Answer, Asked, Kind, Method
from kullback.forms import Form
from kullback.methods.counts.by_entropy import has_fitting_shares
from kullback.methods.counts.chao_shen import ChaoShen
from kullback.methods.counts.jackknife import Jackknife
from kullback.methods.counts.method import CountsMethod, described_as
from kullback.methods.counts.miller_madow import MillerMadow
from kullback.methods.counts.plug_in import PlugIn
from kullback.methods.counts.tables import Tables, read_tables
from kullback.methods.counts.zhang_grabchak import ZhangGrabchak
from kullback.questions import (
    KL,
    CrossEntropy,
    Entropy,
    Jeffreys,
    JensenShannon,
    MutualInformation,
    Question,
)

FEW = 5.0
"""Fewer draws than this for each outcome seen are few."""


@dataclass(frozen=True, repr=False)
class AutoCounts(Method):
    """The estimator that the rule above names; the answer's method says which.

    Attributes
    ----------
    resamples : int
        How many tables are drawn for the interval, and how many for the p-value.

    >>> import kullback as kb
    >>> kb.measure(kb.Counts([30, 50, 20]), kb.Counts([40, 40, 80]))
    0.1998501... ± 0.079 nats, estimated, by ZhangGrabchak(), p-value 1.4e-06, floor 0.032
    """

    resamples: int = field(default=1000, kw_only=True)

    kind: ClassVar[Kind] = "estimated"

    def __repr__(self) -> str:
        """Name what was set."""
        return described_as(self)

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse what is not counted."""
        return PlugIn().refuse(of, p, q)

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the answer of the first of the rule's estimators that does not refuse."""
        method = self.select(of, p, q, asked.axis)
        return method.answer_as_chosen(of, p, q, asked)

    def select(self, of: Question, p: Form, q: Form | None, axis: int = -1) -> CountsMethod:
        """Return the estimator that answers."""
        plain = PlugIn(resamples=self.resamples)
        if MillerMadow().refuse_forms(p, q) is not None:
            return plain
        t = read_tables(of, p, q, axis)
        for choice in _wanted(of, t):
            method = choice(resamples=self.resamples)
            if method.refuse(of, p, q) is None:
                return method
        return plain


def _wanted(of: Question, t: Tables) -> Iterator[type[CountsMethod]]:
    if isinstance(of, Entropy):
        yield ChaoShen if np.min(t.p.n / t.p.distinct) < FEW else Jackknife
    elif isinstance(of, (KL, CrossEntropy, Jeffreys)):
        yield ZhangGrabchak
    elif isinstance(of, MutualInformation) or (
        isinstance(of, JensenShannon) and has_fitting_shares(of, t)
    ):
        yield Jackknife
    yield MillerMadow
