"""σ² and KL(N(μ, σ²) ‖ N(0, s²)) of many weights, in one sweep each way.

KL = ½ Σ (eᵘ − 1 − u + μ²/s²),  u = log σ²/s²;   ∂KL/∂ log σ = σ²/s² − 1,  ∂KL/∂μ = μ/s²
"""

import math
from typing import Any

from kullback.learn._torch import torch


def spread(log_scale: Any, mean: Any, prior: float) -> tuple[Any, Any]:
    """Return σ², shape of μ, and KL, a scalar."""
    if not _transformed():
        found: tuple[Any, Any] = Spread.apply(log_scale, mean, prior)
        return found
    u = 2 * log_scale - 2 * math.log(prior)
    near = torch.expm1(u) - u + (mean / prior).square()
    return (2 * log_scale).exp(), 0.5 * near.sum()


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
    """From log σ, μ and s to (σ², KL), both ways by hand; differentiable as often as asked."""

    @staticmethod
    def forward(ctx: Any, log_scale: Any, mean: Any, prior: float) -> tuple[Any, Any]:
        """Return σ² and KL."""
        u = 2 * log_scale
        if prior != 1:
            u.sub_(2 * math.log(prior))
        near = torch.expm1(u).sub_(u).sum()
        variance = u.exp_()
        if prior != 1:
            variance.mul_(prior**2)
        ctx.prior = prior
        ctx.save_for_backward(mean, variance)
        ctx.set_materialize_grads(False)
        return variance, 0.5 * (near + torch.linalg.vector_norm(mean).square() / prior**2)

    @staticmethod
    def backward(ctx: Any, of_variance: Any, of_kl: Any) -> tuple[Any, Any, None]:
        """Return the slopes in log σ and μ."""
        mean, variance = ctx.saved_tensors
        if of_kl is None:
            return None if of_variance is None else 2 * of_variance * variance, None, None
        share = of_kl / ctx.prior**2
        twice = share if of_variance is None else torch.add(share, of_variance, alpha=2)
        return torch.addcmul(-of_kl, twice, variance), mean * share, None


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
