"""Two small estimators with which the room is tested whatever its methods do."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.spatial import cKDTree

from kullback.methods.samples.method import SamplesMethod


@dataclass(frozen=True, repr=False)
class MeansApart(SamplesMethod):
    """|x̄ − ȳ|², called KL: that of Gaussians of unit variance, doubled."""

    spread_by: ClassVar[str] = "bootstrap"
    takes_weights: ClassVar[bool] = True

    def refuse_question(self, of, p, q, /):
        return None

    def estimate(self, of, draws):
        gap = np.average(draws.x, axis=0, weights=draws.v)
        if draws.y is not None:
            gap = gap - np.average(draws.y, axis=0, weights=draws.w)
        return float(gap @ gap)


@dataclass(frozen=True, repr=False)
class FifthNeighbours(SamplesMethod):
    """KL by distances to fifth neighbours."""

    k: int = 5

    def refuse_question(self, of, p, q, /):
        return None

    def minimum(self, _draws, /):
        return self.k + 1

    def estimate(self, of, draws):
        own = cKDTree(draws.x).query(draws.x, k=[self.k + 1])[0]
        other = cKDTree(draws.y).query(draws.x, k=[self.k])[0]
        apart = draws.dimensions * np.log(other / own).mean()
        return float(apart + np.log(draws.m / (draws.n - 1)))
