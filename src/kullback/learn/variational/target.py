"""The density to be fitted: asked in batches, on the whole line, with its slope."""

import math
from collections.abc import Callable
from typing import Any

from kullback.errors import InputTypeError, InvalidInputError, KullbackError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.variational.support import Support

LogDensity = Callable[[Any], Any]

_ROOM = 2**22
"""Bytes that one call of a density may keep for its gradient: about what a cache holds."""

_FEWEST, _MOST = 32, 4096
"""Rows in one call, whatever they take."""


class Target:
    """log p̃(T(z)) + log |T′(z)|, of z on the whole line.

    Parameters
    ----------
    log_density : callable
        From x, shape (n, dim), to log p̃(x), shape (n,); or from one x, shape (dim,), to a number.
    support : Support
        T.
    start : tensor, shape (dim,)
        An x where the density is positive: its kind is that of all numbers here.

    Raises
    ------
    InvalidInputError, ShapeError, InputTypeError
        If the density cannot be used, saying why.
    """

    def __init__(self, log_density: LogDensity, support: Support, start: Any) -> None:
        if not callable(log_density):
            raise InputTypeError(f"log_density={log_density!r}: a function of x is needed.")
        self.support, self.start, self.dim = support, start, len(start)
        self.given = log_density
        self.of_rows, self.note = _reading(log_density, start)
        self._check_start()
        self.rows = self._room()

    def __call__(self, z: Any) -> Any:
        """Return the log density of each row of z, shape (n,)."""
        return self._of_x(self.support.forward(z)) + self.support.log_slope(z)

    def reachable(self, z: Any) -> Any:
        """Return what a call does; NaN where the density refuses z, as torch.distributions does.

        A trial step may leave what floats can hold, such as a scale that underflows to 0.
        """
        try:
            return self(z)
        except KullbackError:
            raise
        except ValueError:
            return torch.full_like(z[..., 0], math.nan) + 0 * z.sum(-1)

    def values(self, z: Any) -> Any:
        """Return the log density of rows without its gradient, in calls of bounded size, (n,)."""
        with torch.no_grad():
            return torch.cat([self(part) for part in z.split(self.rows)])

    def slope(self, z: Any) -> tuple[Any, Any]:
        """Return the log density of rows and its gradient, (n,) and (n, dim); NaN as above."""
        values, slopes = [], []
        for part in z.detach().split(self.rows):
            at = part.requires_grad_()
            with torch.enable_grad():
                value = self.reachable(at)
                (slope,) = torch.autograd.grad(value.sum(), at)
            values.append(value.detach())
            slopes.append(slope)
        return torch.cat(values), torch.cat(slopes)

    def curvature(self, z: Any) -> tuple[Any, Any, Any]:
        """Return value, slope (dim,) and second derivatives (dim, dim) at one z, shape (dim,).

        A row of a batch for each row of the matrix.
        """
        one = torch.eye(self.dim, dtype=z.dtype, device=z.device)
        rows = []
        for part in one.split(self.rows):
            many = z.detach().expand(len(part), -1).clone().requires_grad_()
            with torch.enable_grad():
                value = self(many)
                (slope,) = torch.autograd.grad(value.sum(), many, create_graph=True)
                along = (slope * part).sum()
                row = torch.zeros_like(part)
                if along.requires_grad:
                    (row,) = torch.autograd.grad(along, many)
            rows.append(row.detach())
        found = torch.cat(rows)
        return value[0].detach(), slope[0].detach(), 0.5 * (found + found.mT)

    def _room(self) -> int:
        """Rows to ask at once: their number a power of 2, what they keep within room."""
        kept = []
        for n in (2, 10):
            sizes: list[int] = []

            def count(tensor: Any, sizes: list[int] = sizes) -> Any:
                sizes.append(tensor.numel() * tensor.element_size())
                return tensor

            z = self.support.backward(self.start.expand(n, -1)).detach().requires_grad_()
            with torch.enable_grad(), torch.autograd.graph.saved_tensors_hooks(count, lambda t: t):
                self(z)
            kept.append(sum(sizes))
        row = max(1.0, (kept[1] - kept[0]) / 8)
        return min(max(1 << math.floor(math.log2(max(1.0, _ROOM / row))), _FEWEST), _MOST)

    def _of_x(self, x: Any) -> Any:
        value = self.of_rows(x)
        if tuple(value.shape) != (len(x),):
            raise ShapeError(
                f"log_density answers {len(x)} rows with shape {tuple(value.shape)}; it answered "
                "fewer rows with one number each. Its shape must follow its input's."
            )
        return value

    def _check_start(self) -> None:
        z = self.support.backward(self.start[None])
        if not bool(torch.isfinite(z).all()):
            where = torch.nonzero(~torch.isfinite(z[0]))[:, 0].tolist()
            raise InvalidInputError(
                f"start lies outside the support at coordinates {where}: "
                f"{[float(self.start[i]) for i in where]}. Give a start= within it."
            )
        z = z.requires_grad_()
        value = self(z)
        number = float(value.detach())
        if math.isnan(number):
            raise InvalidInputError(
                f"log_density is NaN at the start, x = {shown(self.start)}. Look for a logarithm "
                "or a root of a negative number, or 0/0; a bounded parameter needs support=, such "
                "as {0: learn.positive}."
            )
        if math.isinf(number):
            raise InvalidInputError(
                f"log_density is {number} at the start, x = {shown(self.start)}, where no search "
                "can begin. Give start=, an x of positive density, or say by support= where "
                "parameters lie, such as {0: learn.positive}."
            )
        slope = None
        if value.requires_grad:
            (slope,) = torch.autograd.grad(value.sum(), z, allow_unused=True)
        if slope is None:
            raise InvalidInputError(
                "log_density has no gradient: its answer does not depend on x through torch. Keep "
                "it in torch: no .item(), .detach(), .numpy() or torch.tensor(...) on the way."
            )
        if not bool(torch.isfinite(slope).all()):
            where = torch.nonzero(~torch.isfinite(slope[0]))[:, 0].tolist()
            raise InvalidInputError(
                f"The gradient of log_density is not finite at the start, x = {shown(self.start)}, "
                f"in coordinates {where}. Give another start=."
            )


