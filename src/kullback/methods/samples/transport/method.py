"""What the ways to a transport distance between two samples have in common."""

import math
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace
from statistics import NormalDist
from typing import Any, ClassVar

import numpy as np

from kullback.estimate import Asked
from kullback.forms import Form
from kullback.forms.samples import Samples
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.method import SamplesMethod
from kullback.methods.samples.permutation import LEAST, MOST, Against
from kullback.methods.samples.resampling import Spread, around, freedom
from kullback.questions import Question, Wasserstein

PAIRS = 50_000_000
"""Pairs (n × m) that all permutations of a coupling may look at together."""


@dataclass(frozen=True, repr=False)
class TransportMethod(SamplesMethod):
    """A transport distance between two samples, weighted or not, of any sizes."""

    takes_weights: ClassVar[bool] = True
    takes_repeats: ClassVar[bool] = True
    needs_density: ClassVar[bool] = False

    @abstractmethod
    def distance(self, of: Wasserstein, p: Samples, q: Samples, asked: Asked) -> Any:
        """Return the distance between the samples as they are, in the library of the draws."""

    def minimum(self, _draws: Draws, /) -> int:
        """Return 1: one point has a distance, too."""
        return 1

    def refuse_question(self, of: Question, p: Samples, q: Form | None, /) -> str | None:
        """Refuse other questions, and what is not drawn."""
        if not isinstance(of, Wasserstein):
            return "answers Wasserstein distances only"
        if not isinstance(q, Samples):
            return "needs samples on both sides"
        if of.positions is not None:
            return "draws lie where they are; positions=… belong to tables"
        return self.refuse_samples(of, p, q)

    def refuse_samples(self, _of: Wasserstein, _p: Samples, _q: Samples, /) -> str | None:
        """Return why this method cannot serve these samples, or None if it can."""
        return None

    def pairs(self, draws: Draws, /) -> int:
        """Return how many pairs of draws an estimate looks at; 0 where they are not what costs."""
        return draws.n * draws.m

    def plain_spread(
        self, of: Question, draws: Draws, value: float, rng: np.random.Generator
    ) -> tuple[Spread | None, list[str]]:
        """Return how the value varies from sample to sample, and words on it."""
        return super().spread(of, draws, value, rng)

    def spread(
        self, of: Question, draws: Draws, value: float, rng: np.random.Generator
    ) -> tuple[Spread | None, list[str]]:
        """Return error and interval, whose lower end allows for what the samples' own noise adds.

        The squared distance of two samples is that of their laws and, where these are shifts of
        each other, that of two samples of one law beside; less where they differ in shape. So the
        lower end is that of √(value² − noise²), the noise found between halves of each sample.
        """
        found, words = self.plain_spread(of, draws, value, rng)
        if found is None or found.interval is None or draws.least < 2:
            return found, words
        noise, varies = own_noise(self.estimate, of, draws, self.curse(draws), rng)
        plain = found.interval

        def above(distance: float) -> float:
            return math.sqrt(max(value * value - distance * distance, 0.0))

        def interval(level: float) -> tuple[float, float]:
            low, high = plain(level)
            most = noise + NormalDist().inv_cdf(0.5 + level / 2) * varies
            return max(0.0, min(low - value + above(noise), above(most))), high

        return Spread(found.error, interval), [
            *words,
            f"Two samples of one law are {noise:.3g} apart; the interval reaches down to where "
            "that is taken off, squares from squares.",
        ]

    def curse(self, draws: Draws, /) -> int:
        """Return d of the rate n^(−1/d) at which samples near their law; 2 or more."""
        return max(2, draws.dimensions)

    def against(
        self, of: Question, draws: Draws, value: float, rng: np.random.Generator
    ) -> tuple[Against | None, list[str]]:
        """Return p-value and floor, from as many permutations as the pairs allow."""
        pairs = self.pairs(draws)
        if self.permutations is not None or not pairs:
            return super().against(of, draws, value, rng)
        times = min(MOST, PAIRS // pairs)
        if times < LEAST:
            return None, [
                f"No p-value: {pairs:.2g} pairs of draws a permutation take long. permutations=99 "
                "asks for it."
            ]
        return SamplesMethod.against(replace(self, permutations=times), of, draws, value, rng)


SPLITS = 8
"""How often each sample is halved to see its own noise."""


def own_noise(
    estimate: Callable[[Question, Draws], float], of: Question, draws: Draws, curse: int,
    rng: np.random.Generator,
) -> tuple[float, float]:  # fmt: skip
    """Return how far two samples of one law are apart, from halves of p and of q, and its spread.

    Halves are 2^(1/d) times as far apart as samples of full size.
    """
    apart = np.array(
        [estimate(of, halved(draws, side, rng)) for side in "xy" for _ in range(SPLITS)]
    ) * 2 ** (-1 / curse)
    return math.sqrt(np.mean(apart * apart)), float(apart.std(ddof=1))


def halved(draws: Draws, side: str, rng: np.random.Generator) -> Draws:
    """Return both halves of one sample as two samples; blocks stay whole."""
    assert draws.y is not None
    if side == "x":
        rows, weights, block = draws.x, draws.v, draws.block_x
    else:
        rows, weights, block = draws.y, draws.w, draws.block_y
    label = np.arange(len(rows)) if block is None else block
    names = rng.permutation(np.unique(label))
    first = np.isin(label, names[: (len(names) + 1) // 2])
    whole = replace(draws, x=rows, y=rows, v=weights, w=weights, block_x=None, block_y=None)
    second = ~first if not first.all() else first
    return whole.taken(np.flatnonzero(first), np.flatnonzero(second))


def by_potentials(
    order: float, value: float, total: float, draws: Draws, f: np.ndarray, g: np.ndarray
) -> Spread:
    """Return the normal interval of total^(1/r), from how the potentials f and g vary.

    To first order, total moves with the laws as Σ v f + Σ w g does (del Barrio and Loubes, Central
    limit theorems for empirical transportation cost in general dimension, Ann. Probab. 47, 2019).
    """
    variance = _variance(f, draws.v, draws.block_x) + _variance(g, draws.w, draws.block_y)
    if not total > 0:
        return around(value, np.inf)
    error = float(np.sqrt(variance)) * value / (order * total)
    return around(value, error, freedom(draws, max(2, min(draws.n, draws.m))))


def _variance(f: np.ndarray, v: np.ndarray | None, block: np.ndarray | None) -> float:
    """Return the variance of Σ v f, whole blocks varying together."""
    weights = np.full(len(f), 1 / len(f)) if v is None else v
    parts = weights * (f - weights @ f)
    if block is not None:
        parts = np.bincount(block, parts)
        parts = parts[np.bincount(block) > 0]
    k = len(parts)
    return float(parts @ parts) * k / (k - 1) if k > 1 else float("inf")
