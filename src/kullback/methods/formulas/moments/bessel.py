"""log K_ν(x) with a slope in ν, for the means that have a parameter in the order."""

from typing import Any

import numpy as np

from kullback.arrays.namespace import library_of, namespace, stop_gradient
from kullback.arrays.special import log_kv

_STEPS = 96


def log_k(order: Any, x: Any) -> Any:
    """Log K_ν(x); its slope in ν from ∫₀^∞ e^(−x cosh t) cosh νt dt by the trapezoidal rule.

    The rule converges like e^(−c/step): the integrand decays doubly exponentially.
    """
    value = log_kv(order, x)
    if library_of(value) == "numpy":
        return value
    xp = namespace(value)
    order, fixed = xp.broadcast_arrays(order, stop_gradient(x))
    held = stop_gradient(order)
    end = xp.maximum(xp.asinh((2 * held + 60) / fixed), xp.acosh(1 + 45 / fixed))
    peak = xp.asinh(held / fixed)
    device = {"device": value.device} if library_of(value) == "torch" else {}
    steps = xp.asarray(np.arange(_STEPS + 1) / _STEPS, dtype=value.dtype, **device)
    t = end[..., None] * steps
    top = held * peak - fixed * xp.cosh(peak)
    rest = -fixed[..., None] * xp.cosh(t) - top[..., None]
    v = order[..., None]
    terms = xp.exp(v * t + rest) + xp.exp(rest - v * t)
    ends = xp.where((steps == 0) | (steps == 1), 0.5 * xp.ones_like(steps), xp.ones_like(steps))
    plain = xp.log(xp.sum(ends * terms, axis=-1))
    return value + (plain - stop_gradient(plain))
