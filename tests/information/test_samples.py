"""Samples needed to tell two laws apart: counted where they can be, never outside the bounds."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

import kullback.forms.families as f
from kullback.errors import InvalidInputError, ShapeError
from kullback.information import samples_to_tell
from kullback.information.errors_of_tests import error_after

SUMS = (
    (f.Exponential(1.0), f.Exponential(2.0)),
    (f.Gamma(2.0, 1.0), f.Gamma(2.0, 1.3)),
    (f.InverseGamma(2.0, 1.0), f.InverseGamma(2.0, 1.3)),
    (f.Pareto(2.0, 1.0), f.Pareto(3.0, 1.0)),
    (f.Rayleigh(2.0), f.Rayleigh(3.0)),
    (f.Maxwell(2.0), f.Maxwell(3.0)),
    (f.HalfNormal(2.0), f.HalfNormal(3.0)),
    (f.Weibull(2.0, 3.0), f.Weibull(2.0, 2.0)),
    (f.Laplace(0.5, 1.0), f.Laplace(0.5, 2.0)),
    (f.Normal(0.5, 1.0), f.Normal(0.5, 2.0)),
    (f.Normal(0.5, 1.0), f.Normal(1.5, 1.0)),
    (f.LogNormal(0.0, 1.0), f.LogNormal(0.0, 2.0)),
    (f.LogNormal(0.0, 1.0), f.LogNormal(1.0, 1.0)),
)
COUNTED = (
    (f.Bernoulli(0.5), f.Bernoulli(0.6)),
    (f.Binomial(7, 0.3), f.Binomial(7, 0.35)),
    (f.Poisson(3.0), f.Poisson(4.0)),
    (f.Geometric(0.3), f.Geometric(0.4)),
)


def name_of(pair):
    return repr(pair[0])


@pytest.mark.parametrize("pair", SUMS, ids=name_of)
def test_the_error_after_one_sample_is_the_overlap(pair):
    """½ ∫ min(p, q)."""
    p, q = pair
    support = p.support()
    low, high = float(support.low), float(support.high)
    cuts = [x for x in (0.0, 0.5, 1.0, 2.0, 4.0, 20.0) if low < x < high]

    def least(x):
        return 0.5 * math.exp(min(float(p.log_density(x)), float(q.log_density(x))))

    overlap = sum(
        quad(least, a, b, limit=200, epsabs=1e-11)[0]
        for a, b in itertools.pairwise([low, *cuts, high])
    )
    assert error_after(p, q, None, 10)(1) == pytest.approx(overlap, rel=1e-7)
    assert error_after(q, p, None, 10)(1) == pytest.approx(overlap, rel=1e-7)


@pytest.mark.parametrize("pair", COUNTED, ids=name_of)
def test_the_error_of_counts_is_the_overlap_of_their_sums(pair):
    """By convolving the masses five times."""
    x = np.arange(200.0)
    sums = []
    for law in pair:
        mass = np.exp(law.log_density(x))
        total = mass
        for _ in range(4):
            total = np.convolve(total, mass)
        sums.append(total)
    overlap = 0.5 * np.minimum(*sums).sum()
    assert error_after(*pair, None, 10)(5) == pytest.approx(overlap, rel=1e-10)


def test_the_error_of_tables_is_the_overlap_of_all_sequences():
    p, q = np.asarray([0.2, 0.3, 0.4, 0.1]), np.asarray([0.3, 0.3, 0.1, 0.3])
    after = error_after(None, None, (p, q), 6)
    for n in (1, 2, 5):
        drawn = np.asarray(list(itertools.product(range(4), repeat=n)))
        overlap = 0.5 * np.minimum(p[drawn].prod(axis=1), q[drawn].prod(axis=1)).sum()
        assert after(n) == pytest.approx(overlap, rel=1e-12)


def simplex(k):
    return st.lists(st.integers(0, 30), min_size=k, max_size=k).filter(any).map(
        lambda w: np.asarray(w) / sum(w)
    )  # fmt: skip


@given(p=simplex(3), q=simplex(3), error=st.sampled_from([0.3, 0.05, 1e-3]))
def test_the_count_lies_within_the_bounds(p, q, error):
    found = samples_to_tell(p, q, error=error)
    if found.low == math.inf:
        np.testing.assert_allclose(p, q)
        return
    after = error_after(None, None, (p, q), 60)
    if found.high <= 60:
        assert after(found.high) <= error * (1 + 1e-9)
        assert found.low == 1 or after(found.low - 1) > error * (1 - 1e-9)
    if found.exact is not None:
        assert found.low <= found.exact <= found.high


@pytest.mark.parametrize("pair", SUMS + COUNTED, ids=name_of)
@pytest.mark.parametrize("error", [0.2, 1e-4])
def test_the_count_of_families_is_the_first_with_that_error(pair, error):
    found = samples_to_tell(*pair, error=error)
    after = error_after(*pair, None, 10)
    assert found.low <= found.exact <= found.high
    assert after(found.exact) <= error * (1 + 1e-12)
    assert found.exact == 1 or after(found.exact - 1) > error
    assert found.high < 5 * found.low


def test_known_numbers():
    """Normal: Φ(−√n d/2) ≤ error, n = (2 z/d)² = (3.2897…/0.3)² = 120.2…"""
    found = samples_to_tell(f.Normal(0, 1), f.Normal(0.3, 1))
    assert found.exact == 121
    assert found.chernoff == pytest.approx(0.3**2 / 8, rel=1e-6)
    assert found.order == pytest.approx(0.5, abs=1e-4)
    coin = samples_to_tell([0.5, 0.5], [0.6, 0.4])
    assert coin.exact == samples_to_tell(f.Bernoulli(0.5), f.Bernoulli(0.6)).exact == 267
    vectors = [f.MultivariateNormal(m, [[2.0, 1.0], [1.0, 2.0]]) for m in ([0.0, 0.0], [0.3, 0.3])]
    # Mahalanobis² = 2 · 0.09/3 = 0.06
    assert samples_to_tell(*vectors).exact == math.ceil((2 * 1.6448536269514722) ** 2 / 0.06)


def test_tiny_errors_keep_their_digits():
    found = samples_to_tell(f.Exponential(1.0), f.Exponential(2.0), error=1e-30)
    assert found.low <= found.exact <= found.high
    assert found.exact / found.high > 0.9  # Chernoff's exponent is the right one


def test_a_table_of_many_outcomes_is_bracketed():
    rng = np.random.default_rng(0)
    p, q = rng.dirichlet(np.ones(50), 2)
    found = samples_to_tell(p, q, error=1e-6)
    assert found.exact is None
    assert 1 <= found.low < found.high < 4 * found.low
    assert "to" in repr(found)
    assert "Chernoff" in repr(found)


def test_an_unlike_pair_is_integrated_or_refused():
    found = samples_to_tell(f.Normal(0.0, 1.0), f.Normal(0.5, 1.5))
    assert found.exact is None
    assert found.low < found.high < 4 * found.low


def test_the_limits():
    assert samples_to_tell([1.0, 0.0], [0.0, 1.0]).exact == 1
    same = samples_to_tell([0.5, 0.5], [0.5, 0.5])
    assert same.low == same.high == math.inf
    assert "same law" in repr(same)
    one_sided = samples_to_tell([1.0, 0.0], [0.5, 0.5])  # ½ 2⁻ⁿ
    assert (one_sided.low, one_sided.exact, one_sided.high) == (4, 4, 4)
    swapped = samples_to_tell([0.5, 0.5], [1.0, 0.0])
    assert swapped.exact == 4


def test_close_laws_keep_their_digits():
    """Chernoff's information of p and p + h is h²/(8 p (1 − p)) in the limit."""
    h = 1e-6
    found = samples_to_tell([0.25, 0.75], [0.25 + h, 0.75 - h])
    assert found.chernoff == pytest.approx(h * h / (8 * 0.1875), rel=1e-4)
    assert found.low < found.high < 3 * found.low


@pytest.mark.parametrize(
    ("p", "q", "error", "raised", "says"),
    [
        ([0.5, 0.5], [0.9, 0.1], 0.5, InvalidInputError, "between 0 and ½"),
        ([0.5, 0.5], [0.9, 0.1], 0.0, InvalidInputError, "between 0 and ½"),
        ([0.5, 0.5], [0.9, 0.2], 0.1, InvalidInputError, "sums to 1.1"),
        ([0.5, 0.5], [0.9, 0.05, 0.05], 0.1, ShapeError, "same outcomes"),
        ([[0.5, 0.5]], [[0.9, 0.1]], 0.1, ShapeError, "without a batch"),
        (f.Normal([0.0, 1.0], 1.0), f.Normal(0.0, 2.0), 0.1, ShapeError, "P is a batch"),
    ],
)
def test_what_cannot_be_told(p, q, error, raised, says):
    with pytest.raises(raised, match=says):
        samples_to_tell(p, q, error=error)
