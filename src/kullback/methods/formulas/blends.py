"""log ∫ p^α q^(1−α) where p^α q^(1−α) is, but for its norm, a law r of the same family.

−α KL(r ‖ p) − (1 − α) KL(r ‖ q): van Erven and Harremoës 2014, theorem 30.
"""

from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.stable import log_ratio, times_psi
from kullback.forms.families import (
    Beta,
    BetaPrime,
    ContinuousBernoulli,
    Gamma,
    GeneralizedGamma,
    InverseGamma,
    InverseGaussian,
    Nakagami,
    VonMises,
)
from kullback.methods.formulas.bregman import log_sinhc_excess
from kullback.methods.formulas.gammas import gap
from kullback.methods.formulas.interval import kl_beta, kl_von_mises
from kullback.methods.formulas.orders import GIL, unless
from kullback.methods.formulas.registry import POWER_FORMULAS, closed_form
from kullback.methods.formulas.statistics import equal
from kullback.methods.formulas.tails import kl_inverse_gaussian

BLEND = "van Erven and Harremoës 2014, theorem 30, with the law ∝ p^α q^(1−α)"


def power_of_gammas(a: Any, b: Any, u: Any, alpha: float) -> Any:
    """By Gamma(α a + (1 − α) b, m), m = α + (1 − α) eᵘ, the rates being 1 and eᵘ."""
    xp = namespace(a, b, u)
    c = a + (1 - alpha) * (b - a)
    grown = (1 - alpha) * xp.expm1(u)
    exists = (c > 0) & (grown > -1)
    c = xp.where(exists, c, xp.ones_like(c + u))
    log_m = xp.log1p(xp.where(exists, grown, xp.zeros_like(grown + c)))
    to_p = times_psi(a + 0 * c, log_ratio(a + 0 * c, c) - log_m) + gap(c, a)
    to_q = times_psi(b + 0 * c, log_ratio(b + 0 * c, c) + (u - log_m)) + gap(c, b)
    return unless(exists, -alpha * to_p - (1 - alpha) * to_q)


_GAMMAS = (
    "log Γ(a_α)/(Γ(a)^α Γ(a′)^(1−α)) + log b^(αa) b′^((1−α)a′)/b_α^(a_α), a_α = α a + (1 − α) a′, "
    "b_α = α b + (1 − α) b′"
)


@closed_form(POWER_FORMULAS, Gamma, Gamma, states=_GAMMAS, source=GIL, domain="a_α > 0, b_α > 0")
def power_gamma(p: Gamma, q: Gamma, alpha: float) -> Any:
    """That of the rates' ratio."""
    return power_of_gammas(p.shape, q.shape, log_ratio(p.rate, q.rate), alpha)


@closed_form(
    POWER_FORMULAS, InverseGamma, InverseGamma, states=f"{_GAMMAS}: that of the gamma laws of 1/x",
    source="derived: the integral does not change under x → 1/x", domain="a_α > 0, b_α > 0",
)  # fmt: skip
def power_inverse_gamma(p: InverseGamma, q: InverseGamma, alpha: float) -> Any:
    """That of the gamma laws of 1/x."""
    return power_of_gammas(p.shape, q.shape, log_ratio(p.scale, q.scale), alpha)


@closed_form(
    POWER_FORMULAS, Nakagami, Nakagami,
    states=f"{_GAMMAS}, b = m/Ω: that of the gamma laws of x²",
    source="derived: the integral does not change under x → x²", domain="a_α > 0, b_α > 0",
)  # fmt: skip
def power_nakagami(p: Nakagami, q: Nakagami, alpha: float) -> Any:
    """That of the gamma laws of x²."""
    u = log_ratio(p.shape, q.shape) + log_ratio(q.spread, p.spread)
    return power_of_gammas(p.shape, q.shape, u, alpha)


@closed_form(
    POWER_FORMULAS, GeneralizedGamma, GeneralizedGamma, refuse=equal("power"),
    states=f"{_GAMMAS}, b = θ^(−c): that of the gamma laws of x^c",
    source="derived: the integral does not change under x → x^c",
    domain="c = c′; a_α > 0, b_α > 0",
)  # fmt: skip
def power_generalized_gamma(p: GeneralizedGamma, q: GeneralizedGamma, alpha: float) -> Any:
    """That of the gamma laws of x^c."""
    u = p.power * log_ratio(q.scale, p.scale)
    return power_of_gammas(p.shape, q.shape, u, alpha)


def _between(alpha: float, a: Any, b: Any) -> Any:
    return a + (1 - alpha) * (b - a)


