"""The law that tables are redrawn from: the frequencies, less the part of them that is noise.

Frequencies differ more from each other than their laws do: by about df in χ². Drawn from as they
are, they would add that noise twice. So both are moved towards what no difference would be (the
pooled law, the product of marginals, the uniform law) by the factor s = √max(0, 1 − df/χ²), which
leaves χ² − df. What was seen in p and never in q gets the mass that Good and Turing give to the
unseen.

References
----------
Good, The population frequencies of species and the estimation of population parameters, Biometrika
40 (1953). Chao and Jost, Estimating diversity and entropy profiles via discovery rates of new
species, Methods Ecol. Evol. 6 (2015), for the unseen outcomes.
"""

import numpy as np

from kullback.methods.counts.tables import Numbers, Side, Tables, independent
from kullback.questions import CrossEntropy, Entropy, JointQuestion, Question


def stand_in(of: Question, t: Tables) -> tuple[Numbers, Numbers | None]:
    """Return probabilities for both sides, outcomes last; a known law is itself."""
    if isinstance(of, Entropy):
        return _alone(t.p), None
    if isinstance(of, JointQuestion):
        target = independent(t.p.seen / t.p.n[..., None], t)
        freedom = _joint_freedom(t)
        return _towards(t.p, target, _kept(_chi2(t.p, target), freedom)), None
    assert t.q is not None
    if isinstance(of, CrossEntropy) and not t.q.counted:
        return t.p.seen / t.p.n[..., None], t.q.frequencies
    target = common_law(t)
    parts = [_chi2(side, target) for side in t.sides if side.counted]
    freedom = np.sum(target > 0, axis=-1) - 1.0
    kept = _kept(np.asarray(sum(parts)), freedom)
    p, q = (_lifted(side, target, kept) for side in t.sides)
    return p, q


def common_law(t: Tables) -> Numbers:
    """Return what both sides would be drawn from if they were one: pooled, or the known law."""
    assert t.q is not None
    for side in t.sides:
        if not side.counted:
            return side.frequencies
    pooled = t.p.seen + t.q.seen
    return np.asarray(pooled / pooled.sum(axis=-1, keepdims=True))


def unseen_mass(side: Side) -> Numbers:
    """Return the mass of what was not seen, by Good and Turing: the share of single draws."""
    return np.asarray(np.minimum(side.singles / side.n, (side.n - 1) / side.n))


def _alone(side: Side) -> Numbers:
    """Return frequencies times the coverage, towards the law that is uniform on what lives.

    What lives was seen, or is one of the unseen outcomes that Chao's bound counts; they hold the
    mass that the coverage leaves.
    """
    x, n = side.seen, side.n[..., None]
    singles, pairs = side.singles[..., None], np.sum(x == 2, axis=-1, keepdims=True)
    odds = np.where(pairs > 0, singles / (2.0 * np.maximum(pairs, 1)), (singles - 1) / 2)
    empty = np.sum(x == 0, axis=-1, keepdims=True)
    more = np.minimum(np.ceil((n - 1) / n * singles * odds), empty)
    rest = np.where(more > 0, unseen_mass(side)[..., None], 0.0)
    added = (x == 0) & (np.cumsum(x == 0, axis=-1) <= more)
    p = (1 - rest) * x / n + np.where(added, rest / np.maximum(more, 1.0), 0.0)
    live = (x > 0) | added
    size = live.sum(axis=-1, keepdims=True)
    flat = live / size
    p = flat + _kept(_chi2(side, flat), size[..., 0] - 1.0)[..., None] * (p - flat)
    return np.asarray(p / p.sum(axis=-1, keepdims=True))


def _chi2(side: Side, law: Numbers) -> Numbers:
    """Σ (x − n r)²/(n r); ∞ where something was seen that the law excludes."""
    x, expected = side.seen, side.n[..., None] * law
    some = expected > 0
    total = np.sum((x - expected) ** 2 / np.where(some, expected, 1.0), axis=-1, where=some)
    return np.where(np.any(~some & (x > 0), axis=-1), np.inf, total)


def _kept(chi2: Numbers, freedom: Numbers) -> Numbers:
    """√max(0, 1 − df/χ²)."""
    return np.sqrt(np.maximum(0.0, 1 - freedom / np.maximum(chi2, 1e-300)))


def _towards(side: Side, law: Numbers, kept: Numbers) -> Numbers:
    p = law + kept[..., None] * (side.seen / side.n[..., None] - law)
    return np.asarray(p / p.sum(axis=-1, keepdims=True))


def _lifted(side: Side, law: Numbers, kept: Numbers) -> Numbers:
    """Return the side moved towards the law, and further where it lacks what the law has."""
    if not side.counted:
        return side.frequencies
    lacking = np.any((side.seen == 0) & (law > 0), axis=-1)
    least = np.where(lacking, np.maximum(side.singles, 0.5) / (side.n + 1), 0.0)
    return _towards(side, law, np.minimum(kept, 1 - least))


def _joint_freedom(t: Tables) -> Numbers:
    square = t.square(t.p.seen)
    x, y = (np.sum(square.sum(axis=axis) > 0, axis=-1) for axis in (-1, -2))
    return t.over_z(np.where(x > 0, (x - 1.0) * (y - 1.0), 0.0))
