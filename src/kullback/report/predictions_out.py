"""Every way out of a comparison of two models: printed, in a notebook, JSON, Markdown, HTML."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from os import PathLike
from typing import TYPE_CHECKING, Any, cast

from kullback.report.aligned import aligned
from kullback.report.as_markdown import escaped
from kullback.report.files import written
from kullback.report.words import grouped, interval, number, rows, visible

if TYPE_CHECKING:
    from kullback.report.predictions import Calibration, Mean, Model, PredictionComparison

SCHEMA = "kullback.predictions/1"
Path = str | PathLike[str]


class PredictionOutputs:
    """What a comparison of models turns into; each `path` is written whole or not at all."""

    def __repr__(self) -> str:
        return "\n".join([heading(self._result), *lines(self._result), verdict(self._result)])

    def _repr_html_(self) -> str:
        from kullback.report import as_html

        return as_html.predictions(self._result, notebook=True)

    def to_json(self, path: Path | None = None) -> str:
        """The comparison as JSON, complete, with infinity as ``"inf"``."""
        found = {
            "schema": SCHEMA,
            "unit": self._result.unit,
            "verdict": verdict(self._result),
            **_plain(asdict(self._result)),
        }
        text = json.dumps(found, ensure_ascii=False, indent=2, allow_nan=False)
        return written(text + "\n", path)

    def to_markdown(self, path: Path | None = None) -> str:
        """The verdict and a short table, as a pull request shows them."""
        result = self._result
        table = [
            "| | first | second |",
            "|---|---:|---:|",
            *(f"| {' | '.join(map(escaped, line))} |" for line in table_of(result)),
        ]
        text = [f"### {escaped(heading(result))}", "", escaped(verdict(result)), "", *table]
        return written("\n".join(text) + "\n", path)

    def to_html(self, path: Path | None = None) -> str:
        """The whole report as one HTML page that needs no script and no network.

        Needs jinja2: ``pip install 'kullback[report]'``.
        """
        from kullback.report import as_html

        return written(as_html.predictions(self._result), path)

    @property
    def _result(self) -> PredictionComparison:
        return cast("PredictionComparison", self)


def heading(result: PredictionComparison) -> str:
    """``scores.parquet: 3 000 rows in 300 blocks; first: old; second: new``."""
    return f"{result.table}: {setting(result)}"


def setting(result: PredictionComparison) -> str:
    """How many rows, and which columns are whose."""
    by = "" if result.blocks is None else f" in {grouped(result.blocks)} blocks"
    first, second = (", ".join(map(visible, columns)) for columns in result.models)
    return f"{rows(result.rows)}{by}; first: {first}; second: {second}"


def lines(result: PredictionComparison) -> list[str]:
    """The numbers, a line each."""
    return list(aligned([("", "first", "second"), *table_of(result)], frozenset()))


def table_of(result: PredictionComparison) -> list[tuple[str, str, str]]:
    """What is measured, of the first model, and of the second."""
    unit = result.unit
    found = [(f"mean KL to the other, {unit}", ends(result.kl), ends(result.reverse))]
    if any(result.infinite):
        first, second = map(grouped, result.infinite)
        found.append(("rows where it is infinite", first, second))
    if result.first and result.second:
        one, two = result.first, result.second
        here, there = one.calibration, two.calibration
        found += [
            (f"cross-entropy of {visible(result.label or '')}, {unit}",
             ends(one.cross_entropy), ends(two.cross_entropy)),
            ("calibration error", f"{here.error:.4f}", f"{there.error:.4f}"),
            ("… expected of a calibrated model", f"{here.chance:.4f}", f"{there.chance:.4f}"),
            (f"saved by recalibrating, {unit}", number(here.loss), number(there.loss)),
        ]  # fmt: skip
    return found


def verdict(result: PredictionComparison) -> str:
    """Which model is nearer the label, or that the rows do not say."""
    apart = result.difference
    if apart is None:
        return "No label: which model is nearer the truth was not asked."
    held = f"of {rows(result.labelled)} with a label"
    if math.isnan(apart.value):
        return f"Both models rule out the label in some {held}: neither is nearer."
    if apart.lower > 0 or apart.upper < 0:
        nearer, saved = ("second", apart) if apart.lower > 0 else ("first", turned(apart))
        return (
            f"The {nearer} model is nearer the label: it costs {ends(saved)} {result.unit} less a "
            f"row, {held}."
        )
    return (
        f"The models cannot be told apart by the label: the first costs {ends(apart)} "
        f"{result.unit} more a row, {held}."
    )


def ends(mean: Mean) -> str:
    """A mean with its interval: ``0.0513 (0.0480 to 0.0546)``."""
    if not math.isfinite(mean.value):
        return number(mean.value)
    return f"{number(mean.value)} ({interval((mean.lower, mean.upper))})"


def turned(mean: Mean) -> Mean:
    """The mean of the opposite difference."""
    return type(mean)(-mean.value, -mean.upper, -mean.lower)


def reliability(calibration: Calibration) -> str:
    """Frequency against confidence, a disc for each tenth, its area the share of rows."""
    total = sum(each.rows for each in calibration.bins)
    discs = "".join(
        f"<circle cx={100 * each.confidence:.1f} cy={100 - 100 * each.frequency:.1f} "
        f"r={1.5 + 8 * math.sqrt(each.rows / total):.1f} />"
        for each in calibration.bins
    )
    return (
        '<svg class=reliability viewBox="-6 -6 112 116" role=img aria-label="Frequency against '
        f'confidence"><path class=r d="M0 100L100 0"/><path d="M0 0V100H100"/>{discs}'
        "<text x=100 y=107 text-anchor=end>sure, 0 to 1 →</text>"
        "<text x=3 y=3>↑ right, 0 to 1</text></svg>"
    )


def shown(model: Model) -> list[tuple[str, ...]]:
    """The tenths of a model's confidence in words."""
    return [
        (grouped(each.rows), f"{each.confidence:.3f}", f"{each.frequency:.3f}")
        for each in model.calibration.bins
    ]


def _plain(value: Any) -> Any:
    """Values that JSON has; an infinite number is a word, and what is no number is null."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else "inf" if value > 0 else "-inf"
    return value
