"""A Gaussian bent by layers of autoregressive networks: the law of a normalising flow."""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from kullback.learn._torch import torch
from kullback.learn.variational.draws import Noise, Use
from kullback.learn.variational.laws import Law, Triangular

_BINS = 8
"""Pieces of each spline."""

_MOMENT_DRAWS = 16384
"""Draws behind the mean and the covariance, which have no formula."""


@dataclass(frozen=True, eq=False)
class Net:
    """T, splines and autoregressive layers; its weights are given anew at each call.

    Attributes
    ----------
    module : torch.nn.Module
        The layers.
    start : tensor, shape (k,)
        Weights with which T is the identity.
    """

    module: Any
    start: Any

    def forward(self, weights: Any, noise: Any) -> tuple[Any, Any]:
        """T(ε) and log |det T′(ε)|; ε (n, dim)."""
        u, log_det = torch.func.functional_call(self.module, self._named(weights), (noise,))
        return u, log_det

    def backward(self, weights: Any, u: Any) -> Any:
        """T⁻¹(u), a coordinate at a time."""
        return torch.func.functional_call(self.module, self._named(weights), (u, True))

    def _named(self, weights: Any) -> dict[str, Any]:
        shapes = {name: w.shape for name, w in self.module.named_parameters()}
        parts = weights.split([shape.numel() for shape in shapes.values()])
        return {
            name: part.reshape(shape)
            for (name, shape), part in zip(shapes.items(), parts, strict=True)
        }


class _Layers(torch.nn.Module):  # type: ignore[misc] # torch is not typed here
    def __init__(self, layers: Any) -> None:
        super().__init__()
        self.layers = layers

    def forward(self, x: Any, back: bool = False) -> Any:
        transform = self.layers()
        return transform.inv(x) if back else transform.call_and_ladj(x)


@lru_cache(maxsize=8)
def net(dim: int, layers: int, width: int, seed: int) -> Net:
    """Return a spline for each coordinate, then layers that alternate in their order."""
    from kullback.learn.variational._zuko import zuko

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        splines = zuko.flows.ElementWiseTransform(
            dim,
            univariate=zuko.transforms.MonotonicRQSTransform,
            shapes=[(_BINS,), (_BINS,), (_BINS - 1,)],
        )
        flow = zuko.flows.MAF(
            dim, transforms=layers, hidden_features=(width,), activation=torch.nn.ELU
        )
    bending = list(flow.transform.transforms) if dim > 1 else []
    for still in (splines.phi, *(layer.hyper[-1] for layer in bending)):
        for weight in still.parameters():
            torch.nn.init.zeros_(weight)
    module = _Layers(zuko.flows.Flow([splines, *bending], flow.base).transform)
    return Net(module, torch.cat([w.detach().reshape(-1) for w in module.parameters()]))


@dataclass(frozen=True, eq=False)
class Bent(Law):
    """The law of m + L T(ε).

    Attributes
    ----------
    outer : Triangular
        m and L.
    net : Net
        T.
    weights : tensor, shape (k,)
        Its weights.
    """

    outer: Triangular
    net: Net
    weights: Any

    @property
    def like(self) -> Any:
        """M."""
        return self.outer.mean

    def draw(self, noise: Any) -> Any:
        """M + L T(ε)."""
        return self.outer.draw(self.net.forward(self.weights, noise)[0])

    def drawn(self, noise: Any) -> tuple[Any, Any]:
        """Return z and ½ d log 2πe + Σ log L_ii + the mean of log |det T′| over these draws."""
        u, log_det = self.net.forward(self.weights, noise)
        return self.outer.draw(u), self.outer.entropy() + log_det.mean()

    def scored(self, noise: Any) -> tuple[Any, Any]:
        """Return z and log φ(ε) − Σ log L_ii − log |det T′(ε)|."""
        u, log_det = self.net.forward(self.weights, noise)
        normal = -0.5 * (noise**2).sum(-1) - 0.5 * noise.shape[-1] * math.log(2 * math.pi)
        return self.outer.draw(u), normal - self.outer.half_log_det() - log_det

    def log_density(self, z: Any) -> Any:
        """The same at ε = T⁻¹(L⁻¹(z − m))."""
        away = (z - self.outer.mean).mT
        u = torch.linalg.solve_triangular(self.outer.L, away, upper=False).mT
        return self.scored(self.net.backward(self.weights, u))[1]

    @cached_property
    def _moments(self) -> tuple[Any, Any]:
        d = len(self.like)
        with torch.no_grad():
            z = self.draw(Noise(d, 0, self.like).matched(_MOMENT_DRAWS, Use.JUDGE))
        mean = z.mean(0)
        return mean, (z - mean).mT @ (z - mean) / len(z)

    @property
    def mean(self) -> Any:
        """E z, over draws that are always the same."""
        return self._moments[0]

    def covariance(self) -> Any:
        """Cov z, over draws that are always the same."""
        return self._moments[1]
