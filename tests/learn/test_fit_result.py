"""What a fit says of itself: k̂ against ArviZ, quantiles, tables, the picture, the export."""

import math
import sys

import numpy as np
import pytest
import torch

from kullback import learn
from kullback.errors import InvalidInputError, MissingExtraError
from kullback.learn.variational.evidence import Fresh
from kullback.learn.variational.trust import advice

ASKED = pytest.mark.filterwarnings("ignore::FutureWarning")  # ArviZ announces its next version


def density(x):
    """x₀ ~ N(1, 4), log x₁ ~ N(0.5, ¼), logit x₂ ~ N(0, 1); evidence e³."""
    z = torch.stack([x[:, 0], x[:, 1].log(), x[:, 2].log() - (-x[:, 2]).log1p()], -1)
    slope = -x[:, 1].log() - x[:, 2].log() - (-x[:, 2]).log1p()
    mean, sd = torch.tensor([1.0, 0.5, 0.0]), torch.tensor([2.0, 0.5, 1.0])
    return torch.distributions.Normal(mean, sd).log_prob(z).sum(-1) + slope + 3


SUPPORT = {1: learn.positive, 2: learn.interval(0, 1)}
NAMES = ("<b>a</b>", "θ[0]", "θ[1]")


@pytest.fixture(scope="module")
def found():
    return learn.fit(density, 3, support=SUPPORT, names=NAMES)


def test_the_evidence_is_bracketed(found):
    low, high = found.bracket
    assert abs(found.log_evidence - 3) < 1e-4
    assert low <= found.elbo <= found.log_evidence + 3 * found.elbo_error
    assert low - 1e-9 <= 3 <= high + 1e-4


def test_quantiles_go_through_the_maps(found):
    far = 1.6448536269514722
    truth = [1 + 2 * far, math.exp(0.5 + 0.5 * far), 1 / (1 + math.exp(-far))]
    assert torch.allclose(found.quantile(0.95), torch.tensor(truth, dtype=torch.float64), rtol=1e-5)
    assert abs(float(found.quantile(0.5)[1]) - math.exp(0.5)) < 1e-5
    with pytest.raises(InvalidInputError, match=r"quantile\(5\)"):
        found.quantile(5)


def test_the_text(found):
    said = repr(found)
    assert "Fit of 3 parameters by MeanField()" in said
    assert "3 nats, between 3.00 and 3.00" in said
    assert "q is close to the posterior" in said
    row = next(line for line in said.splitlines() if "θ[0]" in line)
    assert row.split()[3:] == ["0.7244", "1.649", "3.753"]  # e^(½ ± ½ · 1.645)
    assert all(len(line) < 130 for line in said.splitlines())


def test_many_parameters_are_cut_short():
    found = learn.fit(lambda x: -0.5 * (x**2).sum(-1), 20)
    assert "… 8 more: .mean, .sd, .quantile(p)" in repr(found)
    assert "x[12]" not in repr(found)


def test_html_is_escaped(found):
    page = found._repr_html_()
    assert "<b>a</b>" not in page
    assert "&lt;b&gt;a&lt;/b&gt;" in page
    assert page.count("<tr>") == 5 + 1 + 3  # facts, head, parameters
    assert "1.649" in page


@pytest.mark.parametrize(
    ("khat", "words"),
    [(0.5, "can be trusted"), (0.7, "weighted"), (0.9, "too light"), (1.2, "no mean")],
)
def test_advice_names_what_to_do(khat, words):
    assert words in advice(khat, learn.MeanField())
    assert khat <= 0.7 or "learn.FullRank()" in advice(khat, learn.MeanField())
    assert khat <= 0.7 or "learn.Flow()" in advice(khat, learn.FullRank())
    assert khat <= 0.7 or "MCMC" in advice(khat, learn.Flow())


def test_weighted_draws_correct_the_moments():
    """Gumbel margins have variance π²/6; the best Gaussian's is smaller."""
    law = torch.distributions.Gumbel(torch.tensor(0.0, dtype=torch.float64), 1.0)
    gauss = learn.fit(lambda x: law.log_prob(x).sum(-1), 2)
    x = gauss.draws(50_000, rng=1)
    w = torch.softmax(law.log_prob(x).sum(-1) - gauss.log_density(x), 0)
    mean = (w[:, None] * x).sum(0)
    plain, weighted = x.var(0), (w[:, None] * (x - mean) ** 2).sum(0)
    truth = math.pi**2 / 6
    assert float((weighted - truth).abs().max()) < 0.2 < 0.4 < float((plain - truth).abs().min())


@ASKED
@pytest.mark.parametrize("shape", [0.2, 0.5, 0.8, 1.3])
def test_khat_is_that_of_arviz(shape):
    """Weights u^(−k), u uniform, have a tail of shape k; of 10,000 the 300 largest count."""
    pytest.importorskip("arviz")
    log_w = -shape * np.log(np.random.default_rng(1).random(10_000))
    ours = Fresh(torch.tensor(log_w).reshape(8, -1), torch.zeros(8)).khat
    assert abs(ours - _arviz_khat(log_w)) < 1e-3
    assert abs(ours - shape) < 0.2


def _arviz_khat(log_w):
    import arviz

    if hasattr(arviz, "psislw"):
        return float(arviz.psislw(log_w.copy())[1])
    from arviz_stats.base import array_stats  # version 1 takes log-likelihoods: −log w

    return float(array_stats.psislw(-log_w)[1])


@ASKED
def test_arviz_receives_the_draws(found):
    pytest.importorskip("arviz")
    posterior = found.to_arviz(n=500, rng=7)["posterior"]
    x = found.draws(500, rng=7).numpy()
    assert posterior["θ"].shape == (1, 500, 2)
    assert np.array_equal(posterior["θ"].values[0], x[:, 1:])
    assert np.array_equal(posterior["<b>a</b>"].values[0], x[:, 0])
    assert posterior.attrs["khat"] == found.khat
    assert posterior.attrs["family"] == "MeanField()"


def test_without_arviz(found, monkeypatch):
    monkeypatch.setitem(sys.modules, "arviz", None)
    with pytest.raises(MissingExtraError, match=r"kullback\[arviz\]"):
        found.to_arviz()


def test_the_picture_shows_the_path(tmp_path):
    mpl = pytest.importorskip("matplotlib")
    mpl.use("agg")
    found = learn.fit(lambda x: -x.exp().sum(-1) + 2 * x.sum(-1), 3)
    axes = found.plot()
    trained = axes.lines[0]
    assert list(trained.get_xdata()) == [one.draws for one in found.path]
    assert list(trained.get_ydata()) == [one.trained for one in found.path]
    shown = {text.get_text() for text in axes.get_legend().get_texts()}
    assert f"log evidence: {found.log_evidence:.2f}" in shown
    axes.figure.savefig(tmp_path / "path.png")
    assert (tmp_path / "path.png").stat().st_size > 10_000
    assert found.plot(axes) is axes
    with pytest.raises(InvalidInputError, match="Laplace"):
        learn.fit(lambda x: -(x**2).sum(-1), 2, learn.Laplace()).plot()
    mpl.pyplot.close("all")


def test_without_matplotlib(monkeypatch):
    found = learn.fit(lambda x: -(x**2).sum(-1), 2)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", None)
    with pytest.raises(MissingExtraError, match="matplotlib"):
        found.plot()
