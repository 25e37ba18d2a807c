"""What a reader of an estimate from counts should know, in plain words."""

import numpy as np

from kullback.methods.counts.stand_in import unseen_mass
from kullback.methods.counts.tables import Numbers, Side, Tables
from kullback.questions import (
    KL,
    Alpha,
    ChiSquare,
    CrossEntropy,
    Entropy,
    HockeyStick,
    Jeffreys,
    Question,
    Renyi,
    TotalVariation,
    Tsallis,
)

WEIGHTS = (
    "The counts are weights, not whole numbers: how many draws they stand for is not known, so "
    "there is no standard error, no interval and no p-value."
)
UNLIKE = 0.05
"""A share of mass on unseen outcomes beyond which estimates rest on what is assumed of it."""


def of_priors(t: Tables) -> list[str]:
    """Name what was added to counts."""
    return [
        f"prior={side.prior:g} is added to every count of {name} before its frequencies are taken."
        for name, side in zip("pq", t.sides, strict=False)
        if side.prior
    ]


def of_infinity(of: Question, t: Tables, value: Numbers) -> list[str]:
    """Say which draws of one side lie where the other showed nothing, and what to ask instead."""
    if t.q is None or not _explodes(of):
        return []
    said = []
    pairs = [("p", "q", t.p, t.q)]
    if isinstance(of, Jeffreys):
        pairs.append(("q", "p", t.q, t.p))
    for a, b, one, other in pairs:
        alone = (one.frequencies > 0) & (other.frequencies == 0)
        if not alone.any():
            continue
        held = np.sum(one.frequencies, axis=-1, where=alone)
        row = np.unravel_index(np.argmax(held), held.shape)
        where = "" if held.ndim == 0 else f" in row {', '.join(str(int(i)) for i in row)}"
        count = int(alone[row].sum())
        outcomes = f"{count} outcome{'s' if count > 1 else ''}"
        start = f"{float(held[row]):.3g} of {a} lies on {outcomes}{where} that {b} "
        if not other.counted:
            said.append(start + "excludes: infinite.")
        elif np.isinf(value).any():
            said.append(
                start + "never showed, and frequencies of 0 make the answer infinite; whether the "
                f"law behind {b} does, no sample can say. Finite instead: kb.Counts({b}, "
                "prior=0.5), by=kb.ZhangGrabchak() for KL, or of=kb.JensenShannon()."
            )
        else:
            said.append(
                start + f"never showed. The value takes them for outcomes that {b} can show; if it "
                "cannot, the truth is infinite. No interval from counts excludes that, and this "
                "one may miss the truth."
            )
    return said


def of_unseen(t: Tables) -> list[str]:
    """Say how much mass lies on outcomes that were not seen."""
    said = []
    for name, side in zip("pq", t.sides, strict=False):
        if not side.counted or not side.whole:
            continue
        missing = float(np.max(unseen_mass(side)))
        if missing > UNLIKE:
            said.append(
                f"About {100 * missing:.0f} % of the mass of {name} lies on outcomes not seen in "
                f"its {_sizes(side)} draws (Good–Turing): what the answer says of them is the "
                "estimator's assumption, and intervals may miss the truth."
            )
    return said


def of_sign(of: Question, value: Numbers) -> list[str]:
    """Explain a negative value."""
    if isinstance(of, CrossEntropy) or not np.any(value < 0):
        return []
    return [
        "The value is negative where no truth is: the bias that was taken off is larger than what "
        "was seen, so the data are consistent with 0. It is not cut off at 0, for that would bias "
        "means of such values; the interval is."
    ]


def of_kinks(of: Question) -> list[str]:
    """Say where resampling does not know the bias."""
    if not isinstance(of, (TotalVariation, HockeyStick)):
        return []
    return [
        "The question has a kink where p = q: with small counts its bias is not all corrected, "
        "and the interval covers less often than it says."
    ]


def of_interval(*, drawn: int | None, slopes: bool, centred: bool) -> list[str]:
    """Say where the interval comes from."""
    if drawn is not None:
        return [f"Interval: from {drawn} redrawn tables (bootstrap), less the bias that they show."]
    if slopes and centred:
        return ["The interval is that of the normal law; rng=0 gives one from redrawn tables."]
    return ["It has no interval without redrawn tables: rng=0 gives one."]


def _explodes(of: Question) -> bool:
    if isinstance(of, (Tsallis, Alpha, Renyi)):
        return of.alpha >= 1
    return isinstance(of, (KL, Jeffreys, ChiSquare, CrossEntropy))


def _sizes(side: Side) -> str:
    sizes = np.unique(side.n)
    return f"{sizes[0]:.0f}" if len(sizes) == 1 else f"{sizes[0]:.0f} to {sizes[-1]:.0f}"


def direction(of: Question) -> str:
    """Say on which side of the truth frequencies put the answer."""
    return "low" if isinstance(of, Entropy) else "high"
