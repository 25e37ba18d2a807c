"""Fisher information by integration: the mean of the outer product of the scores.

The score is the slope of the log density in a parameter, by central differences of order 6. Numbers
are integrated over the quantile scale by the double exponential rule, its step halved until the
matrix stays; counts are summed until no mass is left. All laws of a batch at once, in numpy, in
float64, without gradients.
"""

from dataclasses import replace
from typing import Any

import numpy as np

from kullback.errors import AccuracyError, NoMethodError
from kullback.forms.families import Family
from kullback.forms.families.outcomes import as_numpy

TOLERANCE = 1e-8
"""What two successive steps may differ by, relative to the largest entries."""

_DIFFERENCES = (3 / 4, -3 / 20, 1 / 60)
"""Weights of the differences over one, two and three steps to either side."""


def information_by_scores(p: Family, names: tuple[str, ...]) -> Any:
    """Return the matrices of the named parameters, shape (*batch, d, d)."""
    law = flattened(p)
    found = _summed(law, names) if law.discrete else _integrated(law, names)
    return found.reshape(*p.batch, len(names), len(names))


def flattened(p: Family) -> Family:
    """Return the law with a batch of one axis, in numpy."""
    batch = p.batch
    given = {f.name: as_numpy(getattr(p, f.name)) for f in p.parameters()}
    return replace(p, **{n: np.broadcast_to(x, batch).reshape(-1).copy() for n, x in given.items()})


def moved(law: Family, name: str, step: Any) -> Family:
    """Return the law with one parameter moved."""
    return replace(law, **{name: getattr(law, name) + step})


def step_of(law: Family, name: str) -> Any:
    """Return how far a parameter is moved: much less than the way to the edge of its domain."""
    holds = next(f.metadata["domain"].holds for f in law.parameters() if f.name == name)
    value = getattr(law, name)
    step = 2e-3 * np.where(value == 0, 1.0, np.abs(value))
    for _ in range(40):
        room = 40 * step
        inside = holds(value + room) & holds(value - room)
        if inside.all() and _possible(law, name, room):
            return step
        step = np.where(inside & ~inside.all(), step, step / 4)
    raise NoMethodError(f"{law!r}: {name} lies on the edge of what it may be: no slope there.")


def _possible(law: Family, name: str, room: Any) -> bool:
    try:
        moved(law, name, room), moved(law, name, -room)
    except ValueError:
        return False
    return True


def _scores(law: Family, names: tuple[str, ...], x: Any) -> Any:
    """Return the slopes of the log density at x, shape (d, n, batch)."""
    rows = []
    for name in names:
        step = step_of(law, name)
        slope: Any = 0.0
        for k, weight in enumerate(_DIFFERENCES, start=1):
            above, below = (moved(law, name, s * k * step).log_density(x) for s in (1, -1))
            slope = slope + weight * (above - below)
        rows.append(slope / step)
    return np.stack(rows)


def _outer(scores: Any, mass: Any) -> Any:
    """Σ mass · s sᵀ, leaving out points without mass and ends of the support in float64."""
    kept = (mass > 0) & np.all(np.isfinite(scores), axis=0)
    s = np.where(kept, scores, 0.0)
    return np.einsum("inb,jnb,nb->bij", s, s, np.where(kept, mass, 0.0))


def _integrated(law: Family, names: tuple[str, ...]) -> Any:
    last = None
    for level in range(3, 8):
        x, weights = _nodes(law, 2.0**-level)
        with np.errstate(all="ignore"):
            found = _outer(_scores(law, names, x), np.where(np.isfinite(x), weights, 0.0))
        if last is not None:
            root = np.sqrt(np.diagonal(found, axis1=-2, axis2=-1))
            size = root[:, :, None] * root[:, None, :]
            if np.all(np.isfinite(found)) and np.all(np.abs(found - last) <= TOLERANCE * size):
                return found
        last = found
    raise AccuracyError(
        f"The Fisher information of {law!r} is {last} but for more than {TOLERANCE:g} of it: it "
        "may be infinite.",
        last,
        None,
    )


def _nodes(law: Family, h: float) -> tuple[Any, Any]:
    """Return outcomes and weights: u = 1/(1 + e^(−π sinh t)), by quantiles or over the support."""
    t = (np.arange(-int(4 / h), int(4 / h) + 1) * h)[:, None]
    s = np.pi * np.sinh(t)
    lower, upper = np.exp(-np.logaddexp(0, -s)), np.exp(-np.logaddexp(0, s))
    kept = ((lower > 1e-290) & (upper > 1e-290))[:, 0]
    t, lower, upper = t[kept], lower[kept], upper[kept]
    low = law.quantile(np.minimum(lower, 0.5)) if hasattr(law, "quantile") else None
    high = law.upper_quantile(np.minimum(upper, 0.5)) if hasattr(law, "upper_quantile") else None
    if low is None or high is None:
        return _over_support(law, t, h)
    return np.where(lower < 0.5, low, high), h * np.pi * np.cosh(t) * lower * upper


def _over_support(law: Family, t: Any, h: float) -> tuple[Any, Any]:
    """Return outcomes and weights of a rule over the support, where quantiles are unknown."""
    support = law.support()
    if support.kind == "circle":
        x = np.linspace(-np.pi, np.pi, int(16 / h), endpoint=False)[:, None]
        return x, np.exp(law.log_density(x)) * (2 * np.pi / len(x))
    low, high = support.low, support.high
    centre, spread = _centre_and_spread(law)
    if np.isinf(low).all() and np.isinf(high).all():
        x, slope = centre + spread * np.sinh(t), spread * np.cosh(t)
    elif np.isinf(high).all():
        size = (centre - low) * np.exp(0.5 * np.pi * np.sinh(t))
        x, slope = low + size, size * 0.5 * np.pi * np.cosh(t)
    else:
        s = 0.5 * np.pi * np.sinh(t)
        x = low + (high - low) / (1 + np.exp(-2 * s))
        slope = (high - low) * 0.25 * np.pi * np.cosh(t) / np.cosh(s) ** 2
    with np.errstate(all="ignore"):
        mass = np.exp(law.log_density(x)) * slope * h
    return x, np.where(np.isfinite(mass), mass, 0.0)


def _centre_and_spread(law: Any) -> tuple[Any, Any]:
    mean = law.mean() if callable(law.mean) else law.mean
    return mean, np.sqrt(law.variance())


def _summed(law: Family, names: tuple[str, ...]) -> Any:
    support = law.support()
    centre, spread = _centre_and_spread(law)
    for reach in (30.0, 100.0, 1000.0):
        first = np.maximum(np.min(support.low), np.floor(np.min(centre - reach * spread - 20)))
        last = np.minimum(np.max(support.high), np.ceil(np.max(centre + reach * spread + 20)))
        x = np.arange(first, last + 1)[:, None]
        with np.errstate(all="ignore"):
            mass = np.exp(law.log_density(x))
            if np.all(np.abs(mass.sum(axis=0) - 1) < 1e-12):
                return _outer(_scores(law, names, x), mass)
    raise AccuracyError(f"{law!r} keeps mass beyond {reach:g} standard deviations.", None, None)
