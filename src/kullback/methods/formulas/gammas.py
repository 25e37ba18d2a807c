"""Closed forms of gamma laws and of their powers: one formula for thirteen families.

x is a power of a gamma if log x = m + log(g)/c, with g of Gamma(a, 1). With r = c′/c and
v = log E_p (x/θ′)^c′ − log a′,

  KL(p ‖ q) = a′ ψ(v) + G(a, a′) + a′ 𝓔(a + 1, a + r) + (r − 1) a′/a − log |r|,

ψ(u) = eᵘ − 1 − u; 𝓔(a, b) = log Γ(b) − log Γ(a) − (b − a) digamma(a);
G(a, b) = 𝓔(a, b) − b log b/a + b − a. All three are ≥ 0 and 0 only where nothing differs.
"""

import math
from typing import Any

from kullback.arrays.kernels import elementwise
from kullback.arrays.namespace import namespace
from kullback.arrays.special import digamma
from kullback.arrays.special.gamma import EULER
from kullback.arrays.stable import log_ratio, psi, times_psi
from kullback.arrays.stirling import digamma_remainder, gamma_remainder
from kullback.forms.families import (
    Exponential,
    Frechet,
    Gamma,
    GeneralizedGamma,
    HalfNormal,
    InverseGamma,
    Maxwell,
    Nakagami,
    Rayleigh,
    Weibull,
)
from kullback.forms.families.family import Family
from kullback.methods.formulas.bregman import lgamma_excess_by
from kullback.methods.formulas.registry import KL_FORMULAS, closed_form

_GIL = "Gil, Alajaji and Linder 2013"
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156)
_LARGE = 12.0


def gap(a: Any, b: Any, step: Any = None) -> Any:
    """G(a, b): the KL of Gamma(a, ·) and Gamma(b, ·) with one mean; never negative.

    step is b − a, where it is known better than b and a say. For large a and b it comes from the
    series of log Γ: ½ ψ(t) + Σ cₖ a^(−k) (ψ(−k t) + k ψ(t)), t = log b/a; far apart from its rest
    Q: ½ ψ(t) + Q(b) − Q(a) − (b − a) Q′(a).
    """
    fused = elementwise("gap", a, b, b - a if step is None else step)
    if fused is not None:
        return fused
    xp = namespace(a, b)
    a, b, step = xp.broadcast_arrays(a, b, b - a if step is None else step)
    t = log_of_step(a, b, step)
    like = xp.abs(t) < 1
    large = like & (a > _LARGE) & (b > _LARGE)
    short, base = xp.where(large, t, xp.zeros_like(t)), xp.where(large, a, xp.ones_like(a))
    bend = psi(short)
    close = 0.5 * bend
    for i, c in enumerate(_STIRLING):
        k = 2 * i + 1
        close = close + c / base**k * (psi(-k * short) + k * bend)
    one, nothing = xp.ones_like(a), xp.zeros_like(t)
    from_a, to_b = xp.where(like, one, a), xp.where(like, one, b)
    slope = (to_b - from_a) * (digamma_remainder(from_a) + 0.5 / from_a)
    apart = 0.5 * psi(xp.where(like, nothing, t)) + (_rest(to_b) - _rest(from_a) - slope)
    small = like & ~large
    small_a, small_b = xp.where(small, a, one), xp.where(small, b, one)
    excess = lgamma_excess_by(small_a, xp.where(small, step, nothing))
    plain = excess - times_psi(small_b, xp.where(small, -t, nothing))
    return xp.where(large, close, xp.where(small, plain, apart))


def log_of_step(a: Any, b: Any, step: Any) -> Any:
    """Return log b/a, where b − a is known better than b and a say."""
    xp = namespace(a, b)
    near = xp.abs(step) < 0.25 * a
    close = xp.log1p(xp.where(near, step, xp.zeros_like(step)) / a)
    return xp.where(near, close, log_ratio(a, b))


def _rest(x: Any) -> Any:
    """Log Γ(x) − (x − ½) log x + x."""
    return gamma_remainder(x) + 0.5 * namespace(x).log(x)


def kl_gammas(a: Any, b: Any, v: Any) -> Any:
    """ψ(v) b + G(a, b): r = 1, v = log of the ratio of the means, p's to q's."""
    return times_psi(b, v) + gap(a, b)


def kl_of_rates(
    a: Any, b: Any, rate: Any, other_rate: Any, step: Any = None, rate_step: Any = None
) -> Any:
    """KL(Gamma(a, β) ‖ Gamma(b, β′)) = b ψ(log (a β′)/(b β)) + G(a, b).

    step is b − a and rate_step β′ − β, where they are known better than the numbers say.
    """
    step = b - a if step is None else step
    turn = other_rate - rate if rate_step is None else rate_step
    fused = elementwise("gamma", a, b, step, rate, other_rate, turn)
    if fused is not None:
        return fused
    v = log_of_step(rate, other_rate, turn) - log_of_step(a, b, step)
    return times_psi(b, v) + gap(a, b, step)


