"""How a fit prints: as text, and as HTML in a notebook."""

import math
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from kullback.learn.variational.trust import USABLE

if TYPE_CHECKING:
    from kullback.learn.variational.result import Fit

_SHOWN = 12
"""How many parameters are listed."""

_HEAD = ("parameter", "mean", "sd", "5 %", "50 %", "95 %")


def as_text(fit: "Fit") -> str:
    """Return the numbers that judge a fit, and the table of its parameters."""
    lines = [_title(fit)]
    lines += [f"  {name:<18}{value}" for name, value in _facts(fit)]
    lines += [f"  note: {note}" for note in fit.notes]
    rows, rest = _rows(fit)
    wide = max(len(row[0]) for row in [_HEAD, *rows])
    lines += [
        "  " + "  ".join([f"{row[0]:<{wide}}", *(f"{cell:>10}" for cell in row[1:])])
        for row in [_HEAD, *rows]
    ]
    return "\n".join(lines + ([f"  {rest}"] if rest else []))


def as_html(fit: "Fit") -> str:
    """Return the same as two tables; names and notes are escaped."""
    facts = "".join(
        f'<tr><th style="text-align:left">{escape(name)}</th>'
        f'<td style="text-align:left">{escape(value)}</td></tr>'
        for name, value in [*_facts(fit), *(("note", note) for note in fit.notes)]
    )
    rows, rest = _rows(fit)
    head = "".join(f"<th>{escape(cell)}</th>" for cell in _HEAD)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return (
        f"<div><p><b>{escape(_title(fit))}</b></p><table>{facts}</table>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        f"{f'<p>{escape(rest)}</p>' if rest else ''}</div>"
    )


def _title(fit: "Fit") -> str:
    return f"Fit of {len(fit.names)} parameters by {fit.family}"


def _facts(fit: "Fit") -> Iterator[tuple[str, str]]:
    low, high = fit.bracket
    between = f"between {low:.2f} and {high:.2f}" if fit.khat <= USABLE else f"at least {low:.2f}"
    yield "ELBO", f"{with_error(fit.elbo, fit.elbo_error)} nats"
    yield (
        "log evidence",
        f"{with_error(fit.log_evidence, fit.log_evidence_error)} nats, {between}",
    )
    yield "KL(q ‖ posterior)", f"about {fit.kl:.2g} nats"
    yield "Pareto k̂", f"{fit.khat:.2f}: {fit.advice}"
    if fit.path:
        last, rounds = fit.path[-1], len(fit.path)
        yield (
            "search",
            f"{rounds} round{'s' * (rounds > 1)}, the last of {last.draws} draws: about "
            f"{max(last.missing, 0):.2g} nats below the best of the family",
        )


def _rows(fit: "Fit") -> tuple[list[tuple[str, ...]], str]:
    columns = [fit.mean, fit.sd, *(fit.quantile(level) for level in (0.05, 0.5, 0.95))]
    numbers = zip(*(column[:_SHOWN].tolist() for column in columns), strict=True)
    rows = [
        (name, *(f"{value:.4g}" for value in row))
        for name, row in zip(fit.names[:_SHOWN], numbers, strict=True)
    ]
    hidden = len(fit.names) - len(rows)
    return rows, f"… {hidden} more: .mean, .sd, .quantile(p)" if hidden else ""


def with_error(value: float, error: float) -> str:
    """Return a number with as many places as its error leaves.

    >>> with_error(-31.34711, 0.01543)
    '-31.347 ± 0.015'
    """
    if not math.isfinite(error) or error < 1e-9:
        return f"{value:.6g}"
    places = max(0, min(9, 1 - math.floor(math.log10(error))))
    return f"{value:.{places}f} ± {error:.{places}f}"
