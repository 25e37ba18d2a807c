"""Eight comparisons that other tools get wrong, 20 000 rows a side, and the truth of each.

What they print for them, measured in November 2026 (evidently 0.7.23, frouros 0.9.0, nannyml
0.13.1; KL and PSI in nats): one outlier takes KL from 2.09 to 0.02; equal tables of many categories
read KL 1.04 and 0.56, "drift"; disjoint ones read 8.18, an artefact of a fill; elsewhere KL is
infinite as soon as tails differ.
"""

import math

import numpy as np
import pyarrow as pa
import pytest

from kullback.tables import compare

ROWS = 20_000
OUTLIER = 1e6


@pytest.fixture(scope="module")
def found():
    rng = np.random.default_rng(2026)

    def normal(mean=0.0):
        return rng.normal(mean, 1, ROWS)

    def words(k, weights):
        return [f"c{i}" for i in rng.choice(k, ROWS, p=weights / weights.sum())]

    zipf, even = 1 / np.arange(1.0, 20_001) ** 1.1, np.ones(5000)
    same, two = normal(), normal(2)
    before = {
        "identical": same,
        "null": normal(),
        "half": normal(),
        "two": normal(),
        "disjoint": rng.uniform(0, 1, ROWS),
        "zipf": words(20_000, zipf),
        "uniform": words(5000, even),
    }
    after = {
        "identical": same,
        "null": normal(),
        "half": normal(0.5),
        "two": two,
        "disjoint": rng.uniform(2, 3, ROWS),
        "zipf": words(20_000, zipf),
        "uniform": words(5000, even),
    }
    before["outlier"], after["outlier"] = [*before["two"][1:], OUTLIER], two
    before["outlier now"], after["outlier now"] = before["two"], [*two[1:], OUTLIER]
    return compare(pa.table(before), pa.table(after), base=math.e)


def test_identical(found):
    column = found["identical"]
    assert (column.kl, column.js, column.psi, column.tv) == (0, 0, 0, 0)
    assert column.p_value > 0.9
    assert column.status == "same"


def test_two_samples_of_one_law(found):
    column = found["null"]
    assert column.status == "same"
    assert column.estimates["kl"].lower <= 0
    assert abs(column.estimates["kl"].value) < 0.001


def test_a_shift_of_half_a_sigma_is_an_eighth(found):
    column = found["half"]
    assert column.status == "differs"
    finest = column.refinement[-1]
    assert finest.kl_corrected == pytest.approx(0.125, abs=0.01)
    assert 0.11 < column.estimates["kl"].value <= 0.13
    assert column.wasserstein.value == pytest.approx(0.5, abs=0.03)
    assert column.ks.value == pytest.approx(0.1974, abs=0.02)


def test_a_shift_of_two_sigma_is_two(found):
    column = found["two"]
    assert 1.5 < column.kl < 2.1
    assert column.kl < column.refinement[-1].kl_corrected < 2.15
    assert column.js == pytest.approx(0.34, abs=0.02)
    assert column.wasserstein.value == pytest.approx(2, abs=0.05)


@pytest.mark.parametrize("name", ["outlier", "outlier now"])
def test_one_outlier_changes_nothing(found, name):
    spoilt, plain = found[name], found["two"]
    assert spoilt.kl == pytest.approx(plain.kl, rel=0.01)
    assert spoilt.js == pytest.approx(plain.js, rel=0.01)
    assert spoilt.psi == pytest.approx(plain.psi, rel=0.01)
    assert spoilt.status == "differs"


def test_disjoint_is_told_as_it_is(found):
    column = found["disjoint"]
    assert column.kl == pytest.approx(math.log(16))  # all that 16 cells with open ends can say
    finest = column.refinement[-1]
    assert finest.kl == pytest.approx(math.log(256), rel=0.01)  # it grows with every doubling
    assert finest.js > 0.98 * math.log(2)
    assert column.ks.value > 0.998
    assert column.wasserstein.value == pytest.approx(2, abs=0.02)
    assert column.status == "differs"


@pytest.mark.parametrize("name", ["zipf", "uniform"])
def test_many_categories_without_drift_are_no_alarm(found, name):
    column = found[name]
    assert column.js > 0.05  # what frequencies show
    assert column.p_value > 0.01
    assert column.q_value > 0.05
    assert column.status != "differs"
    js = column.estimates["js"]
    assert js.lower < 0.002
    assert abs(js.value) < 0.005


def test_the_even_categories_are_even_called_the_same(found):
    assert found["uniform"].status == "same"


def test_only_what_differs_is_said_to_differ(found):
    names = {column.column for column in found.columns if column.status == "differs"}
    assert names == {"half", "two", "outlier", "outlier now", "disjoint"}


def test_ten_times_the_rows_is_the_same_divergence():
    """PSI of raw counts, as popmon has it, grows a thousandfold with a thousandfold of rows."""
    rng = np.random.default_rng(7)
    before, after = (
        rng.choice(["a", "b", "c"], 500, p=p) for p in ((0.2, 0.3, 0.5), (0.3, 0.3, 0.4))
    )
    few, many = (
        compare(pa.table({"x": list(before) * times}), pa.table({"x": list(after) * times}))["x"]
        for times in (1, 10)
    )
    assert few.psi > 0.03
    assert (many.kl, many.js, many.psi) == pytest.approx((few.kl, few.js, few.psi), rel=1e-12)


@pytest.fixture(scope="module")
def shop():
    """What drifted was told as no drift, and the many merchants, which did not, as the only one."""
    rng, rows = np.random.default_rng(8), 60_000

    def side(missing, new, slow, skew):
        reading = rng.normal(20, 5, rows)
        return pa.table(
            {
                "latency": np.where(rng.random(rows) < 0.6, 0, rng.gamma(2, slow, rows)),
                "reading": pa.array(reading, mask=rng.random(rows) < missing),
                "device": rng.choice(["phone", "desktop", "vision"], rows, p=[0.6 - new, 0.4, new]),
                "country": np.floor(12 * rng.random(rows) ** skew).astype(int).astype(str),
                "merchant": [f"m{int(x)}" for x in 33_000 ** rng.random(rows)],
                "plan": rng.choice(["free", "plus"], rows, p=[0.7, 0.3]),
            }
        )

    return compare(side(0.02, 0.0, 40, 2.0), side(0.06, 0.02, 44, 1.9))


def test_what_drifts_in_a_shop_is_told(shop):
    status = {column.column: column.status for column in shop.columns}
    assert {name for name, said in status.items() if said == "differs"} == {
        "latency", "reading", "device", "country",
    }  # fmt: skip
    assert status["plan"] == "same"
    assert shop["device"].unseen.names == ("vision",)
    assert "missing" in {cell.label for cell in shop["reading"].drivers(1)}


def test_no_column_is_counted_twice(shop):
    queries = shop.provenance.queries
    assert len(queries) < 3 * len(shop.columns)
