"""A comparison as one HTML page: no script, no network, readable by eye, by ear and on paper."""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kullback.errors import MissingExtraError
from kullback.report import figures, text, words
from kullback.report.sentences import headline, sentences
from kullback.report.verdict import judge

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kullback.report.predictions import PredictionComparison
    from kullback.report.result import Cell, ColumnComparison, Estimated, TableComparison
    from kullback.report.verdict import Limits

TEMPLATES = Path(__file__).parent / "templates"
OPEN = 8  # cards whose cells are shown at once; the others open on demand
BY_NAME = 12  # values listed in a card; ranges are listed all, for they make one picture
LINES = 1300  # cells listed in all cards together, the most different columns first
SIZE = 295_000  # bytes: the queries that fit in them are printed; JSON has them all


def render(result: TableComparison, limits: Limits | None = None) -> str:
    """The whole report."""
    verdict = judge(result, limits) if limits else None

    def page(queries: list[str]) -> str:
        return _page("report.html.jinja", result, verdict=verdict, limits=limits, queries=queries)

    room = SIZE - len(page([]).encode())
    return page(_fitting(result.provenance.queries, room))


def require() -> None:
    """Refuse at once where jinja2 is not installed."""
    _environment()


def fragment(result: TableComparison) -> str:
    """The ranking alone, for a notebook; plain text where jinja2 is not installed."""
    try:
        return _page("notebook.html.jinja", result)
    except MissingExtraError:
        return f"<pre>{escape(text.render(result))}</pre>"


def predictions(result: PredictionComparison, *, notebook: bool = False) -> str:
    """The comparison of two models: a page, or without its frame what a notebook shows."""
    from kullback.report import predictions_out as out

    words = {"setting": out.setting, "verdict": out.verdict, "table_of": out.table_of}
    drawn = {"reliability": out.reliability, "shown": out.shown}
    try:
        template = _environment().get_template("predictions.html.jinja")
    except MissingExtraError:
        if notebook:
            return f"<pre>{escape(repr(result))}</pre>"
        raise
    return _tidied(template.render(result=result, notebook=notebook, **words, **drawn))


def _page(template: str, result: TableComparison, **more: Any) -> str:
    scale = figures.scale_of(result)
    lines = (
        _environment()
        .get_template(template)
        .render(
            result=result,
            scale=scale,
            many=Counter(column.status for column in result.columns),
            judged=any(column.status for column in result.columns),
            full=_with_cells(result),
            common=_common_notes(result),
            open=OPEN,
            **more,
        )
    )
    return _tidied(lines)


def _tidied(page: str) -> str:
    """Without the room that a template leaves around its lines."""
    return "\n".join(line for line in map(str.strip, page.splitlines()) if line) + "\n"


@cache
def _environment() -> Any:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "an HTML report needs jinja2: pip install 'kullback[report]'"
        ) from error
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    plain = (
        words.best,
        words.number,
        words.interval,
        words.measured,
        words.probability,
        words.percent,
        words.hundredths,
        words.grouped,
        words.rows,
        words.visible,
        words.shortened,
    )
    environment.filters |= {made.__name__: made for made in plain}
    environment.globals |= {
        "headline": headline,
        "sentences": sentences,
        "listed": listed,
        "measures": measures,
        "bars": bars,
        "style": (TEMPLATES / "style.css").read_text("utf-8"),
        "drawn": figures.interval,
        "axis": figures.axis,
        "cumulative": figures.cumulative,
    }
    return environment


def listed(column: ColumnComparison) -> list[Cell]:
    """The cells that a card shows, in the order of the line: all ranges, or the main values."""
    if column.by == "range":
        return list(column.cells)
    main = set(sorted(range(len(column.cells)), key=lambda i: -column.cells[i].js)[:BY_NAME])
    return [cell for place, cell in enumerate(column.cells) if place in main]


def bars(column: ColumnComparison, cells: list[Cell]) -> list[tuple[Cell, str]]:
    """Each cell with the lengths of its two bars, and its part of the divergence as a colour.

    The longest bar is 100, and so is the darkest colour. Values that are pooled have no bar: it
    would be as long as they are many.
    """
    each = [cell for cell in cells if cell.values == 1]
    longest = max((max(column.share(cell)) for cell in each), default=0) or 1
    darkest = max((column.part(cell) for cell in each), default=0) if column.js > 0 else 0
    styled = []
    for cell in cells:
        if cell.values > 1:
            styled.append((cell, "--a:0;--b:0;--c:0"))
            continue
        before, after = (100 * share / longest for share in column.share(cell))
        part = 100 * column.part(cell) / darkest if darkest else 0
        styled.append((cell, f"--a:{before:.0f};--b:{after:.0f};--c:{part:.0f}"))
    return styled


def measures(column: ColumnComparison, unit: str) -> list[tuple[str, str]]:
    """Every measure of a column with its unit and interval, in words."""
    found = [
        ("JS", _words(column.js, column.estimates.get("js"), unit)),
        ("KL", _words(column.kl, column.estimates.get("kl"), unit)),
    ]
    if column.smoothed is not None and math.isinf(column.kl):
        smoothed = _words(column.smoothed.value, column.estimates.get("smoothed"), unit)
        found.append(("KL smoothed", smoothed))
    for name, value, key, of in (
        ("KL reversed", column.reverse, "reverse", unit),
        ("TV", column.tv, "tv", ""),
        ("PSI", column.psi, "psi", "nats"),
        ("Hellinger", column.hellinger, "hellinger", ""),
    ):
        if value is not None:
            found.append((name, _words(value, column.estimates.get(key), of)))
    for name, distance in (("KS", column.ks), ("Wasserstein", column.wasserstein)):
        if distance is not None:
            ends = f"{distance.least:.4g} to {distance.most:.4g}"
            found.append((name, f"{words.measured(distance.value, distance.unit)} ({ends})"))
    if js := column.estimates.get("js"):
        found.append(("JS noise floor", f"{words.number(js.floor)} {unit}"))
    chances = [one for one in (column.p_value, column.q_value) if one is not None]
    if chances:
        names = "p, q" if len(chances) > 1 else "p"
        found.append((names, ", ".join(words.probability(one) for one in chances)))
    return found


def _words(value: float, estimate: Estimated | None, unit: str) -> str:
    """``0.0161 bits`` of the rows; ``0.0158 bits (0.0142 to 0.0175)`` where it is estimated."""
    if estimate is None:
        return f"{words.number(value)} {unit}".strip()
    ends = words.interval((estimate.lower, estimate.upper))
    return f"{f'{words.number(estimate.value)} {unit}'.strip()} ({ends})"


def _with_cells(result: TableComparison) -> int:
    """How many cards list their cells: all, but for tables so wide that no browser would thank."""
    lines = 0
    for place, column in enumerate(result.columns):
        lines += len(listed(column))
        if lines > LINES:
            return place
    return len(result.columns)


def _common_notes(result: TableComparison) -> list[tuple[str, int]]:
    """Notes that several columns share, which are printed once, with the number of columns."""
    notes = Counter(note for column in result.columns for note in column.notes)
    return [(note, times) for note, times in notes.items() if times > 2]


def _fitting(queries: Sequence[str], room: int) -> list[str]:
    """The first queries, as many as have room with their markup."""
    kept: list[str] = []
    for query in queries:
        room -= len(escape(query).encode()) + len("<pre tabindex=0></pre>")
        if room < 0:
            break
        kept.append(query)
    return kept