def kl_powers_of_exponentials(ratio: Any, r_log: Any, shift: Any) -> Any:
    """𝓔(1, r) + ψ(shift + log Γ(1 + r)): a = a′ = 1, r > 0; ratio = r − 1, r_log = log r."""
    excess = lgamma_excess_by(namespace(ratio).ones_like(ratio), ratio)
    return excess + psi(shift + (excess + ratio * _PSI_ONE + r_log))


_PSI_ONE = -EULER


def kl_powers(a: Any, b: Any, move: Any, r_log: Any, shift: Any, step: Any = None) -> Any:
    """The formula at the head of this file; move = r − 1, r_log = log |r|, shift = c′ (m − m′).

    step is b − a, where it is known better than b and a say.
    """
    xp = namespace(a, b, move, shift)
    step = b - a if step is None else step
    exists = a + (1 + move) > 0
    move = xp.where(exists, move, xp.zeros_like(move))
    excess = lgamma_excess_by(a + 1, move)
    v = shift + (excess + move * digamma(a + 1)) - log_of_step(a, b, step)
    same_sign = move > -1
    straight = xp.where(same_sign, r_log, xp.zeros_like(r_log))
    bend = xp.where(same_sign, psi(straight) + (step / a) * move, (b / a) * move - r_log)
    v = xp.where(exists, v, xp.zeros_like(v))
    value = times_psi(b + xp.zeros_like(v), v) + gap(a, b, step) + b * excess + bend
    return xp.where(exists, value, xp.full_like(value, math.inf))


@closed_form(
    KL_FORMULAS, Exponential, Exponential,
    states="ψ(log λ′/λ), ψ(u) = eᵘ − 1 − u", source=_GIL,
)  # fmt: skip
def kl_exponential(p: Exponential, q: Exponential) -> Any:
    """ψ(log λ′/λ)."""
    return psi(log_ratio(p.rate, q.rate))


@closed_form(
    KL_FORMULAS, Gamma, Gamma,
    states="a′ ψ(log (a b′)/(a′ b)) + G(a, a′), "
    "G(a, b) = log Γ(b)/Γ(a) − (b − a) ψ₀(a) − b log b/a + b − a",
    source=_GIL,
)  # fmt: skip
def kl_gamma(p: Gamma, q: Gamma) -> Any:
    """a′ ψ(log (a b′)/(a′ b)) + G(a, a′)."""
    return kl_of_rates(p.shape, q.shape, p.rate, q.rate)


@closed_form(
    KL_FORMULAS, InverseGamma, InverseGamma,
    states="a′ ψ(log (a b′)/(a′ b)) + G(a, a′): that of the gamma laws of 1/x",
    source="derived: KL does not change under x → 1/x",
)  # fmt: skip
def kl_inverse_gamma(p: InverseGamma, q: InverseGamma) -> Any:
    """a′ ψ(log (a b′)/(a′ b)) + G(a, a′)."""
    return kl_of_rates(p.shape, q.shape, p.scale, q.scale)


@closed_form(
    KL_FORMULAS, Nakagami, Nakagami,
    states="m′ ψ(log Ω/Ω′) + G(m, m′): that of the gamma laws of x²",
    source="derived: KL does not change under x → x²",
)  # fmt: skip
def kl_nakagami(p: Nakagami, q: Nakagami) -> Any:
    """m′ ψ(log Ω/Ω′) + G(m, m′)."""
    return kl_gammas(p.shape, q.shape, log_ratio(q.spread, p.spread))


@closed_form(
    KL_FORMULAS, Rayleigh, Rayleigh, states="ψ(2 log σ/σ′)", source=_GIL,
)  # fmt: skip
def kl_rayleigh(p: Rayleigh, q: Rayleigh) -> Any:
    """ψ(2 log σ/σ′)."""
    return psi(2 * log_ratio(q.scale, p.scale))


@closed_form(
    KL_FORMULAS, HalfNormal, HalfNormal, states="½ ψ(2 log σ/σ′)", source=_GIL,
)  # fmt: skip
def kl_half_normal(p: HalfNormal, q: HalfNormal) -> Any:
    """½ ψ(2 log σ/σ′)."""
    return 0.5 * psi(2 * log_ratio(q.scale, p.scale))


@closed_form(
    KL_FORMULAS, Maxwell, Maxwell, states="3/2 ψ(2 log σ/σ′)", source=_GIL,
)  # fmt: skip
def kl_maxwell(p: Maxwell, q: Maxwell) -> Any:
    """3/2 ψ(2 log σ/σ′)."""
    return 1.5 * psi(2 * log_ratio(q.scale, p.scale))


