"""Two engines' answers held against each other."""

import math
from dataclasses import replace


def check_equal(found, truth):
    """Every number is the same; sums of fractions but for their last digits."""
    assert [column.column for column in found.columns] == [c.column for c in truth.columns]
    for column, other in zip(found.columns, truth.columns, strict=True):
        mine, theirs = column.wasserstein, other.wasserstein
        if mine is not None:
            for end in ("value", "least", "most"):
                assert math.isclose(getattr(mine, end), getattr(theirs, end), rel_tol=1e-12)
        assert replace(column, wasserstein=None) == replace(other, wasserstein=None)
    assert found.rows == truth.rows
