"""The line cut where a support ends, and each piece stretched so that its tails are plain.

On a piece the variable is y: x = c + s sinh y on the whole line, x = a + eʸ next to one finite end,
x = a + (b − a)/(1 + e⁻ʸ) between two. Powers of the distance to an end, or to ∞, become
exponentials of y, so that singular edges and heavy tails are smooth and short.
"""

from dataclasses import dataclass

import numpy as np

from kullback.methods.laws import Held, Numbers

LINE, RIGHT, LEFT, BETWEEN = 0, 1, 2, 3
FAR, NEAR = 1e140, 1e-300
"""How far from the centre, and how near to an end at 0, laws are asked."""


@dataclass(frozen=True)
class Pieces:
    """Pieces of the line, shape (pieces, rows) all.

    Attributes
    ----------
    kind : array
        LINE, RIGHT (of a finite end), LEFT, BETWEEN; −1 for one that is empty.
    low, high : array
        The ends.
    centre, scale : array
        c and s, for LINE.
    first, last : array
        The least and the greatest y at which x is told from the end; laws are extended beyond.
    """

    kind: Numbers
    low: Numbers
    high: Numbers
    centre: Numbers
    scale: Numbers
    first: Numbers
    last: Numbers

    def __len__(self) -> int:
        return len(self.kind)

    def y_of(self, piece: int, x: Numbers) -> Numbers:
        """Return y of points, shape (rows, n); NaN outside the piece."""
        kind, low, high, c, s, first, last = (
            z[piece][:, None]
            for z in (
                self.kind, self.low, self.high, self.centre, self.scale, self.first, self.last,
            )
        )  # fmt: skip
        with np.errstate(all="ignore"):
            above, below = np.log(x - low), -np.log(high - x)
            y = np.select(
                [kind == LINE, kind == RIGHT, kind == LEFT, kind == BETWEEN],
                [np.arcsinh((x - c) / s), above, below, above + below],
                np.nan,
            )
        return np.where((x >= low) & (x <= high), np.clip(y, first, last), np.nan)

    def place(self, row: Numbers, piece: Numbers, y: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Return x, log dx/dy and y's part beyond the last point asked; y has shape (n, k)."""
        at = (piece, row)
        inner = np.clip(y, self.first[at][:, None], self.last[at][:, None])
        kind = self.kind[at]
        kinds = np.unique(kind)
        if len(kinds) == 1:
            return (*self._mapped(int(kinds[0]), at, inner, y), y - inner)
        x, log_slope = np.empty_like(y), np.empty_like(y)
        for one in kinds:
            here = kind == one
            x[here], log_slope[here] = self._mapped(
                int(one), (piece[here], row[here]), inner[here], y[here]
            )
        return x, log_slope, y - inner

    def _mapped(
        self, kind: int, at: tuple[Numbers, Numbers], inner: Numbers, y: Numbers
    ) -> tuple[Numbers, Numbers]:
        low, high = self.low[at][:, None], self.high[at][:, None]
        if kind == LINE:
            c, s = self.centre[at][:, None], self.scale[at][:, None]
            far = np.abs(y)
            return c + s * np.sinh(inner), np.log(s) + far + np.log1p(np.exp(-2 * far)) - np.log(2)
        if kind == RIGHT:
            return low + np.exp(inner), y
        if kind == LEFT:
            return high - np.exp(-inner), -y
        wide, far = high - low, np.abs(y)
        part = wide / (1 + np.exp(np.abs(inner)))
        x = np.where(inner < 0, low + part, high - part)
        return x, np.log(wide) - far - 2 * np.log1p(np.exp(-far))


def pieces_of(laws: list[Held], centre: Numbers, scale: Numbers) -> Pieces:
    """Return the pieces between the ends of the supports, with (centre, scale) of shape (rows,)."""
    ends = [end for law in laws for end in law.ends()]
    low = np.sort(np.stack(ends), axis=0)[:-1]
    high = np.sort(np.stack(ends), axis=0)[1:]
    lived = np.zeros(low.shape, bool)
    for law in laws:
        a, b = law.ends()
        lived |= (low >= a) & (high <= b)
    there = lived & (high > low)
    keep = there.any(axis=1)
    low, high, there = low[keep], high[keep], there[keep]
    open_low, open_high = np.isneginf(low), np.isposinf(high)
    kind = np.select(
        [~there, open_low & open_high, open_high, open_low], [-1, LINE, RIGHT, LEFT], BETWEEN
    )
    centre, scale = (np.broadcast_to(x, low.shape) for x in (centre, scale))
    with np.errstate(all="ignore"):
        far = np.log(2 * FAR / scale)
        wide = np.log(high - low)
        near_low, near_high = np.log(_nearest(low)), np.log(_nearest(high))
        first = np.select(
            [kind == LINE, kind == RIGHT, kind == LEFT, kind == BETWEEN],
            [-far, near_low, np.full_like(low, -np.log(FAR)), near_low - wide],
            0.0,
        )
        last = np.select(
            [kind == LINE, kind == RIGHT, kind == LEFT, kind == BETWEEN],
            [far, np.full_like(low, np.log(FAR)), -near_high, wide - near_high],
            0.0,
        )
    return Pieces(kind, low, high, centre, scale, first, last)


def _nearest(end: Numbers) -> Numbers:
    """Return how near to an end a point may lie and still be known by its distance."""
    return np.maximum(NEAR, 2.0**-26 * np.abs(end))
