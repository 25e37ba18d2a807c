"""Calibration where sketches counted: p-values stay uniform, intervals cover, bounds hold."""

import math

import numpy as np
import pytest
import scipy.stats as st

from kullback.tables.by_rows import weighed_by_rows
from kullback.tables.counts import from_cells
from kullback.tables.engine import Kind
from kullback.tables.measures import sums
from kullback.tables.partition import Partition
from kullback.tables.profiles.kll import empty, line_of
from kullback.tables.profiles.line import RANK_SD

ROWS = 60_000
K = 200  # Spark's: the sketches then move ranks more than chance does
EDGES = tuple((np.arange(1, 16) / 16).tolist())


def sketch(values, k=K):
    found = empty(k)
    found.update(values)
    return line_of(bytes(found.serialize()))


def counted(reference, current):
    """Outcomes in 16 cells, as sketches of these values count them."""
    cells = Partition(EDGES)
    sides = [sketch(values).cells(EDGES) for values in (reference, current)]
    return from_cells(cells, cells, *sides, Kind.NUMBER)


def tilted(rng, slope, rows=ROWS):
    """Draws of the density 1 + s (2x − 1) on [0, 1]."""
    u = rng.random(rows)
    return (
        u if slope == 0 else (slope - 1 + np.sqrt((1 - slope) ** 2 + 4 * slope * u)) / (2 * slope)
    )


def law(slope):
    x = np.arange(17) / 16
    return np.diff(x + slope * (x**2 - x))


def test_p_values_are_uniform_where_plain_counts_would_alarm():
    rng = np.random.default_rng(1)
    found, naive = [], []
    for seed in range(60):
        outcomes = counted(rng.random(ROWS), rng.random(ROWS))
        found.append(weighed_by_rows(outcomes, 2, seed).p_value)
        counts = np.stack([outcomes.current, outcomes.reference])
        naive.append(st.chi2_contingency(counts).pvalue)
    assert st.kstest(found, "uniform", alternative="greater").pvalue > 0.001  # none too small
    assert np.mean(np.asarray(found) < 0.05) < 0.17
    assert np.mean(found) < 0.7  # and hardly too large
    assert np.mean(np.asarray(naive) < 0.05) > 0.5


@pytest.mark.parametrize("slope", [0.0, 0.1, 0.5])
def test_intervals_cover(slope):
    rng = np.random.default_rng(2)
    truth = {
        name: float(value) / (1 if name == "tv" else math.log(2))
        for name, value in sums(law(slope), law(0.0)).items()
    }
    held, values = dict.fromkeys(("js", "kl", "tv"), 0), []
    for seed in range(40):
        found = weighed_by_rows(counted(rng.random(ROWS), tilted(rng, slope)), 2, seed).estimates
        values.append(found["js"].value)
        for name in held:
            held[name] += found[name].lower <= truth[name] <= found[name].upper
    assert min(held.values()) >= 34
    assert np.mean(values) == pytest.approx(truth["js"], abs=2e-4 + 0.05 * truth["js"])


@pytest.mark.parametrize("k", [200, 1024])
def test_errors_of_ranks_are_as_stated(k):
    """Standard deviation of ranks and of cells, and the correlation −½ of neighbours."""
    rng = np.random.default_rng(3)
    places = np.arange(1, 16) / 16
    off, worst = [], []
    for _ in range(120):
        values = (rng.permutation(20_000) + 0.5) / 20_000
        line = sketch(values, k)
        off.append(line.at_or_below(places) / 20_000 - places)
        fine = np.arange(1, 1000) / 1000
        worst.append(np.abs(line.at_or_below(fine) / 20_000 - fine).max())
    cells = np.diff(off, axis=1)
    assert 0.75 * RANK_SD / k < np.std(off) < 1.15 * RANK_SD / k
    assert 0.75 * RANK_SD / k < np.std(cells) < 1.15 * RANK_SD / k
    correlation = np.mean(cells[:, 1:] * cells[:, :-1]) / np.var(cells)
    assert correlation == pytest.approx(-0.5, abs=0.08)
    assert np.quantile(worst, 0.99) <= line.bound
    assert abs(np.mean(off)) < 0.3 * RANK_SD / k
