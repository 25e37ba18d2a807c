"""Binned KL is a lower bound: what finer bins show that coarse ones hide.

Merging cells never raises KL, so each partition's KL is below that of the next finer one, and all
are below the truth. Frequencies overstate, by (K − 1)/(2n) + (Σ p/q − 1)/(2m) in the second order;
the corrected value takes that off. Where a sketch counted, cells end at what it can tell apart.
"""

import math
from collections.abc import Mapping

import numpy as np

from kullback.report.result import Refined
from kullback.tables.counts import on_cells
from kullback.tables.engine import CellCounts
from kullback.tables.evidence import second_order_bias
from kullback.tables.measures import JS, KL, sums
from kullback.tables.partition import Partition

ROWS_PER_BIN = 5
TOLD_APART = 50  # standard deviations of a sketch's error that a cell's share has at least


def refined(
    finest: Partition,
    levels: Mapping[int, Partition],
    reference: CellCounts,
    current: CellCounts,
    base: float,
) -> tuple[Refined, ...]:
    """KL and JS from the coarsest partition to the finest that the rows can fill."""
    enough = min(int(reference.cells.sum()), int(current.cells.sum())) / ROWS_PER_BIN
    if error := max(reference.error, current.error):
        enough = min(enough, 1 / (TOLD_APART * error))
    nat = math.log(base)
    found = []
    for bins in sorted(bins for bins in levels if bins <= max(enough, min(levels))):
        before, after = (
            np.append(on_cells(finest, levels[bins], side), side.missing).astype(np.float64)
            for side in (reference, current)
        )
        held = before + after > 0
        before, after = before[held], after[held]
        seen = sums(after, before, measures=(KL, JS))
        bias = second_order_bias(KL, after, before, np.ones(len(after)))
        kl = float(seen["kl"])
        found.append(
            Refined(
                cells=len(after),
                kl=kl / nat,
                js=float(seen["js"]) / nat,
                kl_corrected=(kl - bias) / nat,
            )
        )
    return tuple(found)
