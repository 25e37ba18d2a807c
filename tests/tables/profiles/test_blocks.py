"""Profiles by block: whole blocks can still be resampled, and merging stays exact."""

from functools import reduce
from itertools import permutations
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from scipy import stats

import kullback as kb
from kullback.errors import TableError
from kullback.tables.profiles.blocked import Blocked, key_of, summed, value_of

from .made import mixed

JANUARY = Path(__file__).parents[3] / "examples" / "flights" / "january.parquet"
COLUMNS = ["dep_delay", "air_time", "carrier", "minute"]


def by_block(column):
    """Every triple that a column holds."""
    held = column.blocked
    return held and (
        held.dropped,
        *(each.tolist() for part in (held.placed, held.odd) for each in vars(part).values()),
    )


@pytest.fixture(scope="module")
def halves():
    january = pl.read_parquet(JANUARY, columns=[*COLUMNS, "day"])
    even = pl.col("day") % 2 == 0
    return january.filter(even), january.filter(~even)


def test_whole_days_read_the_same(halves, tmp_path):
    profiles = [kb.profile(half, block="day") for half in halves]
    profiles[0].save(tmp_path / "even.kbp")
    found = kb.compare(tmp_path / "even.kbp", profiles[1], columns=COLUMNS, block="day")
    whole = kb.compare(*halves, columns=COLUMNS, block="day")
    assert {column.column: column.status for column in found.columns} == dict.fromkeys(
        COLUMNS, "same"
    )
    assert found.blocks == whole.blocks == (15, 16)
    for name in COLUMNS:
        assert (found[name].js, found[name].kl) == (whole[name].js, whole[name].kl)
        assert found[name].p_value == whole[name].p_value
        mine, truth = found[name].estimates["js"], whole[name].estimates["js"]
        assert vars(mine) == pytest.approx(vars(truth), rel=1e-6, abs=1e-12)
    rows_alone = kb.compare(*profiles, columns=["dep_delay"])
    assert rows_alone["dep_delay"].status == "differs"


@pytest.fixture(scope="module")
def table():
    held = mixed(15_000, 7)
    users = np.random.default_rng(0).integers(0, 30, held.num_rows)
    return held.append_column("user", [users])


def test_merged_parts_are_the_whole(table):
    whole = kb.profile(table, block="user")
    parts = [kb.profile(table.slice(start, 5_000), block="user") for start in (0, 5_000, 10_000)]
    for order in permutations(parts):
        found = reduce(kb.Profile.merge, order)
        assert found.blocks.rows.tolist() == whole.blocks.rows.tolist()
        for column in whole.columns:
            assert by_block(found[column.name]) == by_block(column)
    assert whole["normal"].blocked.dropped > 0
    assert whole["whole"].blocked.dropped == 0


def test_rounded_values_are_compared_as_what_they_were_rounded_to(table):
    other = mixed(15_000, 8, 0.08).append_column("user", [np.arange(15_000) % 25])
    profiles = [kb.profile(each, block="user") for each in (table, other)]
    found = kb.compare(*profiles, columns=["normal", "atoms", "odd"], block="user")
    plain = kb.compare(table, other, columns=["normal", "atoms", "odd"])
    for name in ("normal", "atoms", "odd"):
        dropped = max(profile[name].blocked.dropped for profile in profiles)
        rounded = [
            pa.table({"x": value_of(key_of(line) >> dropped, dropped, whole=False)})
            for line in (finite(each[name]) for each in (table, other))
        ]
        exact = kb.compare(*rounded)["x"]
        if name != "odd":
            assert found[name].js == pytest.approx(exact.js, rel=1e-9)
        assert found[name].js == pytest.approx(plain[name].js, rel=0.1, abs=2e-4)
        truth = plain[name].wasserstein.value
        assert found[name].wasserstein.least <= truth <= found[name].wasserstein.most
        ks = stats.ks_2samp(finite(table[name]), finite(other[name])).statistic
        assert found[name].ks.least <= ks + 1e-12 <= found[name].ks.most + 2e-12
    assert "> 0" not in [cell.label for cell in found["atoms"].cells]
    assert "0" in [cell.label for cell in found["atoms"].cells]


def finite(column):
    values = column.drop_null().to_numpy()
    return values[np.isfinite(values)]


def test_very_many_blocks_are_pooled_in_any_order_alike():
    rng = np.random.default_rng(3)
    parts = [
        pa.table({"x": rng.integers(0, 3, 400), "user": rng.integers(0, 900, 400)})
        for _ in range(3)
    ]
    whole = kb.profile(pa.concat_tables(parts), block="user")
    assert whole.blocks.pooled
    assert len(whole.blocks.rows) <= 512
    profiles = [kb.profile(part, block="user") for part in parts]
    assert not any(profile.blocks.pooled for profile in profiles)
    for order in permutations(profiles):
        found = reduce(kb.Profile.merge, order)
        assert found.blocks.blocks.tolist() == whole.blocks.blocks.tolist()
        assert by_block(found["x"]) == by_block(whole["x"])


def test_a_missing_block_is_a_block():
    table = pa.table({"x": [1, 2, None, 4] * 5, "user": ["a", "b", None, "c", "d"] * 4})
    found = kb.profile(table, block="user")
    assert found.blocks.rows.tolist() == [4] * 5
    result = kb.compare(found, found, block="user", columns=["x"])
    assert (result.blocks, result["x"].missing) == ((5, 5), (5, 5))


def test_fewer_bits_are_dropped_no_further_than_needed():
    values = np.random.default_rng(0).normal(size=20_000)
    ones = np.ones(20_000, np.int64)
    found = Blocked(0, summed(key_of(values), ones.astype(np.uint64), ones), None).few()
    assert 2048 < len(np.unique(found.placed.keys)) <= 4096
    kept = value_of(found.placed.keys, found.dropped, whole=False)
    assert np.all(np.diff(kept) > 0)
    assert found.placed.rows.sum() == 20_000
    inside = (kept > 0.5) & (kept < 2)
    assert np.max(np.diff(kept[inside])) < 0.05


@pytest.mark.parametrize(
    ("options", "block", "said"),
    [
        (({}, {}), "day", "profiled without blocks: make it anew with --block day"),
        (({"block": "x"}, {"block": "day"}), "day", "profiled by x: make it anew"),
    ],
)
def test_blocks_that_were_not_counted_are_refused(options, block, said):
    table = pa.table({"x": [i % 7 for i in range(60)], "day": [i % 6 for i in range(60)]})
    profiles = [kb.profile(table, **each) for each in options]
    with pytest.raises(TableError, match=said):
        kb.compare(*profiles, block=block)
    if options[0] != options[1]:
        with pytest.raises(TableError, match="with the same --block"):
            profiles[0].merge(profiles[1])


def test_an_unknown_block_is_refused_with_a_hint():
    with pytest.raises(TableError, match=r"no column dya in .*did you mean day"):
        kb.profile(pa.table({"day": [1, 2]}), block="dya")
