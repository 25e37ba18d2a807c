"""A Bayesian network on two splits of a UCI regression, by the code of the benchmark."""

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

ROOT = Path(__file__).parents[2]
YACHT = ROOT.parent / "shared" / "data" / "uci" / "yacht.npz"
needs_data = pytest.mark.skipif(not YACHT.exists(), reason="needs ../shared/data/uci")


@pytest.fixture
def benchmark_of_networks(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    place = ROOT / "benchmarks" / "bayesian.py"
    spec = importlib.util.spec_from_file_location("bayesian_benchmark", place)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


@needs_data
def test_two_splits_of_yacht_reach_the_published_dropout(benchmark_of_networks):
    """−1.25 ± 0.01 nats a row over all splits (MC dropout, tuned), with a tenth of the steps."""
    uci = benchmark_of_networks
    data = uci.splits_of(YACHT, 2)
    assert data.x.shape == (2, 277, 6)
    assert data.x_test.shape == (2, 31, 6)
    assert float(data.y.mean().abs()) < 1e-6
    torch.manual_seed(0)
    likelihood, rmse = uci.scores(uci.train(data, 800), data, draws=200)
    assert likelihood.min() > uci.PUBLISHED["yacht"].likelihood
    assert rmse.max() < 3  # of outcomes with a standard deviation of 15


@needs_data
def test_scores_are_in_the_units_of_the_data(benchmark_of_networks):
    """Of laws that say N(0, 1) of the standardised outcome, whatever the row."""
    uci = benchmark_of_networks
    data = uci.splits_of(YACHT, 2)
    normal = torch.distributions.Normal(torch.zeros(2, 31), 1.0)
    likelihood, rmse = uci.scores([lambda x: normal] * 2, data, draws=1)
    file = np.load(YACHT)
    for k in (0, 1):
        test = file["test_index"][k]
        train = np.setdiff1d(np.arange(308), test)
        mean, scale = file["y"][train].mean(), file["y"][train].std()
        z = (file["y"][test] - mean) / scale
        truth = -0.5 * np.log(2 * np.pi) - np.log(scale) - 0.5 * (z**2).mean()
        assert likelihood[k] == pytest.approx(truth, abs=1e-5)
        assert rmse[k] == pytest.approx(scale * np.sqrt((z**2).mean()), rel=1e-5)
