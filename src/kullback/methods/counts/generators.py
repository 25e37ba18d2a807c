"""f and its slopes, for any f-divergence: what bias and variance of Σ q f(p/q) are made of."""

import numpy as np

from kullback.methods.counts.tables import Numbers
from kullback.questions import KL, Divergence, HockeyStick, JensenShannon, TotalVariation

_STEP = 1e-2


def is_smooth(of: Divergence) -> bool:
    """Tell whether f has two slopes everywhere on (0, ∞)."""
    return not isinstance(of, (TotalVariation, HockeyStick))


def is_plain(of: Divergence) -> bool:
    """Tell whether the answer is Σ q f(p/q) itself, not a function of it."""
    return type(of).close is Divergence.close


def slope(of: Divergence, t: Numbers) -> Numbers:
    """f′(t), to about 8 digits."""
    if isinstance(of, KL):
        return np.log(t)
    h = _STEP
    a, b, c, d = (of.generator(t * (1 + j * h)) for j in (-2, -1, 1, 2))
    return np.asarray((a - 8 * b + 8 * c - d) / (12 * h * t))


def curvature(of: Divergence, t: Numbers) -> Numbers:
    """Return t f″(t), to about 7 digits where it is not known."""
    if isinstance(of, KL):
        return np.ones_like(t)
    if isinstance(of, JensenShannon):
        w, v = of.weights
        return np.asarray(w * v / (w * t + v))
    if not is_smooth(of):
        return np.zeros_like(t)
    h = _STEP
    a, b, c, d, e = (of.generator(t * (1 + j * h)) for j in (-2, -1, 0, 1, 2))
    return np.asarray((-a + 16 * b - 30 * c + 16 * d - e) / (12 * h * h * t))
