"""The example of a variational bottleneck: its place under the exact curve, and its picture."""

import importlib.util
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("matplotlib")

EXAMPLES = Path(__file__).parents[2] / "examples"


def example():
    spec = importlib.util.spec_from_file_location("curve", EXAMPLES / "bottleneck_curve.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_network_lies_on_the_curve_or_within_a_twentieth_of_a_bit():
    """At full settings, for one β."""
    [(beta, found, exact)] = example().sweep(betas=(3.0,))
    assert (found.unit, found.n) == ("bits", 200_000)
    slip = 3 * (found.error[1] + found.error[0] / beta)
    assert exact - 0.05 < found.relevance < exact + slip < exact + 0.03
    assert 2 < found.rate < 2.6
    assert 1.3 < exact < 1.5


def test_it_prints_its_table_and_draws(tmp_path, capsys):
    picture = tmp_path / "curve.svg"
    rows = example().main(picture, betas=(4.0, 1.25), steps=20, n=2000)
    said = capsys.readouterr().out
    assert "x tells 1.946 bits of y" in said
    assert picture.stat().st_size > 10_000
    (_, dear, _), (_, cheap, _) = rows
    assert dear.rate > cheap.rate
    for beta, found, exact in rows:
        assert f"{found.rate:.3f}" in said
        assert found.relevance < exact + 4 * (found.error[1] + found.error[0] / beta)
