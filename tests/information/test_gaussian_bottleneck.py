"""The Gaussian information curve, against the published formula, a search, and a fine table."""

import math

import mpmath as mp
import numpy as np
import pytest
from scipy import optimize, stats

import kullback as kb


def law(seed, d, of_y):
    """Return Σ_x, Σ_y, Σ_xy of a random law."""
    root = np.random.default_rng(seed).normal(size=(d + of_y, d + of_y + 1))
    whole = root @ root.T
    return whole[:d, :d], whole[d:, d:], whole[:d, d:]


def held(parts, code):
    """Return I(X; T) and I(T; Y) of T = A X + ξ in nats, by determinants."""
    x, y, xy = parts
    given = x - xy @ np.linalg.solve(y, xy.T)
    spent, left = (
        np.linalg.slogdet(code @ cov @ code.T + np.eye(len(code)))[1] for cov in (x, given)
    )
    return spent / 2, (spent - left) / 2


@pytest.mark.parametrize("rho", [0.3, -0.9, 0.999999])
@pytest.mark.parametrize("rate", [1e-6, 0.5, 3.0])
def test_one_dimension(rho, rate):
    """I(T; Y) = −½ log₂ (1 − ρ² + ρ² 2^(−2 I(X; T))), whatever the units of X and Y."""
    found = kb.gaussian_bottleneck(25.0, 1e-6, 5e-3 * rho, rate=rate, base=2)
    truth = -0.5 * math.log2(1 + rho**2 * math.expm1(-2 * rate * math.log(2)))
    assert found.relevance == pytest.approx(truth, rel=1e-8)
    assert found.rate == pytest.approx(rate, rel=1e-6)
    assert found.information == pytest.approx(-0.5 * math.log2((1 - rho) * (1 + rho)), rel=1e-9)
    again = kb.gaussian_bottleneck(25.0, 1e-6, 5e-3 * rho, found.beta, base=2)
    assert again.relevance == pytest.approx(found.relevance, rel=1e-3)
    # a bit of I(T; Y) is worth β bits of I(X; T)
    near = kb.gaussian_bottleneck(25.0, 1e-6, 5e-3 * rho, rate=rate * 1.001, base=2)
    slope = (near.relevance - found.relevance) / (near.rate - found.rate)
    assert slope == pytest.approx(1 / found.beta, rel=5e-3)


def published(parts, beta):
    """Chechik et al., equations 15 to 17, from the eigenvalues of Σ_x|y Σ_x⁻¹, to 40 digits."""
    with mp.workdps(40):
        x, y, xy = (mp.matrix(m.tolist()) for m in parts)
        values = mp.eig((x - xy * y**-1 * xy.T) * x**-1, left=False, right=False)
        lam = sorted(mp.re(v) for v in values)
        told = [v for v in lam if v < 1 - mp.mpf(1) / beta]
        spent = sum(mp.log((beta - 1) * (1 - v) / v) for v in told) / 2
        kept = spent - sum(mp.log(beta * (1 - v)) for v in told) / 2
        return float(spent), float(kept), [float(1 / (1 - v)) for v in lam if 1 - v > 1e-30]


@pytest.mark.parametrize(("d", "of_y"), [(2, 3), (3, 2), (4, 4)])
@pytest.mark.parametrize("beta", [1.5, 4.0, 300.0])
def test_the_published_formula(d, of_y, beta):
    parts = law(d, d, of_y)
    found = kb.gaussian_bottleneck(*parts, beta)
    spent, kept, critical = published(parts, beta)
    assert found.rate == pytest.approx(spent, rel=1e-9)
    assert found.relevance == pytest.approx(kept, rel=1e-9)
    np.testing.assert_allclose(found.critical, critical, rtol=1e-9)
    assert len(found.encoder) == sum(c < beta for c in critical)
    assert held(parts, found.encoder) == pytest.approx((spent, kept), rel=1e-9)


