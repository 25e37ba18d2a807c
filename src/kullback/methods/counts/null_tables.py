"""Tables as they would be if there were no difference, with the margins that were seen."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from kullback.methods.counts.bootstrap import redrawn
from kullback.methods.counts.stand_in import common_law
from kullback.methods.counts.tables import Numbers, Tables, independent

Whole = npt.NDArray[np.int64]

_BLOCK = 2**22
LARGEST = 10**9
"""So many draws, and more, are not dealt: no generator of hypergeometric numbers reaches there."""


_ROWS_FOR_EACH = 20
"""Up to so many for each outcome, shuffling rows is faster than drawing for each outcome."""


def is_dealt(t: Tables) -> bool:
    """Tell whether rows are dealt anew, not drawn from the law that no difference would be."""
    known = t.q is not None and not (t.p.counted and t.q.counted)
    total = t.p.n if t.q is None or known else t.p.n + t.q.n
    return not known and bool(np.all(total < LARGEST))


def null_tables(t: Tables, tables: int, rng: np.random.Generator) -> Iterator[Tables]:
    """Yield tables without a difference, new ones along the first axis, in blocks.

    Two samples: their rows dealt anew to both. A joint table: the values of one variable dealt anew
    to those of the other, for each value of a third that is known. A known law, or more rows than
    can be dealt: draws from that law, from the pooled one, or from the product of the margins.
    """
    if not is_dealt(t):
        p = independent(t.p.seen / t.p.n[..., None], t) if t.q is None else common_law(t)
        yield from redrawn(t, p, p, tables, rng)
        return
    step = max(1, _BLOCK // max(1, t.p.seen.size))
    for start in range(0, tables, step):
        size = min(step, tables - start)
        if t.q is None:
            yield t.recounted(_shuffled_joint(t, size, rng))
        else:
            pooled = t.p.seen + t.q.seen
            first = dealt(rng, _repeated(pooled, size), _repeated(t.p.n, size))
            yield t.recounted(first, pooled - first)


def dealt(rng: np.random.Generator, pooled: Whole, hand: Whole) -> Numbers:
    """Return how many of each outcome a random hand of all rows holds: multivariate hypergeometric.

    Parameters
    ----------
    rng : numpy.random.Generator
    pooled : array of int, shape (*batch, k)
        How many rows there are of each outcome.
    hand : array of int, shape (*batch,)
        How many rows are drawn, without putting back.
    """
    flat = pooled.reshape(-1, pooled.shape[-1])
    live = np.flatnonzero(flat.any(axis=0))
    drawn = np.zeros(pooled.shape)
    if hand.size < live.size:
        rows = drawn.reshape(flat.shape)
        for row, known, size in zip(rows, flat, hand.ravel(), strict=True):
            few = int(known.sum()) <= _ROWS_FOR_EACH * live.size
            row[live] = rng.multivariate_hypergeometric(
                known[live], int(size), method="count" if few else "marginals"
            )
        return drawn
    left, rest = hand.copy(), pooled.sum(axis=-1)
    for i in live:
        here = pooled[..., i]
        rest = rest - here
        taken = rng.hypergeometric(here, rest, left)
        drawn[..., i] = taken
        left = left - taken
    return drawn


def _shuffled_joint(t: Tables, size: int, rng: np.random.Generator) -> Numbers:
    square = t.square(t.p.seen)
    columns = _repeated(square.sum(axis=-2), size)
    rows = _repeated(square.sum(axis=-1), size)
    made = np.zeros((size, *square.shape))
    for i in range(square.shape[-2]):
        made[..., i, :] = dealt(rng, columns, rows[..., i])
        columns = columns - made[..., i, :].astype(np.int64)
    return t.rows(made)


def _repeated(x: Numbers, size: int) -> Whole:
    return np.broadcast_to(x.astype(np.int64), (size, *x.shape)).copy()
