"""σ and KL(N(μ, σ²) ‖ N(0, s²)) of many weights, in one sweep each way.

KL = ½ Σ (eᵘ − 1 − u + μ²/s²),  u = log σ²/s²;   ∂KL/∂ log σ = σ²/s² − 1,  ∂KL/∂μ = μ/s²
"""

import math
from typing import Any

from kullback.learn._torch import torch


def spread(log_scale: Any, mean: Any, prior: float) -> tuple[Any, Any]:
    """Return σ, shape of μ, and KL, a scalar."""
    if not _transformed():
        found: tuple[Any, Any] = Spread.apply(log_scale, mean, prior)
        return found
    u = 2 * log_scale - 2 * math.log(prior)
    near = torch.expm1(u) - u + (mean / prior).square()
    return log_scale.exp(), 0.5 * near.sum()


def root(variance: Any) -> Any:
    """Return √v, with the slope 0 at v = 0: an output without bias whose inputs are all 0."""
    if not _transformed():
        return Root.apply(variance)
    some = variance > 0
    return torch.where(some, torch.where(some, variance, 1.0).sqrt(), 0.0)


def _transformed() -> bool:
    """Whether torch.compile or torch.func looks at each operation, and may join sweeps itself."""
    return bool(torch.compiler.is_compiling() or torch._C._are_functorch_transforms_active())


class Spread(torch.autograd.Function):  # type: ignore[misc]
    """From log σ, μ and s to (σ, KL), both ways by hand; differentiable as often as asked."""

    @staticmethod
    def forward(ctx: Any, log_scale: Any, mean: Any, prior: float) -> tuple[Any, Any]:
        """Return σ and KL."""
        u = 2 * log_scale
        if prior != 1:
            u.sub_(2 * math.log(prior))
        near = torch.expm1(u).sub_(u).sum()
        scale = torch.exp(log_scale, out=u)
        ctx.prior = prior
        ctx.save_for_backward(mean, scale)
        ctx.set_materialize_grads(False)
        return scale, 0.5 * (near + torch.linalg.vector_norm(mean).square() / prior**2)

    @staticmethod
    def backward(ctx: Any, of_scale: Any, of_kl: Any) -> tuple[Any, Any, None]:
        """Return the slopes in log σ and μ."""
        mean, scale = ctx.saved_tensors
        if of_kl is None:
            return None if of_scale is None else of_scale * scale, None, None
        share = of_kl / ctx.prior**2
        slope = scale * share if of_scale is None else torch.addcmul(of_scale, scale, share)
        return torch.addcmul(-of_kl, scale, slope), mean * share, None


class Root(torch.autograd.Function):  # type: ignore[misc]
    """√v, with the slope 0 at v = 0."""

    @staticmethod
    def forward(ctx: Any, variance: Any) -> Any:
        """Return √v."""
        found = variance.sqrt()
        ctx.save_for_backward(found)
        return found

    @staticmethod
    def backward(ctx: Any, slope: Any) -> Any:
        """Return slope/2√v."""
        (found,) = ctx.saved_tensors
        return torch.where(found > 0, 0.5 * slope / found, 0.0)
