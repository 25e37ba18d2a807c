"""Series read as rows: the next value of y, the past of x, the past of y."""

import math
from dataclasses import dataclass, field, replace

import numpy as np

from kullback.errors import InvalidInputError
from kullback.forms.samples import Samples
from kullback.methods.samples.draws import Draws
from kullback.questions import TransferEntropy

ENOUGH = 20
"""With as many series, whole series are resampled; with fewer, stretches of them."""

FEWEST = 40
"""Fewer ways than this to move series in time cannot show a p-value of 0.025."""


@dataclass(frozen=True, eq=False)
class Series(Draws):
    """Rows (y at t + 1, x at t … t − lag + 1, y at t … t − lag + 1), in the order of time.

    Attributes
    ----------
    series : array of int, shape (n,)
        Which series each row is from. No row joins two.
    """

    series: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def taken(self, rows_x: np.ndarray, rows_y: np.ndarray | None = None) -> "Series":
        """Return the draws of these rows."""
        some = super().taken(rows_x, rows_y)
        assert isinstance(some, Series)
        return replace(some, series=self.series[rows_x])


def embedded(of: TransferEntropy, p: Samples) -> Series:
    """Return the rows of two series observed together; each block is a series of its own.

    Raises
    ------
    InvalidInputError
        Where no series is long enough for one row.
    """
    x, y = p.variables
    label = np.zeros(p.n, dtype=np.int64) if p.block is None else p.block
    order = np.argsort(label, kind="stable")
    x, y, label = x[order], y[order], label[order]
    last = np.arange(of.lag - 1, p.n - 1)
    last = last[label[last - of.lag + 1] == label[last + 1]]
    if len(last) == 0:
        longest = int(np.unique(label, return_counts=True)[1].max())
        raise InvalidInputError(
            f"{of!r} needs {of.lag + 1} moments in a row, and the longest series has {longest}."
        )
    back = last[:, None] - np.arange(of.lag)
    past_x, past_y = x[back].reshape(len(last), -1), y[back].reshape(len(last), -1)
    series = label[last]
    return Series(
        np.hstack([y[last + 1], past_x, past_y]),
        split=(y.shape[1], past_x.shape[1], past_y.shape[1]),
        block_x=stretches(series),
        whole=p.whole,
        series=series,
    )


def stretches(series: np.ndarray) -> np.ndarray:
    """Return a number for each row: its series, or, of few series, its stretch of √n rows."""
    labels, start, size = np.unique(series, return_index=True, return_counts=True)
    if len(labels) >= ENOUGH:
        return series
    place = np.arange(len(series)) - np.repeat(start, size)
    long = int(np.sqrt(len(series)))
    pair = np.stack([series, place // long], axis=1)
    number: np.ndarray = np.unique(pair, axis=0, return_inverse=True)[1].reshape(-1)
    return number


def shifted(draws: Series, rng: np.random.Generator) -> np.ndarray | None:
    """Return, for each row, another of its series: all a random number of moments later, in a ring.

    What x and y have of their own past stays as it is; what they have of each other goes. The
    number is at least √n of n moments: after fewer, much of an influence is where it was. None
    where there are too few such numbers.
    """
    _, start, size = np.unique(draws.series, return_index=True, return_counts=True)
    least = np.minimum(np.sqrt(size).astype(np.int64), size // 2)
    if np.log(np.where(size > 1, size - 2 * least + 1, 1)).sum() < math.log(FEWEST):
        return None
    by = rng.integers(least, size - least + 1)
    place = np.arange(draws.n) - np.repeat(start, size)
    moved = (place + np.repeat(by, size)) % np.repeat(size, size)
    return np.asarray(np.repeat(start, size) + moved)
