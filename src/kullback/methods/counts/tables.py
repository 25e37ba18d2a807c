"""What was counted, as numpy arrays, outcomes last."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from kullback.arrays.checks import check_fit, check_probabilities
from kullback.arrays.namespace import library_of
from kullback.errors import ShapeError
from kullback.forms import Counts, Discrete, Form, Logits, LogProbs, Probs
from kullback.methods.exact.held import Held, probabilities_of
from kullback.methods.exact.sums import held_value
from kullback.methods.transport import table_distance
from kullback.questions import KL, MutualInformation, Question, Wasserstein

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Side:
    """One law: counts of draws from it, or its own probabilities.

    Attributes
    ----------
    counts : array, shape (*batch, k), or None
        How often each outcome was seen; None where the law is known.
    law : array, shape (*batch, k), or None
        The probabilities, where they are known.
    prior : float
        Added to every count.
    """

    counts: Numbers | None
    law: Numbers | None = None
    prior: float = 0.0

    @property
    def counted(self) -> bool:
        """Whether it is a sample."""
        return self.counts is not None

    @property
    def seen(self) -> Numbers:
        """The counts, of a side that has them."""
        assert self.counts is not None
        return self.counts

    @property
    def n(self) -> Numbers:
        """How many draws; ∞ of a known law."""
        if self.counts is None:
            assert self.law is not None
            return np.full(self.law.shape[:-1], np.inf)
        return np.asarray(self.counts.sum(axis=-1))

    @property
    def frequencies(self) -> Numbers:
        """(counts + prior) / total, or the law."""
        if self.counts is None:
            assert self.law is not None
            return self.law
        x = self.counts + self.prior if self.prior else self.counts
        return np.asarray(x / x.sum(axis=-1, keepdims=True))

    @property
    def singles(self) -> Numbers:
        """How many outcomes were seen exactly once."""
        return np.asarray((self.seen == 1).sum(axis=-1))

    @property
    def distinct(self) -> Numbers:
        """How many outcomes were seen."""
        return np.asarray((self.seen > 0).sum(axis=-1))

    @property
    def whole(self) -> bool:
        """Whether the counts are whole numbers, as those of draws are."""
        return self.counts is None or is_whole(self.counts)

    def recounted(self, counts: Numbers) -> "Side":
        """Return the same side with other counts; a known law stays."""
        return replace(self, counts=counts) if self.counted else self


@dataclass(frozen=True, eq=False)
class Tables:
    """Both sides of a question, or the one that it is asked of.

    Attributes
    ----------
    p, q : Side
        q is None for questions of one law.
    joint : pair of int, or None
        The numbers of outcomes of both variables, where the outcomes of p are their pairs.
    threads : int
        For native kernels.
    """

    p: Side
    q: Side | None = None
    joint: tuple[int, int] | None = None
    threads: int = 0

    @property
    def sides(self) -> tuple[Side, ...]:
        """P and q, or p alone."""
        return (self.p,) if self.q is None else (self.p, self.q)

    @property
    def whole(self) -> bool:
        """Whether all counts are whole numbers."""
        return all(side.whole for side in self.sides)

    @property
    def k(self) -> int:
        """The number of outcomes."""
        return int(self.p.frequencies.shape[-1])

    def recounted(self, *counts: Numbers) -> "Tables":
        """Return tables with other counts on their sides."""
        q = None if self.q is None else self.q.recounted(counts[1])
        return replace(self, p=self.p.recounted(counts[0]), q=q)

    def square(self, x: Numbers) -> Numbers:
        """Return rows of pairs as tables (…, x, y)."""
        assert self.joint is not None
        return x.reshape(*x.shape[:-1], *self.joint)


def without_priors(t: Tables) -> Tables:
    """Return the raw counts."""
    q = None if t.q is None else replace(t.q, prior=0.0)
    return replace(t, p=replace(t.p, prior=0.0), q=q)


def is_whole(counts: Any) -> bool:
    """Tell whether all entries are whole numbers."""
    return bool(np.all(counts == np.floor(counts)))


def as_numpy(x: Any) -> Numbers:
    """Return an array of any library as numpy's float64, cut off from gradients."""
    if library_of(x) == "torch":
        x = x.detach().cpu().numpy()
    return np.asarray(x, dtype=np.float64)


def read_tables(of: Question, p: Form, q: Form | None, axis: int, threads: int = 0) -> Tables:
    """Return what was counted, both sides in one batch shape.

    Raises
    ------
    ShapeError, InvalidInputError
        For tables that do not fit, and counts that are negative or not finite.
    """
    assert isinstance(p, Discrete)
    if isinstance(of, MutualInformation):
        return _read_joint(p, threads)
    first = _side(p, axis, "p")
    if q is None:
        return Tables(first, threads=threads)
    assert isinstance(q, Discrete)
    second = _side(q, axis, "q")
    a = first.seen if first.counted else first.frequencies
    b = second.seen if second.counted else second.frequencies
    check_fit(a, b)
    a, b = np.broadcast_arrays(a, b)
    return Tables(_with(first, a), _with(second, b), threads=threads)


def _with(side: Side, x: Numbers) -> Side:
    return replace(side, counts=x) if side.counted else replace(side, law=x)


def _side(form: Discrete, axis: int, name: str) -> Side:
    if isinstance(form, Counts):
        return Side(as_numpy(form.checked(axis, name)), prior=form.prior or 0.0)
    law = as_numpy(probabilities_of(form, axis, name))
    if not isinstance(form, (Logits, LogProbs)):
        check_probabilities(law, name)
    return Side(None, law / law.sum(axis=-1, keepdims=True))


def _read_joint(p: Discrete, threads: int) -> Tables:
    if p.array.ndim < 2:
        raise ShapeError(
            f"The joint table has shape {tuple(p.array.shape)}: two axes of it are needed, one "
            "for each variable."
        )
    joint = (int(p.array.shape[-2]), int(p.array.shape[-1]))
    rows = p.array.reshape(*p.array.shape[:-2], joint[0] * joint[1])
    side = _side(replace(p, array=rows), -1, "p")
    return Tables(side, joint=joint, threads=threads)


def of_laws(of: Question, p: Numbers, q: Numbers | None, t: Tables) -> Numbers:
    """Return the answer for probabilities, shape (*batch, k), exactly."""
    if isinstance(of, Wasserstein):
        assert q is not None
        return np.asarray(table_distance(of, Probs(p), Probs(q), -1))
    inner = of
    if isinstance(of, MutualInformation):
        inner, q = KL(), independent(p, t)
    held = Held("probabilities", p, p if q is None else q, 1e-1)
    return np.asarray(held_value(inner, held, t.threads))


def independent(p: Numbers, t: Tables) -> Numbers:
    """Return the product of the marginals of a joint table, as rows of pairs."""
    square = t.square(p)
    product = square.sum(axis=-1, keepdims=True) * square.sum(axis=-2, keepdims=True)
    return np.asarray(product.reshape(p.shape))


def at_counts(f: Any, counts: Numbers) -> Numbers:
    """Return f of each count, computed once for each number that can occur."""
    top = int(counts.max(initial=0))
    if counts.size < 4 * top or not is_whole(counts):
        return np.asarray(f(counts))
    return np.asarray(f(np.arange(top + 1.0)))[counts.astype(np.int64)]
