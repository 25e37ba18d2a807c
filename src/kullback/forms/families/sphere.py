"""Laws of directions: on the sphere of ℝᵈ."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.linear import dot
from kullback.arrays.namespace import is_traced, namespace, stop_gradient
from kullback.arrays.special import bessel_ratio, lgamma, log_iv
from kullback.errors import InvalidInputError, ShapeError
from kullback.forms.families.domains import NON_NEGATIVE, VECTOR, Domain
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import as_numpy, minus_infinity_outside, outcomes, shape_of
from kullback.forms.families.support import Support

SPHERE_DIMENSION = Domain(
    "a whole number, at least 2", lambda x: (x >= 2) & (namespace(x).round(x) == x)
)


@dataclass(frozen=True, eq=False, repr=False)
class VonMisesFisher(Family):
    """C(κ) e^(κ mᵀx) on the sphere of ℝᵈ, m = direction of length 1, κ = concentration.

    C(κ) = κ^(d/2 − 1)/((2π)^(d/2) I_{d/2 − 1}(κ)).
    """

    dimensions: ClassVar[int] = 1
    direction: Any = parameter(VECTOR)
    concentration: Any = parameter(NON_NEGATIVE)

    def check(self) -> None:
        """Raise where the direction is not of length 1."""
        _check_direction(self.direction, "VonMisesFisher")

    @property
    def size(self) -> int:
        """The dimension d of the space around the sphere."""
        return int(self.direction.shape[-1])

    def support(self) -> Support:
        """Return the sphere."""
        return Support("sphere", size=(self.size,))

    def log_density(self, x: Any) -> Any:
        """Log C(κ) + κ mᵀx."""
        x = outcomes(x, self.direction)
        value = self.concentration * dot(x, self.direction) - vmf_log_norm(
            self.size, self.concentration
        )
        return minus_infinity_outside(on_sphere(x), value)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch, d), by rejection (Wood 1994)."""
        d, kappa = self.size, as_numpy(self.concentration)
        kappa = np.broadcast_to(kappa, shape_of(n, self.batch))
        cosine = np.empty(kappa.shape)
        left = np.ones(kappa.shape, dtype=bool)
        while left.any():
            k = kappa[left]
            b = (d - 1) / (2 * k + np.sqrt(4 * k * k + (d - 1) ** 2))
            x0 = (1 - b) / (1 + b)
            # 1 − x0² = 4 b/(1 + b)²
            c = k * x0 + (d - 1) * np.log(4 * b / (1 + b) ** 2)
            z = rng.beta((d - 1) / 2, (d - 1) / 2, k.shape)
            w = (1 - (1 + b) * z) / (1 - (1 - b) * z)
            taken = k * w + (d - 1) * np.log(1 - x0 * w) - c >= -rng.exponential(size=k.shape)
            at = np.nonzero(left)
            chosen = tuple(axis[taken] for axis in at)
            cosine[chosen] = w[taken]
            left[chosen] = False
        return _around(as_numpy(self.direction), cosine, rng)

    def mean(self) -> Any:
        """Return A(κ) m, A = I_{d/2}/I_{d/2 − 1}."""
        kappa = self.concentration
        return bessel_ratio(self.size / 2 - 1, kappa)[..., None] * self.direction


