"""What chance does to a column of very many outcomes, from moments: no table is drawn.

Where nothing differs and both margins stand, an outcome with t rows has a hypergeometric share of
them on the current side. So mean and variance of every sum of terms follow from how many outcomes
have t rows, exactly but for the variance's dependence between outcomes, which is that of
independent binomials given their total. The law of the sum is matched by a gamma law, which χ² is.

References
----------
Koehler and Larntz, An empirical investigation of goodness-of-fit statistics for sparse
multinomials, J. Amer. Statist. Assoc. 75 (1980).
"""

import math
from collections.abc import Mapping
from statistics import NormalDist

import numpy as np

from kullback.tables.by_rows import towards_each_other
from kullback.tables.counts import Outcomes
from kullback.tables.evidence import (
    ONCE_IN_TWENTY,
    OUTSIDE,
    Chance,
    Evidence,
    bias_between,
    estimated,
    real_part,
    second_order_bias,
)
from kullback.tables.measures import (
    HELLINGER,
    JS,
    KL,
    MEASURES,
    PSI,
    REVERSE,
    SMOOTHED,
    TV,
    Measure,
    Numbers,
    paired,
    shares,
    sums,
)

EXACT = 256  # rows of an outcome up to which every split of them is weighed
NODES = 129  # splits weighed beyond
ENOUGH = 5  # rows of every reference outcome from which KL is estimated
STEP = 1e-4
BATCH = 1 << 9

G = "g"
Moments = Mapping[str, tuple[float, float]]


def weighed_by_moments(outcomes: Outcomes, base: float) -> Evidence:
    """Estimates and p-value of a column of very many outcomes."""
    values = outcomes.values.astype(np.float64)
    current, reference = (
        side.astype(np.float64) for side in (outcomes.current, outcomes.reference)
    )
    measures = _measured(current, reference)
    seen = sums(current, reference, values, measures)
    moments = null_moments(current, reference, values, measures)
    near, far = _frequencies(current, reference, values, float(seen["js"]), moments["js"][0])
    real = real_part(float(seen["js"]), moments["js"][0])
    z = NormalDist().inv_cdf(1 - OUTSIDE)
    rows = float(current @ values), float(reference @ values)
    chances = {
        measure.name: _chance(
            measure,
            float(seen[measure.name]),
            moments[measure.name],
            z * z * _first_order(measure, near, far, values, rows),
            second_order_bias(measure, current, reference, values),
            real,
        )
        for measure in measures
    }
    found = float(_x_log_x(current) @ values + _x_log_x(reference) @ values)
    p_value = _gamma_tail(found, *moments[G], _least(current, reference, values))
    return Evidence(
        estimated(chances, base), p_value, "G-test, a gamma law with the moments of permuted rows"
    )


def _chance(
    measure: Measure,
    seen: float,
    moments: tuple[float, float],
    moved: float,
    second_order: float,
    real: float,
) -> Chance:
    """How chance moves one measure; `moved` is the square of how far its slopes carry it."""
    mean, variance = moments
    upper = _gamma_quantile(mean, variance)
    z = NormalDist().inv_cdf(1 - OUTSIDE)
    reach = math.sqrt(moved + z * z * variance)
    if measure is TV:
        null_mean = mean**2 + variance
        bias = bias_between(null_mean, 0.0, real)
        return Chance(seen**2, null_mean, upper**2, reach, bias, certain=0.0)
    certain = min(second_order, mean)
    return Chance(
        seen=seen,
        null_mean=mean,
        null_upper=upper,
        reach=math.sqrt(seen + reach) - math.sqrt(seen),
        bias=bias_between(mean, certain, real),
        certain=certain,
    )


def null_moments(
    current: Numbers, reference: Numbers, values: Numbers, measures: tuple[Measure, ...]
) -> Moments:
    """Mean and variance of each sum, and of Σ c log c + r log r as `G`, where nothing differs."""
    n, m = float(current @ values), float(reference @ values)
    totals, line = np.unique(current + reference, return_inverse=True)
    weight = np.bincount(line, values)
    names = [*(measure.name for measure in measures), G]
    mean, variance, shared = (dict.fromkeys(names, 0.0) for _ in range(3))
    spread = 0.0
    for start in range(0, len(totals), BATCH):
        t, w = totals[start : start + BATCH, None], weight[start : start + BATCH]
        split, chance = _splits(t, n, m)
        own = (chance * split).sum(axis=1)
        spread += float(w @ (chance * (split - own[:, None]) ** 2).sum(axis=1))
        for name, each in _each(split, t - split, (n, m), float(values.sum()), measures).items():
            kept = np.where(np.isfinite(each), chance, 0.0)
            kept /= kept.sum(axis=1, keepdims=True)
            finite = np.where(np.isfinite(each), each, 0.0)
            middle = (kept * finite).sum(axis=1)
            off = finite - middle[:, None]
            mean[name] += float(w @ middle)
            variance[name] += float(w @ (kept * off**2).sum(axis=1))
            shared[name] += float(w @ (kept * off * (split - own[:, None])).sum(axis=1))
    return {
        name: (mean[name], max(variance[name] - shared[name] ** 2 / spread, 0.0) if spread else 0.0)
        for name in names
    }


