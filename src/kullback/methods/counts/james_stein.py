"""Frequencies shrunk towards equal ones."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kullback.forms import Form
from kullback.methods.counts.method import CountsMethod
from kullback.methods.counts.tables import Numbers, Side, Tables, of_laws
from kullback.questions import Question


@dataclass(frozen=True, repr=False)
class JamesStein(CountsMethod):
    """The answer of λ/K + (1 − λ) p, λ = (1 − Σ p²)/((n − 1) Σ (1/K − p)²), within [0, 1].

    K counts all outcomes of the table, seen or not. It answers every question of tables.

    References
    ----------
    Hausser and Strimmer, Entropy inference and the James–Stein estimator, J. Mach. Learn. Res. 10
    (2009).

    >>> import kullback as kb
    >>> y = kb.Counts([4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1])
    >>> float(kb.measure(y, of=kb.Entropy(), by=kb.JamesStein()).value)
    2.37960...
    """

    takes_weights: ClassVar[bool] = True
    centred: ClassVar[bool | None] = None

    def refuse_question(self, _of: Question, _p: Form, _q: Form | None, /) -> str | None:
        """Every question of tables has an answer."""
        return None

    def estimate(self, of: Question, t: Tables) -> Numbers:
        """Return the answer of the shrunk frequencies."""
        return of_laws(of, shrunk(t.p), None if t.q is None else shrunk(t.q), t)

    def corrects(self, _of: Question, /) -> str:
        """Nothing by itself; less variance."""
        return (
            "The frequencies are shrunk towards equal ones (James–Stein), by a share that is best "
            "for their mean squared error; far from equal laws this reads divergences low."
        )


def shrunk(side: Side) -> Numbers:
    """Return λ/K + (1 − λ) p; a known law stays."""
    if not side.counted:
        return side.frequencies
    p, n = side.seen / side.n[..., None], side.n
    apart = np.sum((p - 1 / p.shape[-1]) ** 2, axis=-1)
    noise = 1 - np.sum(p * p, axis=-1)
    with np.errstate(all="ignore"):
        part = np.where(n > 1, noise / ((n - 1) * apart), 1.0)
    part = np.clip(np.where(apart > 0, part, 1.0), 0.0, 1.0)[..., None]
    return np.asarray(part / p.shape[-1] + (1 - part) * p)
