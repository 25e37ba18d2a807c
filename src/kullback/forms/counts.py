"""Counts: how often each outcome was seen."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from kullback.arrays.checks import check_axis, check_counts, check_numbers
from kullback.arrays.namespace import as_default_float, is_integer, namespace, widened
from kullback.errors import InvalidInputError
from kullback.forms.discrete import Discrete, with_outcomes_last


@dataclass(frozen=True, eq=False, repr=False)
class Counts(Discrete):
    """How often each outcome was seen; the short names read it as the empirical frequencies.

    Integers, or real numbers where observations carry weights. The outcomes are all that are
    possible: those never seen are zeros of the array.

    Attributes
    ----------
    prior : float, optional
        Added to every count before frequencies are taken, so that no outcome has probability 0;
        ½ is Jeffreys' choice, 1 Laplace's. Without it nothing is added.

    >>> import kullback as kb
    >>> kb.kl(kb.Counts([3, 1]), [0.5, 0.5], base=2)
    0.1887218...
    >>> kb.kl([0.5, 0.5], kb.Counts([3, 0]))
    inf
    >>> kb.kl([0.5, 0.5], kb.Counts([3, 0], prior=0.5))
    0.4133392...
    """

    prior: float | None = None

    what: ClassVar[str] = "counts"

    def __post_init__(self) -> None:
        super().__post_init__()
        prior = self.prior
        if prior is None:
            return
        if not isinstance(prior, (int, float)) or not 0 < prior < math.inf:
            raise InvalidInputError(
                f"prior={prior!r}: a positive number is added to every count; leave it out to add "
                "nothing."
            )

    def __repr__(self) -> str:
        """Name the form, what it holds, and what is added to it."""
        plain = super().__repr__()
        return plain if self.prior is None else f"{plain[:-1]}, prior={self.prior!r})"

    def checked(self, axis: int, name: str) -> Any:
        """Return the counts with the outcomes on the last axis, as floating-point numbers."""
        x = self.array
        if is_integer(x):
            x = as_default_float(x)
        check_numbers(x, name, self.what)
        check_axis(x, axis, name)
        x = widened(with_outcomes_last(x, axis))
        check_counts(x, name)
        return x

    def frequencies(self, axis: int, name: str) -> Any:
        """Return (counts + prior) / total, outcomes last."""
        x = self.checked(axis, name)
        if self.prior is not None:
            x = x + self.prior
        return x / namespace(x).sum(x, axis=-1, keepdims=True)
