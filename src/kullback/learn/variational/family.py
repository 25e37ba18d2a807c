"""The families that a posterior is fitted with."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from kullback.errors import InvalidInputError
from kullback.learn._torch import torch
from kullback.learn.variational.frame import Frame
from kullback.learn.variational.laws import Diagonal, DiagonalPlusFactor, Law, Triangular

_LEAST = 128
"""Draws of the first round, where the family asks for no more."""


class Family(ABC):
    """Laws of z, given by a flat vector of numbers in the coordinates of a frame."""

    searched: ClassVar[bool] = True
    """Whether the ELBO is maximised; if not, the start is the answer."""

    by_steps: ClassVar[bool] = True
    """Whether minibatches serve: a network needs smaller steps than a Gaussian."""

    iterations: ClassVar[int] = 200
    """The most steps that L-BFGS takes on one set of draws."""

    fine: ClassVar[float] = 1e-2
    """What L-BFGS may leave by its own account, as a share of the tolerance."""

    @abstractmethod
    def noise(self, dim: int) -> int:
        """How many standard normals make one draw."""

    @abstractmethod
    def start(self, frame: Frame) -> Any:
        """Where the search begins, shape (k,)."""

    @abstractmethod
    def law(self, params: Any, frame: Frame) -> Law:
        """The law of z that the numbers stand for."""

    def first_draws(self, dim: int) -> int:
        """The draws of the first round: at least 4 for each dimension of noise, a power of 2."""
        return 1 << math.ceil(math.log2(max(_LEAST, 4 * self.noise(dim))))

    def check(self, dim: int) -> None:  # noqa: B027, most families have members in any dimension
        """Raise where the family has no member in so many dimensions."""


@dataclass(frozen=True)
class MeanField(Family):
    """N(m, diag(s²)): independent parameters, 2 dim numbers.

    Its spread is that of each parameter given the others, too small where they are correlated.
    """

    def noise(self, dim: int) -> int:
        """Dim."""
        return dim

    def start(self, frame: Frame) -> Any:
        """The frame itself: m = centre, s = scale."""
        return torch.zeros_like(frame.centre).repeat(2)

    def law(self, params: Any, frame: Frame) -> Law:
        """M = centre + R μ, s = scale eᵃ, R Rᵀ = Λ⁻¹."""
        mu, a = params.chunk(2)
        return Diagonal(frame.centre + frame.root @ mu, frame.scale * a.exp())


@dataclass(frozen=True)
class FullRank(Family):
    """N(m, L Lᵀ): every correlation, dim (dim + 3)/2 numbers."""

    def noise(self, dim: int) -> int:
        """Dim."""
        return dim

    def start(self, frame: Frame) -> Any:
        """The frame itself: m = centre, L Lᵀ = Λ⁻¹."""
        d = len(frame.centre)
        return frame.centre.new_zeros(2 * d + d * (d - 1) // 2)

    def law(self, params: Any, frame: Frame) -> Law:
        """M = centre + R μ, L = R A, A lower triangular with diagonal eᵃ, R Rᵀ = Λ⁻¹."""
        d = len(frame.centre)
        mu, a, below = params[:d], params[d : 2 * d], params[2 * d :]
        rows, columns = torch.tril_indices(d, d, -1, device=params.device)
        inner = torch.diag(a.exp()).index_put((rows, columns), below)
        root = frame.root
        return Triangular(frame.centre + root @ mu, root @ inner)


@dataclass(frozen=True)
class LowRank(Family):
    """N(m, diag(s²) + V Vᵀ), V of shape (dim, rank): the strongest correlations.

    Parameters
    ----------
    rank : int
        How many directions are correlated, from 1 to dim.

    Raises
    ------
    InvalidInputError
        A rank that is no whole number from 1 on, or above dim.
    """

    rank: int

    def __post_init__(self) -> None:
        if isinstance(self.rank, bool) or not isinstance(self.rank, int) or self.rank < 1:
            raise InvalidInputError(f"LowRank({self.rank!r}): a rank is a whole number from 1 on.")

    def check(self, dim: int) -> None:
        """Raise for a rank above dim."""
        if self.rank > dim:
            raise InvalidInputError(
                f"LowRank({self.rank}) for {dim} parameters: the rank is at most {dim}; "
                "learn.FullRank() holds every correlation."
            )

    def noise(self, dim: int) -> int:
        """Dim + rank."""
        return dim + self.rank

    def start(self, frame: Frame) -> Any:
        """The largest eigenvalues of Λ⁻¹ in the frame's units; V V ᵀ = 1/100 where unknown."""
        d, r = len(frame.centre), self.rank
        zero = torch.zeros_like(frame.centre)
        if frame.precision is None:
            spread = torch.cos(torch.outer(torch.arange(d) + 0.5, torch.arange(r)) * math.pi / d)
            return torch.cat([zero, zero, (0.1 * spread).to(zero).reshape(-1)])
        unit = frame.precision * frame.scale * frame.scale[:, None]
        size, turn = torch.linalg.eigh(unit)
        size, turn = 1 / size[:r], turn[:, :r]
        v = turn * (size - 1).clamp(min=0.01).sqrt()
        rest = torch.linalg.inv(unit).diagonal() - (v**2).sum(1)
        return torch.cat([zero, 0.5 * rest.clamp(min=0.1).log(), v.reshape(-1)])

    def law(self, params: Any, frame: Frame) -> Law:
        """M = centre + scale μ, s = scale eᵃ, V = scale B."""
        d = len(frame.centre)
        mu, a, b = params[:d], params[d : 2 * d], params[2 * d :].reshape(d, self.rank)
        scale = frame.scale
        return DiagonalPlusFactor(frame.centre + scale * mu, scale * a.exp(), scale[:, None] * b)


@dataclass(frozen=True)
class Laplace(Family):
    """N(mode, Λ⁻¹), Λ the negative Hessian of log p̃ at its mode: no ELBO is maximised."""

    searched: ClassVar[bool] = False

    def noise(self, dim: int) -> int:
        """Dim."""
        return dim

    def start(self, frame: Frame) -> Any:
        """Nothing is free."""
        if frame.precision is None:
            raise InvalidInputError(
                f"Laplace() needs a mode with a curvature: {frame.problem}. Another start=, or "
                "learn.FullRank(), which needs neither."
            )
        return frame.centre.new_zeros(0)

    def law(self, params: Any, frame: Frame) -> Law:  # noqa: ARG002 (nothing is free)
        """M = centre, L Lᵀ = Λ⁻¹."""
        return Triangular(frame.centre, frame.root)
