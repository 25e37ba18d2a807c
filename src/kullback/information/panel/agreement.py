"""Whether the rows of a panel can all be right, and what none of them can certify.

Two estimates disagree where their intervals are apart; the best lower bound and an estimate where
the bound's lower limit lies above the estimate's upper end, or, where the estimate's interval is
not calibrated, above its value. Comparators rest on an assumption that may be wrong, so they are
named where they stand apart, and do not count.
"""

import math
from itertools import combinations

from kullback.information.panel.rows import Row


def disagreements(rows: list[Row], unit: str) -> list[str]:
    """Return a sentence for each pair of rows that cannot both be right."""
    said = []
    for a, b in combinations([r for r in rows if r.role == "estimate"], 2):
        low, high = sorted((a, b), key=lambda row: row.value)
        if low.upper is not None and high.lower is not None and low.upper < high.lower:
            said.append(
                f"{high.name} is at least {high.lower:.3g}{unit}, {low.name} at most "
                f"{low.upper:.3g}: their intervals are apart."
            )
    bounds = [r for r in rows if r.role == "lower bound" and r.lower is not None]
    best = max(bounds, key=lambda r: r.lower or 0.0, default=None)
    for row in (r for r in rows if r.role == "estimate"):
        what, most = _most(row)
        if best is not None and best.lower is not None and most is not None and best.lower > most:
            said.append(
                f"{best.name} shows at least {best.lower:.3g}{unit}, more than {what} {most:.3g} "
                f"of {row.name}: that estimate reads low, as neighbours do where rows are few for "
                "their dimensions."
            )
    return said


def _most(row: Row) -> tuple[str, float | None]:
    return ("the upper end", row.upper) if row.calibrated else ("the value", row.value)


def asides(rows: list[Row], unit: str) -> list[str]:
    """Return a sentence for each comparator that stands apart from all estimates."""
    estimates = [r for r in rows if r.role == "estimate" and r.lower is not None]
    said = []
    for row in (r for r in rows if r.role == "comparator" and r.upper is not None):
        assert row.lower is not None
        assert row.upper is not None
        low, high = row.lower, row.upper
        above = all(e.upper is not None and low > e.upper for e in estimates)
        below = all(e.lower is not None and high < e.lower for e in estimates)
        if estimates and (above or below):
            where = "above" if above else "below"
            said.append(
                f"{row.name}: {row.value:.3g}{unit}, {where} every estimate's interval. The laws "
                "are not so, or the estimates are off."
            )
    return said


def certified(rows: list[Row], draws: int, scale: float, unit: str, symbol: str) -> str:
    """Say what is certain from below, and the most that draws can make certain."""
    most = math.log(draws) / scale
    limits = [r.lower for r in rows if r.role == "lower bound" and r.lower is not None]
    ceiling = (
        f"no {draws} draws can certify more than about log n = {most:.3g}{unit} without "
        "assumptions on the laws (McAllester and Stratos, 2020)"
    )
    best = max(limits, default=None)
    if best is None:
        return f"Nothing is certified from below; {ceiling}."
    if best > most:
        return (
            f"The lower limits reach {best:.3g}{unit}, but only {most:.3g} of it counts as "
            f"certified: {ceiling}."
        )
    least = max(best, 0.0)
    return f"Certified: {symbol} ≥ {least:.3g}{unit}, by the lower bounds; {ceiling}."
