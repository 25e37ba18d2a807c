"""Data too many to be asked at once: a log likelihood over a few rows, unbiased for all of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.variational.draws import Use
from kullback.learn.variational.target import LogDensity, Target

_PASS = 8192
"""Rows of data in one call of a pass over all of them."""


@dataclass(frozen=True, eq=False)
class Minibatches:
    """Data that a fit sees a few rows at a time, for `learn.fit(log_prior, dim, data=)`.

    Parameters
    ----------
    log_likelihood : callable
        From x, shape (n, dim), and b rows of each tensor, to the log likelihood of each row under
        each x, shape (n, b), nats: no sum and no mean, the scale is set here.
    tensors : sequence of tensors
        The data, as many rows in each.
    size : int
        The rows of a step; all, if there are fewer.
    draws : int
        The draws of a step, an even number.
    steps, most_steps : int
        The steps of the first round, and of the last that may be: each takes twice as many.

    Raises
    ------
    InvalidInputError, ShapeError, InputTypeError
        No data, rows that differ in number, settings that mean nothing.

    >>> import torch
    >>> from kullback import learn
    >>> y = torch.linspace(-1, 3, 1001, dtype=torch.float64)
    >>> data = learn.Minibatches(lambda x, y: -0.5 * (y - x) ** 2, [y], size=50)
    >>> found = learn.fit(lambda x: -0.5 * x[:, 0] ** 2, 1, data=data)  # N(1001/1002, 1/1002)
    >>> round(found.mean.item(), 4), round(found.sd.item() * 1002**0.5, 3)
    (0.999, 1.0)
    """

    log_likelihood: Callable[..., Any]
    tensors: Sequence[Any]
    size: int = 256
    draws: int = 32
    steps: int = 200
    most_steps: int = 12_800

    def __post_init__(self) -> None:
        if not callable(self.log_likelihood):
            raise InputTypeError(f"log_likelihood={self.log_likelihood!r}: a function is needed.")
        if torch.is_tensor(self.tensors) or not all(map(torch.is_tensor, self.tensors)):
            raise InputTypeError("tensors= takes a list or tuple of tensors, such as [x, y].")
        lengths = [len(one) if one.ndim else 0 for one in self.tensors]
        if not lengths or min(lengths) == 0:
            raise InvalidInputError(
                f"There are no data: tensors of {lengths} rows. Without any, leave data= out."
            )
        if len(set(lengths)) > 1:
            raise ShapeError(f"The tensors have {lengths} rows; as many in each are needed.")
        for name in ("size", "draws", "steps", "most_steps"):
            value = getattr(self, name)
            least = 4 if name == "steps" else 1
            if isinstance(value, bool) or not isinstance(value, int) or value < least:
                raise InvalidInputError(
                    f"{name}={value!r}: a whole number from {least} on is needed."
                )
        if self.draws % 2 or self.most_steps < self.steps:
            raise InvalidInputError(
                f"draws={self.draws} must be even, as draws have mirror images, and "
                f"most_steps={self.most_steps} at least steps={self.steps}."
            )

    @property
    def n(self) -> int:
        """How many rows there are."""
        return len(self.tensors[0])

    def terms(self, x: Any, rows: Any) -> Any:
        """The log likelihood of each row under each x, shape (n, b); rows an index or a slice."""
        some = [one[rows] for one in self.tensors]
        value = self.log_likelihood(x, *some)
        if not torch.is_tensor(value) or tuple(value.shape) != (len(x), len(some[0])):
            raise ShapeError(
                f"log_likelihood answers {len(x)} x and {len(some[0])} rows of data with shape "
                f"{tuple(getattr(value, 'shape', ()))}; ({len(x)}, {len(some[0])}) is needed, one "
                "number for each x and row, not summed."
            )
        return value

    def with_prior(self, log_prior: LogDensity) -> LogDensity:
        """Return the log posterior up to a constant, of all data."""

        def log_density(x: Any) -> Any:
            value = log_prior(x)
            for first in range(0, self.n, _PASS):
                value = value + self.terms(x, slice(first, first + _PASS)).sum(-1)
            return value

        return log_density


class Sampled:
    """An unbiased estimate of log p̃ from b rows of N, exact to first order around a centre c.

    log p̃(z) ≈ log prior(z) + ℓ(c) + ∇ℓ(c)·(z − c) + N/b Σ_B [ℓ_i(z) − ℓ_i(c) − ∇ℓ_i(c)·(z − c)].
    Near the mode the bracket is of second order, so that the noise does not grow with N.

    References
    ----------
    Baker, Fearnhead, Fox and Nemeth, Control variates for stochastic gradient MCMC, Statistics and
    Computing 29 (2019).
    """

    def __init__(self, log_prior: LogDensity, data: Minibatches, target: Target, c: Any) -> None:
        self.prior = Target(log_prior, target.support, target.start)
        self.data, self.c, self.support = data, c, target.support
        self.value, self.gradient = 0.0, torch.zeros_like(c)
        self._epoch, self._turn = -1, np.empty(0, dtype=np.int64)
        for first in range(0, data.n, _PASS):
            value, slope = self._likelihood(c[None], slice(first, first + _PASS))
            self.value, self.gradient = self.value + value[0], self.gradient + slope[0]

    def rows(self, seed: int, step: int) -> Any:
        """Return the rows of a step: those of an epoch's steps are all rows, in a random order."""
        size = min(self.data.size, self.data.n)
        epoch, which = divmod(step, self.data.n // size)
        if epoch != self._epoch:
            source = np.random.default_rng([seed, Use.ORDER, epoch])
            self._epoch, self._turn = epoch, source.permutation(self.data.n)
        return torch.from_numpy(self._turn[which * size : (which + 1) * size])

    def slope(self, z: Any, rows: Any) -> tuple[Any, Any]:
        """Return estimate and gradient at each z, (n,) and (n, dim), from the rows given."""
        scale = self.data.n / len(rows)
        value, slope = self._likelihood(torch.cat([z.detach(), self.c[None]]), rows)
        prior, pull = self.prior.slope(z)
        away = z.detach() - self.c
        value = value[:-1] - value[-1] - away @ slope[-1]
        return (
            prior + self.value + away @ self.gradient + scale * value,
            pull + self.gradient + scale * (slope[:-1] - slope[-1]),
        )

    def _likelihood(self, z: Any, rows: Any) -> tuple[Any, Any]:
        z = z.detach().requires_grad_()
        with torch.enable_grad():
            value = self.data.terms(self.support.forward(z), rows).sum(-1)
            (slope,) = torch.autograd.grad(value.sum(), z)
        return value.detach(), slope
