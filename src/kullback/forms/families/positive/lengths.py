"""Laws on the positive numbers: lengths of normal vectors, √g with g a gamma, and half a Cauchy."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import namespace
from kullback.arrays.special import lgamma
from kullback.forms.families.curves import gamma_mean, gamma_variance, log1p_square
from kullback.forms.families.domains import POSITIVE
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import (
    as_numpy,
    masked,
    minus_infinity_outside,
    outcomes,
    shape_of,
)
from kullback.forms.families.positive.gamma import drawn_gamma
from kullback.forms.families.support import HALF_LINE, Support, half_line


@dataclass(frozen=True, eq=False, repr=False)
class Nakagami(Family):
    """2 w^shape e^(−w)/(x Γ(shape)) on (0, ∞), w = shape x²/spread: x² is a gamma, of mean spread.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Nakagami(1, 2), kb.families.Nakagami(2, 2))
    0.1909213...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    shape: Any = parameter(POSITIVE)
    spread: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.spread)

    def unit(self) -> Any:
        """Return √(spread/shape): x divided by it is the root of a standard gamma."""
        return namespace(self.shape).sqrt(self.spread / self.shape)

    def log_density(self, x: Any) -> Any:
        """Log 2 + shape log w − w − log x − log Γ(shape), w = shape x²/spread."""
        x, xp = outcomes(x, self.shape), namespace(self.shape)
        inside = x > 0
        y = masked(inside, x, 1.0)
        z = y / self.unit()
        total = xp.log(y) + lgamma(self.shape) - math.log(2)
        return minus_infinity_outside(inside, 2 * self.shape * xp.log(z) - z * z - total)

    def quantile(self, u: Any) -> Any:
        """Return x with P(shape, w) = u."""
        from scipy.special import gammaincinv

        return as_numpy(self.unit()) * np.sqrt(gammaincinv(as_numpy(self.shape), u))

    def upper_quantile(self, u: Any) -> Any:
        """Return x with Q(shape, w) = u."""
        from scipy.special import gammainccinv

        return as_numpy(self.unit()) * np.sqrt(gammainccinv(as_numpy(self.shape), u))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return as_numpy(self.unit()) * np.sqrt(drawn_gamma(rng, n, self, self.shape))

    def mean(self) -> Any:
        """Return √(spread/shape) Γ(shape + ½)/Γ(shape)."""
        return gamma_mean(self.shape, self.unit(), 0.5)

    def variance(self) -> Any:
        """Return spread − mean²."""
        return gamma_variance(self.shape, self.unit(), 0.5)


@dataclass(frozen=True, eq=False, repr=False)
class Chi(Family):
    """x^(df−1) e^(−x²/2)/(2^(df/2−1) Γ(df/2)) on (0, ∞): the length of a normal vector.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Chi(3), kb.families.Chi(5))
    0.3689751...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    df: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.df)

    def log_density(self, x: Any) -> Any:
        """Nakagami's."""
        return self.canonical().log_density(x)

    def quantile(self, u: Any) -> Any:
        """Nakagami's."""
        return self.canonical().quantile(u)

    def upper_quantile(self, u: Any) -> Any:
        """Nakagami's."""
        return self.canonical().upper_quantile(u)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return self.canonical().draw(rng, n)

    def mean(self) -> Any:
        """Return √2 Γ((df + 1)/2)/Γ(df/2)."""
        return self.canonical().mean()

    def variance(self) -> Any:
        """Return df − mean²."""
        return self.canonical().variance()

    def canonical(self) -> Nakagami:
        """Return Nakagami(df/2, df)."""
        return Nakagami(0.5 * self.df, self.df)


