"""The law of one tensor of weights: Gaussian, with a scale for each weight and few common factors.

w = μ + σ ε + F ξ, ε and ξ standard normal, F of shape (n, r): covariance D + FFᵀ, D = diag σ².
One weight by itself has the variance v = σ² + |F|². What the weights say of each other, the
total correlation, is ½ (Σ log v/σ² − log |I + FᵀD⁻¹F|): 0 for a mean field.
"""

import math
from typing import Any

from kullback.learn._torch import torch


class Posterior(torch.nn.Module):  # type: ignore[misc]
    """Scales and factors of a tensor of weights, whose means its own layer holds."""

    def __init__(self, mean: Any, scale: float, rank: int) -> None:
        super().__init__()
        self.log_scale = torch.nn.Parameter(torch.full_like(mean.detach(), math.log(scale)))
        self.factor = None
        rank = min(rank, mean.numel())
        if rank:
            start = torch.randn(*mean.shape, rank, dtype=mean.dtype, device=mean.device)
            self.factor = torch.nn.Parameter(start * (scale / rank**0.5))

    def variance(self, scale: Any) -> Any:
        """Return v, of each weight by itself, from σ."""
        own = scale.square()
        return own if self.factor is None else own + self.factor.square().sum(-1)

    def centre(self, mean: Any) -> Any:
        """Return μ + F ξ, ξ drawn; μ itself without factors."""
        if self.factor is None:
            return mean
        return mean + self.factor @ torch.randn_like(self.factor.flatten(0, -2)[0])

    def total_correlation(self) -> Any:
        """Return KL(posterior ‖ product of its marginals), a scalar; None for a mean field."""
        if self.factor is None:
            return None
        spread = (self.factor / self.log_scale.exp()[..., None]).flatten(0, -2)
        eye = torch.eye(spread.shape[1], dtype=spread.dtype, device=spread.device)
        root, _ = torch.linalg.cholesky_ex(eye + spread.T @ spread)
        half = root.diagonal().log().sum()
        return 0.5 * torch.log1p(spread.square().sum(-1)).sum() - half
