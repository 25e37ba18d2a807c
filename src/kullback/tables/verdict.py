"""Differs, same or undecided: one rule for every column, false alarms limited over all of them.

A column *differs* when its q-value is below 0.05, and is the *same* when it is not and the upper
end of JS's interval is within the limit; else it is *undecided*. Infinity never decides: values
unseen by chance among thousands are not drift.
"""

import math
from collections.abc import Sequence

import numpy as np

from kullback.report.result import Estimated, Status

ALPHA = 0.05
LIMIT_IN_BITS = 0.02


def q_values(p_values: Sequence[float]) -> list[float]:
    """Benjamini and Hochberg's: the least false discovery rate at which each would be declared.

    q₍ᵢ₎ = min over j ≥ i of p₍ⱼ₎ m/j, in the order of the p-values.

    References
    ----------
    Benjamini and Hochberg, Controlling the false discovery rate, J. R. Statist. Soc. B 57 (1995).

    >>> q_values([0.04, 0.001, 0.03, 0.5])
    [0.05333333333333334, 0.004, 0.05333333333333334, 0.5]
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    scaled = p[order] * len(p) / np.arange(1, len(p) + 1)
    found = np.empty_like(p)
    found[order] = np.minimum.accumulate(scaled[::-1])[::-1]
    return [float(q) for q in found]


def status_of(q: float, js: Estimated | None, limit: float) -> Status:
    """The column's status by the rule above.

    >>> status_of(0.4, Estimated(0.001, 0.0, 0.003, 0.002), 0.02)
    'same'
    """
    if q < ALPHA:
        return "differs"
    return "same" if js is not None and js.upper <= limit else "undecided"


def limit_in(base: float, limit: float | None) -> float:
    """The limit of JS in the unit of the comparison; 0.02 bits where none is given."""
    return LIMIT_IN_BITS * math.log(2) / math.log(base) if limit is None else limit
