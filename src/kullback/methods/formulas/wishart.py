"""Wishart laws: relative entropy as a sum of terms that are never negative.

With degrees n and n′, aⱼ = (n − j)/2, bⱼ = (n′ − j)/2 for j < d, and μᵢ the eigenvalues of V′⁻¹V,

  KL(p ‖ q) = ½ n′ Σᵢ ψ(log(n μᵢ/n′)) + Σⱼ G(aⱼ, bⱼ) + Σⱼ D(bⱼ, aⱼ) − D(b₀, a₀),

ψ(u) = eᵘ − 1 − u, D(b, a) = b log(b/a) − b + a, and G as in `gammas`: what Stirling's leading
terms D leave of the relative entropy of gamma laws.
"""

from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.stable import log_ratio, psi, times_psi
from kullback.arrays.stirling import deviance
from kullback.methods.formulas.bregman import _nodes
from kullback.methods.formulas.gammas import gap


def kl_degrees(n: Any, m: Any, logs: Any) -> Any:
    """KL of degrees n and m, with the logarithms of the eigenvalues μ, shape (*batch, d)."""
    xp = namespace(n, m, logs)
    moved = logs + log_ratio(m, n)[..., None]
    scales = xp.sum(times_psi(0.5 * m[..., None] + 0 * logs, moved), axis=-1)
    a, b = xp.broadcast_arrays(0.5 * n, 0.5 * m)
    total = scales + gap(a, b)
    for j in range(1, logs.shape[-1]):
        s = 0.5 * j
        total = total + gap(a - s, b - s, b - a) + _growth(a, b, s)
    return total


def _growth(a: Any, b: Any, s: float) -> Any:
    """D(b − s, a − s) − D(b, a) = ∫₀ˢ ψ(log((b − t)/(a − t))) dt."""
    xp = namespace(a, b)
    least = xp.minimum(a, b)
    near = (least > 4 * s) & (xp.abs(b - a) < 0.5 * a)
    x, y = xp.where(near, a, xp.zeros_like(a) + 8 * s), xp.where(near, b, xp.zeros_like(b) + 8 * s)
    close = 0.0
    for t, weight in _nodes(10):
        close = close + weight * s * psi(xp.log1p((y - x) / (x - t * s)))
    x, y = xp.where(near, xp.ones_like(a) + s, a), xp.where(near, xp.ones_like(b) + s, b)
    return xp.where(near, close, deviance(y - s, x - s) - deviance(y, x))
