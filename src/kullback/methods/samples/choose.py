"""Which method serves samples, by a rule that anyone can read.

| question | of samples and samples | of samples and a known law |
|---|---|---|
| KL | NearestNeighbours | KnownDensity |
| Jeffreys, JS | NearestNeighbours | – |
| entropy, cross-entropy | KozachenkoLeonenko | KnownDensity |
| mutual information, given a third variable or the past | KSG | – |
| Rényi, Tsallis, alpha | PoczosSchneider | – |
| total variation, Hellinger, χ², other f-divergences | QuadraticLogistic: a lower bound | – |
| Wasserstein | ExactTransport; SlicedTransport where pairs are too many, or POT is missing | – |

The first of a question's methods that does not refuse is taken: those after it serve weighted draws
and draws that repeat. `kb.panel` asks all that apply, side by side.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib import import_module
from itertools import takewhile
from typing import Any, ClassVar

from kullback.errors import NoMethodError
from kullback.estimate import Answer, Asked, Kind, Method
from kullback.forms import Form
from kullback.forms.samples import Samples
from kullback.methods.counts.method import described_as
from kullback.methods.samples.method import SamplesMethod
from kullback.questions import (
    KL,
    Alpha,
    ChiSquare,
    ConditionalMutualInformation,
    CrossEntropy,
    Divergence,
    Entropy,
    Hellinger,
    Jeffreys,
    JensenShannon,
    MutualInformation,
    Question,
    Renyi,
    TransferEntropy,
    Tsallis,
    Wasserstein,
)

ROOMS = {
    "NearestNeighbours": "neighbour_kl",
    "KozachenkoLeonenko": "neighbour_entropy",
    "KnownDensity": "known_density",
    "PoczosSchneider": "poczos_schneider",
    "KSG": "ksg",
    "QuadraticLogistic": "ratio.quadratic_logistic",
    "ULSIF": "ratio.ulsif",
    "ExactTransport": "transport",
    "SlicedTransport": "transport",
}
"""Where each method lives; its room loads when a question first needs it."""

RULE: tuple[tuple[tuple[type[Question], ...], tuple[str, ...]], ...] = (
    ((KL,), ("NearestNeighbours", "KnownDensity", "QuadraticLogistic")),
    ((Jeffreys, JensenShannon), ("NearestNeighbours", "QuadraticLogistic")),
    ((Entropy, CrossEntropy), ("KozachenkoLeonenko", "KnownDensity")),
    ((MutualInformation, ConditionalMutualInformation, TransferEntropy), ("KSG",)),
    ((Renyi, Tsallis, Alpha), ("PoczosSchneider", "QuadraticLogistic")),
    ((Hellinger, ChiSquare), ("QuadraticLogistic", "ULSIF", "PoczosSchneider")),
    ((Divergence,), ("QuadraticLogistic", "ULSIF")),
    ((Wasserstein,), ("ExactTransport", "SlicedTransport")),
)
"""Methods of each kind of question, in the order in which they are tried."""


@dataclass(frozen=True, repr=False)
class AutoSamples(Method):
    """The method that the rule above names; the answer's method says which.

    Attributes
    ----------
    resamples, permutations
        As for the method that answers.
    """

    reads: ClassVar[tuple[type[Form], ...]] = (Samples,)

    resamples: int = field(default=200, kw_only=True)
    permutations: int | None = field(default=None, kw_only=True)

    kind: ClassVar[Kind] = "estimated"

    def __repr__(self) -> str:
        """Name what was set."""
        return described_as(self)

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse what is not drawn, and what each of the rule's methods refuses."""
        if not isinstance(p, Samples):
            return _order(q)
        reasons = []
        for method in self.wanted(of):
            reason = method.refuse(of, p, q)
            if reason is None:
                return None
            reasons.append(f"{method!r} {reason}")
        return "; ".join(reasons) or f"no method from samples answers {of!r}"

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the answer of the first of the rule's methods that does not refuse.

        Its notes begin with why those before it refused.
        """
        method = self.select(of, p, q)
        found = method.answer(of, p, q, asked)
        before = takewhile(lambda other: other != method, self.wanted(of))
        said = tuple(f"{other!r} refused: {other.refuse(of, p, q)}." for other in before)
        return replace(
            found, method=method, kind=found.kind or method.kind, notes=said + found.notes
        )

    def select(self, of: Question, p: Form, q: Form | None) -> SamplesMethod:
        """Return the method that answers.

        Raises
        ------
        NoMethodError
            If all refuse; with their reasons.
        """
        for method in self.wanted(of):
            if method.refuse(of, p, q) is None:
                return method
        raise NoMethodError(f"No method from samples answers {of!r}: {self.refuse(of, p, q)}.")

    def wanted(self, of: Question) -> Iterator[SamplesMethod]:
        """Yield the rule's methods for a question, in order."""
        for questions, names in RULE:
            if isinstance(of, questions):
                for name in names:
                    method = _class(name)
                    yield method(resamples=self.resamples, permutations=self.permutations)
                return


def _class(name: str) -> Any:
    return getattr(import_module(f"kullback.methods.samples.{ROOMS[name]}"), name)


def _order(q: Form | None) -> str:
    if isinstance(q, Samples):
        return (
            "has samples of q alone: a divergence of a known law p from them, KL(p ‖ q) say, needs "
            "draws of p as well. Draw some: kb.Samples(p.rvs(10_000))"
        )
    return "needs samples"
