"""Exponential families by their means: the member whose statistics have the means that p's have.

Where log q = c(η) + Σ ηᵢ Tᵢ, the gradient of KL(p ‖ q) in ηᵢ is E_q Tᵢ − E_p Tᵢ: the forward
projection matches the means, and for every member r KL(p ‖ r) = KL(p ‖ q) + KL(q ‖ r).

References
----------
Csiszár, I-divergence geometry of probability distributions, Ann. Probability 3 (1975).
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.optimize import brentq, root
from scipy.special import digamma

from kullback.forms.families import (
    Bernoulli,
    Beta,
    Exponential,
    Gamma,
    Geometric,
    HalfNormal,
    InverseGamma,
    InverseGaussian,
    LogNormal,
    Normal,
    Poisson,
    Rayleigh,
)
from kullback.forms.families.family import Family
from kullback.learn.projection.means import MeanOf
from kullback.methods.formulas.statistics import (
    Log,
    LogComplement,
    Mean,
    Reciprocal,
    SquaredDeviation,
    SquaredLogDeviation,
)

MATCHED: dict[type[Family], Callable[[MeanOf], Family]] = {}
"""From the means of a family's statistics to its member."""


def matches(family: type[Family]) -> Callable[[Any], Any]:
    """Enter the decorated function as a family's."""

    def enter(function: Callable[[MeanOf], Family]) -> Callable[[MeanOf], Family]:
        MATCHED[family] = function
        return function

    return enter


@matches(Normal)
def _normal(mean: MeanOf) -> Family:
    """μ = E x, σ² = E (x − μ)²."""
    m = mean(Mean())
    return Normal(m, math.sqrt(mean(SquaredDeviation(m))))


@matches(LogNormal)
def _log_normal(mean: MeanOf) -> Family:
    """μ = E log x, σ² = E (log x − μ)²."""
    m = mean(Log())
    return LogNormal(m, math.sqrt(mean(SquaredLogDeviation(m))))


@matches(HalfNormal)
def _half_normal(mean: MeanOf) -> Family:
    """σ² = E x²."""
    return HalfNormal(math.sqrt(mean(SquaredDeviation(0.0))))


@matches(Rayleigh)
def _rayleigh(mean: MeanOf) -> Family:
    """σ² = ½ E x²."""
    return Rayleigh(math.sqrt(0.5 * mean(SquaredDeviation(0.0))))


@matches(Exponential)
def _exponential(mean: MeanOf) -> Family:
    """λ = 1/E x."""
    return Exponential(1 / mean(Mean()))


@matches(Gamma)
def _gamma(mean: MeanOf) -> Family:
    """Log a − ψ(a) = log E x − E log x, b = a/E x."""
    m = mean(Mean())
    a = _shape(math.log(m) - mean(Log()))
    return Gamma(a, a / m)


@matches(InverseGamma)
def _inverse_gamma(mean: MeanOf) -> Family:
    """Log a − ψ(a) = log E 1/x + E log x, b = a/E 1/x."""
    m = mean(Reciprocal())
    a = _shape(math.log(m) + mean(Log()))
    return InverseGamma(a, a / m)


@matches(Beta)
def _beta(mean: MeanOf) -> Family:
    """ψ(a) − ψ(a + b) = E log x, ψ(b) − ψ(a + b) = E log(1 − x)."""
    wanted = np.array([mean(Log()), mean(LogComplement())])

    def off(z: Any) -> Any:
        a = np.exp(z)
        return digamma(a) - digamma(a.sum()) - wanted

    found = root(off, np.zeros(2), tol=1e-13)
    a, b = np.exp(found.x)
    return Beta(float(a), float(b))


@matches(InverseGaussian)
def _inverse_gaussian(mean: MeanOf) -> Family:
    """μ = E x, 1/λ = E 1/x − 1/μ."""
    m = mean(Mean())
    return InverseGaussian(m, 1 / (mean(Reciprocal()) - 1 / m))


@matches(Poisson)
def _poisson(mean: MeanOf) -> Family:
    """λ = E x."""
    return Poisson(mean(Mean()))


@matches(Bernoulli)
def _bernoulli(mean: MeanOf) -> Family:
    """P(1) = E x."""
    return Bernoulli(mean(Mean()))


@matches(Geometric)
def _geometric(mean: MeanOf) -> Family:
    """P(success) = 1/(1 + E x), failures counted from 0."""
    return Geometric(1 / (1 + mean(Mean())))


def _shape(s: float) -> float:
    """Return a with log a − ψ(a) = s > 0; ½/a < s < 1/a holds it."""
    low, high = math.log(0.5 / s), math.log(1 / s)
    return math.exp(brentq(lambda z: z - digamma(math.exp(z)) - s, low, high, xtol=1e-15))
