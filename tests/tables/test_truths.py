"""kb.compare against numbers worked out elsewhere: mpmath at 30 digits, or a loop over raw rows."""

import math
import random
from collections import Counter

import polars as pl
import pyarrow as pa
import pytest

from kullback.tables import compare

COIN = ["heads"] * 5 + ["tails"] * 5
BIASED = ["heads"] * 9 + ["tails"]


def one(reference, current, **options):
    """The comparison of two single columns."""
    return compare(pa.table({"x": reference}), pa.table({"x": current}), **options)["x"]


def by_loop(reference, current, base=2.0):
    """KL(current ‖ reference), JS and TV from counters of raw values."""
    before, after = Counter(reference), Counter(current)
    kl = js = tv = 0.0
    for value in before | after:
        q, p = before[value] / len(reference), after[value] / len(current)
        mixed = (p + q) / 2
        kl += (p * math.log(p / q, base) if q else math.inf) if p else 0.0
        js += sum(a * math.log(a / mixed, base) / 2 for a in (p, q) if a)
        tv += abs(p - q) / 2
    return kl, js, tv


def test_biased_coin_in_bits():
    found = one(COIN, BIASED)
    assert found.kl == pytest.approx(0.531004406410718778746, rel=1e-13)
    assert found.js == pytest.approx(0.146793102436052007598, rel=1e-13)
    assert found.tv == pytest.approx(0.4, rel=1e-13)


def test_direction_is_current_from_reference():
    assert one(BIASED, COIN).kl == pytest.approx(0.736965594166206166417, rel=1e-13)


@pytest.mark.parametrize(
    ("base", "truth", "unit"),
    [(math.e, 0.368064207168497069911, "nats"), (10, 0.159848254159373582345, "hartleys")],
)
def test_base(base, truth, unit):
    result = compare(pa.table({"x": COIN}), pa.table({"x": BIASED}), base=base)
    assert result["x"].kl == pytest.approx(truth, rel=1e-13)
    assert result.unit == unit
    assert f"in {unit}" in repr(result)


def test_missing_is_an_outcome():
    found = one(["a"] * 8 + ["b", None], ["a"] * 5 + ["b"] + [None] * 4)
    assert found.kl == pytest.approx(0.460964047443681173936, rel=1e-13)
    assert found.js == pytest.approx(0.0947141832082900957421, rel=1e-13)
    assert found.missing_share == (0.1, 0.4)
    assert found.drivers(1)[0].label == "missing"


def test_missing_is_an_outcome_of_a_binned_column_too():
    line = [float(i) for i in range(160)]
    found = one([*line, *[None] * 40], [*line, *[None] * 240])
    p, q = 0.6, 0.2  # every bin keeps its share of the rest
    truth = p * math.log2(p / q) + (1 - p) * math.log2((1 - p) / (1 - q))
    assert found.by == "range"
    assert found.kl == pytest.approx(truth, rel=1e-12)


def test_unseen_value_is_infinite_and_named():
    found = one(["old"] * 8, ["old"] * 6 + ["new"] * 2)
    assert found.kl == math.inf
    assert found.js == pytest.approx(0.137925380970029974033, rel=1e-13)
    assert (found.unseen.values, found.unseen.share, found.unseen.names) == (1, 0.25, ("new",))
    assert found.vanished is None


def test_vanished_value_is_finite_and_named():
    found = one(["old"] * 6 + ["gone"] * 2, ["old"] * 8)
    assert found.kl == pytest.approx(math.log2(8 / 6), rel=1e-13)
    assert found.vanished.names == ("gone",)
    assert found.unseen is None


def test_identical_tables_are_exactly_equal():
    rng = random.Random(1)
    table = pa.table(
        {
            "number": [rng.gauss(0, 1) for _ in range(3000)],
            "text": [rng.choice("abc") for _ in range(3000)],
            "holes": [rng.choice([1, 2, None]) for _ in range(3000)],
        }
    )
    for column in compare(table, table).columns:
        assert (column.kl, column.js, column.tv) == (0, 0, 0)
        assert not column.drivers()


