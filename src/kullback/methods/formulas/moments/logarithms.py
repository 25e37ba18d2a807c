"""Means of log(1 + x/s) and its like, for the laws under which they are known."""

from typing import Any

import numpy as np

from kullback.arrays.namespace import is_traced, namespace
from kullback.arrays.special import digamma, digamma_difference, exp1_scaled
from kullback.arrays.special.gamma import EULER
from kullback.forms.families import (
    BetaPrime,
    Cauchy,
    Exponential,
    Frechet,
    GeneralizedPareto,
    Gumbel,
    HalfCauchy,
    Kumaraswamy,
    Lomax,
    Weibull,
)
from kullback.forms.families.curves import above, infinite_unless
from kullback.methods.formulas.statistics import (
    Excess,
    LogComplement,
    LogPlus,
    LogPlusDecay,
    LogPlusPower,
    LogPlusSquare,
    moment,
    refuse_scales,
    unequal,
)
from kullback.methods.formulas.tails import proportional

E1 = "derived: ∫₀^∞ e^(−x) log(1 + x/y) dx = e^y E₁(y), by parts"


@moment(LogPlus, Exponential, states="e^y E₁(y), y = λ s", source=E1)
def log_plus_of_exponential(p: Exponential, t: LogPlus) -> Any:
    """e^y E₁(y), y = λ s."""
    return exp1_scaled(p.rate * t.scale)


@moment(
    LogPlus, Lomax, states="1/a", domain="equal scales", refuse=refuse_scales,
    source="derived: log(1 + x/s) is exponential with rate a",
)  # fmt: skip
def log_plus_of_lomax(p: Lomax, t: LogPlus) -> Any:
    """1/a."""
    return 1 / p.shape + 0 * t.scale


def _refuse_scale(_p: BetaPrime, t: LogPlus) -> str | None:
    one = namespace(t.scale).ones_like(t.scale)
    return "there is a formula for scale 1 only" if unequal(t.scale, one) else None


@moment(
    LogPlus, BetaPrime, states="ψ₀(a + b) − ψ₀(b)", domain="scale 1", refuse=_refuse_scale,
    source="derived: 1/(1 + x) is Beta(b, a)",
)  # fmt: skip
def log_plus_of_beta_prime(p: BetaPrime, t: LogPlus) -> Any:
    """ψ₀(a + b) − ψ₀(b)."""
    return digamma_difference(p.b, p.a + p.b) + 0 * t.scale


def _refuse_powers(p: Any, t: LogPlusPower) -> str | None:
    if unequal(p.shape, t.exponent):
        return "there is a formula for equal shapes only"
    return None


@moment(
    LogPlusPower, Weibull, states="e^y E₁(y), y = (s/λ)^k", domain="equal shapes",
    refuse=_refuse_powers, source=E1,
)  # fmt: skip
def log_plus_power_of_weibull(p: Weibull, t: LogPlusPower) -> Any:
    """e^y E₁(y), y = (s/λ)^k."""
    return exp1_scaled((t.scale / p.scale) ** p.shape)


@moment(
    LogPlusPower, Frechet, states="log y + γ + e^y E₁(y), y = (scale/s)^k", domain="equal shapes",
    refuse=_refuse_powers, source=E1,
)  # fmt: skip
def log_plus_power_of_frechet(p: Frechet, t: LogPlusPower) -> Any:
    """Log y + γ + e^y E₁(y), y = (scale/s)^k."""
    xp = namespace(p.shape)
    log = p.shape * xp.log(p.scale / t.scale)
    return log + EULER + exp1_scaled(xp.exp(log))


@moment(
    LogPlusDecay, Gumbel, states="e^y E₁(y), y = e^((μ − m)/s)", domain="equal scales",
    refuse=refuse_scales, source=E1,
)  # fmt: skip
def log_plus_decay_of_gumbel(p: Gumbel, t: LogPlusDecay) -> Any:
    """e^y E₁(y), y = e^((μ − m)/s)."""
    return exp1_scaled(namespace(p.loc).exp((p.loc - t.center) / t.scale))


HARMONIC = "derived: log |x − z|² is harmonic, so that its Cauchy mean is its value at μ + iγ"


@moment(LogPlusSquare, Cauchy, states="log(((γ + s)² + (μ − m)²)/s²)", source=HARMONIC)
def log_plus_square_of_cauchy(p: Cauchy, t: LogPlusSquare) -> Any:
    """log((1 + γ/s)² + ((μ − m)/s)²)."""
    spread, moved = 1 + p.scale / t.scale, (p.loc - t.center) / t.scale
    return namespace(spread).log(spread * spread + moved * moved)


def _refuse_center(_p: HalfCauchy, t: LogPlusSquare) -> str | None:
    if unequal(t.center, namespace(t.center).zeros_like(t.center)):
        return "there is a formula for laws around 0 only"
    return None


