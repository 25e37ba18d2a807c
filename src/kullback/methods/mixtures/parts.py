"""What the bounds need to know of each pair of components."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.errors import AccuracyError
from kullback.estimate import Asked
from kullback.forms.families import MultivariateNormal, Normal
from kullback.forms.families.derived.mixture import Mixture
from kullback.forms.families.family import Family
from kullback.methods.laws import Numbers
from kullback.questions import KL, Entropy


@dataclass(frozen=True)
class Parts:
    """A mixture's weights, shape (*batch, k), and its k laws; one law is a mixture of one."""

    weights: Numbers
    laws: tuple[Family, ...]


def parts_of(law: Family, batch: tuple[int, ...]) -> Parts:
    """Return the components of a law."""
    if isinstance(law, Mixture):
        weights = np.asarray(law.weights, np.float64)
        return Parts(np.broadcast_to(weights, (*batch, weights.shape[-1])), law.parts)
    return Parts(np.ones((*batch, 1)), (law,))


def entropies(f: Parts, batch: tuple[int, ...]) -> Numbers:
    """Return H(fₐ), shape (*batch, a)."""
    return _stacked([_certain(Entropy(), law, None, batch) for law in f.laws])


def divergences(f: Parts, g: Parts, batch: tuple[int, ...]) -> Numbers:
    """Return KL(fₐ ‖ g_b), shape (*batch, a, b)."""
    return _stacked([_stacked([_certain(KL(), a, b, batch) for b in g.laws]) for a in f.laws], -2)


def log_overlaps(f: Parts, g: Parts, batch: tuple[int, ...]) -> Numbers | None:
    """Return log ∫ fₐ g_b for Gaussian components, shape (*batch, a, b); None for others."""
    kinds = {type(law) for law in (*f.laws, *g.laws)}
    if kinds == {Normal}:
        overlap = _normal_overlap
    elif kinds == {MultivariateNormal}:
        overlap = _vector_overlap
    else:
        return None
    found = [[np.broadcast_to(overlap(a, b), batch) for b in g.laws] for a in f.laws]
    return _stacked([_stacked(row) for row in found], -2)


def _normal_overlap(a: Any, b: Any) -> Numbers:
    """∫ N(x; m, s²) N(x; n, t²) dx = N(m; n, s² + t²)."""
    total = np.hypot(a.scale, b.scale)
    z = (a.loc - b.loc) / total
    return np.asarray(-0.5 * z * z - np.log(total) - 0.5 * math.log(2 * math.pi))


def _vector_overlap(a: Any, b: Any) -> Numbers:
    total = np.asarray(a.dense() + b.dense())
    root = np.linalg.cholesky(total)
    z = np.linalg.solve(root, (np.asarray(a.mean) - np.asarray(b.mean))[..., None])[..., 0]
    log_det = np.log(np.diagonal(root, axis1=-2, axis2=-1)).sum(-1)
    return np.asarray(-0.5 * (z * z).sum(-1) - log_det - 0.5 * z.shape[-1] * math.log(2 * math.pi))


def _certain(of: Any, p: Family, q: Family | None, batch: tuple[int, ...]) -> Numbers:
    from kullback.methods.choose import certain_value  # it lists the method that asks here

    try:
        value = certain_value(of, p, q, Asked())
    except AccuracyError as missed:
        if not isinstance(of, KL):
            raise
        value = missed.value + missed.error  # a larger KL loosens every bound, and breaks none
    return np.broadcast_to(np.asarray(value, np.float64), batch)


def _stacked(each: list[Numbers], axis: int = -1) -> Numbers:
    return np.stack(each, axis=axis)