def test_many_values_equal_a_loop_over_rows():
    rng = random.Random(2)
    before = [f"m{int(5000 * rng.random() ** 3)}" for _ in range(20_000)]
    after = [f"m{int(5000 * rng.random() ** 2)}" for _ in range(15_000)]
    found = one(before, after)
    kl, js, tv = by_loop(before, after)
    assert found.kl == kl == math.inf
    assert found.js == pytest.approx(js, rel=1e-12)
    assert found.tv == pytest.approx(tv, rel=1e-12)
    new = set(after) - set(before)
    assert found.unseen.values == len(new)
    assert found.unseen.share == sum(value in new for value in after) / len(after)
    assert sum(cell.values for cell in found.cells) == len(set(before) | set(after))
    assert sum(cell.reference for cell in found.cells) == len(before)
    assert sum(cell.current for cell in found.cells) == len(after)
    assert math.fsum(cell.js for cell in found.cells) == pytest.approx(js, rel=1e-12)
    for cell in found.cells[:-1]:
        assert (cell.reference, cell.current) == (before.count(cell.label), after.count(cell.label))


def test_many_shared_values_give_the_exact_finite_kl():
    before = [value for value in range(3000) for _ in range(1 + value % 7)]
    after = [value for value in range(3000) for _ in range(1 + value % 5)]
    found = one([f"v{value}" for value in before], [f"v{value}" for value in after])
    kl, js, tv = by_loop(before, after)
    assert math.isfinite(kl)
    assert kl > 0.1
    assert (found.kl, found.js, found.tv) == (
        pytest.approx(kl, rel=1e-12),
        pytest.approx(js, rel=1e-12),
        pytest.approx(tv, rel=1e-12),
    )


def test_a_shift_of_two_sigma_survives_one_outlier():
    """facts/tables.md §1b: one value of 1e6 turns a shift of KL 2.9 bits into 0.03 elsewhere."""
    rng = random.Random(3)
    before = [rng.gauss(0, 1) for _ in range(20_000)]
    after = [rng.gauss(2, 1) for _ in range(20_000)]
    plain, spoilt = one(before, after), one([*before, 1e6], after)
    bound = 2 / math.log(2)  # KL of the two Gaussians: no partition can exceed it but by chance
    for found in (plain, spoilt):
        assert 0.75 * bound < found.kl < 1.05 * bound
    assert spoilt.kl == pytest.approx(plain.kl, rel=0.02)


def test_zero_inflation_keeps_zero_apart():
    rng = random.Random(4)

    def spend(rows, zeros):
        return [0.0 if i < zeros * rows else rng.expovariate(0.1) for i in range(rows)]

    found = one(spend(8000, 0.6), spend(8000, 0.3))
    zero = next(cell for cell in found.cells if cell.label == "0")
    assert (zero.reference, zero.current) == (4800, 2400)
    two_way = 0.3 * math.log2(0.3 / 0.6) + 0.7 * math.log2(0.7 / 0.4)
    assert two_way <= found.kl < 1.1 * two_way  # zero or not holds all of it but noise


def test_integers_of_few_values_are_compared_value_by_value():
    before, after = [0, 1, 1, 2, 2, 2, 3, 3] * 10, [0, 0, 0, 1, 1, 2, 2, 3] * 10
    found = one(before, after)
    assert found.by == "value"
    assert found.kl == pytest.approx(by_loop(before, after)[0], rel=1e-12)
    assert {cell.label for cell in found.cells} == {"0", "1", "2", "3"}


def test_large_identifiers_are_not_rounded():
    start = 1 << 60
    before = [start + i for i in range(4)] * 8
    after = [start + i for i in (0, 0, 0, 1, 1, 2, 2, 3)] * 4
    found = one(before, after)
    assert found.kl == pytest.approx(by_loop(before, after)[0], rel=1e-12)
    assert {cell.label for cell in found.cells} == {str(start + i) for i in range(4)}
    wide = one([start + i for i in range(640)], [start + i for i in range(320)])
    assert wide.by == "range"
    assert wide.kl == pytest.approx(1, rel=1e-12)  # half the bins, each twice as full


