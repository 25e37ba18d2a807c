"""Estimators side by side: what they show, when they disagree, and what none can certify."""

import re
from functools import cache

import numpy as np
import pytest

import kullback as kb
from kullback.information.panel.agreement import certified, disagreements
from kullback.information.panel.gaussian import GaussianFit
from kullback.information.panel.picture import as_svg, ticks
from kullback.information.panel.rows import Row
from kullback.information.panel.text import strip, window


def shifted(d, n, seed=1, by=1.0):
    rng = np.random.default_rng(seed)
    return rng.normal(by / np.sqrt(d), 1, (n, d)), rng.normal(0, 1, (n, d))


@cache
def on_the_line():
    return kb.panel(*shifted(1, 400), rng=0)


@cache
def in_many():
    return kb.panel(*shifted(10, 1000), rng=0)


def row(found, name):
    return next(r for r in found.rows if r.name.startswith(name))


def test_all_that_apply_on_a_line():
    found = on_the_line()
    names = [r.name for r in found.rows]
    assert names[0] == "NearestNeighbours()"
    assert {"NearestNeighbours(k=5)", "QuadraticLogistic()", "Binned()"} <= set(names)
    for r in found.rows:
        assert abs(r.value - 0.5) < 0.3
        assert r.lower < 0.5 < (np.inf if r.upper is None else r.upper)
    assert found.agree
    assert any("They agree" in s for s in found.sentences)
    assert row(found, "QuadraticLogistic").upper is None
    assert row(found, "Quad").answer.kind == "bound"


def test_shifted_gaussians_in_ten_dimensions_are_flagged():
    """Neighbours read low there, and the bound shows it; the Gaussian comparator is right."""
    found = in_many()
    assert found.agree is False
    assert row(found, "NearestNeighbours()").value < 0.4
    assert abs(row(found, "QuadraticLogistic").value - 0.5) < 0.12
    assert abs(row(found, "if both").value - 0.5) < 0.12
    assert "They disagree" in found.sentences[0]
    named = [s for s in found.sentences if "QuadraticLogistic() shows at least" in s]
    assert any("of NearestNeighbours():" in s and "reads low" in s for s in named)
    assert ("Binned()", "is for one dimension, and there are 10") in found.refused


def test_more_than_log_n_is_not_certified():
    words = " ".join(on_the_line().sentences)
    assert re.search(r"Certified: KL\(p ‖ q\) ≥ 0\.\d+ nats", words)
    assert "more than about log n = 5.99 nats" in words
    far = Row("bound", "lower bound", None, 9.0, None)
    said = certified([far], 400, 1.0, " nats", "KL(p ‖ q)")
    assert "reach 9 nats, but only 5.99" in said
    assert "log n = 8.64 bits" in certified([far], 400, np.log(2), " bits", "KL(p ‖ q)")


def test_the_table_reads():
    lines = repr(on_the_line()).splitlines()
    assert lines[0] == "KL(p ‖ q) from 400 and 400 draws in 1 dimension, in nats"
    neighbours = next(line for line in lines if line.startswith("NearestNeighbours() "))
    value = row(on_the_line(), "NearestNeighbours()").value
    assert f"{value:.3f}" in neighbours
    assert neighbours.endswith("estimate")
    assert "●" in neighbours
    bound = next(line for line in lines if line.startswith("QuadraticLogistic"))
    assert "≥" in bound
    assert bound.endswith("lower bound, held out")


def test_bits():
    x, y = shifted(2, 200)
    nats, bits = (kb.panel(x, y, base=base) for base in (None, 2))
    for a, b in zip(nats.rows, bits.rows, strict=True):
        assert a.value == pytest.approx(b.value * np.log(2), rel=1e-9)
    assert bits.unit == "bits"


def test_without_rng_there_is_no_verdict():
    found = kb.panel(*shifted(2, 200))
    assert found.agree is None
    assert row(found, "NearestNeighbours()").lower is None
    assert "rng=0" in " ".join(found.sentences)
    assert "–" in repr(found)