@moment(
    LogPlusSquare, HalfCauchy, states="2 log(1 + γ/s)", domain="m = 0", refuse=_refuse_center,
    source=HARMONIC,
)  # fmt: skip
def log_plus_square_of_half_cauchy(p: HalfCauchy, t: LogPlusSquare) -> Any:
    """2 log(1 + γ/s)."""
    return 2 * namespace(p.scale).log1p(p.scale / t.scale)


# log(1 + c (x − m)/s)/c


def _refuse_unlike(p: GeneralizedPareto, t: Excess) -> str | None:
    xp = namespace(p.scale)
    same = proportional(p, t.scale, t.concentration) & (p.loc == t.center)
    fits = same | (t.concentration == 0)
    if is_traced(fits) or not bool(xp.all(fits)):
        return "there is a formula for c′ = 0, or equal loc and concentration/scale, only"
    return None


@moment(
    Excess, GeneralizedPareto, domain="c′ = 0, or μ = μ′ and c/σ = c′/σ′", refuse=_refuse_unlike,
    states="(E x − μ′)/σ′ for c′ = 0, σ/σ′ for c/σ = c′/σ′",
    source="derived: log(1 + c (x − μ)/σ)/c is standard exponential",
)  # fmt: skip
def excess_of_generalized_pareto(p: GeneralizedPareto, t: Excess) -> Any:
    """(E x − μ′)/σ′ for c′ = 0, σ/σ′ for c/σ = c′/σ′."""
    xp = namespace(p.scale)
    straight = (t.concentration == 0) & (p.concentration != 0)
    exists, left = above(1 - p.concentration, 0)
    moved = (p.loc - t.center) / t.scale + p.scale / t.scale / left
    return xp.where(straight, infinite_unless(exists, moved), moved * 0 + _same_slope(p, t))


def _same_slope(p: GeneralizedPareto, t: Excess) -> Any:
    return p.scale / t.scale + (p.loc - t.center) / t.scale


def _refuse_below(p: Exponential, t: Excess) -> str | None:
    xp = namespace(p.rate)
    fits = (t.center == 0) | (t.center > 0) | ((t.concentration == 0) & (t.center <= 0))
    if is_traced(fits) or is_traced(p.rate) or not bool(xp.all(fits)):
        return "there is a formula for loc = 0 or concentration 0 only"
    return None


@moment(
    Excess, Exponential, domain="μ′ = 0 or c′ = 0; ∞ for c′ < 0", refuse=_refuse_below, source=E1,
    states="e^y E₁(y)/c′, y = λ σ′/c′, for c′ > 0; (1/λ − μ′)/σ′ for c′ = 0",
)  # fmt: skip
def excess_of_exponential(p: Exponential, t: Excess) -> Any:
    """e^y E₁(y)/c′, y = λ σ′/c′, for c′ > 0; (1/λ − μ′)/σ′ for c′ = 0."""
    xp = namespace(p.rate)
    size = 1 / (p.rate * t.scale)
    c = t.concentration * size
    heavy = c > 1e-6
    y = 1 / xp.where(heavy, c, xp.ones_like(c))
    straight = size * (1 - c * (1 - 2 * c)) - t.center / t.scale
    return xp.where(heavy, size * y * exp1_scaled(y), straight)


# Kumaraswamy with a whole b against Beta

MOST = 12


def _refuse_many(p: Kumaraswamy, _t: LogComplement) -> str | None:
    xp = namespace(p.b)
    if is_traced(p.b) or not bool(xp.all((xp.round(p.b) == p.b) & (p.b <= MOST))):
        return f"E log(1 − x) is a finite sum for b = 1, 2, … {MOST} only"
    return None


@moment(
    LogComplement, Kumaraswamy, domain=f"b = 1, 2, … {MOST}", refuse=_refuse_many,
    states="−b Σ (−1)^(j−1) C(b − 1, j − 1) (ψ₀(aj + 1) + γ)/j, j = 1 … b",
    source="derived: (1 − x^a)^(b−1) expanded, ∫₀¹ x^(s−1) log(1 − x) dx = −(ψ₀(s + 1) + γ)/s",
)  # fmt: skip
def log_complement_of_kumaraswamy(p: Kumaraswamy, _: LogComplement) -> Any:
    """−Σ (−1)^(j−1) C(b, j) (ψ₀(aj + 1) + γ), j = 1 … b, as b/j C(b − 1, j − 1) = C(b, j)."""
    top = int(np.max(np.asarray(p.b.detach() if hasattr(p.b, "detach") else p.b)))
    total: Any = 0.0
    choose: Any = 1.0
    for j in range(1, top + 1):
        choose = choose * (p.b - (j - 1)) / j
        total = total + (-1.0) ** j * choose * (digamma(p.a * j + 1) + EULER)
    return total
