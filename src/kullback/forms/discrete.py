"""Distributions over finitely many outcomes: probabilities, their logarithms, logits."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

from kullback.arrays.checks import check_axis, check_numbers
from kullback.arrays.namespace import as_array, namespace
from kullback.errors import InputTypeError
from kullback.forms.form import Form


@dataclass(frozen=True, eq=False)
class Discrete(Form):
    """Numbers, one for each of finitely many outcomes; `array` is the user's own.

    Attributes
    ----------
    array : array, shape (*batch, k)
        The numbers, outcomes along the axis that the question is asked along.
    listed : bool
        Whether it came as a list or a tuple; a single answer is then a float.
    """

    array: Any
    listed: bool = field(default=False, init=False)
    what: ClassVar[str] = "numbers"

    def __post_init__(self) -> None:
        object.__setattr__(self, "listed", isinstance(self.array, (list, tuple)))
        name = type(self).__name__
        if isinstance(self.array, Form):
            inner = type(self.array).__name__
            raise InputTypeError(
                f"{name}({inner}(…)): the array is a {inner} already. Pass the array itself."
            )
        object.__setattr__(self, "array", as_array(self.array, name))

    def __repr__(self) -> str:
        """Name the form, and what it holds."""
        return f"{type(self).__name__}({_described(self.array)})"

    def checked(self, axis: int, name: str) -> Any:
        """Return the array with the outcomes on the last axis, its type and shape checked."""
        check_numbers(self.array, name, self.what)
        check_axis(self.array, axis, name)
        return with_outcomes_last(self.array, axis)


def _described(x: Any) -> str:
    if x.ndim == 1 and x.shape[0] <= 8:
        return repr(x)
    return f"<{type(x).__name__} of shape {tuple(x.shape)}, {x.dtype}>"


def with_outcomes_last(x: Any, axis: int) -> Any:
    """Return x with the given axis moved to the end."""
    if axis in (-1, x.ndim - 1):
        return x
    return namespace(x).moveaxis(x, axis, -1)


@dataclass(frozen=True, eq=False, repr=False)
class Probs(Discrete):
    """Probabilities: non-negative numbers that sum to one. What a bare array is taken for.

    >>> import kullback as kb
    >>> kb.kl(kb.Probs([0.5, 0.5]), kb.Logits([2.0, 0.0]))
    0.43378083...
    """

    what: ClassVar[str] = "probabilities"


@dataclass(frozen=True, eq=False, repr=False)
class LogProbs(Discrete):
    """Logarithms of probabilities (natural); −inf is probability zero.

    >>> import numpy as np, kullback as kb
    >>> float(kb.entropy(kb.LogProbs(np.log([0.5, 0.25, 0.25])), base=2))
    1.5
    """

    what: ClassVar[str] = "log-probabilities"


@dataclass(frozen=True, eq=False, repr=False)
class Logits(Discrete):
    """Scores whose softmax are the probabilities; −inf masks an outcome.

    >>> import kullback as kb
    >>> kb.kl(kb.Logits([0.0, 0.0]), kb.Logits([2.0, 0.0]))
    0.43378083...
    """

    what: ClassVar[str] = "logits"
