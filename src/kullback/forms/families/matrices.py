"""Laws on positive-definite matrices, on matrices, and the conjugate priors of Gaussian laws."""

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from kullback.arrays import linear
from kullback.arrays.namespace import is_traced, namespace, stop_gradient
from kullback.arrays.special import lgamma, lmultigamma
from kullback.errors import InvalidInputError, ShapeError
from kullback.forms.families.definite import checked_factor
from kullback.forms.families.domains import MATRIX, POSITIVE, REAL, VECTOR
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import (
    as_numpy,
    minus_infinity_outside,
    outcomes,
    shape_of,
)
from kullback.forms.families.support import Support


@dataclass(frozen=True, eq=False, repr=False)
class Wishart(Family):
    """|X|^((n − d − 1)/2) e^(−tr(V⁻¹X)/2)/(2^(nd/2) |V|^(n/2) Γ_d(n/2)), n = df > d − 1, V = scale.

    >>> import kullback as kb
    >>> eye = [[1, 0], [0, 1]]
    >>> kb.kl(kb.families.Wishart(3, eye), kb.families.Wishart(5, eye))
    0.9461907...
    """

    dimensions: ClassVar[int] = 2
    df: Any = parameter(POSITIVE)
    scale: Any = parameter(MATRIX)
    root: Any = field(init=False, default=None)

    def check(self) -> None:
        """Raise unless the scale is positive definite and df above d − 1."""
        object.__setattr__(self, "root", checked_factor(self.scale, "Wishart: scale"))
        _check_degrees(self.df, self.size, "Wishart")

    @property
    def size(self) -> int:
        """The number of rows d."""
        return int(self.scale.shape[-1])

    def support(self) -> Support:
        """Return the positive-definite matrices."""
        return Support("positive definite", size=(self.size, self.size))

    def log_density(self, x: Any) -> Any:
        """Its logarithm, −∞ where x is not positive definite."""
        x, n, d = outcomes(x, self.scale), self.df, self.size
        inside, factor = definite_factor(x)
        trace = linear.squares(linear.solve_lower(self.root, factor))
        value = (n - d - 1) * log_diagonal(factor) - 0.5 * trace
        norm = 0.5 * n * d * math.log(2) + n * log_diagonal(self.root) + lmultigamma(n / 2, d)
        return minus_infinity_outside(inside, value - norm)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch, d, d), by Bartlett's decomposition."""
        a = as_numpy(self.root) @ bartlett(as_numpy(self.df), self.size, n, self.batch, rng)
        return a @ np.swapaxes(a, -1, -2)

    def mean(self) -> Any:
        """Return n V."""
        return self.df[..., None, None] * self.scale


