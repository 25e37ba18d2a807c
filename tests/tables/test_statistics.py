"""The numbers of a column against loops, scipy and closed forms."""

import math
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
import scipy.stats as st
from hypothesis import given, settings
from hypothesis import strategies as hs

from kullback.report.result import Estimated
from kullback.tables import compare
from kullback.tables.by_rows import deal
from kullback.tables.verdict import q_values, status_of


def one(reference, current, **options):
    return compare(pa.table({"x": reference}), pa.table({"x": current}), **options)["x"]


def repeated(counts):
    return [value for value, n in zip("abcdefgh", counts, strict=False) for _ in range(n)]


def test_every_divergence_of_a_small_table():
    r, c = np.array([50, 30, 20]), np.array([20, 30, 70])
    q, p = r / r.sum(), c / c.sum()
    x = (p + q) / 2
    found = one(repeated(r), repeated(c))
    assert found.kl == pytest.approx(st.entropy(p, q, base=2), rel=1e-12)
    assert found.reverse == pytest.approx(st.entropy(q, p, base=2), rel=1e-12)
    js = (st.entropy(p, x, base=2) + st.entropy(q, x, base=2)) / 2
    assert found.js == pytest.approx(js, rel=1e-12)
    assert found.tv == pytest.approx(abs(p - q).sum() / 2, rel=1e-12)
    assert found.psi == pytest.approx(float(((p - q) * np.log(p / q)).sum()), rel=1e-12)
    assert found.hellinger == pytest.approx(math.sqrt(1 - np.sqrt(p * q).sum()), rel=1e-12)
    p, q = (c + 0.5) / (c.sum() + 1.5), (r + 0.5) / (r.sum() + 1.5)
    assert found.smoothed.value == pytest.approx(st.entropy(p, q, base=2), rel=1e-12)
    assert found.smoothed.prior_name == "Jeffreys"


def test_psi_is_in_nats_in_any_base():
    before, after = repeated([50, 50]), repeated([80, 20])
    bits, nats = one(before, after), one(before, after, base=math.e)
    assert bits.psi == pytest.approx(nats.psi, rel=1e-14)
    assert bits.psi == pytest.approx(nats.kl + nats.reverse, rel=1e-12)
    assert bits.kl == pytest.approx(nats.kl / math.log(2), rel=1e-12)


@settings(deadline=None, max_examples=10)
@given(hs.lists(hs.integers(1, 60), min_size=8, max_size=8), hs.integers(0, 10))
def test_shares_are_never_negative_and_add_up(counts, more):
    found = one(repeated(counts[:4]), repeated([counts[4] + more, *counts[5:]]))
    assert all(cell.kl >= 0 and cell.js >= 0 for cell in found.cells)
    assert math.fsum(cell.kl for cell in found.cells) == pytest.approx(found.kl, rel=1e-9)
    assert math.fsum(cell.js for cell in found.cells) == pytest.approx(found.js, rel=1e-9)
    if found.kl:
        assert math.fsum(found.part(cell) for cell in found.cells) == pytest.approx(1, rel=1e-9)


def test_distances_hold_the_truth_between_their_ends():
    rng = np.random.default_rng(1)
    x, y = rng.lognormal(0, 1, 4000), rng.lognormal(0.2, 1.1, 3000)
    found = one(x, y)
    ks, w1 = st.ks_2samp(x, y).statistic, st.wasserstein_distance(x, y)
    assert found.ks.least <= ks <= found.ks.most
    assert found.ks.value == pytest.approx(ks, abs=0.002)
    assert found.wasserstein.least <= w1 <= found.wasserstein.most
    assert found.wasserstein.value == pytest.approx(w1, rel=0.02)
    assert found.wasserstein.most - found.wasserstein.least < 0.2 * w1


def test_an_outlier_moves_wasserstein_by_its_own_weight():
    x = np.arange(2000.0)
    found = one(x, [*x[:-1], 1e6])
    assert found.wasserstein.value == pytest.approx((1e6 - 1999) / 2000, rel=1e-6)


def test_distances_of_few_values_and_of_dates_are_exact():
    r, c = [1, 1, 2, 5] * 10, [1, 2, 5, 5] * 10
    found = one(r, c)
    assert found.by == "value"
    assert found.wasserstein.value == pytest.approx(st.wasserstein_distance(r, c), rel=1e-12)
    assert found.ks.value == found.ks.most == pytest.approx(st.ks_2samp(r, c).statistic)
    days = pa.array(r, pa.int32()).cast(pa.date32()), pa.array(c, pa.int32()).cast(pa.date32())
    assert one(*days).wasserstein.unit == "days"
    assert one(*days).wasserstein.value == found.wasserstein.value
    seconds = [pa.array([v * 10**6 for v in side], pa.timestamp("us")) for side in (r, c)]
    assert one(*seconds).wasserstein.unit == "seconds"
    assert one(*seconds).wasserstein.value == pytest.approx(found.wasserstein.value)


