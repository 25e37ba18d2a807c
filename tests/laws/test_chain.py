"""Chain rules, additivity and mutual information."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kullback as kb

from .strategies import RENYI, joint, no_more, same, simplex, value


@given(p=joint(3, 4, least=1), q=joint(3, 4, least=1))
def test_kl_of_a_joint_is_that_of_the_marginal_and_the_mean_of_the_rest(p, q):
    of_x, of_x_q = p.sum(1), q.sum(1)
    rest = kb.kl(p / of_x[:, None], q / of_x_q[:, None])
    assert same(kb.kl(p.ravel(), q.ravel()), kb.kl(of_x, of_x_q) + of_x @ rest)


@given(p=joint(3, 4, least=1))
def test_entropy_of_a_joint_is_that_of_the_marginal_and_the_mean_of_the_rest(p):
    of_x = p.sum(1)
    assert same(kb.entropy(p.ravel()), kb.entropy(of_x) + of_x @ kb.entropy(p / of_x[:, None]))


@pytest.mark.parametrize("of", [kb.KL(), kb.Jeffreys(), *RENYI], ids=repr)
@given(p=simplex(3), q=simplex(3), r=simplex(4), s=simplex(4))
def test_independent_parts_add(of, p, q, r, s):
    whole = value(of, np.outer(p, r).ravel(), np.outer(q, s).ravel())
    assert same(whole, value(of, p, q) + value(of, r, s))


@given(p=simplex(3), q=simplex(3), r=simplex(4), s=simplex(4))
def test_what_hellinger_leaves_multiplies(p, q, r, s):
    def left(a, b):
        return 1 - kb.hellinger(a, b) ** 2

    assert same(left(np.outer(p, r).ravel(), np.outer(q, s).ravel()), left(p, q) * left(r, s))


@given(p=simplex(4), q=simplex(4), r=simplex(4), s=simplex(4), w=st.floats(0.01, 0.99))
def test_kl_is_convex_in_both_together(p, q, r, s, w):
    mixed = kb.kl(w * p + (1 - w) * r, w * q + (1 - w) * s)
    assert no_more(mixed, w * kb.kl(p, q) + (1 - w) * kb.kl(r, s))


@given(p=simplex(4), q=simplex(4))
def test_cross_entropy_is_entropy_and_kl(p, q):
    assert same(kb.cross_entropy(p, q), kb.entropy(p) + kb.kl(p, q))


@given(p=simplex(4), q=simplex(4), r=simplex(4, least=1))
def test_the_mixture_is_the_best_single_code_for_both(p, q, r):
    """Σ w KL(pᵢ ‖ r) = JS + KL(m ‖ r): the compensation identity."""
    mean = 0.3 * kb.kl(p, r) + 0.7 * kb.kl(q, r)
    assert same(mean, kb.js(p, q, weights=(0.3, 0.7)) + kb.kl(0.3 * p + 0.7 * q, r))


@given(p=joint(3, 5))
def test_mutual_information_is_what_the_entropies_leave(p):
    information = kb.mutual_information(p)
    assert information >= 0
    parts = kb.entropy(p.sum(1)) + kb.entropy(p.sum(0)) - kb.entropy(p.ravel())
    assert abs(information - parts) < 1e-12
    assert same(information, kb.mutual_information(p.T))
    assert no_more(information, min(kb.entropy(p.sum(1)), kb.entropy(p.sum(0))))


@given(p=simplex(3), q=simplex(5))
def test_independent_variables_tell_nothing_of_each_other(p, q):
    assert 0 <= kb.mutual_information(np.outer(p, q)) < 1e-15


def test_a_copy_tells_all():
    p = np.array([0.5, 0.25, 0.25])
    assert kb.mutual_information(np.diag(p), base=2) == pytest.approx(1.5, rel=1e-14)


@given(p=joint(3, 4))
def test_js_is_what_a_draw_tells_about_where_it_came_from(p):
    weights, rows = p.sum(1), p / np.where(p.sum(1) > 0, p.sum(1), 1)[:, None]
    if min(weights) > 0:
        told = kb.js(list(rows), weights=tuple(weights))
        assert math.isclose(told, kb.mutual_information(p), rel_tol=1e-10, abs_tol=1e-13)