@pytest.mark.parametrize("beta", [1.3, 3.0, 20.0])
def test_no_projection_does_better(beta):
    """The least of I(X; T) − β I(T; Y) over A, searched from many starts."""
    parts = law(7, 3, 2)
    found = kb.gaussian_bottleneck(*parts, beta)
    least = found.rate - beta * found.relevance

    def price(a):
        spent, kept = held(parts, a.reshape(2, 3))
        return spent - beta * kept

    rng = np.random.default_rng(0)
    reached = [optimize.minimize(price, rng.normal(size=6)).fun for _ in range(8)]
    assert min(reached) == pytest.approx(least, abs=1e-6)
    assert min(reached) >= least - 1e-9


def test_a_fine_table_agrees():
    """Cells of a Gaussian pair: a table tells less than its law, by what cells leave out."""
    rho, edges = 0.8, np.linspace(-3, 3, 19)
    middles = np.concatenate([[-3.3], (edges[1:] + edges[:-1]) / 2, [3.3]])
    ends = np.concatenate([[-np.inf], edges, [np.inf]])
    p = np.diff(stats.norm.cdf(ends))
    given = np.diff(stats.norm.cdf((ends - rho * middles[:, None]) / math.sqrt(1 - rho**2)))
    for beta in (2.0, 3.0):
        table = kb.bottleneck(p[:, None] * given, beta, base=2, tol=1e-4)
        exact = kb.gaussian_bottleneck(1.0, 1.0, rho, beta, base=2)
        at = kb.gaussian_bottleneck(1.0, 1.0, rho, rate=table.rate, base=2)
        assert at.relevance - 0.02 < table.relevance < at.relevance + 0.002
        value = exact.rate - beta * exact.relevance
        assert table.rate - beta * table.relevance == pytest.approx(value, abs=0.04)


def test_the_curve():
    """Rising, concave, below what was spent and below I(X; Y); β and rate say the same."""
    parts = law(3, 4, 3)
    rates = np.linspace(0, 6, 200)
    found = kb.gaussian_bottleneck(*parts, rate=rates, base=2)
    np.testing.assert_allclose(found.rate, rates, atol=1e-12)
    slopes = np.diff(found.relevance) / np.diff(rates)
    assert (slopes > 0).all()
    assert (np.diff(slopes) < 1e-12).all()
    assert (np.diff(found.beta) > 0).all()
    assert (found.relevance <= np.minimum(rates, found.information)).all()
    assert found.relevance[0] == 0
    again = kb.gaussian_bottleneck(*parts, found.beta, base=2)
    np.testing.assert_allclose(again.rate, found.rate, atol=1e-12)
    np.testing.assert_allclose(again.relevance, found.relevance, atol=1e-12)
    far = kb.gaussian_bottleneck(*parts, 1e9, base=2)
    x, y, xy = parts
    whole = np.block([[x, xy], [xy.T, y]])
    logs = [np.linalg.slogdet(m)[1] for m in (x, y, whole)]
    truth = (logs[0] + logs[1] - logs[2]) / 2 / math.log(2)
    assert found.information == pytest.approx(truth, rel=1e-9)
    assert far.relevance == pytest.approx(truth, rel=1e-6)
    assert repr(far).endswith("by 3 directions")
    assert repr(found) == "GaussianBottleneck of 200 values of β"


def test_nothing_is_worth_its_price_up_to_the_critical_value():
    found = kb.gaussian_bottleneck(1.0, 1.0, 0.5, [0.1, 4.0, 4.0001])
    assert found.critical == pytest.approx([4.0])
    assert found.rate.tolist()[:2] == [0, 0]
    assert found.beta.tolist() == [0.1, 4.0, 4.0001]
    assert 0 < found.rate[2] < 1e-4
    assert [len(code) for code in found.encoder] == [0, 0, 1]
    faint = kb.gaussian_bottleneck(1.0, 1.0, 1e-12, rate=1.0)
    assert faint.relevance == pytest.approx(-0.5e-24 * math.expm1(-2), rel=1e-9)
    assert faint.information == pytest.approx(0.5e-24, rel=1e-9)
    apart = kb.gaussian_bottleneck(np.eye(2), 1.0, np.zeros((2, 1)), 1e6)
    assert (apart.rate, apart.relevance, apart.information) == (0, 0, 0)
    assert apart.critical.tolist() == [math.inf]


