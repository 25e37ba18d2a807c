"""The Wasserstein distance: how far mass must travel to turn one law into the other."""

import math
from dataclasses import dataclass, field
from typing import Any

from kullback.errors import InvalidInputError
from kullback.questions.question import Question


@dataclass(frozen=True)
class Wasserstein(Question):
    """W(p, q) = (min E |x − y|^r)^(1/r) over all joint laws of x from p and y from q.

    Attributes
    ----------
    order : float
        r, at least 1 and finite.
    positions : array, optional, shape (k,) or (*batch, k)
        Where the outcomes of a table lie on the line.
    """

    order: float = 1.0
    positions: Any = field(default=None, compare=False)

    symbol = "W(p, q)"

    def __post_init__(self) -> None:
        number = isinstance(self.order, (int, float)) and not isinstance(self.order, bool)
        if not number or not 1 <= self.order < math.inf:
            raise InvalidInputError(
                f"order={self.order!r}: a finite number of at least 1 is needed."
            )

    def __repr__(self) -> str:
        """Name the order."""
        return f"Wasserstein(order={self.order:g})"

    def meaning(self) -> str:
        """Say in words what the number is."""
        how = "mean distance" if self.order == 1 else f"order-{self.order:g} mean distance"
        return f"the least {how} that the mass of p must travel to become q"