def test_whole_numbers_of_every_value_leave_nothing_open():
    rng = np.random.default_rng(2)
    r, c = rng.integers(0, 200, 5000), rng.integers(0, 180, 5000)
    found = one(r, c)
    assert found.by == "range"
    assert found.ks.value == pytest.approx(st.ks_2samp(r, c).statistic, rel=1e-12)
    assert found.wasserstein.value == pytest.approx(st.wasserstein_distance(r, c), rel=1e-9)
    assert found.wasserstein.most == pytest.approx(found.wasserstein.least, rel=1e-9)


def test_refinement_rises_towards_the_truth_and_not_above():
    rng = np.random.default_rng(3)
    found = one(rng.normal(0, 1, 20_000), rng.normal(0.5, 1, 20_000), base=math.e)
    curve = found.refinement
    assert [level.cells for level in curve] == [8, 16, 32, 64, 128, 256]
    assert all(a.kl <= b.kl + 1e-12 for a, b in pairwise(curve))
    assert curve[0].kl_corrected < curve[2].kl_corrected
    assert curve[-1].kl_corrected == pytest.approx(0.125, abs=0.008)
    assert next(level.kl for level in curve if level.cells == 16) == found.kl


def test_q_values_are_those_of_scipy():
    p = np.random.default_rng(4).uniform(0, 1, 50) ** 3
    assert q_values(p) == pytest.approx(st.false_discovery_control(p), rel=1e-12)


def test_status_is_the_rule():
    near, wide = Estimated(0.001, 0, 0.01, 0.002), Estimated(0.001, 0, 0.03, 0.002)
    assert status_of(0.049, near, 0.02) == "differs"
    assert status_of(0.05, near, 0.02) == "same"
    assert status_of(0.05, wide, 0.02) == "undecided"
    assert status_of(0.05, wide, 0.04) == "same"


def test_infinity_does_not_decide():
    """Thousands of rare values: many are seen on one side only, and nothing has changed."""
    rng = np.random.default_rng(5)
    weights = 1 / np.arange(1, 4001)
    x, y = ([f"v{i}" for i in rng.choice(4000, 8000, p=weights / weights.sum())] for _ in range(2))
    found = one(x, y)
    assert found.kl == math.inf
    assert found.unseen.values > 500
    assert found.p_value > 0.05
    assert found.status != "differs"
    assert "kl" not in found.estimates
    assert abs(found.estimates["js"].value) < 0.1 * found.js


def test_a_limit_in_other_units_is_the_same_limit():
    before, after = pa.table({"x": repeated([500, 500])}), pa.table({"x": repeated([520, 480])})
    bits, nats = compare(before, after), compare(before, after, base=math.e)
    assert bits.limit == 0.02
    assert nats.limit == pytest.approx(0.02 * math.log(2))
    assert bits["x"].status == nats["x"].status == "same"
    assert compare(before, after, limit=1e-4)["x"].status == "undecided"


def test_the_same_seed_gives_the_same_answer():
    before, after = pa.table({"x": repeated([5, 9, 1])}), pa.table({"x": repeated([7, 3, 2])})
    assert compare(before, after, rng=3).columns == compare(before, after, rng=3).columns
    assert compare(before, after, rng=3).columns != compare(before, after, rng=4).columns


def test_few_values_that_become_many_are_compared_in_cells():
    rng = np.random.default_rng(6)
    found = one([1, 2] * 500, rng.integers(0, 5000, 3000))
    assert found.by == "range"
    assert found.wasserstein.least == pytest.approx(found.wasserstein.most, rel=0.01)
    assert found.unseen.share > 0.99


def test_a_billion_rows_are_drawn_with_putting_back():
    half = np.array([6e8, 6e8])
    new, old = deal(half, half, 50, np.random.default_rng(0))
    assert new.sum(axis=1) == pytest.approx(1.2e9)
    assert (new / 1.2e9).std() == pytest.approx(0.5 / math.sqrt(1.2e9), rel=0.3)
    assert old.shape == (50, 2)


def test_estimates_lie_about_what_was_seen():
    before, after = repeated([600, 300, 100]), repeated([300, 300, 400])
    blocks = np.random.default_rng(7).integers(0, 30, 1000)
    for found in (
        one(before, after, base=math.e),
        compare(
            pa.table({"x": before, "b": blocks}),
            pa.table({"x": after, "b": blocks}),
            base=math.e,
            block="b",
        )["x"],
    ):
        for name in ("kl", "reverse", "js", "tv", "psi", "hellinger"):
            estimate, seen = found.estimates[name], getattr(found, name)
            assert estimate.value == pytest.approx(seen, rel=0.1)
            assert estimate.lower < estimate.value < estimate.upper
            assert 0 < estimate.floor < estimate.lower
