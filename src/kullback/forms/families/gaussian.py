"""Gaussian laws on vectors, in each of their parametrisations."""

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

import numpy as np

from kullback.arrays import linear
from kullback.arrays.namespace import namespace
from kullback.errors import InputTypeError, ShapeError
from kullback.forms.families.definite import checked_factor, checked_triangle
from kullback.forms.families.domains import MATRIX, POSITIVE_VECTOR, VECTOR
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import as_numpy, outcomes, shape_of
from kullback.forms.families.support import Support

SPREADS = ("covariance", "precision", "scale_tril", "variances")


@dataclass(frozen=True, eq=False, repr=False)
class MultivariateNormal(Family):
    """exp(−½ zᵀΣ⁻¹z)/√det(2πΣ), z = x − mean.

    Parameters
    ----------
    mean : array, shape (*batch, d), optional
        0 if left out or None.
    covariance : array, shape (*batch, d, d)
        Σ. Exactly one of this and the next three is given.
    precision : array, shape (*batch, d, d)
        Σ⁻¹.
    scale_tril : array, shape (*batch, d, d)
        Lower L with L Lᵀ = Σ and a positive diagonal.
    variances : array, shape (*batch, d)
        The diagonal of Σ, which is 0 elsewhere.

    Attributes
    ----------
    spread : str
        Which of the four was given.
    factor : array, shape (*batch, d, d), or None
        Lower L with L Lᵀ = Σ; from a precision, upper U with U Uᵀ = Σ⁻¹; None from variances.

    Raises
    ------
    InputTypeError
        Unless exactly one of the four is given.
    InvalidInputError
        For a matrix that is not symmetric, or has an eigenvalue that is not positive, or not
        distinguishable from 0 in its dtype; the message has the eigenvalue.
    ShapeError
        For matrices that are not square or do not fit the mean.

    >>> import kullback as kb
    >>> p = kb.families.MultivariateNormal([0, 0], [[1, 0.5], [0.5, 1]])
    >>> q = kb.families.MultivariateNormal(variances=[1, 1])
    >>> kb.kl(p, q)
    0.1438410...
    """

    dimensions: ClassVar[int] = 1
    mean: Any = parameter(VECTOR, default=None)
    covariance: Any = parameter(MATRIX, default=None)
    precision: Any = parameter(MATRIX, default=None, kw_only=True)
    scale_tril: Any = parameter(MATRIX, default=None, kw_only=True)
    variances: Any = parameter(POSITIVE_VECTOR, default=None, kw_only=True)
    spread: str = field(init=False, default="")
    factor: Any = field(init=False, default=None)

    def __post_init__(self) -> None:
        given = [name for name in SPREADS if getattr(self, name) is not None]
        if len(given) != 1:
            said = " and ".join(given) or "none of them"
            raise InputTypeError(
                f"MultivariateNormal takes exactly one of {', '.join(SPREADS)}; given: {said}."
            )
        object.__setattr__(self, "spread", given[0])
        super().__post_init__()

    def check(self) -> None:
        """Raise unless shapes fit and the matrix is symmetric and positive definite."""
        given = getattr(self, self.spread)
        name = f"MultivariateNormal: {self.spread}"
        d = int(given.shape[-1])
        if self.mean is None:
            row = given if self.spread == "variances" else given[..., 0, :]
            object.__setattr__(self, "mean", namespace(given).zeros_like(row))
        if self.mean.shape[-1] != d:
            raise ShapeError(
                f"MultivariateNormal: mean has {self.mean.shape[-1]} coordinates, and "
                f"{self.spread} has {d}."
            )
        if self.spread == "covariance":
            object.__setattr__(self, "factor", checked_factor(given, name))
        elif self.spread == "precision":
            checked = checked_factor(linear.reversed_axes(given), name)
            object.__setattr__(self, "factor", linear.reversed_axes(checked))
        elif self.spread == "scale_tril":
            checked_triangle(given, name)
            object.__setattr__(self, "factor", given)

    @property
    def size(self) -> int:
        """The number of coordinates."""
        return int(self.mean.shape[-1])

    @cached_property
    def root(self) -> Any:
        """Lower L with L Lᵀ = Σ, shape (*batch, d, d)."""
        if self.spread == "variances":
            return linear.diagonal_matrix(namespace(self.variances).sqrt(self.variances))
        if self.spread == "precision":  # Σ⁻¹ = U Uᵀ, U upper: L = U⁻ᵀ
            return linear.inverse_lower(linear.transposed(self.factor))
        return self.factor

    @cached_property
    def root_diagonal(self) -> Any:
        """The diagonal of L, shape (*batch, d)."""
        if self.spread == "variances":
            return namespace(self.variances).sqrt(self.variances)
        if self.spread == "precision":
            return 1 / linear.diagonal(self.factor)
        return linear.diagonal(self.factor)

    def whitened(self, x: Any) -> Any:
        """Return L⁻¹x for vectors x, shape (*batch, d)."""
        if self.spread == "variances":
            return x / self.root_diagonal
        if self.spread == "precision":
            return linear.dot(x[..., None, :], linear.transposed(self.factor))
        return linear.solve_vector(self.factor, x)

    @property
    def condition(self) -> Any:
        """A lower estimate of the condition number of Σ, (max Lᵢᵢ/min Lᵢᵢ)², shape (*batch,).

        The relative error of an answer is about this times the rounding error of the dtype.
        """
        x = self.root_diagonal
        xp = namespace(x)
        return (xp.max(x, axis=-1) / xp.min(x, axis=-1)) ** 2

    def support(self) -> Support:
        """Return ℝᵈ."""
        return Support("vectors", size=(self.size,))

    def log_density(self, x: Any) -> Any:
        """−½ |L⁻¹(x − mean)|² − Σ log Lᵢᵢ − (d/2) log 2π."""
        z = self.whitened(outcomes(x, self.mean) - self.mean)
        logs = namespace(z).sum(namespace(z).log(self.root_diagonal), axis=-1)
        return -0.5 * linear.dot(z, z) - logs - 0.5 * self.size * math.log(2 * math.pi)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch, d)."""
        z = rng.standard_normal(shape_of(n, self.batch, self.size))
        if self.spread == "variances":
            return as_numpy(self.mean) + as_numpy(self.root_diagonal) * z
        return as_numpy(self.mean) + (as_numpy(self.root) @ z[..., None])[..., 0]

    def dense(self) -> Any:
        """Return Σ, shape (*batch, d, d)."""
        if self.spread == "covariance":
            return self.covariance
        return self.root @ linear.transposed(self.root)

    def variance(self) -> Any:
        """Return the diagonal of Σ, shape (*batch, d)."""
        return self.variances if self.spread == "variances" else linear.diagonal(self.dense())


@dataclass(frozen=True, eq=False, repr=False)
class LowRankNormal(Family):
    """MultivariateNormal with Σ = diag(diagonal) + F Fᵀ, F = factor of shape (*batch, d, r).

    >>> import kullback as kb
    >>> p = kb.families.LowRankNormal([0, 0], [[1], [1]], [1, 1])
    >>> kb.kl(p, kb.families.MultivariateNormal(variances=[1, 1]))
    0.4506938...
    """

    dimensions: ClassVar[int] = 1
    mean: Any = parameter(VECTOR)
    factor: Any = parameter(MATRIX)
    diagonal: Any = parameter(POSITIVE_VECTOR)

    def check(self) -> None:
        """Raise where shapes do not fit."""
        sizes = (self.mean.shape[-1], self.factor.shape[-2], self.diagonal.shape[-1])
        if len(set(sizes)) > 1:
            raise ShapeError(
                f"LowRankNormal: mean has {sizes[0]} coordinates, factor {sizes[1]} rows, "
                f"diagonal {sizes[2]} elements; they must be equal."
            )

    @property
    def size(self) -> int:
        """The number of coordinates."""
        return int(self.mean.shape[-1])

    @cached_property
    def whitened_factor(self) -> Any:
        """diag(diagonal)^(−½) F, shape (*batch, d, r)."""
        return self.factor / namespace(self.factor).sqrt(self.diagonal)[..., None]

    @cached_property
    def capacitance_root(self) -> Any:
        """Lower C with C Cᵀ = I + Fᵀ diag(diagonal)⁻¹ F, shape (*batch, r, r)."""
        w = self.whitened_factor
        inner = linear.transposed(w) @ w
        return linear.cholesky(inner + linear.identity(inner.shape[-1], inner))[0]

    @cached_property
    def dense(self) -> MultivariateNormal:
        """The same law with its covariance."""
        f = self.factor
        covariance = f @ linear.transposed(f) + linear.diagonal_matrix(self.diagonal)
        return MultivariateNormal(self.mean, covariance)

    def support(self) -> Support:
        """Return ℝᵈ."""
        return Support("vectors", size=(self.size,))

    def distance(self, x: Any) -> Any:
        """Return xᵀΣ⁻¹x for vectors x, shape (*batch,)."""
        z = x / namespace(x).sqrt(self.diagonal)
        along = linear.transposed(self.whitened_factor) @ z[..., None]
        return linear.dot(z, z) - linear.squares(linear.solve_lower(self.capacitance_root, along))

    def log_determinant(self) -> Any:
        """Return log det Σ, shape (*batch,)."""
        xp = namespace(self.diagonal)
        inner = xp.sum(xp.log(linear.diagonal(self.capacitance_root)), axis=-1)
        return 2 * inner + xp.sum(xp.log(self.diagonal), axis=-1)

    def log_density(self, x: Any) -> Any:
        """−½ (zᵀΣ⁻¹z + log det Σ + d log 2π), z = x − mean."""
        z = self.distance(outcomes(x, self.mean) - self.mean)
        return -0.5 * (z + self.log_determinant() + self.size * math.log(2 * math.pi))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch, d)."""
        f = as_numpy(self.factor)
        own = rng.standard_normal(shape_of(n, self.batch, self.size))
        shared = rng.standard_normal(shape_of(n, self.batch, f.shape[-1]))
        spread = np.sqrt(as_numpy(self.diagonal)) * own + (f @ shared[..., None])[..., 0]
        return as_numpy(self.mean) + spread

    def variance(self) -> Any:
        """Return the diagonal of Σ, shape (*batch, d)."""
        return self.diagonal + namespace(self.factor).sum(self.factor * self.factor, axis=-1)
