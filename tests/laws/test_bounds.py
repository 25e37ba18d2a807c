"""What one divergence says of another."""

import math

import numpy as np
import pytest
from hypothesis import given

import kullback as kb

from .strategies import F_DIVERGENCES, no_more, same, simplex, value


@given(p=simplex(5), q=simplex(5))
def test_pinsker(p, q):
    assert no_more(2 * kb.tv(p, q) ** 2, kb.kl(p, q))


@given(p=simplex(5), q=simplex(5))
def test_bretagnolle_and_huber(p, q):
    assert no_more(kb.tv(p, q), math.sqrt(-math.expm1(-kb.kl(p, q))))


@given(p=simplex(5), q=simplex(5))
def test_hellinger_and_total_variation_enclose_each_other(p, q):
    h = kb.hellinger(p, q)
    assert no_more(h**2, kb.tv(p, q))
    assert no_more(kb.tv(p, q), h * math.sqrt(2 - h**2))


@given(p=simplex(5), q=simplex(5))
def test_kl_is_at_most_log_of_one_plus_chi2(p, q):
    assert no_more(kb.kl(p, q), math.log1p(kb.chi2(p, q)))


@given(p=simplex(5), q=simplex(5))
def test_js_is_at_most_log_2_and_the_weights_entropy(p, q):
    assert 0 <= kb.js(p, q) <= math.log(2) * (1 + 1e-15)
    assert no_more(kb.js(p, q, weights=(0.2, 0.8)), kb.entropy([0.2, 0.8]))
    assert no_more(kb.js(p, q), kb.jeffreys(p, q) / 4)


@pytest.mark.parametrize("of", F_DIVERGENCES, ids=repr)
@given(p=simplex(5), q=simplex(5))
def test_the_stated_range_holds(of, p, q):
    assert value(of, p, q) >= 0
    assert no_more(value(of, p, q), of.upper)


@pytest.mark.parametrize("of", F_DIVERGENCES, ids=repr)
def test_the_upper_end_is_reached_on_disjoint_supports(of):
    p, q = np.array([0.3, 0.7, 0, 0]), np.array([0, 0, 0.1, 0.9])
    assert same(value(of, p, q), of.upper)


@given(p=simplex(6))
def test_entropy_is_at_most_that_of_the_uniform(p):
    assert -1e-15 <= kb.entropy(p) <= math.log(6) * (1 + 1e-15)
    assert same(math.log(6) - kb.entropy(p), kb.kl(p, np.full(6, 1 / 6)))
