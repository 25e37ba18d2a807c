"""What was counted, as numpy arrays, outcomes last."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from kullback.forms import Probs
from kullback.methods.exact.held import Held
from kullback.methods.exact.sums import held_value
from kullback.methods.transport import table_distance
from kullback.questions import KL, JointQuestion, Question, Wasserstein

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
    joint : tuple of int, or None
        The numbers of outcomes of x, of y, and of z if it is known, where the outcomes of p are
        their pairs or triples.
    threads : int
        For native kernels.
    """

    p: Side
    q: Side | None = None
    joint: tuple[int, ...] | None = None
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
        """Return rows of pairs as tables (…, x, y), rows of triples as (…, z, x, y)."""
        assert self.joint is not None
        table = x.reshape(*x.shape[:-1], *self.joint)
        return table if len(self.joint) == 2 else np.moveaxis(table, -1, -3)

    def rows(self, square: Numbers) -> Numbers:
        """Return such tables as rows again."""
        assert self.joint is not None
        table = square if len(self.joint) == 2 else np.moveaxis(square, -3, -1)
        return table.reshape(*table.shape[: -len(self.joint)], -1)

    def over_z(self, each: Numbers) -> Numbers:
        """Return the sum over the values of z of numbers (…, z); as they are without a z."""
        assert self.joint is not None
        return np.asarray(each.sum(axis=-1)) if len(self.joint) == 3 else each


def without_priors(t: Tables) -> Tables:
    """Return the raw counts."""
    q = None if t.q is None else replace(t.q, prior=0.0)
    return replace(t, p=replace(t.p, prior=0.0), q=q)


def is_whole(counts: Any) -> bool:
    """Tell whether all entries are whole numbers."""
    return bool(np.all(counts == np.floor(counts)))


def of_laws(of: Question, p: Numbers, q: Numbers | None, t: Tables) -> Numbers:
    """Return the answer for probabilities, shape (*batch, k), exactly."""
    if isinstance(of, Wasserstein):
        assert q is not None
        return np.asarray(table_distance(of, Probs(p), Probs(q), -1))
    inner = of
    if isinstance(of, JointQuestion):
        inner, q = KL(), independent(p, t)
    held = Held("probabilities", p, p if q is None else q, 1e-1)
    return np.asarray(held_value(inner, held, t.threads))


def independent(p: Numbers, t: Tables) -> Numbers:
    """Return the law with the margins of a joint table and nothing else, for each z that is known.

    As rows of pairs p(x) p(y), or of triples p(x, z) p(y, z)/p(z).
    """
    square = t.square(p)
    y = square.sum(axis=-2, keepdims=True)
    product = square.sum(axis=-1, keepdims=True) * y
    if t.joint is not None and len(t.joint) == 3:
        z = y.sum(axis=-1, keepdims=True)
        product = product / np.where(z > 0, z, 1.0)
    return t.rows(product)


def margins(x: Numbers, t: Tables) -> tuple[list[Numbers], list[Numbers]]:
    """Return the tables whose entropies are added, and those whose are taken off, as rows.

    I(X; Y) = H(X) + H(Y) − H(X, Y), I(X; Y | Z) = H(X, Z) + H(Y, Z) − H(X, Y, Z) − H(Z).
    """
    square = t.square(x)
    known = t.joint is not None and len(t.joint) == 3
    both = [square.sum(axis=-1), square.sum(axis=-2)]
    if not known:
        return both, [x]
    plus = [part.reshape(*part.shape[:-2], -1) for part in both]
    return plus, [x, square.sum(axis=(-2, -1))]


def at_counts(f: Any, counts: Numbers) -> Numbers:
    """Return f of each count, computed once for each number that can occur."""
    top = int(counts.max(initial=0))
    if counts.size < 4 * top or not is_whole(counts):
        return np.asarray(f(counts))
    return np.asarray(f(np.arange(top + 1.0)))[counts.astype(np.int64)]
