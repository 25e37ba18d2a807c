"""The example of distillation: where its students go, and that its picture is drawn."""

import importlib.util
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "skewed_students.py"


def test_its_students_go_from_both_regions_to_one_and_gradients_do_not_fade(tmp_path, capsys):
    pytest.importorskip("torch")
    pytest.importorskip("matplotlib")
    spec = importlib.util.spec_from_file_location("skewed_students", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    picture = tmp_path / "skewed.svg"
    module.main(str(picture))
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "beta 0: a bell at 33.62, 17.47 wide"
    assert said[3] == "beta 0.9: a bell at 41.99, 5.03 wide"
    assert said[4] == "beta 1: a bell at 41.99, 5.03 wide"
    assert said[5] == "beta 0.0001: gradient 0.1509, without the division 0.000015"
    assert 10_000 < picture.stat().st_size < 60_000
