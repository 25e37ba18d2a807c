"""The families of order α: growing in α, and joined where formulas divide by zero."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kullback as kb

from .strategies import no_more, same, simplex

P, Q = np.array([0.1, 0.2, 0.7]), np.array([0.45, 0.5, 0.05])
ORDERS = st.one_of(st.just(0.0), st.just(1.0), st.just(math.inf), st.floats(0, 12))


@given(p=simplex(4), q=simplex(4), a=ORDERS, b=ORDERS)
def test_renyi_grows_with_its_order(p, q, a, b):
    low, high = sorted((a, b))
    assert no_more(kb.renyi(p, q, alpha=low), kb.renyi(p, q, alpha=high))


@pytest.mark.parametrize("step", [1e-3, 1e-6, 1e-9, -1e-3, -1e-6, -1e-9])
def test_orders_near_one_are_near_kl(step):
    truth = kb.kl(P, Q)
    for family in (kb.renyi, kb.tsallis, kb.alpha_divergence):
        assert family(P, Q, alpha=1 + step) == pytest.approx(truth, rel=4 * abs(step))
        assert family(P, Q, alpha=1.0) == truth


@pytest.mark.parametrize("step", [1e-3, 1e-6, 1e-9])
def test_orders_near_zero(step):
    holes = np.array([0.4, 0.6, 0.0])
    assert kb.alpha_divergence(P, Q, alpha=step) == pytest.approx(kb.kl(Q, P), rel=4 * step)
    assert kb.alpha_divergence(P, Q, alpha=0) == pytest.approx(kb.kl(Q, P), rel=1e-15)
    assert kb.renyi(holes, Q, alpha=step) == pytest.approx(-math.log(0.95), rel=1e-14, abs=4 * step)
    assert kb.renyi(holes, Q, alpha=0) == pytest.approx(-math.log(0.95), rel=1e-14)
    assert kb.renyi(P, Q, alpha=step) == pytest.approx(step * kb.kl(Q, P), rel=4 * step)


def test_the_largest_order_is_the_largest_ratio():
    assert kb.renyi(P, Q, alpha=math.inf) == pytest.approx(math.log(14), rel=1e-15)
    assert kb.renyi(P, Q, alpha=2000.0) == pytest.approx(math.log(14), rel=1e-3)


@given(p=simplex(4), q=simplex(4), a=st.floats(0.05, 0.95))
def test_orders_below_one_turn_around(p, q, a):
    assert same((1 - a) * kb.renyi(p, q, alpha=a), a * kb.renyi(q, p, alpha=1 - a))
    assert same(kb.alpha_divergence(p, q, alpha=a), kb.alpha_divergence(q, p, alpha=1 - a))


@given(p=simplex(4), q=simplex(4), a=st.floats(-3, 4))
def test_the_other_divergences_are_members(p, q, a):
    assert same(kb.alpha_divergence(p, q, alpha=a), kb.alpha_divergence(q, p, alpha=1 - a))
    assert same(kb.alpha_divergence(p, q, alpha=2), kb.chi2(p, q) / 2)
    assert same(kb.alpha_divergence(p, q, alpha=0.5), 4 * kb.hellinger(p, q) ** 2)
    assert same(kb.renyi(p, q, alpha=2), math.log1p(kb.chi2(p, q)))
    assert same(kb.tsallis(p, q, alpha=2), kb.chi2(p, q))
    assert same(kb.hockey_stick(p, q, gamma=1), kb.tv(p, q))


@given(
    p=simplex(4), q=simplex(4, least=1), a=st.floats(0.05, 5).filter(lambda a: abs(a - 1) > 0.01)
)
def test_renyi_and_tsallis_are_closings_of_one_sum(p, q, a):
    total = math.fsum(x**a * y ** (1 - a) for x, y in zip(p, q, strict=True))
    assert math.isclose(
        kb.tsallis(p, q, alpha=a), (total - 1) / (a - 1), rel_tol=1e-10, abs_tol=1e-11
    )
    assert math.isclose(
        kb.renyi(p, q, alpha=a), math.log(total) / (a - 1), rel_tol=1e-10, abs_tol=1e-11
    )
