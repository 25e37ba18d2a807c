"""σ² and KL(N(μ, σ²) ‖ N(0, s²)) of many weights, in one sweep each way.

KL = ½ Σ (eᵘ − 1 − u + μ²/s²),  u = log σ²/s²;   ∂KL/∂ log σ = σ²/s² − 1,  ∂KL/∂μ = μ/s²
"""

import math
from typing import Any

from kullback.learn._torch import torch


class Spread(torch.autograd.Function):  # type: ignore[misc]
    """From log σ, μ and s to (σ², KL); differentiable as often as asked."""

    generate_vmap_rule = True

    @staticmethod
    def forward(log_scale: Any, mean: Any, prior: float) -> tuple[Any, Any]:
        """Return σ², shape of μ, and KL, a scalar."""
        double = 2 * log_scale
        u = double - 2 * math.log(prior)
        near = torch.expm1(u).sub_(u).sum()
        return double.exp_(), 0.5 * (near + torch.linalg.vector_norm(mean).square() / prior**2)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Any, ...]) -> None:
        """Keep μ and σ²."""
        _, mean, ctx.prior = inputs
        ctx.save_for_backward(mean, output[0])

    @staticmethod
    def backward(ctx: Any, of_variance: Any, of_kl: Any) -> tuple[Any, Any, None]:
        """Return the slopes in log σ and μ."""
        mean, variance = ctx.saved_tensors
        share = of_kl / ctx.prior**2
        twice = torch.add(share, of_variance, alpha=2)
        return torch.addcmul(-of_kl, twice, variance), mean * share, None


class Root(torch.autograd.Function):  # type: ignore[misc]
    """√v, with the slope 0 at v = 0: an output without bias whose inputs are all 0."""

    generate_vmap_rule = True

    @staticmethod
    def forward(variance: Any) -> Any:
        """Return √v."""
        return variance.sqrt()

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:  # noqa: ARG004
        """Keep the root."""
        ctx.save_for_backward(output)

    @staticmethod
    def backward(ctx: Any, slope: Any) -> Any:
        """Return slope/2√v."""
        (root,) = ctx.saved_tensors
        return torch.where(root > 0, 0.5 * slope / root, 0.0)
