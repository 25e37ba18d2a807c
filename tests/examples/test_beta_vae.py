"""The β-VAE on drawn factors: the images are what is said of them, and the whole runs."""

import importlib.util
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
sklearn_tree = pytest.importorskip("sklearn.tree")
pytest.importorskip("matplotlib")

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="module")
def beta_vae():
    spec = importlib.util.spec_from_file_location("beta_vae", EXAMPLES / "beta_vae.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_combination_is_drawn_once_where_and_as_large_as_it_is_said(beta_vae):
    x, factors = beta_vae.sprites()
    assert len(x) == 3 * 6 * 12 * 8 == len(torch.unique(x, dim=0))
    assert 0 <= float(x.min()) < float(x.max()) <= 1
    image = x.reshape(-1, 32, 32)
    mass = x.sum(1)
    across = (image.sum(1) @ torch.arange(32.0)) / mass - 15.5
    want = 7.6 * (2 * factors["column"] / 11 - 1)
    assert float((across - want).abs().max()) < 0.3  # of a pixel
    square = factors["shape"] == 0
    radius = 4.2 + 4.4 * factors["scale"] / 5
    side = 2 * 0.89 * radius
    assert torch.allclose(mass[square], (side**2)[square], rtol=0.03)
    assert bool((mass[~square] < mass[square].max()).all())


def test_it_trains_scores_and_draws(beta_vae, tmp_path, capsys):
    tree = sklearn_tree.DecisionTreeClassifier(max_depth=8, random_state=0)
    picture = tmp_path / "beta.png"
    scores = beta_vae.main(str(picture), betas=(1.0, 16.0), seeds=1, epochs=4, trees=tree)
    assert [beta for beta, _, _ in scores] == [1.0, 16.0]
    assert all(0 <= value < 1 and 0 <= told.disentanglement <= 1 for _, value, told in scores)
    said = capsys.readouterr().out.splitlines()
    rates = [float(line.split()[4]) for line in said[1:5:2]]
    assert rates[0] > rates[1] + 1 > 1  # a higher price buys a lower rate
    assert any(line.startswith("column: dimension") for line in said)
    assert picture.stat().st_size > 20_000
