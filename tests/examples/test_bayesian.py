"""The examples of Bayesian networks: what their uncertainty tells, and that they draw pictures."""

import importlib.util
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")
pytest.importorskip("matplotlib")

EXAMPLES = Path(__file__).parents[2] / "examples"


def example(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_network_knows_what_it_has_not_learned(tmp_path, capsys):
    """A seventh of the steps; noise is told from test digits by the epistemic part."""
    picture = tmp_path / "digits.png"
    areas, right = example("bayesian_digits").main(str(picture), steps=400, draws=30)
    assert areas["test digits"] == pytest.approx(0.5)
    assert areas["noise"] > 0.9
    assert right > 0.9
    assert picture.stat().st_size > 20_000
    assert "noise" in capsys.readouterr().out


def test_the_area_is_that_of_sklearn():
    from sklearn.metrics import roc_auc_score

    scores = torch.randint(4, (60,), generator=torch.Generator().manual_seed(0)).float()
    truth = roc_auc_score([0] * 20 + [1] * 40, scores.numpy())
    area = example("bayesian_digits").auc(scores[:20], scores[20:])
    assert area == pytest.approx(truth)
    assert abs(area - 0.5) > 0.01


def test_bands_are_wide_where_data_scatter_and_where_none_are(tmp_path, capsys):
    picture = tmp_path / "bands.png"
    bands = example("predictive_bands")
    found, at = bands.main(str(picture), steps=300, draws=60, members=2)
    here = {x: int((at - x).abs().argmin()) for x in (-1.2, 0.0, 1.2)}
    aleatoric, epistemic = found.aleatoric.sqrt(), found.epistemic.sqrt()
    assert aleatoric[here[1.2]] > 2 * aleatoric[here[-1.2]]
    assert epistemic[here[0.0]] > 2 * epistemic[here[-1.2]]
    assert picture.stat().st_size > 20_000
    assert "beyond them" in capsys.readouterr().out
