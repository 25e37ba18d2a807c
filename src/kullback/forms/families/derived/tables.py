"""A table of outcomes beside a law that counts, both as tables."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import is_traced, namespace
from kullback.arrays.stable import log_softmax
from kullback.errors import MixedArraysError
from kullback.forms.discrete import Discrete, Logits, LogProbs, Probs
from kullback.forms.families.derived.derived import all_hold
from kullback.forms.families.family import Family
from kullback.forms.families.outcomes import as_numpy, outcomes
from kullback.forms.families.support import Support, integers


@dataclass(frozen=True, eq=False, repr=False)
class Table(Family):
    """A table of outcomes 0 … k − 1 as a law of numbers, for other laws to be made of."""

    discrete: ClassVar[bool] = True
    form: Any

    def __post_init__(self) -> None:
        object.__setattr__(self, "listed", self.form.listed)

    def _said(self) -> list[str]:
        return [repr(self.form)]

    @property
    def home(self) -> Any:
        """The table's array."""
        return self.form.array

    @property
    def batch(self) -> tuple[int, ...]:
        """The shape of the array, the axis of outcomes left out."""
        return tuple(self.form.array.shape)[:-1]

    def moved(self, like: Any) -> "Table":
        """Return the same table in the library, dtype and device of an array."""
        return Table(type(self.form)(outcomes(self.form.array, like)))

    def picked(self, index: int, axis: int = -1) -> "Table":
        """Return the table at an index of an axis of the batch, counted from its end."""
        array = self.form.array
        return Table(type(self.form)(array[(slice(None),) * (array.ndim - 1 + axis) + (index,)]))

    def expanded(self, batch: tuple[int, ...]) -> "Table":
        """Return the same table of a larger batch."""
        array = self.form.array
        shape = (*batch, array.shape[-1])
        return Table(type(self.form)(namespace(array).broadcast_to(array, shape)))

    def support(self) -> Support:
        """Return {0 … k − 1}."""
        xp, array = namespace(self.home), self.form.array
        zero = xp.zeros_like(array[..., 0])
        return integers(zero, zero + (array.shape[-1] - 1))

    def log_table(self) -> Any:
        """Return the logarithms of the probabilities."""
        xp, array = namespace(self.home), self.form.array
        if isinstance(self.form, Logits):
            return log_softmax(array)
        if isinstance(self.form, LogProbs):
            return array
        some = array > 0
        return xp.where(some, xp.log(xp.where(some, array, xp.ones_like(array))), -math.inf)

    def log_density(self, x: Any) -> Any:
        """Look x up in the table."""
        x, logs = outcomes(x, self.home), self.log_table()
        xp = namespace(x)
        hit = x[..., None] == outcomes(xp.arange(logs.shape[-1]), self.home)
        return xp.max(xp.where(hit, logs, xp.full_like(logs, -math.inf)), axis=-1)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        upto = np.cumsum(np.exp(as_numpy(self.log_table())), axis=-1)
        u = rng.random((n, *self.batch))[..., None] * upto[..., -1:]
        return (u >= upto).sum(axis=-1).astype(float)


_EMPTY = {Probs: 0.0, LogProbs: -float("inf"), Logits: -float("inf")}


def as_tables(p: Any, q: Any) -> tuple[Discrete, Discrete] | None:
    """Return a table of the outcomes 0 … k − 1 and a counted law as two tables of k + 1.

    The last outcome is all else: where the table has no mass, so that nothing is lost by joining
    it. None where one is no such table or the other does not count.
    """
    swap = not isinstance(p, Discrete)
    table, law = (q, p) if swap else (p, q)
    if type(table) not in _EMPTY or not isinstance(law, Family):
        return None
    if not law.discrete or law.dimensions:
        return None
    table, law = _together(table, law)
    xp, k = namespace(table.array), table.array.shape[-1]
    end = xp.full_like(table.array[..., :1], _EMPTY[type(table)])
    longer = type(table)(xp.concat([table.array, end], axis=-1))
    other = LogProbs(log_table(law, k))
    object.__setattr__(longer, "listed", table.listed and law.listed)
    object.__setattr__(other, "listed", longer.listed)
    return (other, longer) if swap else (longer, other)


def log_table(law: Family, k: int) -> Any:
    """Return the logarithms of the probabilities of 0 … k − 1 and, last, of all else."""
    xp, like = namespace(law.home), law.home
    numbers = outcomes(xp.arange(k), like)
    numbers = xp.reshape(numbers, (k,) + (1,) * len(law.batch))
    log_p = xp.moveaxis(xp.broadcast_to(law.log_density(numbers), (k, *law.batch)), 0, -1)
    support = law.support()
    rest = 1 - xp.sum(xp.exp(log_p), axis=-1, keepdims=True)
    tiny = float(xp.finfo(rest.dtype).smallest_normal)
    some = rest > tiny
    log_rest = xp.where(some, xp.log(xp.where(some, rest, tiny)), math.log(tiny))
    if is_traced(support.low) or is_traced(support.high):
        return xp.concat([log_p, log_rest], axis=-1)
    inside = (support.low >= 0) & (support.high <= k - 1)
    if all_hold(inside):
        log_rest = xp.full_like(log_rest, -float("inf"))
    else:
        inside = xp.broadcast_to(inside, law.batch)[..., None]
        log_rest = xp.where(inside, -float("inf"), log_rest)
    return xp.concat([log_p, log_rest], axis=-1)


def _together(table: Any, law: Family) -> tuple[Any, Family]:
    if law.listed:
        return table, law.moved(table.array)
    if table.listed:
        return type(table)(outcomes(table.array, law.home)), law
    if type(table.array) is not type(law.home):
        raise MixedArraysError(
            "The table and the law belong to different array libraries. Convert one of them, so "
            "that the answer can come back in one library."
        )
    return table, law
