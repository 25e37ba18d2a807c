"""The cosine of a von Mises-Fisher law to its direction, with its gradient in κ.

The cosine w has the density f ∝ e^(κw) (1 − w²)^((d − 3)/2). Drawn is o = 1 − w, by rejection, so
that no digits are lost where w is close to 1. A draw keeps its quantile F(w; κ) as κ moves, so that

    dw/dκ = −(∂F/∂κ)/f = −∫ (t − A) f(t)/f(w) dt  over t < w,   A = E w = I_{d/2}(κ)/I_{d/2 − 1}(κ)

and, since f integrates t − A to 0, the same over t > w with the other sign.

References
----------
Wood, Simulation of the von Mises Fisher distribution, 1994.
"""

import math
from typing import Any

import numpy as np

from kullback.arrays.special import bessel_ratio
from kullback.learn._torch import torch

_NODES = 64


class Opening(torch.autograd.Function):  # type: ignore[misc]
    """o = 1 − w for each κ, in ℝᵈ."""

    @staticmethod
    def forward(ctx: Any, kappa: Any, d: int) -> Any:
        """Draw, with torch's own generator."""
        k = kappa.double()
        o = _drawn(k, d)
        ctx.d = d
        ctx.save_for_backward(k, o)
        return o.to(kappa.dtype)

    @staticmethod
    @torch.autograd.function.once_differentiable  # type: ignore[untyped-decorator]
    def backward(ctx: Any, slope: Any) -> tuple[Any, None]:
        """−dw/dκ."""
        k, o = ctx.saved_tensors
        return (-slope * _slope(k, o, ctx.d)).to(slope.dtype), None


def _drawn(kappa: Any, d: int) -> Any:
    b = (d - 1) / (2 * kappa + torch.sqrt(4 * kappa * kappa + (d - 1) ** 2))
    mode = 2 * b / (1 + b)
    half = torch.tensor((d - 1) / 2, dtype=kappa.dtype, device=kappa.device)
    z_law = torch.distributions.Beta(half, half, validate_args=False)
    drawn = torch.zeros_like(kappa)
    left = torch.isfinite(kappa)
    while bool(left.any()):
        z = z_law.sample(kappa.shape)
        o = 2 * b * z / (1 - (1 - b) * z)
        # κ w + (d − 1) log(1 − w₀ w) less its value at w₀, where 1 − w₀ is `mode`
        gain = kappa * (mode - o)
        gain = gain + (d - 1) * torch.log((mode + (1 - mode) * o) / (mode * (2 - mode)))
        taken = left & (gain >= -torch.empty_like(kappa).exponential_())
        drawn, left = torch.where(taken, o, drawn), left & ~taken
    return torch.where(torch.isfinite(kappa), drawn, kappa)


def _slope(kappa: Any, o: Any, d: int) -> Any:
    """dw/dκ, by Gauss-Legendre over the angle φ to the direction, t = cos φ."""
    x, weight = (torch.as_tensor(v).to(kappa) for v in np.polynomial.legendre.leggauss(_NODES))
    mean = bessel_ratio(d / 2 - 1, kappa)[..., None]
    angle = 2 * torch.asin(torch.sqrt(0.5 * o))
    near = o < 1
    low = torch.where(near, torch.zeros_like(angle), angle)
    high = torch.where(near, angle, math.pi * torch.ones_like(angle))
    half = 0.5 * (high - low)
    phi = (low + half)[..., None] + half[..., None] * x
    opening = 2 * torch.sin(0.5 * phi) ** 2
    # f(t)/f(w), times dt/dφ = sin φ
    log_ratio = kappa[..., None] * (o[..., None] - opening)
    log_ratio = log_ratio + (d - 3) * torch.log(torch.sin(phi) / torch.sin(angle)[..., None])
    terms = (1 - opening - mean) * torch.exp(log_ratio) * torch.sin(phi)
    total = half * (weight * terms).sum(-1)
    return torch.where(near, total, -total)
