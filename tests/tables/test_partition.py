"""Cells against a plain loop over the raw values, and their labels."""

import math
import random
from collections import Counter

import numpy as np
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kullback.tables import duck
from kullback.tables.duck import Duck
from kullback.tables.engine import ABOVE, NAN, NONE, Coding, Kind, Pair
from kullback.tables.labels import shower
from kullback.tables.partition import POINTS, SHARES, Partition, before, from_quantiles
from kullback.tables.sources import open_source


def count_by_loop(values, partition):
    counts = [0] * (len(partition.edges) + 1)
    for value in values:
        counts[sum(value > edge for edge in partition.edges)] += 1
    return counts


def engine_of(reference, current):
    return Duck(open_source(reference), open_source(current), lambda _: None)


def pair_of(engine, kind):
    return Pair(kind, engine.schema("reference")[0], engine.schema("current")[0])


@pytest.mark.parametrize(
    ("kind", "draw"),
    [
        (Kind.NUMBER, lambda rng: rng.choice([0.0, -0.0, rng.gauss(0, 3), rng.expovariate(1)])),
        (Kind.INTEGER, lambda rng: rng.choice([7, rng.randrange(10**6), -(1 << 62)])),
    ],
)
def test_engine_counts_equal_a_loop(kind, draw):
    rng = random.Random(5)
    reference, current = ([draw(rng) for _ in range(2000)] for _ in range(2))
    tables = (pl.DataFrame({"x": [*reference, None]}), pl.DataFrame({"x": [*current, None, None]}))
    with engine_of(*tables) as engine:
        pair = pair_of(engine, kind)
        partition = from_quantiles(engine.quantiles([pair], SHARES)["x"])
        found = {
            side: engine.cell_counts(side, [pair], {"x": partition})["x"]
            for side in ("reference", "current")
        }
    assert len(partition.edges) >= 9
    assert partition.atoms
    assert found["reference"].cells.tolist() == count_by_loop(reference, partition)
    assert found["current"].cells.tolist() == count_by_loop(current, partition)
    assert (found["reference"].missing, found["current"].missing) == (1, 2)


def test_quantiles_are_exact():
    with engine_of(pa.table({"x": range(10 * POINTS)}), pa.table({"x": [1]})) as engine:
        found = engine.quantiles([pair_of(engine, Kind.INTEGER)], SHARES)["x"]
    assert found == tuple(range(9, 10 * POINTS, 10))


def test_a_large_table_is_cut_by_a_fixed_sample(monkeypatch, tmp_path):
    monkeypatch.setattr(duck, "EXACT_ROWS", 20_000)
    rng = np.random.default_rng(6)
    table = pa.table({"x": rng.permutation(100_000), "rare": [1.5, 2.5] + [None] * 99_998})
    path = tmp_path / "large.parquet"
    pl.from_arrow(table).write_parquet(path)
    for given_as in (table, str(path)):
        with engine_of(given_as, given_as) as engine:
            pair = pair_of(engine, Kind.INTEGER)
            rare = Pair(Kind.NUMBER, engine.schema("reference")[1], engine.schema("current")[1])
            found = [engine.quantiles([pair, rare], SHARES) for _ in range(2)]
        assert found[0] == found[1]
        ranks = np.asarray(found[0]["x"]) / 100_000
        assert 0 < np.abs(ranks - SHARES).max() < 0.015  # four standard errors of 20 000 rows
        assert set(found[0]["rare"]) == {1.5, 2.5}


def test_a_value_above_a_bins_share_is_an_atom():
    quantiles = sorted([*range(60), *[100] * 4])
    assert from_quantiles(quantiles).atoms == {100}
    assert from_quantiles([float(value) for value in range(64)]).atoms == frozenset()


@settings(deadline=None)
@given(
    st.lists(st.integers(-50, 50), min_size=64, max_size=64).map(sorted),
    st.data(),
)
def test_pooling_loses_no_row_and_no_atom(quantiles, data):
    partition = from_quantiles(quantiles)
    cells = len(partition.edges) + 1
    counts = data.draw(st.lists(st.integers(0, 30), min_size=cells, max_size=cells))
    least = data.draw(st.integers(1, 20))
    coarse = partition.pooled(np.asarray(counts), least)
    pooled = partition.regroup(np.asarray(counts), coarse)
    assert pooled.sum() == sum(counts)
    assert set(coarse.edges) <= set(partition.edges)
    for value in partition.atoms:
        own = coarse.edges.index(value)
        assert pooled[own] == counts[partition.edges.index(value)]
    for cell in range(len(pooled) - 1):
        ranges = not coarse.is_atom(cell) and not coarse.is_atom(cell + 1)
        assert not ranges or pooled[cell] >= least


def test_labels_of_integers_name_the_values_inside():
    atom = Partition((3, 6, 7, 9), frozenset({7}))
    assert atom.labels(str, stepwise=True) == ("≤ 3", "4 to 6", "7", "8 to 9", "> 9")


def test_labels_of_numbers_say_which_side_of_an_atom():
    edges = (before(0.0), 0.0, 1.5, before(4.0), 4.0)
    labels = Partition(edges, frozenset({0.0, 4.0})).labels(
        shower(edges, Kind.NUMBER), stepwise=False
    )
    assert labels == ("< 0", "0", "> 0 to 1.5", "1.5 to < 4", "4", "> 4")


def test_before_is_the_neighbour():
    assert before(3) == 2
    assert before(1.0) == math.nextafter(1.0, 0.0)


def test_codes_equal_a_loop_block_by_block():
    rng = random.Random(7)
    numbers = [rng.choice([0.0, rng.gauss(0, 1), math.nan, math.inf, None]) for _ in range(800)]
    words = [rng.choice(["a", "b", "b", "'c\";", None]) for _ in range(800)]
    days = [rng.randrange(5) for _ in range(800)]
    table = pa.table({"x": numbers, "w": words, "day": days})
    partition = Partition((before(0.0), 0.0, 1.0), frozenset({0.0}))
    with engine_of(table, table) as engine:
        number, word, day = engine.schema("current")
        x = Coding(Pair(Kind.NUMBER, number, number), partition)
        w = Coding(Pair(Kind.TEXT, word, word), most=2)
        assert engine.coded_values(w) == ["b", max("a", "'c\";", key=words.count)]
        found = engine.coded("current", [x, w], day)
        assert engine.blocks("current", day) == 5

    def code(value):
        if value is None or math.isnan(value):
            return NONE if value is None else NAN
        return ABOVE if value == math.inf else sum(value > edge for edge in partition.edges)

    second = max("a", "'c\";", key=words.count)
    ranks = {"b": 0, second: 1, None: NONE}
    truth = Counter(
        (code(number), ranks.get(word, 2), day)
        for number, word, day in zip(numbers, words, days, strict=True)
    )
    lines = zip(found.codes.tolist(), found.blocks.tolist(), found.rows.tolist(), strict=True)
    by_codes = {}
    for codes, block, rows in lines:
        by_codes.setdefault(block, {})[tuple(codes)] = rows
    expected = {}
    for (number, word, day), rows in truth.items():
        expected.setdefault(day, {})[number, word] = rows
    assert sorted(map(sorted, (v.items() for v in by_codes.values()))) == sorted(
        map(sorted, (v.items() for v in expected.values()))
    )
