"""Distances in the metric (a dx² + 2 c dx ds + b ds²)/s², that of a location and a scale.

With u = x + (c/a) s it is (a du² + (b − c²/a) ds²)/s², a half-plane of constant curvature.
"""

from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.stable import log_ratio, square_root
from kullback.forms.families import (
    Cauchy,
    Frechet,
    GeneralizedNormal,
    Gumbel,
    HyperbolicSecant,
    InverseGaussian,
    Laplace,
    Levy,
    Logistic,
    LogitNormal,
    LogLogistic,
    LogNormal,
    Moyal,
    Normal,
    StudentT,
    Weibull,
)
from kullback.information.metrics.line import LOCATION_SCALE
from kullback.information.rao_registry import distance


def half_plane(step: Any, s: Any, r: Any, a: Any, b: Any) -> Any:
    """2 √b arsinh(½ √((a/b dx² + (s − r)²)/(s r))): the distance in (a dx² + b ds²)/s².

    cosh(d/√b) = 1 + (a/b dx² + (s − r)²)/(2 s r), written so that close points keep their digits.
    """
    xp = namespace(s)
    change = s - r
    squared = (step * step * (a / b) + change * change) / (s * r)
    root = b**0.5 if isinstance(b, float) else xp.sqrt(b)
    return 2 * root * xp.asinh(0.5 * square_root(squared))


def _sheared(family: type, step: Any, s: Any, r: Any) -> Any:
    """Return the distance in the metric of a family of location and scale."""
    (a, c), (b,) = LOCATION_SCALE[family]
    return half_plane(step + (c / a) * (s - r), s, r, a, b - c * c / a)


_SOURCE = "Atkinson and Mitchell 1981"


@distance(Normal, "loc", "scale", source=_SOURCE)
@distance(LogNormal, "loc", "scale", source=_SOURCE)
@distance(LogitNormal, "loc", "scale", source=_SOURCE)
def normal(p: Any, q: Any) -> Any:
    """√2 arcosh(1 + ((μ_p − μ_q)²/2 + (σ_p − σ_q)²)/(2 σ_p σ_q))."""
    return half_plane(p.loc - q.loc, p.scale, q.scale, 1.0, 2.0)


@distance(Laplace, "loc", "scale", source=_SOURCE)
@distance(Logistic, "loc", "scale", source=_SOURCE)
@distance(Cauchy, "loc", "scale", source=_SOURCE)
@distance(Gumbel, "loc", "scale", source="Oller 1987")
@distance(Moyal, "loc", "scale", source=_SOURCE)
@distance(HyperbolicSecant, "loc", "scale", source=_SOURCE)
def location_scale(p: Any, q: Any) -> Any:
    """Of a half-plane, by the constants of the family."""
    return _sheared(type(p), p.loc - q.loc, p.scale, q.scale)


@distance(Weibull, "shape", "scale", source="Oller 1987")
def weibull(p: Any, q: Any) -> Any:
    """Gumbel's, of −log x: location −log scale, scale 1/shape."""
    return _sheared(Gumbel, log_ratio(p.scale, q.scale), 1 / p.shape, 1 / q.shape)


@distance(Frechet, "shape", "scale", source="Oller 1987")
def frechet(p: Any, q: Any) -> Any:
    """Gumbel's, of log x: location log scale, scale 1/shape."""
    return _sheared(Gumbel, -log_ratio(p.scale, q.scale), 1 / p.shape, 1 / q.shape)


@distance(LogLogistic, "shape", "scale", source="Logistic's, of log x")
def log_logistic(p: Any, q: Any) -> Any:
    """Logistic's, of log x: location log scale, scale 1/shape."""
    return _sheared(Logistic, log_ratio(p.scale, q.scale), 1 / p.shape, 1 / q.shape)


@distance(Levy, "loc", "scale", source="(21/2 dx² + 3 dx ds + ½ ds²)/s²")
def levy(p: Any, q: Any) -> Any:
    """Of a half-plane with a = 21/2, c = 3/2, b = ½."""
    step = p.loc - q.loc + (p.scale - q.scale) / 7
    return half_plane(step, p.scale, q.scale, 10.5, 2 / 7)


@distance(InverseGaussian, "mean", "shape", source="x = 2/√μ, s = 1/√λ: (dx² + 2 ds²)/s²")
def inverse_gaussian(p: Any, q: Any) -> Any:
    """Normal's, at location 2/√μ and scale 1/√λ."""
    xp = namespace(p.mean)
    a, b = xp.sqrt(p.mean), xp.sqrt(q.mean)
    step = 2 * (q.mean - p.mean) / (a * b * (a + b))
    return half_plane(step, 1 / xp.sqrt(p.shape), 1 / xp.sqrt(q.shape), 1.0, 2.0)


@distance(StudentT, "loc", "scale", source="Mitchell 1988")
def student(p: Any, q: Any) -> Any:
    """Of a half-plane with a = (ν + 1)/(ν + 3), b = 2ν/(ν + 3)."""
    nu = p.df
    return half_plane(p.loc - q.loc, p.scale, q.scale, (nu + 1) / (nu + 3), 2 * nu / (nu + 3))


@distance(GeneralizedNormal, "loc", "scale", source="Mitchell 1988")
def generalized_normal(p: Any, q: Any) -> Any:
    """Of a half-plane with a = power² Γ(2 − 1/power)/Γ(1/power), b = power; for power > ½."""
    from kullback.information.metrics.line import generalized_normal as metric

    a = metric(p)[..., 0, 0] * p.scale * p.scale
    return half_plane(p.loc - q.loc, p.scale, q.scale, a, p.power)
