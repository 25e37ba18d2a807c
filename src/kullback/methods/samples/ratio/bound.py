"""A held-out value with its margin.

Fold k holds out rows of both samples, and its critic T has seen none of them, so that
B_k = mean T(x) − mean f*(T(y)) has an expectation of at most Σ q f(p/q), whatever the critic. So
has B = Σ π_k B_k with weights π_k fixed beforehand. Given the critics, B is a sum of independent
means: its variance and its skewness are those of the terms, block by block.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from kullback.errors import InvalidInputError

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Side:
    """Terms of one sample.

    Attributes
    ----------
    terms : array, shape (n,)
        T(x), or f*(T(y)), each by the critic of another fold.
    fold : array of int, shape (n,)
        Where each was held out.
    weights : array, shape (n,), or None
        Summing to 1.
    block : array of int, shape (n,), or None
        Which terms are not independent of each other.
    """

    terms: Numbers
    fold: npt.NDArray[np.int64]
    weights: Numbers | None = None
    block: npt.NDArray[np.int64] | None = None

    @property
    def shares(self) -> Numbers:
        """The weight of each row."""
        return np.full(len(self.terms), 1 / len(self.terms)) if self.weights is None else (
            self.weights
        )  # fmt: skip


@dataclass(frozen=True)
class Bound:
    """A lower bound in expectation, and how it varies.

    Attributes
    ----------
    value : float
        B.
    error : float
        Its standard error.
    skewness : float
        Of B: κ₃/error³.
    unseen : float
        What one row of q would cost where p is and no row of q was seen; 0 where both are seen.
    notes : tuple of str
        What happened while the critics were fitted.
    """

    value: float
    error: float
    skewness: float
    unseen: float = 0.0
    notes: tuple[str, ...] = ()

    def lower(self, level: float) -> float:
        """Return the lower limit that the expectation of B exceeds with probability `level`.

        The normal limit corrected for skewness (Johnson, Modified t tests and confidence
        intervals for asymmetrical populations, J. Am. Stat. Assoc. 73 (1978)): with a few large
        e^T among many small ones, B reads high more often than low. Where no row of q was seen,
        up to log(1/(1 − level)) of them may have been missed (the rule of three).
        """
        z = NormalDist().inv_cdf(level)
        margin = self.error * (z - self.skewness * (2 * z * z + 1) / 6)
        return self.value - margin + self.unseen * math.log1p(-level)

    @property
    def chance(self) -> float:
        """The p-value against an expectation of 0 or less."""
        missed = math.exp(-max(self.value, 0.0) / self.unseen) if self.unseen else 0.0
        if self.error == 0:
            return 1.0 if self.value <= 0 else missed
        return max(math.erfc(self.value / (self.error * math.sqrt(2))) / 2, missed)


def bound(p: Side, q: Side) -> Bound:
    """Return Σ π_k (mean_k T(x) − mean_k f*(T(y))), with its error."""
    k = int(max(p.fold.max(), q.fold.max())) + 1
    for side in (p, q):
        if (np.bincount(side.fold, side.shares, k) == 0).any():
            raise InvalidInputError(
                f"All weights of one of {k} folds are 0: there is nothing to hold out. Leave rows "
                "of weight 0 out, or ask for fewer folds."
            )
    pi = np.asarray(np.bincount(p.fold, p.shares, k) + np.bincount(q.fold, q.shares, k)) / 2
    first, second = _mean(p, pi), _mean(q, pi)
    variance = first[1] + second[1]
    error = float(np.sqrt(variance))
    skewness = (first[2] - second[2]) / error**3 if error > 0 else 0.0
    return Bound(first[0] - second[0], error, float(skewness))


def _mean(side: Side, pi: Numbers) -> tuple[float, float, float]:
    """Return Σ π_k mean_k, and the second and third cumulant of that."""
    k = len(pi)
    of_fold = np.bincount(side.fold, side.shares, k)
    each = pi[side.fold] * side.shares / of_fold[side.fold]
    with np.errstate(invalid="ignore"):
        means = np.bincount(side.fold, side.shares * side.terms, k) / of_fold
        apart = each * (side.terms - means[side.fold])
    if side.block is not None:
        apart = np.asarray(np.bincount(side.block, apart), dtype=np.float64)
    n = len(apart)
    lost = n / (n - k)
    return (
        float(np.sum(pi * means)),
        float(np.sum(apart**2) * lost),
        float(np.sum(apart**3) * lost**1.5),
    )


LogRatio = Callable[[Numbers], Numbers]
"""From rows, shape (n, d), to log r, shape (n,)."""
