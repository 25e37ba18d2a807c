"""The example of both directions: what it prints, and that its picture is drawn."""

import importlib.util
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "two_directions.py"


def test_it_prints_both_directions_and_draws(tmp_path, capsys):
    pytest.importorskip("torch")
    pytest.importorskip("matplotlib")
    spec = importlib.util.spec_from_file_location("two_directions", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    picture = tmp_path / "two.svg"
    module.main(str(picture))
    said = capsys.readouterr().out
    assert "forward: Normal(loc=0.85, scale=2.69156), KL(p ‖ q) = 0.449266 nats" in said
    assert "reverse: Normal(loc=2.49058, scale=1.01492), KL(q ‖ p) = 0.354116 nats" in said
    assert "drops the mode at -3" in said
    assert 10_000 < picture.stat().st_size < 60_000