TWO = [[2.0, 0.0], [0.0, 1.0]]


@pytest.mark.parametrize(
    ("ask", "words"),
    [
        (lambda: kb.gaussian_bottleneck(1.0, 1.0, 0.5), "exactly one"),
        (lambda: kb.gaussian_bottleneck(1.0, 1.0, 0.5, 2.0, rate=1.0), "exactly one"),
        (lambda: kb.gaussian_bottleneck(1.0, 1.0, 0.5, -2.0), "beta=-2"),
        (lambda: kb.gaussian_bottleneck(1.0, 1.0, 0.5, rate=-1.0), "rate=-1"),
        (lambda: kb.gaussian_bottleneck(1.0, 1.0, 0.5, rate=math.nan), "rate=nan"),
        (
            lambda: kb.gaussian_bottleneck(1.0, 1.0, 0.5, rate=500.0),
            r"β = e\^1001\.1, beyond float64",
        ),
        (lambda: kb.gaussian_bottleneck(1.0, 1.0, 0.5, 2.0, base=1), "base=1"),
        (lambda: kb.gaussian_bottleneck(1.0, 1.0, 1.2, 2.0), "correlation 1.2"),
        (lambda: kb.gaussian_bottleneck(1.0, 4.0, 2.0, 2.0), "without noise.*infinite"),
        (lambda: kb.gaussian_bottleneck(1.0, 1.0, math.nan, 2.0), "cov_xy holds 1 NaN"),
        (lambda: kb.gaussian_bottleneck(1.0, math.inf, 0.5, 2.0), "cov_y holds 1 NaN"),
        (lambda: kb.gaussian_bottleneck(0.0, 1.0, 0.0, 2.0), "variance of 0"),
        (lambda: kb.gaussian_bottleneck(TWO, 1.0, 0.5, 2.0), r"shape \(1, 1\).*the 2 coordinates"),
        (lambda: kb.gaussian_bottleneck(TWO[0], 1.0, 0.5, 2.0), "square"),
        (lambda: kb.gaussian_bottleneck([[1, 0.1], [0, 1]], 1.0, [[0], [0]], 2.0), "symmetric"),
        (lambda: kb.gaussian_bottleneck([[1, 2], [2, 1]], 1.0, [[0], [0]], 2.0), "no covariance"),
        (lambda: kb.gaussian_bottleneck([[1, 2], [2, 4]], 1.0, [[0], [0]], 2.0), "of X is a sum"),
        (lambda: kb.gaussian_bottleneck(1.0, 1.0, 0.0, rate=1.0), "independent"),
    ],
)
def test_bad_input(ask, words):
    with pytest.raises(kb.InvalidInputError, match=words):
        ask()


def test_a_sum_of_x_within_y_is_refused_by_rounding_too():
    """Y is a linear function of X, and its covariance is computed."""
    root = np.random.default_rng(0).normal(size=(3, 3))
    x, a = root @ root.T, np.array([[0.3, -1.7, 2.9]])
    with pytest.raises(kb.InvalidInputError, match="infinite and no code"):
        kb.gaussian_bottleneck(x, a @ x @ a.T, x @ a.T, 2.0)
    noisy = kb.gaussian_bottleneck(x, a @ x @ a.T + 1e-6, x @ a.T, 2.0)
    truth = 0.5 * math.log1p((a @ x @ a.T).item() / 1e-6)
    assert noisy.information == pytest.approx(truth, abs=1e-3)


def test_nothing_is_spent_on_what_is_independent():
    found = kb.gaussian_bottleneck(np.eye(2), 1.0, np.zeros((2, 1)), rate=[0.0, 0.0])
    assert found.rate.tolist() == found.relevance.tolist() == [0.0, 0.0]
    assert found.beta.tolist() == [np.inf, np.inf]
    assert [code.shape for code in found.encoder] == [(0, 2), (0, 2)]
