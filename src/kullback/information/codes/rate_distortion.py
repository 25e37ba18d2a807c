"""Rate and distortion: the fewest nats a symbol that tell a source to within a mean distortion.

R(D) is the least I(X; T) over codes with E d(X, T) ≤ D. The code that is best at a slope s of the
curve has the least I(X; T) + s E d, which `blahut_arimoto` finds.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.arrays.checks import check_base
from kullback.errors import AccuracyError, InvalidInputError, ShapeError
from kullback.information.codes.blahut_arimoto import Numbers, encoder, information, weigh
from kullback.information.codes.reading import read_slopes, read_source


@dataclass(frozen=True, eq=False)
class RateDistortion:
    """Codes on the curve of rate against distortion, one for each slope.

    Attributes
    ----------
    slope : array, shape (*batch,)
        −dR/dD.
    distortion, rate : array, shape (*batch,)
        E d(X, T) and I(X; T) of the code found.
    lower : array, shape (*batch,)
        No code with that distortion has a smaller rate.
    encoder : array, shape (*batch, k, m)
        p(t|x).
    """

    slope: Any
    distortion: Any
    rate: Any
    lower: Any
    encoder: Any

    def __repr__(self) -> str:
        """Distortion, rate and bound."""
        if np.ndim(self.slope):
            return f"RateDistortion at {np.size(self.slope)} slopes"
        return f"R({self.distortion:.6g}) = {self.rate:.6g}, at least {self.lower:.6g}"


def rate_distortion(
    p: Any, distortion: Any, /, slope: Any, *, base: float | None = None, tol: float = 1e-9
) -> RateDistortion:
    """Return points of the rate–distortion curve of a source, by Blahut and Arimoto.

    Parameters
    ----------
    p : array, shape (k,)
        The probabilities of the source's symbols.
    distortion : array, shape (k, m)
        What it costs to tell symbol x by word t; ∞ where that must not be.
    slope : float or array, shape (*batch,)
        −dR/dD, in units of rate a unit of distortion; positive.
    base : float, optional
        The unit of the rate: 2 for bits, nats if left out.
    tol : float
        How far from the least rate + slope · distortion may be, in nats.

    Raises
    ------
    AccuracyError
        Where the tolerance is missed.
    InvalidInputError, ShapeError
        For distortions that are NaN or −∞ or do not fit p, a symbol that no word tells, and slopes
        that are not positive and finite.

    References
    ----------
    Blahut, Computation of channel capacity and rate-distortion functions, IEEE Trans. Inf. Theory
    18 (1972); Arimoto, An algorithm for computing the capacity of arbitrary discrete memoryless
    channels, the same.

    >>> import kullback as kb
    >>> kb.rate_distortion([0.5, 0.5], [[0, 1], [1, 0]], slope=2.0, base=2)  # 1 − h(D)
    R(0.2) = 0.278072, at least 0.278072
    """
    unit = check_base(base, applies=True, question="R(D)")
    source, prices = read_source(p), read_slopes(slope, "slope")
    d = _read_distortion(distortion, source)
    found = [_solve(source, d, float(s), tol) for s in unit * prices.ravel()]
    shape = prices.shape
    cost, rate, lower = (np.reshape([x[i] for x in found], shape)[()] for i in range(3))
    encoders = np.reshape([x[3] for x in found], (*shape, *d.shape))
    slopes = prices if shape else float(prices)
    return RateDistortion(slopes, cost, rate / unit, lower / unit, encoders)


def _solve(p: Numbers, d: Numbers, slope: float, tol: float) -> tuple[float, float, float, Numbers]:
    """Return distortion, rate, the bound on the rate, and the code, in nats."""
    some = p > 0
    cost = slope * d
    found = weigh(p[some], cost[some], np.full(d.shape[1], 1 / d.shape[1]), tol)
    w = np.full(d.shape, 1.0) * found.r
    w[some] = encoder(cost[some], found)
    told = np.where(w > 0, d, 0.0)
    spent = float(p[some] @ (w * told)[some].sum(axis=1))
    rate = information(p[some], w[some])
    lower = -float(p[some] @ found.log_z) - found.gap - slope * spent
    if found.gap > tol:
        raise AccuracyError(
            f"slope={slope:g}: the code found may be {found.gap:.2g} nats from the best, and "
            f"tol={tol:g} was asked for. A larger tol= is met sooner.",
            rate, rate - lower,
        )  # fmt: skip
    return spent, rate, lower, w


def _read_distortion(distortion: Any, p: Numbers) -> Numbers:
    d = np.asarray(distortion, dtype=np.float64)
    if d.ndim != 2 or d.shape[0] != len(p) or d.shape[1] == 0:
        raise ShapeError(
            f"distortion has shape {d.shape}: a row for each of the {len(p)} symbols of p, and a "
            "column for each word, are needed."
        )
    if np.isnan(d).any() or (d == -np.inf).any():
        raise InvalidInputError(
            "distortion holds NaN or −∞; ∞ stands for what must not be told so."
        )
    lost = np.nonzero(np.isinf(d).all(axis=1) & (p > 0))[0]
    if len(lost):
        raise InvalidInputError(
            f"Symbol {lost[0]} has probability {p[lost[0]]:g} and no word of finite distortion: "
            "every code has distortion ∞."
        )
    return d
