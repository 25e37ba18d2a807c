"""Logistic regression with a ridge, by Newton's method, and what it would say of rows left out.

Minimises Σ cᵢ log(1 + e^(−sᵢ ηᵢ)) + ½ Σⱼ λⱼ βⱼ², η = φ β + b, sᵢ = ±1: the intercept b is free.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
_STEPS, _TOLERANCE = 60, 1e-8


@dataclass(frozen=True, eq=False)
class Fit:
    """A minimum.

    Attributes
    ----------
    slopes : array, shape (k,)
        β.
    intercept : float
        b.
    loss_left_out : float
        Σ cᵢ log-loss of row i under the fit without row i, to first order.
    """

    slopes: Numbers
    intercept: float
    loss_left_out: float

    def __call__(self, features: Numbers) -> Numbers:
        """Return η of new rows."""
        return np.asarray(features @ self.slopes + self.intercept)

    def widened(self, k: int) -> "Fit":
        """Return the same fit among k features, those that follow with a slope of 0."""
        slopes = np.pad(self.slopes, (0, k - len(self.slopes)))
        return Fit(slopes, self.intercept, self.loss_left_out)


def fitted(
    features: Numbers,
    positive: npt.NDArray[np.bool_],
    counts: Numbers,
    ridge: Numbers,
    start: Fit | None = None,
) -> Fit:
    """Return the minimum for features of shape (n, k), rows that count cᵢ, and λ of shape (k,)."""
    phi = np.hstack([features, np.ones((len(features), 1))])
    penalty = np.append(ridge, 0.0)
    sign = np.where(positive, 1.0, -1.0)
    beta = np.zeros(phi.shape[1])
    if start is not None:
        beta = np.append(start.slopes, start.intercept)
    value = _loss(phi @ beta, sign, counts, beta, penalty)
    for _ in range(_STEPS):
        eta = phi @ beta
        pull = counts * sign * _sigmoid(-sign * eta)
        gradient = phi.T @ pull - penalty * beta
        bend = counts * _sigmoid(eta) * _sigmoid(-eta)
        hessian = (phi * bend[:, None]).T @ phi + np.diag(penalty)
        step = _solve(hessian, gradient)
        gain = float(gradient @ step)
        if gain <= _TOLERANCE * (1 + value):
            break
        length, before = 1.0, value
        while length > 1e-6:
            value = _loss(phi @ (beta + length * step), sign, counts, beta + length * step, penalty)
            if value <= before - 1e-4 * length * gain:
                break
            length /= 2
        beta = beta + length * step
    return Fit(beta[:-1], float(beta[-1]), _left_out(phi, beta, sign, counts, penalty))


def _left_out(
    phi: Numbers, beta: Numbers, sign: Numbers, counts: Numbers, penalty: Numbers
) -> float:
    """The log-loss of each row when left out, by one Newton step from the fit of all.

    Rahnama Rad and Maleki, A scalable estimate of the out-of-sample prediction error via
    approximate leave-one-out cross-validation, J. R. Stat. Soc. B 82 (2020).
    """
    eta = phi @ beta
    bend = counts * _sigmoid(eta) * _sigmoid(-eta)
    hessian = (phi * bend[:, None]).T @ phi + np.diag(penalty)
    reach = np.einsum("ij,ji->i", phi, _solve(hessian, phi.T))
    pull = counts * sign * _sigmoid(-sign * eta)
    moved = eta - reach * pull / np.maximum(1 - reach * bend, 1e-3)
    return float(np.sum(counts * np.logaddexp(0.0, -sign * moved)))


def _solve(hessian: Numbers, right: Numbers) -> Numbers:
    try:
        return np.asarray(np.linalg.solve(hessian, right))
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.lstsq(hessian, right, rcond=None)[0])


def _loss(eta: Numbers, sign: Numbers, counts: Numbers, beta: Numbers, penalty: Numbers) -> float:
    fit = np.sum(counts * np.logaddexp(0.0, -sign * eta))
    return float(fit + 0.5 * np.sum(penalty * beta**2))


def _sigmoid(x: Numbers) -> Numbers:
    return np.asarray(0.5 * (1 + np.tanh(0.5 * x)))
