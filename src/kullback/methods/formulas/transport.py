"""W₂, the square root of the least mean of (x − y)²: in one dimension ∫₀¹ (F⁻¹(u) − G⁻¹(u))² du."""

import math
from dataclasses import dataclass
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import lgamma
from kullback.arrays.special.gamma import EULER
from kullback.arrays.stable import square_root
from kullback.forms.families import (
    Exponential,
    Gamma,
    GeneralizedNormal,
    Gumbel,
    HalfNormal,
    HyperbolicSecant,
    InverseGamma,
    Laplace,
    Logistic,
    LogNormal,
    Maxwell,
    Moyal,
    Nakagami,
    Normal,
    Rayleigh,
    StudentT,
    Uniform,
    Weibull,
)
from kullback.forms.families.curves import above, infinite_unless
from kullback.forms.families.family import Family
from kullback.methods.formulas.registry import W2_FORMULAS, Enter, closed_form
from kullback.methods.formulas.statistics import equal

VILLANI = "Villani 2003, Topics in Optimal Transportation, theorem 2.18: quantiles are coupled"


def _length(moved: Any, spread: Any) -> Any:
    """√((E x − E y)² + (sd x − sd y)²)."""
    return square_root(moved * moved + spread * spread)


@dataclass(frozen=True)
class Standard:
    """A law as loc + scale · z, with the mean and the standard deviation of z.

    Attributes
    ----------
    mean, deviation : float
        Of z.
    loc : str
        The parameter that moves it, if any.
    """

    mean: float
    deviation: float
    loc: str = ""


STANDARD: dict[type[Family], Standard] = {
    Normal: Standard(0.0, 1.0, "loc"),
    Laplace: Standard(0.0, math.sqrt(2), "loc"),
    Logistic: Standard(0.0, math.pi / math.sqrt(3), "loc"),
    HyperbolicSecant: Standard(0.0, 1.0, "loc"),
    Gumbel: Standard(EULER, math.pi / math.sqrt(6), "loc"),
    Moyal: Standard(EULER + math.log(2), math.pi / math.sqrt(2), "loc"),
    Rayleigh: Standard(math.sqrt(math.pi / 2), math.sqrt(2 - math.pi / 2)),
    Maxwell: Standard(math.sqrt(8 / math.pi), math.sqrt(3 - 8 / math.pi)),
    HalfNormal: Standard(math.sqrt(2 / math.pi), math.sqrt(1 - 2 / math.pi)),
}
_STATES = "√((E x − E y)² + (sd x − sd y)²)"


def _standard(p: Any, q: Any) -> Any:
    """√((E x − E y)² + (sd x − sd y)²), from loc and scale."""
    of = STANDARD[type(p)]
    wide = p.scale - q.scale
    moved = of.mean * wide
    if of.loc:
        moved = moved + (p.loc - q.loc)
    return _length(moved, of.deviation * wide)


for _family in STANDARD:
    closed_form(W2_FORMULAS, _family, _family, states=_STATES, source=VILLANI)(_standard)


@closed_form(W2_FORMULAS, Uniform, Uniform, states=_STATES, source=VILLANI)
def w2_uniform(p: Uniform, q: Uniform) -> Any:
    """√((E x − E y)² + (sd x − sd y)²)."""
    low, high = p.low - q.low, p.high - q.high
    return _length(0.5 * (low + high), (high - low) / math.sqrt(12))


@closed_form(W2_FORMULAS, Exponential, Exponential, states="√2 |1/λ − 1/λ′|", source=VILLANI)
def w2_exponential(p: Exponential, q: Exponential) -> Any:
    """√2 |1/λ − 1/λ′|."""
    return math.sqrt(2) * namespace(p.rate).abs((p.rate - q.rate) / p.rate / q.rate)


def _enter(family: type[Family], name: str, states: str, domain: str = "") -> Enter:
    return closed_form(
        W2_FORMULAS, family, family, states=states, source=VILLANI,
        domain=f"equal {name}{domain}", refuse=equal(name),
    )  # fmt: skip


