"""Counts: how often each outcome was seen."""

from dataclasses import dataclass
from typing import Any, ClassVar

from kullback.arrays.checks import check_axis, check_counts, check_numbers
from kullback.arrays.namespace import as_default_float, is_integer, namespace, widened
from kullback.forms.discrete import Form, with_outcomes_last


@dataclass(frozen=True, eq=False, repr=False)
class Counts(Form):
    """How often each outcome was seen; the short names read it as the empirical frequencies.

    Integers, or real numbers where observations carry weights.

    >>> import kullback as kb
    >>> kb.kl(kb.Counts([3, 1]), [0.5, 0.5], base=2)
    0.1887218...
    """

    what: ClassVar[str] = "counts"

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
        """Return counts / total, outcomes last."""
        x = self.checked(axis, name)
        return x / namespace(x).sum(x, axis=-1, keepdims=True)