@dataclass(frozen=True, eq=False, repr=False)
class Maxwell(Family):
    """√(2/π) x² e^(−x²/(2 scale²))/scale³ on (0, ∞): the speed of a molecule.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Maxwell(1), kb.families.Maxwell(2))
    0.9544415...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """Nakagami's."""
        return self.canonical().log_density(x)

    def quantile(self, u: Any) -> Any:
        """Nakagami's."""
        return self.canonical().quantile(u)

    def upper_quantile(self, u: Any) -> Any:
        """Nakagami's."""
        return self.canonical().upper_quantile(u)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return self.canonical().draw(rng, n)

    def mean(self) -> Any:
        """Return 2 scale √(2/π)."""
        return 2 * math.sqrt(2 / math.pi) * self.scale

    def variance(self) -> Any:
        """Return (3 − 8/π) scale²."""
        return (3 - 8 / math.pi) * self.scale * self.scale

    def canonical(self) -> Nakagami:
        """Return Nakagami(3/2, 3 scale²)."""
        shape = namespace(self.scale).full_like(self.scale, 1.5)
        return Nakagami(shape, 3 * self.scale * self.scale)


@dataclass(frozen=True, eq=False, repr=False)
class HalfNormal(Family):
    """√(2/π) e^(−x²/(2 scale²))/scale on (0, ∞): |x| of Normal(0, scale).

    >>> import kullback as kb
    >>> kb.kl(kb.families.HalfNormal(1), kb.families.HalfNormal(2))
    0.3181471...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """½ log(2/π) − log scale − z²/2, z = x/scale."""
        x = outcomes(x, self.scale)
        inside = x >= 0
        z = masked(inside, x, 0.0) / self.scale
        total = namespace(z).log(self.scale) - 0.5 * math.log(2 / math.pi)
        return minus_infinity_outside(inside, -0.5 * z * z - total)

    def quantile(self, u: Any) -> Any:
        """Return √2 scale erf⁻¹(u)."""
        from scipy.special import erfinv

        return math.sqrt(2) * as_numpy(self.scale) * erfinv(np.asarray(u, float))

    def upper_quantile(self, u: Any) -> Any:
        """Return −scale Φ⁻¹(u/2)."""
        from scipy.special import ndtri

        return -as_numpy(self.scale) * ndtri(0.5 * np.asarray(u, float))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return as_numpy(self.scale) * np.abs(rng.standard_normal(shape_of(n, self.batch)))

    def mean(self) -> Any:
        """Return scale √(2/π)."""
        return math.sqrt(2 / math.pi) * self.scale

    def variance(self) -> Any:
        """Return (1 − 2/π) scale²."""
        return (1 - 2 / math.pi) * self.scale * self.scale

    def canonical(self) -> Nakagami:
        """Return Nakagami(½, scale²)."""
        half = namespace(self.scale).full_like(self.scale, 0.5)
        return Nakagami(half, self.scale * self.scale)


@dataclass(frozen=True, eq=False, repr=False)
class HalfCauchy(Family):
    """2/(π scale (1 + z²)) on (0, ∞), z = x/scale: |x| of Cauchy(0, scale).

    >>> import kullback as kb
    >>> kb.kl(kb.families.HalfCauchy(1), kb.families.HalfCauchy(2))
    0.1177830...
    """

    reach: ClassVar[tuple[float, float]] = HALF_LINE
    scale: Any = parameter(POSITIVE)

    def support(self) -> Support:
        """Return the positive numbers."""
        return half_line(self.scale)

    def log_density(self, x: Any) -> Any:
        """−log(1 + z²) − log(π scale/2)."""
        x = outcomes(x, self.scale)
        inside = x >= 0
        z = masked(inside, x, 0.0) / self.scale
        value = -log1p_square(z) - namespace(z).log(0.5 * math.pi * self.scale)
        return minus_infinity_outside(inside, value)

    def quantile(self, u: Any) -> Any:
        """Return scale tan(π u/2)."""
        return as_numpy(self.scale) * np.tan(0.5 * np.pi * np.asarray(u, float))

    def upper_quantile(self, u: Any) -> Any:
        """Return scale / tan(π u/2)."""
        with np.errstate(divide="ignore"):
            return as_numpy(self.scale) / np.tan(0.5 * np.pi * np.asarray(u, float))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch)."""
        return as_numpy(self.scale) * np.abs(rng.standard_cauchy(shape_of(n, self.batch)))

    def mean(self) -> Any:
        """Return ∞."""
        return namespace(self.scale).full_like(self.scale, math.inf)

    def variance(self) -> Any:
        """Return ∞."""
        return namespace(self.scale).full_like(self.scale, math.inf)
