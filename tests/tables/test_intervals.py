"""Every interval holds its estimate, whatever the rows are."""

import math

import numpy as np
import pyarrow as pa
import pytest

from kullback.tables import compare


def tables(seed):
    """Two small tables: of one law or of two, in blocks that hold one value, a few or any."""
    rng = np.random.default_rng(seed)
    made = []
    for side in (0, 1):
        rows, days = int(rng.integers(40, 400)), int(rng.integers(5, 12))
        day = np.sort(rng.integers(0, days, rows))
        shift = side * rng.choice([0, 0, 1.0])
        made.append(
            pa.table(
                {
                    "day": day,
                    "date": day + side * days * rng.integers(0, 2),
                    "weather": rng.integers(0, 3, days)[day],
                    "coin": rng.integers(0, 2, rows),
                    "line": rng.normal(shift, 1, rows),
                    "names": [f"n{i}" for i in rng.zipf(1.5, rows)],
                    "alone": [side] * rows,
                }
            )
        )
    return made


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("block", [None, "day"])
def test_no_estimate_lies_outside_its_interval(seed, block):
    found = compare(*tables(seed), block=block)
    estimates = [(c.column, *item) for c in found.columns for item in c.estimates.items()]
    assert len(estimates) > 20
    for column, name, each in estimates:
        assert each.lower <= each.value <= each.upper, (column, name, each)
    assert {column.column for column in found.columns} >= {"coin", "alone"}
    alone = found["alone"].estimates["js"]
    assert math.isclose(alone.upper, 1.0, abs_tol=1e-9)
