"""Tables with every kind of column that is compared, and names that could break a query."""

import datetime as dt
from decimal import Decimal

import numpy as np
import pyarrow as pa

START = dt.datetime(1969, 12, 31, 23, 0, 0, 123_456, tzinfo=None)
LAST = dt.datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=None)
NAMES = ('a"; DROP TABLE reference; --', "a'; SELECT 1; --", "back`tick", "two\nlines", " ", "x.y")


def odd_table(rows: int, seed: int, shift: float) -> pa.Table:
    """That many rows, seeded; larger shifts give larger divergences."""
    rng = np.random.default_rng(seed)
    x = rng.normal(shift, 1, rows)
    x[::50], x[1::97], x[2::101], x[3::31] = np.nan, np.inf, -np.inf, -0.0
    words = np.asarray(NAMES)[rng.integers(0, len(NAMES), rows)]
    after = [dt.timedelta(microseconds=int(v)) for v in rng.integers(0, 10**13, rows)]
    held = {
        "x": pa.array([None if i % 37 == 0 else float(v) for i, v in enumerate(x)]),
        "float": pa.array(rng.normal(shift, 1, rows).astype("f4")),
        "decimal": pa.array(
            [Decimal(int(v)) / 100 for v in rng.integers(-500, 500 + int(100 * shift), rows)],
            pa.decimal128(12, 2),
        ),
        "big": pa.array(rng.integers(-(2**62), 2**62, rows) * 2 + 1),
        "least": pa.array([-(1 << 63) + i % 90 for i in range(rows)]),
        "on": pa.array([None if i % 11 == 0 else bool(i % 3) for i in range(rows)]),
        "day": pa.array([dt.date(1969, 1, 1) + dt.timedelta(days=i % 700) for i in range(rows)]),
        "at": pa.array([START + each for each in after], pa.timestamp("us")),
        "instant": pa.array([START + each for each in after], pa.timestamp("us", "UTC")),
        "late": pa.array(
            [LAST - dt.timedelta(microseconds=i) for i in range(rows)], pa.timestamp("us")
        ),
        "long": pa.array([f"v{int(v)}" for v in rng.zipf(1.3, rows) % 2000]),
        "few": pa.array(rng.integers(0, 5, rows).astype("f8")),
        "list": pa.array([[1]] * rows),
        "nothing": pa.nulls(rows, pa.int32()),
    }
    return pa.table(held | {name: pa.array(words) for name in NAMES})
