"""Each divergence is Σ q f(p/q) with the f, the limits and the closing that its object states."""

import math

import numpy as np
import pytest
from hypothesis import given

import kullback as kb

from .strategies import F_DIVERGENCES, RENYI, same, simplex, value

ALL = F_DIVERGENCES + tuple(of for of in RENYI if 0 < of.alpha < math.inf)
KINKED = (kb.TotalVariation, kb.HockeyStick)


@pytest.mark.parametrize("of", ALL, ids=repr)
@given(p=simplex(4, least=1), q=simplex(4, least=1))
def test_the_value_is_the_mean_of_the_generator(of, p, q):
    with np.errstate(all="ignore"):
        total = np.sum(q * of.generator(p / q))
    closed = of.close(np.float64(max(total, 0.0)))
    assert math.isclose(value(of, p, q), closed, rel_tol=1e-8, abs_tol=1e-7)


@pytest.mark.parametrize("of", ALL, ids=repr)
def test_the_generator_is_convex_and_zero_at_one(of):
    t = np.linspace(0.05, 6, 400)
    f = of.generator(t)
    assert abs(of.generator(np.float64(1.0))) < 1e-15
    assert np.all(f[2:] - 2 * f[1:-1] + f[:-2] >= -1e-12)
    if not isinstance(of, KINKED) and not isinstance(of, kb.JensenShannon):
        step = 1e-5
        slope = (of.generator(1 + step) - of.generator(1 - step)) / (2 * step)
        assert abs(slope) < 1e-4


@pytest.mark.parametrize("of", ALL, ids=repr)
def test_the_limits_are_those_of_the_generator(of):
    small, large = 10.0 ** -np.array([8, 30, 120, 300]), 10.0 ** np.array([8, 14, 40, 80])
    with np.errstate(over="ignore"):
        assert reached(of.generator(small), of.at_zero)
        assert reached(of.generator(large) / large, of.slope_at_infinity)


def reached(steps, limit):
    if math.isinf(limit):
        return steps[-1] > max(steps[0] + 100, 2 * abs(steps[0]))
    return abs(steps[-1] - limit) < 1e-3


@pytest.mark.parametrize("of", ALL, ids=repr)
def test_the_limits_weigh_the_outcomes_that_one_side_lacks(of):
    p, q = np.array([0.0, 0.4, 0.6]), np.array([0.5, 0.2, 0.3])
    both = 0.5 * of.generator(np.float64(2.0))
    assert same(value(of, p, q), of.close(np.float64(0.5 * of.at_zero + both)))
    back = 0.5 * of.generator(np.float64(0.5)) * 2
    assert same(value(of, q, p), of.close(np.float64(0.5 * of.slope_at_infinity + back)))


SQUARE = kb.FDivergence(lambda t: (t - 1) ** 2, slope_at_infinity=math.inf)
TRIANGULAR = kb.FDivergence(lambda t: (t - 1) ** 2 / (t + 1), at_zero=1.0, slope_at_infinity=1.0)


@given(p=simplex(4), q=simplex(4))
def test_an_f_of_ones_own(p, q):
    assert same(value(SQUARE, p, q), kb.chi2(p, q))
    assert same(
        kb.f_divergence(p, q, f=lambda t: (t - 1) ** 2, slope_at_infinity=math.inf), kb.chi2(p, q)
    )
    triangular = math.fsum((a - b) ** 2 / (a + b) for a, b in zip(p, q, strict=True) if a + b > 0)
    assert same(value(TRIANGULAR, p, q), triangular)
