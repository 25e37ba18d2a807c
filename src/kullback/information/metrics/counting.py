"""Fisher information of counted laws."""

import math
from typing import Any

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.special import digamma, lbeta, log_binomial
from kullback.arrays.special.differences import BERNOULLI
from kullback.forms.families import (
    Bernoulli,
    BetaBinomial,
    Binomial,
    Delta,
    DiscreteUniform,
    Geometric,
    LogSeries,
    NegativeBinomial,
    Poisson,
    Zipf,
)
from kullback.information.metrics.registry import SUPPORT_MOVES, constant, metric, symmetric

_JKK = "Johnson, Kemp and Kotz 2005"


@metric(Bernoulli, source="Fisher 1922")
def bernoulli(p: Any) -> Any:
    """1/(p (1 − p))."""
    return symmetric([1 / (p.probs * (1 - p.probs))])


@metric(Binomial, "probs", source="Fisher 1922", known=("n",))
def binomial(p: Any) -> Any:
    """n/(p (1 − p))."""
    return symmetric([p.n / (p.probs * (1 - p.probs))])


@metric(Poisson, source=_JKK + ", ch. 4")
def poisson(p: Any) -> Any:
    """1/rate."""
    return symmetric([1 / p.rate])


@metric(Geometric, source=_JKK + ", ch. 5")
def geometric(p: Any) -> Any:
    """1/(p² (1 − p))."""
    return symmetric([1 / (p.probs * p.probs * (1 - p.probs))])


@metric(NegativeBinomial, source="Fisher 1941")
def negative_binomial(p: Any) -> Any:
    """[[ψ′(r) − E ψ′(r + x), −1/p], [·, r/(p² (1 − p))]]."""
    r, probs = p.successes, p.probs
    return symmetric([_size(r, probs), -1 / probs], [r / (probs * probs * (1 - probs))])


_STEP = 0.03
_NODES = np.arange(-140, 141) * _STEP


def _size(r: Any, probs: Any) -> Any:
    """ψ′(r) − E ψ′(r + x) = ∫₀^∞ t e^(−rt)/(1 − e^(−t)) (1 − (p/(1 − (1 − p) e^(−t)))^r) dt.

    By the trapezoidal rule in v, t = e^(v − e^(−v))/r.
    """
    xp = namespace(r, probs)
    r, probs = xp.broadcast_arrays(r, probs)
    r, probs = r[..., None], probs[..., None]
    v = constant(_NODES, r)
    t = xp.exp(v - xp.exp(-v)) / r
    slope = t * (1 + xp.exp(-v))
    lost = (1 - probs) * -xp.expm1(-t)  # 1 − q e^−t = p + q (1 − e^−t)
    power = -xp.expm1(-r * xp.log1p(lost / probs))
    value = t / -xp.expm1(-t) * xp.exp(-r * t) * power * slope
    return _STEP * xp.sum(value, axis=-1)


@metric(
    DiscreteUniform, source="",
    refused=dict.fromkeys(("low", "high"), "it is a whole number, and an end of the support"),
)  # fmt: skip
@metric(Delta, source="", refused={"at": f"all mass lies there: {SUPPORT_MOVES}"})
def nothing(p: Any) -> Any:
    """Return nothing: all parameters are refused."""
    raise AssertionError(p)


@metric(LogSeries, source=_JKK + ", ch. 7: variance/p²")
def log_series(p: Any) -> Any:
    """−(L + p)/(p (1 − p)² L²), L = log(1 − p)."""
    probs = p.probs
    xp = namespace(probs)
    log = xp.log1p(-probs)
    near = probs < 0.1
    small = xp.where(near, probs, 0 * probs)
    series = 0 * small
    for k in range(18, 1, -1):  # −(L + p) = p²/2 + p³/3 + …
        series = series * small + 1 / k
    excess = xp.where(near, probs * probs * series, -(log + probs))
    return symmetric([excess / (probs * ((1 - probs) * log) ** 2)])


@metric(BetaBinomial, "a", "b", source="the sum over the n + 1 outcomes", known=("n",))
def beta_binomial(p: Any) -> Any:
    """E of the outer product of ψ(x + a) − ψ(n + a + b) + ψ(a + b) − ψ(a) and its mirror image."""
    xp = namespace(p.n)
    n, a, b = (x[..., None] for x in xp.broadcast_arrays(p.n, p.a, p.b))
    most = int(xp.max(p.n))
    k = constant(np.arange(most + 1), p.n) + 0 * n
    inside = k <= n
    k = xp.where(inside, k, 0 * k)
    mass = xp.exp(log_binomial(n, k) + lbeta(k + a, n - k + b) - lbeta(a, b))
    mass = xp.where(inside, mass, 0 * mass)
    both = digamma(a + b) - digamma(n + a + b)
    of_a = digamma(k + a) - digamma(a) + both
    of_b = digamma(n - k + b) - digamma(b) + both
    sums = [xp.sum(mass * x, axis=-1) for x in (of_a * of_a, of_a * of_b, of_b * of_b)]
    return symmetric([sums[0], sums[1]], [sums[2]])


@metric(Zipf, source="the variance of log x, ζ″/ζ − (ζ′/ζ)²")
def zipf(p: Any) -> Any:
    """(log ζ)″(exponent)."""
    value, first, second = _zeta_and_slopes(p.exponent)
    return symmetric([second / value - (first / value) ** 2])


_FIRST = 25


def _zeta_and_slopes(s: Any) -> tuple[Any, Any, Any]:
    """Return ζ, ζ′, ζ″ by Euler and Maclaurin: 24 terms, and what follows from N = 25.

    N^(1 − s)/(s − 1) + N^−s/2 + Σ B₂ₖ/(2k)! s (s + 1) … (s + 2k − 2) N^(1 − s − 2k).
    """
    xp = namespace(s)
    logs = constant(np.log(np.arange(1, _FIRST)), s)
    terms = xp.exp(-s[..., None] * logs)
    sums = [xp.sum(terms * (-logs) ** j, axis=-1) for j in range(3)]
    log_n, last = math.log(_FIRST), xp.exp(-s * math.log(_FIRST))
    power = (last, -log_n * last, log_n**2 * last)
    e = 1 / (s - 1)
    tail = _times(power, (_FIRST * e, -_FIRST * e * e, 2 * _FIRST * e * e * e))
    found = [a + b + 0.5 * c for a, b, c in zip(sums, tail, power, strict=True)]
    one = 1 + 0 * s
    rising = (s, one, 0 * s)
    factor = 0.5 / _FIRST
    for k, b in enumerate(BERNOULLI, start=1):
        term = _times(power, rising)
        found = [x + b * factor * y for x, y in zip(found, term, strict=True)]
        for shift in (2 * k - 1, 2 * k):
            rising = _times(rising, (s + shift, one, 0 * s))
        factor /= (2 * k + 1) * (2 * k + 2) * _FIRST**2
    return found[0], found[1], found[2]


def _times(x: tuple[Any, Any, Any], y: tuple[Any, Any, Any]) -> tuple[Any, Any, Any]:
    """Return the product of two functions with their first and second derivatives."""
    return x[0] * y[0], x[0] * y[1] + x[1] * y[0], x[0] * y[2] + 2 * x[1] * y[1] + x[2] * y[0]
