"""log q(x) = c + Σ cᵢ Tᵢ(x) for the families whose densities are made of few statistics."""

import math
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import lbeta, lgamma
from kullback.arrays.stirling import gamma_remainder
from kullback.forms.families import (
    Beta,
    BetaPrime,
    Cauchy,
    ContinuousBernoulli,
    Exponential,
    Frechet,
    Gamma,
    GeneralizedGamma,
    GeneralizedNormal,
    GeneralizedPareto,
    Gumbel,
    HalfCauchy,
    HalfNormal,
    InverseGamma,
    InverseGaussian,
    Kumaraswamy,
    Laplace,
    Levy,
    Logistic,
    LogitNormal,
    LogLogistic,
    LogNormal,
    LogUniform,
    Lomax,
    Moyal,
    Nakagami,
    Normal,
    Pareto,
    StudentT,
    TruncatedNormal,
    Uniform,
    Weibull,
)
from kullback.forms.families.curves import log_sinhc
from kullback.forms.families.truncation import log_mass
from kullback.methods.formulas.gammas import as_power_of_gamma
from kullback.methods.formulas.statistics import (
    AbsoluteDeviation,
    Decay,
    DeviationPower,
    Excess,
    Log,
    LogAbove,
    LogComplement,
    LogComplementPower,
    LogPlus,
    LogPlusDecay,
    LogPlusPower,
    LogPlusSquare,
    Mean,
    Power,
    Reciprocal,
    ReciprocalAbove,
    SquaredDeviation,
    SquaredLogDeviation,
    SquaredLogitDeviation,
    Term,
    Terms,
    expansion,
)

HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


def _normal(scale: Any) -> tuple[Any, Any]:
    """Return −log(σ √2π) and −1/(2σ²)."""
    return -namespace(scale).log(scale) - HALF_LOG_2PI, -0.5 / (scale * scale)


@expansion(Normal, SquaredDeviation, states="−log σ√2π − (x − μ)²/(2σ²)")
def of_normal(q: Normal) -> Terms:
    """−log σ√2π − (x − μ)²/(2σ²)."""
    total, slope = _normal(q.scale)
    return total, [Term(slope, SquaredDeviation(q.loc))]


@expansion(
    TruncatedNormal, SquaredDeviation, states="−log σ√2π − log(Φ(β) − Φ(α)) − (x − μ)²/(2σ²)"
)
def of_truncated_normal(q: TruncatedNormal) -> Terms:
    """−log σ√2π − log(Φ(β) − Φ(α)) − (x − μ)²/(2σ²)."""
    total, slope = _normal(q.scale)
    return total - log_mass(*q.ends()), [Term(slope, SquaredDeviation(q.loc))]


@expansion(HalfNormal, SquaredDeviation, states="½ log(2/π) − log σ − x²/(2σ²)")
def of_half_normal(q: HalfNormal) -> Terms:
    """½ log(2/π) − log σ − x²/(2σ²)."""
    total, slope = _normal(q.scale)
    origin = namespace(q.scale).zeros_like(q.scale)
    return total + math.log(2), [Term(slope, SquaredDeviation(origin))]


@expansion(Laplace, AbsoluteDeviation, states="−log 2b − |x − μ|/b")
def of_laplace(q: Laplace) -> Terms:
    """−log 2b − |x − μ|/b."""
    return -namespace(q.scale).log(2 * q.scale), [Term(-1 / q.scale, AbsoluteDeviation(q.loc))]


@expansion(GeneralizedNormal, DeviationPower, states="−log(2s Γ(1 + 1/c)) − |(x − μ)/s|^c")
def of_generalized_normal(q: GeneralizedNormal) -> Terms:
    """−log(2s Γ(1 + 1/c)) − |(x − μ)/s|^c."""
    total = namespace(q.scale).log(2 * q.scale) + lgamma(1 + 1 / q.power)
    return -total, [Term(-1.0, DeviationPower(q.loc, q.scale, q.power))]


@expansion(Gumbel, Mean, Decay, states="−log β + μ/β − x/β − e^(−(x − μ)/β)")
def of_gumbel(q: Gumbel) -> Terms:
    """−log β + μ/β − x/β − e^(−(x − μ)/β)."""
    total = -namespace(q.scale).log(q.scale) + q.loc / q.scale
    return total, [Term(-1 / q.scale, Mean()), Term(-1.0, Decay(q.loc, q.scale))]


