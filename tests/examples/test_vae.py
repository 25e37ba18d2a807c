"""The examples of latent codes: what they reach, and that their pictures are drawn."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

torch = pytest.importorskip("torch")
pytest.importorskip("sklearn")
pytest.importorskip("matplotlib")

from kullback import learn  # noqa: E402

EXAMPLES = Path(__file__).parents[2] / "examples"


def example(name):
    spec = importlib.util.spec_from_file_location(name, EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_linear_vae_reaches_probabilistic_pca(tmp_path, capsys):
    """The likelihood of sklearn's PCA.score: 17.4519."""
    picture = tmp_path / "linear.svg"
    reached, limit = example("linear_vae").main(str(picture))
    assert limit == pytest.approx(17.4519, abs=5e-5)
    assert limit - 1e-3 < reached < limit + 1e-5
    assert picture.stat().st_size > 10_000
    last = capsys.readouterr().out.splitlines()[-1]
    drawn, error = (float(part) for part in last.split(":")[1].split("±"))
    assert abs(drawn - reached) < 4 * error < 0.1


def test_the_likelihoods_are_those_of_scipy():
    vae = example("vae")
    x = torch.tensor([[0.0, 1.0, 1.0]])
    out = torch.tensor([[0.3, -1.2, 2.0]])
    p = 1 / (1 + np.exp(-out[0].numpy()))
    bernoulli = stats.bernoulli.logpmf([0, 1, 1], p).sum()
    assert float(vae.Bernoulli().log_likelihood(out, x)) == pytest.approx(bernoulli, rel=1e-6)
    normal = stats.norm.logpdf([0, 1, 1], out[0].numpy(), np.exp(-1)).sum()
    assert float(vae.Gaussian().log_likelihood(out, x).detach()) == pytest.approx(normal, rel=1e-6)
    levels = torch.randn(1, 3 * vae.LEVELS, generator=torch.Generator().manual_seed(0))
    share = special.log_softmax(levels.reshape(3, vae.LEVELS).numpy(), -1)
    held = share[0, 0] + share[1, 7] + share[2, 3]
    found = vae.Categorical().log_likelihood(levels, torch.tensor([[0.0, 1.0, 0.49]]))
    assert float(found) == pytest.approx(held, rel=1e-6)


CODES = [learn.GaussianCode(4), learn.VonMisesFisherCode(5), learn.CategoricalCode(4, 3)]


@pytest.mark.parametrize("code", CODES, ids=lambda code: type(code).__name__)
@pytest.mark.parametrize("pixels", ["Bernoulli", "Gaussian", "Categorical"])
def test_every_likelihood_learns_with_every_code(pixels, code):
    vae = example("vae")
    torch.manual_seed(0)
    seen, kept, _ = vae.images()
    net = vae.VAE(64, code, getattr(vae, pixels)(), hidden=32)
    before, _ = vae.bound(net, kept, draws=2)
    vae.train(net, seen, epochs=2)
    after, error = vae.bound(net, kept, draws=2)
    assert after > before + 10 * error


def test_the_whole_example_draws_its_pictures(tmp_path, capsys):
    example("vae").main(folder=tmp_path, epochs=3, dimensions=8)
    said = capsys.readouterr().out
    assert "ELBO of 360 others" in said
    assert "say which of the 360 inputs it is" in said
    sizes = [(tmp_path / name).stat().st_size for name in ("vae-images.png", "vae-rates.svg")]
    assert min(sizes) > 10_000


def test_a_higher_price_buys_a_lower_rate():
    vae = example("vae")
    seen, _, _ = vae.images()
    rates = []
    for beta in (0.5, 4.0):
        torch.manual_seed(0)
        net = vae.VAE(64, learn.GaussianCode(4), vae.Bernoulli(), hidden=32)
        rates.append(float(vae.train(net, seen, epochs=4, beta=beta)[-1].sum()))
    assert rates[0] > 2 * rates[1]
