"""F(y) − F(x) − (y − x) F′(x) for convex F, without cancellation where y is close to x."""

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.special import i0e, i1e, lgamma_excess, trigamma
from kullback.arrays.stable import log_ratio, psi
from kullback.forms.families.curves import langevin, langevin_slope, log_sinhc


@cache
def _nodes(n: int) -> tuple[tuple[float, float], ...]:
    x, w = np.polynomial.legendre.leggauss(n)
    return tuple((float(0.5 + 0.5 * a), float(0.5 * b)) for a, b in zip(x, w, strict=True))


def remainder(bend: Callable[[Any], Any], x: Any, step: Any, nodes: int = 12) -> Any:
    """step² ∫₀¹ (1 − s) F″(x + s step) ds by Gauss–Legendre nodes: for steps that are short.

    Short is less than the distance to the next singularity of F in the complex plane.
    """
    total = 0.0
    for s, weight in _nodes(nodes):
        total = total + weight * (1 - s) * bend(x + s * step)
    return step * step * total


def lgamma_excess_by(a: Any, step: Any) -> Any:
    """Log Γ(a + step) − log Γ(a) − step ψ₀(a), as precise as the step is given."""
    xp = namespace(a, step)
    near = xp.abs(step) < 0.25 * a
    short = xp.where(near, step, xp.zeros_like(step + 0 * a))
    close = remainder(trigamma, a + xp.zeros_like(short), short, nodes=7)
    far = xp.where(near, xp.zeros_like(short), step)
    return xp.where(near, close, lgamma_excess(a + xp.zeros_like(far), a + far))


def log_sinhc_excess(x: Any, y: Any, step: Any) -> Any:
    """S(y) − S(x) − (y − x) S′(x), S(u) = log(sinh u/u); step = y − x."""
    xp = namespace(x, y)
    near = xp.abs(step) < 1
    zero = xp.zeros_like(step)
    close = remainder(langevin_slope, xp.where(near, x, zero), xp.where(near, step, zero))
    apart = log_sinhc(y) - log_sinhc(x) - step * langevin(x)
    return xp.where(near, close, apart)


_FROM = 30.0


@cache
def _log_i0_series() -> tuple[float, ...]:
    """The coefficients of log Σ ((2k)!)²/(32^k k!³) x^(−k), from x^(−1) on."""
    terms = 20
    series = [1.0]
    for k in range(1, terms + 1):
        series.append(series[-1] * (2 * k - 1) ** 2 / (8 * k))
    log = [0.0] * (terms + 1)
    for n in range(1, terms + 1):
        log[n] = series[n] - sum(k * log[k] * series[n - k] for k in range(1, n)) / n
    return tuple(log[1:])


def _bend_of_log_i0(x: Any) -> Any:
    """1 − A/x − A², A = I₁/I₀, for x < 30 or so; ½ at 0."""
    xp = namespace(x)
    some = xp.abs(x) > 1e-3
    safe = xp.where(some, x, xp.ones_like(x))
    a = i1e(safe) / i0e(safe)
    small = xp.where(some, xp.zeros_like(x), x)
    return xp.where(some, 1 - a / safe - a * a, 0.5 - 0.1875 * small * small)


def log_i0_excess(x: Any, y: Any) -> Any:
    """Log I₀(y) − log I₀(x) − (y − x) I₁(x)/I₀(x), for x, y ≥ 0."""
    xp = namespace(x, y)
    x, y = xp.broadcast_arrays(x, y)
    one, zero = xp.ones_like(x), xp.zeros_like(x)
    large = (x > _FROM) & (y > _FROM)
    base, other = xp.where(large, x, one), xp.where(large, y, one)
    t = log_ratio(base, other)
    spread = xp.where(xp.abs(t) < 1, t, zero)
    bend = psi(spread)
    series = 0.5 * bend
    for i, c in enumerate(_log_i0_series()):
        k = i + 1
        series = series + c / base**k * (psi(-k * spread) + k * bend)
    step = y - x
    near = ~large & (xp.abs(step) < 1)
    close = remainder(_bend_of_log_i0, xp.where(near, x, zero), xp.where(near, step, zero))
    far = ~near & ~(large & (xp.abs(t) < 1))
    from_x, to_y = xp.where(far, x, zero), xp.where(far, y, zero)
    apart = (
        xp.log(i0e(to_y)) - xp.log(i0e(from_x))
        + (to_y - from_x) * (1 - i1e(from_x) / i0e(from_x))
    )  # fmt: skip
    return xp.where(far, apart, xp.where(near, close, series))
