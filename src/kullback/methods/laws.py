"""Laws as integration sees them: constants in numpy, asked at points of any shape."""

import copy
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeGuard

import numpy as np

from kullback.arrays.namespace import is_traced, library_of, namespace, stop_gradient
from kullback.errors import InvalidInputError, ShapeError
from kullback.forms.density import Density
from kullback.forms.families.family import Family
from kullback.forms.form import Form

Numbers = np.ndarray[Any, np.dtype[Any]]


def is_array(x: Any) -> bool:
    """Tell whether x is an array of any library."""
    return isinstance(x, np.ndarray) or hasattr(x, "__array_namespace__") or library_of(x) in (
        "torch", "jax",
    )  # fmt: skip


def mapped(law: Any, change: Callable[[Any], Any]) -> Any:
    """Return the law with every array in it, and in the laws it is made of, changed."""
    if isinstance(law, tuple):
        return tuple(mapped(x, change) for x in law)
    if not isinstance(law, Form):
        return change(law) if is_array(law) else law
    twin = copy.copy(law)
    for name, x in vars(law).items():
        object.__setattr__(twin, name, mapped(x, change))
    return twin


def arrays_of(law: Any) -> list[Any]:
    """Return every array that the law and the laws it is made of hold."""
    found: list[Any] = []

    def kept(x: Any) -> Any:
        found.append(x)
        return x

    mapped(law, kept)
    return found


def as_constant(x: Any) -> Any:
    """Return an array as numpy's, in float64 where it holds real numbers."""
    x = stop_gradient(x)
    try:
        x = x.cpu().numpy() if library_of(x) == "torch" else np.asarray(x)
    except (TypeError, RuntimeError) as hidden:  # traced by jax.jit or vmap, or by torch.func
        raise InvalidInputError(
            "Integration looks at the numbers to find the mass, which jax.jit and vmap (torch.func "
            "too) hide. Call it outside of them; jax.grad alone, and torch's autograd, work."
        ) from hidden
    return x.astype(np.float64) if x.dtype.kind == "f" else x


def constant(law: Any) -> Any:
    """Return the law with numpy's arrays and no gradients."""
    if isinstance(law, Density) and library_of(law.home) != "numpy":
        inner, like = law.log_density, law.home
        xp = namespace(like)

        def log_density(x: Any) -> Any:
            return as_constant(inner(xp.asarray(x, dtype=like.dtype)))

        law = replace(law, low=as_constant(law.low), high=as_constant(law.high))
        object.__setattr__(law, "log_density", log_density)
        return law
    return mapped(law, as_constant)


def has_slope(law: Any) -> bool:
    """Tell whether a gradient may be wanted of something that the law holds."""
    return any(is_traced(x) or getattr(x, "requires_grad", False) for x in arrays_of(law))


def is_law(form: Form | None) -> TypeGuard[Family | Density]:
    """Tell whether a form has a log-density."""
    return isinstance(form, (Family, Density))


def batch_of(*laws: Any) -> tuple[int, ...]:
    """Return the shape to which the batches of the laws broadcast."""
    shapes = [tuple(law.batch) for law in laws if law is not None]
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        raise ShapeError(
            f"The batches of p and q have shapes {shapes[0]} and {shapes[-1]}, which do not "
            "broadcast."
        ) from None


@dataclass(frozen=True)
class Held:
    """One law of constants, asked row by row of a batch that was made flat.

    Attributes
    ----------
    law : Family or Density
        With arrays of numpy.
    batch : tuple of int
        The shape that rows run through, which the law's own batch broadcasts to.
    """

    law: Any
    batch: tuple[int, ...]

    @property
    def rows(self) -> int:
        """How many laws there are."""
        return math.prod(self.batch)

    def ends(self) -> tuple[Numbers, Numbers]:
        """Return the ends of the support, each of shape (rows,)."""
        support = self.law.support()
        low, high = (
            np.broadcast_to(np.asarray(x, np.float64), self.batch).reshape(-1)
            for x in (support.low, support.high)
        )
        return low, high

    def at(self, row: Numbers, x: Numbers) -> Numbers:
        """Return log p of points x, shape (n, k), the points of line i belonging to row[i]."""
        if self.law.discrete:
            x = np.round(x)
        with np.errstate(all="ignore"):
            if self.rows == 1:
                flat = np.asarray(self.law.log_density(x.reshape((*x.shape, *self.batch))))
                return flat.reshape(x.shape)
            if len(row) == self.rows and np.array_equal(row, np.arange(self.rows)):
                points = x.T.reshape((x.shape[1], *self.batch))
                found = np.broadcast_to(self.law.log_density(points), points.shape)
                return found.reshape(x.shape[1], self.rows).T
            slot, depth = slots(row, self.rows)
            table = np.full((depth, x.shape[1], self.rows), np.nan)
            table[slot, :, row] = x
            found = self.law.log_density(table.reshape((depth * x.shape[1], *self.batch)))
            found = np.broadcast_to(found, (depth * x.shape[1], *self.batch))
            return found.reshape(table.shape)[slot, :, row]

    def quantiles(self, u: Numbers, *, upper: bool) -> Numbers | None:
        """Return the points with mass u below (above, if upper), shape (rows, n); None if unknown.

        They are used to find the mass only, so that wrong ones cost time, not digits.
        """
        levels = u.reshape((-1,) + (1,) * len(self.batch))
        with np.errstate(all="ignore"):
            try:
                found = _asked(self.law, levels, upper=upper)
            except (ValueError, NotImplementedError, ArithmeticError):
                return None
        if found is None:
            return None
        found = np.broadcast_to(np.asarray(found, np.float64), (len(u), *self.batch))
        return found.reshape(len(u), self.rows).T

    def quantiles_at(self, row: Numbers, u: Numbers, *, upper: bool) -> Numbers:
        """Return the points with mass u below (above), shape (n, k), u of line i for row[i].

        For laws that tell their quantiles.
        """
        slot, depth = slots(row, self.rows)
        table = np.full((depth, u.shape[1], self.rows), 0.5)
        table[slot, :, row] = u
        levels = table.reshape((depth * u.shape[1], *self.batch))
        with np.errstate(all="ignore"):
            found = np.asarray(_asked(self.law, levels, upper=upper), np.float64)
        return np.broadcast_to(found, levels.shape).reshape(table.shape)[slot, :, row]


def _asked(law: Any, u: Numbers, *, upper: bool) -> Any:
    quantile = getattr(law, "quantile", None)
    if not upper:
        return None if quantile is None else quantile(u)
    above = getattr(law, "upper_quantile", None)
    found = None if above is None else above(u)
    if found is not None or quantile is None:
        return found
    return quantile(1 - np.maximum(u, 1e-15))


def slots(row: Numbers, rows: int) -> tuple[Numbers, int]:
    """Return which occurrence of its row each entry is, and how many the fullest row has."""
    order = np.argsort(row, kind="stable")
    counts = np.bincount(row, minlength=rows)
    starts = np.cumsum(counts) - counts
    slot = np.empty(len(row), np.int64)
    slot[order] = np.arange(len(row)) - np.repeat(starts, counts)
    return slot, int(counts.max(initial=0))
