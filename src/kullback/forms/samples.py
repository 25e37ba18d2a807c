"""Samples: draws of a law that is not known."""

from typing import Any, ClassVar

import numpy as np

from kullback.arrays.namespace import as_array, is_integer, library_of
from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.forms.form import Form


class Samples(Form):
    """Draws of a law: a row is a draw, a column a coordinate; one axis means one coordinate.

    Several arrays are several variables observed together, row by row: `Samples(x, y)` for their
    mutual information, `Samples(x, y, z)` for that of x and y given z.

    Parameters
    ----------
    *variables : array, shape (n,) or (n, d)
        Real numbers, none of them NaN or infinite.
    weights : array, shape (n,), optional
        How much each draw counts; non-negative. All alike if left out.
    block : array, shape (n,), optional
        Labels of draws that belong together (a day, a user): resampling and permuting keep each
        block whole.

    Raises
    ------
    InputTypeError, InvalidInputError, ShapeError
        Not numbers; NaN or infinite rows; no rows, or unequal numbers of them.

    >>> import kullback as kb
    >>> kb.Samples([[0.1, 2.0], [0.3, 1.5], [0.2, 1.9]])
    Samples(3 draws of 2 coordinates)
    >>> kb.Samples([0.1, 0.3, 0.2], [2, 1, 1], block=["mon", "mon", "tue"])
    Samples(3 draws of 1 + 1 coordinates, in 2 blocks)
    """

    event: ClassVar[int] = 1

    def __init__(self, *variables: Any, weights: Any = None, block: Any = None) -> None:
        if not variables:
            raise InputTypeError(
                "Samples() holds no draws: kb.Samples(x), x of shape (n,) or (n, d)."
            )
        self.listed = all(isinstance(x, (list, tuple)) for x in variables)
        self.given: tuple[Any, ...] = tuple(as_array(x, "samples") for x in variables)
        self.variables: tuple[np.ndarray, ...] = tuple(_rows(x) for x in self.given)
        """Each variable in float64, shape (n, dᵢ)."""
        _check_rows(self.variables)
        self.whole = all(is_integer(x) for x in self.given)
        """Whether all numbers came as integers."""
        self.weights = None if weights is None else _weights(weights, self.n)
        """Shape (n,), summing to 1; None where all draws count alike."""
        self.block = None if block is None else _block(block, self.n)
        """Shape (n,): the number of the block that each draw is in; None where each is its own."""

    @property
    def array(self) -> np.ndarray:
        """All variables side by side, shape (n, d)."""
        return self.variables[0] if len(self.variables) == 1 else np.hstack(self.variables)

    @property
    def n(self) -> int:
        """How many draws there are."""
        return len(self.variables[0])

    @property
    def dimensions(self) -> int:
        """How many coordinates a draw has."""
        return sum(x.shape[1] for x in self.variables)

    def __repr__(self) -> str:
        """Say how many draws there are, and of what."""
        sizes = [x.shape[1] for x in self.variables]
        ending = "" if sizes == [1] else "s"
        draws = f"{self.n} draws of {' + '.join(map(str, sizes))} coordinate{ending}"
        weighted = "" if self.weights is None else ", weighted"
        blocks = "" if self.block is None else f", in {int(self.block.max()) + 1} blocks"
        return f"Samples({draws}{weighted}{blocks})"


def _rows(x: Any) -> np.ndarray:
    if library_of(x) == "torch":
        x = x.detach().cpu()
    try:
        rows = np.asarray(x, dtype=np.float64)
    except (TypeError, ValueError) as reason:
        raise InputTypeError(
            f"Samples are real numbers; these could not be read as such: {reason}"
        ) from None
    if rows.ndim == 1:
        rows = rows[:, None]
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise ShapeError(
            f"Samples have shape {rows.shape}; (n,) or (n, d) is needed: a row is a draw."
        )
    return np.ascontiguousarray(rows)


def _check_rows(variables: tuple[np.ndarray, ...]) -> None:
    counts = [len(x) for x in variables]
    if len(set(counts)) > 1:
        raise ShapeError(
            f"The variables have {', '.join(map(str, counts))} rows; observed together, they have "
            "one row each for every draw."
        )
    if counts[0] == 0:
        raise InvalidInputError("Samples hold no rows: there is nothing to estimate from.")
    for i, x in enumerate(variables):
        bad = ~np.isfinite(x).all(axis=1)
        if bad.any():
            missing = int(np.isnan(x).any(axis=1).sum())
            which = f"variable {i} of the samples" if len(variables) > 1 else "the samples"
            raise InvalidInputError(
                f"{int(bad.sum())} of {len(x)} rows of {which} are not finite, {missing} hold NaN; "
                f"the first is row {int(bad.argmax())}. Drop them (x[np.isfinite(x).all(axis=1)]), "
                "or compare tables, where missing values are an outcome: kb.compare."
            )


def _weights(given: Any, n: int) -> np.ndarray:
    weights = np.asarray(given, dtype=np.float64)
    if weights.shape != (n,):
        raise ShapeError(
            f"weights have shape {weights.shape}; one for each of {n} draws is needed."
        )
    total = weights.sum()
    if not np.isfinite(weights).all() or (weights < 0).any() or total <= 0:
        raise InvalidInputError(
            f"Weights lie between {weights.min():g} and {weights.max():g} and sum to {total:g}; "
            "they must be finite, not negative, and not all zero."
        )
    shares: np.ndarray = weights / total
    return shares


def _block(given: Any, n: int) -> np.ndarray:
    labels = np.asarray(given)
    if labels.shape != (n,):
        raise ShapeError(
            f"block has shape {labels.shape}; one label for each of {n} draws is needed."
        )
    number: np.ndarray = np.unique(labels, return_inverse=True)[1].reshape(n)
    return number
