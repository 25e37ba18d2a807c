"""A small network from rows to log r, whose weights are drawn from a generator of its own."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from kullback.errors import MissingExtraError

Numbers = npt.NDArray[np.float64]


def torch_library() -> Any:
    """Return torch.

    Raises
    ------
    MissingExtraError
        If it is not installed.
    """
    try:
        import torch
    except ModuleNotFoundError:
        raise MissingExtraError(
            "kb.Critic() needs torch: pip install 'kullback[torch]'. kb.QuadraticLogistic() and "
            "kb.NearestNeighbours() do without."
        ) from None
    return torch


class Network:
    """Layers of SiLU units beside a linear map; its output stays within ± `most`, smoothly.

    Parameters
    ----------
    inputs : int
        How many columns rows have.
    hidden : sequence of int
        The widths of the layers.
    most : float
        The largest |log r|.
    generator : torch.Generator
        Where weights come from.
    """

    def __init__(self, inputs: int, hidden: Sequence[int], most: float, generator: Any) -> None:
        self.torch, self.most = torch_library(), most
        sizes = [inputs, *hidden]
        self.layers = [
            (self._drawn(a, b, generator), self.torch.zeros(b, requires_grad=True))
            for a, b in pairwise(sizes)
        ]
        last, first = (self.torch.zeros(k, 1, requires_grad=True) for k in (sizes[-1], inputs))
        self.out = [last, first, self.torch.zeros(1, requires_grad=True)]

    def _drawn(self, a: int, b: int, generator: Any) -> Any:
        drawn = self.torch.randn(a, b, generator=generator) * (2 / a) ** 0.5
        return drawn.requires_grad_()

    @property
    def weights(self) -> list[Any]:
        """All tensors that are trained."""
        return [w for layer in self.layers for w in layer] + self.out

    def __call__(self, rows: Any) -> Any:
        """Return log r of rows, a tensor of shape (n,)."""
        h = rows
        for weight, shift in self.layers:
            h = self.torch.nn.functional.silu(h @ weight + shift)
        last, first, shift = self.out
        raw = (h @ last + rows @ first + shift)[..., 0]
        return self.most * self.torch.tanh(raw / self.most)

    def copied(self) -> list[Any]:
        """Return the weights as they are now."""
        return [w.detach().clone() for w in self.weights]

    def restore(self, kept: list[Any]) -> None:
        """Set the weights to those that were kept."""
        with self.torch.no_grad():
            for weight, old in zip(self.weights, kept, strict=True):
                weight.copy_(old)
