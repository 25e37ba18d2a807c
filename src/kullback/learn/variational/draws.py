"""Standard normals that fill space evenly: scrambled Sobol points through the quantile function."""

from collections.abc import Iterator
from typing import Any

from kullback.errors import InputTypeError
from kullback.learn._torch import torch

_HALF_CELL = 2.0**-31
"""Sobol points are multiples of 2⁻³⁰: half of that keeps them off 0."""


def seeds(rng: Any) -> Iterator[int]:
    """Yield seeds without end, the same for the same rng: a whole number or a torch.Generator."""
    if isinstance(rng, bool) or not isinstance(rng, (int, torch.Generator)):
        raise InputTypeError(f"rng={rng!r}: a whole number or a torch.Generator is needed.")
    source = torch.Generator().manual_seed(rng) if isinstance(rng, int) else rng
    while True:
        yield int(torch.randint(2**31 - 1, (), generator=source, device=source.device))


def mirrored(n: int, k: int, seed: int, like: Any) -> Any:
    """Return n standard normals of k dimensions, each with its mirror image; n even, shape (n, k).

    Every odd moment is 0. Beyond the dimensions that Sobol's numbers are tabulated for, the points
    are independent.
    """
    half = n // 2
    if k <= torch.quasirandom.SobolEngine.MAXDIM:
        engine = torch.quasirandom.SobolEngine(k, scramble=True, seed=seed)
        points = torch.special.ndtri(engine.draw(half, dtype=torch.float64) + _HALF_CELL)
    else:
        source = torch.Generator().manual_seed(seed)
        points = torch.randn(half, k, generator=source, dtype=torch.float64)
    both = torch.cat([points, -points])
    return both.to(dtype=like.dtype, device=like.device)


def matched(n: int, k: int, seed: int, like: Any) -> Any:
    """Return mirrored normals whose covariance is exactly the identity; n ≥ 2 k.

    ε C^(−½), C = εᵀε/n: sums over these draws are exact for every quadratic function.
    """
    noise = mirrored(n, k, seed, like)
    size, turn = torch.linalg.eigh(noise.mT @ noise / n)
    return noise @ (turn / size.sqrt()) @ turn.mT
