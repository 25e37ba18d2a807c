"""The family of normalising flows: Gaussians bent by splines and autoregressive networks."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from kullback.errors import InvalidInputError
from kullback.learn._torch import torch
from kullback.learn.variational.bend import Bent, Net, net
from kullback.learn.variational.family import Family, FullRank
from kullback.learn.variational.frame import Frame
from kullback.learn.variational.laws import Law, Triangular


@dataclass(frozen=True)
class Flow(Family):
    """z = m + L T(ε): a full-rank Gaussian, bent. Needs zuko.

    T first takes each coordinate of ε through a rational-quadratic spline, which bends its margin.
    Each layer then moves and stretches coordinate i by functions of those before it, the next layer
    by those after it. T is the identity at first, so that FullRank() is contained. A round needs as
    many draws as there are numbers in q.

    Parameters
    ----------
    layers : int
        How many; with one, parameters bend each other in one order only.
    width : int
        Hidden units of each layer's network; the larger of 16 and dim if left out.
    seed : int
        Where the networks' first weights come from.

    Raises
    ------
    InvalidInputError
        Layers or a width that are no whole number from 1 on; a width below dim − 1, whose network
        could not see every coordinate.
    MissingExtraError
        Without zuko.

    References
    ----------
    Kingma et al., Improved variational inference with inverse autoregressive flow, NeurIPS 2016;
    Papamakarios, Pavlakou and Murray, Masked autoregressive flow for density estimation, NeurIPS
    2017; Durkan et al., Neural spline flows, NeurIPS 2019.

    >>> import torch
    >>> from kullback import learn
    >>> def banana(x):  # x₁ ~ N(0, 1), x₂ ~ N(x₁², ¼): log Z = 0
    ...     a, b = x[:, 0], 2 * (x[:, 1] - x[:, 0] ** 2)
    ...     return -0.5 * (a**2 + b**2) - 1.144730
    >>> found, gauss = (learn.fit(banana, 2, f) for f in (learn.Flow(), learn.FullRank()))
    >>> found.kl < 0.03 < 0.3 < gauss.kl < 0.4
    True
    """

    by_steps: ClassVar[bool] = False
    iterations: ClassVar[int] = 100
    # Far from a quadratic in good units, a small slope does not say that little is left.
    fine: ClassVar[float] = 1e-7

    layers: int = 2
    width: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("layers", "width"):
            size = getattr(self, name)
            if name == "width" and size is None:
                continue
            if isinstance(size, bool) or not isinstance(size, int) or size < 1:
                raise InvalidInputError(
                    f"Flow({name}={size!r}): {name} is a whole number from 1 on."
                )
        if isinstance(self.seed, bool) or not isinstance(self.seed, int):
            raise InvalidInputError(f"Flow(seed={self.seed!r}): a seed is a whole number.")

    def check(self, dim: int) -> None:
        """Raise for a width that cuts parameters off, or without zuko."""
        if self.width is not None and self.width < dim - 1:
            raise InvalidInputError(
                f"Flow(width={self.width}) for {dim} parameters: with fewer than {dim - 1} hidden "
                "units a network cannot see every parameter."
            )
        self._net(dim)

    def noise(self, dim: int) -> int:
        """Dim."""
        return dim

    def first_draws(self, dim: int) -> int:
        """As many as there are numbers in q, or its freedom would be spent on the draws."""
        numbers = _affine_numbers(dim) + len(self._net(dim).start)
        return max(super().first_draws(dim), 1 << math.ceil(math.log2(numbers)))

    def start(self, frame: Frame) -> Any:
        """The frame's Gaussian, and networks whose last layers are 0."""
        weights = self._net(len(frame.centre)).start.to(frame.centre)
        return torch.cat([FullRank().start(frame), weights])

    def law(self, params: Any, frame: Frame) -> Law:
        """The first numbers are FullRank's m and L, the others the networks' weights."""
        d = len(frame.centre)
        numbers = _affine_numbers(d)
        outer = FullRank().law(params[:numbers], frame)
        assert isinstance(outer, Triangular)
        return Bent(outer, self._net(d), params[numbers:])

    def _net(self, dim: int) -> Net:
        return net(dim, self.layers, self.width or max(16, dim), self.seed)


def _affine_numbers(dim: int) -> int:
    return dim * (dim + 3) // 2
