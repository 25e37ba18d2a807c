"""Two models' probabilities against brute force."""

import math

import numpy as np
import polars as pl
import pytest

from kullback.errors import InvalidInputError, TableError
from kullback.tables.predictions import compare_predictions

A, B = ["a0", "a1", "a2"], ["b0", "b1", "b2"]


@pytest.fixture(scope="module")
def table():
    rng = np.random.default_rng(0)
    p, q = rng.dirichlet([2, 3, 4], 3000), rng.dirichlet([3, 3, 3], 3000)
    y = np.array([rng.choice(3, p=row) for row in p])
    columns = dict(zip([*A, *B], np.hstack([p, q]).T, strict=True))
    return pl.DataFrame(columns | {"y": y, "user": np.arange(3000) // 10})


def parts(table):
    p, q = table[A].to_numpy(), table[B].to_numpy()
    return p, q, table["y"].to_numpy()


def test_means_are_those_of_rows(table):
    p, q, y = parts(table)
    found = compare_predictions(table, A, B, label="y", base=math.e)
    kl = (p * np.log(p / q)).sum(axis=1)
    error = kl.std(ddof=1) / math.sqrt(len(kl))
    assert found.kl.value == pytest.approx(kl.mean(), rel=1e-10)
    assert found.kl.upper - found.kl.value == pytest.approx(1.961 * error, rel=1e-3)
    assert found.reverse.value == pytest.approx((q * np.log(q / p)).sum(axis=1).mean(), rel=1e-10)
    first, second = (-np.log(model[np.arange(3000), y]) for model in (p, q))
    assert found.first.cross_entropy.value == pytest.approx(first.mean(), rel=1e-10)
    assert found.second.cross_entropy.value == pytest.approx(second.mean(), rel=1e-10)
    assert found.difference.value == pytest.approx((first - second).mean(), rel=1e-9)
    spread = (first - second).std(ddof=1) / math.sqrt(3000)
    assert found.difference.upper - found.difference.value == pytest.approx(
        1.961 * spread, rel=1e-3
    )
    assert found.difference.upper < 0  # labels were drawn from the first
    bits = compare_predictions(table, A, B)
    assert bits.kl.value == pytest.approx(kl.mean() / math.log(2), rel=1e-10)


def test_a_model_that_made_the_labels_is_calibrated(table):
    p, _, y = parts(table)
    found = compare_predictions(table, A, B, label="y")
    first, second = found.first.calibration, found.second.calibration
    assert first.error < 2.5 * first.chance
    assert second.error > 5 * second.chance
    sure = p.max(axis=1)
    some = (sure >= 0.6) & (sure < 0.7)
    (tenth,) = (each for each in first.bins if 0.6 <= each.confidence < 0.7)
    assert tenth.rows == some.sum()
    assert tenth.frequency == pytest.approx((p.argmax(axis=1) == y)[some].mean())


def test_blocks_widen_the_interval():
    rng = np.random.default_rng(1)
    mood = np.repeat(rng.uniform(0.2, 0.8, 60), 50)
    table = pl.DataFrame({"p": mood, "q": np.full(3000, 0.5), "user": np.arange(3000) // 50})
    by_row, by_user = (compare_predictions(table, "p", "q", block=b) for b in (None, "user"))
    assert by_user.blocks == 60
    assert by_user.kl.value == pytest.approx(by_row.kl.value, rel=1e-12)
    ratio = (by_user.kl.upper - by_user.kl.lower) / (by_row.kl.upper - by_row.kl.lower)
    assert ratio == pytest.approx(math.sqrt(50), rel=0.05)


def test_labels_may_be_words_or_truths():
    table = pl.DataFrame({"p": [0.8, 0.3], "q": [0.5, 0.5], "y": ["yes", "no"]})
    truth = -(math.log2(0.8) + math.log2(0.7)) / 2
    worded = compare_predictions(table, "p", "q", label="y", classes=["no", "yes"])
    assert worded.first.cross_entropy.value == pytest.approx(truth)
    assert worded.second.cross_entropy.value == pytest.approx(1)
    plain = table.with_columns(y=pl.col("y") == "yes")
    same = compare_predictions(plain, "p", "q", label="y")
    assert same.first.cross_entropy.value == pytest.approx(truth)
    assert "The models cannot be told apart by the label" in repr(same)


def test_infinity_is_counted():
    table = pl.DataFrame({"p": [0.5, 0.0, 1.0], "q": [0.5, 0.5, 0.0], "y": [0, 1, 1]})
    found = compare_predictions(table, "p", "q", label="y")
    assert found.kl.value == math.inf
    assert found.infinite == (1, 2)
    assert found.first.cross_entropy.value == math.inf
    missing = compare_predictions(
        table.with_columns(y=pl.Series([0, None, 1])), "p", "q", label="y"
    )
    assert missing.labelled == 2
    assert missing.first.cross_entropy.value == pytest.approx(0.5)


def test_what_is_no_prediction_is_refused():
    table = pl.DataFrame(
        {"p": [0.5, 1.5], "n": [0.1, None], "q": [0.5, 0.2], "r": [0.5, 0.2], "y": ["a", "b"]}
    )
    with pytest.raises(InvalidInputError, match=r"1 row of .* without a probability .* in p"):
        compare_predictions(table, "p", "q")
    with pytest.raises(InvalidInputError, match="in n"):
        compare_predictions(table, "q", "n")
    with pytest.raises(InvalidInputError, match="do not add up to 1"):
        compare_predictions(table, ["q", "r"], ["q", "r"])
    with pytest.raises(InvalidInputError, match="3 classes, and the second 2"):
        compare_predictions(table, ["p", "q", "r"], "q")
    with pytest.raises(InvalidInputError, match="classes="):
        compare_predictions(table, "q", "r", label="y")
    with pytest.raises(InvalidInputError, match=r"1 row .* such as b"):
        compare_predictions(table, "q", "r", label="y", classes=["a", "c"])
    with pytest.raises(InvalidInputError, match="y is text"):
        compare_predictions(table, "y", "q")
    with pytest.raises(TableError, match="no column s"):
        compare_predictions(table, "s", "q")
