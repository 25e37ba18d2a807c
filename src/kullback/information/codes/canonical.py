"""Canonical correlations: how two Gaussian vectors depend on each other, whatever their units.

L_x⁻¹ Σ_xy L_y⁻ᵀ, with Σ = L Lᵀ, has the singular values ρᵢ and the left vectors uᵢ: uᵢᵀ L_x⁻¹ X has
variance 1, and tells of one such sum of Y, with the correlation ρᵢ, and of no other.
"""

from typing import Any, NamedTuple

import numpy as np

from kullback.errors import InvalidInputError, ShapeError
from kullback.information.codes.blahut_arimoto import Numbers

EPS = float(np.finfo(np.float64).eps)
TOLD = 1000
"""By how many times its rounding 1 − ρ² must be above 0: the information is then good to 1e-3."""


class Canonical(NamedTuple):
    """Correlations of pairs of directions, falling.

    Attributes
    ----------
    rho : array, shape (min(d, l),)
        Their correlations.
    lost : array, shape (min(d, l),)
        λ = 1 − ρ², the share of the variance of one that the other does not tell.
    rows : array, shape (min(d, l), d)
        uᵢᵀ L_x⁻¹, the directions of X.
    """

    rho: Numbers
    lost: Numbers
    rows: Numbers


def canonical(cov_x: Any, cov_y: Any, cov_xy: Any) -> Canonical:
    """Return the canonical correlations, or raise for what is no covariance or a singular one."""
    x, y = _covariance(cov_x, "cov_x"), _covariance(cov_y, "cov_y")
    xy = np.asarray(cov_xy, dtype=np.float64)
    xy = xy.reshape(1, 1) if xy.ndim == 0 else xy
    if xy.shape != (len(x), len(y)):
        raise ShapeError(
            f"cov_xy has shape {xy.shape}: a row for each of the {len(x)} coordinates of X and a "
            f"column for each of the {len(y)} of Y are needed."
        )
    if not np.isfinite(xy).all():
        raise InvalidInputError(f"cov_xy holds {int((~np.isfinite(xy)).sum())} NaN or ∞.")
    s_x, s_y = np.sqrt(np.diag(x)), np.sqrt(np.diag(y))
    root_x, worst_x = _root(x / np.outer(s_x, s_x), "cov_x", "X")
    root_y, worst_y = _root(y / np.outer(s_y, s_y), "cov_y", "Y")
    half = np.linalg.solve(root_x, xy / np.outer(s_x, s_y))
    u, rho, _ = np.linalg.svd(np.linalg.solve(root_y, half.T).T, full_matrices=False)
    rounding = EPS * (len(x) + len(y)) * (worst_x + worst_y)
    if rho[0] > 1 + rounding:
        raise InvalidInputError(
            f"A sum of X and one of Y would have the correlation {rho[0]:.6g}: cov_x, cov_y and "
            "cov_xy are not those of one law. Take all three from the same data, over one n."
        )
    lost = (1 - rho) * (1 + rho)
    if lost[0] < TOLD * rounding:
        raise InvalidInputError(
            f"A sum of X and one of Y have the correlation {rho[0]:.17g}, which rounding cannot "
            "tell from 1: X tells it without noise, so that I(X; Y) is infinite and no code is "
            "best. Leave it out of Y, or state the noise that is there."
        )
    return Canonical(rho, lost, np.linalg.solve(root_x.T, u).T / s_x)


def _covariance(given: Any, name: str) -> Numbers:
    array = np.asarray(given, dtype=np.float64)
    array = array.reshape(1, 1) if array.ndim == 0 else array
    if array.ndim != 2 or array.shape[0] != array.shape[1] or array.size == 0:
        raise ShapeError(f"{name} has shape {array.shape}: a square matrix is needed.")
    if not np.isfinite(array).all():
        raise InvalidInputError(f"{name} holds {int((~np.isfinite(array)).sum())} NaN or ∞.")
    least = np.diag(array).min()
    if least <= 0:
        raise InvalidInputError(
            f"{name} has a variance of {least:g}: each coordinate must vary. Leave constants out."
        )
    skew = float(np.abs(array - array.T).max())
    if skew > 1e-8 * float(np.abs(array).max()):
        raise InvalidInputError(f"{name} is not symmetric: entries differ by up to {skew:g}.")
    return array


def _root(correlation: Numbers, name: str, vector: str) -> tuple[Numbers, float]:
    """Return the lower Cholesky factor and the condition number, or raise."""
    values = np.linalg.eigvalsh(correlation)
    low = float(values[0])
    if low < -EPS * len(values) * TOLD:
        raise InvalidInputError(
            f"{name} is no covariance: with variances taken out it has the eigenvalue {low:.3g}."
        )
    if low < EPS * len(values) * TOLD:
        raise InvalidInputError(
            f"{name} is singular: with variances taken out its smallest eigenvalue is {low:.3g}, "
            f"which is rounding. A coordinate of {vector} is a sum of others; leave it out, and "
            "nothing is lost."
        )
    return np.asarray(np.linalg.cholesky(correlation), dtype=np.float64), float(values[-1]) / low
