"""Whether a comparison keeps to its limits: within, breached, or undecided.

A limit is held against an interval, so that an alarm says something of the data and not of how many
rows there are. With the interval [lower, upper] around a value:

- rule ``lower``: breached when lower > limit, so when the data show it; undecided when the limit
  lies inside the interval;
- rule ``point``: breached when value > limit; undecided when it is not, and upper > limit;
- rule ``upper``: breached unless upper ≤ limit, so unless the data exclude it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from kullback.errors import InvalidInputError
from kullback.report.words import number, visible

if TYPE_CHECKING:
    from kullback.report.result import ColumnComparison, TableComparison

Rule = Literal["lower", "point", "upper"]
Outcome = Literal["within", "breached", "undecided"]
RULES: tuple[Rule, ...] = get_args(Rule)
MEASURES = ("js", "kl", "reverse", "tv", "psi", "hellinger", "ks")
"""What a limit can be set on: zero for equal columns, and comparable between columns."""

EXIT: Mapping[Outcome, int] = {"within": 0, "breached": 1, "undecided": 3}


@dataclass(frozen=True)
class Limits:
    """The largest value allowed for each measure, for all columns and for some by name."""

    every: Mapping[str, float] = field(default_factory=dict)
    by_column: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    rule: Rule = "lower"
    strict: bool = False

    def __post_init__(self) -> None:
        if self.rule not in RULES:
            raise InvalidInputError(f"rule is {self.rule!r}; it is one of {', '.join(RULES)}")
        for limits in (self.every, *self.by_column.values()):
            for measure, limit in limits.items():
                _check(measure, limit)

    def of(self, column: str) -> dict[str, float]:
        """The limits of one column: its own before those of every column."""
        return {**self.every, **self.by_column.get(column, {})}

    def __bool__(self) -> bool:
        return bool(self.every or self.by_column)


def _check(measure: str, limit: float) -> None:
    if measure not in MEASURES:
        raise InvalidInputError(
            f"a limit on {measure!r} is not known; limits are on {', '.join(MEASURES)}"
        )
    if not 0 <= limit < math.inf:
        raise InvalidInputError(f"the limit on {measure} is {limit:g}; it must be 0 or more")


@dataclass(frozen=True)
class Finding:
    """One column held against one limit."""

    column: str
    measure: str
    limit: float
    value: float
    lower: float | None
    upper: float | None
    outcome: Outcome
    why: str = ""

    @property
    def words(self) -> str:
        """``arr_delay: JS 0.0350 (0.0310 to 0.0392) is above 0.0200``."""
        ends = (
            ""
            if self.lower is None or self.upper is None
            else f" ({number(self.lower)} to {number(self.upper)})"
        )
        said = {"within": "is within", "breached": "breaches", "undecided": "cannot be told from"}
        return (
            f"{visible(self.column)}: {self.measure.upper()} {number(self.value)}{ends} "
            f"{said[self.outcome]} the limit {number(self.limit)}{self.why}"
        )


@dataclass(frozen=True)
class Verdict:
    """What the limits say of a whole comparison, and the exit status that goes with it."""

    outcome: Outcome
    rule: Rule
    strict: bool
    findings: tuple[Finding, ...]

    @property
    def exit_status(self) -> int:
        """0 within, 1 breached, 3 undecided if strict (else 0)."""
        return 0 if self.outcome == "undecided" and not self.strict else EXIT[self.outcome]

    def those(self, outcome: Outcome) -> tuple[Finding, ...]:
        """The findings with that outcome."""
        return tuple(finding for finding in self.findings if finding.outcome == outcome)

    @property
    def words(self) -> str:
        """The verdict in one sentence."""
        held = len({finding.column for finding in self.findings})
        some = {
            outcome: len({finding.column for finding in self.those(outcome)})
            for outcome in ("breached", "undecided")
        }
        of = f"of {held} column{'' if held == 1 else 's'}"
        if self.outcome == "breached":
            rest = f", {some['undecided']} undecided" if some["undecided"] else ""
            return f"breached by {some['breached']} {of}{rest}"
        if self.outcome == "undecided":
            return f"undecided for {some['undecided']} {of}, breached by none"
        return f"within the limits in all {held} columns" if held != 1 else "within the limits"


def judge(result: TableComparison, limits: Limits) -> Verdict:
    """Hold every column against its limits."""
    known = {column.column for column in result.columns}
    for name in limits.by_column:
        if name not in known:
            raise InvalidInputError(
                f"a limit is set for column {visible(name)}, which was not compared"
            )
    findings = tuple(
        _held(column, measure, limit, limits.rule)
        for column in result.columns
        for measure, limit in limits.of(column.column).items()
        if _as_they_are(column, measure) is not None
    )
    if not findings and limits:
        raise InvalidInputError(
            "none of the compared columns has what the limits are on: KS is of ordered columns only"
        )
    outcomes = {finding.outcome for finding in findings}
    worst: Outcome = next((o for o in ("breached", "undecided") if o in outcomes), "within")
    return Verdict(worst, limits.rule, limits.strict, findings)


def _held(column: ColumnComparison, measure: str, limit: float, rule: Rule) -> Finding:
    """The bias-corrected value and its interval against the limit, after the rule."""
    asked, why = measure, ""
    if measure == "kl" and math.isinf(column.kl) and "smoothed" in column.estimates:
        asked = "smoothed"
        why = ", smoothed because KL itself is infinite: infinity decides nothing"
    found = column.estimates.get(asked)
    if found is None:
        value = _as_they_are(column, measure) or 0.0
        outcome: Outcome = "undecided"
        if math.isinf(value):
            why = ": it is infinite, and infinity decides nothing"
        elif rule == "point":
            outcome = "breached" if value > limit else "within"
        else:
            why = f": it has no interval here, so rule {rule} decides nothing; rule point would"
        return Finding(column.column, measure, limit, value, None, None, outcome, why)
    compared = {"lower": found.lower, "point": found.value, "upper": found.upper}[rule]
    outcome = "breached" if compared > limit else "within" if found.upper <= limit else "undecided"
    return Finding(
        column.column, measure, limit, found.value, found.lower, found.upper, outcome, why
    )


def _as_they_are(column: ColumnComparison, measure: str) -> float | None:
    """The value of the rows themselves, where the column has one."""
    if measure == "ks":
        return column.ks.value if column.ks else None
    value: float | None = getattr(column, measure)
    return value
