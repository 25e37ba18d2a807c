"""The example of a classifier behind a bottleneck: its bounds in order, and its picture."""

import importlib.util
import math
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")
pytest.importorskip("matplotlib")

EXAMPLES = Path(__file__).parents[2] / "examples"


def test_it_prints_its_table_and_draws(tmp_path, capsys):
    spec = importlib.util.spec_from_file_location("digits", EXAMPLES / "bottleneck_digits.py")
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    picture = tmp_path / "digits.svg"
    rows = example.main(None, picture, prices=(0.001, 0.1), epochs=6)
    said = capsys.readouterr().out
    assert "1437 pictures, 360 others; H(Y) = 3.3" in said
    assert picture.stat().st_size > 10_000
    for price, own, found, error, held in rows:
        assert f"{price:6g}   {found.rate:7.2f}" in said
        slip = 3 * (held.error[0] + found.error[1])
        assert 1 < found.relevance < held.upper + slip < found.rate + 2 * slip
        assert held.lower <= min(held.upper, math.log2(360))
        assert own.n == 1437
        assert error < 0.15
    assert rows[0][2].rate > 1.5 * rows[1][2].rate