@closed_form(
    KL_FORMULAS, Weibull, Weibull,
    states="𝓔(1, r) + ψ(k′ log λ/λ′ + log Γ(1 + r)), r = k′/k, "
    "𝓔(a, b) = log Γ(b)/Γ(a) − (b − a) ψ₀(a)",
    source="Bauckhage 2013, arXiv:1310.3713; in this form derived here",
)  # fmt: skip
def kl_weibull(p: Weibull, q: Weibull) -> Any:
    """𝓔(1, r) + ψ(k′ log λ/λ′ + log Γ(1 + r)), r = k′/k."""
    shift = q.shape * log_ratio(q.scale, p.scale)
    return kl_powers_of_exponentials(
        (q.shape - p.shape) / p.shape, log_ratio(p.shape, q.shape), shift
    )


@closed_form(
    KL_FORMULAS, Frechet, Frechet,
    states="𝓔(1, r) + ψ(k′ log s′/s + log Γ(1 + r)), r = k′/k: that of the Weibull laws of 1/x",
    source="derived: KL does not change under x → 1/x",
)  # fmt: skip
def kl_frechet(p: Frechet, q: Frechet) -> Any:
    """𝓔(1, r) + ψ(k′ log s′/s + log Γ(1 + r)), r = k′/k."""
    shift = q.shape * log_ratio(p.scale, q.scale)
    return kl_powers_of_exponentials(
        (q.shape - p.shape) / p.shape, log_ratio(p.shape, q.shape), shift
    )


POWERS_OF_GAMMAS = (Gamma, InverseGamma, Weibull, Frechet, Nakagami, GeneralizedGamma)


def as_power_of_gamma(law: Any) -> tuple[Any, Any, Any]:
    """Return a, θ and c of a law with x = θ g^(1/c), g of Gamma(a, 1)."""
    if isinstance(law, Gamma):
        return law.shape, 1 / law.rate, namespace(law.rate).ones_like(law.rate)
    if isinstance(law, InverseGamma):
        return law.shape, law.scale, -namespace(law.scale).ones_like(law.scale)
    if isinstance(law, Weibull):
        return namespace(law.shape).ones_like(law.shape), law.scale, law.shape
    if isinstance(law, Frechet):
        return namespace(law.shape).ones_like(law.shape), law.scale, -law.shape
    if isinstance(law, Nakagami):
        return law.shape, law.unit(), 2 * namespace(law.shape).ones_like(law.shape)
    assert isinstance(law, GeneralizedGamma)
    return law.shape, law.scale, law.power


_AS = {
    Gamma: "a = shape, θ = 1/rate, c = 1",
    InverseGamma: "a = shape, θ = scale, c = −1",
    Weibull: "a = 1, θ = scale, c = shape",
    Frechet: "a = 1, θ = scale, c = −shape",
    Nakagami: "a = shape, θ = √(spread/shape), c = 2",
    GeneralizedGamma: "a = shape, θ = scale, c = power",
}


def _enter(first: type[Family], second: type[Family]) -> None:
    @closed_form(
        KL_FORMULAS, first, second,
        states=(
            "a′ ψ(v) + G(a, a′) + a′ 𝓔(a + 1, a + r) + (r − 1) a′/a − log |r|, r = c′/c, "
            "v = c′ log θ/θ′ + log Γ(a + r)/Γ(a) − log a′; "
            f"p: {_AS[first]}; q: {_AS[second]}"
        ),
        source="Bauckhage 2014, arXiv:1401.6853, of generalised gammas; in this form derived here",
        domain=_domain(first, second),
    )  # fmt: skip
    def kl(p: Any, q: Any) -> Any:
        (a, s, c), (b, z, d) = as_power_of_gamma(p), as_power_of_gamma(q)
        return kl_powers(a, b, (d - c) / c, _log_ratio_of_sizes(c, d), d * log_ratio(z, s))


def _log_ratio_of_sizes(c: Any, d: Any) -> Any:
    xp = namespace(c, d)
    return log_ratio(xp.abs(c), xp.abs(d))


def _domain(first: type[Family], second: type[Family]) -> str:
    signs = {InverseGamma: -1, Frechet: -1, GeneralizedGamma: 0}
    one, two = signs.get(first, 1), signs.get(second, 1)
    return "" if one * two == 1 else "a + r > 0"


for _first in POWERS_OF_GAMMAS:
    for _second in POWERS_OF_GAMMAS:
        if (_first, _second) not in KL_FORMULAS:
            _enter(_first, _second)


def entropy_of_power(a: Any, c: Any, log_scale: Any) -> Any:
    """Log Γ(a) + a − (a − 1/c) digamma(a) + log θ − log |c|, from what Stirling's terms leave."""
    xp = namespace(a, c)
    rest = gamma_remainder(a) - (a - 1 / c) * digamma_remainder(a) + xp.log(a) / c
    return rest + log_scale - xp.log(xp.abs(c))
