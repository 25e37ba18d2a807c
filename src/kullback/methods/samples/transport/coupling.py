"""The cheapest coupling of two finite samples in any dimension.

Samples of one size whose draws count alike are assigned to each other, by SciPy, up to 500 of them
or where POT is not installed; others are a transport problem, for POT's network simplex (Bonneel et
al., Displacement interpolation using Lagrangian mass transport, ACM Trans. Graph. 30, 2011).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.errors import AccuracyError, MissingExtraError

FEW = 500
"""Draws up to which an assignment takes less time than loading POT."""

Numbers = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, eq=False)
class Coupling:
    """Mass moves from x[i] to y[j].

    Attributes
    ----------
    i, j : array of int, shape (k,)
        Which rows.
    mass : array, shape (k,)
        How much; it sums to 1.
    f, g : array, shape (n,) and (m,)
        The potentials: fᵢ + gⱼ ≤ cᵢⱼ, with equality where mass moves.
    """

    i: Numbers
    j: Numbers
    mass: Numbers
    f: Numbers
    g: Numbers


def distances(x: Numbers, y: Numbers) -> Numbers:
    """Return |xᵢ − yⱼ|, shape (n, m)."""
    from scipy.spatial.distance import cdist

    return np.asarray(cdist(x, y))


def cheapest(cost: Numbers, v: Numbers | None, w: Numbers | None) -> Coupling:
    """Return the coupling of least Σ mass · cost, and its potentials.

    Raises
    ------
    MissingExtraError
        If sizes differ or draws are weighted, and POT is not installed.
    AccuracyError
        If POT's solver stopped before the optimum.
    """
    n, m = cost.shape
    if assignable(n, m, v, w) and (n <= FEW or not has_solver()):
        return _assigned(cost)
    ot = solver()
    v, w = (np.full(k, 1 / k) if z is None else z for k, z in ((n, v), (m, w)))
    plan, log = ot.lp.emd(v, w, cost, numItermax=10_000_000, log=True, check_marginals=False)
    if log["warning"] is not None:
        raise AccuracyError(f"POT's network simplex stopped early: {log['warning']}")
    i, j = np.nonzero(plan)
    return Coupling(i, j, plan[i, j], np.asarray(log["u"]), np.asarray(log["v"]))


def assignable(n: int, m: int, v: Any, w: Any) -> bool:
    """Tell whether an assignment, row to row, is a cheapest coupling."""
    return n == m and v is None and w is None


def has_solver() -> bool:
    """Tell whether POT is installed, without loading it."""
    from importlib.util import find_spec

    return find_spec("ot") is not None


def solver() -> Any:
    """Return POT, or raise."""
    try:
        import ot  # type: ignore[import-untyped,import-not-found,unused-ignore]
    except ModuleNotFoundError:
        raise MissingExtraError(
            "The cheapest coupling of samples of different sizes, or of weighted ones, is found "
            "by POT, which is not installed: pip install 'kullback[samples]'. Samples of one size "
            "and without weights need SciPy only; kb.SlicedTransport() and kb.Sinkhorn() ask for "
            "other distances, and need neither."
        ) from None
    return ot


def _assigned(cost: Numbers) -> Coupling:
    from scipy.optimize import linear_sum_assignment

    i, j = linear_sum_assignment(cost)
    f, g = _potentials(cost, j)
    return Coupling(i, j, np.full(len(i), 1 / len(i)), f, g)


def _potentials(cost: Numbers, j: Numbers) -> tuple[Numbers, Numbers]:
    """Return the potentials of an assignment, as lengths of shortest paths (Bellman and Ford).

    Row i would pay cost[i, j[k]] − cost[i, j[i]] more for the partner of k. No cycle of such
    exchanges gains, since the assignment is cheapest, so that the rounds end.
    """
    n = len(j)
    own, paid = cost[np.arange(n), j], cost[:, j]
    slack = 1e-14 * float(np.abs(cost).max())  # what rounding may seem to gain
    g = np.zeros(n)
    for _ in range(n):
        nearer = np.min(paid + (g - own)[:, None], axis=0)
        if not (nearer < g - slack).any():
            break
        g = np.minimum(g, nearer)
    f = own - g
    unsorted = np.empty(n)
    unsorted[j] = g
    return f, unsorted
