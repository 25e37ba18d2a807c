"""From a column's divergences, and what chance does to them, to estimates with intervals.

Where nothing differs the whole bias is E₀, the mean that tables without a difference show; where
all of the difference is real it is B, what redrawing adds. In between, bias = E₀ − w (E₀ − B) with
w = (JS − E₀)/JS, the part of the difference that is real. The value takes the bias off.

Divergences go with the square of a difference, so their roots vary about equally wherever they lie:
the interval is (√seen ± reach)² less the bias, with reach the further of the two 2.5 % ends of
redrawn roots from their mean. TV goes with the difference itself, so all this is done to its
square. Where outcomes are rare, the bias may take off too much; so the upper end takes off no more
than what is certain, the second-order bias at the frequencies, and a difference among rare values
stays possible.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from kullback.report.result import Estimated
from kullback.report.words import percent
from kullback.tables.measures import HELLINGER, JS, MEASURES, TV, Measure, Numbers

LEVEL = 0.95
OUTSIDE = (1 - LEVEL) / 2
ONCE_IN_TWENTY = 0.95  # the quantile of no difference that is called the floor
FEW = 0.1  # of the draws must be finite for anything to be said


@dataclass(frozen=True)
class Evidence:
    """What the rows say of the laws behind a column.

    Attributes
    ----------
    estimates : mapping
        By the measure's name, in its stated unit.
    p_value : float
        How often no difference shows as much as this, or more.
    test : str
        How that was found, in words.
    notes : tuple of str
        What a reader should know.
    """

    estimates: Mapping[str, Estimated]
    p_value: float
    test: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chance:
    """One measure's sum of terms in nats (of TV its square), and how chance moves it.

    Attributes
    ----------
    seen : float
        The sum at the frequencies.
    null_mean, null_upper : float
        Where nothing differs: the mean, and the 95 % quantile.
    reach : float
        Half the width of the interval, of the root.
    bias, certain : float
        What frequencies overstate, as far as we know; and at least.
    """

    seen: float
    null_mean: float
    null_upper: float
    reach: float
    bias: float
    certain: float


def widened(found: Evidence, pooled: float, base: float) -> Evidence:
    """With upper ends that allow for values which profiles pooled and cannot tell apart.

    D(values) = D(pools) + Σ m D(values within a pool), m its mean share of the rows: JS, TV and
    squared Hellinger within a pool are at most 1 (bit), so `pooled` is all they can add.
    """

    def upper(name: str, most: Estimated) -> float:
        if name == JS.name:
            return min(
                most.upper + pooled * math.log(2) / math.log(base), math.log(2) / math.log(base)
            )
        if name == TV.name:
            return min(most.upper + pooled, 1.0)
        if name == HELLINGER.name:
            return math.sqrt(min(most.upper**2 + pooled, 1.0))
        return math.inf

    estimates = {
        name: replace(each, upper=upper(name, each)) for name, each in found.estimates.items()
    }
    note = (
        f"{percent(pooled)} of the rows hold values that profiles count together by their hash: "
        "the divergences are lower bounds, and the upper ends allow for any difference among them."
    )
    return replace(found, estimates=estimates, notes=(*found.notes, note))


def estimated(chances: Mapping[str, Chance], base: float) -> Mapping[str, Estimated]:
    """The estimates that follow, each in its stated unit and within what its question allows."""
    return {
        measure.name: _estimated(measure, chances[measure.name], measure.unit(base))
        for measure in MEASURES
        if measure.name in chances
    }


def _estimated(measure: Measure, chance: Chance, unit: float) -> Estimated:
    root = math.sqrt(chance.seen)
    lower = max(root - chance.reach, 0.0) ** 2 - chance.bias
    upper = (root + chance.reach) ** 2 - min(chance.certain, chance.bias)
    most = measure.of.upper / unit

    def stated(total: float) -> float:
        return float(_close(measure, total)) / unit

    value = stated(chance.seen - chance.bias)
    return Estimated(
        value=value,
        lower=min(max(stated(lower), 0.0), most, value),
        upper=max(min(stated(max(upper, chance.reach**2)), most), value),
        floor=stated(chance.null_upper - chance.null_mean),
    )


def quadratic(measure: Measure, total: Numbers) -> Numbers:
    """What goes with the square of a difference: the sum, or the square of TV."""
    return total**2 if measure is TV else total


def _close(measure: Measure, total: float) -> Numbers:
    """The stated value of a quadratic total."""
    return np.sign(total) * np.sqrt(np.abs(total)) if measure is TV else measure.close(total)


def real_part(js: float, null_mean: float) -> float:
    """The part of a divergence that is not what chance shows on its own.

    >>> real_part(0.2, 0.05), real_part(0.04, 0.05), real_part(0.0, 0.0)
    (0.75..., 0.0, 0.0)
    """
    return max(0.0, (js - null_mean) / js) if js > 0 else 0.0


def bias_between(null_mean: float, redrawn: float, real: float) -> float:
    """E₀ − w (E₀ − B)."""
    return null_mean - real * (null_mean - redrawn)


def from_draws(
    measure: Measure,
    seen: float,
    null: Numbers,
    redrawn: Numbers,
    truth: float,
    *,
    real: float = 1.0,
    certain: float = math.inf,
) -> Chance | None:
    """What draws say of one measure, or None where they are too often infinite to say anything.

    Parameters
    ----------
    measure, seen
        The measure, and its sum at the frequencies.
    null, redrawn
        Sums of tables without a difference, and of tables like these.
    truth
        The sum at the law that the redrawn ones came from.
    real
        The part of the difference that is real, where the redrawn tables hold all of what was seen.
    certain
        A bias that is certain.
    """
    kept, again = (quadratic(measure, some[np.isfinite(some)]) for some in (null, redrawn))
    if not math.isfinite(seen) or min(len(kept), len(again)) < FEW * len(null):
        return None
    roots = np.sqrt(again)
    low, high = np.quantile(roots, [OUTSIDE, 1 - OUTSIDE])
    lost = 1 - len(again) / len(redrawn)
    seen, truth = (float(quadratic(measure, np.asarray(total))) for total in (seen, truth))
    null_mean, added = float(kept.mean()), float(again.mean()) - truth
    return Chance(
        seen=seen,
        null_mean=null_mean,
        null_upper=float(np.quantile(kept, ONCE_IN_TWENTY)),
        reach=math.inf if lost > OUTSIDE else float(max(high - roots.mean(), roots.mean() - low)),
        bias=bias_between(null_mean, added, real),
        certain=min(added, certain),
    )


def second_order_bias(
    measure: Measure, current: Numbers, reference: Numbers, values: Numbers
) -> float:
    """Half the mean curvature of the sum at the frequencies, over outcomes that both sides hold.

    ½ Σ g (1/n + t/m − p (1/n + 1/m)), t = p/q and g = t f″(t)/p · p; ∞ where it is not known.
    """
    from kullback.methods.counts.generators import curvature, is_smooth

    if not is_smooth(measure.of) or measure.prior:
        return math.inf
    first, second = (reference, current) if measure.swapped else (current, reference)
    n, m = float(first @ values), float(second @ values)
    both = (first > 0) & (second > 0)
    p, q = first[both] / n, second[both] / m
    each = curvature(measure.of, p / q) * (1 / n + p / q / m - p * (1 / n + 1 / m))
    return float(0.5 * (each @ values[both]))
