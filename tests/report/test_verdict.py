"""Limits held against intervals: each rule on each side of a limit, and what is refused."""

import math
from dataclasses import replace

import pytest

from kullback.errors import InvalidInputError
from kullback.report import ColumnComparison, Limits, TableComparison, judge
from kullback.report.result import Distance, Estimated


def one(name="x", *, js=None, kl=None, smoothed=None, ks=None, raw=0.5):
    """A column with these intervals (lower, value, upper), and `raw` for every measure of rows."""
    found = {"js": js, "kl": kl, "smoothed": smoothed}
    return ColumnComparison(
        column=name,
        kind="number",
        by="range",
        kl=math.inf if smoothed else raw,
        js=raw,
        tv=raw,
        rows=(10, 10),
        missing=(0, 0),
        cells=(),
        estimates={
            key: Estimated(ends[1], ends[0], ends[2], 0.001) for key, ends in found.items() if ends
        },
        ks=None if ks is None else Distance(ks, ks, ks),
    )


def table(*columns):
    return TableComparison("a", "b", (10, 10), 2.0, columns)


BELOW, ACROSS_LOW, ACROSS_HIGH, ABOVE = (
    (0.001, 0.01, 0.015),
    (0.01, 0.015, 0.03),
    (0.01, 0.025, 0.03),
    (0.021, 0.03, 0.05),
)


@pytest.mark.parametrize(
    ("rule", "outcomes"),
    [
        ("lower", ["within", "undecided", "undecided", "breached"]),
        ("point", ["within", "undecided", "breached", "breached"]),
        ("upper", ["within", "breached", "breached", "breached"]),
    ],
)
def test_each_rule_on_each_side_of_the_limit(rule, outcomes):
    limits = Limits({"js": 0.02}, rule=rule)
    found = [
        judge(table(one(js=ends)), limits).outcome
        for ends in (BELOW, ACROSS_LOW, ACROSS_HIGH, ABOVE)
    ]
    assert found == outcomes


@pytest.mark.parametrize(
    ("ends", "strict", "status"),
    [(BELOW, True, 0), (ACROSS_LOW, False, 0), (ACROSS_LOW, True, 3), (ABOVE, True, 1)],
)
def test_the_exit_status(ends, strict, status):
    assert judge(table(one(js=ends)), Limits({"js": 0.02}, strict=strict)).exit_status == status


def test_a_limit_exactly_met_is_kept():
    for rule in ("lower", "point", "upper"):
        assert (
            judge(table(one(js=(0.02, 0.02, 0.02))), Limits({"js": 0.02}, rule=rule)).outcome
            == "within"
        )


def test_the_worst_column_decides_and_is_named():
    both = table(one("calm", js=BELOW), one("wild", js=ABOVE), one("dim", js=ACROSS_LOW))
    verdict = judge(both, Limits({"js": 0.02}))
    assert verdict.outcome == "breached"
    assert verdict.words == "breached by 1 of 3 columns, 1 undecided"
    assert [finding.column for finding in verdict.those("breached")] == ["wild"]
    assert (
        verdict.findings[1].words == "wild: JS 0.0300 (0.0210 to 0.0500) breaches the limit 0.0200"
    )


def test_a_columns_own_limit_goes_before_the_common_one():
    limits = Limits({"js": 0.02}, {"wild": {"js": 0.06}})
    assert judge(table(one("wild", js=ABOVE)), limits).outcome == "within"
    assert judge(table(one("other", js=ABOVE), one("wild", js=ABOVE)), limits).outcome == "breached"


def test_infinity_decides_nothing():
    """An infinite KL is judged by its smoothed twin, and without one not at all."""
    limits = Limits({"kl": 0.02}, rule="point")
    smooth = judge(table(one(smoothed=BELOW)), limits)
    assert smooth.outcome == "within"
    assert "infinity decides nothing" in smooth.findings[0].words
    alone = replace(one(), kl=math.inf)
    assert judge(table(alone), limits).outcome == "undecided"


def test_a_measure_without_interval_is_held_by_its_value_alone():
    held = table(one(ks=0.1), one("text"))
    assert judge(held, Limits({"ks": 0.05}, rule="point")).outcome == "breached"
    assert judge(held, Limits({"ks": 0.2}, rule="point")).outcome == "within"
    lower = judge(held, Limits({"ks": 0.05}))
    assert lower.outcome == "undecided"
    assert [finding.column for finding in lower.findings] == ["x"]
    with pytest.raises(InvalidInputError, match="ordered columns only"):
        judge(table(one("text")), Limits({"ks": 0.05}))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"every": {"jsd": 0.1}}, "'jsd' is not known"),
        ({"every": {"js": -0.1}}, "js is -0.1"),
        ({"every": {"js": math.inf}}, "js is inf"),
        ({"by_column": {"x": {"js": math.nan}}}, "js is nan"),
        ({"every": {"js": 0.1}, "rule": "middle"}, "rule is 'middle'"),
    ],
)
def test_senseless_limits_are_refused(arguments, words):
    with pytest.raises(InvalidInputError, match=words):
        Limits(**arguments)


def test_a_limit_for_a_column_that_is_not_there_is_refused():
    with pytest.raises(InvalidInputError, match=r"'two\\nlines', which was not compared"):
        judge(table(one(js=BELOW)), Limits({}, {"two\nlines": {"js": 0.1}}))