def _reading(log_density: LogDensity, start: Any) -> tuple[LogDensity, str | None]:
    """Return the density as one of batches, and what to say of it."""
    n = 3 if len(start) == 2 else 2
    batch = start.expand(n, -1).clone()
    value, failure = _tried(log_density, batch)
    if failure is None and tuple(value.shape) == (n,):
        _check_rows(log_density, batch, value)
        return log_density, None
    one, of_one = _tried(log_density, start.clone())
    if of_one is None and one.numel() == 1:
        return _by_rows(log_density, batch)
    if failure is not None:
        raise InvalidInputError(
            f"log_density failed on x of shape {tuple(batch.shape)}, {start.dtype} on "
            f"{start.device}, and on one row of it: {type(failure).__name__}: {failure}. dim must "
            f"be the number of parameters (here {len(start)}); start= sets kind and device."
        ) from failure
    raise ShapeError(
        f"log_density answers x of shape {tuple(batch.shape)} with shape {tuple(value.shape)}; one "
        f"number a row, shape ({n},), is needed: sum over the data and over parameters (.sum(-1))."
    )


def _tried(log_density: LogDensity, x: Any) -> tuple[Any, Exception | None]:
    try:
        value = log_density(x)
    except KullbackError:
        raise
    except Exception as failure:  # noqa: BLE001, whatever the user's function raises is told
        return None, failure
    if not torch.is_tensor(value):
        raise InputTypeError(
            f"log_density returns {type(value).__name__}, not a tensor: it must be written in "
            "torch, so that it has a gradient."
        )
    return value, None


def _check_rows(log_density: LogDensity, batch: Any, value: Any) -> None:
    alone = log_density(batch[:1])
    if tuple(alone.shape) != (1,):
        raise ShapeError(
            f"log_density answers {len(batch)} rows with shape {tuple(value.shape)} but one row "
            f"with shape {tuple(alone.shape)}: avoid .squeeze()."
        )
    a, b = float(alone.detach()[0]), float(value.detach()[0])
    if abs(a - b) > 1e-3 * (1 + abs(b)):
        raise InvalidInputError(
            f"log_density gives the same row {b:.6g} among {len(batch)} rows and {a:.6g} alone. It "
            "mixes rows, or is random; each row must be answered for itself, the same each time."
        )


def _by_rows(log_density: LogDensity, batch: Any) -> tuple[LogDensity, str | None]:
    def row(x: Any) -> Any:
        return log_density(x).reshape(())

    together = torch.func.vmap(row)
    _, failure = _tried(together, batch)
    if failure is None:
        return together, None
    return (
        lambda x: torch.stack([row(one) for one in x]),
        "log_density takes one row at a time and cannot be vectorised: rows are asked one by one.",
    )


def shown(x: Any) -> str:
    """Return the first few numbers of a vector, for a message."""
    numbers = ", ".join(f"{float(v):.4g}" for v in x[:5])
    return f"({numbers}{', …' if len(x) > 5 else ''})"
