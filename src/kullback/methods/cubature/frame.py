"""Where a law of vectors keeps its mass: a centre and a shape, by moments or by climbing."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.forms.families.derived.mixture import Mixture
from kullback.methods.laws import Numbers


@dataclass(frozen=True)
class Frame:
    """x = centre + root z: outcomes of one law, spread like a unit normal law's.

    Attributes
    ----------
    centre : array, shape (d,)
    root : array, shape (d, d)
        Lower triangular.
    """

    centre: Numbers
    root: Numbers


def frames(law: Any, d: int) -> list[Frame]:
    """Return the frames of a law's components; one if it is no mixture."""
    if isinstance(law, Mixture):
        return [frame for part in law.parts for frame in frames(part, d)]
    moments = _moments(law, d)
    if moments is None:
        moments = _by_climbing(law, d)
    centre, covariance = moments
    return [Frame(centre, np.linalg.cholesky(covariance))]


def common(all_frames: list[Frame]) -> Frame:
    """Return the frame of the equal mixture of all."""
    centre = np.mean([f.centre for f in all_frames], axis=0)
    within = np.mean([f.root @ f.root.T for f in all_frames], axis=0)
    apart = np.mean([np.outer(f.centre - centre, f.centre - centre) for f in all_frames], axis=0)
    return Frame(centre, np.linalg.cholesky(within + apart))


def _moments(law: Any, d: int) -> tuple[Numbers, Numbers] | None:
    if callable(getattr(law, "dense", None)):
        return np.asarray(law.mean, float).reshape(d), np.asarray(law.dense(), float).reshape(d, d)
    found = []
    for name in ("mean", "variance"):
        moment = getattr(law, name, None)
        moment = moment() if callable(moment) else moment
        if moment is None or np.size(moment) != d or not np.all(np.isfinite(moment)):
            return None
        found.append(np.asarray(moment, float).reshape(d))
    return (found[0], np.diag(found[1])) if np.all(found[1] > 0) else None


def _by_climbing(law: Any, d: int) -> tuple[Numbers, Numbers]:
    """Return the mode, and the inverse of the curvature there (Laplace's approximation)."""
    from scipy.optimize import minimize

    def cost(x: Numbers) -> float:
        height = float(np.asarray(law.log_density(x)).reshape(()))
        return 1e300 if not np.isfinite(height) else -height

    ends = [np.broadcast_to(np.asarray(e, float), (d,)) for e in _box(law)]
    low, high = (np.clip(e, -10.0, 10.0) for e in ends)
    starts = low + (high - low) * np.array([[0.5] * d, [0.25] * d, [0.75] * d, [0.1] * d])
    best = min(starts, key=cost)
    options = {"xatol": 1e-9, "fatol": 1e-12, "maxiter": 4000, "maxfev": 8000}
    mode = minimize(cost, best, method="Nelder-Mead", options=options).x
    step = 1e-4 * np.maximum(1e-3, np.abs(mode))
    hessian = np.empty((d, d))
    for i in range(d):
        for j in range(d):
            e_i, e_j = np.eye(d)[i] * step, np.eye(d)[j] * step
            hessian[i, j] = (
                cost(mode + e_i + e_j) - cost(mode + e_i - e_j)
                - cost(mode - e_i + e_j) + cost(mode - e_i - e_j)
            ) / (4 * step[i] * step[j])  # fmt: skip
    value, vectors = np.linalg.eigh(0.5 * (hessian + hessian.T))
    value = np.where(np.isfinite(value) & (value > 1e-12), value, 1.0)
    return mode, (vectors / value) @ vectors.T


def _box(law: Any) -> tuple[Any, Any]:
    support = law.support()
    low = -np.inf if support.low is None else support.low
    high = np.inf if support.high is None else support.high
    return low, high
