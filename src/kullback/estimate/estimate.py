"""The answer: value, how sure we are of it, and what produced it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any

from kullback.arrays.namespace import is_traced
from kullback.errors import InvalidInputError
from kullback.estimate import words
from kullback.estimate.answer import Evidence, Floor, Kind, Method
from kullback.questions import Question


@dataclass(frozen=True, eq=False)
class Estimate:
    """A number that never travels alone.

    Attributes
    ----------
    value : array, shape (*batch,)
        The answer.
    kind : str
        "exact", "integrated", "estimated" or "bound".
    error : array, or None
        A bound on rounding or integration error, or a standard error; None where there is none.
    unit : str
        "nats", "bits", "log-10 units" …, or "" where the question has no unit.
    method : Method
        What ran; run it again to repeat the answer.
    of : Question
        What was asked.
    notes : tuple of str
        What a reader should know.
    refusals : tuple of (Method, str)
        The methods that were tried before this one, and why each refused.
    p_value : array, or None
        How often "no difference" would show as much as this, or more.
    floor : Floor, or None
        What no difference would show in draws of this size: `mean`, and `upper`, the 95 %
        quantile.

    >>> import kullback as kb
    >>> kb.measure([0.5, 0.5], [0.9, 0.1])
    0.5108256237659906 nats, exact, by ExactSum()
    """

    value: Any
    kind: Kind
    error: Any
    unit: str
    method: Method
    of: Question
    notes: tuple[str, ...] = ()
    refusals: tuple[tuple[Method, str], ...] = ()
    p_value: Any = None
    floor: Floor | None = None
    _evidence: Callable[[], Evidence] | None = field(default=None, repr=False)
    _interval: Callable[[float], tuple[Any, Any]] | None = field(default=None, repr=False)

    @property
    def contributions(self) -> Any:
        """The non-negative share of each outcome, shape (*batch, k); they sum to the value."""
        return self._look().shares

    def interval(self, level: float = 0.95) -> tuple[Any, Any]:
        """Return (lower, upper): for an exact value, what rounding leaves open.

        Raises
        ------
        InvalidInputError
            For a level outside (0, 1), or where the method states no error; the notes say why.
        """
        if not 0 < level < 1:
            raise InvalidInputError(f"level={level!r}: a probability between 0 and 1 is needed.")
        if self._interval is not None:
            return self._interval(level)
        if self.error is None:
            raise InvalidInputError(f"{self.method!r} states no error. {' '.join(self.notes)}")
        wide = _normal_quantile(level) if self.kind == "estimated" else 1.0
        return self.value - wide * self.error, self.value + wide * self.error

    def explain(self, names: Sequence[Any] | None = None, top: int = 3, row: Any = None) -> str:
        """Say in words which outcomes carry the answer.

        Parameters
        ----------
        names : sequence, optional
            What the outcomes are called; their indices if left out.
        top : int
            How many outcomes to name.
        row : int or tuple of int, optional
            Which row of a batch; the one with the largest value if left out.

        >>> import kullback as kb
        >>> print(kb.measure([0.5, 0.5], [0.9, 0.1]).explain(names=["heads", "tails"]))
        KL(p ‖ q) = 0.5108 nats: what coding p with a code built for q costs beyond the entropy of
        p.
        tails carries 79 % of it (0.1 under q, 0.5 under p), heads 21 % (0.9, 0.5).
        """
        evidence = None if self._evidence is None else self._look()
        index, head = words.row_of(self.value, row if evidence else None)
        value = float(self.value[index]) if index else float(self.value)
        if evidence is None:
            lines = words.of_law(self.of, value, self.unit, head)
            lines += [f"Found by {self.method!r}, {self.kind}.", *self.notes]
        else:
            lines = words.of_outcomes(self.of, value, self.unit, head, evidence, index, names, top)
        lines += words.against_nothing(self.floor, self.p_value, self.unit, index)
        if evidence is None:
            lines += [f"{method!r} refused: {reason}." for method, reason in self.refusals]
        return "\n".join(line for line in lines if line)

    def _look(self) -> Evidence:
        if self._evidence is None or is_traced(self.value):
            raise InvalidInputError(
                "The outcomes cannot be looked at here: the arrays are lazy or traced."
            )
        return self._evidence()

    def _bracket(self) -> str:
        """Say between what the truth lies; where only one end says anything, the value too."""
        low, high = (float(x) for x in self.interval())
        if high < getattr(self.of, "upper", math.inf):
            return f"between {low:.6g} and {high:.6g}"
        return f"at least {low:.6g} ({float(self.value):.6g} ± {_short(self.error)})"

    def __repr__(self) -> str:
        """Value, unit, kind, method."""
        shape = tuple(getattr(self.value, "shape", ()))
        number = repr(self.value) if shape else f"{float(self.value)!r}"
        error = "" if self.kind == "exact" or self.error is None else f" ± {_short(self.error)}"
        if self.kind == "bound" and self.error is not None and not shape:
            number, error = self._bracket(), ""
        unit = f" {self.unit}" if self.unit else ""
        p_value = "" if self.p_value is None else f", p-value {_short(self.p_value)}"
        floor = "" if self.floor is None else f", floor {_short(self.floor.upper)}"
        return f"{number}{error}{unit}, {self.kind}, by {self.method!r}{p_value}{floor}"


def _short(x: Any) -> str:
    return repr(x) if tuple(getattr(x, "shape", ())) else f"{float(x):.2g}"


def _normal_quantile(level: float) -> float:
    return NormalDist().inv_cdf(0.5 + level / 2)
