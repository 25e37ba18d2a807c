"""Laws of an angle."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.special import i0e
from kullback.forms.families.domains import NON_NEGATIVE, REAL
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import as_numpy, outcomes, shape_of
from kullback.forms.families.support import Support

LOG_2PI = math.log(2 * math.pi)


@dataclass(frozen=True, eq=False, repr=False)
class VonMises(Family):
    """exp(concentration cos(x − loc))/(2π I₀(concentration)) of an angle x.

    >>> import kullback as kb
    >>> kb.kl(kb.families.VonMises(0, 1), kb.families.VonMises(1, 1))
    0.2052...
    """

    loc: Any = parameter(REAL)
    concentration: Any = parameter(NON_NEGATIVE)

    def support(self) -> Support:
        """Return the circle, as the angles from −π to π."""
        xp = namespace(self.loc)
        return Support("circle", xp.full_like(self.loc, -math.pi), xp.full_like(self.loc, math.pi))

    def log_density(self, x: Any) -> Any:
        """−2 concentration sin²((x − loc)/2) − log(2π e^(−concentration) I₀(concentration))."""
        xp = namespace(self.loc)
        half = xp.sin(0.5 * (outcomes(x, self.loc) - self.loc))
        k = self.concentration
        return -2 * k * half * half - xp.log(i0e(k)) - LOG_2PI

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws from −π to π, shape (n, *batch)."""
        loc = np.broadcast_to(as_numpy(self.loc), self.batch)
        k = np.broadcast_to(as_numpy(self.concentration), self.batch)
        return rng.vonmises(loc, k, shape_of(n, self.batch))
