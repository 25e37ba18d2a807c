"""What the ratios are made of: conjugates, regression, least squares, kernels, bins."""

import sys

import numpy as np
import pytest
from scipy.optimize import minimize

import kullback as kb
from kullback.methods.samples.ratio.binned import inner_edges
from kullback.methods.samples.ratio.bound import Side, bound
from kullback.methods.samples.ratio.conjugate import cost, critic, growth
from kullback.methods.samples.ratio.folds import folds_of
from kullback.methods.samples.ratio.kernel_density import Kernels
from kullback.methods.samples.ratio.logistic import fitted
from kullback.methods.samples.ratio.ulsif import _left_out

P, Q = np.array([0.1, 0.2, 0.7]), np.array([0.5, 0.3, 0.2])
ALL = (
    kb.KL(), kb.Jeffreys(), kb.JensenShannon(), kb.JensenShannon((0.3, 0.7)), kb.Hellinger(),
    kb.TotalVariation(), kb.ChiSquare(), kb.HockeyStick(1.2), kb.Tsallis(0.4), kb.Tsallis(2.5),
    kb.Alpha(0.0), kb.Alpha(1.0), kb.Alpha(-1.5), kb.Renyi(0.7),
    kb.FDivergence(lambda t: (t - 1) ** 2 / (t + 1)),
)  # fmt: skip


@pytest.mark.parametrize("of", ALL, ids=lambda of: type(of).__name__)
def test_the_critic_of_the_ratio_attains_the_divergence_and_no_other_exceeds_it(of):
    truth = float(np.sum(Q * of.generator(P / Q)))
    at = np.log(P / Q)
    assert np.sum(P * critic(of, at)) - np.sum(Q * cost(of, at)) == pytest.approx(truth, rel=1e-8)
    rng = np.random.default_rng(0)
    for _ in range(100):
        other = at + rng.normal(size=3)
        assert np.sum(P * critic(of, other)) - np.sum(Q * cost(of, other)) <= truth + 1e-9
    assert growth(of) >= 1


@pytest.mark.parametrize("of", ALL, ids=lambda of: type(of).__name__)
def test_conjugates_are_the_same_in_torch(of):
    torch = pytest.importorskip("torch")
    x = np.linspace(-3, 3, 9)
    for of_x in (critic, cost):
        there = of_x(of, torch.as_tensor(x))
        np.testing.assert_allclose(np.asarray(there), of_x(of, x), rtol=1e-12, atol=1e-14)


def plain_loss(beta, features, positive, counts, ridge):
    eta = features @ beta[:-1] + beta[-1]
    fit = np.sum(counts * np.logaddexp(0, np.where(positive, -eta, eta)))
    return fit + 0.5 * np.sum(ridge * beta[:-1] ** 2)


def rows_of_two(n=80, k=3, seed=0):
    rng = np.random.default_rng(seed)
    positive = rng.random(n) < 0.4
    return rng.normal(size=(n, k)) + positive[:, None], positive, rng.integers(1, 4, n) * 1.0


def test_logistic_regression_finds_the_minimum():
    features, positive, counts = rows_of_two()
    ridge = np.array([0.5, 1.0, 3.0])
    fit = fitted(features, positive, counts, ridge)
    away = minimize(plain_loss, np.zeros(4), (features, positive, counts, ridge), tol=1e-12)
    np.testing.assert_allclose(np.append(fit.slopes, fit.intercept), away.x, atol=2e-5)
    again = fitted(features, positive, counts, ridge, fit)
    np.testing.assert_allclose(again.slopes, fit.slopes, atol=1e-6)


def test_logistic_regression_of_rows_that_a_plane_parts():
    x = np.concatenate([np.linspace(1, 2, 20), np.linspace(-2, -1, 20)])[:, None]
    fit = fitted(x, x[:, 0] > 0, np.ones(40), np.array([1e-3]))
    assert np.isfinite(fit.slopes).all()
    assert fit.slopes[0] > 5


