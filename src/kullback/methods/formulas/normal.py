"""Closed forms of Normal laws."""

from typing import Any

from kullback.arrays.kernels import elementwise
from kullback.arrays.stable import log_ratio, psi
from kullback.forms.families import Normal
from kullback.methods.formulas.registry import KL_FORMULAS, closed_form


@closed_form(
    KL_FORMULAS, Normal, Normal,
    states="½ ψ(2 log σ_p/σ_q) + (μ_p − μ_q)²/(2 σ_q²), ψ(u) = eᵘ − 1 − u",
    source="Gil, Alajaji and Linder 2013, table 3",
)  # fmt: skip
def kl_normal(p: Normal, q: Normal) -> Any:
    """½ ψ(2 log σ_p/σ_q) + ((μ_p − μ_q)/σ_q)²/2."""
    fused = elementwise("normal", p.loc, p.scale, q.loc, q.scale)
    if fused is not None:
        return fused
    z = (p.loc - q.loc) / q.scale
    return 0.5 * psi(2 * log_ratio(q.scale, p.scale)) + 0.5 * z * z
