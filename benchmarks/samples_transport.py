"""Transport between samples, against SciPy and POT."""

import numpy as np
import ot
from scipy.stats import wasserstein_distance
from timing import Line, faster

import kullback as kb
from kullback.methods.samples.transport.distance import samples_distance


def lines() -> list[Line]:
    return [*on_the_line(), *in_the_plane()]


def on_the_line(n: int = 1_000_000) -> list[Line]:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=n), rng.normal(0.1, 1, n)
    z, v = rng.normal(0.1, 1, n - 1), rng.random(n)
    size = f"{n // 1_000_000} M + {n // 1_000_000} M"

    def ours(y, order=1, weights=None):
        p, q = kb.Samples(x, weights=weights), kb.Samples(y)
        return lambda: samples_distance(order, p, q)

    return [
        faster(
            f"`kb.wasserstein` of `Samples`, {size}",
            lambda: kb.wasserstein(kb.Samples(x), kb.Samples(y)),
            "`scipy.stats.wasserstein_distance`", lambda: wasserstein_distance(x, y),
            at_least=10, runs=5,
        ),
        faster(f"the same, sizes that differ by 1, {size}", ours(z),
               "`scipy.stats.wasserstein_distance`", lambda: wasserstein_distance(x, z), runs=3),
        faster(f"the same, weighted, {size}", ours(y, weights=v),
               "`scipy.stats.wasserstein_distance`", lambda: wasserstein_distance(x, y, v), runs=3),
        faster(f"the same, order 2, {size}", ours(y, order=2),
               "`ot.wasserstein_1d(…, p=2)`", lambda: ot.wasserstein_1d(x, y, p=2), runs=3),
    ]  # fmt: skip


def in_the_plane(n: int = 300) -> list[Line]:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(n, 2)), rng.normal(1, 1, (n, 2))
    p, q, even = kb.Samples(x), kb.Samples(y), np.full(n, 1 / n)
    by = kb.Sinkhorn(epsilon=0.05)
    epsilon = 0.05 * float(np.median(ot.dist(x, y)))

    def theirs():
        cost = ot.dist(x, y)
        return ot.sinkhorn2(even, even, cost, epsilon, method="sinkhorn_log", stopThr=1e-6)

    return [
        faster(f"`Sinkhorn(epsilon=0.05)`, {n} + {n} in the plane",
               lambda: kb.wasserstein(p, q, order=2, by=by),
               "`ot.sinkhorn2(…, method='sinkhorn_log')`, one of the three terms", theirs, runs=3),
    ]  # fmt: skip
