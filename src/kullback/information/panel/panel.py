"""Several estimators of one number, side by side, and whether they can all be right.

No estimator from samples is right for every law: neighbours read low in many dimensions, a ratio of
quadratics misses what is not quadratic, bins are for the line. Where those that assume different
things agree, the number can be trusted more than any of them alone; where they do not, it cannot.
"""

import math
from dataclasses import dataclass
from html import escape
from typing import Any

from kullback.arrays.checks import check_base
from kullback.errors import InputTypeError, InvalidInputError, NoMethodError
from kullback.forms import Form
from kullback.forms.samples import Samples
from kullback.information.panel.agreement import asides, certified, disagreements
from kullback.information.panel.picture import as_svg, on_axes
from kullback.information.panel.rows import Row, rows_of
from kullback.information.panel.text import CLAIMS, interval, number, table
from kullback.questions import KL, Question

_KL = KL()


@dataclass(frozen=True, eq=False)
class Panel:
    """What several estimators say of one number.

    Attributes
    ----------
    rows : tuple of Row
        A row an estimator: name, role, value, lower, upper, and the whole `answer`.
    agree : bool or None
        Whether the intervals of all estimates, and all lower bounds, can be right together; None
        without rng, where there are no intervals.
    sentences : tuple of str
        Which rows disagree and how, what is certified, and what cannot be.
    refused : tuple of (str, str)
        The estimators that do not answer, and why.
    """

    of: Question
    unit: str
    level: float
    rows: tuple[Row, ...]
    agree: bool | None
    sentences: tuple[str, ...]
    refused: tuple[tuple[str, str], ...]
    title: str

    def __repr__(self) -> str:
        """Return the table, and the sentences under it."""
        return "\n".join([self.title, "", *table(self.rows, self.level), "", *self.sentences])

    def plot(self, ax: Any = None) -> Any:
        """Draw the intervals with matplotlib, on the axes given or on new ones; return the axes.

        Raises
        ------
        MissingExtraError
            Without matplotlib.
        """
        return on_axes(self.rows, self._axis, ax)

    @property
    def _axis(self) -> str:
        return f"{self.of.symbol}, {self.unit}" if self.unit else self.of.symbol

    def _repr_html_(self) -> str:
        lines = "".join(
            f"<tr><td>{escape(r.name)}</td><td>{number(r.value)}</td><td>{interval(r)}</td>"
            f"<td>{CLAIMS[r.role]}</td></tr>"
            for r in self.rows
        )
        words = "".join(f"<p>{escape(sentence)}</p>" for sentence in self.sentences)
        return (
            f"<div><p><b>{escape(self.title)}</b></p>{as_svg(self.rows, self._axis)}<table><tr>"
            f"<th>estimator</th><th>value</th><th>{100 * self.level:g} % interval</th><th>claims"
            f"</th></tr>{lines}</table>{words}</div>"
        )


def panel(
    x: Any,
    y: Any,
    /,
    *,
    of: Question = _KL,
    base: float | None = None,
    rng: Any = None,
    level: float = 0.95,
) -> Panel:
    """Ask several estimators for KL(p ‖ q) of draws x of p and y of q, and say if they agree.

    Parameters
    ----------
    x, y : array, shape (n, d) and (m, d), or Samples
        Draws of p and of q.
    of : Question
        What to ask; KL if left out.
    base : float, optional
        Unit of the answers: None for nats, 2 for bits.
    rng : seed or numpy.random.Generator, optional
        Where resampling draws from; without it there are no intervals, and no verdict.
    level : float
        Of the intervals.

    Returns
    -------
    Panel
        Prints as a table; `.rows`, `.agree`, `.sentences`, `.plot()`.

    Raises
    ------
    InvalidInputError, ShapeError, InputTypeError
        As `measure` for the same samples.
    NoMethodError
        If no estimator answers the question.

    References
    ----------
    McAllester and Stratos, Formal limitations on the measurement of mutual information, AISTATS
    (2020).

    >>> import kullback as kb, numpy as np
    >>> rng = np.random.default_rng(0)
    >>> found = kb.panel(rng.normal(0.5, 1, 400), rng.normal(0, 1, 400), rng=0)
    >>> found.agree
    True
    """
    p, q = (_drawn(z, name) for z, name in ((x, "x"), (y, "y")))
    scale = check_base(base, of.information, of.symbol)
    if of.arguments != 2:
        raise InputTypeError(f"{of!r} is asked of one distribution; a panel compares two samples.")
    if not 0 < level < 1:
        raise InvalidInputError(f"level={level!r}: a probability between 0 and 1 is needed.")
    rows, refused = rows_of(p, q, of, base, rng, level)
    if not rows:
        reasons = "; ".join(f"{name} {reason}" for name, reason in refused)
        raise NoMethodError(f"No estimator of the panel answers {of!r}: {reasons}.")
    unit = rows[0].answer.unit
    after = f" {unit}" if unit else ""
    apart = disagreements(rows, after)
    agree = None if rng is None else not apart
    sentences = list(apart)
    if agree is None:
        sentences.append("Without rng there are no intervals, and no verdict: rng=0 gives both.")
    elif agree:
        sentences.append("They agree: all intervals, and all lower bounds, can be right together.")
    else:
        sentences.insert(0, "They disagree, so none of the numbers is to be trusted alone.")
    sentences += asides(rows, after)
    if of.information and not math.isfinite(getattr(of, "upper", math.inf)):
        sentences.append(certified(rows, q.n, scale, after, of.symbol))
    title = (
        f"{of.symbol} from {p.n} and {q.n} draws in {p.dimensions} "
        f"dimension{'s' * (p.dimensions > 1)}{f', in {unit}' if unit else ''}"
    )
    return Panel(of, unit, level, tuple(rows), agree, tuple(sentences), tuple(refused), title)


def _drawn(x: Any, name: str) -> Samples:
    if isinstance(x, Samples):
        return x
    if isinstance(x, Form):
        raise InputTypeError(f"{name} is {x!r}; a panel compares samples: arrays, or kb.Samples.")
    return Samples(x)
