"""Every way out of a comparison of two models says the same, and none takes names for markup."""

import json
import math
import subprocess
import sys

import numpy as np
import polars as pl
import pytest

from kullback.report.predictions_out import reliability
from kullback.tables.predictions import compare_predictions

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def scores():
    rng = np.random.default_rng(0)
    p = rng.uniform(0.05, 0.95, 2000)
    y = rng.uniform(size=2000) < p
    return pl.DataFrame({EVIL: p, "flat": np.full(2000, 0.5), "y": y, "user": np.arange(2000) // 8})


@pytest.fixture(scope="module")
def found(scores):
    return compare_predictions(scores, EVIL, "flat", label="y", block="user")


def test_every_report_holds_the_same_numbers(found):
    shown = f"{found.difference.value:.4f}".replace("-", "")
    assert found.difference.value == pytest.approx(-found.kl.value, abs=0.04)  # on labels of first
    for text in (repr(found), found.to_markdown(), found.to_html(), found._repr_html_()):
        assert "The first model is nearer the label" in text
        assert shown in text
        assert f"{found.kl.value:.4f}" in text
    read = json.loads(found.to_json(), parse_constant=pytest.fail)
    assert read["schema"] == "kullback.predictions/1"
    assert read["difference"]["value"] == found.difference.value
    assert read["models"] == [[EVIL], ["flat"]]
    assert sum(each["rows"] for each in read["first"]["calibration"]["bins"]) == 2000


def test_names_are_text(found):
    for page in (found.to_html(), found._repr_html_(), found.to_markdown()):
        assert "<script" not in page
        assert "&lt;script" in page


def test_the_page_needs_nothing_else(found, tmp_path):
    page = found.to_html(tmp_path / "p.html")
    assert (tmp_path / "p.html").read_text("utf-8") == page
    assert "http" not in page
    assert len(page) < 30_000


def test_infinity_and_ties_are_words():
    table = pl.DataFrame({"p": [0.5, 0.0, 1.0], "q": [0.5, 0.5, 0.0], "y": [0, 1, 1]})
    found = compare_predictions(table, "p", "q", label="y")
    assert json.loads(found.to_json())["kl"]["value"] == "inf"
    assert "∞" in repr(found)
    assert "neither is nearer" in repr(found)
    unasked = compare_predictions(table, "p", "q")
    assert "was not asked" in repr(unasked)
    assert "Calibration" not in unasked.to_html()


def test_a_calibrated_model_lies_on_the_line(found):
    assert max(abs(b.frequency - b.confidence) for b in found.first.calibration.bins) < 0.1
    assert reliability(found.first.calibration).count("<circle") == 10
    assert found.second.calibration.bins[0].confidence == 0.5
    assert math.isclose(found.second.cross_entropy.value, 1)


def kullback(*words):
    code = "from kullback.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, check=False
    )


def test_the_command_line_answers_and_refuses(scores, found, tmp_path):
    path = tmp_path / "scores.parquet"
    scores.write_parquet(path)
    done = kullback(
        "predictions", path, EVIL, "flat", "--label", "y", "--block", "user",
        "--json", tmp_path / "out.json", "--html", tmp_path / "out.html",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "nearer the label" in done.stdout
    assert json.loads((tmp_path / "out.json").read_text())["kl"]["value"] == pytest.approx(
        found.kl.value
    )
    refused = kullback("predictions", path, "flat", "nothing")
    assert refused.returncode == 2
    assert refused.stderr == f"error: no column nothing in {path}\n"
