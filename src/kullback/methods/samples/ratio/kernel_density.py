"""On the line: the ratio of two kernel densities of one bandwidth.

log r = log Σ e^(−(z − xᵢ)²/2h²)/n − log Σ e^(−(z − yⱼ)²/2h²)/m. One bandwidth for both: of two, the
wider would rule the ratio in the tails. It is that of the least log-loss of telling rows left out
apart by r.
"""

from dataclasses import dataclass

import numpy as np

from kullback.errors import InvalidInputError
from kullback.forms import Form
from kullback.forms.samples import Samples
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.ratio.bound import LogRatio, Numbers
from kullback.methods.samples.ratio.method import RatioMethod
from kullback.questions import Divergence, Question

FACTORS = tuple(float(x) for x in np.geomspace(0.25, 4.0, 9))
"""Bandwidths tried, in those of Silverman's rule."""
FINE = 16
"""Cells a bandwidth, into which more rows than `EXACT` are put together."""
EXACT = 500
LEAST = 700.0
"""Minus the log of the least density that a row without any other near it has."""


@dataclass(frozen=True, repr=False)
class KernelDensity(RatioMethod):
    """Gaussian kernel densities in one dimension, held out: a lower bound, for comparison.

    Parameters
    ----------
    bandwidth : float, optional
        Of both densities, in units of the samples; by the log-loss of rows left out if left out.
    folds, reach, permutations
        As for `QuadraticLogistic`.

    >>> import kullback as kb, numpy as np
    >>> rng, of = np.random.default_rng(0), kb.TotalVariation()
    >>> x, y = rng.normal(1, 1, 2000), rng.normal(0, 1, 2000)  # TV = 0.3829
    >>> found = kb.measure(kb.Samples(x), kb.Samples(y), of=of, by=kb.KernelDensity())
    >>> round(float(found.value), 2), round(float(found.interval()[0]), 2)
    (0.36, 0.34)
    """

    bandwidth: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.bandwidth is not None and not 0 < self.bandwidth < np.inf:
            raise InvalidInputError(
                f"bandwidth={self.bandwidth!r}: it is positive and finite, in units of the samples."
            )

    def refuse_question(self, of: Question, p: Samples, q: Form | None, /) -> str | None:
        """Refuse more than one dimension."""
        if p.dimensions != 1:
            return f"is for one dimension, and there are {p.dimensions}"
        return super().refuse_question(of, p, q)

    def fit(self, _of: Divergence, draws: Draws, _rng: np.random.Generator | None, /) -> LogRatio:
        """Return the difference of two log-densities."""
        assert draws.y is not None
        x, y = draws.x[:, 0], draws.y[:, 0]
        h = self.bandwidth or _bandwidth(x, y)
        first, second = Kernels.of(x, h), Kernels.of(y, h)
        return lambda z: first(z[:, 0]) - second(z[:, 0])


@dataclass(frozen=True, eq=False)
class Kernels:
    """Rows, put together in cells of h/16 where they are many.

    Attributes
    ----------
    cells, counts : array, shape (k,)
        Where rows are, and how many.
    h : float
        The bandwidth.
    """

    cells: Numbers
    counts: Numbers
    h: float

    @classmethod
    def of(cls, x: Numbers, h: float) -> "Kernels":
        """Return the kernels of rows x."""
        if len(x) <= EXACT:
            return cls(x, np.ones(len(x)), h)
        cells, counts = np.unique(np.round(x * (FINE / h)) * (h / FINE), return_counts=True)
        return cls(cells, counts.astype(np.float64), h)

    def __call__(self, z: Numbers) -> Numbers:
        """Log of the mean kernel at each z."""
        return np.asarray(self.log_sum(z) - np.log(self.counts.sum()))

    def left_out(self, z: Numbers) -> Numbers:
        """Log of the mean kernel at each z, one of the rows, without its own."""
        every = self.log_sum(z)
        with np.errstate(divide="ignore", invalid="ignore"):
            others = every + np.log1p(-np.exp(np.minimum(-every, 0.0)))
        return np.asarray(others - np.log(self.counts.sum() - 1))

    def log_sum(self, z: Numbers) -> Numbers:
        """Log Σ counts e^(−(z − cell)²/2h²), in blocks of rows."""
        out, step = np.empty(len(z)), max(1, 1_000_000 // len(self.cells))
        log_counts = np.log(self.counts)
        for start in range(0, len(z), step):
            away = (z[start : start + step, None] - self.cells) / self.h
            terms = log_counts - 0.5 * away**2
            top = terms.max(axis=1)
            out[start : start + step] = top + np.log(np.exp(terms - top[:, None]).sum(axis=1))
        return out


def _bandwidth(x: Numbers, y: Numbers) -> float:
    both = np.concatenate([x, y])
    low, high = np.percentile(both, [25, 75])
    spread = min(float(np.std(both)), (high - low) / 1.349) or float(np.std(both))
    if spread == 0:
        raise InvalidInputError(
            f"All {len(both)} rows are {both[0]:g}: a kernel density needs a bandwidth=."
        )
    rule = 0.9 * spread * min(len(x), len(y)) ** -0.2
    return min((float(rule * f) for f in FACTORS), key=lambda h: _loss(x, y, h))


def _loss(x: Numbers, y: Numbers, h: float) -> float:
    """Mean log-loss of both samples by r, each row left out of its own density."""
    first, second = Kernels.of(x, h), Kernels.of(y, h)
    a, b = (rows[:: len(rows) // EXACT + 1] for rows in (x, y))
    of_a = np.maximum(first.left_out(a), -LEAST) - second(a)
    of_b = first(b) - np.maximum(second.left_out(b), -LEAST)
    return float(np.mean(np.logaddexp(0.0, -of_a)) + np.mean(np.logaddexp(0.0, of_b)))
