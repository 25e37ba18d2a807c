"""Distances along lines and spheres: one parameter, probabilities, Gaussians with a common part."""

import math
from collections.abc import Callable
from typing import Any

from kullback.arrays import linear
from kullback.arrays.namespace import namespace
from kullback.arrays.stable import log_ratio, square_root
from kullback.forms.families import (
    Bernoulli,
    Binomial,
    Erlang,
    Exponential,
    Geometric,
    HalfCauchy,
    HalfNormal,
    Maxwell,
    Multinomial,
    MultivariateNormal,
    NegativeBinomial,
    Pareto,
    Poisson,
    Rayleigh,
    VonMises,
)
from kullback.information.half_plane import half_plane
from kullback.information.rao_registry import distance

_AM = "Atkinson and Mitchell 1981"


def _logarithmic(
    family: type, name: str, constant: Callable[[Any], Any], source: str = _AM
) -> None:
    """Enter √c |log θ_p/θ_q|, the distance where the information is c/θ²."""

    def function(p: Any, q: Any) -> Any:
        change = log_ratio(getattr(p, name), getattr(q, name))
        return constant(p) * namespace(change).abs(change)

    distance(family, name, source=source)(function)


_logarithmic(Exponential, "rate", lambda _: 1.0)
_logarithmic(Erlang, "rate", lambda p: namespace(p.shape).sqrt(p.shape))
_logarithmic(Rayleigh, "scale", lambda _: 2.0)
_logarithmic(Maxwell, "scale", lambda _: math.sqrt(6))
_logarithmic(HalfNormal, "scale", lambda _: math.sqrt(2))
_logarithmic(HalfCauchy, "scale", lambda _: math.sqrt(0.5))
_logarithmic(Pareto, "shape", lambda _: 1.0)


@distance(Poisson, "rate", source=_AM)
def poisson(p: Any, q: Any) -> Any:
    """2 |√a − √b|."""
    xp = namespace(p.rate)
    total = square_root(p.rate) + square_root(q.rate)
    some = total > 0
    return 2 * xp.abs(p.rate - q.rate) / xp.where(some, total, xp.ones_like(total))


@distance(Bernoulli, "probs", source=_AM)
def bernoulli(p: Any, q: Any) -> Any:
    """2 |arcsin √a − arcsin √b|."""
    xp = namespace(p.probs)
    a, b = p.probs, q.probs
    total = square_root(a * (1 - b)) + square_root(b * (1 - a))
    sine = xp.abs(a - b) / xp.where(total > 0, total, xp.ones_like(total))
    return 2 * xp.atan2(sine, square_root(a * b) + square_root((1 - a) * (1 - b)))


@distance(Binomial, "probs", source=_AM)
def binomial(p: Any, q: Any) -> Any:
    """2 √n |arcsin √a − arcsin √b|."""
    return square_root(p.n) * bernoulli(p, q)


@distance(Geometric, "probs", source=_AM)
def geometric(p: Any, q: Any) -> Any:
    """2 |artanh √(1 − a) − artanh √(1 − b)|."""
    xp = namespace(p.probs)
    a, b = xp.minimum(p.probs, q.probs), xp.maximum(p.probs, q.probs)
    x, y = square_root(1 - a), square_root(1 - b)
    # tanh of the difference is z = (x − y)/(1 − x y); z/(1 − z) without cancellation
    difference = (b - a) / xp.where(x > 0, x + y, xp.ones_like(x))
    return xp.log1p(2 * difference * (1 + x) / (a * (1 + y)))


@distance(NegativeBinomial, "probs", source=_AM)
def negative_binomial(p: Any, q: Any) -> Any:
    """2 √successes |artanh √(1 − a) − artanh √(1 − b)|."""
    return namespace(p.successes).sqrt(p.successes) * geometric(p, q)


@distance(VonMises, "loc", source="an arc of a circle")
def von_mises(p: Any, q: Any) -> Any:
    """√(κ A(κ)) times the angle between the locations."""
    from kullback.information.metrics.bounded import von_mises as metric

    xp = namespace(p.loc)
    step = p.loc - q.loc
    angle = xp.abs(xp.atan2(xp.sin(step), xp.cos(step)))
    return xp.sqrt(metric(p)[..., 0, 0]) * angle


def of_probabilities(p: Any, q: Any) -> Any:
    """2 arccos Σ √(p q) = 4 arcsin(½ √Σ (√p − √q)²)."""
    xp = namespace(p)
    total = square_root(p) + square_root(q)
    roots = (p - q) / xp.where(total > 0, total, xp.ones_like(total))
    chord = square_root(xp.sum(roots * roots, axis=-1))
    return 4 * xp.asin(0.5 * xp.where(chord < 2, chord, 2 * xp.ones_like(chord)))


@distance(Multinomial, "probs", source="Rao 1945")
def multinomial(p: Any, q: Any) -> Any:
    """2 √n arccos Σ √(p q)."""
    return square_root(p.n) * of_probabilities(p.probs, q.probs)


@distance(MultivariateNormal, "mean", source=_AM)
def mahalanobis(p: Any, q: Any) -> Any:
    """√((m_p − m_q)ᵀ Σ⁻¹ (m_p − m_q)), for one Σ."""
    z = p.whitened(p.mean - q.mean)
    return square_root(linear.dot(z, z))


@distance(MultivariateNormal, "covariance", source="James 1973")
@distance(MultivariateNormal, "precision", source="James 1973")
@distance(MultivariateNormal, "scale_tril", source="James 1973")
@distance(MultivariateNormal, "variances", source="James 1973")
def of_spreads(p: Any, q: Any) -> Any:
    """√(½ Σ log² λ), λ the eigenvalues of Σ_q⁻¹ Σ_p, for one mean."""
    if p.spread == q.spread == "variances":
        logs = log_ratio(p.variances, q.variances)
        return square_root(0.5 * linear.dot(logs, logs))
    xp = namespace(p.mean)
    x = linear.solve_lower(q.root, p.root)
    logs = xp.log(xp.linalg.eigvalsh(xp.matmul(x, linear.transposed(x))))
    return square_root(0.5 * linear.dot(logs, logs))


@distance(MultivariateNormal, "mean", "variances", source="Costa, Santos and Strapasson 2015")
def diagonal(p: Any, q: Any) -> Any:
    """√Σ d², d the distances of the coordinates: among Gaussians of independent coordinates."""
    d = half_plane(p.mean - q.mean, p.root_diagonal, q.root_diagonal, 1.0, 2.0)
    return square_root(linear.dot(d, d))


def of_one_covariance(p: Any, q: Any) -> Any:
    """√2 arcosh(1 + ¼ Δ²), Δ Mahalanobis' distance, among all Gaussians."""
    xp = namespace(p.mean)
    return 2 * math.sqrt(2) * xp.asinh(0.5 * math.sqrt(0.5) * mahalanobis(p, q))
