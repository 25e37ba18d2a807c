"""Differential entropies, H(p) = −∫ p log p."""

import math
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import (
    digamma,
    digamma_difference,
    exp1_scaled,
    i0e,
    i1e,
    lbeta,
    lgamma,
)
from kullback.arrays.special.gamma import EULER
from kullback.arrays.stirling import digamma_remainder, gamma_remainder
from kullback.forms.families import (
    Beta,
    BetaPrime,
    Cauchy,
    ContinuousBernoulli,
    Exponential,
    GeneralizedNormal,
    GeneralizedPareto,
    Gumbel,
    HalfCauchy,
    HyperbolicSecant,
    InverseGaussian,
    Kumaraswamy,
    Laplace,
    Levy,
    Logistic,
    LogLogistic,
    LogNormal,
    LogUniform,
    Lomax,
    Moyal,
    Normal,
    Pareto,
    StudentT,
    TruncatedNormal,
    Uniform,
    VonMises,
)
from kullback.forms.families.curves import langevin, log_sinhc
from kullback.forms.families.truncation import cut_moments, log_mass
from kullback.methods.formulas.gammas import (
    POWERS_OF_GAMMAS,
    as_power_of_gamma,
    entropy_of_power,
)
from kullback.methods.formulas.registry import ENTROPY_FORMULAS, closed_form

COVER = "Cover and Thomas 2006, Elements of Information Theory, table 17.1"
DERIVED = "derived from E log x and E x^k"


@closed_form(ENTROPY_FORMULAS, Normal, states="½ log 2πeσ²", source=COVER)
def entropy_normal(p: Normal) -> Any:
    """½ log 2πeσ²."""
    return namespace(p.scale).log(p.scale) + 0.5 * math.log(2 * math.pi * math.e)


@closed_form(ENTROPY_FORMULAS, Laplace, states="1 + log 2b", source=COVER)
def entropy_laplace(p: Laplace) -> Any:
    """1 + log 2b."""
    return 1 + namespace(p.scale).log(2 * p.scale)


@closed_form(ENTROPY_FORMULAS, Logistic, states="2 + log s", source=COVER)
def entropy_logistic(p: Logistic) -> Any:
    """2 + log s."""
    return 2 + namespace(p.scale).log(p.scale)


@closed_form(
    ENTROPY_FORMULAS, HyperbolicSecant, states="log 4s",
    source="derived: ∫ sech x log cosh x dx = π log 2 over the real line",
)  # fmt: skip
def entropy_hyperbolic_secant(p: HyperbolicSecant) -> Any:
    """Log 4s."""
    return namespace(p.scale).log(4 * p.scale)


@closed_form(ENTROPY_FORMULAS, Cauchy, states="log 4πγ", source=COVER)
def entropy_cauchy(p: Cauchy) -> Any:
    """Log 4πγ."""
    return namespace(p.scale).log(4 * math.pi * p.scale)


@closed_form(ENTROPY_FORMULAS, HalfCauchy, states="log 2πγ", source="derived: log 2 below Cauchy's")
def entropy_half_cauchy(p: HalfCauchy) -> Any:
    """Log 2πγ."""
    return namespace(p.scale).log(2 * math.pi * p.scale)


@closed_form(
    ENTROPY_FORMULAS, StudentT, source=COVER,
    states="½(ν + 1)(ψ₀(½(ν + 1)) − ψ₀(½ν)) + log(σ √ν B(½, ½ν))",
)  # fmt: skip
def entropy_student(p: StudentT) -> Any:
    """½(ν + 1)(ψ₀(½(ν + 1)) − ψ₀(½ν)) + log(σ √ν B(½, ½ν))."""
    xp, half = namespace(p.df), 0.5 * p.df
    spread = lbeta(xp.full_like(half, 0.5), half) + 0.5 * xp.log(p.df) + xp.log(p.scale)
    return (half + 0.5) * digamma_difference(half, half + 0.5) + spread


@closed_form(ENTROPY_FORMULAS, GeneralizedNormal, states="1/c + log(2s Γ(1 + 1/c))", source=DERIVED)
def entropy_generalized_normal(p: GeneralizedNormal) -> Any:
    """1/c + log(2s Γ(1 + 1/c))."""
    return 1 / p.power + namespace(p.scale).log(2 * p.scale) + lgamma(1 + 1 / p.power)


