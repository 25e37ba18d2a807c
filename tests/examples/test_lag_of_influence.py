"""The example finds who drives whom, and after how long."""

import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest

import kullback as kb

EXAMPLE = Path(__file__).parents[2] / "examples" / "lag_of_influence.py"


@pytest.fixture
def example(monkeypatch):
    spec = importlib.util.spec_from_file_location("lag_of_influence", EXAMPLE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "PLAIN", kb.KSG(resamples=20, permutations=19))
    monkeypatch.setattr(module, "HOURS", 400)
    return module


def test_it_runs_and_finds_the_delay(example, capsys):
    example.main()
    said = capsys.readouterr().out
    assert said.endswith("The level follows the rain after 3 hours.\n")
    found = dict(re.findall(r"rain → level, last (\d) known +(-?\d\.\d+)", said))
    assert float(found["3"]) > 0.1 > max(abs(float(found["1"])), abs(float(found["2"])))
    assert len(re.findall(r"p = \d\.\d\d", said)) == 11


def test_correlation_sees_nothing(example):
    rain, level = example.observed(np.random.default_rng(0))
    assert abs(np.corrcoef(rain[:-3], level[3:])[0, 1]) < 0.2
