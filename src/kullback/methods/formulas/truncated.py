"""KL of two truncated normal laws, also where they are all but equal."""

from functools import cache
from typing import Any

import numpy as np

from kullback.arrays.namespace import is_traced, namespace
from kullback.arrays.stable import log_ratio, psi
from kullback.forms.families import TruncatedNormal
from kullback.forms.families.outcomes import outcomes
from kullback.forms.families.truncation import cut_moments, log_mass
from kullback.methods.formulas.registry import KL_FORMULAS, closed_form


@cache
def _nodes() -> tuple[Any, Any]:
    return np.polynomial.legendre.leggauss(64)


@closed_form(
    KL_FORMULAS, TruncatedNormal, TruncatedNormal, domain="l′ ≤ l, h ≤ h′",
    states=(
        "log σ′/σ + log((Φ(β″) − Φ(α″))/(Φ(β) − Φ(α))) + ½ E(z′² − z²) + log(mass of q′s curve / "
        "that within p's ends), E by φ(α), φ(β)"
    ),
    source="derived from mean and variance (Johnson, Kotz and Balakrishnan 1994)",
)  # fmt: skip
def kl_truncated_normal(p: TruncatedNormal, q: TruncatedNormal) -> Any:
    """KL to q's curve within p's ends, and what q's curve has outside them."""
    xp = namespace(p.loc, q.loc)
    low, high = xp.maximum(p.low, q.low), xp.minimum(p.high, q.high)
    fits = low < high
    low, high = xp.where(fits, low, p.low), xp.where(fits, high, p.high)
    ends = (p.low - p.loc) / p.scale, (p.high - p.loc) / p.scale
    inner = (low - q.loc) / q.scale, (high - q.loc) / q.scale
    outer = (q.low - q.loc) / q.scale, (q.high - q.loc) / q.scale
    return _within(p, q, ends, inner) + _outside(inner, outer)


def _within(p: Any, q: Any, ends: Any, inner: Any) -> Any:
    xp = namespace(p.loc, q.loc)
    moved, wide = (p.loc - q.loc) / q.scale, (p.scale - q.scale) / q.scale
    mean, spread = cut_moments(*ends)
    # z′ − z = moved + wide z; ½ E(z′² − z²) = E (z′ − z)(z′ + z)/2
    square = spread + mean * mean
    bend = 0.5 * moved * moved + moved * (1 + wide) * mean + wide * (1 + 0.5 * wide) * square
    far = log_ratio(p.scale, q.scale) + log_mass(*inner) - log_mass(*ends) + bend
    far, near = xp.broadcast_arrays(far, (xp.abs(moved) < 0.05) & (xp.abs(wide) < 0.05))
    if not is_traced(near) and not bool(xp.any(near)):
        return far
    return xp.where(near, _close(ends, moved, wide, near), far)


def _close(ends: Any, moved: Any, wide: Any, near: Any) -> Any:
    """log(1 + E_p ψ(t − E_p t)), t = z²/2 − z′²/2 = −(z′ − z)(z + (z′ − z)/2)."""
    xp = namespace(moved)
    low, high = ends
    zero = xp.zeros_like(low + high)
    mode = xp.minimum(xp.maximum(zero, low), high)
    reach = 80 / (xp.abs(mode) + xp.sqrt(mode * mode + 80))
    low, high = xp.maximum(low, mode - reach), xp.minimum(high, mode + reach)
    t, w = (outcomes(x, low) for x in _nodes())
    half = 0.5 * (high - low)[..., None]
    z = 0.5 * (high + low)[..., None] + half * t
    weight = w * xp.exp(-0.5 * (z - mode[..., None]) * (z + mode[..., None]))
    weight = weight / xp.sum(weight, axis=-1, keepdims=True)
    moved = xp.where(near, moved, 0 * moved)[..., None]
    wide = xp.where(near, wide, 0 * wide)[..., None]
    step = moved + wide * z
    ratio = -step * (z + 0.5 * step)
    around = ratio - xp.sum(weight * ratio, axis=-1, keepdims=True)
    return xp.log1p(xp.sum(weight * psi(around), axis=-1))


def _outside(inner: Any, outer: Any) -> Any:
    """Log of 1 + what the curve has between outer and inner ends, over what is within these."""
    xp = namespace(*inner)
    inside = log_mass(*inner)
    total = 0.0
    for low, high in ((outer[0], inner[0]), (inner[1], outer[1])):
        some = low < high
        a = xp.where(some, low, 0 * inside - 1)
        b = xp.where(some, high, 0 * inside + 1)
        more = xp.exp(log_mass(a, b) - inside)
        total = total + xp.where(some, more, 0 * more)
    return xp.log1p(total)
