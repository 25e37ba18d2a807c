"""Stochastic processes; relative entropy between them is a rate, in nats a step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.arrays import linear
from kullback.arrays.namespace import as_array, is_traced, namespace, stop_gradient
from kullback.errors import InvalidInputError, NotNormalisedError, ShapeError
from kullback.forms.families.definite import check_square
from kullback.forms.families.domains import POSITIVE, PROBABILITIES, VECTOR, Domain
from kullback.forms.families.family import Family, parameter
from kullback.forms.families.gaussian import MultivariateNormal
from kullback.forms.families.outcomes import as_numpy, outcomes
from kullback.forms.families.support import Support

TRANSITIONS = Domain("a probability, within [0, 1]", lambda x: (x >= 0) & (x <= 1), event=2)


@dataclass(frozen=True, eq=False, repr=False)
class MarkovChain(Family):
    """A chain on k states: transition[i, j] is the probability of j after i.

    Parameters
    ----------
    transition : array, shape (*batch, k, k)
        Each row sums to 1.
    initial : array, shape (*batch, k), optional
        The law of the first state. Rates do not depend on it; drawing needs it.

    >>> import kullback as kb
    >>> p = kb.families.MarkovChain([[0.9, 0.1], [0.2, 0.8]])
    >>> q = kb.families.MarkovChain([[0.5, 0.5], [0.5, 0.5]])
    >>> kb.kl(p, q)
    0.3096243...
    """

    discrete: ClassVar[bool] = True
    dimensions: ClassVar[int] = 1
    transition: Any = parameter(TRANSITIONS)
    initial: Any = parameter(PROBABILITIES, default=None)

    def check(self) -> None:
        """Raise unless the matrix is square and rows sum to 1."""
        check_square(self.transition, "MarkovChain: transition")
        _check_rows(self.transition, "transition")
        if self.initial is not None:
            if self.initial.shape[-1] != self.size:
                raise ShapeError(
                    f"MarkovChain: initial has {self.initial.shape[-1]} states, and transition "
                    f"has {self.size}."
                )
            _check_rows(self.initial, "initial")

    @property
    def size(self) -> int:
        """The number of states k."""
        return int(self.transition.shape[-1])

    def support(self) -> Support:
        """Return the paths on k states."""
        return Support("paths", size=(self.size,))

    def log_density(self, x: Any) -> Any:
        """Log probability of paths, shape (…, steps), of states numbered from 0.

        Without `initial`, given their first state. One chain only, not a batch.
        """
        self._check_single()
        xp, states = namespace(self.transition), namespace(x).astype(x, np.int64)
        some = self.transition > 0
        logs = xp.log(xp.where(some, self.transition, xp.ones_like(self.transition)))
        logs = xp.where(some, logs, xp.full_like(logs, float("-inf")))
        value = xp.sum(logs[states[..., :-1], states[..., 1:]], axis=-1)
        return value if self.initial is None else value + xp.log(self.initial)[states[..., 0]]

    def draw(self, rng: np.random.Generator, n: int, steps: int = 100) -> Any:
        """Return n paths, shape (n, steps), of one chain."""
        self._check_single()
        if self.initial is None:
            raise InvalidInputError(
                "MarkovChain: paths need a law of the first state; give initial."
            )
        totals = np.cumsum(as_numpy(self.transition), axis=-1)
        state = rng.choice(self.size, size=n, p=as_numpy(self.initial))
        path = [state]
        for u in rng.random((steps - 1, n)):
            state = (totals[state] <= u[:, None] * totals[state, -1:]).sum(-1)
            path.append(state)
        return np.stack(path, axis=-1).astype(float)

    def _check_single(self) -> None:
        if self.transition.ndim > 2:
            raise ShapeError(f"{self!r}: one chain at a time, not a batch of {self.batch}.")


@dataclass(frozen=True, eq=False, repr=False)
class AutoRegression(Family):
    """x_t = Σ coefficientsᵢ x_(t − i) + scale · (standard normal noise), shape (*batch, order).

    >>> import kullback as kb
    >>> kb.kl(kb.families.AutoRegression([0.5], 1), kb.families.AutoRegression([0.0], 1))
    0.1666666...
    """

    dimensions: ClassVar[int] = 1
    coefficients: Any = parameter(VECTOR)
    scale: Any = parameter(POSITIVE)

    @property
    def order(self) -> int:
        """How many past values the next one depends on."""
        return int(self.coefficients.shape[-1])

    def support(self) -> Support:
        """Return the real sequences."""
        return Support("sequences")

    def reflections(self) -> tuple[list[Any], Any]:
        """Return the partial autocorrelations, lag 1 first, and the variance of x_t.

        By Durbin and Levinson's recursion, backwards; the process is stationary exactly where all
        of them are within (−1, 1).
        """
        a, found = self.coefficients, []
        xp = namespace(a)
        for k in range(self.order, 0, -1):
            r = a[..., k - 1]
            found.append(r)
            room = (1 - r) * (1 + r)
            room = xp.where(room > 0, room, xp.ones_like(room))
            head = a[..., : k - 1]
            a = (head + r[..., None] * xp.flip(head, axis=-1)) / room[..., None]
        variance = self.scale * self.scale
        for r in found:
            variance = variance / ((1 - r) * (1 + r))
        return found[::-1], variance

    def log_density(self, x: Any) -> Any:
        """Log density of sequences, shape (…, steps), given their first `order` values."""
        x, k = outcomes(x, self.coefficients), self.order
        xp, steps = namespace(x), x.shape[-1]
        foretold = sum(
            (self.coefficients[..., i, None] * x[..., k - 1 - i : steps - 1 - i] for i in range(k)),
            xp.zeros_like(x[..., k:]),
        )
        z = (x[..., k:] - foretold) / self.scale[..., None]
        logs = xp.log(self.scale[..., None]) + 0.5 * np.log(2 * np.pi)
        return xp.sum(-0.5 * z * z - logs, axis=-1)

    def draw(self, rng: np.random.Generator, n: int, steps: int = 100) -> Any:
        """Return n sequences, shape (n, *batch, steps), after 1000 steps from 0."""
        a, scale, k = as_numpy(self.coefficients), as_numpy(self.scale), self.order
        noise = scale[..., None] * rng.standard_normal((n, *self.batch, 1000 + steps))
        x = np.zeros((*noise.shape[:-1], k + noise.shape[-1]))
        for t in range(noise.shape[-1]):
            past = x[..., t : t + k][..., ::-1]
            x[..., t + k] = (a * past).sum(-1) + noise[..., t]
        return x[..., -steps:]


def gaussian_process(
    mean: Callable[[Any], Any] | None,
    kernel: Callable[[Any, Any], Any],
    inputs: Any,
    *,
    noise: float = 0.0,
) -> MultivariateNormal:
    """Return the values of a Gaussian process at given inputs: MultivariateNormal(m(x), k(x, x)).

    Parameters
    ----------
    mean : callable or None
        From inputs, shape (n, …), to an array of shape (n,); None for 0.
    kernel : callable
        From inputs, shape (n, 1, …), and inputs, shape (1, n, …), to covariances, shape (n, n).
    inputs : array, shape (n, …)
        Where the process is looked at.
    noise : float
        A variance added to each value. None is added unasked: a kernel that is singular at the
        inputs is refused, with its smallest eigenvalue.

    >>> import numpy as np
    >>> import kullback as kb
    >>> def kernel(a, b):
    ...     return np.exp(-abs(a - b))
    >>> p = kb.families.gaussian_process(None, kernel, [0.0, 1.0])
    >>> float(kb.kl(p, kb.families.MultivariateNormal(variances=[1, 1])))
    0.0727067...
    """
    x = as_array(inputs, "inputs")
    covariance = kernel(x[:, None], x[None, :])
    n = int(x.shape[0])
    if tuple(covariance.shape) != (n, n):
        raise ShapeError(
            f"The kernel returned shape {tuple(covariance.shape)} for {n} inputs, not ({n}, {n})."
        )
    if noise < 0:
        raise InvalidInputError(f"noise={noise!r}: a variance must not be negative.")
    if noise > 0:
        covariance = covariance + noise * linear.identity(n, covariance)
    return MultivariateNormal(None if mean is None else mean(x), covariance)


def _check_rows(x: Any, name: str) -> None:
    if is_traced(x):
        return
    xp, x = namespace(x), stop_gradient(x)
    total = xp.sum(x, axis=-1)
    tol = 1e-4 if xp.finfo(x.dtype).eps > 1e-10 else 1e-6
    gap = xp.abs(total - 1)
    if not bool(xp.all(gap <= tol)):
        at = int(xp.argmax(xp.reshape(gap, (-1,))))
        row = f"row {at % x.shape[-2]} of transition" if name == "transition" else name
        raise NotNormalisedError(
            f"MarkovChain: {row} sums to {float(xp.reshape(total, (-1,))[at]):.6g}, not 1. "
            "If these are counts of transitions, divide each row by its sum."
        )
