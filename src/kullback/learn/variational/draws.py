"""Standard normals that fill space evenly: scrambled Sobol points through the quantile function."""

from enum import IntEnum
from typing import Any

import numpy as np

from kullback.errors import InputTypeError
from kullback.learn._torch import torch

_CELLS = 2**30
"""Sobol points are multiples of 1/2³⁰; half of that keeps them off 0."""


class Use(IntEnum):
    """What draws are for: each use of each round has its own."""

    FIRST = 0
    TRAIN = 1
    FRESH = 2
    JUDGE = 3
    STEP = 4
    ORDER = 5


def seed_of(rng: Any) -> int:
    """Return a seed: a whole number as it is, one drawn from a torch.Generator."""
    if isinstance(rng, bool) or not isinstance(rng, (int, torch.Generator)):
        raise InputTypeError(f"rng={rng!r}: a whole number or a torch.Generator is needed.")
    if isinstance(rng, int):
        return rng % 2**63
    return int(torch.randint(2**31 - 1, (), generator=rng, device=rng.device))


class Noise:
    """Standard normals of k dimensions, as many sets as are asked for, all from one seed.

    One Sobol sequence with a random linear scramble; each set is it with a digital shift of its
    own, so that sets are independent and their spread is an error. Beyond the dimensions that
    Sobol's numbers are tabulated for, the points are independent.

    Parameters
    ----------
    k : int
        How many normals make a draw.
    seed : int
        The same seed gives the same numbers, in whatever order they are asked for.
    like : tensor
        Its dtype and device are those of the draws.

    References
    ----------
    Owen, Variance with alternative scramblings of digital nets, ACM TOMACS 13 (2003).
    """

    def __init__(self, k: int, seed: int, like: Any) -> None:
        self.k, self.seed, self._like = k, seed, like
        self._points = torch.empty(0, k, dtype=torch.int64)
        self._engine: Any = None
        if k <= torch.quasirandom.SobolEngine.MAXDIM:
            start = int(np.random.default_rng([seed]).integers(2**31))
            self._engine = torch.quasirandom.SobolEngine(k, scramble=True, seed=start)

    def even(self, n: int, use: Use, which: int = 0, sets: int = 1) -> Any:
        """Return sets of n draws, each with its mirror image; n even, shape (sets, n, k).

        Every odd moment of a set is 0.
        """
        source = np.random.default_rng([self.seed, use, which])
        half = n // 2
        if self._engine is None:
            points = torch.from_numpy(source.standard_normal((sets, half, self.k)))
        else:
            shift = torch.from_numpy(source.integers(_CELLS, size=(sets, 1, self.k)))
            cell = self._first(half) ^ shift
            points = torch.special.ndtri((cell.double() + 0.5) / _CELLS)
        both = torch.cat([points, -points], 1)
        return both.to(dtype=self._like.dtype, device=self._like.device)

    def matched(self, n: int, use: Use, which: int = 0) -> Any:
        """Return n mirrored draws whose covariance is exactly the identity; n ≥ 2 k; (n, k).

        ε C^(−½), C = εᵀε/n: sums over these draws are exact for every quadratic function.
        """
        noise = self.even(n, use, which)[0]
        size, turn = torch.linalg.eigh(noise.mT @ noise / n)
        return noise @ (turn / size.sqrt()) @ turn.mT

    def _first(self, half: int) -> Any:
        missing = half - len(self._points)
        if missing > 0:
            more = (self._engine.draw(missing, dtype=torch.float64) * _CELLS).to(torch.int64)
            self._points = torch.cat([self._points, more])
        return self._points[:half]
