"""Which Dirichlet concentrations the counts speak for, under a prior that is flat in the entropy.

ρ(β) ∝ [Γ(Kβ)/Γ(n + Kβ)] Π Γ(x + β)/Γ(β) · dξ/dβ, with the mean entropy of the prior
ξ = ψ(Kβ + 1) − ψ(β + 1). It is held on a grid in log β that covers all but e⁻⁴⁵ of its height.
"""

from dataclasses import dataclass

import numpy as np

from kullback.methods.counts.tables import Numbers

_DEPTH = 45.0
_NODES = 200
_COARSE = 31
_FAR = 300.0


@dataclass(frozen=True, eq=False)
class Concentrations:
    """Nodes β with weights that sum to one, and the counts by their multiplicities.

    Attributes
    ----------
    beta, weights : array, shape (nodes,)
        The grid.
    counts, times : array, shape (distinct,)
        Each number that occurs among the counts, and on how many outcomes.
    """

    beta: Numbers
    weights: Numbers
    counts: Numbers
    times: Numbers

    @property
    def k(self) -> float:
        """The number of outcomes."""
        return float(self.times.sum())

    @property
    def n(self) -> float:
        """The number of draws."""
        return float((self.times * self.counts).sum())

    def mean(self, values: Numbers) -> Numbers:
        """Return the mean over the nodes, which are the first axis of the values."""
        return np.asarray(np.tensordot(self.weights, values, axes=1))


def concentrations(x: Numbers) -> Concentrations:
    """Return the posterior of β for one row of counts, shape (k,)."""
    counts, found = np.unique(x, return_counts=True)
    times = found.astype(np.float64)
    low, high = -60.0, 90.0
    nodes = _COARSE
    for _ in range(20):
        u = np.linspace(low, high, nodes)
        height = _log_height(u, counts, times)
        inside = np.flatnonzero(height > height.max() - _DEPTH)
        first, last = max(inside[0] - 1, 0), min(inside[-1] + 1, nodes - 1)
        if nodes == _NODES:
            break
        if last - first > 0.6 * nodes:
            nodes = _NODES
        low, high = float(u[first]), float(u[last])
    weights = np.exp(height - height.max())
    return Concentrations(np.exp(u), weights / weights.sum(), counts, times)


def _log_height(u: Numbers, counts: Numbers, times: Numbers) -> Numbers:
    """Log ρ(β) + log β at β = eᵘ, less the constant n log K."""
    beta, k, n = np.exp(u), times.sum(), (times * counts).sum()
    seen = counts > 0
    evidence = _log_rising(beta[:, None], counts[seen]) @ times[seen] - _log_rising(k * beta, n)
    return np.asarray(evidence + np.log(_slope_of_mean(beta, k)) + u)


def _log_rising(x: Numbers, n: Numbers) -> Numbers:
    """Log Γ(x + n)/(Γ(x) xⁿ), which goes to 0 as x grows."""
    from scipy.special import gammaln

    large = x > 10
    safe = np.where(large, x, 20.0)
    far = (safe + n - 0.5) * np.log1p(n / safe) - n + _stirling(safe + n) - _stirling(safe)
    small = np.where(large, 1.0, x)
    near = gammaln(small + n) - gammaln(small) - n * np.log(small)
    return np.where(large, far, near)


def _stirling(x: Numbers) -> Numbers:
    """Log Γ(x) − (x − ½) log x + x − ½ log 2π, for x > 10."""
    s = 1 / (x * x)
    return np.asarray((1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / x)


def _slope_of_mean(beta: Numbers, k: float) -> Numbers:
    """dξ/dβ = K ψ′(Kβ + 1) − ψ′(β + 1); by its series where the two are close."""
    from scipy.special import polygamma

    near = np.minimum(beta, _FAR)
    close = k * polygamma(1, k * near + 1) - polygamma(1, near + 1)
    b = np.maximum(beta, _FAR)
    far = ((1 - 1 / k) / 2 - ((1 - k**-2.0) / 6 - (1 - k**-4.0) / (30 * b * b)) / b) / (b * b)
    return np.asarray(np.where(beta > _FAR, far, close))
