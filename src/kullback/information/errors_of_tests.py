"""The error of the best test after n samples, where it is a finite sum or a known function.

½ Σ min(pⁿ, qⁿ) over all that n samples can show. The order of samples does not matter, nor which
of two outcomes with one likelihood ratio came: a table needs the sum over types, the counts of each
ratio. Where the likelihood ratio is monotone in the sum of the samples, the sum is enough.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from kullback.forms.families import (
    Bernoulli,
    Binomial,
    Exponential,
    Family,
    Gamma,
    Geometric,
    HalfNormal,
    InverseGamma,
    Laplace,
    LogNormal,
    Maxwell,
    MultivariateNormal,
    Normal,
    Pareto,
    Poisson,
    Rayleigh,
    Weibull,
)
from kullback.forms.families.outcomes import as_numpy
from kullback.forms.form import Form

MOST_TYPES = 300_000

ErrorAfter = Callable[[int], float]


def error_after(p: Form, q: Form, tables: tuple[Any, Any] | None, most: int) -> ErrorAfter | None:
    """Return the error as a function of n ≤ most; None where it cannot be summed in time."""
    if tables is not None:
        return _of_tables(*tables, most)
    if isinstance(p, Family) and isinstance(q, Family) and type(p) is type(q):
        return _of_sums(p, q)
    return None


def first_below(after: ErrorAfter, error: float, low: int, high: int) -> int:
    """Return the least n from low to high with an error that small; the error never rises."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if after(middle) <= error * (1 + 1e-12) else (middle + 1, high)
    return high


def _of_tables(p: Any, q: Any, most: int) -> ErrorAfter | None:
    p, q = _merged(p, q)
    if math.comb(most + len(p) - 1, max(len(p) - 1, 0)) > MOST_TYPES:
        return None
    log_p, log_q = np.log(p), np.log(q)

    def after(n: int) -> float:
        counts = _types(n, len(p))
        from scipy.special import gammaln

        ways = gammaln(n + 1) - gammaln(counts + 1).sum(axis=-1)
        return 0.5 * float(np.sum(np.exp(ways + np.minimum(counts @ log_p, counts @ log_q))))

    return after


def _merged(p: Any, q: Any) -> tuple[Any, Any]:
    """Return the masses of each likelihood ratio that both laws can show."""
    both = (p > 0) & (q > 0)
    p, q = p[both], q[both]
    order = np.argsort(p / q)
    p, q = p[order], q[order]
    ratio = np.log(p / q)
    new = np.concatenate([[True], np.diff(ratio) > 1e-13 * np.maximum(1, np.abs(ratio[1:]))])
    group = np.cumsum(new) - 1
    return np.bincount(group, p), np.bincount(group, q)


def _types(n: int, k: int) -> Any:
    """Return all ways to share n samples among k outcomes, shape (ways, k)."""
    counts, left = np.zeros((1, 0)), np.asarray([n])
    for _ in range(k - 1):
        ways = left + 1
        start = np.repeat(np.cumsum(ways) - ways, ways)
        taken = np.arange(ways.sum()) - start
        counts = np.concatenate([np.repeat(counts, ways, axis=0), taken[:, None]], axis=1)
        left = np.repeat(left, ways) - taken
    return np.concatenate([counts, left[:, None]], axis=1)