@dataclass(frozen=True, eq=False, repr=False)
class InverseWishart(Family):
    """The law of X⁻¹, X from Wishart(df, scale⁻¹).

    |X|^(−(n + d + 1)/2) e^(−tr(S X⁻¹)/2) |S|^(n/2)/(2^(nd/2) Γ_d(n/2)), n = df > d − 1, S = scale.
    """

    dimensions: ClassVar[int] = 2
    df: Any = parameter(POSITIVE)
    scale: Any = parameter(MATRIX)
    root: Any = field(init=False, default=None)

    def check(self) -> None:
        """Raise unless the scale is positive definite and df above d − 1."""
        object.__setattr__(self, "root", checked_factor(self.scale, "InverseWishart: scale"))
        _check_degrees(self.df, self.size, "InverseWishart")

    @property
    def size(self) -> int:
        """The number of rows d."""
        return int(self.scale.shape[-1])

    def support(self) -> Support:
        """Return the positive-definite matrices."""
        return Support("positive definite", size=(self.size, self.size))

    def log_density(self, x: Any) -> Any:
        """Its logarithm, −∞ where x is not positive definite."""
        x, n, d = outcomes(x, self.scale), self.df, self.size
        inside, factor = definite_factor(x)
        trace = linear.squares(linear.solve_lower(factor, self.root))
        value = -(n + d + 1) * log_diagonal(factor) - 0.5 * trace
        norm = 0.5 * n * d * math.log(2) - n * log_diagonal(self.root) + lmultigamma(n / 2, d)
        return minus_infinity_outside(inside, value - norm)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch, d, d)."""
        a = bartlett(as_numpy(self.df), self.size, n, self.batch, rng)
        # V = S⁻¹ = (L⁻ᵀ)(L⁻¹), so that X⁻¹ = (L A⁻ᵀ)(L A⁻ᵀ)ᵀ
        root = as_numpy(self.root) @ np.swapaxes(np.linalg.inv(a), -1, -2)
        return root @ np.swapaxes(root, -1, -2)

    def mean(self) -> Any:
        """Return S/(n − d − 1), ∞ on the diagonal where n ≤ d + 1."""
        xp, over = namespace(self.scale), self.df - self.size - 1
        infinite = xp.full_like(over, float("inf"))
        share = xp.where(over > 0, 1 / xp.where(over > 0, over, xp.ones_like(over)), infinite)
        return share[..., None, None] * self.scale


@dataclass(frozen=True, eq=False, repr=False)
class MatrixNormal(Family):
    """MultivariateNormal of the rows of X, one after another: covariance rows ⊗ columns.

    Parameters
    ----------
    mean : array, shape (*batch, n, m)
    rows : array, shape (*batch, n, n)
        The covariance between rows.
    columns : array, shape (*batch, m, m)
        The covariance between columns.
    """

    dimensions: ClassVar[int] = 2
    mean: Any = parameter(MATRIX)
    rows: Any = parameter(MATRIX)
    columns: Any = parameter(MATRIX)
    rows_root: Any = field(init=False, default=None)
    columns_root: Any = field(init=False, default=None)

    def check(self) -> None:
        """Raise unless both covariances are positive definite and fit the mean."""
        for axis, name in ((-2, "rows"), (-1, "columns")):
            given, size = getattr(self, name), self.mean.shape[axis]
            factor = checked_factor(given, f"MatrixNormal: {name}")
            if given.shape[-1] != size:
                raise ShapeError(
                    f"MatrixNormal: mean has {size} {name}, and {name} has shape "
                    f"{tuple(given.shape)}."
                )
            object.__setattr__(self, f"{name}_root", factor)

    def support(self) -> Support:
        """Return all matrices of the mean's shape."""
        return Support("matrices", size=(int(self.mean.shape[-2]), int(self.mean.shape[-1])))

    def log_density(self, x: Any) -> Any:
        """−½ tr(rows⁻¹ Z columns⁻¹ Zᵀ) − (m/2) log|rows| − (n/2) log|columns| − (n m/2) log 2π."""
        n, m = self.mean.shape[-2:]
        z = matrix_whitened(self, outcomes(x, self.mean) - self.mean)
        logs = m * log_diagonal(self.rows_root) + n * log_diagonal(self.columns_root)
        return -0.5 * linear.squares(z) - logs - 0.5 * n * m * math.log(2 * math.pi)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch, n, m)."""
        z = rng.standard_normal((n, *self.batch, *self.mean.shape[-2:]))
        columns = np.swapaxes(as_numpy(self.columns_root), -1, -2)
        return as_numpy(self.mean) + as_numpy(self.rows_root) @ z @ columns

    def variance(self) -> Any:
        """Return the variance of each element, shape (*batch, n, m)."""
        rows, columns = linear.diagonal(self.rows), linear.diagonal(self.columns)
        return rows[..., :, None] * columns[..., None, :]


@dataclass(frozen=True, eq=False, repr=False)
class NormalGamma(Family):
    """(x, τ): τ from Gamma(shape, rate), x from Normal(mean, 1/√(factor τ))."""

    dimensions: ClassVar[int] = 1
    mean: Any = parameter(REAL)
    factor: Any = parameter(POSITIVE)
    shape: Any = parameter(POSITIVE)
    rate: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the half-plane τ > 0."""
        return Support("half-plane", size=(2,))

    def log_density(self, x: Any) -> Any:
        """Of the pair x[..., 0], τ = x[..., 1]."""
        x = outcomes(x, self.mean)
        x, tau = x[..., 0], x[..., 1]
        xp, a, b = namespace(x), self.shape, self.rate
        inside = tau > 0
        t = xp.where(inside, tau, xp.ones_like(tau))
        gamma = a * xp.log(b) - lgamma(a) + (a - 1) * xp.log(t) - b * t
        return minus_infinity_outside(inside, gamma + _log_normal(x - self.mean, self.factor * t))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch, 2)."""
        shape = shape_of(n, self.batch)
        tau = rng.gamma(as_numpy(self.shape), 1 / as_numpy(self.rate), shape)
        x = as_numpy(self.mean) + rng.standard_normal(shape) / np.sqrt(as_numpy(self.factor) * tau)
        return np.stack([x, tau], axis=-1)


@dataclass(frozen=True, eq=False, repr=False)
class NormalInverseGamma(Family):
    """(x, v): v from InverseGamma(shape, scale), x from Normal(mean, √(v/factor))."""

    dimensions: ClassVar[int] = 1
    mean: Any = parameter(REAL)
    factor: Any = parameter(POSITIVE)
    shape: Any = parameter(POSITIVE)
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the half-plane v > 0."""
        return Support("half-plane", size=(2,))

    def log_density(self, x: Any) -> Any:
        """Of the pair x[..., 0], v = x[..., 1]."""
        x = outcomes(x, self.mean)
        x, v = x[..., 0], x[..., 1]
        xp, a, b = namespace(x), self.shape, self.scale
        inside = v > 0
        t = xp.where(inside, v, xp.ones_like(v))
        gamma = a * xp.log(b) - lgamma(a) - (a + 1) * xp.log(t) - b / t
        return minus_infinity_outside(inside, gamma + _log_normal(x - self.mean, self.factor / t))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch, 2)."""
        shape = shape_of(n, self.batch)
        v = as_numpy(self.scale) / rng.gamma(as_numpy(self.shape), 1.0, shape)
        x = as_numpy(self.mean) + rng.standard_normal(shape) * np.sqrt(v / as_numpy(self.factor))
        return np.stack([x, v], axis=-1)


@dataclass(frozen=True, eq=False, repr=False)
class NormalInverseWishart(Family):
    """(x, Σ): Σ from InverseWishart(df, scale), x from MultivariateNormal(mean, Σ/factor).

    An outcome is one matrix of d + 1 rows: x, then Σ.
    """

    dimensions: ClassVar[int] = 2
    mean: Any = parameter(VECTOR)
    factor: Any = parameter(POSITIVE)
    df: Any = parameter(POSITIVE)
    scale: Any = parameter(MATRIX)
    root: Any = field(init=False, default=None)

    def check(self) -> None:
        """Raise unless the scale is positive definite, fits the mean, and df is above d − 1."""
        root = checked_factor(self.scale, "NormalInverseWishart: scale")
        object.__setattr__(self, "root", root)
        if self.mean.shape[-1] != self.size:
            raise ShapeError(
                f"NormalInverseWishart: mean has {self.mean.shape[-1]} coordinates, and scale has "
                f"shape {tuple(self.scale.shape)}."
            )
        _check_degrees(self.df, self.size, "NormalInverseWishart")

    @property
    def size(self) -> int:
        """The number of coordinates d."""
        return int(self.scale.shape[-1])

    def support(self) -> Support:
        """Return the vectors, each with a positive-definite matrix."""
        return Support("vector and positive definite", size=(self.size + 1, self.size))

    def log_density(self, x: Any) -> Any:
        """Of x[..., 0, :] and Σ = x[..., 1:, :]."""
        x, d = outcomes(x, self.mean), self.size
        covariance = InverseWishart(self.df, self.scale).log_density(x[..., 1:, :])
        _, factor = definite_factor(x[..., 1:, :])
        z = linear.solve_vector(factor, x[..., 0, :] - self.mean)
        logs = 0.5 * d * namespace(z).log(self.factor / (2 * math.pi)) - log_diagonal(factor)
        return covariance + logs - 0.5 * self.factor * linear.dot(z, z)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch, d + 1, d)."""
        sigma = InverseWishart(self.df, self.scale).draw(rng, n)
        sigma = np.broadcast_to(sigma, (n, *self.batch, self.size, self.size))
        z = rng.standard_normal((*sigma.shape[:-1], 1))
        step = (np.linalg.cholesky(sigma) @ z)[..., 0] / np.sqrt(as_numpy(self.factor))[..., None]
        return np.concatenate([(as_numpy(self.mean) + step)[..., None, :], sigma], axis=-2)


