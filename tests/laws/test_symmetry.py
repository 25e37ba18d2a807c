"""What questions say of themselves: symmetric, a metric, measured in information."""

import math

import numpy as np
import pytest
from hypothesis import given

import kullback as kb

from .strategies import F_DIVERGENCES, RENYI, no_more, same, simplex, value

P, Q = np.array([0.1, 0.2, 0.7]), np.array([0.45, 0.5, 0.05])
METRICS = [of for of in F_DIVERGENCES if of.metric]
SYMMETRIC = [of for of in F_DIVERGENCES + RENYI if of.symmetric]
DIRECTED = [of for of in F_DIVERGENCES + RENYI if not of.symmetric and of != kb.HockeyStick(1.0)]


@pytest.mark.parametrize("of", SYMMETRIC, ids=repr)
@given(p=simplex(4), q=simplex(4))
def test_symmetric_questions_do_not_care_for_order(of, p, q):
    assert same(value(of, p, q), value(of, q, p))


@pytest.mark.parametrize("of", [of for of in DIRECTED if of != kb.Renyi(0.0)], ids=repr)
def test_directed_questions_do(of):
    assert abs(value(of, P, Q) - value(of, Q, P)) > 0.005


def test_renyi_of_order_zero_sees_only_supports():
    p, q = np.array([0.5, 0.5, 0]), np.array([0.25, 0.25, 0.5])
    assert same(value(kb.Renyi(0.0), p, q), math.log(2))
    assert value(kb.Renyi(0.0), q, p) == 0


def test_the_metrics_are_known():
    assert set(METRICS) == {kb.TotalVariation(), kb.Hellinger()}


@pytest.mark.parametrize("of", METRICS, ids=repr)
@given(p=simplex(4), q=simplex(4), r=simplex(4))
def test_metrics_keep_the_triangle_inequality(of, p, q, r):
    assert no_more(value(of, p, r), value(of, p, q) + value(of, q, r))


@given(p=simplex(4), q=simplex(4), r=simplex(4))
def test_js_distance_is_a_metric(p, q, r):
    assert no_more(kb.js_distance(p, r), kb.js_distance(p, q) + kb.js_distance(q, r))
    assert same(kb.js_distance(p, q), kb.js_distance(q, p))
    assert no_more(kb.js_distance(p, q, base=2), 1)


def test_no_metric_is_kept_back():
    """KL, χ² and JS itself break the triangle inequality."""
    p, q, r = np.array([0.9, 0.1]), np.array([0.5, 0.5]), np.array([0.1, 0.9])
    for of in (kb.KL(), kb.ChiSquare(), kb.JensenShannon(), kb.Jeffreys()):
        assert value(of, p, r) > value(of, p, q) + value(of, q, r)


@given(p=simplex(4), q=simplex(4))
def test_js_of_a_list_is_js_of_two(p, q):
    assert same(kb.js([p, q]), kb.js(p, q))
    assert same(kb.js([p, q], weights=(0.3, 0.7)), kb.js(p, q, weights=(0.3, 0.7)))


@given(p=simplex(4), q=simplex(4), r=simplex(4))
def test_js_of_three_is_the_mean_code_length_to_their_mixture(p, q, r):
    m = 0.2 * p + 0.3 * q + 0.5 * r
    mean = 0.2 * kb.kl(p, m) + 0.3 * kb.kl(q, m) + 0.5 * kb.kl(r, m)
    assert same(kb.js([p, q, r], weights=(0.2, 0.3, 0.5)), mean)
