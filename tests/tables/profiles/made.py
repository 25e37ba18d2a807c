"""Tables for the tests of profiles."""

import numpy as np
import pyarrow as pa


def mixed(rows, seed, shift=0.0):
    """A table of every sort of column: long lines with and without atoms, oddities, text."""
    rng = np.random.default_rng(seed)
    odd = rng.lognormal(size=rows)
    odd[rng.random(rows) < 0.01] = np.nan
    odd[rng.random(rows) < 0.01] = np.inf
    return pa.table(
        {
            "normal": rng.normal(shift, 1, rows),
            "atoms": np.where(rng.random(rows) < 0.3, 0.0, rng.gamma(2, 3 + 10 * shift, rows)),
            "heavy": rng.standard_t(3, rows),
            "odd": odd,
            "whole": rng.integers(0, 100, rows),
            "missing": pa.array(rng.normal(size=rows), mask=rng.random(rows) < 0.1 + shift),
            "text": rng.choice(
                ["a", "b", "c d", "ß"], rows, p=[0.4, 0.3, 0.2 + shift, 0.1 - shift]
            ),
            "flag": rng.random(rows) < 0.3 + shift,
            "day": rng.integers(0, 40, rows).astype("datetime64[D]"),
        }
    )


ORDERED = ("normal", "atoms", "heavy", "odd", "missing")  # with more values than are counted