@closed_form(ENTROPY_FORMULAS, Gumbel, states="log β + γ + 1", source=DERIVED)
def entropy_gumbel(p: Gumbel) -> Any:
    """Log β + γ + 1."""
    return namespace(p.scale).log(p.scale) + (EULER + 1)


@closed_form(ENTROPY_FORMULAS, Moyal, states="log σ + ½(1 + γ + log 4π)", source=DERIVED)
def entropy_moyal(p: Moyal) -> Any:
    """Log σ + ½(1 + γ + log 4π)."""
    return namespace(p.scale).log(p.scale) + 0.5 * (1 + EULER + math.log(4 * math.pi))


@closed_form(ENTROPY_FORMULAS, Uniform, states="log(h − l)", source=COVER)
def entropy_uniform(p: Uniform) -> Any:
    """log(h − l)."""
    return namespace(p.low).log(p.high - p.low)


@closed_form(ENTROPY_FORMULAS, LogUniform, states="log log(h/l) + ½ log l h", source=DERIVED)
def entropy_log_uniform(p: LogUniform) -> Any:
    """Log log(h/l) + ½ log l h."""
    xp = namespace(p.low)
    return xp.log(p.log_width()) + 0.5 * (xp.log(p.low) + xp.log(p.high))


def _entropy_of_beta(a: Any, b: Any) -> Any:
    """−(a − 1)(ψ₀(a) − ψ₀(s)) − (b − 1)(ψ₀(b) − ψ₀(s)) + log B(a, b), s = a + b.

    From what Stirling's terms leave: of the rest, a log a/s + b log b/s cancels.
    """
    xp, s = namespace(a, b), a + b
    rest = gamma_remainder(a) + gamma_remainder(b) - gamma_remainder(s)
    slopes = (
        (a - 1) * digamma_remainder(a)
        + (b - 1) * digamma_remainder(b)
        - (s - 2) * digamma_remainder(s)
    )
    return rest - slopes + xp.log(a / s) + xp.log(b) - xp.log(s)


@closed_form(
    ENTROPY_FORMULAS, Beta, source=COVER,
    states="log B(a, b) − (a − 1) ψ₀(a) − (b − 1) ψ₀(b) + (a + b − 2) ψ₀(a + b)",
)  # fmt: skip
def entropy_beta(p: Beta) -> Any:
    """Log B(a, b) − (a − 1) ψ₀(a) − (b − 1) ψ₀(b) + (a + b − 2) ψ₀(a + b)."""
    return _entropy_of_beta(p.a, p.b)


@closed_form(
    ENTROPY_FORMULAS, BetaPrime, source="derived: that of x/(1 + x) and 2 E log(1 + x)",
    states="log B(a, b) − (a − 1) ψ₀(a) − (b + 1) ψ₀(b) + (a + b) ψ₀(a + b)",
)  # fmt: skip
def entropy_beta_prime(p: BetaPrime) -> Any:
    """That of Beta(a, b), and 2 (ψ₀(a + b) − ψ₀(b))."""
    return _entropy_of_beta(p.a, p.b) + 2 * digamma_difference(p.b, p.a + p.b)


@closed_form(
    ENTROPY_FORMULAS, Kumaraswamy, source=DERIVED,
    states="1 − 1/b + (1 − 1/a)(ψ₀(b + 1) + γ) − log ab",
)  # fmt: skip
def entropy_kumaraswamy(p: Kumaraswamy) -> Any:
    """1 − 1/b + (1 − 1/a)(ψ₀(b + 1) + γ) − log ab."""
    harmonic = digamma(p.b + 1) + EULER
    return 1 - 1 / p.b + (1 - 1 / p.a) * harmonic - namespace(p.a).log(p.a * p.b)


@closed_form(
    ENTROPY_FORMULAS, ContinuousBernoulli,
    states="log S(u) − u (coth u − 1/u), S(u) = sinh u/u, u = η/2",
    source="derived: the mean of −log p, linear in x",
)  # fmt: skip
def entropy_continuous_bernoulli(p: ContinuousBernoulli) -> Any:
    """Log S(u) − u (coth u − 1/u), u = η/2."""
    u = 0.5 * p.logit()
    return log_sinhc(u) - u * langevin(u)


@closed_form(
    ENTROPY_FORMULAS, TruncatedNormal, states="log σ√2π + log(Φ(β) − Φ(α)) + ½ E z²",
    source="Johnson, Kotz and Balakrishnan 1994",
)  # fmt: skip
def entropy_truncated_normal(p: TruncatedNormal) -> Any:
    """Log σ√2π + log(Φ(β) − Φ(α)) + ½ E z²."""
    ends = p.ends()
    mean, spread = cut_moments(*ends)
    total = namespace(p.scale).log(p.scale) + 0.5 * math.log(2 * math.pi) + log_mass(*ends)
    return total + 0.5 * (spread + mean * mean)


