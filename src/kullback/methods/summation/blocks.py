"""Σ f(k) over blocks of whole numbers: term by term, or by a polynomial where f is smooth."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kullback.methods.laws import Numbers, slots

CHUNK = 32
"""Blocks of so many numbers are added term by term."""
SMOOTH = 2.0**14
"""Blocks longer than this may be summed as polynomials; shorter ones are cut into chunks."""
_HIGH, _LOW = 20, 15
_CACHEFUL = 2048

Terms = Callable[[Numbers, Numbers], Numbers]
"""From (row, k of shape (n, 32)) to terms of shape (parts, n, 32)."""


@dataclass(frozen=True)
class Blocks:
    """Whole numbers from first to last, each of one row; shape (n,) all."""

    row: Numbers
    first: Numbers
    last: Numbers

    def __len__(self) -> int:
        return len(self.row)

    @property
    def length(self) -> Numbers:
        """How many numbers each holds."""
        return np.asarray(self.last - self.first + 1)

    def only(self, which: Numbers) -> "Blocks":
        """Return the chosen ones."""
        return Blocks(self.row[which], self.first[which], self.last[which])

    def chunks(self) -> "Blocks":
        """Return the same numbers in blocks of at most 32."""
        count = np.ceil(self.length / CHUNK).astype(np.int64)
        step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        first = np.repeat(self.first, count) + CHUNK * step
        last = np.minimum(first + CHUNK - 1, np.repeat(self.last, count))
        return Blocks(np.repeat(self.row, count), first, last)

    def halves(self) -> "Blocks":
        """Return all lower halves, then all upper halves."""
        middle = np.floor(0.5 * self.first + 0.5 * self.last)
        return joined(Blocks(self.row, self.first, middle), Blocks(self.row, middle + 1, self.last))


def joined(*blocks: Blocks) -> Blocks:
    """Return all blocks of all arguments."""
    return Blocks(
        np.concatenate([b.row for b in blocks]),
        np.concatenate([b.first for b in blocks]),
        np.concatenate([b.last for b in blocks]),
    )


@dataclass(frozen=True)
class Rule:
    """Points and weights with which a block is summed, shape (n, 32); `other` is a lower order."""

    row: Numbers
    k: Numbers
    weight: Numbers
    other: Numbers


def rule_of(blocks: Blocks) -> Rule:
    """Return the points and weights of each block: all of its numbers, or 32 of them."""
    k = blocks.first[:, None] + np.arange(CHUNK)
    weight = (k <= blocks.last[:, None]).astype(float)
    k = np.minimum(k, blocks.last[:, None])
    other = weight.copy()
    long = blocks.length > CHUNK
    if long.any():
        k[long], weight[long], other[long] = _smooth(blocks.only(long))
    return Rule(blocks.row, k, weight, other)


def _smooth(blocks: Blocks) -> tuple[Numbers, Numbers, Numbers]:
    from numpy.polynomial.chebyshev import chebvander

    length = blocks.length[:, None]
    places = -np.cos((np.arange(CHUNK) + 0.5) * np.pi / CHUNK)
    k = np.round(blocks.first[:, None] - 0.5 + 0.5 * length * (1 + places))
    k = np.clip(k, blocks.first[:, None], blocks.last[:, None])
    t = (2 * (k - blocks.first[:, None]) + 1 - length) / length
    return k, *(
        np.einsum("nj,njk->nk", _sums(length, degree), np.linalg.pinv(chebvander(t, degree)))
        for degree in (_HIGH, _LOW)
    )


def _sums(length: Numbers, degree: int) -> Numbers:
    """Return Σ T_j over the numbers of a block, shape (n, degree + 1), by Euler and Maclaurin.

    Σ f(k) = ∫ f − [f′]/24 + 7 [f‴]/5760 − 31 [f⁽⁵⁾]/967680 + …, from half before to half after.
    """
    j = np.arange(degree + 1.0)
    even = j % 2 == 0
    jj = j * j
    integral = np.where(even, 2 / (1 - np.where(even, jj, 0)), 0.0)
    first = jj
    third = jj * (jj - 1) * (jj - 4) / 15
    fifth = third * (jj - 9) * (jj - 16) / 63
    seventh = fifth * (jj - 25) * (jj - 36) / 143
    h = 2 / length
    ends = (
        -first * h / 24 + 7 * third * h**3 / 5760 - 31 * fifth * h**5 / 967680
        + 127 * seventh * h**7 / 154828800
    )  # fmt: skip
    return integral / h + np.where(even, 2 * ends, 0.0)


@dataclass(frozen=True)
class Sum:
    """What was found: value and error of shape (parts, rows), by which blocks, from how much."""

    value: Numbers
    error: Numbers
    blocks: Blocks
    evaluations: int


def add_up(
    terms: Terms,
    start: Blocks,
    rows: int,
    rtol: float,
    atol: tuple[float, ...],
    most: int = 4000,
) -> Sum:
    """Σ over all blocks of each row; long blocks that two polynomials disagree on are halved.

    A row stops after `most` blocks, its error telling.
    """
    blocks = _settled(start)
    value, error = _on(terms, blocks, rows)
    asked = CHUNK * len(blocks)
    for _ in range(60):
        total = _per_row(value, blocks, rows)
        goal = np.array(atol)[:, None] + np.zeros_like(total)
        goal[0] = np.maximum(goal[0], rtol * np.abs(total[0]))
        count = np.bincount(blocks.row, minlength=rows)
        share = goal / np.maximum(count, 1)
        coarse = np.any(error > share[:, blocks.row], axis=0) & (blocks.length > CHUNK)
        coarse &= (count < most)[blocks.row]
        if not coarse.any():
            break
        new = _settled(blocks.only(coarse).halves())
        found, off = _on(terms, new, rows)
        asked += CHUNK * len(new)
        blocks = joined(blocks.only(~coarse), new)
        value = np.concatenate([value[:, ~coarse], found], axis=1)
        error = np.concatenate([error[:, ~coarse], off], axis=1)
    return Sum(_per_row(value, blocks, rows), _per_row(error, blocks, rows), blocks, asked)


def _settled(blocks: Blocks) -> Blocks:
    """Return the blocks, those too short for a polynomial cut into chunks."""
    blocks = blocks.only(blocks.length > 0)
    short = (blocks.length > CHUNK) & (blocks.length <= SMOOTH)
    return joined(blocks.only(~short), blocks.only(short).chunks()) if short.any() else blocks


def _on(terms: Terms, blocks: Blocks, rows: int) -> tuple[Numbers, Numbers]:
    """Return value and error of each block, shape (parts, n), a cacheful of them at a time."""
    slot, depth = slots(blocks.row, rows)
    together = max(1, _CACHEFUL // rows)
    values, errors = [], []
    order = []
    for first in range(0, max(depth, 1), together):
        here = np.flatnonzero((slot >= first) & (slot < first + together))
        here = here[np.argsort(blocks.row[here], kind="stable")]
        rule = rule_of(blocks.only(here))
        with np.errstate(all="ignore"):
            y = terms(rule.row, rule.k)
            y = np.where(rule.weight == 0, 0.0, y)
            total = np.sum(rule.weight * y, axis=-1)
            apart = np.abs(total - np.sum(rule.other * y, axis=-1))
        values.append(total)
        errors.append(np.where(np.isnan(apart), np.inf, apart))
        order.append(here)
    back = np.argsort(np.concatenate(order), kind="stable")
    return np.concatenate(values, axis=1)[:, back], np.concatenate(errors, axis=1)[:, back]


def _per_row(x: Numbers, blocks: Blocks, rows: int) -> Numbers:
    return np.stack([np.bincount(blocks.row, part, minlength=rows) for part in x])