@dataclass(frozen=True, eq=False, repr=False)
class PowerSpherical(Family):
    """N(κ) (1 + mᵀx)^κ on the sphere of ℝᵈ, m = direction of length 1, κ = concentration.

    (1 + mᵀx)/2 is Beta((d − 1)/2 + κ, (d − 1)/2).

    References
    ----------
    De Cao and Aziz, The power spherical distribution, 2020.
    """

    dimensions: ClassVar[int] = 1
    direction: Any = parameter(VECTOR)
    concentration: Any = parameter(NON_NEGATIVE)

    def check(self) -> None:
        """Raise where the direction is not of length 1."""
        _check_direction(self.direction, "PowerSpherical")

    @property
    def size(self) -> int:
        """The dimension d of the space around the sphere."""
        return int(self.direction.shape[-1])

    def support(self) -> Support:
        """Return the sphere."""
        return Support("sphere", size=(self.size,))

    def log_density(self, x: Any) -> Any:
        """κ log(1 + mᵀx) − (a + b) log 2 − b log π − log Γ(a) + log Γ(a + b), b = (d − 1)/2."""
        x, kappa = outcomes(x, self.direction), self.concentration
        xp = namespace(x)
        along = 1 + dot(x, self.direction)
        some = along > 0
        power = kappa * xp.log(xp.where(some, along, xp.ones_like(along)))
        inside = on_sphere(x) & (some | (kappa == 0))
        return minus_infinity_outside(inside, power - power_spherical_log_norm(self.size, kappa))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch, d)."""
        b, kappa = (self.size - 1) / 2, as_numpy(self.concentration)
        cosine = 2 * rng.beta(b + kappa, b, shape_of(n, self.batch)) - 1
        return _around(as_numpy(self.direction), cosine, rng)

    def mean(self) -> Any:
        """Return κ/(κ + d − 1) m."""
        kappa = self.concentration
        return (kappa / (kappa + self.size - 1))[..., None] * self.direction


@dataclass(frozen=True, eq=False, repr=False)
class SphereUniform(Family):
    """Γ(d/2)/(2 π^(d/2)) on the sphere of ℝᵈ, d = dimension.

    >>> import kullback as kb
    >>> kb.entropy(kb.families.SphereUniform(3))
    2.5310242...
    """

    dimensions: ClassVar[int] = 1
    dimension: Any = parameter(SPHERE_DIMENSION)

    def check(self) -> None:
        """Raise for several dimensions at once."""
        if self.dimension.shape or is_traced(self.dimension):
            raise ShapeError("SphereUniform: dimension must be one number, known beforehand.")

    @property
    def size(self) -> int:
        """The dimension d of the space around the sphere."""
        return int(self.dimension)

    def support(self) -> Support:
        """Return the sphere."""
        return Support("sphere", size=(self.size,))

    def log_density(self, x: Any) -> Any:
        """−log of the sphere's area."""
        x = outcomes(x, self.dimension)
        inside = on_sphere(x)
        value = namespace(x).zeros_like(x[..., 0]) - sphere_log_area(self.size)
        return minus_infinity_outside(inside, value)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, d)."""
        x = rng.standard_normal((n, self.size))
        return x / np.linalg.norm(x, axis=-1, keepdims=True)

    def mean(self) -> Any:
        """Return 0."""
        xp = namespace(self.dimension)
        return xp.zeros(self.size, dtype=self.dimension.dtype)


def sphere_log_area(d: int) -> float:
    """Return log of 2 π^(d/2)/Γ(d/2)."""
    return math.log(2) + d / 2 * math.log(math.pi) - math.lgamma(d / 2)


def vmf_log_norm(d: int, kappa: Any) -> Any:
    """Return log ∫ e^(κ mᵀx) over the sphere: the area at κ = 0."""
    xp = namespace(kappa)
    order = d / 2 - 1
    some = kappa > 0
    k = xp.where(some, kappa, xp.ones_like(kappa))
    value = log_iv(order, k) - order * xp.log(k) + d / 2 * math.log(2 * math.pi)
    return xp.where(some, value, xp.zeros_like(value) + sphere_log_area(d))


def power_spherical_log_norm(d: int, kappa: Any) -> Any:
    """Return log ∫ (1 + mᵀx)^κ over the sphere."""
    b = (d - 1) / 2
    a = b + kappa
    return (a + b) * math.log(2) + b * math.log(math.pi) + lgamma(a) - lgamma(a + b)


def on_sphere(x: Any) -> Any:
    """Return where x has length 1."""
    xp = namespace(x)
    tol = 1e-4 if xp.finfo(x.dtype).eps > 1e-10 else 1e-6
    return xp.abs(dot(x, x) - 1) < tol


def _around(direction: Any, cosine: Any, rng: np.random.Generator) -> Any:
    """Return points of the sphere whose cosine to the direction is given."""
    side = rng.standard_normal((*cosine.shape, direction.shape[-1]))
    side = side - (side * direction).sum(-1, keepdims=True) * direction
    side = side / np.linalg.norm(side, axis=-1, keepdims=True)
    c = cosine[..., None]
    return c * direction + np.sqrt(np.maximum(0.0, (1 - c) * (1 + c))) * side


def _check_direction(x: Any, family: str) -> None:
    if x.shape[-1] < 2:
        raise ShapeError(f"{family}: direction has {x.shape[-1]} coordinates; it needs 2 or more.")
    if is_traced(x):
        return
    xp, x = namespace(x), stop_gradient(x)
    length = xp.sqrt(dot(x, x))
    tol = 1e-4 if xp.finfo(x.dtype).eps > 1e-10 else 1e-6
    gap = xp.abs(length - 1)
    if not bool(xp.all(gap <= tol)):
        worst = float(xp.reshape(length, (-1,))[int(xp.argmax(gap))])
        raise InvalidInputError(
            f"{family}: a direction has length {worst:.6g}, but it must be 1. Divide it by its "
            "length."
        )
