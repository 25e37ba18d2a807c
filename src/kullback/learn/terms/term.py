"""What a divergence is in a loss, and its reductions by name."""

import math
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.ranks import Ranks

Axis = Literal["sample", "token", "dim"]
AXES = ("sample", "token", "dim")


@dataclass(frozen=True, eq=False)
class Term:
    """Nats with a standard error and an unbiased gradient.

    Attributes
    ----------
    value : tensor, shape (*batch,)
        The number; its gradient is that of the exact value, in expectation.
    error : tensor, shape (*batch,), or None
        Its standard error over the draws, 0 where nothing was drawn; None where one draw is all
        there is of a number, until `per` brings several together.
    how : str
        "closed", "enumerated", "integrated", "reparametrised", "score", "samples" …
    axes : tuple of str, or None
        What each axis of the batch counts: "sample", "token" or "dim".
    notes : tuple of str
        What a reader should know.

    >>> import torch
    >>> from kullback import learn
    >>> p = torch.distributions.Normal(torch.tensor([[1.0, 2.0], [3.0, 0.0]]), 1.0)
    >>> q = torch.distributions.Normal(0.0, 1.0)
    >>> kl = learn.term(p, q, axes=("sample", "dim"))
    >>> kl.per("sample").value, kl.per("dim").value, kl.per(n_data=100).value
    (tensor(3.5000), tensor([2.5000, 1.0000]), tensor(0.0700))
    """

    value: Any
    error: Any
    how: str
    axes: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    mask: Any = field(default=None, repr=False)
    draws: Any = field(default=None, repr=False)
    """What the value is the mean of, shape (n, *batch); None where nothing was drawn."""
    shared: tuple[int, ...] = field(default=(), repr=False)
    """Along which axes of the batch the draws are the same ones; along others, independent."""
    rows: bool = field(default=False, repr=False)
    """Whether the first axis of the batch holds the draws themselves."""
    once: bool = field(default=False, repr=False)
    """Whether it is paid once for all data, as weights are, and not for each sample."""

    @property
    def exact(self) -> bool:
        """Whether the value is what it says, with no draws between."""
        return self.how in ("closed", "enumerated", "integrated")

    def __format__(self, spec: str) -> str:
        """Show a scalar as its value ± its error."""
        if self.value.ndim or not spec:
            return format(str(self), spec)
        error = "" if self.error is None else f" ± {float(self.error):{spec}}"
        return f"{float(self.value.detach()):{spec}}{error} nats"

    def per(self, name: Axis | None = None, *, n_data: int | None = None) -> "Term":
        """Bring the batch together, by the name of what one number is for.

        Parameters
        ----------
        name : str
            "sample": summed over tokens and dimensions, mean over samples: a scalar.
            "token": summed, over the number of tokens that count, which is taken as given: a
            scalar.
            "dim": one number for each dimension, mean over samples, as `FreeBits` takes it.
        n_data : int
            Instead of a name: the sum of all over the number of data, as the weights of a network
            enter a loss that is a mean over data.

        Raises
        ------
        InvalidInputError, ShapeError
            Both or neither given; axes that were not named, or not there; samples of what is paid
            once for all data.
        """
        if (name is None) == (n_data is None):
            raise InvalidInputError(
                f"per({name!r}, n_data={n_data!r}): exactly one of a name, of {', '.join(AXES)}, "
                "and n_data says which mean is meant."
            )
        if n_data is not None:
            if not isinstance(n_data, int) or n_data < 1:
                raise InvalidInputError(f"n_data={n_data!r}: a whole number from 1 on is needed.")
            return self._reduced(float(n_data), ())
        if name not in AXES:
            raise InputTypeError(f"per={name!r}: one of {', '.join(AXES)} is needed.")
        axes = self._named()
        if name == "sample" and self.once:
            raise InvalidInputError(
                "This is paid once for all data, not for each sample: a loss that is a mean over "
                "samples adds per(n_data=N), N being how many samples there are in all."
            )
        if name != "sample" and name not in axes:
            raise ShapeError(f"There is no {name} among the axes {axes}; per={name!r} has none.")
        if name == "token":
            return self._reduced(self._tokens(axes), (), ratio=True)
        kept = tuple(i for i, axis in enumerate(axes) if axis == name == "dim")
        return self._reduced(float(self._size(axes, ("sample",))), kept)

    def over_ranks(self, group: Any = None) -> "Term":
        """Bring the samples of all ranks of torch.distributed together, in the order of the ranks.

        The same numbers on each, as one process would have them; gradients as of
        `kullback.learn.over_ranks`. The ranks may have different numbers of samples.

        Parameters
        ----------
        group : ProcessGroup or "self", optional
            Which ranks: all if left out.

        Raises
        ------
        ShapeError
            Where no axis of the batch counts samples.
        """
        axes = self._named()
        if "sample" not in axes:
            raise ShapeError(f"The axes {axes} count no samples, of which ranks have their own.")
        ranks, at = Ranks(group), axes.index("sample")

        def joined(x: Any, axis: int) -> Any:
            return None if x is None else ranks.joined(x, axis)

        return replace(
            self,
            value=joined(self.value, at),
            error=joined(self.error, at),
            mask=joined(self.mask, at),
            draws=joined(self.draws, at + 1),
        )

    def _named(self) -> tuple[str, ...]:
        if self.axes is not None:
            return self.axes
        if self.value.ndim < 2:
            return ("sample",)[: self.value.ndim]
        raise ShapeError(
            f"The batch has shape {tuple(self.value.shape)}, and its axes have no names: "
            'axes=("sample", "dim"), for instance, says which is which.'
        )

    def _size(self, axes: tuple[str, ...], names: tuple[str, ...]) -> int:
        sizes = zip(self.value.shape, axes, strict=True)
        return math.prod(int(size) for size, axis in sizes if axis in names)

    def _tokens(self, axes: tuple[str, ...]) -> float:
        if self.mask is None:
            return float(self._size(axes, ("sample", "token")))
        dims = self._size(axes, ("dim",))
        tokens = float(self.mask.sum()) / dims
        if not tokens:
            raise InvalidInputError("The mask leaves no token: there is no mean over tokens.")
        return tokens

    def _reduced(self, count: float, kept: tuple[int, ...], ratio: bool = False) -> "Term":
        """Return the sum over every axis but those kept, over a count."""
        lost = tuple(i for i in range(self.value.ndim) if i not in kept)
        value = self.value.sum(lost) / count if lost else self.value / count
        axes = tuple("dim" for _ in kept)
        error = self._error(count, lost, value, ratio)
        return Term(value, error, self.how, axes, self.notes, shared=self.shared, once=self.once)

    def _error(self, count: float, lost: tuple[int, ...], value: Any, ratio: bool) -> Any:
        if self.draws is not None:
            same = tuple(i + 1 for i in lost if i in self.shared)
            each = standard_error(self.draws.sum(same, keepdim=True) if same else self.draws)
            return _summed(each**2, lost).sqrt() / count  # axes summed already have size 1
        if not self.rows:
            return None if self.error is None else torch.zeros_like(value)
        each = self.value.detach()
        if ratio:  # the number of tokens varies with the draws as their sum does
            each = each - value.detach() * (1.0 if self.mask is None else self.mask.to(each.dtype))
        totals = _summed(each, tuple(i for i in lost if i > 0))
        error = standard_error(totals)
        return None if error is None else error * (totals.shape[0] / count)


def _summed(x: Any, axes: tuple[int, ...]) -> Any:
    return x.sum(axes) if axes else x


def standard_error(draws: Any) -> Any:
    """Return the standard error of the mean over the first axis; None of fewer than 2 draws."""
    n = draws.shape[0]
    return None if n < 2 else draws.std(0, correction=1) / math.sqrt(n)


def carried(value: Any, surrogate: Any) -> Any:
    """Return the number of one tensor with the gradient of another."""
    return value.detach() + (surrogate - surrogate.detach())


def checked_axes(axes: Any, shape: tuple[int, ...]) -> tuple[str, ...] | None:
    """Return names of axes, one for each axis of the batch, or raise."""
    if axes is None:
        return None
    named = (axes,) if isinstance(axes, str) else tuple(axes)
    if any(name not in AXES for name in named):
        raise InputTypeError(f"axes={named!r}: each must be one of {', '.join(AXES)}.")
    if len(named) != len(shape):
        raise ShapeError(f"axes={named!r} names {len(named)} axes; the batch has shape {shape}.")
    return named
