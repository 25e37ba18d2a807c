"""The rows that an estimate is computed from, and parts of them."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from kullback.forms import Form
from kullback.forms.samples import Samples


@dataclass(frozen=True, eq=False)
class Draws:
    """The rows that an estimate is computed from; resampling makes others of the same kind.

    Attributes
    ----------
    x, y : array, shape (n, d) and (m, d)
        Draws of p and of q; y is None where q is a known law or not asked for.
    split : tuple of int
        How many columns each variable of x has, in order.
    v, w : array, shape (n,) and (m,), or None
        Weights, each summing to 1.
    law : Form or None
        The known law in the place of q.
    block_x, block_y : array of int, shape (n,) and (m,), or None
        Which rows belong together; None where each stands alone.
    whole : bool
        Whether all numbers came as integers.
    """

    x: np.ndarray
    y: np.ndarray | None = None
    split: tuple[int, ...] = ()
    v: np.ndarray | None = None
    w: np.ndarray | None = None
    law: Any = None
    block_x: np.ndarray | None = None
    block_y: np.ndarray | None = None
    whole: bool = False

    @property
    def n(self) -> int:
        """How many rows x has."""
        return len(self.x)

    @property
    def m(self) -> int:
        """How many rows y has; 0 without."""
        return 0 if self.y is None else len(self.y)

    @property
    def least(self) -> int:
        """How many rows the smaller sample has."""
        return self.n if self.y is None else min(self.n, self.m)

    @property
    def dimensions(self) -> int:
        """How many columns there are."""
        return int(self.x.shape[1])

    @property
    def blocked(self) -> bool:
        """Whether some rows belong together."""
        return self.block_x is not None or self.block_y is not None

    def taken(self, rows_x: np.ndarray, rows_y: np.ndarray | None = None) -> "Draws":
        """Return the draws of these rows; their weights sum to 1 again."""
        some = replace(
            self,
            x=self.x[rows_x],
            v=_scaled(self.v, rows_x),
            block_x=None if self.block_x is None else self.block_x[rows_x],
        )
        if self.y is None or rows_y is None:
            return some
        return replace(
            some,
            y=self.y[rows_y],
            w=_scaled(self.w, rows_y),
            block_y=None if self.block_y is None else self.block_y[rows_y],
        )


def draws_of(p: Samples, q: Form | None) -> Draws:
    """Return the rows of p, and those of q or its law."""
    split = tuple(x.shape[1] for x in p.variables)
    x = Draws(p.array, None, split, p.weights, block_x=p.block, whole=p.whole)
    if isinstance(q, Samples):
        return replace(x, y=q.array, w=q.weights, block_y=q.block, whole=p.whole and q.whole)
    return replace(x, law=q)


def _scaled(weights: np.ndarray | None, rows: np.ndarray) -> np.ndarray | None:
    if weights is None:
        return None
    some = weights[rows]
    total = some.sum()
    return some / total if total > 0 else np.full(len(some), 1 / len(some))
