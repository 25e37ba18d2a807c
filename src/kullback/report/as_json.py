"""A comparison for programs: JSON that any parser accepts, and a dataframe."""

from __future__ import annotations

import json
import math
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from kullback.errors import MissingExtraError
from kullback.report.sentences import headline, sentences
from kullback.report.verdict import judge
from kullback.report.words import driver

if TYPE_CHECKING:
    from kullback.report.result import (
        ColumnComparison,
        Distance,
        Estimated,
        Joint,
        OneSided,
        TableComparison,
    )
    from kullback.report.verdict import Limits, Verdict

SCHEMA = "kullback.compare/1"
"""The name of the layout, described in docs/json.md; a change that breaks readers counts it up."""

Line = dict[str, Any]


def dumps(result: TableComparison, limits: Limits | None = None) -> str:
    """The comparison as JSON text."""
    found = as_dict(result, limits)
    return json.dumps(found, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def as_dict(result: TableComparison, limits: Limits | None = None) -> Line:
    """The comparison as plain values; infinity is the string ``"inf"``, for JSON has no other."""
    run = result.provenance
    return {
        "schema": SCHEMA,
        "question": "KL(current ‖ reference)",
        "unit": result.unit,
        "base": result.base,
        "reference": {"name": result.reference, "rows": result.rows[0]},
        "current": {"name": result.current, "rows": result.rows[1]},
        "verdict": _verdict(judge(result, limits)) if limits else None,
        "decision": {
            "limit_js": _number(result.limit),
            "alpha": result.alpha,
            "level": result.level,
            "block": result.block,
            "blocks_reference": result.blocks[0] if result.blocks else None,
            "blocks_current": result.blocks[1] if result.blocks else None,
        },
        "columns": [_column(column, result.unit) for column in result.columns],
        "joint": _joint(result.joint) if result.joint else None,
        "notes": list(result.notes),
        "provenance": {
            "engine": run.engine,
            "version": run.version,
            "seed": run.seed,
            "resamples": run.resamples,
            "queries": list(run.queries),
        },
    }


def _column(column: ColumnComparison, unit: str) -> Line:
    return {
        **_measures(column),
        "kl": _number(column.kl),
        "reverse": _number(column.reverse),
        "psi": _number(column.psi),
        "smoothed": None
        if column.smoothed is None
        else {
            "kl": _number(column.smoothed.value),
            "prior": column.smoothed.prior,
            "prior_name": column.smoothed.prior_name,
        },
        "estimates": {name: _estimated(found) for name, found in column.estimates.items()},
        "ks": _distance(column.ks),
        "wasserstein": _distance(column.wasserstein),
        "refinement": [
            {
                "cells": one.cells,
                "kl": _number(one.kl),
                "js": one.js,
                "kl_corrected": _number(one.kl_corrected),
            }
            for one in column.refinement
        ],
        "distinct": column.distinct,
        "unseen": _one_sided(column.unseen),
        "vanished": _one_sided(column.vanished),
        "headline": headline(column),
        "sentences": list(sentences(column, unit)),
        "drivers": [
            {"value": cell.label, "reference": before, "current": after, "js": cell.js}
            for cell, (before, after) in ((c, column.share(c)) for c in column.drivers())
        ],
        "cells": [
            {
                "value": cell.label,
                "kind": cell.kind,
                "values": cell.values,
                "reference": cell.reference,
                "current": cell.current,
                "reference_share": column.share(cell)[0],
                "current_share": column.share(cell)[1],
                "kl": _number(cell.kl),
                "js": cell.js,
                "part": column.part(cell) if column.js > 0 else 0.0,
            }
            for cell in column.cells
        ],
        "edges": [_number(edge) for edge in column.edges],
        "notes": list(column.notes),
    }


def _measures(column: ColumnComparison) -> Line:
    return {
        "column": column.column,
        "kind": column.kind,
        "by": column.by,
        "status": column.status,
        "kl": column.kl,
        "js": column.js,
        "tv": column.tv,
        "reverse": column.reverse,
        "psi": column.psi,
        "hellinger": column.hellinger,
        "p_value": column.p_value,
        "q_value": column.q_value,
        "test": column.test,
        "rows_reference": column.rows[0],
        "rows_current": column.rows[1],
        "missing_reference": column.missing_share[0],
        "missing_current": column.missing_share[1],
    }


def _estimated(found: Estimated) -> Line:
    return {
        "value": _number(found.value),
        "lower": _number(found.lower),
        "upper": _number(found.upper),
        "floor": _number(found.floor),
    }


def _distance(found: Distance | None) -> Line | None:
    if found is None:
        return None
    return {
        "value": _number(found.value),
        "least": _number(found.least),
        "most": _number(found.most),
        "unit": found.unit,
    }


def _one_sided(found: OneSided | None) -> Line | None:
    if found is None:
        return None
    return {"values": found.values, "share": found.share, "names": list(found.names)}


def _joint(joint: Joint) -> Line:
    return {
        "columns": list(joint.columns),
        "left_out": [{"column": name, "reason": reason} for name, reason in joint.left_out],
        "bound": joint.bound,
        "lower": _number(joint.lower),
        "marginals": _number(joint.marginals),
        "excess": _number(joint.excess),
        "rows_reference": joint.rows[0],
        "rows_current": joint.rows[1],
        "folds": joint.folds,
        "by": joint.by,
        "notes": list(joint.notes),
    }


def _verdict(verdict: Verdict) -> Line:
    return {
        "outcome": verdict.outcome,
        "rule": verdict.rule,
        "strict": verdict.strict,
        "exit_status": verdict.exit_status,
        "words": verdict.words,
        "findings": [
            {
                "column": found.column,
                "measure": found.measure,
                "limit": found.limit,
                "value": _number(found.value),
                "lower": _number(found.lower),
                "upper": _number(found.upper),
                "outcome": found.outcome,
            }
            for found in verdict.findings
        ],
    }


def _number(value: float | None) -> float | str | None:
    """A number as JSON can hold it."""
    if value is None or math.isfinite(value):
        return value
    return "nan" if math.isnan(value) else "inf" if value > 0 else "-inf"


def to_frame(result: TableComparison, backend: str | None) -> Any:
    """One line a column, with the numbers and, in words, what changed most."""
    import narwhals as nw

    installed = [name for name in ("pandas", "polars", "pyarrow") if find_spec(name)]
    chosen: Any = backend or next(iter(installed), None)
    if chosen is None:
        raise MissingExtraError("a dataframe needs pandas, polars or pyarrow: pip install pandas")
    lines = [{**_measures(column), **_ends(column)} for column in result.columns]
    fields = {field: [line[field] for line in lines] for field in lines[0]}
    return nw.from_dict(fields, backend=chosen).to_native()


def _ends(column: ColumnComparison) -> Line:
    """The interval of JS, and the drivers in words."""
    js = column.estimates.get("js")
    return {
        "js_corrected": js.value if js else None,
        "js_lower": js.lower if js else None,
        "js_upper": js.upper if js else None,
        "js_floor": js.floor if js else None,
        "drivers": "; ".join(driver(column, cell) for cell in column.drivers()),
    }
