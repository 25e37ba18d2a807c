"""What every code does: read a posterior from numbers, draw it, and say what it costs."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

from kullback.errors import InvalidInputError
from kullback.learn._torch import torch

_LEADING: dict[int, tuple[str, ...]] = {0: (), 1: ("sample",), 2: ("sample", "token")}


class Code(torch.nn.Module, ABC):  # type: ignore[misc]
    """A family of posteriors with its prior.

    Attributes
    ----------
    features : int
        How many numbers of the layer before say what one sample's posterior is.
    size : int
        How many numbers a drawn code has.
    how : str
        How its divergence is found.
    """

    features: int
    size: int
    how: ClassVar[str] = "closed"
    by_dimension: ClassVar[bool] = True
    """Whether the dimensions of a code are independent, each with a divergence of its own."""

    @abstractmethod
    def encode(self, h: Any) -> tuple[Any, Any]:
        """Return a draw with the path of its gradient, shape (*batch, size), and KL.

        KL has shape (*batch, dimensions), or (*batch,) where it does not split.
        """

    @abstractmethod
    def posterior(self, h: Any) -> Any:
        """Return the law that h says, shape (*batch, features)."""

    @abstractmethod
    def prior(self) -> Any:
        """Return the law of a code before data."""

    @abstractmethod
    def draw(self, n: int, device: Any = None) -> Any:
        """Return n codes drawn from the prior, shape (n, size)."""

    def axes(self, leading: int) -> tuple[str, ...]:
        """Return what the axes of KL count, of which `leading` are batch."""
        if leading not in _LEADING:
            raise InvalidInputError(
                f"A code is given a batch of {leading} axes; (sample,) or (sample, token) is "
                "what it knows. Flatten the others into samples."
            )
        return _LEADING[leading] + (("dim",) if self.by_dimension else ())


def whole(n: int, name: str, least: int, owner: Code) -> int:
    """Return a whole number that is not below the least, or raise."""
    if not isinstance(n, int) or isinstance(n, bool) or n < least:
        raise InvalidInputError(
            f"{type(owner).__name__}({name}={n!r}): a whole number from {least} on is needed."
        )
    return n
