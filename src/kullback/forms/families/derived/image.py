"""Images of a law under a map that only another library knows."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.forms.families.derived.derived import Derived, law_field
from kullback.forms.families.outcomes import as_numpy, outcomes
from kullback.forms.families.support import Support


@dataclass(frozen=True, eq=False, repr=False)
class Image(Derived):
    """The law of T(x), T one-to-one: a flow, a stick-breaking map, ….

    Two images under one map are as far from one another as the laws that were mapped.

    Attributes
    ----------
    law : Family
        The law that is mapped.
    map : object
        T; equal objects are equal maps.
    density : callable
        From y to the logarithm of the density of T(x) at y.
    mapped : callable
        From x to T(x), in the library of the parameters.
    axes : int
        How many axes an outcome has after the map.
    """

    law: Any = law_field()
    map: Any = None
    density: Callable[[Any], Any] = lambda y: y
    mapped: Callable[[Any], Any] = lambda x: x
    axes: int = 0

    def _dimensions(self) -> int:
        return self.axes

    def _said(self) -> list[str]:
        return [*super()._said(), repr(self.map)]

    def same_map(self, other: "Image") -> bool:
        """Tell whether another image is known to apply the same map."""
        if self.map is other.map:
            return True
        same = getattr(self.map, "same_as", None)
        try:
            return bool(same(other.map) if callable(same) else self.map == other.map)
        except Exception:  # noqa: BLE001 (maps of others may not know how to compare)
            return False

    def support(self) -> Support:
        """Return a set that only equal maps share."""
        return Support(f"image under {self.map!r}")

    def log_density(self, x: Any) -> Any:
        """The other library's."""
        return self.density(outcomes(x, self.home))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return T of n draws."""
        return as_numpy(self.mapped(outcomes(self.law.draw(rng, n), self.home)))
