"""Exponential families on vectors and matrices, by Bregman's form of their log-partition function.

Only A(η) is written down: KL(p ‖ q) = A(q) − A(p) − dA(p)[q − p], the slope taken numerically, at
twice the digits. Powers are log ∫ p^α q^(1−α) = A(α p + (1 − α) q) − α A(p) − (1 − α) A(q).
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

from mpmath import mp, mpf

from .laws import INF
from .points import Params

Vector = list[mpf]
ORDERS = ("renyi 0.3", "renyi 2", "hellinger", "chi2")


def matrix(x: Any) -> mp.matrix:
    return mp.matrix([[mpf(v) for v in row] for row in x])


def column(x: Any) -> mp.matrix:
    return mp.matrix([mpf(v) for v in x])


def flat(m: mp.matrix) -> Vector:
    return [m[i, j] for i in range(m.rows) for j in range(m.cols)]


def square(v: Vector) -> mp.matrix:
    d = int(mp.sqrt(len(v)) + mpf(0.5))
    return mp.matrix([v[d * i : d * i + d] for i in range(d)])


def log_det(m: mp.matrix) -> mpf:
    """Log det of a positive definite matrix; raises for others."""
    root = mp.cholesky(m)
    return 2 * mp.fsum(mp.log(root[i, i]) for i in range(m.rows))


def log_multigamma(a: mpf, d: int) -> mpf:
    return mpf(d * (d - 1)) / 4 * mp.log(mp.pi) + mp.fsum(
        mp.loggamma(a - mpf(i) / 2) for i in range(d)
    )


@dataclass(frozen=True)
class Exponential:
    """A family e^(⟨η, T(x)⟩ − A(η)) over a base measure of constant density.

    Attributes
    ----------
    natural : callable
        From the parameters to η.
    log_partition : callable
        A(η); raises where η is outside its domain.
    log_base : callable
        From the parameters to the logarithm of the base measure's density.
    """

    natural: Callable[..., Vector]
    log_partition: Callable[[Vector], mpf]
    log_base: Callable[..., mpf] = lambda **_: mpf(0)


def slope(family: Exponential, at: Vector, along: Vector) -> mpf:
    """DA(at)[along]."""
    return mp.diff(
        lambda s: family.log_partition([a + s * b for a, b in zip(at, along, strict=True)]), 0
    )


def bregman(p_family: Exponential, p: Vector, q: Vector) -> mpf:
    a = p_family.log_partition
    return a(q) - a(p) - slope(p_family, p, [y - x for x, y in zip(p, q, strict=True)])


def log_power(family: Exponential, p: Vector, q: Vector, alpha: mpf) -> mpf:
    """Log ∫ p^α q^(1−α)."""
    a = family.log_partition
    try:
        mixed = a([alpha * x + (1 - alpha) * y for x, y in zip(p, q, strict=True)])
    except (ValueError, ZeroDivisionError):
        return INF
    return mixed - alpha * a(p) - (1 - alpha) * a(q)


def of_log_power(question: str, log_integral: Callable[[mpf], mpf]) -> mpf:
    if question == "hellinger":
        return mp.sqrt(-mp.expm1(log_integral(mpf(0.5))))
    if question == "chi2":
        return mp.expm1(log_integral(mpf(2)))
    alpha = mpf(float(question.split()[1]))
    return log_integral(alpha) / (alpha - 1)


def _gaussian_natural(mean: mp.matrix, covariance: mp.matrix) -> Vector:
    precision = covariance**-1
    return flat(precision * mean) + flat(precision)


def _gaussian_partition(eta: Vector) -> mpf:
    """½ hᵀΛ⁻¹h − ½ log det Λ."""
    d = int((mp.sqrt(1 + 4 * len(eta)) - 1) / 2 + mpf(0.5))
    h, precision = mp.matrix(eta[:d]), square(eta[d:])
    return ((h.T * mp.lu_solve(precision, h))[0] - log_det(precision)) / 2


def gaussian_moments(family: str, params: Params) -> tuple[mp.matrix, mp.matrix]:
    """Return mean and covariance, however they are given."""
    if family == "LowRankNormal":
        factor = matrix(params["factor"])
        return column(params["mean"]), factor * factor.T + mp.diag(
            [mpf(x) for x in params["diagonal"]]
        )
    if family == "MatrixNormal":
        rows, columns = matrix(params["rows"]), matrix(params["columns"])
        n, m = rows.rows, columns.rows
        wide = mp.matrix(n * m, n * m)
        for i, j, k, el in product(range(n), range(m), range(n), range(m)):
            wide[m * i + j, m * k + el] = rows[i, k] * columns[j, el]
        return mp.matrix(flat(matrix(params["mean"]))), wide
    if "precision" in params:
        covariance = matrix(params["precision"]) ** -1
    elif "scale_tril" in params:
        root = matrix(params["scale_tril"])
        covariance = root * root.T
    elif "variances" in params:
        covariance = mp.diag([mpf(x) for x in params["variances"]])
    else:
        covariance = matrix(params["covariance"])
    return column(params["mean"]), covariance


def _gaussian(family: str) -> Exponential:
    def base(**params: Any) -> mpf:
        return -mp.log(2 * mp.pi) * gaussian_moments(family, params)[0].rows / 2

    return Exponential(
        lambda **params: _gaussian_natural(*gaussian_moments(family, params)),
        _gaussian_partition,
        base,
    )


def _dirichlet_partition(eta: Vector) -> mpf:
    if min(eta) <= -1:
        raise ValueError
    return mp.fsum(mp.loggamma(x + 1) for x in eta) - mp.loggamma(mp.fsum(eta) + len(eta))


def _wishart_natural(df: float, scale: Any) -> Vector:
    v = matrix(scale)
    return [(mpf(df) - v.rows - 1) / 2, *flat(-(v**-1) / 2)]


def _wishart_partition(eta: Vector) -> mpf:
    inverse = -2 * square(eta[1:])
    d = inverse.rows
    n = 2 * eta[0] + d + 1
    if n <= d - 1:
        raise ValueError
    return n * d / 2 * mp.log(2) - n / 2 * log_det(inverse) + log_multigamma(n / 2, d)


def _inverse_wishart_natural(df: float, scale: Any) -> Vector:
    s = matrix(scale)
    return [-(mpf(df) + s.rows + 1) / 2, *flat(-s / 2)]


def _inverse_wishart_partition(eta: Vector) -> mpf:
    s = -2 * square(eta[1:])
    d = s.rows
    n = -2 * eta[0] - d - 1
    if n <= d - 1:
        raise ValueError
    return n * d / 2 * mp.log(2) - n / 2 * log_det(s) + log_multigamma(n / 2, d)


def _normal_gamma_natural(mean: float, factor: float, shape: float, rate: float) -> Vector:
    m, k, a, b = map(mpf, (mean, factor, shape, rate))
    return [a - mpf(0.5), -b - k * m**2 / 2, k * m, -k / 2]


def _normal_gamma_partition(eta: Vector) -> mpf:
    k = -2 * eta[3]
    m, a = eta[2] / k, eta[0] + mpf(0.5)
    b = -eta[1] - k * m**2 / 2
    if min(k, a, b) <= 0:
        raise ValueError
    return mp.loggamma(a) - a * mp.log(b) + mp.log(2 * mp.pi / k) / 2


def _normal_inverse_gamma_natural(mean: float, factor: float, shape: float, scale: float) -> Vector:
    m, k, a, b = map(mpf, (mean, factor, shape, scale))
    return [-a - mpf(1.5), -b - k * m**2 / 2, k * m, -k / 2]


def _normal_inverse_gamma_partition(eta: Vector) -> mpf:
    return _normal_gamma_partition([-eta[0] - 2, *eta[1:]])


def _niw_natural(mean: Any, factor: float, df: float, scale: Any) -> Vector:
    m, k, s = column(mean), mpf(factor), matrix(scale)
    d = s.rows
    return [-(mpf(df) + d + 2) / 2, -k / 2, *flat(k * m), *flat(-(s + k * m * m.T) / 2)]


def _niw_partition(eta: Vector) -> mpf:
    k = -2 * eta[1]
    if k <= 0:
        raise ValueError
    d = int((mp.sqrt(1 + 4 * (len(eta) - 2)) - 1) / 2 + mpf(0.5))
    m = mp.matrix(eta[2 : 2 + d]) / k
    s = -2 * square(eta[2 + d :]) - k * m * m.T
    n = -2 * eta[0] - d - 2
    if n <= d - 1:
        raise ValueError
    wishart = n * d / 2 * mp.log(2) - n / 2 * log_det(s) + log_multigamma(n / 2, d)
    return wishart + mpf(d) / 2 * mp.log(2 * mp.pi / k)


EXPONENTIAL: dict[str, Exponential] = {
    "MultivariateNormal": _gaussian("MultivariateNormal"),
    "LowRankNormal": _gaussian("LowRankNormal"),
    "MatrixNormal": _gaussian("MatrixNormal"),
    "Dirichlet": Exponential(
        lambda concentration: [mpf(x) - 1 for x in concentration], _dirichlet_partition
    ),
    "Wishart": Exponential(_wishart_natural, _wishart_partition),
    "InverseWishart": Exponential(_inverse_wishart_natural, _inverse_wishart_partition),
    "NormalGamma": Exponential(_normal_gamma_natural, _normal_gamma_partition),
    "NormalInverseGamma": Exponential(
        _normal_inverse_gamma_natural, _normal_inverse_gamma_partition
    ),
    "NormalInverseWishart": Exponential(_niw_natural, _niw_partition),
}
