"""A comparison for a pull request: the verdict, a short table, and what is infinite."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kullback.report.sentences import headline
from kullback.report.verdict import judge
from kullback.report.words import best, interval, number, probability, rows, shortened, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kullback.report.result import ColumnComparison, TableComparison
    from kullback.report.verdict import Limits

MOST = 12  # columns in the table; the rest are counted
MARKS = {"breached": "❌", "undecided": "❔", "within": "✅"}


def render(result: TableComparison, limits: Limits | None = None) -> str:
    """The comparison as Markdown."""
    return "\n".join(_lines(result, limits)) + "\n"


def _lines(result: TableComparison, limits: Limits | None) -> Iterator[str]:
    yield f"### {escaped(result.current)} against {escaped(result.reference)}"
    yield ""
    if limits:
        verdict = judge(result, limits)
        yield (
            f"{MARKS[verdict.outcome]} **{verdict.words[0].upper()}{verdict.words[1:]}** "
            f"(rule {verdict.rule}, exit status {verdict.exit_status})"
        )
        yield ""
        for finding in (*verdict.those("breached"), *verdict.those("undecided"))[:MOST]:
            yield f"- {escaped(finding.words)}"
        yield ""
    yield (
        f"{rows(result.rows[0])} of reference, {rows(result.rows[1])} current; divergences in "
        f"{result.unit}, KL is KL(current ‖ reference)."
    )
    yield ""
    yield "| column | status | JS | KL | q | what changed most |"
    yield "|---|---|---:|---:|---:|---|"
    for column in result.columns[:MOST]:
        yield _row(column)
    if (more := len(result.columns) - MOST) > 0:
        yield ""
        yield f"… and {more} more column{'s' if more > 1 else ''} with a smaller JS."
    for note in result.notes:
        yield ""
        yield escaped(note)


def _row(column: ColumnComparison) -> str:
    js = column.estimates.get("js")
    ends = f" ({interval((js.lower, js.upper))})" if js else ""
    cells = (
        f"**{escaped(shortened(visible(column.column)))}**",
        column.status or "–",
        number(best(column, "js")) + ends,
        number(best(column, "kl")),
        "–" if column.q_value is None else probability(column.q_value),
        escaped(headline(column)),
    )
    return f"| {' | '.join(cells)} |"


def escaped(text: str) -> str:
    r"""Text that Markdown, and the HTML inside it, leave as it is.

    >>> escaped("a|b <script> *c* @me")
    'a\\|b &lt;script&gt; \\*c\\* @\u200bme'
    """
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = re.sub(r"([\\`*_{}\[\]()#!|~$])", r"\\\1", text)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r"@(?=\w)|(?<=http)(?=s?:)|(?<=www)(?=\.)", lambda m: m[0] + "\u200b", text)
