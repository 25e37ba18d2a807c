"""Closed forms of laws on an interval, of the circle, and of what maps to them."""

from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import i0e, i1e
from kullback.arrays.stable import log_ratio, psi
from kullback.forms.families import (
    Beta,
    BetaPrime,
    ContinuousBernoulli,
    Kumaraswamy,
    LogUniform,
    Uniform,
    VonMises,
)
from kullback.methods.formulas.bregman import log_i0_excess, log_sinhc_excess
from kullback.methods.formulas.gammas import gap, kl_of_rates
from kullback.methods.formulas.registry import KL_FORMULAS, closed_form
from kullback.methods.formulas.statistics import unequal

_GIL = "Gil, Alajaji and Linder 2013"
_BETA = (
    "a′ ψ(t − log a′/a) + b′ ψ(t − log b′/b) + G(a, a′) + G(b, b′) − G(s, s′), s = a + b, "
    "t = log s′/s, G(a, b) = log Γ(b)/Γ(a) − (b − a) ψ₀(a) − b log b/a + b − a"
)


@closed_form(
    KL_FORMULAS, Uniform, Uniform, states="log (h′ − l′)/(h − l)", source=_GIL,
    domain="l′ ≤ l, h ≤ h′",
)  # fmt: skip
def kl_uniform(p: Uniform, q: Uniform) -> Any:
    """Log (h′ − l′)/(h − l), as log(1 + ((l − l′) + (h′ − h))/(h − l))."""
    xp = namespace(p.low, q.low)
    more = ((p.low - q.low) + (q.high - p.high)) / (p.high - p.low)
    return xp.log1p(xp.where(more > -1, more, xp.zeros_like(more)))


@closed_form(
    KL_FORMULAS, LogUniform, LogUniform, states="log (log h′/l′)/(log h/l)",
    source="derived: that of the uniform laws of log x", domain="l′ ≤ l, h ≤ h′",
)  # fmt: skip
def kl_log_uniform(p: LogUniform, q: LogUniform) -> Any:
    """Log (log h′/l′)/(log h/l), as log(1 + (log l/l′ + log h′/h)/log h/l)."""
    xp = namespace(p.low, q.low)
    more = (log_ratio(q.low, p.low) + log_ratio(p.high, q.high)) / p.log_width()
    return xp.log1p(xp.where(more > -1, more, xp.zeros_like(more)))


@closed_form(KL_FORMULAS, Beta, Beta, states=_BETA, source=_GIL)
def kl_beta(p: Beta, q: Beta) -> Any:
    """KL(Gamma(a, s) ‖ Gamma(a′, s′)) + KL(Gamma(b, s) ‖ Gamma(b′, s′)) − G(s, s′), s = a + b."""
    total, other = p.a + p.b, q.a + q.b
    of_a, of_b = q.a - p.a, q.b - p.b
    step = of_a + of_b
    parts = kl_of_rates(p.a, q.a, total, other, of_a, step)
    parts = parts + kl_of_rates(p.b, q.b, total, other, of_b, step)
    return parts - gap(total, other, step)


@closed_form(
    KL_FORMULAS, BetaPrime, BetaPrime, states=_BETA,
    source="derived: that of the beta laws of x/(1 + x)",
)  # fmt: skip
def kl_beta_prime(p: BetaPrime, q: BetaPrime) -> Any:
    """That of Beta(a, b)."""
    return kl_beta(p, q)


def _refuse_powers(p: Kumaraswamy, q: Kumaraswamy) -> str | None:
    if unequal(p.a, q.a):
        return "there is a formula for equal a only"
    return None


@closed_form(
    KL_FORMULAS, Kumaraswamy, Kumaraswamy, states="ψ(log b′/b)", domain="a = a′",
    source="derived: −log(1 − x^a) is exponential with rate b", refuse=_refuse_powers,
)  # fmt: skip
def kl_kumaraswamy(p: Kumaraswamy, q: Kumaraswamy) -> Any:
    """ψ(log b′/b)."""
    return psi(log_ratio(p.b, q.b))


@closed_form(
    KL_FORMULAS, ContinuousBernoulli, ContinuousBernoulli,
    states="S(u′) − S(u) − (u′ − u) S′(u), S(u) = log(sinh u/u), u = ½ log λ/(1 − λ)",
    source="derived: the Bregman divergence of the log-normaliser of Loaiza-Ganem and "
    "Cunningham 2019",
)  # fmt: skip
def kl_continuous_bernoulli(p: ContinuousBernoulli, q: ContinuousBernoulli) -> Any:
    """S(u′) − S(u) − (u′ − u) S′(u)."""
    xp = namespace(p.probs, q.probs)
    apart = (q.probs - p.probs) / (p.probs + q.probs - 2 * p.probs * q.probs)
    step = xp.atanh(apart)
    return log_sinhc_excess(0.5 * p.logit(), 0.5 * q.logit(), step)


@closed_form(
    KL_FORMULAS, VonMises, VonMises,
    states="log I₀(κ′)/I₀(κ) − (κ′ − κ) A(κ) + 2 κ′ A(κ) sin²((μ − μ′)/2), A = I₁/I₀",
    source="derived from E cos(x − μ) = A(κ) (Mardia and Jupp 2000)",
)  # fmt: skip
def kl_von_mises(p: VonMises, q: VonMises) -> Any:
    """Log I₀(κ′)/I₀(κ) − (κ′ − κ) A(κ) + 2 κ′ A(κ) sin²((μ − μ′)/2)."""
    turn = namespace(p.loc).sin(0.5 * (p.loc - q.loc))
    ratio = i1e(p.concentration) / i0e(p.concentration)
    excess = log_i0_excess(p.concentration, q.concentration)
    return excess + 2 * q.concentration * ratio * turn * turn
