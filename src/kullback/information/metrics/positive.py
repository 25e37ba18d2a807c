"""Fisher information of laws on the positive numbers."""

import math
from typing import Any

from kullback.arrays.namespace import is_traced, namespace
from kullback.arrays.special import digamma, trigamma
from kullback.arrays.special.gamma import EULER
from kullback.errors import InvalidInputError
from kullback.forms.families import (
    BetaPrime,
    Chi,
    ChiSquared,
    Erlang,
    Exponential,
    Frechet,
    Gamma,
    GeneralizedGamma,
    GeneralizedPareto,
    HalfCauchy,
    HalfNormal,
    InverseGamma,
    InverseGaussian,
    Levy,
    LogLogistic,
    Lomax,
    Maxwell,
    Nakagami,
    Pareto,
    Rayleigh,
    Weibull,
)
from kullback.information.metrics.bounded import two_counts
from kullback.information.metrics.registry import SUPPORT_MOVES, metric, scaled, symmetric

_JKB = "Johnson, Kotz and Balakrishnan 1994"

metric(BetaPrime, source="Beta's, for x/(1 + x)")(two_counts)


@metric(Exponential, source=_JKB + ", ch. 19")
def exponential(p: Any) -> Any:
    """1/rate²."""
    return scaled(p.rate, (1.0,))


@metric(Gamma, source=_JKB + ", ch. 17")
def gamma(p: Any) -> Any:
    """[[ψ′(a), −1/b], [−1/b, a/b²]]."""
    a, b = p.shape, p.rate
    return symmetric([trigamma(a), -1 / b], [a / (b * b)])


@metric(Erlang, "rate", source=_JKB + ", ch. 17", known=("shape",))
def erlang(p: Any) -> Any:
    """shape/rate²."""
    return symmetric([p.shape / (p.rate * p.rate)])


@metric(InverseGamma, source="Gamma's, for 1/x")
def inverse_gamma(p: Any) -> Any:
    """[[ψ′(a), −1/b], [−1/b, a/b²]]."""
    a, b = p.shape, p.scale
    return symmetric([trigamma(a), -1 / b], [a / (b * b)])


@metric(ChiSquared, source="Gamma's, of shape df/2")
@metric(Chi, source="Gamma's, of x²/2 and shape df/2")
def chi_squared(p: Any) -> Any:
    """¼ ψ′(df/2)."""
    return symmetric([0.25 * trigamma(p.df / 2)])


_WEIBULL = math.pi**2 / 6 + (1 - EULER) ** 2


@metric(Weibull, source=_JKB + ", ch. 21")
def weibull(p: Any) -> Any:
    """[[(π²/6 + (1 − γ)²)/k², −(1 − γ)/s], [·, k²/s²]], k the shape, s the scale."""
    k, s = p.shape, p.scale
    return symmetric([_WEIBULL / (k * k), (EULER - 1) / s], [(k / s) ** 2])


@metric(Frechet, source="Weibull's, for 1/x")
def frechet(p: Any) -> Any:
    """[[(π²/6 + (1 − γ)²)/k², (1 − γ)/s], [·, k²/s²]], k the shape, s the scale."""
    k, s = p.shape, p.scale
    return symmetric([_WEIBULL / (k * k), (1 - EULER) / s], [(k / s) ** 2])


@metric(InverseGaussian, source="Tweedie 1957")
def inverse_gaussian(p: Any) -> Any:
    """diag(λ/μ³, 1/(2λ²)), μ the mean, λ the shape."""
    mu, shape = p.mean, p.shape
    return symmetric([shape / mu**3, 0.0], [0.5 / (shape * shape)])


@metric(Rayleigh, source="E[(x²/s² − 2)²]/s², x²/(2s²) exponential")
def rayleigh(p: Any) -> Any:
    """4/scale²."""
    return scaled(p.scale, (4.0,))


@metric(Maxwell, source="E[(x²/s² − 3)²]/s², x²/s² chi-squared of 3 degrees")
def maxwell(p: Any) -> Any:
    """6/scale²."""
    return scaled(p.scale, (6.0,))


@metric(HalfNormal, source="Normal's, about the scale")
def half_normal(p: Any) -> Any:
    """2/scale²."""
    return scaled(p.scale, (2.0,))


