"""Data processing: no channel makes two distributions easier to tell apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from .strategies import F_DIVERGENCES, RENYI, channel, no_more, rows_of, same, simplex, value


@pytest.mark.parametrize("of", F_DIVERGENCES + RENYI, ids=repr)
@given(p=simplex(5), q=simplex(5), through=channel(5, 3))
def test_a_channel_cannot_add_divergence(of, p, q, through):
    assert no_more(value(of, rows_of(p @ through), rows_of(q @ through)), value(of, p, q))


@pytest.mark.parametrize("of", F_DIVERGENCES + RENYI, ids=repr)
@given(p=simplex(4), q=simplex(4), split=st.floats(0.1, 0.9))
def test_a_channel_that_can_be_undone_keeps_it(of, p, q, split):
    apart = np.array([split, 1 - split])
    refined = [np.outer(x, apart).ravel() for x in (p, q)]
    assert same(value(of, *refined), value(of, p, q))


@pytest.mark.parametrize("of", F_DIVERGENCES + RENYI, ids=repr)
@given(p=simplex(6), q=simplex(6), order=st.permutations(range(6)))
def test_the_order_of_outcomes_says_nothing(of, p, q, order):
    assert same(value(of, p[order], q[order]), value(of, p, q))


@pytest.mark.parametrize("of", F_DIVERGENCES + RENYI, ids=repr)
@given(p=simplex(4))
def test_nothing_tells_a_distribution_from_itself(of, p):
    assert abs(value(of, p, p)) < 1e-15
