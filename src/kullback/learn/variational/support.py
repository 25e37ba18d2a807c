"""Where a parameter may lie: increasing maps from the whole line, with their Jacobians."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kullback.errors import InputTypeError, InvalidInputError
from kullback.learn._torch import torch


class Map(ABC):
    """An increasing map T from the line onto an open interval."""

    @abstractmethod
    def forward(self, z: Any) -> Any:
        """T(z)."""

    @abstractmethod
    def backward(self, x: Any) -> Any:
        """T⁻¹(x); NaN or ±∞ where T does not reach x."""

    @abstractmethod
    def log_slope(self, z: Any) -> Any:
        """Log T′(z)."""


@dataclass(frozen=True)
class Above(Map):
    """x = low + eᶻ: numbers above a bound.

    >>> import torch
    >>> from kullback import learn
    >>> learn.above(2.0).forward(torch.tensor(0.0))
    tensor(3.)
    """

    low: float = 0.0

    def forward(self, z: Any) -> Any:
        """Low + eᶻ."""
        return self.low + torch.exp(z)

    def backward(self, x: Any) -> Any:
        """Log(x − low)."""
        return torch.log(x - self.low)

    def log_slope(self, z: Any) -> Any:
        """Log eᶻ = z."""
        return z


@dataclass(frozen=True)
class Below(Map):
    """x = high − e⁻ᶻ: numbers below a bound."""

    high: float = 0.0

    def forward(self, z: Any) -> Any:
        """High − e⁻ᶻ."""
        return self.high - torch.exp(-z)

    def backward(self, x: Any) -> Any:
        """−log(high − x)."""
        return -torch.log(self.high - x)

    def log_slope(self, z: Any) -> Any:
        """Log e⁻ᶻ = −z."""
        return -z


@dataclass(frozen=True)
class Within(Map):
    """x = low + (high − low)/(1 + e⁻ᶻ): numbers between two bounds."""

    low: float = 0.0
    high: float = 1.0

    def forward(self, z: Any) -> Any:
        """Low + (high − low) σ(z)."""
        return self.low + (self.high - self.low) * torch.sigmoid(z)

    def backward(self, x: Any) -> Any:
        """Log((x − low)/(high − x))."""
        return torch.log(x - self.low) - torch.log(self.high - x)

    def log_slope(self, z: Any) -> Any:
        """Log(high − low) + log σ(z) + log σ(−z)."""
        logsigmoid = torch.nn.functional.logsigmoid
        return math.log(self.high - self.low) + logsigmoid(z) + logsigmoid(-z)


positive = Above(0.0)
"""Numbers above 0, by x = eᶻ."""


def above(low: float) -> Map:
    """Return the map onto numbers above a bound.

    >>> from kullback import learn
    >>> learn.above(2.0)
    Above(low=2.0)
    """
    return Above(_finite(low, "above"))


def below(high: float) -> Map:
    """Return the map onto numbers below a bound.

    >>> from kullback import learn
    >>> learn.below(0.5)
    Below(high=0.5)
    """
    return Below(_finite(high, "below"))


def interval(low: float, high: float) -> Map:
    """Return the map onto numbers between two bounds.

    Raises
    ------
    InvalidInputError
        Bounds that are not finite, or not in order.

    >>> from kullback import learn
    >>> learn.interval(0, 1)
    Within(low=0.0, high=1.0)
    """
    a, b = _finite(low, "interval"), _finite(high, "interval")
    if not a < b:
        raise InvalidInputError(f"interval({low!r}, {high!r}): the first bound must be the lower.")
    return Within(a, b)


def _finite(bound: float, name: str) -> float:
    if not isinstance(bound, (int, float)) or not math.isfinite(bound):
        raise InvalidInputError(f"{name}({bound!r}): a bound is a finite number.")
    return float(bound)


class Support:
    """The maps of all coordinates; those not named are the whole line.

    Parameters
    ----------
    maps : mapping from int to Map
        The map of each bounded coordinate.
    dim : int
        How many coordinates there are.
    """

    def __init__(self, maps: Mapping[int, Map] | None, dim: int) -> None:
        if maps is not None and not isinstance(maps, Mapping):
            raise InputTypeError(
                f"support={maps!r}: a mapping from a coordinate to where it lies is needed, such "
                "as {3: learn.positive}."
            )
        self.maps: dict[int, Map] = {}
        for where, found in (maps or {}).items():
            if not isinstance(where, int) or not -dim <= where < dim:
                raise InvalidInputError(
                    f"support names coordinate {where!r}; the density has {dim}, 0 to {dim - 1}."
                )
            if not isinstance(found, Map):
                raise InputTypeError(
                    f"support[{where}] is {found!r}; learn.positive, learn.above(a), "
                    "learn.below(b) or learn.interval(a, b) is needed."
                )
            self.maps[where % dim] = found

    def forward(self, z: Any) -> Any:
        """Return x = T(z); z (n, dim)."""
        if not self.maps:
            return z
        return torch.stack(
            [self.maps[i].forward(c) if i in self.maps else c for i, c in enumerate(z.unbind(-1))],
            -1,
        )

    def backward(self, x: Any) -> Any:
        """Return z = T⁻¹(x); x (n, dim)."""
        if not self.maps:
            return x
        return torch.stack(
            [self.maps[i].backward(c) if i in self.maps else c for i, c in enumerate(x.unbind(-1))],
            -1,
        )

    def log_slope(self, z: Any) -> Any:
        """Return log |det dx/dz|; z (n, dim), the answer (n,)."""
        slope = torch.zeros_like(z[..., 0])
        for i, found in self.maps.items():
            slope = slope + found.log_slope(z[..., i])
        return slope
