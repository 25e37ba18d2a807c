"""What a reader should know of an estimate from draws, in words."""

import math

import numpy as np

from kullback.methods.samples.draws import Draws
from kullback.methods.samples.overlap import overlap
from kullback.questions import CrossEntropy, Entropy, Question

NEEDS_RNG = "It has no interval and no p-value without resampling: rng=0 gives both."
MOST_DIMENSIONS = 5
FEWEST_ROWS = 200
LEAST_OVERLAP = 0.3
"""Outside of these, intervals from subsamples were measured to cover less often than they say."""
FEW_BLOCKS = 20
"""Fewer blocks than this say little about how estimates vary."""


def of_sign(of: Question, value: float) -> list[str]:
    """Explain a negative value."""
    if isinstance(of, (Entropy, CrossEntropy)) or not value < 0:
        return []
    return [
        "The value is negative where no truth is: the estimate varies, and its errors have both "
        "signs. The draws are consistent with 0. It is not cut off at 0, for that would bias means "
        "of such values."
    ]


def of_ceiling(of: Question, draws: Draws, value: float) -> list[str]:
    """Say where the value is more than so many draws can certify."""
    alone = draws.y is None and len(draws.split) < 2
    if not of.information or isinstance(of, (Entropy, CrossEntropy)) or alone:
        return []
    rows = draws.n if draws.y is None else draws.m
    if not value > math.log(rows):
        return []
    side = "" if draws.y is None else " of q"
    return [
        f"The value is above log n = {math.log(rows):.2f} nats for the {rows} draws{side}: it "
        "rests on what the method assumes of the law. Without assumptions no lower bound above "
        "about log n can be certified from n draws (McAllester and Stratos, 2020)."
    ]


def of_repeats(draws: Draws, *, within: bool = True) -> list[str]:
    """Say where rows repeat, within a sample if so wished, or are in both samples."""
    said = []
    rows = [x for x in (draws.x, draws.y) if x is not None]
    if not _may_repeat(rows):
        return []
    keys = [_keys(x) for x in rows]
    whole = " They came as integers: kb.Counts, or kb.compare, asks about their outcomes." * (
        draws.whole
    )
    for name, key in zip("pq", keys if within else [], strict=False):
        repeated = len(key) - len(np.unique(key))
        if repeated:
            said.append(
                f"{repeated} of {len(key)} rows of {name} repeat another: a density gives no two "
                "draws the same place, so the values are rounded, discrete or copied, and the "
                f"estimate of a density may be wrong.{whole}"
            )
    if len(keys) == 2:
        shared = int(np.isin(keys[0], keys[1]).sum())
        if shared:
            subset = "all" if shared == len(keys[0]) else f"{shared} of {len(keys[0])}"
            said.append(
                f"{subset[0].upper()}{subset[1:]} rows of p are also rows of q: the samples are "
                "rounded, discrete, or not independent of each other, and the interval does not "
                "hold if they are not."
            )
    return said


def of_calibration(draws: Draws) -> str | None:
    """Say where an interval from subsamples is not calibrated."""
    if draws.dimensions > MOST_DIMENSIONS:
        where, limit = f"in {draws.dimensions} dimensions", f"up to {MOST_DIMENSIONS} dimensions"
    elif draws.least < FEWEST_ROWS:
        where, limit = f"with {draws.least} rows", f"from {FEWEST_ROWS} rows"
    elif draws.y is not None and (share := overlap(draws.x, draws.y)) < LEAST_OVERLAP:
        return (
            f"The interval is not calibrated: few draws of q lie where those of p do (they count "
            f"as {100 * share:.0f} % of their number, and intervals were measured to cover as they "
            f"say only from {100 * LEAST_OVERLAP:.0f} %). The value may be far too low."
        )
    else:
        return None
    return (
        f"The interval is not calibrated {where}: the bias may be larger than the spread, and "
        f"intervals were measured to cover as they say only {limit}. kb.panel(x, y, rng=0) sets "
        "other estimators beside this one."
    )


def of_blocks(draws: Draws) -> list[str]:
    """Say what was kept together."""
    if not draws.blocked:
        return []
    sizes = [len(np.unique(b)) for b in (draws.block_x, draws.block_y) if b is not None]
    said = [f"Whole blocks are resampled and permuted: {' and '.join(map(str, sizes))} of them."]
    if min(sizes) < FEW_BLOCKS:
        said.append(f"{min(sizes)} blocks say little about how estimates vary.")
    return said


def _may_repeat(rows: list[np.ndarray]) -> bool:
    first = np.sort(np.concatenate([x[:, 0] for x in rows]))
    return bool((first[1:] == first[:-1]).any())


def _keys(rows: np.ndarray) -> np.ndarray:
    """Return one value a row, equal where rows are."""
    if rows.shape[1] == 1:
        return rows[:, 0]
    plain = np.ascontiguousarray(rows + 0.0)  # −0 becomes 0
    return plain.view(np.dtype((np.void, plain.dtype.itemsize * plain.shape[1]))).ravel()
