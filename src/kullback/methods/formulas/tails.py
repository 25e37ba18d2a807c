"""Closed forms of laws with power tails, of first passages, and of truncated normals."""

from typing import Any

from kullback.arrays.namespace import is_traced, namespace
from kullback.arrays.stable import log_ratio, psi
from kullback.forms.families import (
    GeneralizedPareto,
    InverseGaussian,
    Levy,
    Lomax,
    Pareto,
)
from kullback.methods.formulas.registry import KL_FORMULAS, closed_form
from kullback.methods.formulas.statistics import refuse_scales, unequal

_GIL = "Gil, Alajaji and Linder 2013"


@closed_form(
    KL_FORMULAS, Pareto, Pareto, states="ψ(log a′/a) + a′ log s/s′, ψ(u) = eᵘ − 1 − u", source=_GIL,
    domain="s ≥ s′",
)  # fmt: skip
def kl_pareto(p: Pareto, q: Pareto) -> Any:
    """ψ(log a′/a) + a′ log s/s′."""
    return psi(log_ratio(p.shape, q.shape)) + q.shape * log_ratio(q.scale, p.scale)


@closed_form(
    KL_FORMULAS, Lomax, Lomax, states="ψ(log a′/a)", domain="s = s′", refuse=refuse_scales,
    source="derived: log(1 + x/s) is exponential with rate a",
)  # fmt: skip
def kl_lomax(p: Lomax, q: Lomax) -> Any:
    """ψ(log a′/a)."""
    return psi(log_ratio(p.shape, q.shape))


def proportional(p: GeneralizedPareto, scale: Any, concentration: Any) -> Any:
    """Return where concentration/scale is that of p, to rounding."""
    xp = namespace(p.scale, scale)
    a, b = p.concentration * scale, concentration * p.scale
    return xp.abs(a - b) <= 8 * float(xp.finfo(a.dtype).eps) * xp.abs(a)


def refuse_unlike(p: GeneralizedPareto, q: GeneralizedPareto) -> str | None:
    """Refuse laws of which neither is a stretched copy of the other's exponential."""
    same = proportional(p, q.scale, q.concentration)
    if unequal(p.loc, q.loc) or is_traced(same) or not bool(namespace(same).all(same)):
        return "there is a formula for equal loc and equal concentration/scale only"
    return None


@closed_form(
    KL_FORMULAS, GeneralizedPareto, GeneralizedPareto, states="ψ(log σ/σ′)",
    domain="μ = μ′, c/σ = c′/σ′", refuse=refuse_unlike,
    source="derived: log(1 + c (x − μ)/σ)/c is standard exponential",
)  # fmt: skip
def kl_generalized_pareto(p: GeneralizedPareto, q: GeneralizedPareto) -> Any:
    """ψ(log σ/σ′)."""
    return psi(log_ratio(q.scale, p.scale))


@closed_form(
    KL_FORMULAS, InverseGaussian, InverseGaussian,
    states="½ ψ(log λ′/λ) + λ′ (μ − μ′)²/(2 μ′² μ)", source=_GIL,
)  # fmt: skip
def kl_inverse_gaussian(p: InverseGaussian, q: InverseGaussian) -> Any:
    """½ ψ(log λ′/λ) + λ′ (μ − μ′)²/(2 μ′² μ)."""
    moved = (p.mean - q.mean) / q.mean
    return 0.5 * psi(log_ratio(p.shape, q.shape)) + 0.5 * moved * moved * (q.shape / p.mean)


def _refuse_above(p: Levy, q: Levy) -> str | None:
    if is_traced(p.loc) or is_traced(q.loc) or bool(namespace(p.loc).any(p.loc > q.loc)):
        return "there is a formula for equal loc only"
    return None


@closed_form(
    KL_FORMULAS, Levy, Levy, states="½ ψ(log c′/c)", domain="μ = μ′; ∞ for μ < μ′", source=_GIL,
    refuse=_refuse_above,
)  # fmt: skip
def kl_levy(p: Levy, q: Levy) -> Any:
    """½ ψ(log c′/c)."""
    return 0.5 * psi(log_ratio(p.scale, q.scale))
