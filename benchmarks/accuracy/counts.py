"""Bias, error and coverage of every estimator from counts, on laws whose truth is known.

Writes docs/accuracy-counts.md: `python benchmarks/accuracy/counts.py`.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

import kullback as kb

Array = np.ndarray
PAGE = Path(__file__).parents[2] / "docs" / "accuracy-counts.md"
REPEATS = 200
TABLES = 200
ESTIMATORS = (
    kb.AutoCounts, kb.PlugIn, kb.MillerMadow, kb.Jackknife, kb.ChaoShen, kb.Grassberger,
    kb.ZhangGrabchak, kb.JamesStein, kb.Dirichlet, kb.NSB,
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """A question of counts with a known answer."""

    name: str
    of: kb.Question
    p: Array
    q: Array | None
    n: int
    m: int = 0

    @property
    def truth(self) -> float:
        if isinstance(self.of, kb.MutualInformation):
            return float(kb.mutual_information(self.p))
        if self.q is None:
            return float(kb.entropy(self.p))
        return float(kb.measure(self.p, self.q, of=self.of).value)

    def draw(self, rng: np.random.Generator, repeats: int) -> list[kb.Counts]:
        laws = [(self.p, self.n)] + ([] if self.q is None else [(self.q, self.m)])
        return [
            kb.Counts(rng.multinomial(n, law.ravel(), size=repeats).reshape(repeats, *law.shape))
            for law, n in laws
        ]


def scaled(x: Array) -> Array:
    return x / x.sum()


def uniform(k: int) -> Array:
    return np.full(k, 1 / k)


def zipf(k: int, s: float = 1.0) -> Array:
    return scaled(np.arange(1, k + 1) ** -s)


def geometric(k: int, r: float) -> Array:
    return scaled(r ** np.arange(k))


def sparse(k: int, live: int, seed: int = 5) -> Array:
    return np.pad(scaled(np.random.default_rng(seed).dirichlet(np.ones(live))), (0, k - live))


def tilted(p: Array, by: float, seed: int = 3) -> Array:
    return scaled(p * np.exp(by * np.random.default_rng(seed).standard_normal(p.shape)))


def cases() -> list[Case]:
    h, d, js = kb.Entropy(), kb.KL(), kb.JensenShannon()
    u10, u100, u1000 = uniform(10), uniform(100), uniform(1000)
    z, g = zipf(1000), geometric(40, 0.75)
    joint = scaled(np.outer(zipf(8), zipf(6)) * (1 + 0.6 * np.eye(8, 6)))
    return [
        Case("uniform, 10", h, u10, None, 100),
        Case("uniform, 1000", h, u1000, None, 300),
        Case("Zipf, 1000", h, z, None, 1000),
        Case("Zipf, 1000, many draws", h, z, None, 50_000),
        Case("geometric, 40", h, g, None, 200),
        Case("50 of 1000 live", h, sparse(1000, 50), None, 300),
        Case("same uniform, 10", d, u10, u10, 200, 300),
        Case("uniform tilted, 10", d, u10, tilted(u10, 0.5), 200, 300),
        Case("same uniform, 100", d, u100, u100, 3000, 3000),
        Case("uniform tilted, 100", d, u100, tilted(u100, 0.3), 3000, 2000),
        Case("Zipf tilted, 1000", d, z, tilted(z, 0.7), 5000, 5000),
        Case("geometric tilted, 40", d, g, tilted(g, 0.4), 1000, 1000),
        Case("same uniform, 100", js, u100, u100, 1000, 1000),
        Case("Zipf tilted, 1000", js, z, tilted(z, 0.7), 1000, 1000),
        Case("geometric tilted, 40", js, g, tilted(g, 0.4), 300, 600),
        Case(
            "half disjoint, 20",
            js,
            np.pad(uniform(15), (0, 5)),
            np.pad(uniform(15), (5, 0)),
            200,
            200,
        ),
        Case("independent, 8 × 6", kb.MutualInformation(), np.outer(zipf(8), zipf(6)), None, 400),
        Case("dependent, 8 × 6", kb.MutualInformation(), joint, None, 400),
    ]


@dataclass(frozen=True)
class Score:
    """How an estimator did over repeats."""

    bias: float
    rmse: float
    normal: float | None
    drawn: float | None


def score(case: Case, method: kb.Method, counts: list[kb.Counts]) -> Score | str:
    try:
        plain = kb.measure(*counts, of=case.of, by=method)
    except kb.NoMethodError as refused:
        if "rng" not in str(refused):
            return "–"
        plain = None
    drawn = None
    if not isinstance(method, kb.AutoCounts) or True:
        drawn = kb.measure(*counts, of=case.of, by=method, rng=1)
    value = (plain or drawn).value
    off = value - case.truth
    return Score(
        float(np.mean(off)),
        float(np.sqrt(np.mean(off**2))),
        covered(plain, case.truth),
        covered(drawn, case.truth),
    )


def covered(answer: kb.Estimate | None, truth: float) -> float | None:
    if answer is None:
        return None
    try:
        low, high = answer.interval()
    except kb.InvalidInputError:
        return None
    return float(np.mean((low <= truth + 1e-12) & (truth <= high + 1e-12)))
