"""How far each formula is from the digits of atlas.json, as docs/atlas_errors.json.

    python -m tests.truths.errors_found

For each question and pair that the atlas lists: the largest relative error over its rows, how many
rows there are, and how many of them are finite.
"""

import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

import kullback as kb
from kullback.methods.formulas import ClosedForm
from kullback.questions import Wasserstein

HERE = Path(__file__)
ATLAS = HERE.with_name("atlas.json")
DOCS = HERE.parents[2] / "docs" / "atlas_errors.json"


class Asked(NamedTuple):
    """How a row's question is asked, and under which name the atlas lists its formulas."""

    call: Callable[..., Any]
    of: Any
    listed: str


ASKED = {
    "kl": Asked(kb.kl, kb.KL(), "KL"),
    "entropy": Asked(lambda p, _: kb.entropy(p), kb.Entropy(), "Entropy"),
    "renyi 0.3": Asked(lambda p, q: kb.renyi(p, q, alpha=0.3), kb.Renyi(0.3), "Renyi"),
    "renyi 2": Asked(lambda p, q: kb.renyi(p, q, alpha=2), kb.Renyi(2), "Renyi"),
    "hellinger": Asked(kb.hellinger, kb.Hellinger(), "Renyi"),
    "chi2": Asked(kb.chi2, kb.ChiSquare(), "Renyi"),
    "w2": Asked(lambda p, q: kb.wasserstein(p, q, order=2), Wasserstein(2), "Wasserstein"),
}


def law(named: dict[str, Any], as_array: Callable[[Any], Any] = lambda x: x) -> Any:
    """Return the family that a row names."""
    family = getattr(kb.families, named["family"])
    return family(**{name: as_array(x) for name, x in named["params"].items()})


def is_exact(row: dict[str, Any], p: Any, q: Any) -> bool:
    """Whether a formula answers, rather than an integral: not every formula holds everywhere."""
    return ClosedForm().refuse(ASKED[row["question"]].of, p, q) is None


def error_of(got: float, row: dict[str, Any]) -> float:
    """|got − truth|/|truth|; ∞ where only one of them is infinite, or either is NaN."""
    truth = float(row["value"])
    if got == truth:
        return 0.0
    error = abs(got - truth) / abs(truth)
    return error if math.isfinite(error) else math.inf


def questions_of(rows: Iterable[Any]) -> set[tuple[str, str, str | None]]:
    """Return what the atlas lists: question, family of p, and of q where there is one."""
    return {(row[0], row[1], row[2] or None) for row in rows}


def errors_found() -> list[dict[str, Any]]:
    """Return the largest relative error of each formula that the atlas lists."""
    from kullback.methods.formulas.atlas import atlas_rows

    listed, errors = questions_of(atlas_rows()), defaultdict(list)
    for row in json.loads(ATLAS.read_text()):
        p, q = (None if row[side] is None else law(row[side]) for side in ("p", "q"))
        formula = ASKED[row["question"]].listed, *(row[s] and row[s]["family"] for s in ("p", "q"))
        if formula in listed and is_exact(row, p, q):
            got = float(ASKED[row["question"]].call(p, q))
            errors[formula].append((error_of(got, row), row["value"] != "inf"))
    return [
        {
            "question": question,
            "p": p,
            "q": q or "",
            "error": max(error for error, _ in found),
            "rows": len(found),
            "finite": sum(finite for _, finite in found),
        }
        for (question, p, q), found in sorted(errors.items(), key=lambda x: tuple(map(str, x[0])))
    ]


if __name__ == "__main__":
    lines = [json.dumps(x, separators=(", ", ": ")) for x in errors_found()]
    DOCS.write_text("[\n" + ",\n".join(lines) + "\n]\n")
    print(f"{len(lines)} formulas, {DOCS}")
