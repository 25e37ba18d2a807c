"""Estimates from samples, against the packages that have the same estimator."""

import divergence
import npeet_plus
import numpy as np
import universal_divergence
from sklearn.feature_selection import mutual_info_regression
from timing import Line, faster

import kullback as kb


def lines() -> list[Line]:
    return [*divergences(), *information()]


def divergences() -> list[Line]:
    rng = np.random.default_rng(0)
    return [
        *against(rng, 1_000_000, 1, runs=1),
        *against(rng, 100_000, 3, runs=3),
        *against(rng, 30_000, 16, runs=1),
        adaptive(rng),
    ]


def against(rng: np.random.Generator, n: int, d: int, runs: int) -> list[Line]:
    x, y = rng.normal(size=(n, d)), rng.normal(0.3, 1, size=(n, d))
    by = kb.NearestNeighbours(k=5)

    def ours() -> float:
        return kb.measure(kb.Samples(x), kb.Samples(y), by=by).value

    work = f"`NearestNeighbours(k=5)`, {n:,} + {n:,} in {d} dimension{'s' * (d > 1)}"
    peers = [
        ("`divergence.knn_kl_divergence`", lambda: divergence.knn_kl_divergence(x, y, k=5)),
        ("`npeet_plus.kldiv`", lambda: npeet_plus.kldiv(x, y, k=5, base=np.e)),
    ]
    return [
        faster(work.replace(",000", " 000"), ours, peer, theirs, at_least=3, runs=runs)
        for peer, theirs in peers
        if d < 16 or "npeet" not in peer  # it takes minutes
    ]


def adaptive(rng: np.random.Generator, n: int = 1000, d: int = 10) -> Line:
    x, y = rng.normal(size=(n, d)), rng.normal(0.3, 1, size=(n, d))
    return faster(
        f"`NearestNeighbours()`, adaptive, {n} + {n} in {d} dimensions",
        lambda: kb.measure(kb.Samples(x), kb.Samples(y), by=kb.NearestNeighbours()),
        "`universal_divergence.estimate`", lambda: universal_divergence.estimate(x, y),
        at_least=50, runs=1,
    )  # fmt: skip


def information(n: int = 100_000) -> list[Line]:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(n, 1))
    y = 0.6 * x + 0.8 * rng.normal(size=(n, 1))

    def ours() -> float:
        return kb.measure(
            kb.Samples(x, y), of=kb.MutualInformation(), by=kb.KSG(k=3, scale=None)
        ).value

    peers = [
        ("`sklearn…mutual_info_regression`",
         lambda: mutual_info_regression(x, y[:, 0], n_neighbors=3, discrete_features=False)),
        ("`npeet_plus.mi`", lambda: npeet_plus.mi(x, y, k=3, base=np.e)),
    ]  # fmt: skip
    return [
        faster(f"`KSG(k=3)`, {n // 1000} 000 pairs", ours, peer, theirs, at_least=3, runs=3)
        for peer, theirs in peers
    ]
