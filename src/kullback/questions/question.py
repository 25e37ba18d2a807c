"""What every question says of itself."""

import math
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from kullback.forms.pair import Pair


class Question(ABC):
    """A number asked of one distribution or of two.

    Attributes
    ----------
    symbol : str
        How the question is written, p and q in their order.
    information : bool
        Whether the answer is measured in units of information: nats, or `base=`.
    arguments : int
        Of how many distributions it is asked.
    """

    symbol: ClassVar[str]
    information: ClassVar[bool] = False
    arguments: ClassVar[int] = 2

    @abstractmethod
    def meaning(self) -> str:
        """Say in words what the number is."""


class Divergence(Question):
    """A question whose answer is a function of Σ q f(p/q), with f ≥ 0 and f(1) = 0.

    Attributes
    ----------
    symmetric : bool
        Whether p and q may be exchanged.
    metric : bool
        Whether the triangle inequality holds.
    upper : float
        The largest value, in nats where information is measured; it is reached on disjoint
        supports.
    """

    symmetric: ClassVar[bool] = False
    metric: ClassVar[bool] = False

    @property
    def upper(self) -> float:
        """The largest value the answer can take."""
        return math.inf

    @abstractmethod
    def generator(self, t: Any) -> Any:
        """Return f(t) for numbers t > 0, normalised to f′(1) = 0 where f has a slope there."""

    @property
    @abstractmethod
    def at_zero(self) -> float:
        """The limit of f at 0: what mass of q weighs where p has none."""

    @property
    @abstractmethod
    def slope_at_infinity(self) -> float:
        """The limit of f(t)/t at ∞: what mass of p weighs where q has none."""

    @abstractmethod
    def terms(self, pair: Pair) -> Any:
        """Return q f(p/q) for each outcome, accurate where q is close to p, with both limits."""

    def close(self, total: Any) -> Any:
        """Return the answer from the sum of the terms."""
        return total
