"""Mixtures."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.arrays.namespace import namespace, stop_gradient
from kullback.errors import InvalidInputError, ShapeError
from kullback.forms.families.derived.derived import (
    Derived,
    expanded,
    law_field,
    mean_of,
    picked,
    variance_of,
)
from kullback.forms.families.domains import Domain
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import as_numpy, outcomes
from kullback.forms.families.support import Support


def _sums_to_one(x: Any) -> Any:
    xp = namespace(x)
    tolerance = max(1e-6, 50 * float(xp.finfo(x.dtype).eps))
    total = xp.sum(x, axis=-1, keepdims=True)
    return (x >= 0) & (x <= 1 + tolerance) & (xp.abs(total - 1) <= tolerance)


WEIGHTS = Domain("non-negative, and the weights must sum to 1", _sums_to_one, event=1)


@dataclass(frozen=True, eq=False, repr=False)
class Mixture(Derived):
    """Σ wᵢ pᵢ(x): first draw which law, then from it.

    Attributes
    ----------
    weights : array, shape (*batch, k)
        Non-negative, with sum 1.
    laws : sequence of k families, or one family of batch (*batch, k)
        The parts; all counted or all measured, their outcomes of one shape.

    >>> import kullback as kb
    >>> f = kb.families
    >>> p = f.Mixture([0.3, 0.7], [f.Normal(-2, 1), f.Normal(2, 0.5)])
    >>> float(p.log_density(0.0))
    -4.1114102...
    """

    weights: Any = parameter(WEIGHTS)
    laws: Any = law_field()

    def check(self) -> None:
        """Raise where weights and laws differ in number, or laws in kind."""
        k, name = self.size, "Mixture"
        if isinstance(self.laws, tuple):
            if len(self.laws) != k:
                raise ShapeError(f"{name}: {k} weights for {len(self.laws)} laws.")
        elif not self.laws.batch or self.laws.batch[-1] not in (1, k):
            raise ShapeError(
                f"{name}: {k} weights for a {type(self.laws).__name__} of batch "
                f"{self.laws.batch}; its last axis must be that of the parts."
            )
        kinds = {(law.discrete, law.dimensions) for law in self.made_of}
        if len(kinds) > 1:
            raise InvalidInputError(
                f"{name}: the parts {', '.join(type(law).__name__ for law in self.made_of)} do not "
                "share one kind of outcome: all must count or all measure, with one shape."
            )

    @property
    def size(self) -> int:
        """How many parts there are."""
        return int(self.weights.shape[-1])

    @property
    def parts(self) -> tuple[Family, ...]:
        """The k laws, each of the batch's shape or one that broadcasts to it."""
        if isinstance(self.laws, tuple):
            return self.laws
        return tuple(picked(self.laws, i) for i in range(self.size))

    @property
    def batch(self) -> tuple[int, ...]:
        """The shape of the batch, the axis of parts left out."""
        shapes = [tuple(self.weights.shape)[:-1]]
        if isinstance(self.laws, tuple):
            shapes += [law.batch for law in self.laws]
        else:
            shapes.append(self.laws.batch[:-1])
        return np.broadcast_shapes(*shapes)

    def picked(self, index: int, axis: int = -1) -> Family:
        """Return the mixture at an index of an axis of the batch, counted from its end."""
        along = self.weights.ndim - 1 + axis
        has = along >= 0
        at = index if has and self.weights.shape[along] > 1 else 0
        own = self.weights[(slice(None),) * along + (at,)] if has else self.weights
        return Mixture(own, tuple(picked(law, index, axis) for law in self.parts))

    def expanded(self, batch: tuple[int, ...]) -> Family:
        """Return the same mixture of a larger batch."""
        return Mixture(self.weights, tuple(expanded(law, batch) for law in self.parts))

    def support(self) -> Support:
        """Return the smallest interval that holds the parts' supports."""
        supports = [part.support() for part in self.parts]
        first = supports[0]
        if any(s.kind != first.kind for s in supports):
            kinds = ", ".join(sorted({s.kind for s in supports}))
            raise InvalidInputError(f"Mixture: its parts live on different sets: {kinds}.")
        if first.low is None:
            return first
        low, high = first.low, first.high
        xp = namespace(low)
        for s in supports[1:]:
            low, high = xp.minimum(low, s.low), xp.maximum(high, s.high)
        return Support(first.kind, low, high, first.size)

    def log_densities(self, x: Any) -> Any:
        """Return the log-density of every part at x, parts on the last axis."""
        x = outcomes(x, self.home)
        xp = namespace(x)
        if not isinstance(self.laws, tuple):
            return self.laws.log_density(xp.expand_dims(x, axis=-1 - self.dimensions))
        each = xp.broadcast_arrays(*(law.log_density(x) for law in self.laws))
        return xp.stack(list(each), axis=-1)

    def log_density(self, x: Any) -> Any:
        """Log Σ wᵢ pᵢ(x)."""
        log_p = self.log_densities(x)
        xp, w = namespace(log_p), self.weights
        infinity = float("inf")
        peak = stop_gradient(xp.max(xp.where(w > 0, log_p, -infinity), axis=-1, keepdims=True))
        some = peak > -infinity
        peak = xp.where(some, peak, xp.zeros_like(peak))
        over = xp.where((w > 0) | (log_p - peak < 80), log_p - peak, 80.0)  # a weight of 0 holds it
        total = xp.sum(w * xp.exp(over), axis=-1)
        some = some[..., 0]
        value = xp.log(xp.where(some, total, xp.ones_like(total))) + peak[..., 0]
        return xp.where(some, value, -infinity)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch, *event)."""
        shape = (n, *self.batch)
        each = [expanded(part, self.batch).draw(rng, n) for part in self.parts]
        event = each[0].shape[len(shape) :]
        upto = np.cumsum(as_numpy(self.weights), axis=-1)
        upto = np.broadcast_to(upto / upto[..., -1:], (*self.batch, self.size))
        which = (rng.random(shape)[..., None] >= upto).sum(axis=-1)
        which = which.reshape(shape + (1,) * len(event))
        drawn = each[0].copy()
        for i in range(1, self.size):
            drawn = np.where(which == i, each[i], drawn)
        return drawn

    def _moments(self, of: Any) -> Any:
        each = [of(part) for part in self.parts]
        if any(x is None for x in each):
            return None
        xp = namespace(each[0])
        return xp.stack(list(xp.broadcast_arrays(*each)), axis=-1)

    def mean(self) -> Any:
        """Return Σ wᵢ mᵢ."""
        m = None if self.dimensions else self._moments(mean_of)
        return None if m is None else namespace(m).sum(self.weights * m, axis=-1)

    def variance(self) -> Any:
        """Return Σ wᵢ (vᵢ + (mᵢ − m)²)."""
        if self.dimensions:
            return None
        m, v = self._moments(mean_of), self._moments(variance_of)
        if m is None or v is None:
            return None
        xp = namespace(m)
        centre = xp.sum(self.weights * m, axis=-1, keepdims=True)
        return xp.sum(self.weights * (v + (m - centre) ** 2), axis=-1)