def _of_sums(p: Family, q: Family) -> ErrorAfter | None:
    """Return the error of the test on the sum of the samples, or of a function of each."""
    from scipy import special as sp

    gammas = _as_gammas(p, q)
    if gammas is not None:
        shape, a, b = gammas  # the sum is below the cut where the rate is larger
        cut = shape * math.log(a / b) / (a - b)
        return lambda n: _two(
            sp.gammaincc(n * shape, n * cut * a), sp.gammainc(n * shape, n * cut * b)
        )
    half = _half_distance(p, q)
    if half is not None:
        return lambda n: float(sp.ndtr(-half * math.sqrt(n)))
    if isinstance(p, Bernoulli | Binomial):
        m = int(getattr(p, "n", 1))
        if m != int(getattr(q, "n", 1)):
            return None
        a, b = _sorted(p, q, "probs")
        cut = _cut_of_bernoulli(a, b)
        return lambda n: _two(
            sp.bdtrc(math.floor(n * m * cut), n * m, a), sp.bdtr(math.floor(n * m * cut), n * m, b)
        )
    if isinstance(p, Poisson):
        a, b = _sorted(p, q, "rate")
        cut = (b - a) / math.log(b / a) if a > 0 else 0.0
        return lambda n: _two(
            sp.pdtrc(math.floor(n * cut), n * a), sp.pdtr(math.floor(n * cut), n * b)
        )
    if isinstance(p, Geometric):
        b, a = _sorted(p, q, "probs")
        cut = math.log(a / b) / (math.log1p(-b) - math.log1p(-a)) if a < 1 else 0.0
        return lambda n: _two(
            sp.nbdtrc(math.floor(n * cut), n, a), sp.nbdtr(math.floor(n * cut), n, b)
        )
    return None


def _two(above: float, below: float) -> float:
    """Return the mean of the two errors: the lower law's mass above the cut, and the reverse."""
    return 0.5 * (float(above) + float(below))


def _sorted(p: Any, q: Any, name: str) -> tuple[float, float]:
    a, b = sorted((float(getattr(p, name)), float(getattr(q, name))))
    return a, b


_GAMMAS: dict[type[Family], tuple[str | None, Callable[[Any], tuple[float, float]]]] = {
    Exponential: (None, lambda p: (1.0, p.rate)),
    Gamma: ("shape", lambda p: (p.shape, p.rate)),
    InverseGamma: ("shape", lambda p: (p.shape, p.scale)),
    Pareto: ("scale", lambda p: (1.0, p.shape)),
    Rayleigh: (None, lambda p: (1.0, p.scale**-2)),
    Maxwell: (None, lambda p: (1.5, p.scale**-2)),
    HalfNormal: (None, lambda p: (0.5, p.scale**-2)),
    Weibull: ("shape", lambda p: (1.0, p.scale**-p.shape)),
    Laplace: ("loc", lambda p: (1.0, 1 / p.scale)),
    Normal: ("loc", lambda p: (0.5, p.scale**-2)),
    LogNormal: ("loc", lambda p: (0.5, p.scale**-2)),
}
"""Families of which one function of a sample has a Gamma law (a power, a logarithm, a square).

The parameter that both laws must share; shape and rate, up to a constant.
"""


def _as_gammas(p: Any, q: Any) -> tuple[float, float, float] | None:
    """Return the shape, the larger and the smaller rate; None where p and q have no such pair."""
    if type(p) not in _GAMMAS:
        return None
    shared, read = _GAMMAS[type(p)]
    if shared is not None and float(getattr(p, shared)) != float(getattr(q, shared)):
        return None
    (shape, a), (_, b) = read(p), read(q)
    low, high = sorted((float(a), float(b)))
    return float(shape), high, low


def _half_distance(p: Any, q: Any) -> float | None:
    """Return half the distance between two Gaussians in units of their common spread."""
    if isinstance(p, Normal | LogNormal) and float(p.scale) == float(q.scale):
        return abs(float(p.loc) - float(q.loc)) / (2 * float(p.scale))
    if isinstance(p, MultivariateNormal) and p.spread == q.spread:
        if not np.array_equal(as_numpy(getattr(p, p.spread)), as_numpy(getattr(q, q.spread))):
            return None
        return 0.5 * float(np.linalg.norm(as_numpy(p.whitened(p.mean - q.mean))))
    return None


def _cut_of_bernoulli(a: float, b: float) -> float:
    """Return the share of successes at which both probabilities are equally likely, a < b."""
    if a == 0:
        return 0.0
    if b == 1:
        return 1 - 1e-15
    lost = math.log1p(-a) - math.log1p(-b)
    return lost / (lost + math.log(b / a))
