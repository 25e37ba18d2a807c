"""The error function, and the normal distribution's: accurate to 1e-14 in both tails."""

import math
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special.host import native
from kullback.arrays.special.smooth import repeated, smooth

ROOT_HALF = math.sqrt(0.5)
ROOT_2PI = math.sqrt(2 * math.pi)
TWO_OVER_ROOT_PI = 2 / math.sqrt(math.pi)

FAR = 3.0
"""From here on the continued fraction of erfcx serves, to this depth."""

DEPTH = 26


def _bell(x: Any, half: float) -> Any:
    """e^{−half x²}; x² is split so that its rounding does not grow with it."""
    xp = namespace(x)
    y = xp.minimum(xp.abs(x), xp.full_like(x, 60.0))
    h = xp.trunc(y * 16) / 16
    return xp.exp(-half * h * h) * xp.exp(-half * (y - h) * (y + h))


def _slope_of_square(x: Any) -> Any:
    return -2 * x * exp_minus_square(x)


@smooth(_slope_of_square)
def exp_minus_square(x: Any) -> Any:
    """e^{−x²}."""
    return _bell(x, 1.0)


def _slope_of_npdf(x: Any) -> Any:
    return -x * npdf(x)


@smooth(_slope_of_npdf)
def npdf(x: Any) -> Any:
    """φ(x) = e^{−x²/2}/√(2π).

    >>> npdf(0.0)
    0.39894228040143...
    """
    return _bell(x, 0.5) / ROOT_2PI


@smooth(lambda x: TWO_OVER_ROOT_PI * exp_minus_square(x), native=True)
def erf(x: Any) -> Any:
    """erf(x) = 2/√π ∫₀ˣ e^{−t²} dt.

    >>> erf(0.5)
    0.52049987781304...
    """
    return native("erf", x, torch="erf", jax="erf")


@smooth(lambda x: -TWO_OVER_ROOT_PI * exp_minus_square(x), native=True)
def erfc(x: Any) -> Any:
    """1 − erf(x).

    >>> erfc(5.0)
    1.53745979442803...e-12
    """
    return native("erfc", x, torch="erfc", jax="erfc")


def _slope_of_erfcx(x: Any) -> Any:
    return erfcx_slope(x)


def _curvature_of_erfcx(x: Any) -> Any:
    return 2 * erfcx(x) + 2 * x * erfcx_slope(x)


@smooth(_slope_of_erfcx, native=True)
def erfcx(x: Any) -> Any:
    """e^{x²} erfc(x), which is 1/(x √π) for large x.

    >>> erfcx(100.0)
    0.0056416137829894...
    """
    return native("erfcx", x, torch="erfcx", jax="erfcx")


@smooth(_curvature_of_erfcx)
def erfcx_slope(x: Any) -> Any:
    """2x erfcx(x) − 2/√π = −2/√π K/(x + K), with K = 1/(√π erfcx(x)) − x."""
    xp = namespace(x)
    far = x > FAR
    rest = _fraction(xp.where(far, x, xp.full_like(x, FAR)))
    near = 2 * x * native("erfcx", x, torch="erfcx", jax="erfcx") - TWO_OVER_ROOT_PI
    return xp.where(far, -TWO_OVER_ROOT_PI * rest / (x + rest), near)


def _fraction(x: Any) -> Any:
    """K(x) = 1/(√π erfcx(x)) − x = (1/2)/(x + 1/(x + (3/2)/(x + …))), for x ≥ 3."""
    return repeated(lambda i, value: (0.5 * (DEPTH - i)) / (x + value), DEPTH, 0 * x)


@smooth(npdf)
def ndtr(x: Any) -> Any:
    """Φ(x), the mass of a standard normal law below x.

    >>> ndtr(-10.0)
    7.61985302416...e-24
    """
    xp = namespace(x)
    low = x < -1
    z = -ROOT_HALF * x
    tail = 0.5 * _erfcx(xp.where(low, z, xp.ones_like(x))) * _bell(x, 0.5)
    return xp.where(low, tail, 0.5 * _erfc(xp.where(low, xp.zeros_like(x), z)))


def _erfc(x: Any) -> Any:
    return native("erfc", x, torch="erfc", jax="erfc")


def _erfcx(x: Any) -> Any:
    return native("erfcx", x, torch="erfcx", jax="erfcx")


def _slope_of_log_ndtr(x: Any) -> Any:
    return inverse_mills(x)


@smooth(_slope_of_log_ndtr)
def log_ndtr(x: Any) -> Any:
    """Log Φ(x), with all digits where Φ(x) is tiny and where it is nearly 1.

    >>> log_ndtr(-100.0)
    -5005.5242086942...
    >>> log_ndtr(10.0)
    -7.61985302416...e-24
    """
    xp = namespace(x)
    low, high = x < -1, x > 1
    z = ROOT_HALF * x
    left = xp.log(0.5 * _erfcx(xp.where(low, -z, xp.ones_like(x)))) - 0.5 * x * x
    right = 0.5 * _erfcx(xp.where(high, z, xp.ones_like(x))) * _bell(x, 0.5)
    middle = 0.5 * _erfc(xp.where(low | high, xp.zeros_like(x), z))
    return xp.where(low, left, xp.log1p(-xp.where(high, right, middle)))


def _slope_of_mills(x: Any) -> Any:
    return -inverse_mills(x) * mills_gap(x)


@smooth(_slope_of_mills)
def inverse_mills(x: Any) -> Any:
    """φ(x)/Φ(x), the slope of log Φ: −x − 1/x for very negative x.

    >>> inverse_mills(-100.0)
    100.009998...
    """
    xp = namespace(x)
    low = x < -1
    tail = _erfcx(xp.where(low, -ROOT_HALF * x, xp.ones_like(x)))
    body = 0.5 * _erfc(xp.where(low, xp.ones_like(x), -ROOT_HALF * x))
    return xp.where(low, 2 / (ROOT_2PI * tail), _bell(x, 0.5) / (ROOT_2PI * body))


def _slope_of_gap(x: Any) -> Any:
    return 1 - inverse_mills(x) * mills_gap(x)


@smooth(_slope_of_gap)
def mills_gap(x: Any) -> Any:
    """X + φ(x)/Φ(x) > 0, without cancellation for very negative x.

    >>> mills_gap(-1e6)
    9.99999999998e-07
    """
    xp = namespace(x)
    z = -ROOT_HALF * x
    far = z > FAR
    rest = _fraction(xp.where(far, z, xp.full_like(x, FAR))) / ROOT_HALF
    y = xp.where(far, xp.zeros_like(x), x)
    low = y < -1
    tail = 2 / (ROOT_2PI * _erfcx(xp.where(low, -ROOT_HALF * y, xp.ones_like(x))))
    body = _bell(y, 0.5) / (ROOT_2PI * 0.5 * _erfc(xp.where(low, xp.ones_like(x), -ROOT_HALF * y)))
    return xp.where(far, rest, y + xp.where(low, tail, body))


def _slope_of_ndtri(p: Any) -> Any:
    return 1 / npdf(ndtri(p))


@smooth(_slope_of_ndtri, native=True)
def ndtri(p: Any) -> Any:
    """Φ⁻¹(p), the quantile of a standard normal law.

    >>> ndtri(0.975)
    1.95996398454...
    """
    return native("ndtri", p, torch="ndtri", jax="ndtri")