def test_other_questions_and_samples():
    x, y = shifted(2, 300)
    found = kb.panel(kb.Samples(x), kb.Samples(y), of=kb.JensenShannon(), rng=0)
    truth = 0.1107  # of N(0, 1) and N(1, 1): one coordinate carries the shift
    assert abs(row(found, "QuadraticLogistic").value - truth) < 0.05
    assert "if both were Gaussian" in [name for name, _ in found.refused]
    assert "log n" not in " ".join(found.sentences)  # at most log 2


@pytest.mark.parametrize(
    ("x", "y", "more", "error", "words"),
    [
        (np.zeros((30, 2)), np.ones((30, 2)), {}, kb.InvalidInputError, "the same point"),
        (*shifted(2, 30), {"of": kb.Entropy()}, kb.InputTypeError, "one distribution"),
        (*shifted(2, 30), {"level": 2}, kb.InvalidInputError, "between 0 and 1"),
        (kb.Counts([1, 2]), [1.0, 2.0], {}, kb.InputTypeError, "compares samples"),
        (shifted(2, 30)[0], shifted(3, 30)[0], {}, kb.ShapeError, "coordinates"),
    ],
)
def test_bad_input(x, y, more, error, words):
    with pytest.raises(error, match=words):
        kb.panel(x, y, **more)


def test_who_disagrees():
    class Answer:
        value = 0.1

    low = Row("low", "estimate", Answer, 0.0, 0.2)
    Answer2 = type("Answer2", (), {"value": 0.7})
    high = Row("high", "estimate", Answer2, 0.5, 0.9)
    aside = Row("aside", "comparator", Answer2, 0.5, 0.9)
    bound = Row("bound", "lower bound", Answer2, 0.15, None)
    assert "low at most 0.2" in disagreements([low, high], "")[0]
    assert disagreements([low, aside], "") == []
    assert disagreements([low, bound], "") == []
    doubted = Row("low", "estimate", Answer, 0.0, 0.2, calibrated=False)
    assert "more than the value 0.1 of low" in disagreements([doubted, bound], "")[0]


def test_the_comparator_is_unbiased_between_gaussians():
    """E over 3000 seeds at n = 12, m = 15, d = 3, where plain plugging in reads 1.2 too high."""
    rng = np.random.default_rng(0)
    found = [
        float(
            GaussianFit().estimate(
                kb.KL(), _draws(rng.normal(0, 1, (12, 3)), rng.normal(0.5, 1.5, (15, 3)))
            )
        )
        for _ in range(3000)
    ]
    truth = kb.kl(
        kb.families.MultivariateNormal(np.zeros(3), variances=np.ones(3)),
        kb.families.MultivariateNormal(np.full(3, 0.5), variances=np.full(3, 2.25)),
    )
    assert abs(np.mean(found) - truth) < 4 * np.std(found) / np.sqrt(3000)


def _draws(x, y):
    from kullback.methods.samples.draws import Draws

    return Draws(x, y)


def test_the_picture():
    found = on_the_line()
    svg = as_svg(found.rows, "KL, nats")
    assert svg.count("<circle") == len(found.rows)
    assert "nan" not in svg
    html = found._repr_html_()
    assert svg[:60] in html
    assert "QuadraticLogistic()" in html
    low, high = window(found.rows)
    assert strip(found.rows[0], low, high).count("●") == 1
    assert ticks(-0.1, 0.62) == [0.0, 0.2, 0.4, 0.6]


def test_the_plot():
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    from matplotlib import pyplot as plt

    found = on_the_line()
    ax = found.plot()
    assert [t.get_text() for t in ax.get_yticklabels()] == [r.name for r in found.rows]
    assert ax.get_xlabel() == "KL(p ‖ q), nats"
    plt.close(ax.figure)