def test_the_least_integer_can_be_an_atom():
    least = -(1 << 63)
    values = list(range(1000))
    found = one([*values, *[least] * 1000], [*values, *[least] * 3000])
    atom = next(cell for cell in found.cells if cell.label == str(least))
    assert (atom.reference, atom.current) == (1000, 3000)
    assert found.kl == pytest.approx(0.75 * math.log2(1.5) + 0.25 * math.log2(0.5), rel=1e-12)


def test_integer_and_double_are_one_number():
    before, after = [1, 2, 3, 4] * 5, [1.0, 1.0, 2.0, 3.0, 4.0] * 4
    found = one(before, after)
    assert found.kind == "number"
    assert found.kl == pytest.approx(by_loop(before, after)[0], rel=1e-12)


def test_precision_alone_changes_nothing():
    single = pa.array([0.1, 0.2, 0.3] * 8, pa.float32())
    assert one(single, pa.array([0.1, 0.2, 0.3] * 8, pa.float64())).kl == 0


def test_nan_and_infinities_are_cells_of_their_own():
    line = [float(i) for i in range(100)]
    before = [*line, math.nan, math.inf, -math.inf, None]
    after = [*line, *[math.nan] * 2, *[math.inf] * 3, *[-math.inf] * 4, *[None] * 5]
    found = one(pa.array(before), pa.array(after))
    odd = {cell.label: (cell.reference, cell.current) for cell in found.cells}
    assert odd["NaN"] == (1, 2)
    assert odd["+∞"] == (1, 3)
    assert odd["-∞"] == (1, 4)
    assert odd["missing"] == (1, 5)
    assert sum(cell.current for cell in found.cells) == len(after)


def test_nan_of_polars_is_not_missing():
    found = compare(pl.DataFrame({"x": [1.0, math.nan] * 8}), pl.DataFrame({"x": [1.0, None] * 8}))
    assert found["x"].unseen.names == ("missing",)
    assert found["x"].vanished.names == ("nan",)


def test_values_beyond_the_reference_range_fall_into_the_end_cells():
    line = [float(i) for i in range(1600)]
    found = one(line, [*line[:800], *[1e9] * 800])
    assert math.isfinite(found.kl)
    end = found.drivers(1)[0]
    assert (end.label, end.reference, end.current) == ("> 1499", 100, 800)


def test_a_new_value_below_an_atom_is_not_hidden_by_it():
    """-999 for "unknown" appears where zero was the least and the most frequent value."""
    spread = [0.5 + i / 100 for i in range(400)]
    found = one([*[0.0] * 600, *spread], [*[0.0] * 500, *[-999.0] * 100, *spread])
    assert found.unseen.names == ("< 0",)
    assert found.unseen.share == 0.1
    assert found.js == pytest.approx(
        by_loop(["0"] * 600 + ["+"] * 400, ["0"] * 500 + ["-"] * 100 + ["+"] * 400)[1], rel=1e-12
    )


def test_constant_column():
    assert one([5.0] * 9, [5.0] * 4).kl == 0
    moved = one([5.0] * 9, [6.0] * 4)
    assert (moved.kl, moved.js, moved.tv) == (math.inf, 1, 1)


def test_all_missing_column():
    nothing = pa.array([None] * 4, pa.float64())
    assert one(nothing, nothing).js == 0
    assert one(nothing, [1.0, 2.0]).js == 1
    assert one(pa.nulls(4), ["a", "b"]).js == 1


def test_one_row():
    assert one([1.5], [1.5]).js == 0
    assert one([1.5], [2.5]).js == 1
    assert one(["a"], ["b"]).unseen.names == ("b",)


def test_columns_are_ranked_by_js():
    before = pa.table({"same": COIN, "new": COIN, "biased": COIN})
    after = pa.table({"same": COIN, "new": ["edge"] * 10, "biased": BIASED})
    assert [column.column for column in compare(before, after).columns] == ["new", "biased", "same"]