def test_the_loss_left_out_is_that_of_refits():
    features, positive, _ = rows_of_two()
    ones, ridge = np.ones(len(features)), np.full(3, 1.0)
    fit = fitted(features, positive, ones, ridge)
    found, truth = fit.loss_left_out, 0.0
    for i in range(len(features)):
        rest = np.arange(len(features)) != i
        eta = fitted(features[rest], positive[rest], ones[rest], ridge)(features[i : i + 1])[0]
        truth += np.logaddexp(0, -eta if positive[i] else eta)
    assert found == pytest.approx(truth, rel=1e-2)
    beta = np.append(fit.slopes, fit.intercept)
    assert found > plain_loss(beta, features, positive, ones, 0.0)


def test_least_squares_left_out_is_that_of_refits():
    rng = np.random.default_rng(0)
    psi, phi, ridge = rng.random((12, 4)), rng.random((9, 4)), 0.1
    truth = 0.0
    for i in range(9):
        h = np.delete(phi, i, 0).T @ np.delete(phi, i, 0) / 8 + ridge * np.eye(4)
        alpha = np.maximum(np.linalg.solve(h, np.delete(psi, i, 0).mean(0)), 0)
        truth += 0.5 * (alpha @ phi[i]) ** 2 - alpha @ psi[i]
    assert _left_out(psi, phi, ridge) == pytest.approx(truth / 9, rel=1e-10)


def test_kernels_are_those_of_scipy():
    from scipy.stats import gaussian_kde

    x, z = np.random.default_rng(0).normal(size=300), np.linspace(-4, 4, 17)
    h = 0.3
    theirs = np.log(gaussian_kde(x, bw_method=h / np.std(x, ddof=1))(z))
    ours = Kernels.of(x, h)(z) - np.log(h * np.sqrt(2 * np.pi))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9)
    left_out = Kernels.of(x, h).left_out(x[:3])
    for i in range(3):
        alone = Kernels.of(np.delete(x, i), h)(x[i : i + 1])
        assert left_out[i] == pytest.approx(alone[0], rel=1e-9)
    many = np.random.default_rng(1).normal(size=5000)  # put together in cells
    every = Kernels(many, np.ones(5000), h)(z)
    np.testing.assert_allclose(Kernels.of(many, h)(z), every, atol=0.03)


def test_variance_and_skewness_of_a_bound():
    rng = np.random.default_rng(0)
    found = []
    for _ in range(4000):
        x, y = rng.exponential(1, 40), rng.exponential(2, 30)
        fold = [folds_of(n, None, 2, rng) for n in (40, 30)]
        found.append(bound(Side(x, fold[0]), Side(y, fold[1])))
    values = np.array([f.value for f in found])
    assert values.mean() == pytest.approx(-1, abs=0.03)
    assert np.mean([f.error**2 for f in found]) == pytest.approx(values.var(), rel=0.08)
    skew = np.mean((values - values.mean()) ** 3) / values.std() ** 3
    assert -0.6 < np.mean([f.skewness for f in found]) < 0
    assert skew < -0.2
    below = np.mean([f.lower(0.95) <= -1 for f in found])
    plain = np.mean([f.value - 1.6449 * f.error <= -1 for f in found])
    assert abs(below - 0.95) < abs(plain - 0.95)


def test_folds_are_even_and_keep_blocks():
    block = np.random.default_rng(0).integers(0, 30, 500)
    fold = folds_of(500, block, 5, np.random.default_rng(1))
    assert all(len(np.unique(fold[block == b])) == 1 for b in np.unique(block))
    assert set(np.bincount(folds_of(103, None, 5, None))) == {20, 21}


def one(n=2000, shift=1.0, seed=0):
    rng = np.random.default_rng(seed)
    return kb.Samples(rng.normal(shift, 1, n)), kb.Samples(rng.normal(0, 1, n))


TRUTHS = {kb.TotalVariation(): 0.38292, kb.JensenShannon(): 0.11142, kb.Hellinger(): 0.34279}


