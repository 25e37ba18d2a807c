"""Fisher–Rao distances in closed form, each under its family and the parameters that vary."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kullback.forms.families.family import Family


@dataclass(frozen=True)
class Distance:
    """A closed form.

    Attributes
    ----------
    function : callable
        From two laws in one library and dtype, equal in all other parameters, to the distance.
    source : str
        Paper, or how it comes from another family's.
    """

    function: Callable[[Any, Any], Any]
    source: str


DISTANCES: dict[tuple[type[Family], tuple[str, ...]], Distance] = {}
"""Every closed form."""


def distance(
    family: type[Family], *varying: str, source: str
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter the decorated function under its family and the parameters that vary."""

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        DISTANCES[family, varying] = Distance(function, source)
        return function

    return enter
