"""Exponential integrals."""

import math
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special.differences import piecewise
from kullback.arrays.special.gamma import EULER
from kullback.arrays.special.host import native
from kullback.arrays.special.smooth import repeated, smooth

FROM, DEPTH = 1.25, 72
"""From here on the continued fraction serves, to this depth."""

SERIES = 22


def _slope_of_first(x: Any) -> Any:
    return -exp2_scaled(x) / x


@smooth(_slope_of_first)
def exp1_scaled(x: Any) -> Any:
    """eˣ E₁(x) = ∫₀^∞ e^{−t}/(x + t) dt for x > 0, which is 1/x for large x.

    >>> exp1_scaled(1000.0)
    0.000999001994...
    """
    xp = namespace(x)
    value = piecewise(x < FROM, _first_of_small, lambda x: _fraction(1, x), x)
    return xp.where(xp.isinf(x), xp.zeros_like(value), value)


def _slope_of_second(x: Any) -> Any:
    return exp2_scaled(x) - exp1_scaled(x)


@smooth(_slope_of_second)
def exp2_scaled(x: Any) -> Any:
    """eˣ E₂(x) = 1 − x eˣ E₁(x), without cancellation for large x."""
    xp = namespace(x)
    value = piecewise(x < FROM, _second_of_small, lambda x: _fraction(2, x), x)
    value = xp.where(x == 0, xp.ones_like(value), value)
    return xp.where(xp.isinf(x), xp.zeros_like(value), value)


def _first_of_small(x: Any) -> Any:
    """eˣ (−γ − log x + x − x²/(2 · 2!) + x³/(3 · 3!) − …)."""
    xp = namespace(x)
    total = xp.zeros_like(x)
    for k in range(SERIES, 0, -1):
        total = x * (-((-1.0) ** k) / (k * math.factorial(k)) + total)
    return xp.exp(x) * (total - EULER - xp.log(x))


def _second_of_small(x: Any) -> Any:
    return 1 - x * _first_of_small(x)


def _fraction(n: int, x: Any) -> Any:
    """1/(x + n − n/(x + n + 2 − 2 (n + 1)/(x + n + 4 − …)))."""

    def up(i: Any, value: Any) -> Any:
        k = DEPTH - i
        return x + (n + 2 * k - 2) - (k * (n + k - 1)) / value

    return 1 / repeated(up, DEPTH, x + n + 2 * DEPTH)


@smooth(lambda x: namespace(x).exp(x) / x)
def expi(x: Any) -> Any:
    """Ei(x), the principal value of ∫ eᵗ/t dt up to x; Ei(−x) = −E₁(x).

    >>> expi(1.0)
    1.8951178163559...
    """
    return piecewise(x < 0, _expi_of_negative, _expi_of_positive, x)


def _expi_of_negative(x: Any) -> Any:
    xp = namespace(x)
    size = xp.where(x < 0, -x, xp.ones_like(x))
    return -xp.exp(-size) * exp1_scaled(size)


def _expi_of_positive(x: Any) -> Any:  # JAX's own function does not end for some negative x
    xp = namespace(x)
    return native("expi", xp.where(x < 0, xp.ones_like(x), x), jax="expi")