@expansion(Moyal, Mean, Decay, states="−log σ√2π + ½μ/σ − ½x/σ − ½e^(−(x − μ)/σ)")
def of_moyal(q: Moyal) -> Terms:
    """−log σ√2π + ½μ/σ − ½x/σ − ½e^(−(x − μ)/σ)."""
    total = -namespace(q.scale).log(q.scale) - HALF_LOG_2PI + 0.5 * q.loc / q.scale
    return total, [Term(-0.5 / q.scale, Mean()), Term(-0.5, Decay(q.loc, q.scale))]


@expansion(Logistic, Mean, LogPlusDecay, states="−log s − (x − μ)/s − 2 log(1 + e^(−(x − μ)/s))")
def of_logistic(q: Logistic) -> Terms:
    """−log s − (x − μ)/s − 2 log(1 + e^(−(x − μ)/s))."""
    total = -namespace(q.scale).log(q.scale) + q.loc / q.scale
    return total, [Term(-1 / q.scale, Mean()), Term(-2.0, LogPlusDecay(q.loc, q.scale))]


@expansion(Cauchy, LogPlusSquare, states="−log πγ − log(1 + ((x − μ)/γ)²)")
def of_cauchy(q: Cauchy) -> Terms:
    """−log πγ − log(1 + ((x − μ)/γ)²)."""
    total = -namespace(q.scale).log(math.pi * q.scale)
    return total, [Term(-1.0, LogPlusSquare(q.loc, q.scale))]


@expansion(HalfCauchy, LogPlusSquare, states="−log πγ/2 − log(1 + (x/γ)²)")
def of_half_cauchy(q: HalfCauchy) -> Terms:
    """−log πγ/2 − log(1 + (x/γ)²)."""
    xp = namespace(q.scale)
    total = -xp.log(0.5 * math.pi * q.scale)
    return total, [Term(-1.0, LogPlusSquare(xp.zeros_like(q.scale), q.scale))]


@expansion(
    StudentT, LogPlusSquare,
    states="−log(σ√ν B(½, ν/2)) − ½(ν + 1) log(1 + ((x − μ)/(σ√ν))²)",
)  # fmt: skip
def of_student(q: StudentT) -> Terms:
    """−log(σ√ν B(½, ν/2)) − ½(ν + 1) log(1 + ((x − μ)/(σ√ν))²)."""
    xp = namespace(q.df)
    wide = q.scale * xp.sqrt(q.df)
    total = lbeta(xp.full_like(q.df, 0.5), 0.5 * q.df) + xp.log(wide)
    return -total, [Term(-0.5 * (q.df + 1), LogPlusSquare(q.loc, wide))]


@expansion(Uniform, states="−log(h − l)")
def of_uniform(q: Uniform) -> Terms:
    """−log(h − l)."""
    return -namespace(q.low).log(q.high - q.low), []


@expansion(LogUniform, Log, states="−log log(h/l) − log x")
def of_log_uniform(q: LogUniform) -> Terms:
    """−log log(h/l) − log x."""
    return -namespace(q.low).log(q.log_width()), [Term(-1.0, Log())]


@expansion(Beta, Log, LogComplement, states="−log B(a, b) + (a − 1) log x + (b − 1) log(1 − x)")
def of_beta(q: Beta) -> Terms:
    """−log B(a, b) + (a − 1) log x + (b − 1) log(1 − x), around x = a/(a + b)."""
    xp, total = namespace(q.a), q.a + q.b
    at, rest = xp.log(q.a / total), xp.log(q.b / total)
    terms = [Term(q.a - 1, Log(), at), Term(q.b - 1, LogComplement(), rest)]
    return _beta_remainder(q.a, q.b) - at - rest, terms


def _beta_remainder(a: Any, b: Any) -> Any:
    """What Stirling's leading terms leave of −log B(a, b)."""
    return gamma_remainder(a + b) - gamma_remainder(a) - gamma_remainder(b)