def log_diagonal(factor: Any) -> Any:
    """Return Σ log Lᵢᵢ = ½ log det(L Lᵀ), shape (*batch,)."""
    x = linear.diagonal(factor)
    return namespace(x).sum(namespace(x).log(x), axis=-1)


def definite_factor(x: Any) -> tuple[Any, Any]:
    """Return where symmetric matrices are positive definite, and L there; I elsewhere."""
    xp = namespace(x)
    even = xp.all(xp.abs(x - linear.transposed(x)) <= 1e-4 * xp.max(xp.abs(x)), axis=(-2, -1))
    inside = even & (xp.linalg.eigvalsh(x)[..., 0] > 0)
    eye = linear.identity(x.shape[-1], x)
    return inside, linear.cholesky(xp.where(inside[..., None, None], x, eye))[0]


def matrix_whitened(law: MatrixNormal, x: Any) -> Any:
    """Return A⁻¹ X B⁻ᵀ, A and B the lower factors of rows and columns."""
    left = linear.transposed(linear.solve_lower(law.rows_root, x))
    return linear.solve_lower(law.columns_root, left)


def bartlett(df: Any, d: int, n: int, batch: tuple[int, ...], rng: np.random.Generator) -> Any:
    """Return lower A with A Aᵀ from Wishart(df, I)."""
    a = np.tril(rng.standard_normal((n, *batch, d, d)), -1)
    for i in range(d):
        a[..., i, i] = np.sqrt(rng.chisquare(df - i, (n, *batch)))
    return a


def _log_normal(z: Any, precision: Any) -> Any:
    logs = namespace(z).log(precision / (2 * math.pi))
    return 0.5 * (logs - precision * z * z)


def _check_degrees(df: Any, d: int, family: str) -> None:
    if is_traced(df):
        return
    least = float(namespace(df).min(stop_gradient(df)))
    if not least > d - 1:
        raise InvalidInputError(
            f"{family}: df = {least!r}, but it must be above {d - 1}, one less than the number of "
            "rows."
        )