@closed_form(
    ENTROPY_FORMULAS, VonMises, states="log 2πI₀(κ) − κ I₁(κ)/I₀(κ)", source="Mardia and Jupp 2000"
)
def entropy_von_mises(p: VonMises) -> Any:
    """Log 2πI₀(κ) − κ I₁(κ)/I₀(κ)."""
    k = p.concentration
    bell = i0e(k)
    return math.log(2 * math.pi) + namespace(k).log(bell) + k * ((bell - i1e(k)) / bell)


@closed_form(ENTROPY_FORMULAS, Exponential, states="1 − log λ", source=COVER)
def entropy_exponential(p: Exponential) -> Any:
    """1 − log λ."""
    return 1 - namespace(p.rate).log(p.rate)


def _entropy_of_power_of_gamma(p: Any) -> Any:
    """Log Γ(a) + a − (a − 1/c) ψ₀(a) + log θ − log |c|."""
    a, size, c = as_power_of_gamma(p)
    return entropy_of_power(a, c, namespace(a).log(size))


for _family in POWERS_OF_GAMMAS:
    closed_form(
        ENTROPY_FORMULAS, _family, states="log Γ(a) + a − (a − 1/c) ψ₀(a) + log θ − log |c|",
        source=f"{DERIVED} (Stacy 1962)",
    )(_entropy_of_power_of_gamma)  # fmt: skip


@closed_form(ENTROPY_FORMULAS, LogNormal, states="μ + ½ log 2πeσ²", source=COVER)
def entropy_log_normal(p: LogNormal) -> Any:
    """μ + ½ log 2πeσ²."""
    return p.loc + namespace(p.scale).log(p.scale) + 0.5 * math.log(2 * math.pi * math.e)


@closed_form(
    ENTROPY_FORMULAS, InverseGaussian, states="½ log(2πe μ³/λ) − 3/2 e^(2λ/μ) E₁(2λ/μ)",
    source=DERIVED,
)  # fmt: skip
def entropy_inverse_gaussian(p: InverseGaussian) -> Any:
    """½ log(2πe μ³/λ) − 3/2 e^(2λ/μ) E₁(2λ/μ)."""
    xp, ratio = namespace(p.mean), p.shape / p.mean
    total = 0.5 * math.log(2 * math.pi * math.e) + xp.log(p.mean) - 0.5 * xp.log(ratio)
    return total - 1.5 * exp1_scaled(2 * ratio)


@closed_form(
    ENTROPY_FORMULAS, Levy, states="½(1 + 3γ + log 16πc²)",
    source="derived: x − μ is c over a chi-squared of one degree",
)  # fmt: skip
def entropy_levy(p: Levy) -> Any:
    """½(1 + 3γ + log 16πc²)."""
    total = namespace(p.scale).log(p.scale) + 0.5 * (1 + 3 * EULER + math.log(16 * math.pi))
    return total + 0 * p.loc


@closed_form(ENTROPY_FORMULAS, Pareto, states="log s/a + 1 + 1/a", source=COVER)
def entropy_pareto(p: Pareto) -> Any:
    """Log s/a + 1 + 1/a."""
    return namespace(p.shape).log(p.scale / p.shape) + 1 + 1 / p.shape


@closed_form(ENTROPY_FORMULAS, Lomax, states="log s/a + 1 + 1/a", source=DERIVED)
def entropy_lomax(p: Lomax) -> Any:
    """Log s/a + 1 + 1/a."""
    return namespace(p.shape).log(p.scale / p.shape) + 1 + 1 / p.shape


@closed_form(ENTROPY_FORMULAS, GeneralizedPareto, states="log σ + 1 + c", source=DERIVED)
def entropy_generalized_pareto(p: GeneralizedPareto) -> Any:
    """Log σ + 1 + c."""
    return namespace(p.scale).log(p.scale) + 1 + p.concentration


@closed_form(ENTROPY_FORMULAS, LogLogistic, states="2 + log s/k", source=DERIVED)
def entropy_log_logistic(p: LogLogistic) -> Any:
    """2 + log s/k."""
    return 2 + namespace(p.scale).log(p.scale / p.shape)
