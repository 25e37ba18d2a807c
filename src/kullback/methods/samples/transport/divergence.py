"""Sinkhorn's divergence: entropic transport, less what it costs to stay.

S = T(p, q) − ½ T(p, p) − ½ T(q, q), T the least Σ π c + ε KL(π ‖ p ⊗ q), c = |x − y|^r: zero for
equal samples, positive else (r ≤ 2), W_r^r as ε → 0. Its slope in a point is that of c under the
three couplings held fixed (Feydy et al., Interpolating between optimal transport and MMD using
Sinkhorn divergences, AISTATS 2019).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.arrays.namespace import library_of, namespace
from kullback.methods.samples.transport.sinkhorn import Plan, coupled


@dataclass(frozen=True, eq=False)
class Divergence:
    """What was found.

    Attributes
    ----------
    value : array, shape ()
        S, in units of the cost.
    epsilon : float
        ε, in units of the cost.
    across, first, second : Plan
        The couplings of p and q, of p with p, of q with q.
    inner : float
        The median cost within the samples, the smaller of the two.
    """

    value: Any
    epsilon: float
    across: Plan
    first: Plan
    second: Plan
    inner: float

    @property
    def error(self) -> float:
        """The largest marginal error of the three couplings."""
        return max(self.across.error, self.first.error, self.second.error)

    @property
    def rounds(self) -> int:
        """How many rounds the slowest coupling took."""
        return max(self.across.rounds, self.first.rounds, self.second.rounds)

    def potentials(self) -> tuple[Any, Any]:
        """Return how S moves with the mass at each draw of p and of q."""
        first, second = (0.5 * (own.f + own.g) for own in (self.first, self.second))
        return self.across.f - first, self.across.g - second


def divergence(
    order: float, x: Any, y: Any, a: Any, b: Any, relative: float, tolerance: float, most: int
) -> Divergence | None:
    """Return S of points x, shape (n, d), with masses a, and y, (m, d), with b; all in float64.

    None where all points are one. ε is `relative` times the median cost between p and q.
    """
    xp = namespace(x, y)
    cost, within_x, within_y = costs(order, x, y), costs(order, x, x), costs(order, y, y)
    middle = median(cost)
    if not middle > 0:
        middle = float(xp.mean(cost))
    if not middle > 0:
        return None
    epsilon = relative * middle
    across = coupled(cost, a, b, epsilon, tolerance, most)
    first = coupled(within_x, a, a, epsilon, tolerance, most, alike=True)
    second = coupled(within_y, b, b, epsilon, tolerance, most, alike=True)
    value = across.value(a, b) - 0.5 * (first.value(a, a) + second.value(b, b))
    inner = min(median(within_x), median(within_y))
    return Divergence(value, epsilon, across, first, second, inner)


def costs(order: float, x: Any, y: Any) -> Any:
    """Return |xᵢ − yⱼ|^r, shape (n, m)."""
    return _lengths(x, y) ** order


def median(cost: Any) -> float:
    """Return the lower median of all entries."""
    if library_of(cost) == "torch":
        return float(cost.median())
    flat = np.asarray(cost).ravel()
    k = (len(flat) - 1) // 2
    return float(np.partition(flat, k)[k])


def slopes(order: float, x: Any, y: Any, found: Divergence) -> tuple[Any, Any]:
    """Return ∂S/∂x, shape (n, d), and ∂S/∂y, (m, d)."""
    toward = found.across.mass
    of_x = _pull(order, x, y, toward) - _pull(order, x, x, found.first.mass)
    of_y = _pull(order, y, x, toward.T) - _pull(order, y, y, found.second.mass)
    return of_x, of_y


def _pull(order: float, x: Any, y: Any, mass: Any) -> Any:
    """Σⱼ πᵢⱼ r |xᵢ − yⱼ|^(r−2) (xᵢ − yⱼ), 0 where two points are one."""
    xp = namespace(x, y)
    weights = order * mass
    if order != 2:
        length = _lengths(x, y)
        apart = length > 0
        far = xp.where(apart, length, xp.ones_like(length))
        weights = xp.where(apart, weights * far ** (order - 2), xp.zeros_like(weights))
    return x * xp.sum(weights, axis=1)[:, None] - weights @ y


def _lengths(x: Any, y: Any) -> Any:
    if library_of(x) == "numpy":
        from kullback.methods.samples.transport.coupling import distances

        return distances(x, y)
    xp = namespace(x, y)
    if library_of(x) == "torch":
        import torch

        return torch.cdist(x, y, compute_mode="donot_use_mm_for_euclid_dist")
    gap = x[:, None, :] - y[None, :, :]
    return xp.sqrt(xp.sum(gap * gap, axis=-1))
