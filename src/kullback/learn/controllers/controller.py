"""What every controller does: a price for the divergence seen, and a price for the next."""

import math
from abc import ABC, abstractmethod
from typing import Any, ClassVar

from kullback.errors import InvalidInputError


class Controller(ABC):
    """The price of divergence, and how it follows the divergence seen.

    Attributes
    ----------
    coefficient : float
        What one nat costs now.
    steps : int
        How many training steps were seen.
    """

    of_dimensions: ClassVar[bool] = False
    """Whether the divergence is given by dimension, its last axis."""

    def __init__(self, coefficient: float) -> None:
        self.coefficient = not_negative(coefficient, "coefficient", self)
        self.steps = 0

    def cost(self, kl: Any) -> Any:
        """Return what is added to the loss, a scalar; its gradient flows into kl."""
        return self.coefficient * kl

    def update(self, kl: float) -> None:
        """Look at the divergence of one training step, and set the price of the next.

        Raises
        ------
        InvalidInputError
            If the divergence is NaN or infinite; the price stays what it was.
        """
        self.check(kl)
        self.steps += 1
        self.follow(kl)

    def check(self, kl: float) -> None:
        """Raise unless the divergence is finite."""
        if not math.isfinite(kl):
            raise InvalidInputError(
                f"The divergence of step {self.steps + 1} is {kl}; {self!r} keeps its coefficient "
                f"of {self.coefficient:g}. Look at what made it so before training goes on."
            )

    @abstractmethod
    def follow(self, kl: float, /) -> None:
        """Set the coefficient after a step whose divergence was kl."""

    def state_dict(self) -> dict[str, float]:
        """Return what changes in training."""
        return {"coefficient": self.coefficient, "steps": self.steps}

    def load_state_dict(self, state: dict[str, float]) -> None:
        """Go on from where a state was taken."""
        self.coefficient = not_negative(state["coefficient"], "coefficient", self)
        self.steps = int(state["steps"])

    def __repr__(self) -> str:
        """Name the settings, and the price now."""
        own = {k: v for k, v in vars(self).items() if k not in {"coefficient", "steps"}}
        settings = ", ".join(f"{name}={value:g}" for name, value in own.items())
        price = getattr(self, "coefficient", math.nan)
        return f"{type(self).__name__}({settings}), coefficient {price:g}"


def positive(value: float, name: str, owner: Controller) -> float:
    """Return a finite positive setting, or raise."""
    if not isinstance(value, (int, float)) or not 0 < value < math.inf:
        raise InvalidInputError(
            f"{type(owner).__name__}({name}={value!r}): a positive, finite number is needed."
        )
    return float(value)


def not_negative(value: float, name: str, owner: Controller) -> float:
    """Return a finite setting that is not negative, or raise."""
    if not isinstance(value, (int, float)) or not 0 <= value < math.inf:
        raise InvalidInputError(
            f"{type(owner).__name__}({name}={value!r}): a finite number from 0 on is needed."
        )
    return float(value)


def whole(value: int, name: str, owner: Controller) -> int:
    """Return a positive whole number, or raise."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise InvalidInputError(
            f"{type(owner).__name__}({name}={value!r}): a whole number from 1 on is needed."
        )
    return value


def bounds(low: float, high: float, start: float, owner: Controller) -> tuple[float, float]:
    """Return both ends of the price, or raise unless 0 < low ≤ start ≤ high."""
    low, high = positive(low, "low", owner), positive(high, "high", owner)
    if not low <= start <= high:
        raise InvalidInputError(
            f"{type(owner).__name__}: the coefficient {start:g} does not lie between low = "
            f"{low:g} and high = {high:g}."
        )
    return low, high
