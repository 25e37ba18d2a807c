"""Sums over x^(−s), by Euler and Maclaurin: ζ, its slope, and differences that do not cancel."""

import math
from collections.abc import Callable
from typing import Any

from kullback.arrays.namespace import library_of, namespace
from kullback.arrays.special.differences import BERNOULLI
from kullback.arrays.stable import psi

_N = 24
"""The first terms are summed one by one; from here on by the integral and its corrections."""


def _corrected(s: Any, basis: tuple[Any, ...], slopes: Callable[..., tuple[Any, ...]]) -> Any:
    """f(N)/2 − Σ B₂ⱼ/(2j)! f^(2j−1)(N), divided by N^(−s), for f = x^(−s) g₀(log x).

    f^(i + 1) = x^(−s − i − 1) ((−s − i) g + g'), where g = Σ shareₖ gₖ in a basis, here given by
    its values at N, that differentiation maps to itself: `slopes` are the shares of g'.
    """
    xp = namespace(s)
    shares = (xp.ones_like(s), *(xp.zeros_like(s) for _ in basis[1:]))
    total, factorial = 0.5 * basis[0], 1.0
    for i in range(2 * len(BERNOULLI) - 1):
        moved = slopes(*shares)
        shares = tuple((-s - i) * a + b for a, b in zip(shares, moved, strict=True))
        factorial *= i + 2
        if i % 2 == 0:
            scale = BERNOULLI[i // 2] / factorial * _N ** -(i + 1.0)
            parts = [scale * x * y for x, y in zip(shares, basis, strict=True)]
            total = total - sum(parts[1:], parts[0])
    return total


def _first(s: Any) -> tuple[Any, Any]:
    """Return log x and x^(−s) for x below N, along a last axis."""
    xp, values = namespace(s), [math.log(x) for x in range(1, _N)]
    device = {"device": s.device} if library_of(s) == "torch" else {}
    logs = xp.asarray(values, dtype=s.dtype, **device)
    return logs, xp.exp(-s[..., None] * logs)


def log_zeta_and_mean(s: Any) -> tuple[Any, Any]:
    """Return log ζ(s) and −ζ'(s)/ζ(s) = E log x under p(x) = x^(−s)/ζ(s), for s > 1."""
    xp, end = namespace(s), math.log(_N)
    logs, mass = _first(s)
    one = xp.ones_like(s)
    rest = _N / (s - 1) + _corrected(s, (one,), lambda a: (0 * a,))
    weighted = _N * (end / (s - 1) + 1 / (s - 1) ** 2) + _corrected(
        s, (end * one, one), lambda a, b: (0 * b, a)
    )
    tail = xp.exp(-s * end)
    beyond_one = xp.sum(mass[..., 1:], axis=-1) + tail * rest
    mean = (xp.sum(mass * logs, axis=-1) + tail * weighted) / (1 + beyond_one)
    return xp.log1p(beyond_one), mean


def log_zeta_excess(s: Any, t: Any) -> Any:
    """Return log ζ(t) − log ζ(s) + (t − s) m, m = E log x under p(x) = x^(−s)/ζ(s).

    Nearby it is log(1 + Σ p ψ(v)), v = (s − t) (log x − m), ψ(v) = eᵛ − 1 − v: terms ≥ 0.
    """
    xp = namespace(s, t)
    s, t = xp.broadcast_arrays(s, t)
    (log_s, m), (log_t, _) = log_zeta_and_mean(s), log_zeta_and_mean(t)
    near = xp.abs(t - s) * (1 + m) < 1
    d = xp.where(near, t - s, xp.zeros_like(s))
    close = xp.log1p(_gap(s, d, m) * xp.exp(-log_s))
    return xp.where(near, close, log_t - log_s + (t - s) * m)


def _gap(s: Any, d: Any, m: Any) -> Any:
    """Σ x^(−s) ψ(−d (log x − m))."""
    xp, end = namespace(s, d), math.log(_N)
    logs, mass = _first(s)
    first = xp.sum(mass * psi(-d[..., None] * (logs - m[..., None])), axis=-1)
    v, r = -d * (end - m), d / (s - 1)
    # ∫ from N: E ψ(v − d Y)/(s − 1), Y exponential of rate s − 1
    integral = _N / (s - 1) * (psi(v) - v * r + r * r) / (1 + r)
    # ψ' = −d (eᵛ − 1) and (eᵛ − 1)' = −d (eᵛ − 1) − d
    total = _corrected(
        s, (psi(v), xp.expm1(v), xp.ones_like(v)), lambda a, b, c: (0 * c, -d * (a + b), -d * b)
    )
    return first + xp.exp(-s * end) * (integral + total)
