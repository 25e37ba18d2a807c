"""Fisher information of laws on an interval or on the circle."""

import math
from typing import Any

from kullback.arrays.namespace import bits_of, namespace
from kullback.arrays.special import bessel_ratio, digamma_difference, polygamma, trigamma
from kullback.forms.families import (
    Beta,
    ContinuousBernoulli,
    Kumaraswamy,
    LogUniform,
    Uniform,
    VonMises,
)
from kullback.information.metrics.registry import SUPPORT_MOVES, metric, symmetric


@metric(Beta, source="Johnson, Kotz and Balakrishnan 1995, ch. 25")
def two_counts(p: Any) -> Any:
    """[[ψ′(a) − ψ′(a + b), −ψ′(a + b)], [·, ψ′(b) − ψ′(a + b)]]."""
    total = trigamma(p.a + p.b)
    return symmetric([trigamma(p.a) - total, -total], [trigamma(p.b) - total])


_ENDS = dict.fromkeys(("low", "high"), f"it is an end of the support: {SUPPORT_MOVES}")


@metric(Uniform, source="", refused=_ENDS)
@metric(LogUniform, source="", refused=_ENDS)
def nothing(p: Any) -> Any:
    """Return nothing: both parameters are refused."""
    raise AssertionError(p)


@metric(Kumaraswamy, source="Jones 2009, section 3.4")
def kumaraswamy(p: Any) -> Any:
    """[[(1 + b (Δ² + ψ′(2) − ψ′(b))/(b − 2))/a², −(ψ(b + 1) − ψ(2))/((b − 1) a)], [·, 1/b²]].

    Δ = ψ(b) − ψ(2).
    """
    a, b = p.a, p.b
    first = digamma_difference(namespace(b).full_like(b, 2.0), b)
    squared = first * _divided(0, b - 2)
    slope = _divided(0, b - 1)
    return symmetric(
        [(1 + b * (squared - _divided(1, b - 2))) / (a * a), -slope / a], [1 / (b * b)]
    )


def _divided(n: int, d: Any) -> Any:
    """(ψ⁽ⁿ⁾(2 + d) − ψ⁽ⁿ⁾(2))/d, by Taylor's series near d = 0."""
    xp = namespace(d)
    near = xp.abs(d) < 0.05
    small, far = xp.where(near, d, 0 * d), xp.where(near, 0 * d + 1, d)
    two = xp.full_like(d, 2.0)
    series = 0 * d
    for k in range(9, 0, -1):
        series = series * small + polygamma(n + k, two) / math.factorial(k)
    return xp.where(near, series, (polygamma(n, 2 + far) - polygamma(n, two)) / far)


@metric(ContinuousBernoulli, source="Loaiza-Ganem and Cunningham 2019: variance/(p (1 − p))²")
def continuous_bernoulli(p: Any) -> Any:
    """(1/η² − 1/(4 sinh²(η/2)))/(p (1 − p))², η = log p/(1 − p)."""
    probs = p.probs
    xp = namespace(probs)
    eta = xp.log(probs) - xp.log1p(-probs)
    near = xp.abs(eta) < 0.5
    small, far = xp.where(near, eta, 0 * eta), xp.where(near, 0 * eta + 1, eta)
    w = small * small
    series = 1 / 12 + w * (
        -1 / 240 + w * (1 / 6048 + w * (-1 / 172800 + w * (1 / 5322240 + w * -691 / 118879488000)))
    )
    root = xp.exp(-0.5 * xp.abs(far)) / -xp.expm1(-xp.abs(far))  # 1/(2 sinh |η|/2)
    variance = xp.where(near, series, 1 / (far * far) - root * root)
    return symmetric([variance / (probs * (1 - probs)) ** 2])


@metric(VonMises, source="Mardia and Jupp 2000, section 5.3")
def von_mises(p: Any) -> Any:
    """diag(κ A, 1 − A/κ − A²), A = I₁(κ)/I₀(κ)."""
    kappa = p.concentration + 0 * p.loc
    order = 0.0
    return symmetric([kappa * bessel_ratio(order, kappa), 0.0], [bessel_ratio_slope(order, kappa)])


def bessel_ratio_slope(order: float, kappa: Any) -> Any:
    """A′(κ) = 1 − A² − (2ν + 1) A/κ, A = I_{ν+1}(κ)/I_ν(κ), to full precision for large κ too.

    There it is the second derivative of log I_ν(κ)/κ^ν by Hankel's expansion (DLMF 10.40.1).
    """
    xp = namespace(kappa)
    mu = 4 * order * order
    least = max(40.0 if bits_of(kappa) == 64 else 12.0, mu)
    large = kappa > least
    some = kappa > 1e-150
    near = xp.where(large | ~some, xp.ones_like(kappa), kappa)
    ratio = bessel_ratio(order, near)
    close = 1 - ratio * ratio - (2 * order + 1) * ratio / near
    x = 1 / xp.where(large, kappa, xp.full_like(kappa, least))
    s, first, second = 1 + 0 * x, 0 * x, 0 * x
    coefficient = 1.0
    for k in range(1, 16):  # S = Σ c_k x^k, and its derivatives in κ
        coefficient *= -(mu - (2 * k - 1) ** 2) / (8 * k)
        term = coefficient * x**k
        s, first, second = s + term, first - k * term * x, second + k * (k + 1) * term * x * x
    hankel = second / s - (first / s) ** 2 + (0.5 + order) * x * x
    value = xp.where(large, hankel, close)
    return xp.where(some, value, xp.full_like(kappa, 1 / (2 * order + 2)))
