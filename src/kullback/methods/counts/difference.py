"""The p-value and the noise floor: what there is to see where there is no difference."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kullback.estimate import Floor
from kullback.methods.counts.bootstrap import Estimator, _at
from kullback.methods.counts.generators import curvature, is_smooth
from kullback.methods.counts.null_tables import is_dealt, null_tables
from kullback.methods.counts.tables import Numbers, Tables
from kullback.methods.counts.tests_of_difference import GTest, g_statistic, g_test
from kullback.questions import CrossEntropy, Divergence, Entropy, JointQuestion, Question, Renyi

_GRID = 100
"""Quantiles of χ² over which a floor is averaged."""


@dataclass(frozen=True, eq=False)
class Against:
    """How the data look beside no difference."""

    p_value: Numbers | None
    floor: Floor | None
    words: str


def against_nothing(
    of: Question,
    t: Tables,
    rng: np.random.Generator | None,
    tables: int,
    *,
    estimator: Estimator | None,
    centred: bool | None,
) -> Against | None:
    """Return the p-value and the floor, or None for questions that no difference does not answer.

    Parameters
    ----------
    of, t
        The question, and what was counted.
    rng, tables
        Where tables without a difference come from, and how many.
    estimator : callable, optional
        What is asked of them for the floor.
    centred : bool, optional
        Where no tables are drawn: whether the estimator's bias is corrected; None if neither is
        known.
    """
    if isinstance(of, (Entropy, CrossEntropy)):
        return None
    test = g_test(t)
    kind = _no_difference(of)
    floor = None
    if rng is None:
        if test.dense:
            if centred is not None and not any(side.prior for side in t.sides):
                floor = _dense_floor(of, t, test, centred=centred)
            return Against(test.p_value, floor, _said(kind, _g_test_named(test)))
        return Against(
            None,
            None,
            "Some expected counts are too small for the χ² law, so there is no p-value without "
            "permutation: give rng=0.",
        )
    above, found, drawn = np.zeros(test.g.shape), [], 0
    for new in null_tables(t, tables, rng):
        if not test.dense:
            above += np.sum(g_statistic(new) >= test.g - 1e-9 * np.abs(test.g), axis=0)
        if estimator is not None:
            with np.errstate(all="ignore"):
                found.append(estimator(of, new))
        drawn += max(side.seen.shape[0] for side in new.sides if side.counted)
    if found:
        ordered = np.sort(np.concatenate(found), axis=0)
        floor = Floor(ordered.mean(axis=0), _at(ordered, 0.95))
    if test.dense:
        return Against(test.p_value, floor, _said(kind, _g_test_named(test)))
    chance = np.where(np.isinf(test.g), 0.0, (1 + above) / (1 + drawn))
    how = "permuted" if is_dealt(t) else "redrawn"
    return Against(
        chance,
        floor,
        _said(kind, f"{drawn} {how} tables, since small counts rule out the χ² law"),
    )


def _no_difference(of: Question) -> str:
    if not isinstance(of, JointQuestion):
        return "one law"
    return "independence" if of.axes == 2 else "independence given z"


def _said(kind: str, how: str) -> str:
    return f"The p-value is that of {kind}, by {how}."


def _g_test_named(test: GTest) -> str:
    found = np.unique(test.freedom)
    freedom = f"{found[0]:.0f} degrees" if len(found) == 1 else "each row's degrees"
    return f"the G-test, χ² with {freedom} of freedom"


def _dense_floor(of: Question, t: Tables, test: GTest, *, centred: bool) -> Floor | None:
    """½ f″(1) (1/n + 1/m) χ², less its mean where the estimator corrects it."""
    from scipy.special import gammaincinv

    freedom = np.maximum(test.freedom, 1e-12)
    close: Callable[[Numbers], Numbers] = _same
    if isinstance(of, JointQuestion):
        scale = 0.5 / t.p.n
    elif isinstance(of, Divergence) and is_smooth(of) and not _is_edge(of):
        assert t.q is not None
        bend = float(curvature(of, np.ones(1))[0])
        scale, close = 0.5 * bend * (1 / t.p.n + 1 / t.q.n), of.close
    else:
        return None
    each, row = np.unique(freedom, return_inverse=True)

    def at(share: float) -> Numbers:
        chi2 = (2 * gammaincinv(each / 2, share))[row].reshape(freedom.shape)
        return np.asarray(close(scale * (chi2 - freedom if centred else chi2)))

    if centred:
        return Floor(np.zeros(freedom.shape), at(0.95))
    return Floor(np.mean([at((i + 0.5) / _GRID) for i in range(_GRID)], axis=0), at(0.95))


def _same(x: Numbers) -> Numbers:
    return x


def _is_edge(of: Divergence) -> bool:
    return isinstance(of, Renyi) and of.alpha in (0.0, np.inf)
