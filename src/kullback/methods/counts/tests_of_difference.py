"""Whether the counts show any difference at all: the G-test, or permutation where it is not valid.

G = 2 Σ x log x/e, over the cells of the table and what no difference expects there. Its law is χ²
where all e are large, to the order that Williams' factor corrects; elsewhere it is not, at any
number of rows, and tables with the same margins take its place.

References
----------
Williams, Improved likelihood ratio tests for complete contingency tables, Biometrika 63 (1976).
Haberman, Log-linear models and frequency tables with small expected cell counts, Ann. Statist. 5
(1977).
"""

from dataclasses import dataclass

import numpy as np

from kullback.methods.counts.stand_in import common_law
from kullback.methods.counts.tables import Numbers, Tables, independent, of_laws
from kullback.questions import KL

_LEAST_EXPECTED = 5.0
_LARGEST_SHIFT = 0.1


@dataclass(frozen=True, eq=False)
class GTest:
    """The statistic, and what no difference expects of it.

    Attributes
    ----------
    g : array, shape (*batch,)
        G.
    freedom : array, shape (*batch,)
        Degrees of freedom.
    factor : array, shape (*batch,)
        Williams' factor.
    dense : bool
        Whether expected counts are large enough for the χ² law, in every row.
    """

    g: Numbers
    freedom: Numbers
    factor: Numbers
    dense: bool

    @property
    def p_value(self) -> Numbers:
        """P(χ² ≥ G/factor)."""
        from scipy.special import gammaincc

        some = self.freedom > 0
        freedom = np.where(some, self.freedom, 1.0)
        chance = gammaincc(freedom / 2, np.maximum(self.g / self.factor, 0.0) / 2)
        return np.where(some | np.isinf(self.g), chance, 1.0)


def g_test(t: Tables) -> GTest:
    """Return the test of one law behind two samples, of a known law, or of independence.

    Given z, it is the sum of the tests for each z; Williams' factor is their mean.
    """
    if t.q is None:
        square = t.square(t.p.seen)
        x, y = square.sum(axis=-1), square.sum(axis=-2)
        return _of_margins(g_statistic(t), x, y, x.sum(axis=-1), t)
    if t.p.counted and t.q.counted:
        sizes = np.stack([t.p.n, t.q.n], axis=-1)
        return _of_margins(g_statistic(t), sizes, t.p.seen + t.q.seen, t.p.n + t.q.n)
    side = t.p if t.p.counted else t.q
    expected = side.n[..., None] * common_law(t)
    some = expected > 0
    freedom = some.sum(axis=-1) - 1.0
    inverse = np.sum(1 / np.where(some, expected, np.inf), axis=-1)
    factor = 1 + (inverse - 1 / side.n) / (6 * np.maximum(freedom, 1))
    dense = _is_dense(np.where(some, expected, np.inf), freedom)
    return GTest(g_statistic(t), freedom, factor, dense)


def g_statistic(t: Tables) -> Numbers:
    """2 Σ x log x/e = 2 Σ n KL(x/n ‖ e/n), whose terms do not cancel at any number of draws."""
    if t.q is None:
        frequencies = t.p.seen / t.p.n[..., None]
        return np.asarray(2 * t.p.n * of_laws(KL(), frequencies, independent(frequencies, t), t))
    law = common_law(t)
    parts = [
        2 * side.n * of_laws(KL(), side.seen / side.n[..., None], law, t)
        for side in t.sides
        if side.counted
    ]
    return np.asarray(sum(parts))


def _of_margins(g: Numbers, x: Numbers, y: Numbers, n: Numbers, t: Tables | None = None) -> GTest:
    live = (x > 0).sum(axis=-1), (y > 0).sum(axis=-1)
    freedom = np.where(n > 0, (live[0] - 1.0) * (live[1] - 1.0), 0.0)
    inverse = [n * np.sum(1 / np.where(side > 0, side, np.inf), axis=-1) - 1 for side in (x, y)]
    n = np.where(n > 0, n, 1.0)
    factor = 1 + inverse[0] * inverse[1] / (6 * n * np.maximum(freedom, 1))
    expected = _positive(x)[..., :, None] * _positive(y)[..., None, :] / n[..., None, None]
    if t is not None and t.joint is not None and len(t.joint) == 3:
        expected = np.where(freedom[..., None, None] > 0, expected, np.inf)
        excess = np.sum(freedom * (factor - 1), axis=-1)
        freedom = freedom.sum(axis=-1)
        factor = 1 + excess / np.maximum(freedom, 1)
    return GTest(g, freedom, factor, _is_dense(expected.reshape(*freedom.shape, -1), freedom))


def _positive(x: Numbers) -> Numbers:
    return np.where(x > 0, x, np.inf)


def _is_dense(expected: Numbers, freedom: Numbers) -> bool:
    """Tell whether every e ≥ 5, and what Williams' factor leaves (Σ 1/(6 e²)) is little noise."""
    least = expected.min(axis=-1) >= _LEAST_EXPECTED
    shift = np.sum(1 / (6 * expected**2), axis=-1)
    return bool(np.all(least & (shift <= _LARGEST_SHIFT * np.sqrt(2 * np.maximum(freedom, 1)))))
