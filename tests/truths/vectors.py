"""Truths for vectors, matrices and processes, each by a second derivation in mpmath.

Exponential families by Bregman's form, multinomials by counting every outcome, spheres by reduction
to one dimension, chains by their paths, autoregressions by their spectra.
"""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

from mpmath import mp, mpf

from .exponential import (
    EXPONENTIAL,
    ORDERS,
    bregman,
    gaussian_moments,
    log_power,
    of_log_power,
    slope,
)
from .points import Params
from .processes import process_rows
from .spheres import sphere_rows
from .vector_points import EXPONENTIAL_POINTS, MULTINOMIALS, around

Name = tuple[str, Params]


def exponential_rows() -> Iterator[tuple[str, Name, Name | None, mpf]]:
    for name, points in EXPONENTIAL_POINTS.items():
        family = EXPONENTIAL[name]
        for params in points:
            eta = family.natural(**params)
            entropy = family.log_partition(eta) - slope(family, eta, eta)
            yield "entropy", (name, params), None, entropy - family.log_base(**params)
        seen = []
        for p, q in around(points):
            if (p, q) not in seen:
                seen.append((p, q))
                yield from _orders((name, p), (name, q))
    for p, q in product(
        EXPONENTIAL_POINTS["MultivariateNormal"][3:6], EXPONENTIAL_POINTS["LowRankNormal"][:1]
    ):
        for a, b in ((0, 1), (1, 0)):
            sides = ("MultivariateNormal", p), ("LowRankNormal", q)
            yield from _orders(sides[a], sides[b])


def _orders(p: Name, q: Name) -> Iterator[tuple[str, Name, Name, mpf]]:
    family = EXPONENTIAL[p[0]]
    eta, other = family.natural(**p[1]), EXPONENTIAL[q[0]].natural(**q[1])
    yield "kl", p, q, bregman(family, eta, other)
    # χ² is the same integral as Rényi's of order 2
    for question in ORDERS if p[0] == q[0] == "MultivariateNormal" else ORDERS[:3]:
        yield question, p, q, of_log_power(question, lambda a: log_power(family, eta, other, a))
    if "Normal" in p[0] and len(p[1]) <= 3 and "df" not in p[1]:
        yield "w2", p, q, _gaussian_w2(gaussian_moments(*p), gaussian_moments(*q))


def _gaussian_w2(p: tuple[mp.matrix, mp.matrix], q: tuple[mp.matrix, mp.matrix]) -> mpf:
    """√(|m − m′|² + tr(Σ + Σ′) − 2 Σ √λ), λ the eigenvalues of L′ᵀ Σ L′."""
    step = p[0] - q[0]
    root = mp.cholesky(q[1])
    shared = mp.eigsy(root.T * p[1] * root, eigvals_only=True)
    spread = mp.fsum(p[1][i, i] + q[1][i, i] for i in range(p[1].rows))
    return mp.sqrt((step.T * step)[0] + spread - 2 * mp.fsum(mp.sqrt(x) for x in shared))


def _outcomes(params: Params) -> dict[tuple[int, ...], mpf]:
    """Log mass of each vector of counts."""
    n, probs = int(params["n"]), [mpf(x) for x in params["probs"]]
    found = {}
    for counts in product(range(n + 1), repeat=len(probs)):
        if sum(counts) == n:
            ways = mp.factorial(n)
            for k, p in zip(counts, probs, strict=True):
                ways *= p**k / mp.factorial(k)
            found[counts] = mp.log(ways)
    return found


def multinomial_rows() -> Iterator[tuple[str, Name, Name | None, mpf]]:
    name = "Multinomial"
    for params in MULTINOMIALS:
        logs = _outcomes(params).values()
        yield "entropy", (name, params), None, -mp.fsum(mp.exp(x) * x for x in logs)
    for p, q in around(MULTINOMIALS):
        a, b = _outcomes(p), _outcomes(q)
        yield "kl", (name, p), (name, q), mp.fsum(mp.exp(a[k]) * (a[k] - b[k]) for k in a)
        for question in ORDERS:
            yield (
                question,
                (name, p),
                (name, q),
                of_log_power(
                    question,
                    lambda s, a=a, b=b: mp.log(
                        mp.fsum(mp.exp(s * a[k] + (1 - s) * b[k]) for k in a)
                    ),
                ),
            )


def vector_rows(row: Callable[..., dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for rows in (exponential_rows, multinomial_rows, sphere_rows, process_rows):
        for question, p, q, value in rows():
            if abs(value) > mpf(10) ** -40:
                yield row(question, p, q, value)
