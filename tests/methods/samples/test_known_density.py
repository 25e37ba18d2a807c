"""Draws against a law whose density is known."""

import numpy as np
import pytest
import scipy.stats

import kullback as kb
from kullback.errors import NoMethodError
from kullback.methods.samples.known_density import KnownDensity

BY = KnownDensity()


def test_kl_of_gaussians():
    found = []
    for seed in range(12):
        x = np.random.default_rng(seed).normal(1, 2, 1000)
        found.append(float(kb.measure(kb.Samples(x), scipy.stats.norm(), by=BY).value))
    truth = float(kb.kl(kb.families.Normal(1, 2), kb.families.Normal(0, 1)))
    error = np.std(found) / np.sqrt(12)
    assert np.mean(found) == pytest.approx(truth, abs=4 * error)
    assert error < 0.05


def test_a_law_of_vectors():
    mean, cov = np.asarray([0.5, -0.5]), np.asarray([[1.0, 0.3], [0.3, 2.0]])
    found = []
    for seed in range(8):
        x = np.random.default_rng(seed).normal(size=(1500, 2))
        law = scipy.stats.multivariate_normal(mean, cov)
        found.append(float(kb.measure(kb.Samples(x), law, by=BY).value))
    truth = 0.5 * (
        np.trace(np.linalg.inv(cov)) + mean @ np.linalg.inv(cov) @ mean - 2
        + np.log(np.linalg.det(cov))
    )  # fmt: skip
    assert np.mean(found) == pytest.approx(truth, abs=0.04)


def test_cross_entropy_is_a_mean_with_its_standard_error():
    x = np.random.default_rng(0).normal(1, 1, 500)
    cost = -scipy.stats.norm(0, 2).logpdf(x)
    found = kb.measure(kb.Samples(x), scipy.stats.norm(0, 2), of=kb.CrossEntropy(), by=BY)
    assert float(found.value) == pytest.approx(cost.mean(), abs=1e-12)
    assert float(found.error) == pytest.approx(cost.std(ddof=1) / np.sqrt(500), rel=1e-9)
    low, high = found.interval(0.95)
    assert low < float(found.value) < high
    bits = kb.measure(kb.Samples(x), scipy.stats.norm(0, 2), of=kb.CrossEntropy(), by=BY, base=2)
    assert float(bits.error) == pytest.approx(float(found.error) / np.log(2))


def test_weights_of_a_cross_entropy():
    x, v = np.asarray([0.0, 1.0, 2.0, 4.0]), np.asarray([1.0, 2.0, 3.0, 0.0])
    cost = -scipy.stats.norm().logpdf(x)
    p = kb.Samples(x, weights=v)
    found = kb.measure(p, scipy.stats.norm(), of=kb.CrossEntropy(), by=BY)
    assert float(found.value) == pytest.approx((v * cost).sum() / 6, abs=1e-12)
    with pytest.raises(NoMethodError, match="weights"):
        kb.measure(p, scipy.stats.norm(), by=BY)


def test_blocks_widen_the_error_of_a_mean():
    x = np.repeat(np.random.default_rng(0).normal(size=50), 10)
    one = kb.measure(kb.Samples(x), scipy.stats.norm(), of=kb.CrossEntropy(), by=BY)
    p = kb.Samples(x, block=np.repeat(np.arange(50), 10))
    whole = kb.measure(p, scipy.stats.norm(), of=kb.CrossEntropy(), by=BY)
    assert float(whole.error) == pytest.approx(np.sqrt(10) * float(one.error), rel=0.02)


@pytest.mark.parametrize("of", [kb.KL(), kb.CrossEntropy()])
def test_rows_that_the_law_rules_out(of):
    x = np.random.default_rng(0).normal(3, 1, 200)
    x[[7, 30]] = -1.5, -0.1
    found = kb.measure(kb.Samples(x), scipy.stats.expon(), of=of, by=BY)
    assert found.value == np.inf
    said = " ".join(found.notes)
    assert "2 of 200 draws" in said
    assert "rows 7, 30" in said


def test_counted_outcomes():
    p = kb.Samples(np.random.default_rng(0).poisson(4, 300))
    found = kb.measure(p, scipy.stats.poisson(4), of=kb.CrossEntropy(), by=BY)
    expected = -scipy.stats.poisson(4).logpmf(p.array[:, 0]).mean()
    assert float(found.value) == pytest.approx(expected, abs=1e-12)
    with pytest.raises(NoMethodError, match="CrossEntropy"):
        kb.measure(p, scipy.stats.poisson(4), by=BY)
    with pytest.raises(NoMethodError, match="copies"):
        kb.measure(p, scipy.stats.norm(4, 2), by=BY)


def test_what_does_not_fit():
    p = kb.Samples(np.random.default_rng(0).normal(size=(50, 2)))
    with pytest.raises(NoMethodError, match="2 coordinates, and outcomes of q have 1"):
        kb.measure(p, scipy.stats.norm(), by=BY)
    with pytest.raises(NoMethodError, match="batch"):
        kb.measure(kb.Samples([1.0, 2.0, 0.5, 0.1]), kb.families.Normal([0.0, 1.0], 1.0), by=BY)
    with pytest.raises(NoMethodError, match="Renyi"):
        kb.measure(kb.Samples([1.0, 2.0, 0.5, 0.1]), scipy.stats.norm(), of=kb.Renyi(0.5), by=BY)


def test_units_cancel():
    x = np.random.default_rng(4).normal(1, 1, 600)
    one = kb.measure(kb.Samples(x), kb.families.Normal(0, 1), by=BY)
    other = kb.measure(kb.Samples(1000 * x), kb.families.Normal(0, 1000), by=BY)
    assert float(one.value) == pytest.approx(float(other.value), abs=1e-9)
