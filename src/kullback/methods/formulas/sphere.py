"""Closed forms of laws on the sphere of ℝᵈ."""

import math
from typing import Any

from kullback.arrays import linear
from kullback.arrays.namespace import is_traced, namespace
from kullback.arrays.special import bessel_ratio, digamma_difference, log_iv_excess
from kullback.forms.families.outcomes import outcomes
from kullback.forms.families.sphere import (
    PowerSpherical,
    SphereUniform,
    VonMisesFisher,
    power_spherical_log_norm,
    sphere_log_area,
    vmf_log_norm,
)
from kullback.methods.formulas.dirichlet import concentrations_kl
from kullback.methods.formulas.registry import (
    ENTROPY_FORMULAS,
    KL_FORMULAS,
    POWER_FORMULAS,
    closed_form,
)
from kullback.methods.formulas.tilting import mixed

VMF = "derived here: an exponential family in x; Mardia and Jupp 2000, § 9.3"
DE_CAO = "De Cao and Aziz 2020"


def kl_axes(d: int, a: Any, b: Any, opening: Any) -> Any:
    """𝓔(a, b) + b A(a) (1 − cosine): concentrations a, b, and 1 − cosine of the directions.

    A = I_{d/2}/I_{d/2−1}; 𝓔(a, b) = F(b) − F(a) − (b − a) A(a), F(κ) = log(I_{d/2−1}(κ)/κ^(d/2−1)).
    """
    order = d / 2 - 1
    a, b = namespace(a, b).broadcast_arrays(a, b)
    return log_iv_excess(order, a, b) + b * bessel_ratio(order, a) * opening


def _opening(p: VonMisesFisher, q: VonMisesFisher) -> Any:
    """½ |m_p − m_q|² = 1 − m_pᵀm_q."""
    gap = p.direction - q.direction
    return 0.5 * linear.dot(gap, gap)


def _no_concentration(law: SphereUniform, like: Any) -> Any:
    del law
    return namespace(like).zeros_like(like)


@closed_form(
    KL_FORMULAS, VonMisesFisher, VonMisesFisher,
    states="log C(κ_p)/C(κ_q) + A(κ_p) (κ_p − κ_q m_pᵀm_q), A = I_{d/2}/I_{d/2−1}", source=VMF,
)  # fmt: skip
def kl_vmf(p: VonMisesFisher, q: VonMisesFisher) -> Any:
    """𝓔(κ_p, κ_q) + κ_q A(κ_p) ½ |m_p − m_q|²."""
    return kl_axes(p.size, p.concentration, q.concentration, _opening(p, q))


@closed_form(
    KL_FORMULAS, VonMisesFisher, SphereUniform,
    states="log C(κ) + κ A(κ) + log of the area", source=VMF,
)  # fmt: skip
def kl_vmf_uniform(p: VonMisesFisher, q: SphereUniform) -> Any:
    """𝓔(κ, 0)."""
    kappa = p.concentration
    value = kl_axes(p.size, kappa, _no_concentration(q, kappa), 0.0)
    return value + 0 * p.direction[..., 0]


@closed_form(
    KL_FORMULAS, SphereUniform, VonMisesFisher, states="−log C(κ) − log of the area", source=VMF
)
def kl_uniform_vmf(p: SphereUniform, q: VonMisesFisher) -> Any:
    """𝓔(0, κ)."""
    kappa = q.concentration
    value = kl_axes(q.size, _no_concentration(p, kappa), kappa, 0.0)
    return value + 0 * q.direction[..., 0]


@closed_form(KL_FORMULAS, SphereUniform, SphereUniform, states="0", source="definition")
def kl_uniform(p: SphereUniform, q: SphereUniform) -> Any:
    """0."""
    del q
    return namespace(p.dimension).zeros_like(p.dimension)


def _kl_shares(d: int, a: Any, b: Any) -> Any:
    """KL of the beta laws of (1 + mᵀx)/2, of which concentrations a and b are.

    Their parameters are (d − 1)/2 + κ and (d − 1)/2.
    """
    xp, rest = namespace(a, b), (d - 1) / 2
    a, b = xp.broadcast_arrays(a, b)
    first = xp.stack([a + rest, 0 * a + rest], axis=-1)
    second = xp.stack([b + rest, 0 * b + rest], axis=-1)
    return concentrations_kl(first, second, xp.stack([b - a, 0 * a], axis=-1))


def _other_axis(p: PowerSpherical, q: PowerSpherical) -> str | None:
    gap = p.direction - q.direction
    if is_traced(gap) or bool(namespace(gap).all(gap == 0)):
        return None
    return "no formula for power spherical laws of different directions"


@closed_form(
    KL_FORMULAS, PowerSpherical, PowerSpherical,
    states="KL of Beta((d−1)/2 + κ_p, (d−1)/2) and Beta((d−1)/2 + κ_q, (d−1)/2)",
    source="derived here: 1 + mᵀx is sufficient", domain="m_p = m_q", refuse=_other_axis,
)  # fmt: skip
def kl_power_spherical(p: PowerSpherical, q: PowerSpherical) -> Any:
    """That of the beta laws of (1 + mᵀx)/2."""
    gap = p.direction - q.direction
    value = _kl_shares(p.size, p.concentration, q.concentration) + 0 * gap[..., 0]
    xp = namespace(value)
    return xp.where(xp.all(gap == 0, axis=-1), value, xp.full_like(value, float("nan")))


@closed_form(
    KL_FORMULAS, PowerSpherical, SphereUniform,
    states="KL of Beta((d−1)/2 + κ, (d−1)/2) and Beta((d−1)/2, (d−1)/2)", source=DE_CAO,
)  # fmt: skip
def kl_power_spherical_uniform(p: PowerSpherical, q: SphereUniform) -> Any:
    """That of the beta laws of (1 + mᵀx)/2."""
    kappa = p.concentration
    value = _kl_shares(p.size, kappa, _no_concentration(q, kappa))
    return value + 0 * p.direction[..., 0]