@expansion(
    Kumaraswamy, Log, LogComplementPower, states="log ab + (a − 1) log x + (b − 1) log(1 − x^a)"
)
def of_kumaraswamy(q: Kumaraswamy) -> Terms:
    """Log ab + (a − 1) log x + (b − 1) log(1 − x^a)."""
    terms = [Term(q.a - 1, Log()), Term(q.b - 1, LogComplementPower(q.a))]
    return namespace(q.a).log(q.a * q.b), terms


@expansion(ContinuousBernoulli, Mean, states="−η/2 − log(sinh(η/2)/(η/2)) + η x")
def of_continuous_bernoulli(q: ContinuousBernoulli) -> Terms:
    """−η/2 − log(sinh(η/2)/(η/2)) + η x, η = log λ/(1 − λ)."""
    eta = q.logit()
    return -0.5 * eta - log_sinhc(0.5 * eta), [Term(eta, Mean())]


@expansion(
    LogitNormal, SquaredLogitDeviation, Log, LogComplement,
    states="−log σ√2π − (log x/(1 − x) − μ)²/(2σ²) − log x − log(1 − x)",
)  # fmt: skip
def of_logit_normal(q: LogitNormal) -> Terms:
    """−log σ√2π − (log x/(1 − x) − μ)²/(2σ²) − log x − log(1 − x)."""
    total, slope = _normal(q.scale)
    bell = Term(slope, SquaredLogitDeviation(q.loc))
    return total, [bell, Term(-1.0, Log()), Term(-1.0, LogComplement())]


@expansion(Exponential, Mean, states="log λ − λ x")
def of_exponential(q: Exponential) -> Terms:
    """Log λ − λ x."""
    return namespace(q.rate).log(q.rate), [Term(-q.rate, Mean())]


@expansion(Gamma, Log, Mean, states="a log b − log Γ(a) + (a − 1) log x − b x")
def of_gamma(q: Gamma) -> Terms:
    """A log b − log Γ(a) + (a − 1) log x − b x, around x = a/b."""
    at = q.shape / q.rate
    log = namespace(at).log(at)
    terms = [Term(q.shape - 1, Log(), log), Term(-q.rate, Mean(), at)]
    return -gamma_remainder(q.shape) - log, terms


@expansion(InverseGamma, Log, Reciprocal, states="a log b − log Γ(a) − (a + 1) log x − b/x")
def of_inverse_gamma(q: InverseGamma) -> Terms:
    """A log b − log Γ(a) − (a + 1) log x − b/x, around 1/x = a/b."""
    at = q.shape / q.scale
    log = -namespace(at).log(at)
    terms = [Term(-q.shape - 1, Log(), log), Term(-q.scale, Reciprocal(), at)]
    return -gamma_remainder(q.shape) - log, terms


@expansion(
    Nakagami, Log, SquaredDeviation,
    states="log 2 + m log(m/Ω) − log Γ(m) + (2m − 1) log x − m x²/Ω",
)  # fmt: skip
def of_nakagami(q: Nakagami) -> Terms:
    """Log 2 + m log(m/Ω) − log Γ(m) + (2m − 1) log x − m x²/Ω, around x² = Ω."""
    xp = namespace(q.shape)
    log, origin = 0.5 * xp.log(q.spread), xp.zeros_like(q.spread)
    square = Term(-q.shape / q.spread, SquaredDeviation(origin), q.spread)
    total = math.log(2) - gamma_remainder(q.shape) - log
    return total, [Term(2 * q.shape - 1, Log(), log), square]


def _of_power_of_gamma(q: Any) -> Terms:
    """Log |c| − log Γ(a) − a c log θ + (a c − 1) log x − (x/θ)^c, around (x/θ)^c = a."""
    a, scale, c = as_power_of_gamma(q)
    xp = namespace(a)
    log = xp.log(scale) + xp.log(a) / c
    total = xp.log(xp.abs(c)) - gamma_remainder(a) - log
    return total, [Term(a * c - 1, Log(), log), Term(-1.0, Power(c, scale), a)]


expansion(Weibull, Log, Power, states="log(k/λ^k) + (k − 1) log x − (x/λ)^k")(_of_power_of_gamma)
expansion(Frechet, Log, Power, states="log(k s^k) − (k + 1) log x − (x/s)^(−k)")(_of_power_of_gamma)
expansion(
    GeneralizedGamma, Log, Power,
    states="log |c| − log Γ(a) − a c log θ + (a c − 1) log x − (x/θ)^c",
)(_of_power_of_gamma)  # fmt: skip