def _measured(current: Numbers, reference: Numbers) -> tuple[Measure, ...]:
    """The measures that can be estimated: KL only where every outcome is well known."""
    found: tuple[Measure, ...] = (JS, TV, HELLINGER, SMOOTHED)
    if np.all((current == 0) | (reference >= ENOUGH)):
        found = (KL, *found)
    if np.all((reference == 0) | (current >= ENOUGH)):
        found = (REVERSE, *found)
    if {KL, REVERSE} <= set(found):
        found = (PSI, *found)
    return tuple(measure for measure in MEASURES if measure in found)


def _splits(t: Numbers, n: float, m: float) -> tuple[Numbers, Numbers]:
    """Splits of t rows, and the chance of each: hypergeometric, or normal where t is large."""
    from scipy.special import gammaln

    share = n / (n + m)
    width = int(min(EXACT, t.max()))
    few = t <= EXACT
    j = np.broadcast_to(np.arange(max(width + 1, NODES)), (len(t), max(width + 1, NODES)))
    inside = (j <= t) & (j <= n) & (t - j <= m)
    i = np.where(inside, j, 0.0)
    held = np.where(few, t, 0.0)
    log = (
        gammaln(held + 1) - gammaln(i + 1) - gammaln(np.maximum(held - i, 0) + 1)
        - gammaln(n - i + 1) - gammaln(np.maximum(m - (held - i), 0) + 1)
        + gammaln(n + m - held + 1)
    )  # fmt: skip
    log = np.where(inside & few, log, -np.inf)
    log -= np.where(few, log.max(axis=1, keepdims=True), 0.0)
    z = np.linspace(-7, 7, NODES)
    far = np.full(j.shape[1], np.inf)
    far[:NODES] = z
    width_of = np.sqrt(t * share * (1 - share) * (n + m - t) / max(n + m - 1, 1))
    spread = np.clip(t * share + np.where(np.isfinite(far), far, 0.0) * width_of, 0, t)
    split = np.where(few, i, spread)
    chance = np.where(few, np.exp(log), np.exp(-0.5 * far**2))
    return split, chance / chance.sum(axis=1, keepdims=True)


def _each(
    current: Numbers,
    reference: Numbers,
    rows: tuple[float, float],
    outcomes: float,
    measures: tuple[Measure, ...],
) -> dict[str, Numbers]:
    """Every measure's term of each split, and what G is made of."""
    found = {G: _x_log_x(current) + _x_log_x(reference)}
    for prior in {measure.prior for measure in measures}:
        pair = paired(
            (current + prior) / (rows[0] + prior * outcomes),
            (reference + prior) / (rows[1] + prior * outcomes),
        )
        for measure in measures:
            if measure.prior == prior:
                found[measure.name] = measure.terms(pair)
    return found


def _frequencies(
    current: Numbers, reference: Numbers, values: Numbers, js: float, null_mean: float
) -> tuple[Numbers, Numbers]:
    """The likely law behind each side, of one outcome of each line."""
    near, far = towards_each_other(current * values, reference * values, js, null_mean)
    return near / values, far / values


def _first_order(
    measure: Measure, p: Numbers, q: Numbers, values: Numbers, rows: tuple[float, float]
) -> float:
    """The variance of the sum that its slopes in p and q carry."""
    n, m = rows
    if measure.prior:
        p, q = shares(p * n, values, measure.prior), shares(q * m, values, measure.prior)
    slopes = []
    for on_p, on_q in ((1, 0), (0, 1)):
        up, down = (
            measure.terms(paired(p * (1 + step * on_p), q * (1 + step * on_q)))
            for step in (STEP, -STEP)
        )
        slopes.append((up - down) / (2 * STEP))  # p times the slope in p, and likewise in q
    total = 0.0
    for law, slope, size in ((p, slopes[0], n), (q, slopes[1], m)):
        some = law > 0
        squares = np.where(some, slope**2 / np.where(some, law, 1.0), 0.0)
        total += max(float(squares @ values) - float(slope @ values) ** 2, 0.0) / size
    return total


def _x_log_x(x: Numbers) -> Numbers:
    return np.asarray(x * np.log(np.where(x > 0, x, 1.0)))


def _least(current: Numbers, reference: Numbers, values: Numbers) -> float:
    """Σ c log c + r log r at G = 0, where both sides have the pooled shares."""
    n, m = float(current @ values), float(reference @ values)
    pooled = float(_x_log_x(current + reference) @ values)
    both = _x_log_x(np.asarray([n, m, n + m]))
    return pooled + float(both[0] + both[1] - both[2])


def _gamma_tail(found: float, mean: float, variance: float, least: float) -> float:
    """How often a gamma law above `least` with these moments lies at `found` or above."""
    from scipy.special import gammaincc

    mean, found = mean - least, found - least
    if variance <= 1e-12 * mean**2:
        return 1.0  # every way to deal the rows shows the same
    return float(gammaincc(mean**2 / variance, max(found, 0.0) * mean / variance))


def _gamma_quantile(mean: float, variance: float) -> float:
    from scipy.special import gammaincinv

    if variance <= 1e-12 * mean**2:
        return mean
    return float(gammaincinv(mean**2 / variance, ONCE_IN_TWENTY) * variance / mean)
