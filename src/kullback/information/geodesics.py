"""Fisher–Rao distances without a formula: the shortest path between two laws of one family.

A path x(t) = x₀ + t (x₁ − x₀) + Σ cₖ φₖ(t), φₖ′ the Legendre polynomials, in coordinates without
bounds (logarithms of what is positive). Its coefficients minimise the energy ∫ x′ᵀ G x′ dt, G the
Fisher information; their number is doubled until the length stays. Every path's length is a bound
from above, so that errors of the coefficients count squared. numpy, float64, no gradients.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.errors import AccuracyError, InvalidInputError

Field = Callable[[Any], Any]
"""From points (n, d) to the metric there, (n, d, d)."""

_TERMS = (4, 8, 16, 32, 64)


def length_of_line(speed: Callable[[Any], Any], a: float, b: float, rtol: float) -> float:
    """∫ speed(x) dx from a to b, for a metric in one coordinate."""
    last = None
    for n in (8, 16, 32, 64, 128, 256, 512):
        nodes, weights = np.polynomial.legendre.leggauss(n)
        x = a + (b - a) * (nodes + 1) / 2
        found = abs(b - a) / 2 * float(weights @ speed(x))
        if last is not None and abs(found - last) <= 1e-3 * rtol * found:
            return found
        last = found
    raise _missed(last, rtol)


@dataclass(frozen=True)
class Care:
    """How closely slopes are taken: the step in the coordinates, and when the search may stop.

    The length errs by the square of the slope that is left.
    """

    step: float = 1e-4
    slope: float = 1e-7


FORMULA, INTEGRAL = Care(), Care(3e-3, 1e-4)
"""For a metric known to rounding, and for one integrated to 1e-8."""


def length_of_geodesic(
    field: Field, start: Any, end: Any, rtol: float, care: Care = FORMULA
) -> float:
    """Return the length of the shortest path between two points."""
    if np.array_equal(start, end):
        return 0.0
    path = np.zeros((0, len(start)))
    last = None
    for terms in _TERMS:
        path = np.concatenate([path, np.zeros((terms - len(path), len(start)))])
        path, found, uneven = _shortest(field, start, end, path, care)
        if last is not None and abs(found - last) <= 0.1 * rtol * found and uneven <= rtol:
            return found
        last = found
    raise _missed(last, rtol)


def _missed(found: float | None, rtol: float) -> AccuracyError:
    return AccuracyError(
        f"The Fisher–Rao distance is at most {found}, but the path did not settle to "
        f"rtol={rtol:g}; the laws may be too far apart. A looser rtol= may do.",
        found,
        None,
    )


def _shortest(
    field: Field, start: Any, end: Any, path: Any, care: Care
) -> tuple[Any, float, float]:
    """Return the path of least energy, its length, and by how much its energy exceeds length²."""
    from scipy.optimize import minimize

    terms, d = path.shape
    nodes, weights = np.polynomial.legendre.leggauss(2 * terms + 8)
    weights = weights / 2
    t = (nodes + 1) / 2
    basis = np.polynomial.legendre.legvander(nodes, terms + 1)
    size = np.sqrt(2 * np.arange(terms + 2) + 1)
    velocities = (basis * size)[:, 1 : terms + 1]
    k = np.arange(1, terms + 1)
    # ∫ Pₖ = (Pₖ₊₁ − Pₖ₋₁)/(2 (2k + 1)) over the nodes' interval of length 1
    positions = (basis[:, k + 1] - basis[:, k - 1]) / (2 * (2 * k + 1)) * size[k]
    step = end - start
    straight = start + t[:, None] * step
    root = np.linalg.cholesky(np.tensordot(weights, field(straight), 1))
    back = np.linalg.inv(root).T  # coordinates in which the mean metric is 1

    def curve(c: Any) -> tuple[Any, Any]:
        bend = c.reshape(terms, d) @ back.T
        return straight + positions @ bend, step + velocities @ bend

    def energy(c: Any) -> tuple[float, Any]:
        x, v = curve(c)
        g, slopes = _with_slopes(field, x, care.step)
        gv = np.einsum("nij,nj->ni", g, v)
        value = float(weights @ np.einsum("ni,ni->n", v, gv))
        turn = np.einsum("ni,nkij,nj->nk", v, slopes, v)
        gradient = 2 * velocities.T @ (weights[:, None] * gv) + positions.T @ (
            weights[:, None] * turn
        )
        return value, (gradient @ back).reshape(-1)

    first = np.linalg.solve(back, path.T).T.reshape(-1)
    scale = energy(first)[0]
    with np.errstate(all="ignore"):
        best = minimize(
            lambda c: tuple(x / scale for x in energy(c)), first, jac=True, method="BFGS",
            options={"gtol": care.slope, "maxiter": 500},
        ).x  # fmt: skip
    x, v = curve(best)
    squares = np.einsum("ni,nij,nj->n", v, field(x), v)
    length, total = float(weights @ np.sqrt(squares)), math.sqrt(float(weights @ squares))
    return best.reshape(terms, d) @ back.T, length, total / length - 1


def _with_slopes(field: Field, x: Any, h: float) -> tuple[Any, Any]:
    """Return the metric at points (n, d), and its slopes (n, k, d, d), by central differences."""
    n, d = x.shape
    moves = np.concatenate([np.zeros((1, d)), h * np.eye(d), -h * np.eye(d)])
    found = field((x[None] + moves[:, None]).reshape(-1, d)).reshape(len(moves), n, d, d)
    slopes = (found[1 : d + 1] - found[d + 1 :]) / (2 * h)
    return found[0], np.moveaxis(slopes, 0, 1)


def between_gaussians(mean: Any, covariance: Any) -> float:
    """Return the distance of N(mean, covariance) from N(0, I).

    Gaussians are the quotient of a symmetric space: of positive matrices of size 2 d + 1,
    Λ = M diag(Σ⁻¹, 1, Σ) Mᵀ, M = [[I, 0, 0], [μᵀ, 1, 0], [S − ½ μμᵀ, −μ, I]], by the skew
    matrices S. The distance is the least ½ ‖log Λ‖ over S; there the corner of log Λ vanishes, and
    exp(t log Λ) is the geodesic (Eriksen 1987; Kobayashi 2023).
    """
    from scipy.optimize import minimize

    d = len(mean)
    below = np.tril_indices(d, -1)
    block = np.zeros((2 * d + 1, 2 * d + 1))
    block[:d, :d], block[d, d], block[d + 1 :, d + 1 :] = np.linalg.inv(covariance), 1, covariance

    def squared(skew: Any) -> tuple[float, Any]:
        left = np.eye(2 * d + 1)
        s = np.zeros((d, d))
        s[below] = skew
        left[d, :d], left[d + 1 :, d] = mean, -mean
        left[d + 1 :, :d] = s - s.T - 0.5 * np.outer(mean, mean)
        values, vectors = np.linalg.eigh(left @ block @ left.T)
        logs = np.log(values)
        inner = block @ left.T @ ((vectors * (logs / values)) @ vectors.T)
        corner = inner[:d, d + 1 :]
        return 0.25 * float(logs @ logs), (corner.T - corner)[below]

    if d == 1:
        return math.sqrt(squared(np.zeros(0))[0])
    scale = squared(np.zeros(len(below[0])))[0]
    found = minimize(
        lambda s: tuple(x / scale for x in squared(s)), np.zeros(len(below[0])), jac=True,
        method="BFGS", options={"gtol": 1e-10, "maxiter": 1000},
    )  # fmt: skip
    slope = float(np.linalg.norm(found.jac))
    if slope > 1e-4:  # the distance errs by its square
        raise AccuracyError(
            f"The Fisher–Rao distance of the Gaussians is at most {math.sqrt(scale * found.fun):g},"
            f" but the search for the geodesic stopped at a slope of {slope:g}.",
            math.sqrt(scale * found.fun),
            None,
        )
    return math.sqrt(scale * float(found.fun))


class Coordinates:
    """Coordinates without bounds for the parameters of a family, one for each.

    Attributes
    ----------
    inward, outward : callable
        From a parameter's value to the coordinate, and back.
    slope : callable
        From the coordinate to the derivative of the value.
    """

    def __init__(self, inward: Any, outward: Any, slope: Any) -> None:
        self.inward, self.outward, self.slope = inward, outward, slope

    @classmethod
    def above(cls, least: float) -> "Coordinates":
        """log(x − least)."""
        return cls(lambda x: np.log(x - least), lambda y: least + np.exp(y), np.exp)


REAL_LINE = Coordinates(lambda x: x, lambda y: y, np.ones_like)
UNIT = Coordinates(
    lambda x: np.log(x) - np.log1p(-x),
    lambda y: 1 / (1 + np.exp(-y)),
    lambda y: np.exp(-np.abs(y)) / (1 + np.exp(-np.abs(y))) ** 2,
)


def coordinates_of(domain: Any, family: str, name: str) -> Coordinates:
    """Return the coordinates of a parameter by where it may lie."""
    if (family, name) == ("GeneralizedPareto", "concentration"):
        return Coordinates.above(-0.5)
    holds = [bool(domain.holds(np.asarray(x))) for x in (-1.0, 0.5, 2.0)]
    if holds == [True, True, True]:
        return REAL_LINE
    if holds == [False, True, True]:
        return Coordinates.above(0.0)
    if holds == [False, False, True]:
        return Coordinates.above(1.0)
    if holds == [False, True, False]:
        return UNIT
    raise InvalidInputError(f"{family}: {name} is {domain.words}, which has no path through it.")