@_enter(Gamma, "shape", "√(a(a + 1)) |1/b − 1/b′|")
def w2_gamma(p: Gamma, q: Gamma) -> Any:
    """√(a(a + 1)) |1/b − 1/b′|."""
    xp = namespace(p.rate)
    return xp.sqrt(p.shape * (p.shape + 1)) * xp.abs((p.rate - q.rate) / p.rate / q.rate)


@_enter(InverseGamma, "shape", "|b − b′|/√((a − 1)(a − 2))", "; a > 2")
def w2_inverse_gamma(p: InverseGamma, q: InverseGamma) -> Any:
    """|b − b′|/√((a − 1)(a − 2))."""
    xp = namespace(p.scale)
    exists, a = above(p.shape, 2)
    return infinite_unless(exists, xp.abs(p.scale - q.scale) / xp.sqrt((a - 1) * (a - 2)))


@_enter(Nakagami, "shape", "|√Ω − √Ω′|")
def w2_nakagami(p: Nakagami, q: Nakagami) -> Any:
    """|Ω − Ω′|/(√Ω + √Ω′)."""
    xp = namespace(p.spread)
    return xp.abs(p.spread - q.spread) / (xp.sqrt(p.spread) + xp.sqrt(q.spread))


@_enter(StudentT, "df", "√((μ − μ′)² + (σ − σ′)² ν/(ν − 2))", "; ν > 2")
def w2_student(p: StudentT, q: StudentT) -> Any:
    """√((μ − μ′)² + (σ − σ′)² ν/(ν − 2))."""
    exists, df = above(p.df, 2)
    deviation = namespace(df).sqrt(df / (df - 2))
    return infinite_unless(exists, _length(p.loc - q.loc, (p.scale - q.scale) * deviation))


@_enter(GeneralizedNormal, "power", "√((μ − μ′)² + (s − s′)² Γ(3/c)/Γ(1/c))")
def w2_generalized_normal(p: GeneralizedNormal, q: GeneralizedNormal) -> Any:
    """√((μ − μ′)² + (s − s′)² Γ(3/c)/Γ(1/c))."""
    a = 1 / p.power
    deviation = namespace(a).exp(0.5 * (lgamma(3 * a) - lgamma(a)))
    return _length(p.loc - q.loc, (p.scale - q.scale) * deviation)


@closed_form(
    W2_FORMULAS, LogNormal, LogNormal, source=VILLANI,
    states="√(e^c (2(e^h − 1) cosh g + 4 sinh² g/2)), c = μ + μ′ + ½(σ + σ′)², h = ½(σ − σ′)², "
    "g = μ − μ′ + σ² − σ′²",
)  # fmt: skip
def w2_log_normal(p: LogNormal, q: LogNormal) -> Any:
    """√(e^c (2(e^h − 1) cosh g + 4 sinh² g/2))."""
    xp = namespace(p.loc, q.loc)
    total, apart = p.scale + q.scale, p.scale - q.scale
    g = (p.loc - q.loc) + apart * total
    half = xp.sinh(0.5 * g)
    inner = 2 * xp.expm1(0.5 * apart * apart) * xp.cosh(g) + 4 * half * half
    return square_root(inner) * xp.exp(0.5 * (p.loc + q.loc + 0.5 * total * total))


@closed_form(
    W2_FORMULAS, Weibull, Weibull, source=VILLANI,
    states="√(λ² Γ(1 + 2/k) + λ′² Γ(1 + 2/k′) − 2 λ λ′ Γ(1 + 1/k + 1/k′))",
)  # fmt: skip
def w2_weibull(p: Weibull, q: Weibull) -> Any:
    """√((λ g − λ′ g′)² + 2 λ λ′ (g g′ − Γ(1 + 1/k + 1/k′))), g = √Γ(1 + 2/k)."""
    xp = namespace(p.shape, q.shape)
    s, t = 1 / p.shape, 1 / q.shape
    log_s, log_t = 0.5 * lgamma(1 + 2 * s), 0.5 * lgamma(1 + 2 * t)
    first, second = p.scale * xp.exp(log_s), q.scale * xp.exp(log_t)
    bend = lgamma(1 + s + t) - log_s - log_t
    apart = first - second
    return square_root(apart * apart - 2 * first * second * xp.expm1(bend))
