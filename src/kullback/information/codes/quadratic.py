"""The least of ½ zᵀHz − fᵀz over z ≥ 0, by Lawson and Hanson's sets of what is 0 and what is not.

Lawson and Hanson, Solving Least Squares Problems (1974), chapter 23; here H may be singular, and
where it is, z first follows f as far as H does not bend and z ≥ 0 allows.
"""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
ROUNDING = 1e-13
FLAT = 1e-9


def least(curvature: Numbers, slope: Numbers, start: Numbers) -> Numbers:
    """Return z, from a start that is not negative; H is positive semi-definite."""
    z, free = start.copy(), start > 0
    for _ in range(4 * len(z)):
        step = _step(curvature[np.ix_(free, free)], slope[free], z[free])
        toward = np.zeros_like(z)
        toward[free] = step
        falls = free & (z + toward <= 0)
        if falls.any():
            z = z + (z[falls] / -toward[falls]).min() * toward
            free &= ~(falls & (z <= ROUNDING * z.max()))
            z[~free] = 0.0
            continue
        z = z + toward
        pull = np.where(free, -np.inf, slope - curvature @ z)
        if pull.max() <= ROUNDING:
            break
        free[np.argmax(pull)] = True
    return z


def _step(curvature: Numbers, slope: Numbers, z: Numbers) -> Numbers:
    """Return what leads to the least, or past the bounds where H is flat."""
    down = slope - curvature @ z
    step = np.asarray(np.linalg.lstsq(curvature, down, rcond=None)[0])
    left = down - curvature @ step
    if np.abs(left).max() <= FLAT * np.abs(slope).max() or (left >= 0).all():
        return step
    return np.asarray(left * (2 * z.sum() / -left.min()))
