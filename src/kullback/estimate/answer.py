"""What a method is asked, and what it finds."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple

from kullback.forms.form import Form
from kullback.questions import Question

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
