"""Rates of processes: chains by what their paths add a step, autoregressions by their spectra."""

from collections.abc import Callable, Iterator

from mpmath import mp, mpf

from .exponential import matrix
from .integrate import AGREE
from .laws import INF
from .points import Params
from .vector_points import CHAINS, REGRESSIONS, around

Name = tuple[str, Params]


def _chain_rate(p: Params, q: Params | None) -> mpf:
    """D(paths of n + 1 steps) − D(paths of n steps), when it no longer depends on the start."""
    a = matrix(p["transition"])
    b = None if q is None else matrix(q["transition"])
    k = a.rows

    def cost(i: int, j: int) -> mpf:
        if a[i, j] == 0:
            return mpf(0)
        if b is None:
            return -mp.log(a[i, j]) * a[i, j]
        return INF if b[i, j] == 0 else a[i, j] * mp.log(a[i, j] / b[i, j])

    step = mp.matrix([mp.fsum(cost(i, j) for j in range(k)) for i in range(k)])
    if INF in list(step):
        return INF
    while max(step) - min(step) > AGREE**1.3 * max(abs(x) for x in step):
        a, step = a * a, a * step
    return step[0]


def _spectrum(params: Params, w: mpf) -> mpf:
    gain = 1 - mp.fsum(mpf(c) * mp.expj(-w * (i + 1)) for i, c in enumerate(params["coefficients"]))
    return mpf(params["scale"]) ** 2 / abs(gain) ** 2


def _around_circle(f: Callable[[mpf], mpf]) -> mpf:
    """The mean of a periodic function."""
    before, n = None, 256
    while True:
        now = mp.fsum(f(2 * mp.pi * i / n) for i in range(n)) / n
        if before is not None and abs(now - before) < AGREE * abs(now):
            return now
        before, n = now, 2 * n


def process_rows() -> Iterator[tuple[str, Name, Name | None, mpf]]:
    for name, points in (("MarkovChain", CHAINS), ("AutoRegression", REGRESSIONS)):
        for p in points:
            yield "entropy", (name, p), None, _rate(name, p, None)
        for p, q in around(points):
            yield "kl", (name, p), (name, q), _rate(name, p, q)


def _rate(name: str, p: Params, q: Params | None) -> mpf:
    if name == "MarkovChain":
        return _chain_rate(p, q)
    if q is None:
        constant = mp.log(2 * mp.pi * mp.e)
        return _around_circle(lambda w: constant + mp.log(_spectrum(p, w))) / 2

    def itakura_saito(w: mpf) -> mpf:
        ratio = _spectrum(p, w) / _spectrum(q, w)
        return ratio - 1 - mp.log(ratio)

    return _around_circle(itakura_saito) / 2
