"""The example of eight schools on a small budget: what it prints, its picture, its exact draws."""

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
ROOT = Path(__file__).parents[2]
PLACE = ROOT.parent / "shared" / "data" / "posteriordb"
NAME = "eight_schools-eight_schools_noncentered"


@pytest.fixture(scope="module")
def example():
    path = ROOT / "examples" / "eight_schools.py"
    spec = importlib.util.spec_from_file_location("eight_schools", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_compares_and_draws(example, tmp_path, capsys):
    pytest.importorskip("matplotlib")
    learn = example.learn
    picture, search = tmp_path / "schools.png", tmp_path / "search.png"
    example.main(picture, search, (learn.MeanField(), learn.FullRank()), n=2000, tol=0.1)
    said = capsys.readouterr().out
    assert "log Z = -31.3114 nats" in said
    assert "MeanField" in said
    assert "Fit of 10 parameters by FullRank()" in said
    assert picture.stat().st_size > 20_000
    assert search.stat().st_size > 10_000


@pytest.mark.skipif(importlib.util.find_spec("zuko") is None, reason="zuko is not installed")
def test_a_flow_on_a_small_budget_is_nearer_than_full_rank(example):
    learn = example.learn
    truth, _, _, log_z = example.exact(50_000)
    fits = [
        learn.fit(example.log_density, 10, family, support={9: learn.positive}, **settings)
        for family, settings in (
            (learn.FullRank(), {}),
            (learn.Flow(width=9), {"most_draws": 2048}),
        )
    ]
    full, flow = fits
    assert flow.elbo - full.elbo > 0.05 + 2 * (flow.elbo_error + full.elbo_error)
    assert flow.elbo < log_z + 2 * flow.elbo_error
    assert abs(flow.log_evidence - log_z) < 0.05
    off = [_off(example.effects(found.draws(50_000, rng=1)), truth) for found in fits]
    assert off[1][0] < min(0.1, off[0][0])
    assert off[1][1] < min(0.15, off[0][1])


def _off(x, truth):
    mean = ((x.mean(0) - truth.mean(0)) / truth.std(0)).abs().max()
    return float(mean), float((x.std(0) / truth.std(0) - 1).abs().max())


@pytest.mark.skipif(not PLACE.is_dir(), reason=f"no reference draws at {PLACE}")
def test_the_exact_posterior_is_that_of_the_reference_draws(example):
    data = json.loads((PLACE / f"{NAME}.data.json").read_text())
    assert example.Y.tolist() == data["y"]
    assert example.SIGMA.tolist() == data["sigma"]
    with np.load(PLACE / f"{NAME}.npz") as kept:
        draws = kept["draws"].reshape(-1, 10).astype(float)
    truth = example.exact(100_000)[0].numpy()
    assert np.all(np.abs(truth.mean(0) - draws.mean(0)) < 0.04 * draws.std(0))
    assert np.all(np.abs(truth.std(0) / draws.std(0) - 1) < 0.05)