@closed_form(
    KL_FORMULAS, SphereUniform, PowerSpherical,
    states="KL of Beta((d−1)/2, (d−1)/2) and Beta((d−1)/2 + κ, (d−1)/2)",
    source="derived here: 1 + mᵀx is sufficient",
)  # fmt: skip
def kl_uniform_power_spherical(p: SphereUniform, q: PowerSpherical) -> Any:
    """That of the beta laws of (1 + mᵀx)/2."""
    kappa = q.concentration
    value = _kl_shares(q.size, _no_concentration(p, kappa), kappa)
    return value + 0 * q.direction[..., 0]


@closed_form(
    KL_FORMULAS, PowerSpherical, VonMisesFisher,
    states="KL(p ‖ uniform) − log C(κ_q) − log of the area − κ_q κ_p/(κ_p + d − 1) m_pᵀm_q",
    source=DE_CAO,
)  # fmt: skip
def kl_power_spherical_vmf(p: PowerSpherical, q: VonMisesFisher) -> Any:
    """KL(p ‖ uniform) + 𝓔(0, κ_q) − κ_q κ_p/(κ_p + d − 1) m_pᵀm_q."""
    d, kappa = p.size, p.concentration
    even = _kl_shares(d, kappa, 0 * kappa)
    other = q.concentration
    spread = kl_axes(d, 0 * other, other, 0.0)
    return even + spread - other * (kappa / (kappa + d - 1)) * linear.dot(p.direction, q.direction)


@closed_form(
    ENTROPY_FORMULAS, VonMisesFisher, states="−log C(κ) − κ A(κ)",
    source="Mardia and Jupp 2000, § 9.3",
)  # fmt: skip
def entropy_vmf(p: VonMisesFisher) -> Any:
    """−log C(κ) − κ A(κ)."""
    kappa, d = p.concentration, p.size
    value = vmf_log_norm(d, kappa) - kappa * bessel_ratio(d / 2 - 1, kappa)
    return value + 0 * p.direction[..., 0]


@closed_form(
    ENTROPY_FORMULAS, PowerSpherical,
    states="log N(κ)⁻¹ − κ (log 2 + ψ₀(a) − ψ₀(a + b)), a = b + κ, b = (d − 1)/2", source=DE_CAO,
)  # fmt: skip
def entropy_power_spherical(p: PowerSpherical) -> Any:
    """−log N(κ) − κ E log(1 + mᵀx)."""
    kappa, b = p.concentration, (p.size - 1) / 2
    log = math.log(2) - digamma_difference(kappa + b, kappa + 2 * b)
    return power_spherical_log_norm(p.size, kappa) - kappa * log + 0 * p.direction[..., 0]


@closed_form(ENTROPY_FORMULAS, SphereUniform, states="log(2 π^(d/2)/Γ(d/2))", source="definition")
def entropy_uniform(p: SphereUniform) -> Any:
    """Log of the area."""
    return outcomes(sphere_log_area(p.size), p.dimension)


def _power_axes(d: int, first: tuple[Any, Any], second: tuple[Any, Any], alpha: float) -> Any:
    """From the relative entropies of the law of α κ_p m_p + (1 − α) κ_q m_q to p and q."""
    (a, m), (b, o) = first, second
    between = mixed(a[..., None] * m, b[..., None] * o, alpha)
    xp = namespace(between)
    square = linear.dot(between, between)
    some = square > 0
    length = xp.sqrt(xp.where(some, square, xp.ones_like(square)))
    axis = between / length[..., None]
    kappa = xp.where(some, length, xp.zeros_like(length))
    gap_a, gap_b = axis - m, axis - o
    to_p = kl_axes(d, kappa, a + 0 * kappa, 0.5 * linear.dot(gap_a, gap_a))
    to_q = kl_axes(d, kappa, b + 0 * kappa, 0.5 * linear.dot(gap_b, gap_b))
    return -alpha * to_p - (1 - alpha) * to_q


_POWER_STATES = "α log C(κ_p) + (1 − α) log C(κ_q) − log C(|α κ_p m_p + (1 − α) κ_q m_q|)"


@closed_form(POWER_FORMULAS, VonMisesFisher, VonMisesFisher, states=_POWER_STATES, source=VMF)
def power_vmf(p: VonMisesFisher, q: VonMisesFisher, alpha: float) -> Any:
    """From the relative entropies of the law between to p and q."""
    first, second = (p.concentration, p.direction), (q.concentration, q.direction)
    return _power_axes(p.size, first, second, alpha)


@closed_form(
    POWER_FORMULAS, VonMisesFisher, SphereUniform, states=_POWER_STATES + ", κ_q = 0", source=VMF
)
def power_vmf_uniform(p: VonMisesFisher, q: SphereUniform, alpha: float) -> Any:
    """That of VonMisesFisher with κ_q = 0."""
    nothing = _no_concentration(q, p.concentration)
    return _power_axes(p.size, (p.concentration, p.direction), (nothing, p.direction), alpha)


@closed_form(
    POWER_FORMULAS, SphereUniform, VonMisesFisher, states=_POWER_STATES + ", κ_p = 0", source=VMF
)
def power_uniform_vmf(p: SphereUniform, q: VonMisesFisher, alpha: float) -> Any:
    """That of VonMisesFisher with κ_p = 0."""
    nothing = _no_concentration(p, q.concentration)
    return _power_axes(q.size, (nothing, q.direction), (q.concentration, q.direction), alpha)
