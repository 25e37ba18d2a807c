"""Closed forms of ranks and of species: exponential families in log x and in x."""

from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.stable import log_ratio, psi, times_psi
from kullback.arrays.zeta_sums import log_zeta_and_mean, log_zeta_excess
from kullback.forms.families.counting import LogSeries, Zipf
from kullback.forms.families.outcomes import outcomes
from kullback.methods.formulas.coins import log_ratio_of_complements
from kullback.methods.formulas.registry import (
    ENTROPY_FORMULAS,
    KL_FORMULAS,
    POWER_FORMULAS,
    closed_form,
)
from kullback.methods.formulas.tilting import by_tilting, mixed


@closed_form(
    KL_FORMULAS, LogSeries, LogSeries,
    states="log(L_q/L_p) − m log(q/p), L = −log(1 − p), m = p/((1 − p) L_p)",
    source="derived here: an exponential family in log p",
)  # fmt: skip
def kl_log_series(p: LogSeries, q: LogSeries) -> Any:
    """log(L_q/L_p) − m u, u = log(q/p); nearby as gaps ≥ 0, at small p by a sum."""
    return _kl_series(p.probs, q.probs)


def _kl_series(a: Any, b: Any) -> Any:
    xp = namespace(a, b)
    a, b = xp.broadcast_arrays(a, b)
    low = (a < 0.1) & (b < 0.1)
    far = xp.zeros_like(a) + 0.5
    value = _kl_log_series(xp.where(low, far, a), xp.where(low, far, b))
    small = xp.zeros_like(a) + 0.05
    return xp.where(low, _kl_low_series(xp.where(low, a, small), xp.where(low, b, small)), value)


def _kl_log_series(a: Any, b: Any) -> Any:
    """(ψ(v) + ψ(u) p/(1 − p))/L_p − ψ(w), w = log(L_q/L_p), v = log((1 − q)/(1 − p))."""
    xp, u, v = namespace(a, b), log_ratio(a, b), log_ratio_of_complements(a, b)
    total, odds = -xp.log1p(-a), a / (1 - a)
    growth = -v / total
    near = xp.abs(growth) < 0.5
    w = xp.log1p(xp.where(near, growth, xp.zeros_like(growth)))
    close = (psi(v) + psi(u) * odds) / total - psi(w)
    return xp.where(near, close, log_ratio(total, -xp.log1p(-b)) - odds / total * u)


def _kl_low_series(a: Any, b: Any, terms: int = 24) -> Any:
    """Σ p(x) ψ((x − 1) u − w), w = log(h_q/h_p), h = Σ pˣ⁻¹/x = L/p."""
    xp, u = namespace(a, b), log_ratio(a, b)[..., None]
    x = outcomes(list(range(1, terms + 1)), a)
    powers = xp.exp((x - 1) * xp.log(a)[..., None]) / x
    mass = powers / xp.sum(powers, axis=-1, keepdims=True)
    w = xp.log1p(xp.sum(mass * xp.expm1((x - 1) * u), axis=-1, keepdims=True))
    return xp.sum(times_psi(mass, (x - 1) * u - w), axis=-1)


@closed_form(
    KL_FORMULAS, Zipf, Zipf, states="log ζ(t) − log ζ(s) + (t − s) E_p log x, exponents s and t",
    source="derived here: an exponential family in log x",
)  # fmt: skip
def kl_zipf(p: Zipf, q: Zipf) -> Any:
    """Log ζ(t) − log ζ(s) + (t − s) E_p log x."""
    return log_zeta_excess(p.exponent, q.exponent)


@closed_form(
    POWER_FORMULAS, LogSeries, LogSeries,
    states="log L_r − α log L_p − (1 − α) log L_q, r = p^α q^(1−α), L = −log(1 − p)",
    source="derived here", domain="p^α q^(1−α) < 1",
)  # fmt: skip
def power_log_series(p: LogSeries, q: LogSeries, alpha: float) -> Any:
    """From the relative entropies of r to p and q."""
    xp = namespace(p.probs, q.probs)
    log = mixed(xp.log(p.probs), xp.log(q.probs), alpha)
    exists = log < 0
    r = xp.exp(xp.where(exists, log, xp.full_like(log, -1.0)))
    exists = exists & (r < 1)
    r = xp.where(exists, r, xp.full_like(r, 0.5))
    return by_tilting(_kl_series, p.probs, q.probs, r, alpha, exists)


@closed_form(
    POWER_FORMULAS, Zipf, Zipf,
    states="log ζ(α s + (1 − α) t) − α log ζ(s) − (1 − α) log ζ(t)", source="derived here",
    domain="α s + (1 − α) t > 1",
)  # fmt: skip
def power_zipf(p: Zipf, q: Zipf, alpha: float) -> Any:
    """From the relative entropies of the exponent between to s and t."""
    s, t = p.exponent, q.exponent
    between = mixed(s, t, alpha)
    exists = between > 1
    xp = namespace(between)
    safe = xp.where(exists, between, xp.full_like(between, 2.0))
    return by_tilting(log_zeta_excess, s, t, safe, alpha, exists)


@closed_form(ENTROPY_FORMULAS, Zipf, states="log ζ(s) + s E log x", source="derived here")
def entropy_zipf(p: Zipf) -> Any:
    """Log ζ(s) + s E log x."""
    log, mean = log_zeta_and_mean(p.exponent)
    return log + p.exponent * mean
