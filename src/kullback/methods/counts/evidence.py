"""Which outcomes carry an estimate: the shares of the frequencies, in their proportions."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from kullback.estimate import Evidence
from kullback.forms import Probs
from kullback.methods.counts.tables import Numbers, Tables, independent
from kullback.methods.exact.evidence import gather
from kullback.questions import KL, JointQuestion, Question, Wasserstein


def counted_evidence(of: Question, t: Tables, value: Numbers) -> Callable[[float], Evidence] | None:
    """Return what a reader can look at: shares that sum to the value where it is positive.

    Where frequencies of 0 make a share infinite and the estimate is finite, proportions are those
    of counts with ½ added to each.
    """
    if isinstance(of, Wasserstein):
        return None

    def look(unit: float) -> Evidence:
        p = t.p.frequencies
        inner, second = of, None if t.q is None else Probs(t.q.frequencies)
        if isinstance(of, JointQuestion):
            inner, second = KL(), Probs(independent(p, t))
        found = gather(of, inner, Probs(p), second, -1, unit, value / unit)
        if t.q is not None and np.any(np.isinf(found.shares).any(axis=-1) & np.isfinite(value)):
            sides = (replace(side, prior=side.prior or 0.5) for side in t.sides)
            laws = [Probs(np.array(side.frequencies)) for side in sides]
            kept = np.isinf(value)[..., None]
            smooth = gather(of, of, laws[0], laws[1], -1, unit, value / unit)
            found = replace(found, shares=np.where(kept, found.shares, smooth.shares))
        total = np.sum(found.shares, axis=-1, keepdims=True)
        goal = np.asarray(value / unit)[..., None]
        scales = np.isfinite(total) & (total > 0) & np.isfinite(goal) & (goal > 0)
        factor = np.where(scales, goal, 1.0) / np.where(scales, total, 1.0)
        return replace(found, shares=found.shares * factor)

    return look
