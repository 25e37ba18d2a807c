"""A panel drawn: an interval a line, as SVG of our own, or on axes of matplotlib."""

import math
from collections.abc import Sequence
from html import escape
from typing import Any

from kullback.errors import MissingExtraError
from kullback.information.panel.rows import Row
from kullback.information.panel.text import CLAIMS, number, window

COLOURS = {"estimate": "#2f6fab", "lower bound": "#c8501e", "comparator": "#7a7a7a"}
LEFT, WIDE, LINE, TOP = 230, 430, 26, 14


def as_svg(rows: Sequence[Row], axis: str) -> str:
    """Return the picture as inline SVG."""
    low, high = window(rows)
    floor = TOP + LINE * len(rows)

    def at(x: float) -> float:
        return LEFT + WIDE * (min(max(x, low), high) - low) / (high - low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDE + 70} {floor + 46}" '
        f'width="{LEFT + WIDE + 70}" font-family="system-ui, sans-serif" font-size="12" '
        f'role="img" aria-label="{escape(axis)}">'
    ]
    for tick in ticks(low, high):
        colour = "#999" if tick == 0 else "#e4e4e4"
        parts.append(
            f'<line x1="{at(tick):.1f}" x2="{at(tick):.1f}" y1="{TOP - 6}" y2="{floor}" '
            f'stroke="{colour}"/><text x="{at(tick):.1f}" y="{floor + 16}" text-anchor="middle" '
            f'fill="#555">{tick:g}</text>'
        )
    for i, row in enumerate(rows):
        y, colour = TOP + LINE * (i + 0.5), COLOURS[row.role]
        parts.append(
            f'<text x="{LEFT - 12}" y="{y + 4:.1f}" text-anchor="end" fill="#333">'
            f"{escape(row.name)}</text>"
        )
        if row.lower is not None:
            start, stop = at(row.lower), at(high if row.upper is None else row.upper)
            faded = "" if row.upper is not None else ' stroke-dasharray="5 4"'
            parts.append(
                f'<line x1="{start:.1f}" x2="{stop:.1f}" y1="{y}" y2="{y}" stroke="{colour}" '
                f'stroke-width="2.5"{faded}/><line x1="{start:.1f}" x2="{start:.1f}" '
                f'y1="{y - 5}" y2="{y + 5}" stroke="{colour}" stroke-width="2.5"/>'
            )
            if row.upper is not None:
                parts.append(
                    f'<line x1="{stop:.1f}" x2="{stop:.1f}" y1="{y - 5}" y2="{y + 5}" '
                    f'stroke="{colour}" stroke-width="2.5"/>'
                )
        parts.append(f'<circle cx="{at(row.value):.1f}" cy="{y}" r="4.5" fill="{colour}"/>')
        parts.append(
            f'<text x="{LEFT + WIDE + 10}" y="{y + 4:.1f}" fill="{colour}">{number(row.value)}'
            "</text>"
        )
    parts.append(
        f'<text x="{LEFT + WIDE / 2}" y="{floor + 36}" text-anchor="middle" fill="#333">'
        f"{escape(axis)}</text></svg>"
    )
    return "".join(parts)


def ticks(low: float, high: float) -> list[float]:
    """Return a few round numbers between two ends, 0 among them.

    >>> ticks(-0.1, 0.62)
    [0.0, 0.2, 0.4, 0.6]
    """
    rough = (high - low) / 7
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(f for f in (1, 2, 5, 10) if f * power >= rough * (1 - 1e-9)) * power
    first, last = math.ceil(low / step), math.floor(high / step)
    return [round(i * step, 12) for i in range(first, last + 1)]


def on_axes(rows: Sequence[Row], axis: str, ax: Any) -> Any:
    """Draw on axes of matplotlib, new ones if None, and return them."""
    try:
        from matplotlib import pyplot as plt
    except ModuleNotFoundError as error:
        raise MissingExtraError(
            "Panel.plot() draws with matplotlib: pip install matplotlib. In a notebook the panel "
            "shows its own picture without it."
        ) from error
    if ax is None:
        _, ax = plt.subplots(figsize=(7.5, 0.9 + 0.38 * len(rows)), layout="constrained")
    low, high = window(rows)
    for i, row in enumerate(rows):
        colour = COLOURS[row.role]
        if row.lower is not None:
            stop = high if row.upper is None else row.upper
            style = "--" if row.upper is None else "-"
            ax.plot([row.lower, stop], [i, i], style, color=colour, linewidth=2)
            ends = [row.lower] if row.upper is None else [row.lower, row.upper]
            ax.plot(ends, [i] * len(ends), "|", color=colour, markersize=10, markeredgewidth=2)
        ax.plot([row.value], [i], "o", color=colour, markersize=6)
    for role in dict.fromkeys(row.role for row in rows):
        ax.plot([], [], "o-", color=COLOURS[role], label=CLAIMS[role])
    ax.legend(frameon=False, fontsize="small", ncols=3, loc="lower left", bbox_to_anchor=(0, 1))
    ax.axvline(0.0, color="#999999", linewidth=0.8, zorder=0)
    ax.set_xlim(low, high)
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_yticks(range(len(rows)), [row.name for row in rows])
    ax.set_xlabel(axis)
    for side in ("top", "right", "left"):
        ax.spines[side].set_visible(False)
    ax.tick_params(axis="y", length=0)
    return ax
