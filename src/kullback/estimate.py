"""The answer: value, how sure we are of it, what produced it, and what it says."""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist
from typing import Any, ClassVar, Literal, NamedTuple

from kullback.arrays.namespace import is_traced, namespace
from kullback.errors import InvalidInputError
from kullback.forms.form import Form
from kullback.questions import Entropy, HockeyStick, Question, TotalVariation

Kind = Literal["exact", "integrated", "estimated", "bound"]


@dataclass(frozen=True, eq=False)
class Evidence:
    """What an answer was computed from, outcomes last.

    Attributes
    ----------
    p, q : array, shape (*batch, k)
        The distributions as probabilities.
    shares : array, shape (*batch, k)
        The non-negative share of each outcome; they sum to the value.
    alternatives : callable
        Returns (symbol, value) of related questions for the row at an index, for when the value is
        infinite.
    """

    p: Any
    q: Any
    shares: Any
    alternatives: Callable[[tuple[int, ...]], list[tuple[str, float]]]


class Floor(NamedTuple):
    """What no difference would show in draws of this size: the mean and the 95 % quantile.

    Both have shape (*batch,) and the unit of the value.
    """

    mean: Any
    upper: Any


@dataclass(frozen=True)
class Asked:
    """How a question is put, beside the distributions it is asked of.

    Attributes
    ----------
    axis : int
        The axis of outcomes of tables.
    threads : int
        How many threads native kernels may use; 0 for all.
    rtol : float
        The relative error that an integral may have.
    rng : seed or numpy.random.Generator, or None
        Where random draws come from; without it there are none.
    """

    axis: int = -1
    threads: int = 0
    rtol: float = 1e-9
    rng: Any = None


@dataclass(frozen=True, eq=False)
class Answer:
    """What a method finds, in nats where information is measured.

    Attributes
    ----------
    value, error : array, shape (*batch,)
        The number, and how wrong it may be; None where the method cannot say.
    notes : tuple of str
        What a reader should know.
    interval : callable, optional
        From a level to (lower, upper), where error alone does not say it.
    evidence : callable, optional
        From the size of the unit to the `Evidence`.
    kind : str, optional
        Where the kind is not the method's own.
    p_value : array, optional
        How often "no difference" would show as much as this, or more.
    floor : Floor, optional
        What the method shows where there is no difference.
    method : Method, optional
        What ran, where the method asked has chosen another.
    """

    value: Any
    error: Any = None
    notes: tuple[str, ...] = ()
    interval: Callable[[float], tuple[Any, Any]] | None = None
    evidence: Callable[[float], Evidence] | None = None
    kind: Kind | None = None
    p_value: Any = None
    floor: Floor | None = None
    method: "Method | None" = None


