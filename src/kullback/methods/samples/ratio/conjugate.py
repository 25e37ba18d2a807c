"""The critic that belongs to a ratio, and what it costs: T = f′(r) and f*(T) = r f′(r) − f(r).

For every r > 0, E_p T − E_q f*(T) ≤ Σ q f(p/q), with equality at r = p/q (Nguyen, Wainwright and
Jordan, Estimating divergence functionals and the likelihood ratio by convex risk minimization,
IEEE Trans. Inf. Theory 56 (2010)). All are written in l = log r, so that no ratio overflows where
its critic does not.
"""

import math
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.questions import (
    KL,
    Alpha,
    ChiSquare,
    Divergence,
    Hellinger,
    HockeyStick,
    Jeffreys,
    JensenShannon,
    Renyi,
    TotalVariation,
    Tsallis,
)


def refuse_conjugate(of: Divergence) -> str | None:
    """Return why f has no critic, or None."""
    if isinstance(of, Renyi) and of.alpha in (0.0, math.inf):
        return f"the order {of.alpha:g} is no mean of the ratio, so no critic bounds it"
    return None


def critic(of: Divergence, log_r: Any) -> Any:
    """T = f′(r), which is averaged over p; in numpy or torch."""
    return _both(of, log_r)[0]


def cost(of: Divergence, log_r: Any) -> Any:
    """f*(T) = r f′(r) − f(r), which is averaged over q; in numpy or torch."""
    return _both(of, log_r)[1]


def growth(of: Divergence) -> float:
    """Return the largest power of r or of 1/r that T and f*(T) grow with, at least 1."""
    if isinstance(of, ChiSquare):
        return 2.0
    if isinstance(of, (Alpha, Renyi, Tsallis)):
        return max(of.alpha, 1 - of.alpha, 1.0)
    return 1.0


def _both(of: Divergence, log_r: Any) -> tuple[Any, Any]:
    xp, x = namespace(log_r), log_r
    if isinstance(of, KL):
        return x, xp.expm1(x)
    if isinstance(of, JensenShannon):
        w, v = of.weights
        mixed = xp.logaddexp(x + math.log(w), xp.full_like(x, math.log(v)))
        return w * (x - mixed), v * mixed
    if isinstance(of, (TotalVariation, HockeyStick)):
        return _of_event(of, x)
    if isinstance(of, Hellinger):
        return -0.5 * xp.expm1(-0.5 * x), 0.5 * xp.expm1(0.5 * x)
    if isinstance(of, Jeffreys):
        return x - xp.expm1(-x), x + xp.expm1(x)
    if isinstance(of, ChiSquare):
        return 2 * xp.expm1(x), xp.expm1(2 * x)
    if isinstance(of, (Alpha, Renyi, Tsallis)):
        scale = of.alpha if isinstance(of, Tsallis) else 1.0
        return scale * _power(of.alpha - 1, x), scale * _power(of.alpha, x)
    return _by_differences(of, x)


def _of_event(of: TotalVariation | HockeyStick, x: Any) -> tuple[Any, Any]:
    """The event {r > γ}: its probability under p, less γ times that under q."""
    xp, gamma = namespace(x), of.gamma if isinstance(of, HockeyStick) else 1.0
    inside = xp.astype(x > math.log(gamma), x.dtype)
    return inside, gamma * inside


def _power(a: float, x: Any) -> Any:
    """(r^a − 1)/a, and its limit log r."""
    return namespace(x).expm1(a * x) / a if a else x


def _by_differences(of: Divergence, x: Any) -> tuple[Any, Any]:
    """f′ by central differences: an error δ of it moves the bound by δ²/(2 f″) only."""
    r, h = namespace(x).exp(x), 1e-3
    a, b, c, d = (of.generator(r * (1 + j * h)) for j in (-2, -1, 1, 2))
    slope = (a - 8 * b + 8 * c - d) / (12 * h * r)
    return slope, r * slope - of.generator(r)