@closed_form(
    POWER_FORMULAS, Beta, Beta, source=GIL, domain="a_α > 0, b_α > 0",
    states="log B(a_α, b_α)/(B(a, b)^α B(a′, b′)^(1−α)), a_α = α a + (1 − α) a′, "
    "b_α = α b + (1 − α) b′",
)  # fmt: skip
def power_beta(p: Any, q: Any, alpha: float) -> Any:
    """−α KL(r ‖ p) − (1 − α) KL(r ‖ q), r = Beta(a_α, b_α)."""
    xp = namespace(p.a, q.a)
    a, b = _between(alpha, p.a, q.a), _between(alpha, p.b, q.b)
    exists = (a > 0) & (b > 0)
    one = xp.ones_like(a + b)
    r = Beta(xp.where(exists, a, one), xp.where(exists, b, one))
    return unless(exists, -alpha * kl_beta(r, p) - (1 - alpha) * kl_beta(r, q))


closed_form(
    POWER_FORMULAS, BetaPrime, BetaPrime, states="that of the beta laws of x/(1 + x)",
    source="derived: the integral does not change under x → x/(1 + x)", domain="a_α > 0, b_α > 0",
)(power_beta)  # fmt: skip


@closed_form(
    POWER_FORMULAS, InverseGaussian, InverseGaussian, source=GIL,
    states="½ log λ^α λ′^(1−α)/B + αλ/μ + (1 − α)λ′/μ′ − √(A B), A = αλ/μ² + (1 − α)λ′/μ′², "
    "B = αλ + (1 − α)λ′",
    domain="A > 0, B > 0",
)  # fmt: skip
def power_inverse_gaussian(p: InverseGaussian, q: InverseGaussian, alpha: float) -> Any:
    """−α KL(r ‖ p) − (1 − α) KL(r ‖ q), r = InverseGaussian(√(B/A), B)."""
    xp = namespace(p.mean, q.mean)
    slope = _between(alpha, p.shape / p.mean / p.mean, q.shape / q.mean / q.mean)
    shape = _between(alpha, p.shape, q.shape)
    exists = (slope > 0) & (shape > 0)
    one = xp.ones_like(slope + shape)
    shape = xp.where(exists, shape, one)
    r = InverseGaussian(xp.sqrt(shape / xp.where(exists, slope, one)), shape)
    value = -alpha * kl_inverse_gaussian(r, p) - (1 - alpha) * kl_inverse_gaussian(r, q)
    return unless(exists, value)


@closed_form(
    POWER_FORMULAS, ContinuousBernoulli, ContinuousBernoulli, source=BLEND,
    states="S(u_α) − α S(u) − (1 − α) S(u′), S(u) = log(sinh u/u), u = ½ log λ/(1 − λ), "
    "u_α = α u + (1 − α) u′",
)  # fmt: skip
def power_continuous_bernoulli(p: ContinuousBernoulli, q: ContinuousBernoulli, alpha: float) -> Any:
    """S(u_α) − α S(u) − (1 − α) S(u′)."""
    apart = (q.probs - p.probs) / (p.probs + q.probs - 2 * p.probs * q.probs)
    step = namespace(apart).atanh(apart)
    u, v = 0.5 * p.logit(), 0.5 * q.logit()
    middle = u + (1 - alpha) * step
    to_p = log_sinhc_excess(middle, u, -(1 - alpha) * step)
    to_q = log_sinhc_excess(middle, v, alpha * step)
    return -alpha * to_p - (1 - alpha) * to_q


@closed_form(
    POWER_FORMULAS, VonMises, VonMises, source=BLEND,
    states="log I₀(κ_α)/(I₀(κ)^α I₀(κ′)^(1−α)), κ_α the length of α κ e^(iμ) + (1 − α) κ′ e^(iμ′)",
)  # fmt: skip
def power_von_mises(p: VonMises, q: VonMises, alpha: float) -> Any:
    """−α KL(r ‖ p) − (1 − α) KL(r ‖ q), r the law of the summed directions."""
    xp = namespace(p.loc, q.loc)
    turn = q.loc - p.loc
    half = xp.sin(0.5 * turn)
    along = alpha * p.concentration + (1 - alpha) * q.concentration * (1 - 2 * half * half)
    across = (1 - alpha) * q.concentration * xp.sin(turn)
    some = (along != 0) | (across != 0)
    x = xp.where(some, along, xp.ones_like(along))
    y = xp.where(some, across, xp.zeros_like(across))
    length = xp.where(some, xp.sqrt(x * x + y * y), xp.zeros_like(x))
    r = VonMises(p.loc + xp.atan2(y, x), length)
    return -alpha * kl_von_mises(r, p) - (1 - alpha) * kl_von_mises(r, q)
