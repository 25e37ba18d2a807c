"""Laws of shares that sum to 1, and of counts that sum to n."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import is_traced, namespace, stop_gradient
from kullback.arrays.special import lgamma
from kullback.errors import NotNormalisedError, ShapeError
from kullback.forms.families.domains import COUNT, POSITIVE_VECTOR, PROBABILITIES
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.outcomes import as_numpy, minus_infinity_outside, outcomes, shape_of
from kullback.forms.families.support import Support


@dataclass(frozen=True, eq=False, repr=False)
class Dirichlet(Family):
    """Γ(Σ a)/Π Γ(aᵢ) · Π xᵢ^(aᵢ − 1) on the simplex, a = concentration, shape (*batch, k).

    >>> import kullback as kb
    >>> kb.kl(kb.families.Dirichlet([1, 1, 1]), kb.families.Dirichlet([2, 2, 2]))
    0.4056554...
    """

    dimensions: ClassVar[int] = 1
    concentration: Any = parameter(POSITIVE_VECTOR)

    def check(self) -> None:
        """Raise for fewer than two outcomes."""
        if self.concentration.shape[-1] < 2:
            raise ShapeError(
                f"Dirichlet: concentration has shape {tuple(self.concentration.shape)}; its last "
                "axis needs at least 2 outcomes."
            )

    def support(self) -> Support:
        """Return the simplex."""
        return Support("simplex", size=(int(self.concentration.shape[-1]),))

    def log_density(self, x: Any) -> Any:
        """Σ (aᵢ − 1) log xᵢ + log Γ(Σ a) − Σ log Γ(aᵢ)."""
        x, a = outcomes(x, self.concentration), self.concentration
        xp = namespace(x)
        tol = 1e-4 if xp.finfo(x.dtype).eps > 1e-10 else 1e-6
        inside = xp.all(x > 0, axis=-1) & (xp.abs(xp.sum(x, axis=-1) - 1) < tol)
        logs = xp.log(xp.where(x > 0, x, xp.ones_like(x)))
        norm = lgamma(xp.sum(a, axis=-1)) - xp.sum(lgamma(a), axis=-1)
        return minus_infinity_outside(inside, xp.sum((a - 1) * logs, axis=-1) + norm)

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch, k)."""
        a = as_numpy(self.concentration)
        # log of Gamma(a) = log of Gamma(a + 1) + log(u)/a: no draw is all zeros where a is small
        shape = (n, *a.shape)
        logs = np.log(rng.gamma(a + 1, size=shape)) - rng.exponential(size=shape) / a
        weights = np.exp(logs - logs.max(axis=-1, keepdims=True))
        return weights / weights.sum(axis=-1, keepdims=True)

    def mean(self) -> Any:
        """Return a/Σ a."""
        a = self.concentration
        return a / namespace(a).sum(a, axis=-1, keepdims=True)

    def variance(self) -> Any:
        """Return m (1 − m)/(Σ a + 1), m the mean: of each coordinate."""
        a, m = self.concentration, self.mean()
        return m * (1 - m) / (namespace(a).sum(a, axis=-1, keepdims=True) + 1)


@dataclass(frozen=True, eq=False, repr=False)
class Multinomial(Family):
    """n!/Π xᵢ! · Π probsᵢ^xᵢ: how often each outcome comes in n trials.

    >>> import kullback as kb
    >>> kb.kl(kb.families.Multinomial(3, [0.5, 0.5]), kb.families.Multinomial(3, [0.9, 0.1]))
    1.5324768...
    """

    discrete: ClassVar[bool] = True
    dimensions: ClassVar[int] = 1
    n: Any = parameter(COUNT)
    probs: Any = parameter(PROBABILITIES)

    def check(self) -> None:
        """Raise where probs do not sum to 1."""
        _check_total(self.probs)

    def support(self) -> Support:
        """Return the vectors of counts with sum n; only equal n cover one another."""
        xp = namespace(self.n, self.probs)
        n = self.n + xp.zeros_like(self.probs[..., 0])
        return Support("counts", n, n, size=(int(self.probs.shape[-1]),))

    def log_density(self, x: Any) -> Any:
        """Log n! − Σ log xᵢ! + Σ xᵢ log probsᵢ."""
        x = outcomes(x, self.probs)
        xp = namespace(x)
        whole = xp.all((xp.round(x) == x) & (x >= 0), axis=-1)
        inside = whole & (xp.sum(x, axis=-1) == self.n)
        some = self.probs > 0
        possible = xp.all(some | (x == 0), axis=-1)
        k = xp.where(inside[..., None], x, xp.zeros_like(x))
        logs = xp.log(xp.where(some, self.probs, xp.ones_like(self.probs)))
        ways = lgamma(self.n + 1) - xp.sum(lgamma(k + 1), axis=-1)
        return minus_infinity_outside(inside & possible, ways + xp.sum(k * logs, axis=-1))

    def draw(self, rng: np.random.Generator, n: int) -> Any:
        """Return n draws, shape (n, *batch, k)."""
        p = as_numpy(self.probs)
        trials = as_numpy(self.n).astype(np.int64)
        p = p / p.sum(axis=-1, keepdims=True)
        return rng.multinomial(trials, p, shape_of(n, self.batch)).astype(float)

    def mean(self) -> Any:
        """Return n probs."""
        return self.n[..., None] * self.probs

    def variance(self) -> Any:
        """Return n probs (1 − probs): of each coordinate."""
        return self.n[..., None] * self.probs * (1 - self.probs)


def _check_total(probs: Any) -> None:
    if is_traced(probs):
        return
    xp, probs = namespace(probs), stop_gradient(probs)
    total = xp.sum(probs, axis=-1)
    tol = 1e-4 if xp.finfo(probs.dtype).eps > 1e-10 else 1e-6
    gap = xp.abs(total - 1)
    if not bool(xp.all(gap <= tol)):
        worst = float(xp.reshape(total, (-1,))[int(xp.argmax(gap))])
        raise NotNormalisedError(
            f"Multinomial: probs sum to {worst:.6g}, not 1. To rescale, divide them by their sum."
        )
