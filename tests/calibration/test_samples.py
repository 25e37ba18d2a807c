"""Intervals from samples cover as often as they say; the long run is benchmarks/accuracy/coverage.

60 seeds a law tell 95 % from 80 %: at least 52 hold the truth with probability 0.997 if 95 % do,
0.09 if 80 % do. The table of docs/coverage.md has 200 seeds of each of more than twenty laws.
"""

import json
from pathlib import Path

import numpy as np
import pytest

import kullback as kb

SEEDS = 60
PAGE = Path(__file__).parents[2] / "docs" / "coverage.json"


def covered(p, q, truth, by, n=400, of=None):
    held = 0
    for seed in range(SEEDS):
        rng = np.random.default_rng([seed, 7])
        drawn = [kb.Samples(law(rng, n)) for law in (p, q) if law is not None]
        low, high = kb.measure(*drawn, of=of or kb.KL(), by=by, rng=seed).interval()
        held += low <= truth <= high
    return held


def normal(d, shift=0.0):
    return lambda rng, n: rng.normal(shift / np.sqrt(d), 1, (n, d))


def exponential(scale):
    return lambda rng, n: rng.exponential(scale, n)


@pytest.mark.parametrize(
    ("p", "q", "truth"),
    [
        (normal(1), normal(1, 1.0), 0.5),
        (normal(2), normal(2, 1.0), 0.5),
        (normal(3), normal(3, 1.0), 0.5),
        (exponential(1.0), exponential(2.0), np.log(2) - 0.5),
        (normal(1), normal(1), 0.0),
    ],
    ids=["d = 1", "d = 2", "d = 3", "exponential", "one law"],
)
def test_kl_by_neighbours(p, q, truth):
    by = kb.NearestNeighbours(resamples=25, permutations=0)
    assert covered(p, q, truth, by) >= 52


def test_entropy_by_neighbours():
    by = kb.KozachenkoLeonenko(resamples=25)
    assert covered(normal(1), None, 0.5 * np.log(2 * np.pi * np.e), by, of=kb.Entropy()) >= 52


def test_blocks_of_dependent_rows():
    """Rows of a block share a shift; taken for independent, they would claim too much."""
    block = np.repeat(np.arange(40), 10)
    by = kb.NearestNeighbours(resamples=25, permutations=0)
    truth, whole, alone = 0.5 / 1.49, 0, 0
    for seed in range(SEEDS):
        rng = np.random.default_rng([seed, 3])
        x, y = (m + rng.normal(size=400) + 0.7 * rng.normal(size=40)[block] for m in (1.0, 0.0))
        for held in (block, None):
            p, q = (kb.Samples(z, block=held) for z in (x, y))
            low, high = kb.measure(p, q, by=by, rng=seed).interval()
            whole += held is not None and low <= truth <= high
            alone += held is None and low <= truth <= high
    assert whole >= 52
    assert alone < whole


def test_the_table_keeps_its_claim():
    """Claimed cells are at 92 to 98 %, as 200 seeds see it; the docs name those that miss it."""
    rows = json.loads(PAGE.read_text())
    assert len({row["case"] for row in rows}) >= 10
    claimed = [row for row in rows if row["claims"] and row["kind"] != "bound"]
    assert len(claimed) >= 15
    missed = [row for row in claimed if not 0.915 <= row["coverage"] <= 0.985]
    assert {row["case"] for row in missed} <= {"uniform ‖ beta(2, 1.5)", "normal, d = 3"}
    assert min(row["coverage"] for row in claimed) > 0.9
    bounds = [row for row in rows if row["kind"] == "bound"]
    assert min(row["coverage"] for row in bounds) > 0.915
    assert min(row["seeds"] for row in rows) >= 200
