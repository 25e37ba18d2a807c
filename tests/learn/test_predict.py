"""What draws predict: against entropies and variances by definition, and what is refused."""

import math

import numpy as np
import pytest
import scipy.stats

torch = pytest.importorskip("torch")

from kullback import learn  # noqa: E402
from kullback.errors import InputTypeError, InvalidInputError, ShapeError  # noqa: E402

D = torch.distributions
nn = torch.nn


def members(said):
    """An ensemble of which each member says one thing."""
    return [lambda x=x: x for x in said]


def test_classes_have_two_parts_that_add_up():
    torch.manual_seed(0)
    logits = torch.randn(7, 5, 3, dtype=torch.float64) * 3
    found = learn.predict(members(logits))
    p = torch.softmax(logits, -1).numpy()
    mean = p.mean(0)
    np.testing.assert_allclose(found.mean.numpy(), mean, rtol=1e-12)
    np.testing.assert_allclose(found.total.numpy(), scipy.stats.entropy(mean, axis=-1), rtol=1e-12)
    each = scipy.stats.entropy(p, axis=-1)
    np.testing.assert_allclose(found.aleatoric.numpy(), each.mean(0), rtol=1e-12)
    apart = scipy.stats.entropy(p, np.broadcast_to(mean, p.shape), axis=-1).mean(0)
    np.testing.assert_allclose(found.epistemic.numpy(), apart, rtol=1e-10)
    assert found.unit == "nats"
    y = torch.tensor([0, 1, 2, 0, 1])
    truth = np.log(mean[np.arange(5), y.numpy()])
    np.testing.assert_allclose(found.log_density(y).numpy(), truth, rtol=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("apart", [0.0, 1e-9, 1e-5, 1e-2, 60.0])
def test_the_epistemic_part_is_never_negative(dtype, apart):
    torch.manual_seed(1)
    centre = 20 * torch.randn(1, 400, 10, dtype=torch.float64)
    logits = (centre + apart * torch.randn(6, 400, 10, dtype=torch.float64)).to(dtype)
    found = learn.predict(members(logits))
    assert float(found.epistemic.min()) >= 0
    assert float(found.epistemic.max()) < math.log(6) + 1e-6
    if apart == 0:
        assert float(found.epistemic.max()) < 1e-12


def test_laws_of_classes_are_read():
    logits = torch.tensor([[0.3, -1.0], [2.0, 0.5]])
    coins = learn.predict(members([D.Bernoulli(logits=x) for x in logits]))
    tables = torch.stack([torch.zeros_like(logits), logits], -1)
    same = learn.predict(members([D.Categorical(logits=x) for x in tables]))
    p = torch.sigmoid(logits).mean(0)
    assert torch.allclose(coins.mean, torch.stack([1 - p, p], -1))
    assert torch.allclose(coins.epistemic, same.epistemic)
    assert float(coins.epistemic.min()) > 0.01


def test_numbers_have_two_variances_that_add_up():
    """Against draws of the mixture, and its density by scipy."""
    loc, scale = torch.tensor([[0.0], [1.0], [4.0]]), torch.tensor([[1.0], [0.5], [2.0]])
    found = learn.predict(members([D.Normal(m, s) for m, s in zip(loc, scale, strict=True)]))
    assert found.aleatoric.item() == pytest.approx((1 + 0.25 + 4) / 3)
    assert found.epistemic.item() == pytest.approx(np.var([0.0, 1.0, 4.0]), rel=1e-6)
    rng = np.random.default_rng(0)
    which = rng.integers(3, size=400_000)
    drawn = rng.normal(loc[which, 0].numpy(), scale[which, 0].numpy())
    assert found.total.item() == pytest.approx(drawn.var(), rel=0.01)
    assert found.mean.item() == pytest.approx(drawn.mean(), abs=0.02)
    truth = np.mean(scipy.stats.norm(loc[:, 0], scale[:, 0]).pdf(0.7))
    assert found.log_density(torch.tensor([0.7])).item() == pytest.approx(np.log(truth), rel=1e-5)


def test_any_law_with_a_variance_predicts():
    rates = torch.tensor([[1.0, 3.0], [2.0, 3.0]])
    found = learn.predict(members([D.Poisson(r) for r in rates]))
    assert found.total.tolist() == pytest.approx([1.5 + 0.25, 3.0])
    rows = D.Independent(D.Laplace(rates, 1.0), 1)
    pair = learn.predict(members([rows, rows]))
    assert pair.total.shape == (2, 2)
    assert pair.log_density(rates).shape == (2,)


class Net(nn.Module):
    def __init__(self, middle):
        super().__init__()
        self.body = nn.Sequential(nn.Linear(2, 16), nn.BatchNorm1d(16), nn.ReLU(), middle)
        self.head = nn.Linear(16, 3)

    def forward(self, x):
        return self.head(self.body(x))


def test_dropout_is_asked_while_the_rest_evaluates():
    torch.manual_seed(0)
    net = Net(nn.Dropout(0.3))
    net.body[0].eval()
    x, before = torch.randn(5, 2), net.body[1].running_mean.clone()
    found = learn.predict(net, x, draws=20)
    assert float(found.epistemic.min()) > 0
    assert torch.equal(net.body[1].running_mean, before)
    assert [m.training for m in net.modules()].count(False) == 1
    with pytest.raises(InvalidInputError, match=r"All 100 draws are the same.*Dropout"):
        learn.predict(Net(nn.Identity()), x)


def test_an_ensemble_is_asked_once_each_or_as_often_as_asked():
    torch.manual_seed(0)
    nets, x = nn.ModuleList(nn.Linear(2, 3) for _ in range(3)), torch.randn(4, 2)
    found = learn.predict(nets, x)
    truth = torch.stack([torch.softmax(net(x), -1) for net in nets]).mean(0)
    assert torch.allclose(found.mean, truth.detach())
    assert len(found.drawn) == 3
    drawn = learn.predict([learn.bayesian(net, scale=0.5) for net in nets], x, draws=50)
    assert len(drawn.drawn) == 150
    assert float(drawn.epistemic.mean()) > float(found.epistemic.mean())


def test_a_line_has_the_variance_of_its_noise_and_of_its_weights():
    """A Bayesian line: its two parts are the noise's variance, and the line's by the posterior."""
    torch.manual_seed(0)
    x = torch.tensor([[0.0], [1.0], [5.0]], dtype=torch.float64)
    line = learn.bayesian(nn.Linear(1, 1, dtype=torch.float64), scale=0.3)
    found = learn.predict(lambda x: D.Normal(line(x)[:, 0], 0.5), x, draws=2000)
    assert found.aleatoric.tolist() == pytest.approx([0.25] * 3)
    assert found.epistemic.tolist() == pytest.approx([0.09, 0.18, 0.09 * 26], rel=0.15)


def test_it_says_what_it_found():
    found = learn.predict(members([D.Normal(torch.zeros(2), 1.0), D.Normal(torch.ones(2), 1.0)]))
    assert repr(found) == (
        "Prediction(2 outcomes from 2 draws: mean variance 1.25 = 1 aleatoric + 0.25 epistemic)"
    )


def test_what_cannot_be_asked_is_refused():
    for draws in (0, 1.5, True):
        with pytest.raises(InvalidInputError, match="whole number"):
            learn.predict(lambda: torch.zeros(1, 2), draws=draws)
    with pytest.raises(InvalidInputError, match="two or more"):
        learn.predict(lambda: torch.zeros(1, 2), draws=1)
    with pytest.raises(InvalidInputError, match="two or more"):
        learn.predict(members(torch.zeros(1, 1, 2)))
    bad = torch.zeros(2, 1, 2)
    bad[1, 0, 0] = math.nan
    with pytest.raises(InvalidInputError, match="1 of the 4 outputs of the draws are NaN"):
        learn.predict(members(bad))
    with pytest.raises(InvalidInputError, match="NaN"):
        learn.predict(lambda: torch.full((2, 2), math.nan))
    for said in (
        ["yes", "no"],
        [torch.zeros(2, 2), D.Normal(0.0, 1.0)],
        [torch.tensor([1, 2])] * 2,
    ):
        with pytest.raises(InputTypeError, match="logits"):
            learn.predict(members(said))
    with pytest.raises(InvalidInputError, match="StudentT has no variance at 1 of 2"):
        learn.predict(members([D.StudentT(torch.tensor(df)) for df in (1.5, 3.0)]))
    logistic = D.TransformedDistribution(D.Normal(torch.zeros(2), 1.0), [D.SigmoidTransform()])
    with pytest.raises(InvalidInputError, match="does not state its mean and variance"):
        learn.predict(members([logistic, logistic]))
    with pytest.raises(InvalidInputError, match="Cauchy has no variance at 4 of 4"):
        learn.predict(members([D.Cauchy(torch.zeros(2), 1.0)] * 2))
    with pytest.raises(ShapeError, match=r"\(2, 3\), \(2, 4\)"):
        learn.predict(members([torch.zeros(2, 3), torch.zeros(2, 4)]))
    with pytest.raises(InputTypeError, match="NoneType"):
        learn.predict(None)