@expansion(LogNormal, Log, SquaredLogDeviation, states="−log σ√2π − log x − (log x − μ)²/(2σ²)")
def of_log_normal(q: LogNormal) -> Terms:
    """−log σ√2π − log x − (log x − μ)²/(2σ²)."""
    total, slope = _normal(q.scale)
    return total, [Term(-1.0, Log()), Term(slope, SquaredLogDeviation(q.loc))]


@expansion(
    InverseGaussian, Log, Mean, Reciprocal,
    states="½ log λ/2π + λ/μ − 3/2 log x − λ x/(2μ²) − λ/(2x)",
)  # fmt: skip
def of_inverse_gaussian(q: InverseGaussian) -> Terms:
    """½ log λ/2π + λ/μ − 3/2 log x − λ x/(2μ²) − λ/(2x), around x = μ."""
    half = 0.5 * q.shape
    terms = [
        Term(-1.5, Log()),
        Term(-half / q.mean / q.mean, Mean(), q.mean),
        Term(-half, Reciprocal(), 1 / q.mean),
    ]
    return 0.5 * namespace(q.shape).log(q.shape) - HALF_LOG_2PI, terms


@expansion(Levy, LogAbove, ReciprocalAbove, states="½ log c/2π − 3/2 log(x − μ) − c/(2(x − μ))")
def of_levy(q: Levy) -> Terms:
    """½ log c/2π − 3/2 log(x − μ) − c/(2(x − μ))."""
    total = 0.5 * namespace(q.scale).log(q.scale) - HALF_LOG_2PI
    return total, [Term(-1.5, LogAbove(q.loc)), Term(-0.5 * q.scale, ReciprocalAbove(q.loc))]


@expansion(Pareto, Log, states="log a + a log s − (a + 1) log x")
def of_pareto(q: Pareto) -> Terms:
    """Log a + a log s − (a + 1) log x."""
    xp = namespace(q.shape)
    return xp.log(q.shape) + q.shape * xp.log(q.scale), [Term(-q.shape - 1, Log())]


@expansion(Lomax, LogPlus, states="log a/s − (a + 1) log(1 + x/s)")
def of_lomax(q: Lomax) -> Terms:
    """Log a/s − (a + 1) log(1 + x/s)."""
    return namespace(q.shape).log(q.shape / q.scale), [Term(-q.shape - 1, LogPlus(q.scale))]


@expansion(GeneralizedPareto, Excess, states="−log σ − (1 + c) log(1 + c (x − μ)/σ)/c")
def of_generalized_pareto(q: GeneralizedPareto) -> Terms:
    """−log σ − (1 + c) log(1 + c (x − μ)/σ)/c."""
    statistic = Excess(q.loc, q.scale, q.concentration)
    return -namespace(q.scale).log(q.scale), [Term(-1 - q.concentration, statistic)]


@expansion(
    LogLogistic, Log, LogPlusPower,
    states="log(k/s^k) + (k − 1) log x − 2 log(1 + (x/s)^k)",
)  # fmt: skip
def of_log_logistic(q: LogLogistic) -> Terms:
    """log(k/s^k) + (k − 1) log x − 2 log(1 + (x/s)^k)."""
    xp = namespace(q.shape)
    total = xp.log(q.shape) - q.shape * xp.log(q.scale)
    return total, [Term(q.shape - 1, Log()), Term(-2.0, LogPlusPower(q.shape, q.scale))]


@expansion(BetaPrime, Log, LogPlus, states="−log B(a, b) + (a − 1) log x − (a + b) log(1 + x)")
def of_beta_prime(q: BetaPrime) -> Terms:
    """−log B(a, b) + (a − 1) log x − (a + b) log(1 + x), around x = a/b."""
    xp, total = namespace(q.a), q.a + q.b
    log = xp.log(q.a / q.b)
    plus = Term(-total, LogPlus(xp.ones_like(total)), xp.log1p(q.a / q.b))
    return _beta_remainder(q.a, q.b) - log, [Term(q.a - 1, Log(), log), plus]