class Method(ABC):
    """A way to find out. Configuration in the object, data in the call."""

    kind: ClassVar[Kind] = "exact"
    reads: ClassVar[tuple[type[Form], ...]] = (Form,)
    """The forms of p or q for which this method comes into question at all."""

    @abstractmethod
    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Return why this method cannot answer, or None if it can."""

    @abstractmethod
    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return what this method finds; only for what it does not refuse."""


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
        if self._evidence is None:
            return self._explain_law()
        evidence = self._look()
        index, head = self._row(row)
        p, q, shares = (
            _floats(a[(*index, ...)]) for a in (evidence.p, evidence.q, evidence.shares)
        )
        value = float(self.value[index]) if index else float(self.value)
        call = _namer(names, len(p))
        unit = f" {self.unit}" if self.unit else ""
        lines = [f"{head}{self.of.symbol} = {value:.4g}{unit}: {self.of.meaning()}."]
        if math.isinf(value):
            lines[0] = f"{head}{self.of.symbol} is infinite."
            lines += self._infinity(p, q, shares, call, top)
            lines.append(_listed_alternatives(evidence.alternatives(index)))
        elif value > 0:
            lines.append(_carriers(p, q, shares, call, top, single=isinstance(self.of, Entropy)))
        if isinstance(self.of, (TotalVariation, HockeyStick)) and value > 0:
            lines.append(_event(self.of, p, q, call))
        lines += self._against_nothing(index)
        return "\n".join(line for line in lines if line)

    def _explain_law(self) -> str:
        """Say what the number is, how it was found, and why every better method refused."""
        index, head = self._row(None)
        value = float(self.value[index]) if index else float(self.value)
        unit = f" {self.unit}" if self.unit else ""
        number = "is infinite" if math.isinf(value) else f"= {value:.4g}{unit}"
        lines = [f"{head}{self.of.symbol} {number}: {self.of.meaning()}."]
        lines += [f"Found by {self.method!r}, {self.kind}.", *self.notes]
        lines += self._against_nothing(index)
        lines += [f"{method!r} refused: {reason}." for method, reason in self.refusals]
        return "\n".join(lines)

    def _against_nothing(self, index: tuple[int, ...]) -> list[str]:
        """Say what "no difference" would have shown."""
        lines = []
        if self.floor is not None:
            mean, upper = (float(x[index]) if index else float(x) for x in self.floor)
            unit = f" {self.unit}" if self.unit else ""
            lines.append(
                f"No difference would show {mean:.4g}{unit} on average, and at most {upper:.4g} in "
                "95 of 100 cases."
            )
        if self.p_value is not None:
            chance = float(self.p_value[index]) if index else float(self.p_value)
            lines.append(f"p-value against no difference: {chance:.2g}.")
        return lines

    def _bracket(self) -> str:
        """Say between what the truth lies; where only one end says anything, the value too."""
        low, high = (float(x) for x in self.interval())
        if high < getattr(self.of, "upper", math.inf):
            return f"between {low:.6g} and {high:.6g}"
        return f"at least {low:.6g} ({float(self.value):.6g} ± {_short(self.error)})"

    def _look(self) -> Evidence:
        if self._evidence is None or is_traced(self.value):
            raise InvalidInputError(
                "The outcomes cannot be looked at here: the arrays are lazy or traced."
            )
        return self._evidence()

    def _row(self, row: Any) -> tuple[tuple[int, ...], str]:
        shape = tuple(getattr(self.value, "shape", ()))
        if not shape:
            return (), ""
        if row is None:
            flat = int(
                namespace(self.value).argmax(namespace(self.value).reshape(self.value, (-1,)))
            )
            steps = []
            for size in reversed(shape):
                steps.append(flat % size)
                flat //= size
            row = tuple(reversed(steps))
        index = (row,) if isinstance(row, int) else tuple(row)
        return index, f"Row {', '.join(map(str, index))} of {shape}: "

    def _infinity(
        self,
        p: list[float],
        q: list[float],
        shares: list[float],
        call: Callable[[int], str],
        top: int,
    ) -> list[str]:
        cause = [i for i, s in enumerate(shares) if math.isinf(s)]
        lines = []
        for mass, other, a, b in ((p, q, "p", "q"), (q, p, "q", "p")):
            alone = sorted((i for i in cause if other[i] == 0 < mass[i]), key=lambda i: -mass[i])
            if alone:
                held = sum(mass[i] for i in alone)
                lines.append(
                    f"{a} puts mass {held:.4g} where {b} has none, on {len(alone)} "
                    f"outcome{'s' if len(alone) > 1 else ''}: {_listed(alone, call, mass, top)}."
                )
        if not lines and cause:
            lines.append(f"The ratio overflows at {_listed(cause, call, p, top)}.")
        return lines

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


def _floats(row: Any) -> list[float]:
    return [float(x) for x in (row.tolist() if hasattr(row, "tolist") else row)]


def _namer(names: Sequence[Any] | None, k: int) -> Callable[[int], str]:
    if names is None:
        return lambda i: f"outcome {i}"
    if len(names) != k:
        raise InvalidInputError(f"{len(names)} names for {k} outcomes.")
    return lambda i: str(names[i])


def _listed(indices: list[int], call: Callable[[int], str], mass: list[float], top: int) -> str:
    named = ", ".join(f"{call(i)} ({mass[i]:.4g})" for i in indices[:top])
    rest = len(indices) - top
    return f"{named} and {rest} more" if rest > 0 else named


def _carriers(
    p: list[float],
    q: list[float],
    shares: list[float],
    call: Callable[[int], str],
    top: int,
    *,
    single: bool,
) -> str:
    total = sum(shares)
    if total <= 0:
        return ""
    order = sorted(range(len(shares)), key=lambda i: -shares[i])[:top]
    said: list[str] = []
    for i in (j for j in order if shares[j] > 0):
        percent = f"{100 * shares[i] / total:.0f} %"
        first = not said
        if single:
            numbers = f"{p[i]:.4g} under p" if first else f"{p[i]:.4g}"
        elif first:
            numbers = f"{q[i]:.4g} under q, {p[i]:.4g} under p"
        else:
            numbers = f"{q[i]:.4g}, {p[i]:.4g}"
        verb, of_it = ("carries ", " of it") if first else ("", "")
        said.append(f"{call(i)} {verb}{percent}{of_it} ({numbers})")
    return ", ".join(said) + "."


def _event(of: Question, p: list[float], q: list[float], call: Callable[[int], str]) -> str:
    gamma = of.gamma if isinstance(of, HockeyStick) else 1.0
    event = [i for i in range(len(p)) if p[i] > gamma * q[i]]
    named = ", ".join(call(i) for i in event[:6]) + (
        f" and {len(event) - 6} more" if len(event) > 6 else ""
    )
    return (
        f"It is attained by the event {{{named}}}: probability {sum(p[i] for i in event):.4g} "
        f"under p, "
        f"{sum(q[i] for i in event):.4g} under q."
    )


def _listed_alternatives(alternatives: list[tuple[str, float]]) -> str:
    finite = ", ".join(
        f"{symbol} = {value:.4g}" for symbol, value in alternatives if math.isfinite(value)
    )
    return f"Finite, and worth asking instead: {finite}." if finite else ""
