"""Several processes: what the ranks of torch.distributed hold of one batch, brought together.

Rank r holds n_r of N rows. The mean of a number over all rows is Σ n_r x_r/N, the same on each
rank. Gradients stay where their rows are: DistributedDataParallel takes the plain mean of them over
R ranks, so that each rank's part carries R n_r/N of its own, and the mean is that of one process.
"""

from typing import Any

from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.learn._torch import torch


def over_ranks(x: Any, *, rows: int | None = None, group: Any = None) -> Any:
    """Return the mean over all ranks, the same on each; x itself where there is one process.

    Every rank of the group must make the call. For the loss of each rank's rows, it is the loss of
    all of them, and under DistributedDataParallel its gradient is the one of a single process.

    Parameters
    ----------
    x : tensor or float
        A mean over this rank's rows, of the same shape on every rank.
    rows : int, optional
        How many rows this rank has; as many on each rank if left out.
    group : ProcessGroup or "self", optional
        Which ranks: all if left out; "self" keeps to this one.

    Raises
    ------
    InvalidInputError
        rows below 1; a rank outside its group.

    >>> import torch
    >>> from kullback import learn
    >>> learn.over_ranks(torch.tensor(2.5), rows=64)  # one process
    tensor(2.5000)
    """
    return Ranks(group).mean(x, checked_rows(rows))[0]


def checked_rows(rows: int | None) -> float:
    """Return a number of rows as a weight, 1 for none given, or raise."""
    if rows is None:
        return 1.0
    if not isinstance(rows, int) or isinstance(rows, bool) or rows < 1:
        raise InvalidInputError(f"rows={rows!r}: how many rows this rank has, from 1 on.")
    return float(rows)


class Ranks:
    """The processes that share a batch: those of a group, or this one alone.

    Attributes
    ----------
    size : int
        How many they are.
    """

    def __init__(self, group: Any = None) -> None:
        if isinstance(group, str) and group != "self":
            raise InputTypeError(f'group={group!r}: a ProcessGroup, "self" or None is needed.')
        there = torch.distributed.is_available() and torch.distributed.is_initialized()
        self.group = None if isinstance(group, str) else group
        alone = isinstance(group, str) or not there
        self.size = 1 if alone else torch.distributed.get_world_size(self.group)
        if self.size < 1:
            raise InvalidInputError(
                f"Rank {torch.distributed.get_rank()} is not in its group={group!r}; only the "
                "ranks of a group may call."
            )

    @property
    def device(self) -> Any:
        """Where numbers must lie to be sent."""
        backend = torch.distributed.get_backend(self.group)
        return torch.device("cuda" if "nccl" in str(backend) else "cpu")

    def mean(self, x: Any, weight: float = 1.0) -> tuple[Any, float]:
        """Return the weighted mean of a tensor or float, and the sum of the weights."""
        if self.size == 1:
            return x, weight
        given = x if torch.is_tensor(x) else torch.tensor(float(x), dtype=torch.float64)
        numbers = given.detach().to(self.device, torch.float64).reshape(-1)
        sent = torch.cat([numbers.new_ones(1), numbers]) * weight
        torch.distributed.all_reduce(sent, group=self.group)
        total = float(sent[0])
        mean = (sent[1:] / total).reshape(given.shape).to(given)
        if not torch.is_tensor(x):
            return float(mean), total
        return _of_own(mean, given * (self.size * weight / total)), total

    def gathered(self, x: Any) -> list[Any]:
        """Return what each rank holds, in their order: anything that can be pickled."""
        if self.size == 1:
            return [x]
        held: list[Any] = [None] * self.size
        torch.distributed.all_gather_object(held, x, group=self.group)
        return held

    def joined(self, x: Any, axis: int = 0) -> Any:
        """Return all ranks' rows along an axis, of which they may have different numbers.

        The gradient is that of this rank's rows, R times.

        Raises
        ------
        ShapeError
            If any other axis differs.
        """
        if self.size == 1:
            return x
        shapes = self.gathered(tuple(x.shape))
        if len({s[:axis] + s[axis + 1 :] for s in shapes}) > 1:
            raise ShapeError(f"The ranks hold shapes {shapes}: only axis {axis} may differ.")
        sizes = [s[axis] for s in shapes]
        rows = x.detach().movedim(axis, 0)
        sent = rows.new_zeros((max(sizes), *rows.shape[1:]), device=self.device)
        sent[: len(rows)] = rows
        received = [torch.empty_like(sent) for _ in sizes]
        torch.distributed.all_gather(received, sent, group=self.group)
        parts = [r[:n].to(x.device).movedim(0, axis) for r, n in zip(received, sizes, strict=True)]
        own = torch.distributed.get_rank(self.group)
        parts[own] = _of_own(parts[own], self.size * x)
        return torch.cat(parts, axis)


def _of_own(number: Any, own: Any) -> Any:
    """Return a number with the gradient of this rank's part of it."""
    return number + (own - own.detach()) if own.requires_grad else number
