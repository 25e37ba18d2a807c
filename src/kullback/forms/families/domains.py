"""What a parameter may be, in words and as a test."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kullback.arrays.namespace import namespace


@dataclass(frozen=True)
class Domain:
    """The values that a parameter may take.

    Attributes
    ----------
    words : str
        How an error says it: "positive", "a probability".
    holds : callable
        From an array to an array of bool: which elements are in the domain.
    event : int
        How many of the parameter's last axes belong to one law.
    """

    words: str
    holds: Callable[[Any], Any]
    event: int = 0


def _finite(x: Any) -> Any:
    return namespace(x).isfinite(x)


REAL = Domain("finite", _finite)
POSITIVE = Domain("positive and finite", lambda x: _finite(x) & (x > 0))
NON_NEGATIVE = Domain("non-negative and finite", lambda x: _finite(x) & (x >= 0))
PROBABILITY = Domain("a probability, within [0, 1]", lambda x: (x >= 0) & (x <= 1))
OPEN_PROBABILITY = Domain("a probability within (0, 1)", lambda x: (x > 0) & (x < 1))
PROBABILITIES = Domain(PROBABILITY.words, PROBABILITY.holds, event=1)
NON_ZERO = Domain("finite and not 0", lambda x: _finite(x) & (x != 0))
COUNT = Domain(
    "a non-negative whole number", lambda x: _finite(x) & (x >= 0) & (namespace(x).round(x) == x)
)
WHOLE = Domain("a whole number", lambda x: _finite(x) & (namespace(x).round(x) == x))
ORDER = Domain("a positive whole number", lambda x: COUNT.holds(x) & (x > 0))
VECTOR = Domain("finite", _finite, event=1)
POSITIVE_VECTOR = Domain("positive and finite", POSITIVE.holds, event=1)
MATRIX = Domain("finite", _finite, event=2)
