"""The example of samples pulled together: what it prints, and that they meet."""

import importlib.util
import math
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "pull_together.py"


@pytest.fixture(scope="module")
def example():
    pytest.importorskip("torch")
    spec = importlib.util.spec_from_file_location("pull_together", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_densities_give_no_direction(example):
    kl, js, slope = example.densities_say()
    assert kl == math.inf
    assert js == pytest.approx(math.log(2), rel=1e-9)
    assert slope == 0


def test_samples_meet(example, monkeypatch, capsys):
    monkeypatch.setattr(example, "STEPS", 21)
    example.main()
    lines = capsys.readouterr().out.splitlines()
    assert "KL = inf" in lines[0]
    rows = {line[:11].strip(): [float(x) for x in line[11:].split()] for line in lines[4:7]}
    assert set(rows) == {"Sinkhorn", "sliced", "one axis"}
    for passed in rows.values():
        assert passed[0] > 4
        assert passed == sorted(passed, reverse=True)
        assert passed[-1] < 0.06
