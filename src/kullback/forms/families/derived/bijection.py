"""The image of a law under an increasing or decreasing map."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.arrays.namespace import is_traced, namespace
from kullback.errors import InvalidInputError
from kullback.forms.families.derived.derived import (
    Derived,
    all_hold,
    expanded,
    law_field,
    quantile_of,
    told_as,
    upper_quantile_of,
)
from kullback.forms.families.family import Family
from kullback.forms.families.outcomes import as_numpy, masked, minus_infinity_outside, outcomes
from kullback.forms.families.support import Support


@dataclass(frozen=True, eq=False, repr=False)
class Bijection(Derived):
    """The law of T(x), x from another law of numbers, T strictly monotone."""

    law: Family = law_field()

    @abstractmethod
    def forward(self, x: Any) -> Any:
        """T(x)."""

    @abstractmethod
    def backward(self, y: Any) -> Any:
        """T⁻¹(y), for y that T reaches."""

    @abstractmethod
    def log_slope(self, x: Any, y: Any) -> Any:
        """Log |T′(x)|, y = T(x)."""

    def reaches(self, y: Any) -> Any:
        """Return where y is a value that T takes."""
        return ~namespace(y).isnan(y)

    @property
    def reachable(self) -> float:
        """One number that T takes."""
        return 1.0

    def falls(self) -> Any:
        """Return where T is decreasing: True, False or an array of bool."""
        return False

    def undo(self, other: Family) -> Family | None:
        """Return T⁻¹ of another law where that is a family of its own; None where it is not."""
        raise NotImplementedError

    def same_map(self, other: "Bijection") -> bool:
        """Tell whether another bijection is known to apply the same map."""
        return type(other) is type(self) and all(
            same_values(getattr(self, f.name), getattr(other, f.name)) for f in self.parameters()
        )

    def check(self) -> None:
        """Raise for laws of vectors, and for counted laws, which have no density to map."""
        self._check_numbers()
        if self.discrete:
            raise InvalidInputError(
                f"{type(self).__name__} of {type(self.law).__name__}: a counted law has no density "
                "to map."
            )

    def _check_numbers(self) -> None:
        if self.law.dimensions:
            raise InvalidInputError(
                f"{type(self).__name__} maps numbers; {type(self.law).__name__} is a law of "
                f"{'vectors' if self.law.dimensions == 1 else 'matrices'}."
            )

    @abstractmethod
    def absorbed(self) -> Family | None:
        """Return the family that this law is of, where it is one."""

    def canonical(self) -> Family:
        """Return the member of the family that this law is of; itself where there is none."""
        found = self.absorbed()
        return self if found is None else told_as(found, self)

    def support(self) -> Support:
        """Return the image of the law's support."""
        inner = self.law.support()
        a, b = self.forward(inner.low), self.forward(inner.high)
        xp, falls = namespace(a), self.falls()
        if falls is False:
            return Support(inner.kind, a, b)
        if falls is True:
            return Support(inner.kind, b, a)
        return Support(inner.kind, xp.where(falls, b, a), xp.where(falls, a, b))

    def log_density(self, x: Any) -> Any:
        """Log p(T⁻¹(x)) − log |T′(T⁻¹(x))|."""
        y = outcomes(x, self.home)
        inside = self.reaches(y)
        y = masked(inside, y, self.reachable)
        x = self.backward(y)
        value = self.law.log_density(x)
        if not self.discrete:
            value = value - self.log_slope(x, y)
        return minus_infinity_outside(inside & ~namespace(value).isnan(value), value)

    def quantile(self, u: Any) -> Any:
        """Return T of the law's quantile; of its upper quantile where T is decreasing."""
        return self._mapped_quantile(
            quantile_of(self.law, u), lambda: upper_quantile_of(self.law, u)
        )

    def upper_quantile(self, u: Any) -> Any:
        """Return the quantile at 1 − u, without loss for small u."""
        return self._mapped_quantile(
            upper_quantile_of(self.law, u), lambda: quantile_of(self.law, u)
        )

    def _mapped_quantile(self, straight: Any, crossed: Any) -> Any:
        falls = self.falls()
        if falls is False:
            return None if straight is None else self.forward(straight)
        other = crossed()
        if falls is True:
            return None if other is None else self.forward(other)
        if straight is None or other is None:
            return None
        return self.forward(namespace(straight).where(falls, other, straight))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return T of n draws, shape (n, *batch)."""
        drawn = expanded(self.law, self.batch).draw(rng, n)
        return as_numpy(self.forward(outcomes(drawn, self.home)))

    def mean(self) -> Any:
        """Return None: the mean of T(x) is not T of the mean."""
        return None

    def variance(self) -> Any:
        """Return None: the variance is not known in closed form."""
        return None


def same_values(a: Any, b: Any) -> bool:
    """Tell whether two parameters are known to be equal."""
    if a is b:
        return True
    if is_traced(a) or is_traced(b):
        return False
    a, b = as_numpy(a), as_numpy(b)
    return bool(np.all(a == b))


def log_or_minus_infinity(x: Any) -> Any:
    """Return log x, −∞ at 0, without a warning."""
    xp = namespace(x)
    some = x > 0
    return xp.where(some, xp.log(xp.where(some, x, xp.ones_like(x))), -float("inf"))


def check_positive(law: Bijection) -> None:
    """Raise where the law that is mapped has mass below 0."""
    low = law.law.support().low
    if low is None or is_traced(low) or all_hold(low >= 0):
        return
    raise InvalidInputError(
        f"{type(law).__name__} needs a law of positive numbers; the support of "
        f"{type(law.law).__name__} begins at {float(namespace(low).min(low))!r}."
    )
