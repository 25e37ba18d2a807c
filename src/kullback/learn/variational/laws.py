"""Laws of z: draws as maps of standard normals, with entropy and density; the Gaussian ones."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from kullback.learn._torch import torch


class Law(ABC):
    """A law of z, shape (dim,), pushed forward from standard normals ε."""

    mean: Any

    @property
    @abstractmethod
    def like(self) -> Any:
        """A tensor of the dtype and device of z, shape (dim,)."""

    @abstractmethod
    def draw(self, noise: Any) -> Any:
        """Return z (n, dim) for standard normals (n, noise)."""

    @abstractmethod
    def drawn(self, noise: Any) -> tuple[Any, Any]:
        """Return z and the entropy, exact or as these draws show it, nats."""

    @abstractmethod
    def scored(self, noise: Any) -> tuple[Any, Any]:
        """Return z and log q(z), shape (n,)."""

    @abstractmethod
    def log_density(self, z: Any) -> Any:
        """Log q(z), shape (n,)."""

    @abstractmethod
    def covariance(self) -> Any:
        """Σ, shape (dim, dim)."""


class Gaussian(Law):
    """N(m, Σ)."""

    @abstractmethod
    def half_log_det(self) -> Any:
        """½ log det Σ."""

    @abstractmethod
    def distance(self, z: Any) -> Any:
        """(z − m)ᵀ Σ⁻¹ (z − m), shape (n,)."""

    @property
    def like(self) -> Any:
        """The mean."""
        return self.mean

    def entropy(self) -> Any:
        """½ d log 2πe + ½ log det Σ, nats."""
        return 0.5 * len(self.mean) * (1 + math.log(2 * math.pi)) + self.half_log_det()

    def drawn(self, noise: Any) -> tuple[Any, Any]:
        """Return z and the entropy."""
        return self.draw(noise), self.entropy()

    def scored(self, noise: Any) -> tuple[Any, Any]:
        """Return z and its log density."""
        z = self.draw(noise)
        return z, self.log_density(z)

    def log_density(self, z: Any) -> Any:
        """−½ d log 2π − ½ log det Σ − ½ (z − m)ᵀ Σ⁻¹ (z − m), shape (n,)."""
        constant = 0.5 * len(self.mean) * math.log(2 * math.pi)
        return -constant - self.half_log_det() - 0.5 * self.distance(z)


@dataclass(frozen=True, eq=False)
class Diagonal(Gaussian):
    """Σ = diag(s²)."""

    mean: Any
    s: Any

    def draw(self, noise: Any) -> Any:
        """M + s ε."""
        return self.mean + self.s * noise

    def half_log_det(self) -> Any:
        """Σ log s."""
        return self.s.log().sum()

    def distance(self, z: Any) -> Any:
        """Σ ((z − m)/s)²."""
        return (((z - self.mean) / self.s) ** 2).sum(-1)

    def covariance(self) -> Any:
        """diag(s²)."""
        return torch.diag(self.s**2)


@dataclass(frozen=True, eq=False)
class Triangular(Gaussian):
    """Σ = L Lᵀ, L lower triangular."""

    mean: Any
    L: Any

    def draw(self, noise: Any) -> Any:
        """M + L ε."""
        return self.mean + noise @ self.L.mT

    def half_log_det(self) -> Any:
        """Σ log L_ii."""
        return self.L.diagonal().log().sum()

    def distance(self, z: Any) -> Any:
        """|L⁻¹(z − m)|²."""
        inner = torch.linalg.solve_triangular(self.L, (z - self.mean).mT, upper=False)
        return (inner**2).sum(0)

    def covariance(self) -> Any:
        """L Lᵀ."""
        return self.L @ self.L.mT


@dataclass(frozen=True, eq=False)
class DiagonalPlusFactor(Gaussian):
    """Σ = diag(s²) + V Vᵀ, V of shape (dim, rank): nothing of size dim² is formed but Σ itself."""

    mean: Any
    s: Any
    V: Any

    def draw(self, noise: Any) -> Any:
        """M + s ε₁ + V ε₂."""
        d = len(self.mean)
        return self.mean + self.s * noise[:, :d] + noise[:, d:] @ self.V.mT

    def _inner(self) -> Any:
        """The Cholesky factor of I + Wᵀ W, W = V/s."""
        w = self.V / self.s[:, None]
        one = torch.eye(w.shape[1], dtype=w.dtype, device=w.device)
        return torch.linalg.cholesky(one + w.mT @ w)

    def half_log_det(self) -> Any:
        """Σ log s + ½ log det(I + Wᵀ W): the determinant lemma."""
        return self.s.log().sum() + self._inner().diagonal().log().sum()

    def distance(self, z: Any) -> Any:
        """|u|² − |C⁻¹ Wᵀ u|², u = (z − m)/s, C Cᵀ = I + Wᵀ W: Woodbury's identity."""
        u = (z - self.mean) / self.s
        along = u @ (self.V / self.s[:, None])
        inner = torch.linalg.solve_triangular(self._inner(), along.mT, upper=False)
        return (u**2).sum(-1) - (inner**2).sum(0)

    def covariance(self) -> Any:
        """diag(s²) + V Vᵀ."""
        return torch.diag(self.s**2) + self.V @ self.V.mT
