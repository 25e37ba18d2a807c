"""Laws of independent numbers, seen as one law of vectors."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.errors import InvalidInputError, ShapeError
from kullback.forms.families.derived.derived import (
    Derived,
    expanded,
    law_field,
    mean_of,
    picked,
    told_as,
    variance_of,
)
from kullback.forms.families.family import Family
from kullback.forms.families.outcomes import outcomes
from kullback.forms.families.support import Support


@dataclass(frozen=True, eq=False, repr=False)
class Independent(Derived):
    """Π p(xᵢ): the last axes of a law's batch, taken as the axes of one outcome.

    >>> import kullback as kb
    >>> f = kb.families
    >>> kb.kl(f.Independent(f.Normal([0.0, 0.0], 1), 1), f.Independent(f.Normal([1.0, 2.0], 1), 1))
    2.5
    """

    law: Any = law_field()
    axes: int = 1

    def check(self) -> None:
        """Raise where the batch has fewer axes than are to be taken."""
        if not isinstance(self.axes, int) or not 0 < self.axes <= len(self.law.batch):
            raise ShapeError(
                f"Independent(…, axes={self.axes}) of a {type(self.law).__name__} of batch "
                f"{self.law.batch}: between 1 and {len(self.law.batch)} axes can be taken."
            )

    def _dimensions(self) -> int:
        return super()._dimensions() + self.axes

    def _said(self) -> list[str]:
        return [*super()._said(), f"axes={self.axes}"]

    @property
    def size(self) -> tuple[int, ...]:
        """The shape of the axes that were taken."""
        return tuple(self.law.batch[-self.axes :])

    @property
    def batch(self) -> tuple[int, ...]:
        """The shape of what is left of the law's batch."""
        return tuple(self.law.batch[: -self.axes])

    def picked(self, index: int, axis: int = -1) -> Family:
        """Return the law at an index of an axis of the batch, counted from its end."""
        return Independent(picked(self.law, index, axis - self.axes), self.axes)

    def expanded(self, batch: tuple[int, ...]) -> Family:
        """Return the same law of a larger batch."""
        return Independent(expanded(self.law, batch + self.size), self.axes)

    def support(self) -> Support:
        """Return the box of the law's supports."""
        inner = self.law.support()
        size = self.size + tuple(inner.size)
        return Support(f"box of {inner.kind}", inner.low, inner.high, size)

    def log_density(self, x: Any) -> Any:
        """Σ log p(xᵢ)."""
        x = outcomes(x, self.home)
        each = self.law.log_density(x)
        return _sum_last(_spread(each, self.size), self.axes)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch, *event)."""
        return self.law.draw(rng, n)

    def mean(self) -> Any:
        """Return the law's means."""
        return mean_of(self.law)

    def variance(self) -> Any:
        """Return the law's variances, one for each number."""
        return variance_of(self.law)

    def canonical(self) -> Family:
        """Return the MultivariateNormal of independent Normals."""
        law: Any = self.law.canonical() if isinstance(self.law, Derived) else self.law
        if type(law).__name__ != "Normal" or self.axes != 1:
            return self
        found: Family = told_as(_normals(law.loc, law.scale * law.scale, self.law.batch), self)
        return found


def _normals(mean: Any, variances: Any, shape: tuple[int, ...]) -> Any:
    from kullback.forms.families import MultivariateNormal

    xp = namespace(mean)
    return MultivariateNormal(
        xp.broadcast_to(mean, shape), variances=xp.broadcast_to(variances, shape)
    )


@dataclass(frozen=True, eq=False, repr=False)
class Product(Derived):
    """Π pᵢ(xᵢ): independent numbers or vectors of different laws, joined into one vector.

    >>> import kullback as kb
    >>> f = kb.families
    >>> p = f.Product([f.Normal(0, 1), f.Poisson(0)])
    >>> kb.kl(p, f.Product([f.Normal(1, 1), f.Poisson(1)]))
    1.5
    """

    laws: Any = law_field()
    mixed: ClassVar[str] = "product"

    def check(self) -> None:
        """Raise for laws of matrices."""
        for law in self.made_of:
            if law.dimensions > 1:
                raise InvalidInputError(
                    f"Product joins numbers and vectors; {type(law).__name__} is a law of matrices."
                )

    def _is_discrete(self) -> bool:
        return all(law.discrete for law in self.made_of)

    def _dimensions(self) -> int:
        return 1

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many numbers each law contributes."""
        return tuple(law.support().size[0] if law.dimensions else 1 for law in self.made_of)

    def support(self) -> Support:
        """Return the product of the laws' supports."""
        return Support("product", size=(sum(self.sizes),))

    def log_density(self, x: Any) -> Any:
        """Σ log pᵢ(xᵢ)."""
        x = outcomes(x, self.home)
        value, at = 0.0, 0
        for law, size in zip(self.made_of, self.sizes, strict=True):
            part = x[..., at : at + size] if law.dimensions else x[..., at]
            value, at = value + law.log_density(part), at + size
        return value

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch, k)."""
        each = []
        for law in self.made_of:
            drawn = expanded(law, self.batch).draw(rng, n)
            each.append(drawn if law.dimensions else drawn[..., None])
        return np.concatenate(each, axis=-1)

    def canonical(self) -> Family:
        """Return the MultivariateNormal of independent Normals."""
        if any(type(law).__name__ != "Normal" for law in self.made_of):
            return self
        xp = namespace(self.home)
        means, scales = (
            xp.stack([xp.broadcast_to(x, self.batch) for x in parameters], axis=-1)
            for parameters in zip(*((law.loc, law.scale) for law in self.laws), strict=True)
        )
        found: Family = told_as(_normals(means, scales * scales, tuple(means.shape)), self)
        return found


def as_product(law: Independent) -> Product:
    """Return a law of independent numbers with its single numbers apart."""
    return Product(tuple(picked(law.law, i) for i in range(law.size[-1])))


def _spread(each: Any, size: tuple[int, ...]) -> Any:
    """Return an array whose last axes are those of the outcome, not broadcast ones."""
    xp = namespace(each)
    ahead = tuple(each.shape)[: each.ndim - len(size)]
    return xp.broadcast_to(each, ahead + size)


def _sum_last(each: Any, axes: int) -> Any:
    return namespace(each).sum(each, axis=tuple(range(-axes, 0)))