@pytest.mark.parametrize("of", TRUTHS, ids=repr)
@pytest.mark.parametrize(
    "by", [kb.KernelDensity(), kb.Binned(), kb.ULSIF(), kb.QuadraticLogistic()], ids=repr
)
def test_distances_on_the_line(of, by):
    p, q = kb.families.Normal(1, 1), kb.families.Normal(0, 1)
    assert float(kb.measure(p, q, of=of).value) == pytest.approx(TRUTHS[of], rel=1e-2)
    found = kb.measure(*one(), of=of, by=by, rng=0)
    assert found.value == pytest.approx(TRUTHS[of], abs=0.04)
    low, high = found.interval()
    assert low < TRUTHS[of] * 1.02
    assert low > 0.7 * TRUTHS[of]
    assert high >= found.value


def test_kl_on_the_line_by_kernels_and_bins():
    for by in (kb.KernelDensity(), kb.Binned()):
        assert kb.measure(*one(), by=by).value == pytest.approx(0.5, abs=0.1)
        assert kb.measure(*one(shift=0.0), by=by).value == pytest.approx(0, abs=0.02)


def test_bins_are_counts():
    p, q = one(500)
    found = kb.measure(p, q, by=kb.Binned(bins=4), rng=0)
    edges = np.quantile(q.array, [0.25, 0.5, 0.75])
    x, y = (np.histogram(s.array, [-9, *edges, 9])[0] for s in (p, q))
    assert found.value == kb.measure(kb.Counts(x), kb.Counts(y)).value
    assert set(y) == {125}
    assert any("4 bins" in note for note in found.notes)
    assert list(inner_edges(np.array([0.0, 0, 0, 1, 2]), 4)) == [1.0]
    with pytest.raises(kb.errors.InvalidInputError, match="no quantiles"):
        kb.measure(p, kb.Samples(np.ones(50)), by=kb.Binned())
    blocks = kb.Samples(p.array, block=np.arange(500) // 5)
    assert kb.measure(blocks, q, by=kb.Binned(resamples=50), rng=0).error > 0


def test_classifiers_that_are_certain():
    """A forest says 0 and 1 of rows that all its trees agree on: bounds stay near the truth."""
    forest = pytest.importorskip("sklearn.ensemble").RandomForestClassifier(40, random_state=0)
    tree = pytest.importorskip("sklearn.tree").DecisionTreeClassifier(random_state=0)
    rng = np.random.default_rng(0)
    x, y = rng.normal([1, 0], 1, (1000, 2)), rng.normal(0, 1, (1000, 2))  # KL = 0.5
    p, q = kb.Samples(x), kb.Samples(y)
    found = kb.measure(p, q, by=kb.Classifier(forest, folds=2), rng=0)
    assert 0.15 < found.interval()[0] < found.value < 0.5
    found = kb.measure(p, q, by=kb.Classifier(tree, folds=2), rng=0)  # never less than certain
    assert 0.03 < found.interval()[0] < found.value < 0.5


def test_classifiers_of_scikit_learn(monkeypatch):
    linear = pytest.importorskip("sklearn.linear_model").LogisticRegression()
    rng = np.random.default_rng(0)
    x, y = rng.normal(0.5, 1, (800, 4)), rng.normal(0, 1, (800, 4))  # KL = 0.5
    found = kb.measure(kb.Samples(x), kb.Samples(y), by=kb.Classifier(linear), rng=0)
    assert found.value == pytest.approx(0.5, abs=0.12)
    assert found.interval()[0] < 0.5
    assert not hasattr(linear, "coef_")  # clones were fitted
    trees = kb.Classifier(folds=2)
    again = [kb.measure(kb.Samples(x), kb.Samples(y), by=trees, rng=7).value for _ in range(2)]
    assert again[0] == again[1]
    assert 0.1 < again[0] < 0.5
    with pytest.raises(kb.errors.NoMethodError, match="rng"):
        kb.measure(kb.Samples(x), kb.Samples(y), by=trees)
    with pytest.raises(kb.errors.InputTypeError, match="predict_proba"):
        kb.Classifier(estimator=object())
    monkeypatch.setitem(sys.modules, "sklearn.base", None)
    with pytest.raises(kb.errors.MissingExtraError, match="samples"):
        kb.measure(kb.Samples(x), kb.Samples(y), by=trees, rng=0)
