"""Bias, error and coverage of every estimator from counts, on laws whose truth is known.

Writes docs/accuracy-counts.md: `python benchmarks/accuracy/counts.py`. With
`--peers PATH_TO_PYTHON` other packages are asked too, in an interpreter where they are installed.
"""

import argparse
import json
import subprocess
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import kullback as kb

Array = np.ndarray
PAGE = Path(__file__).parents[2] / "docs" / "accuracy-counts.md"
REPEATS = 200
TABLES = 60
ESTIMATORS = (
    kb.PlugIn, kb.MillerMadow, kb.Jackknife, kb.ChaoShen, kb.Grassberger,
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
    h, d, js, mi = kb.Entropy(), kb.KL(), kb.JensenShannon(), kb.MutualInformation()
    u10, u50, z, g = uniform(10), uniform(50), zipf(300), geometric(40, 0.75)
    short = geometric(12, 0.75)
    left, right = np.pad(uniform(15), (0, 5)), np.pad(uniform(15), (5, 0))
    joint = scaled(np.outer(zipf(8), zipf(6)) * (1 + 0.6 * np.eye(8, 6)))
    return [
        Case("uniform, 10", h, u10, None, 100),
        Case("uniform tilted, 50", h, tilted(u50, 0.5), None, 500),
        Case("uniform, 300: sparse", h, uniform(300), None, 100),
        Case("Zipf, 300: sparse", h, z, None, 300),
        Case("Zipf, 300", h, z, None, 10_000),
        Case("geometric, 40", h, g, None, 300),
        Case("30 of 300 live", h, sparse(300, 30), None, 200),
        Case("one uniform, 10", d, u10, u10, 200, 300),
        Case("uniform tilted, 10", d, u10, tilted(u10, 0.5), 200, 300),
        Case("uniform tilted, 50", d, u50, tilted(u50, 0.3), 2000, 1500),
        Case("Zipf tilted, 300", d, z, tilted(z, 0.5), 20_000, 20_000),
        Case("Zipf tilted, 300: sparse", d, z, tilted(z, 0.5), 1000, 1000),
        Case("geometric tilted, 12", d, short, tilted(short, 0.4), 1000, 1000),
        Case("one uniform, 50", js, u50, u50, 1000, 1000),
        Case("uniform tilted, 50", js, u50, tilted(u50, 0.3), 1000, 1000),
        Case("Zipf tilted, 300", js, z, tilted(z, 0.5), 10_000, 10_000),
        Case("Zipf tilted, 300: sparse", js, z, tilted(z, 0.5), 1000, 1000),
        Case("geometric tilted, 40", js, g, tilted(g, 0.4), 300, 600),
        Case("half disjoint, 20", js, left, right, 200, 200),
        Case("independent, 8 × 6", mi, np.outer(zipf(8), zipf(6)), None, 400),
        Case("dependent, 8 × 6", mi, joint, None, 400),
        Case("dependent, 8 × 6: dense", mi, joint, None, 4000),
    ]  # fmt: skip


@dataclass(frozen=True)
class Score:
    """How an estimator did over the repeats; None where it refuses."""

    bias: float
    rmse: float
    coverage: float | None

    def shown(self) -> str:
        if not np.isfinite(self.rmse):
            return "∞"
        covered = "" if self.coverage is None else f" · {100 * self.coverage:.0f} %"
        return f"{self.bias:+.4f} · {self.rmse:.4f}{covered}"


def score(case: Case, method: kb.Method, counts: list[kb.Counts]) -> Score | None:
    try:
        found = kb.measure(*counts, of=case.of, by=method, rng=1)
    except kb.NoMethodError:
        return None
    with np.errstate(invalid="ignore"):
        off = found.value - case.truth
    low, high = found.interval()
    inside = (low <= case.truth + 1e-12) & (case.truth <= high + 1e-12)
    return Score(float(np.mean(off)), float(np.sqrt(np.mean(off**2))), float(np.mean(inside)))


def of_peers(case: Case, counts: list[kb.Counts], python: str) -> dict[str, str]:
    """Return bias and error of each peer on the first of the tables."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tables.npz"
        np.savez(path, *(x.array[: REPEATS // 4] for x in counts))
        script = Path(__file__).parent / "peers_of_counts.py"
        told = subprocess.run(
            [python, str(script), str(path), type(case.of).__name__],
            check=True, capture_output=True, text=True,
        ).stdout  # fmt: skip
    cells = {}
    for name, found in json.loads(told).items():
        if "values" not in found:
            cells[name] = "–"
            continue
        off = np.asarray(found["values"], dtype=float) - case.truth
        bad = int((~np.isfinite(off)).sum())
        score = Score(float(np.mean(off)), float(np.sqrt(np.mean(off**2))), None)
        cells[name] = f"not finite in {bad} of {len(off)}" if bad else score.shown()
    return cells


def line(case: Case, python: str | None) -> tuple[str, list[str]]:
    """One row of the table, the law and how each estimator did, and the names of the peers."""
    counts = case.draw(np.random.default_rng(0), REPEATS)
    chosen = kb.AutoCounts().select(case.of, counts[0], counts[1] if case.q is not None else None)
    cells = []
    for estimator in ESTIMATORS:
        slow = estimator is kb.NSB or (
            estimator is kb.Dirichlet and isinstance(case.of, kb.JensenShannon)
        )
        rows = [kb.Counts(x.array[: REPEATS // 4]) for x in counts] if slow else counts
        found = score(case, estimator(resamples=4 * TABLES if slow else TABLES), rows)
        shown = "–" if found is None else found.shown()
        cells.append(f"**{shown}**" if type(chosen) is estimator else shown)
    draws = f"{case.n}, {case.m}" if case.q is not None else f"{case.n}"
    peers = of_peers(case, counts, python) if python else {}
    said = f"| {case.name} | {draws} | {case.truth:.4f} | " + " | ".join([*cells, *peers.values()])
    return said + " |", list(peers)


def page(lines: list[tuple[str, list[str]]], seconds: float) -> str:
    said = [INTRODUCTION.format(repeats=REPEATS, tables=TABLES, few=REPEATS // 4, seconds=seconds)]
    asked = cases()
    for question in dict.fromkeys(type(case.of).__name__ for case in asked):
        rows = [
            found
            for case, found in zip(asked, lines, strict=True)
            if type(case.of).__name__ == question
        ]
        names = [*(e.__name__ for e in ESTIMATORS), *rows[0][1]]
        head = "| law, outcomes | draws | truth | " + " | ".join(names) + " |"
        rule = "|---" * (3 + len(names)) + "|"
        said.append("\n".join([f"## {TITLES[question]}", "", head, rule, *(r for r, _ in rows)]))
    return "\n\n".join(said) + "\n"


TITLES = {
    "Entropy": "Entropy", "KL": "KL(p ‖ q)", "JensenShannon": "Jensen–Shannon",
    "MutualInformation": "Mutual information",
}  # fmt: skip
INTRODUCTION = """# Accuracy on counts

Written by `python benchmarks/accuracy/counts.py --peers PATH_TO_PYTHON` in {seconds:.0f} s. Every
cell is bias · root mean squared error, in nats · how often the 95 % interval holds the truth, over
{repeats} tables ({few} for the posteriors that need draws or integrals, and for infomeasure, which
states no intervals), intervals from {tables} redrawn tables: a coverage of 95 % is seen as 92 to
98 %. **Bold** is what the default rule (`kb.AutoCounts`) chooses. – is refused; ∞ is a mean that is
infinite, because some table of q lacks an outcome that p has.

What to read from it:

- **Dense counts** (five and more for each outcome): Miller–Madow, Jackknife and Zhang–Grabchak
  agree, have almost no bias, and their intervals cover as they say. So do the plug-in's
  intervals, since redrawn tables show its bias, which the interval takes off; its value may then
  lie outside.
- **At the edge** (p = q, independence, a uniform law) intervals are cut at what is possible, and
  cover more often than they say.
- **Sparse counts**: every estimator is biased, and intervals cover less often than they say.
  Chao–Shen has the least error for entropy of those that ask nothing of the law. JS reads high and
  KL low, as the answer's notes say, with the share of mass on unseen outcomes. The p-value and the
  noise floor come from permutation, and hold there too.
- **Posteriors** (Dirichlet, NSB) cover where the law is like their prior and fail elsewhere: a
  credible interval is not a confidence interval. A flat Dirichlet prior swamps sparse counts. For
  divergences both priors are put on each law alone, as if p and q had nothing to do with each
  other: near p = q they read high.
- **infomeasure** has the same numbers where its formulas are the same. Its `nsb` is not finite on
  most laws, its `kld` has no correction of log q, and where q lacks outcomes that p has it leaves
  them out and falls far below 0."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", help="a Python with infomeasure")
    parser.add_argument("--processes", type=int, help="all processors if left out")
    told = parser.parse_args()
    start = time.perf_counter()
    with ProcessPoolExecutor(told.processes) as pool:
        lines = list(pool.map(line, cases(), [told.peers] * len(cases())))
    PAGE.write_text(page(lines, time.perf_counter() - start), encoding="utf-8")


if __name__ == "__main__":
    main()
