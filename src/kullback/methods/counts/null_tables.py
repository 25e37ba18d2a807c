"""Tables as they would be if there were no difference, with the margins that were seen."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from kullback.methods.counts.bootstrap import redrawn
from kullback.methods.counts.tables import Numbers, Tables

Whole = npt.NDArray[np.int64]

_BLOCK = 2**22
LARGEST = 10**9
"""More draws than this are not permuted."""


def null_tables(t: Tables, tables: int, rng: np.random.Generator) -> Iterator[Tables]:
    """Yield tables without a difference, new ones along the first axis, in blocks.

    Two samples: their rows dealt anew to both. A joint table: the values of one variable dealt anew
    to those of the other. A known law: draws from it.
    """
    if t.q is not None and not (t.p.counted and t.q.counted):
        law = t.q.frequencies if t.p.counted else t.p.frequencies
        yield from redrawn(t, law, law, tables, rng)
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
    drawn = np.zeros(pooled.shape)
    left, rest = hand.copy(), pooled.sum(axis=-1)
    for i in np.flatnonzero(pooled.reshape(-1, pooled.shape[-1]).any(axis=0)):
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
    return made.reshape(size, *t.p.seen.shape)


def _repeated(x: Numbers, size: int) -> Whole:
    return np.broadcast_to(x.astype(np.int64), (size, *x.shape)).copy()
