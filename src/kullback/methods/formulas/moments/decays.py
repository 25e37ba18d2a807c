"""Means of e^(−(x − m)/s), and of |(x − m)/s|^k."""

import math
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import (
    erfcx,
    exp1_scaled,
    lbeta,
    lgamma,
)
from kullback.forms.families import (
    Cauchy,
    ContinuousBernoulli,
    Gamma,
    HalfNormal,
    HyperbolicSecant,
    InverseGamma,
    InverseGaussian,
    Laplace,
    Levy,
    Logistic,
    LogUniform,
    Maxwell,
    Normal,
    Rayleigh,
    StudentT,
    TruncatedNormal,
)
from kullback.forms.families.curves import above, infinite_unless, log_sinhc
from kullback.forms.families.truncation import log_mass
from kullback.methods.formulas.moments.bessel import log_k
from kullback.methods.formulas.moments.powers import JKB
from kullback.methods.formulas.statistics import (
    Decay,
    DeviationPower,
    moment,
    unequal,
)


def _refuse_moved(p: Any, t: DeviationPower) -> str | None:
    if unequal(p.loc, t.center):
        return "there is a formula for equal loc only"
    return None


@moment(
    DeviationPower, StudentT, domain="m = μ; k < ν", refuse=_refuse_moved, source=JKB,
    states="(σ√ν/s)^k B(½(1 + k), ½(ν − k))/B(½, ν/2)",
)  # fmt: skip
def deviation_power_of_student(p: StudentT, t: DeviationPower) -> Any:
    """(σ√ν/s)^k B(½(1 + k), ½(ν − k))/B(½, ν/2)."""
    xp = namespace(p.df)
    exists, left = above(p.df - t.exponent, 0)
    half = xp.full_like(left, 0.5)
    log = t.exponent * (xp.log(p.scale / t.scale) + 0.5 * xp.log(p.df))
    total = lbeta(half + 0.5 * t.exponent, 0.5 * left) - lbeta(half, 0.5 * p.df + 0 * left)
    return infinite_unless(exists, xp.exp(log + total))


@moment(
    DeviationPower, Cauchy, domain="m = μ; k < 1", refuse=_refuse_moved, source=JKB,
    states="(γ/s)^k / cos(πk/2)",
)  # fmt: skip
def deviation_power_of_cauchy(p: Cauchy, t: DeviationPower) -> Any:
    """(γ/s)^k / cos(πk/2)."""
    xp = namespace(p.scale)
    exists = t.exponent < 1
    k = xp.where(exists, t.exponent, xp.zeros_like(t.exponent))
    return infinite_unless(exists, (p.scale / t.scale) ** k / xp.cos(0.5 * math.pi * k))


@moment(Decay, Normal, states="exp(−(μ − m)/s + σ²/(2s²))", source=JKB)
def decay_of_normal(p: Normal, t: Decay) -> Any:
    """exp(−(μ − m)/s + σ²/(2s²))."""
    wide = p.scale / t.scale
    return namespace(wide).exp((t.center - p.loc) / t.scale + 0.5 * wide * wide)


@moment(Decay, Laplace, states="e^(−(μ − m)/s)/(1 − b²/s²)", source=JKB, domain="b < s")
def decay_of_laplace(p: Laplace, t: Decay) -> Any:
    """e^(−(μ − m)/s)/(1 − b²/s²)."""
    exists, left = above(1 - p.scale / t.scale, 0)
    value = namespace(left).exp((t.center - p.loc) / t.scale) / (left * (2 - left))
    return infinite_unless(exists, value)


@moment(Decay, Logistic, states="e^(−(μ − m)/s) πt/sin πt, t = scale/s", source=JKB, domain="t < 1")
def decay_of_logistic(p: Logistic, t: Decay) -> Any:
    """e^(−(μ − m)/s) Γ(1 + t) Γ(1 − t), t = scale/s."""
    exists, left = above(1 - p.scale / t.scale, 0)
    xp = namespace(left)
    left = xp.where(exists, left, xp.full_like(left, 0.5))
    turn = (t.center - p.loc) / t.scale + lgamma(2 - left) + lgamma(left)
    return infinite_unless(exists, xp.exp(turn))


@moment(
    Decay, HyperbolicSecant, states="e^(−(μ − m)/s)/cos(scale/s)", source=JKB,
    domain="scale/s < π/2",
)  # fmt: skip
def decay_of_hyperbolic_secant(p: HyperbolicSecant, t: Decay) -> Any:
    """e^(−(μ − m)/s)/cos(scale/s)."""
    xp = namespace(p.scale)
    turn = p.scale / t.scale
    exists = turn < 0.5 * math.pi
    value = xp.exp((t.center - p.loc) / t.scale) / xp.cos(xp.where(exists, turn, 0 * turn))
    return infinite_unless(exists, value)


@moment(Decay, Gamma, states="e^(m/s) (1 + 1/(b s))^(−a)", source=JKB)
def decay_of_gamma(p: Gamma, t: Decay) -> Any:
    """e^(m/s) (1 + 1/(b s))^(−a)."""
    xp = namespace(p.rate)
    return xp.exp(t.center / t.scale - p.shape * xp.log1p(1 / (p.rate * t.scale)))


