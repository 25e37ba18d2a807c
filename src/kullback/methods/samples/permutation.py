"""The p-value and the noise floor: what the estimator shows where there is no difference.

The rows of both samples are pooled and dealt out anew, B times; under "no difference" every deal is
as likely as the one seen, whatever the law. So the rank of the estimate among theirs,

    p = (1 + #{permuted ≥ seen}) / (1 + B),

is never too small by more than chance (the 1 counts the deal that was seen). No assumption is made
of the estimator: its bias is that of every deal.

References
----------
Phipson and Smyth, Permutation p-values should never be zero, Stat. Appl. Genet. Mol. Biol. 9
(2010).
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from kullback.estimate import Floor
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.progress import watched

MOST = 199
LEAST = 39
"""Fewer permutations than this cannot show a p-value of 0.025."""
WORK = 4_000_000
"""Numbers (rows × coordinates) that all permutations may hold together."""


@dataclass(frozen=True)
class Against:
    """How the estimate looks beside no difference."""

    p_value: float
    floor: Floor


def permutations_of(draws: Draws) -> int:
    """Return how many permutations are made where none were asked for.

    199 where (rows × coordinates) × 199 is at most 4 million numbers, fewer on more data, and none
    where fewer than 39 would be left: 0.025 is then out of reach.

    >>> permutations_of(Draws(np.zeros((1000, 3)), np.zeros((1000, 3))))
    199
    >>> permutations_of(Draws(np.zeros((100_000, 3)), np.zeros((100_000, 3))))
    0
    """
    affordable = WORK // ((draws.n + draws.m) * draws.dimensions)
    return 0 if affordable < LEAST else min(MOST, int(affordable))


def same_blocks(draws: Draws) -> bool:
    """Tell whether both samples have blocks, or neither: only then are their rows exchangeable."""
    return (draws.block_x is None) == (draws.block_y is None)


def dealt(draws: Draws, rng: np.random.Generator) -> Draws:
    """Return both samples, of the sizes they had, from all rows dealt out anew.

    With blocks, whole blocks are dealt: as many as each sample had. Weights stay with their rows.
    """
    assert draws.y is not None
    pooled = _pooled(draws)
    if not draws.blocked:
        order = rng.permutation(pooled.n)
        first, second = order[: draws.n], order[draws.n :]
    else:
        assert pooled.block_x is not None
        labels = np.unique(pooled.block_x)
        here = len(np.unique(pooled.block_x[: draws.n]))
        chosen = rng.choice(labels, here, replace=False)
        inside = np.isin(pooled.block_x, chosen)
        first, second = np.flatnonzero(inside), np.flatnonzero(~inside)
    x, y = pooled.taken(first), pooled.taken(second)
    return Draws(x.x, y.x, draws.split, x.v, y.v, None, x.block_x, y.block_x, draws.whole)


def against_nothing(
    estimate: Callable[[Draws], float], value: float, nulls: Iterable[Draws], times: int
) -> Against:
    """Return the p-value and the floor from draws without a difference."""
    found = np.array([estimate(some) for some in watched(nulls, "permuting", times)])
    above = int((found >= value).sum())
    return Against(
        (1 + above) / (1 + times), Floor(float(found.mean()), float(np.quantile(found, 0.95)))
    )


def _pooled(draws: Draws) -> Draws:
    """Return all rows as one sample, blocks of x and of y apart."""
    assert draws.y is not None
    block = None
    if draws.blocked:
        first = np.arange(draws.n) if draws.block_x is None else draws.block_x
        second = np.arange(draws.m) if draws.block_y is None else draws.block_y
        block = np.concatenate([first, second + int(first.max()) + 1])
    weights = None
    if draws.v is not None or draws.w is not None:
        weights = np.concatenate(
            [
                draws.n * _each(draws.v, draws.n),
                draws.m * _each(draws.w, draws.m),
            ]
        )
    return Draws(np.concatenate([draws.x, draws.y]), None, draws.split, weights, block_x=block)


def _each(weights: np.ndarray | None, rows: int) -> np.ndarray:
    return np.full(rows, 1 / rows) if weights is None else weights
