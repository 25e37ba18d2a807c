"""What no estimate from draws can work with, refused with the numbers."""

import numpy as np

from kullback.errors import InvalidInputError, ShapeError
from kullback.forms.samples import Samples
from kullback.methods.samples.draws import Draws


def check_columns(p: Samples, q: Samples) -> None:
    """Raise unless both samples have the same coordinates."""
    if p.dimensions != q.dimensions:
        raise ShapeError(
            f"The draws of p have {p.dimensions} coordinates and those of q {q.dimensions}; both "
            "must be of one space. A sample of shape (n, d) has a row a draw: transpose it if it "
            "came as (d, n)."
        )


def check_rows(draws: Draws, least: int, method: object) -> None:
    """Raise unless there are enough rows on each side."""
    for name, rows in (("p", draws.n), ("q", draws.m if draws.y is not None else least)):
        if rows < least:
            raise InvalidInputError(
                f"{method!r} needs at least {least} rows, and {name} has {rows}: there is too "
                "little to estimate from."
            )


def check_spread(draws: Draws) -> None:
    """Raise where a sample, or one of its columns, is constant: it has no density."""
    for name, rows in (("p", draws.x), ("q", draws.y)):
        if rows is None:
            continue
        constant = np.flatnonzero((rows == rows[0]).all(axis=0))
        if len(constant) == rows.shape[1]:
            raise InvalidInputError(
                f"All {len(rows)} rows of {name} are the same point, {_shown(rows[0])}: a law "
                "with one outcome has no density to estimate. Compare it as counts: kb.Counts."
            )
        if len(constant):
            at = int(constant[0])
            raise InvalidInputError(
                f"Column {at} of {name} is {_shown(rows[0, [at]])} in all {len(rows)} rows: there "
                "is no density to estimate. Leave the column out: where both samples share the "
                "constant it tells nothing, and where they do not, KL is infinite."
            )


def _shown(row: np.ndarray) -> str:
    numbers = ", ".join(f"{x + 0.0:g}" for x in row[:4])
    return numbers if len(row) == 1 else f"({numbers}{', …' if len(row) > 4 else ''})"