@moment(
    Decay, InverseGamma, states="e^(m/s) 2 w^a K_a(2w)/Γ(a), w = √(b/s)",
    source="derived: the integral representation of K_a",
)  # fmt: skip
def decay_of_inverse_gamma(p: InverseGamma, t: Decay) -> Any:
    """e^(m/s) 2 w^a K_a(2w)/Γ(a), w = √(b/s)."""
    xp = namespace(p.scale)
    w = xp.sqrt(p.scale / t.scale)
    bessel = log_k(p.shape + 0 * w, 2 * w + 0 * p.shape) - lgamma(p.shape)
    return xp.exp(t.center / t.scale + math.log(2) + p.shape * xp.log(w) + bessel)


@moment(Decay, Levy, states="exp(−(μ − m)/s − √(2c/s))", source=JKB)
def decay_of_levy(p: Levy, t: Decay) -> Any:
    """exp(−(μ − m)/s − √(2c/s))."""
    xp = namespace(p.scale)
    return xp.exp((t.center - p.loc) / t.scale - xp.sqrt(2 * p.scale / t.scale))


@moment(Decay, InverseGaussian, states="exp(m/s + λ/μ (1 − √(1 + 2μ²/(λ s))))", source=JKB)
def decay_of_inverse_gaussian(p: InverseGaussian, t: Decay) -> Any:
    """exp(m/s + λ/μ (1 − √(1 + 2μ²/(λ s)))), the difference as −u/(1 + √(1 + u))."""
    xp = namespace(p.mean)
    slow = 2 * p.mean / t.scale
    root = xp.sqrt(1 + slow * (p.mean / p.shape))
    return xp.exp(t.center / t.scale - slow / (1 + root))


@moment(Decay, HalfNormal, states="e^(m/s) erfcx(σ/(s√2))", source=JKB)
def decay_of_half_normal(p: HalfNormal, t: Decay) -> Any:
    """e^(m/s) erfcx(σ/(s√2))."""
    return namespace(p.scale).exp(t.center / t.scale) * erfcx(math.sqrt(0.5) * p.scale / t.scale)


@moment(Decay, Rayleigh, states="e^(m/s) (1 − √(π/2) y erfcx(y/√2)), y = σ/s", source=JKB)
def decay_of_rayleigh(p: Rayleigh, t: Decay) -> Any:
    """e^(m/s) (1 − √(π/2) y erfcx(y/√2)), y = σ/s."""
    y = p.scale / t.scale
    value = 1 - math.sqrt(0.5 * math.pi) * y * erfcx(math.sqrt(0.5) * y)
    return namespace(y).exp(t.center / t.scale) * value


@moment(Decay, Maxwell, states="e^(m/s) ((1 + y²) erfcx(y/√2) − √(2/π) y), y = σ/s", source=JKB)
def decay_of_maxwell(p: Maxwell, t: Decay) -> Any:
    """e^(m/s) ((1 + y²) erfcx(y/√2) − √(2/π) y), y = σ/s."""
    y = p.scale / t.scale
    value = (1 + y * y) * erfcx(math.sqrt(0.5) * y) - math.sqrt(2 / math.pi) * y
    return namespace(y).exp(t.center / t.scale) * value


@moment(
    Decay, TruncatedNormal, source="derived: completing the square",
    states="exp(−(μ − m)/s + w²/2) (Φ(β + w) − Φ(α + w))/(Φ(β) − Φ(α)), w = σ/s",
)  # fmt: skip
def decay_of_truncated_normal(p: TruncatedNormal, t: Decay) -> Any:
    """exp(−(μ − m)/s + w²/2) (Φ(β + w) − Φ(α + w))/(Φ(β) − Φ(α)), w = σ/s."""
    low, high = p.ends()
    w = p.scale / t.scale
    change = log_mass(low + w, high + w) - log_mass(low, high)
    return namespace(w).exp((t.center - p.loc) / t.scale + 0.5 * w * w + change)


@moment(
    Decay, ContinuousBernoulli,
    states="e^((m − ½)/s) S((η − 1/s)/2)/S(η/2), S(u) = sinh u/u", source="by definition",
)  # fmt: skip
def decay_of_continuous_bernoulli(p: ContinuousBernoulli, t: Decay) -> Any:
    """e^((m − ½)/s) S((η − 1/s)/2)/S(η/2), S(u) = sinh u/u."""
    eta = p.logit()
    change = log_sinhc(0.5 * (eta - 1 / t.scale)) - log_sinhc(0.5 * eta)
    return namespace(eta).exp((t.center - 0.5) / t.scale + change)


@moment(Decay, LogUniform, states="e^(m/s) (E₁(l/s) − E₁(h/s))/log(h/l)", source="by definition")
def decay_of_log_uniform(p: LogUniform, t: Decay) -> Any:
    """e^(m/s) (E₁(l/s) − E₁(h/s))/log(h/l)."""
    xp = namespace(p.low)
    at_low = xp.exp((t.center - p.low) / t.scale) * exp1_scaled(p.low / t.scale)
    at_high = xp.exp((t.center - p.high) / t.scale) * exp1_scaled(p.high / t.scale)
    return (at_low - at_high) / p.log_width()


@moment(Decay, Cauchy, StudentT, states="∞", source="the tail is a power")
def decay_of_power_tail(p: Any, t: Decay) -> Any:
    """∞."""
    return namespace(p.scale).full_like(p.scale + 0 * t.scale, math.inf)
