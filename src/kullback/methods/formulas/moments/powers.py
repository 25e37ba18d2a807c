"""Means of x, of powers and of logarithms: of any law, of gamma laws and of skewed ones."""

import math
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import (
    digamma,
    exp1_scaled,
    lgamma,
    trigamma,
)
from kullback.forms import families
from kullback.forms.families import (
    InverseGaussian,
    LogNormal,
)
from kullback.forms.families.curves import above, infinite_unless
from kullback.forms.families.family import Family
from kullback.methods.formulas.gammas import POWERS_OF_GAMMAS, as_power_of_gamma
from kullback.methods.formulas.moments.bessel import log_k
from kullback.methods.formulas.statistics import (
    Log,
    Mean,
    Power,
    Reciprocal,
    SquaredDeviation,
    SquaredLogDeviation,
    moment,
)

JKB = "Johnson, Kotz and Balakrishnan 1994, 1995"
FROM_POWERS = "derived: the slope of E x^k at k = 0"


WITH_MEAN: tuple[type[Family], ...] = tuple(
    family
    for family in (getattr(families, name) for name in families.__all__)
    if {"line", "extremes", "bounded", "tilted", "positive"} & set(family.__module__.split("."))
    and "variance" in vars(family)
)


def mean_of(p: Any) -> Any:
    """Return the mean, which some families have as a parameter."""
    return p.mean() if callable(p.mean) else p.mean


def plus_square(spread: Any, mean: Any, center: Any) -> Any:
    """Return spread + (mean − center)², ∞ where the spread is."""
    xp = namespace(spread, mean)
    exists = xp.isfinite(spread) & xp.isfinite(mean)
    around = xp.where(exists, mean - center, xp.zeros_like(mean - center))
    return infinite_unless(exists, xp.where(exists, spread, xp.zeros_like(spread)) + around**2)


@moment(Mean, *WITH_MEAN, states="E x", source=JKB, domain="E x exists")
def mean(p: Any, _: Mean) -> Any:
    """E x, ∞ where there is none."""
    value = mean_of(p)
    return infinite_unless(namespace(value).isfinite(value), value)


@moment(
    SquaredDeviation, *WITH_MEAN, states="Var x + (E x − m)²", source=JKB, domain="Var x exists"
)
def squared_deviation(p: Any, t: SquaredDeviation) -> Any:
    """Var x + (E x − m)²."""
    return plus_square(p.variance(), mean_of(p), t.center)


def _power_of_gamma(p: Any, k: Any, scale: Any) -> Any:
    """(θ/s)^k Γ(a + k/c)/Γ(a)."""
    a, size, c = as_power_of_gamma(p)
    xp = namespace(a)
    exists, top = above(a + k / c, 0)
    return infinite_unless(exists, xp.exp(k * xp.log(size / scale) + lgamma(top) - lgamma(a)))


@moment(
    Power, *POWERS_OF_GAMMAS, states="(θ/s)^k Γ(a + k/c)/Γ(a)", source="Stacy 1962",
    domain="a + k/c > 0",
)  # fmt: skip
def power_of_gamma(p: Any, t: Power) -> Any:
    """(θ/s)^k Γ(a + k/c)/Γ(a)."""
    return _power_of_gamma(p, t.exponent, t.scale)


@moment(
    Reciprocal, *POWERS_OF_GAMMAS, states="Γ(a − 1/c)/(θ Γ(a))", source="Stacy 1962",
    domain="a > 1/c",
)  # fmt: skip
def reciprocal_of_gamma(p: Any, _: Reciprocal) -> Any:
    """Γ(a − 1/c)/(θ Γ(a))."""
    a, size, c = as_power_of_gamma(p)
    xp = namespace(a)
    exists, top = above(a - 1 / c, 0)
    return infinite_unless(exists, xp.exp(lgamma(top) - lgamma(a)) / size)


@moment(Log, *POWERS_OF_GAMMAS, states="log θ + ψ₀(a)/c", source=FROM_POWERS)
def log_of_gamma(p: Any, _: Log) -> Any:
    """Log θ + ψ₀(a)/c."""
    a, size, c = as_power_of_gamma(p)
    return namespace(a).log(size) + digamma(a) / c


@moment(
    SquaredLogDeviation, *POWERS_OF_GAMMAS, states="ψ₁(a)/c² + (log θ + ψ₀(a)/c − m)²",
    source=FROM_POWERS,
)  # fmt: skip
def squared_log_of_gamma(p: Any, t: SquaredLogDeviation) -> Any:
    """ψ₁(a)/c² + (log θ + ψ₀(a)/c − m)²."""
    a, _, c = as_power_of_gamma(p)
    return trigamma(a) / (c * c) + (log_of_gamma(p, Log()) - t.center) ** 2


@moment(Power, LogNormal, states="exp(k(μ − log s) + k²σ²/2)", source=JKB)
def power_of_log_normal(p: LogNormal, t: Power) -> Any:
    """exp(k(μ − log s) + k²σ²/2)."""
    xp = namespace(p.loc)
    wide = t.exponent * p.scale
    return xp.exp(t.exponent * (p.loc - xp.log(t.scale)) + 0.5 * wide * wide)


@moment(Reciprocal, LogNormal, states="exp(σ²/2 − μ)", source=JKB)
def reciprocal_of_log_normal(p: LogNormal, _: Reciprocal) -> Any:
    """exp(σ²/2 − μ)."""
    return namespace(p.loc).exp(0.5 * p.scale * p.scale - p.loc)


@moment(Log, LogNormal, states="μ", source="by definition")
def log_of_log_normal(p: LogNormal, _: Log) -> Any:
    """μ."""
    return p.loc


@moment(SquaredLogDeviation, LogNormal, states="σ² + (μ − m)²", source="by definition")
def squared_log_of_log_normal(p: LogNormal, t: SquaredLogDeviation) -> Any:
    """σ² + (μ − m)²."""
    return p.scale * p.scale + (p.loc - t.center) ** 2


@moment(
    Power, InverseGaussian, states="(μ/s)^k √(2λ/(πμ)) e^(λ/μ) K_(k−½)(λ/μ)",
    source="Jørgensen 1982, Statistical Properties of the Generalized Inverse Gaussian",
)  # fmt: skip
def power_of_inverse_gaussian(p: InverseGaussian, t: Power) -> Any:
    """(μ/s)^k √(2λ/(πμ)) e^(λ/μ) K_(k−½)(λ/μ)."""
    xp = namespace(p.mean)
    ratio = p.shape / p.mean
    bessel = log_k(xp.abs(t.exponent - 0.5), ratio + xp.zeros_like(t.exponent)) + ratio
    return xp.exp(
        t.exponent * xp.log(p.mean / t.scale) + 0.5 * xp.log(2 / math.pi * ratio) + bessel
    )


@moment(Reciprocal, InverseGaussian, states="1/μ + 1/λ", source=JKB)
def reciprocal_of_inverse_gaussian(p: InverseGaussian, _: Reciprocal) -> Any:
    """1/μ + 1/λ."""
    return 1 / p.mean + 1 / p.shape


@moment(
    Log, InverseGaussian, states="log μ − e^(2λ/μ) E₁(2λ/μ)",
    source="derived: the slope at k = 0 of (2λ/(πμ))^½ e^(λ/μ) μ^k K_(k−½)(λ/μ)",
)  # fmt: skip
def log_of_inverse_gaussian(p: InverseGaussian, _: Log) -> Any:
    """Log μ − e^(2λ/μ) E₁(2λ/μ)."""
    return namespace(p.mean).log(p.mean) - exp1_scaled(2 * p.shape / p.mean)