@metric(HalfCauchy, source="Cauchy's, about the scale")
def half_cauchy(p: Any) -> Any:
    """½/scale²."""
    return scaled(p.scale, (0.5,))


@metric(Nakagami, source="Gamma's, of x², shape m and rate m/Ω")
def nakagami(p: Any) -> Any:
    """diag(ψ′(m) − 1/m, m/Ω²), m the shape, Ω the spread."""
    m, spread = p.shape, p.spread
    return symmetric([_trigamma_excess(m), 0.0], [m / (spread * spread)])


_STIRLING = (1 / 6, -1 / 30, 1 / 42, -1 / 30, 5 / 66, -691 / 2730, 7 / 6)


def _trigamma_excess(m: Any) -> Any:
    """ψ′(m) − 1/m, ≈ 1/(2m²)."""
    xp = namespace(m)
    large = m > 15
    x = 1 / xp.where(large, m, xp.full_like(m, 15.0))
    tail = x * 0 + _STIRLING[-1]
    for c in _STIRLING[-2::-1]:
        tail = tail * x * x + c
    small = xp.where(large, xp.ones_like(m), m)
    return xp.where(large, x * x * (0.5 + x * tail), trigamma(small) - 1 / small)


@metric(GeneralizedGamma, source="moments of g = (x/s)^power, which is Gamma(a, 1)")
def generalized_gamma(p: Any) -> Any:
    """[[ψ′, r/s, −ψ/r], [·, a r²/s², −(aψ + 1)/s], [·, ·, (aψ′ + aψ² + 2ψ + 1)/r²]] at a."""
    a, s, r = p.shape, p.scale, p.power
    psi, psi1 = digamma(a), trigamma(a)
    power = (a * psi1 + a * psi * psi + 2 * psi + 1) / (r * r)
    return symmetric([psi1, r / s, -psi / r], [a * (r / s) ** 2, -(a * psi + 1) / s], [power])


@metric(Levy, source="moments of scale/(x − loc), chi-squared of 1 degree")
def levy(p: Any) -> Any:
    """[[21/2, 3/2], [·, ½]]/scale²; the density vanishes with all its slopes where x meets loc."""
    return scaled(p.scale + 0 * p.loc, (10.5, 1.5), (0.5,))


@metric(
    Pareto,
    "shape",
    source=_JKB + ", ch. 20",
    refused={"scale": f"it is the minimum: {SUPPORT_MOVES}"},
)
def pareto(p: Any) -> Any:
    """1/shape²."""
    return symmetric([1 / (p.shape * p.shape) + 0 * p.scale])


@metric(Lomax, source="Brazauskas 2002")
def lomax(p: Any) -> Any:
    """[[1/a², −1/(s (a + 1))], [·, a/(s² (a + 2))]]."""
    a, s = p.shape, p.scale
    return symmetric([1 / (a * a), -1 / (s * (a + 1))], [a / (s * s * (a + 2))])


@metric(
    GeneralizedPareto, "scale", "concentration", source="Smith 1984",
    refused={"loc": f"it is the minimum: {SUPPORT_MOVES}"},
)  # fmt: skip
def generalized_pareto(p: Any) -> Any:
    """[[1/(s² (1 + 2ξ)), 1/(s (1 + ξ)(1 + 2ξ))], [·, 2/((1 + ξ)(1 + 2ξ))]] for ξ > −½."""
    s, xi = p.scale + 0 * p.loc, p.concentration
    if not is_traced(xi) and not bool(namespace(xi).all(xi > -0.5)):
        raise InvalidInputError(
            f"GeneralizedPareto: for concentration ≤ −½ {SUPPORT_MOVES} (it ends at loc − "
            "scale/concentration, where the density does not vanish fast enough)."
        )
    twice = 1 + 2 * xi
    both = 1 / ((1 + xi) * twice)
    return symmetric([1 / (s * s * twice), both / s], [2 * both])


@metric(LogLogistic, source="Logistic's, for log x")
def log_logistic(p: Any) -> Any:
    """diag((3 + π²)/(9 k²), k²/(3 s²)), k the shape, s the scale."""
    k, s = p.shape, p.scale
    return symmetric([(3 + math.pi**2) / 9 / (k * k), 0.0], [(k / s) ** 2 / 3])
