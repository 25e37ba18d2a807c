"""Fisher information in closed form, each under its family."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from kullback.arrays.namespace import library_of, namespace
from kullback.forms.families.family import Family, declared

SUPPORT_MOVES = "the support depends on it, so that the law is not regular there"
"""Why there is no Fisher information about the end of a support."""


@dataclass(frozen=True)
class Metric:
    """The Fisher information of a family, as a function of its parameters.

    Attributes
    ----------
    function : callable
        From a law to the matrix, shape (*batch, d, d).
    parameters : tuple of str
        What its rows are, in order.
    source : str
        Paper or book.
    sizes : callable
        From a law to how many rows each parameter takes.
    refused : mapping of str to str
        The other parameters, and why there is no information about each.
    known : tuple of str
        Whole-number parameters, which are taken as known.
    """

    function: Callable[[Any], Any]
    parameters: tuple[str, ...]
    source: str
    sizes: Callable[[Any], tuple[int, ...]]
    refused: Mapping[str, str] = field(default_factory=dict)
    known: tuple[str, ...] = ()


METRICS: dict[type[Family], Metric] = {}
"""Every closed form."""


def metric(
    family: type[Family],
    *parameters: str,
    source: str,
    sizes: Callable[[Any], tuple[int, ...]] | None = None,
    refused: Mapping[str, str] | None = None,
    known: tuple[str, ...] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Enter the decorated function under its family; all parameters, where none is named."""
    names = parameters or tuple(f.name for f in declared(family))

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        METRICS[family] = Metric(
            function, names, source, sizes or (lambda _: (1,) * len(names)), refused or {}, known
        )
        return function

    return enter


def symmetric(*rows: Any) -> Any:
    """Return the symmetric matrices with the rows given from the diagonal on.

    ``symmetric([a, b], [c])`` is [[a, b], [b, c]], shape (*batch, 2, 2).
    """
    d = len(rows)
    flat = [rows[min(i, j)][abs(i - j)] for i in range(d) for j in range(d)]
    like = next(x for x in flat if hasattr(x, "shape"))
    xp = namespace(like)
    arrays = xp.broadcast_arrays(
        *(x if hasattr(x, "shape") else xp.full_like(like, x) for x in flat)
    )
    matrix = xp.stack(list(arrays), axis=-1)
    return xp.reshape(matrix, (*matrix.shape[:-1], d, d))


def constant(values: Any, like: Any) -> Any:
    """Return numbers as an array in the library, dtype and device of another."""
    if library_of(like) == "torch":
        return namespace(like).asarray(values, dtype=like.dtype, device=like.device)
    return namespace(like).asarray(values, dtype=like.dtype)


def scaled(scale: Any, *rows: tuple[float, ...]) -> Any:
    """Return a constant symmetric matrix over scale²: the metric of a location and a scale."""
    precision = 1 / (scale * scale)
    return symmetric(*([entry * precision for entry in row] for row in rows))
