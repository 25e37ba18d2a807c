"""Merging: counts of parts are those of the whole, in any order and grouping."""

from functools import reduce
from itertools import permutations

import numpy as np
import pyarrow as pa
import pytest

import kullback as kb
from kullback.errors import TableError
from kullback.tables.profiles.hashed import MOST, Frequent, Hashed, hash_of

from .made import ORDERED, mixed


def exact(column):
    """What does not depend on a sketch's choices."""
    counted, hashed = column.tally, column.hashed
    return (
        (column.filled, column.nan, column.below, column.above),
        None if counted is None else (counted.values.tolist(), counted.rows.tolist()),
        None if hashed is None else (hashed.keys.tolist(), hashed.rows.tolist(), hashed.pooled),
    )


@pytest.fixture(scope="module")
def table():
    return mixed(60_000, 5)


@pytest.fixture(scope="module")
def parts(table):
    return [kb.profile(table.slice(start, 20_000)) for start in (0, 20_000, 40_000)]


def test_the_parts_are_the_whole(table, parts):
    whole = kb.profile(table)
    for order in permutations(parts):
        found = reduce(kb.Profile.merge, order)
        assert found.rows == whole.rows == 60_000
        for column in whole.columns:
            assert exact(found[column.name]) == exact(column)
            assert found[column.name].hashed is None or (
                found[column.name].hashed.names == column.hashed.names
            )
    a, b, c = parts
    grouped = a.merge(b.merge(c))
    assert [exact(column) for column in grouped.columns] == [exact(c) for c in whole.columns]


@pytest.mark.parametrize("name", ORDERED)
def test_ranks_of_the_merged_are_within_the_bound(table, parts, name):
    line = reduce(kb.Profile.merge, parts)[name].line()
    values = table[name].drop_null().to_numpy()
    values = np.sort(values[np.isfinite(values)])
    assert line.rows == len(values)
    assert line.k == 4096
    places = np.quantile(values, np.linspace(0, 1, 300))
    truth = np.searchsorted(values, places, side="right")
    off = np.abs(line.at_or_below(places) - truth).max() / len(values)
    assert 0 < off <= line.bound < 0.00071
    assert (line.values[0], line.values[-1]) == (values[0], values[-1])


def test_merged_days_compare_like_the_month(table, parts):
    other = kb.profile(mixed(60_000, 6, 0.05))
    merged = kb.compare(reduce(kb.Profile.merge, parts), other)
    whole = kb.compare(kb.profile(table), other)
    for column in whole.columns:
        found = merged[column.column].estimates["js"]
        width = column.estimates["js"].upper - column.estimates["js"].lower
        assert found.value == pytest.approx(column.estimates["js"].value, abs=0.2 * width + 1e-4)
        if column.column not in ORDERED:
            assert merged[column.column].js == column.js


def hashed(rng, values, rows):
    found = np.unique(rng.integers(0, values, rows), return_counts=True)
    keys = np.asarray([hash_of(str(value)) for value in found[0]], np.uint64)
    order = np.argsort(keys)
    return Hashed(keys[order], found[1][order].astype(np.int64))


def test_pooling_depends_on_the_values_alone():
    rng = np.random.default_rng(1)
    some = [hashed(rng, 100_000, 60_000) for _ in range(3)]
    assert not any(each.pooled for each in some)
    orders = [reduce(Hashed.merged, order) for order in permutations(some)]
    for found in orders:
        assert found.pooled
        assert found.rows.sum() == 180_000
        assert np.array_equal(found.keys, orders[0].keys)
        assert np.array_equal(found.rows, orders[0].rows)
    few = hashed(rng, MOST // 2, 60_000)
    assert not few.merged(few).pooled


def test_no_more_names_are_kept_than_there_is_room_for():
    rng = np.random.default_rng(4)
    tables = [pa.table({"x": [f"u{i}" for i in rng.integers(0, 6000, 90_000)]}) for _ in range(2)]
    one, two = map(kb.profile, tables)
    merged = one.merge(two)["x"].hashed
    assert len(one["x"].hashed.names) == len(merged.names) == 4096
    rows = dict(zip(merged.keys.tolist(), merged.rows.tolist(), strict=True))
    left = min(rows[key] for key in merged.names)
    assert np.mean([count >= left for count in rows.values()]) > 4096 / 6000
    assert merged.names == two.merge(one)["x"].hashed.names


def test_frequent_values_hold_their_truth_between_least_and_most():
    rng = np.random.default_rng(2)
    law = 1 / np.arange(1.0, 200_001)
    law /= law.sum()
    draws = [rng.choice(200_000, 300_000, p=law) for _ in range(4)]
    parts = []
    for each in draws:
        values, rows = np.unique(each, return_counts=True)
        keys = np.asarray([hash_of(str(value)) for value in values], np.uint64)
        order = np.argsort(keys)
        parts.append(Hashed(keys[order], rows[order].astype(np.int64)).in_buckets())
    found = reduce(Hashed.merged, parts)
    truth = np.bincount(np.concatenate(draws), minlength=200_000)
    keys = {hash_of(str(value)): value for value in range(200_000)}
    for key, between in found.frequent.items():
        assert between.least <= truth[keys[key]] <= between.most
    listed = {keys[key] for key in found.frequent}
    assert set(range(100)) <= listed
    assert max(truth[value] for value in range(200_000) if value not in listed) <= found.unlisted
    assert found.frequent[hash_of("0")] == Frequent(truth[0], truth[0])


def test_what_does_not_fit_is_refused():
    one = kb.profile(pa.table({"a": [1, 2], "b": ["x", "y"]}))
    with pytest.raises(TableError, match="do not hold the same columns: c only in one"):
        one.merge(kb.profile(pa.table({"a": [1], "b": ["x"], "c": [1]})))
    with pytest.raises(TableError, match=r"column a is integer .* and text"):
        one.merge(kb.profile(pa.table({"a": ["1"], "b": ["x"]})))
    empty = kb.profile(pa.table({"a": pa.array([None], pa.null()), "b": ["x"]}))
    assert one.merge(empty)["a"].filled == empty.merge(one)["a"].filled == 2
    assert one.merge(empty).rows == 3
