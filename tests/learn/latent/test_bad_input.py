"""What a model with random layers is not to be given, from end to end: each is a clear error."""

import math

import pytest
import torch

from kullback import learn
from kullback.errors import InputTypeError, InvalidInputError, ShapeError

D = torch.distributions
CODES = [learn.GaussianCode(3), learn.VonMisesFisherCode(3), learn.CategoricalCode(3, 2)]


def network(code):
    torch.manual_seed(0)
    layers = torch.nn.Linear(4, code.features), learn.Latent(code), torch.nn.Linear(code.size, 4)
    return torch.nn.Sequential(*layers)


def test_a_model_without_random_layers_has_no_rate():
    with pytest.raises(InvalidInputError, match=r"no random layer.*not a rate of 0"):
        learn.rate(torch.nn.Sequential(torch.nn.Linear(4, 4), torch.nn.Dropout()))


def test_of_two_passes_the_rate_is_that_of_the_last():
    net, x = network(CODES[0]), torch.ones(5, 4)
    net(x)
    alone = learn.rate(net).value
    net(7 * x)
    net(x)
    assert torch.equal(learn.rate(net).value, alone)


@pytest.mark.parametrize("code", CODES, ids=lambda code: type(code).__name__)
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_activations_that_are_not_finite_are_refused_by_every_code(code, bad):
    net, x = network(code), torch.ones(5, 4)
    x[1, 0] = bad
    net(x)
    with pytest.raises(InvalidInputError, match=r"The rate of 1 is (NaN|infinite) at \d of"):
        learn.rate(net)


def test_a_direction_of_length_0_is_refused():
    latent = learn.Latent(learn.VonMisesFisherCode(3))
    latent(torch.tensor([[1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0]]))
    with pytest.raises(InvalidInputError, match="NaN at 1 of 2 places"):
        learn.rate(latent)


APART = [
    (D.Uniform(0.0, 1.0), D.Normal(torch.zeros(4), 1.0)),
    (D.Uniform(0.0, 1.0), D.Uniform(torch.zeros(4), 2.0)),
    (D.HalfNormal(1.0), D.Normal(torch.zeros(4), 1.0)),
    (D.Beta(2.0, 2.0), D.Exponential(torch.ones(4))),
]


@pytest.mark.parametrize(("prior", "posterior"), APART, ids=lambda law: type(law).__name__)
def test_a_posterior_beyond_its_prior_is_refused(prior, posterior):
    latent = learn.Latent(prior)
    latent(posterior)
    with pytest.raises(InvalidInputError, match=r"infinite at 4 of 4.*prior has none"):
        learn.rate(latent)


def test_a_posterior_within_its_prior_is_not():
    latent = learn.Latent(D.Normal(0.0, 1.0))
    latent(D.Uniform(torch.zeros(4), 1.0))
    truth = 0.5 * math.log(2 * math.pi) + 1 / 6
    assert learn.rate(latent).value.tolist() == pytest.approx([truth] * 4)


def test_weights_in_minibatches_need_the_number_of_data():
    net = learn.bayesian(torch.nn.Linear(4, 2))
    net(torch.ones(3, 4))
    kl = learn.rate(net)
    penalty = learn.Penalty(learn.Fixed(1.0))
    with pytest.raises(InvalidInputError, match="n_data=N"):
        penalty(kl.per("sample").value)
    with pytest.raises(InvalidInputError, match="n_data"):
        penalty(kl.per().value)
    with pytest.raises(InputTypeError, match="n_data=N"):
        penalty(kl)
    with pytest.raises(ShapeError, match="reduction"):
        penalty(kl.value)
    cost = penalty(kl.per(n_data=50).value).item()
    assert cost == pytest.approx(kl.value.sum().item() / 50)


@pytest.mark.parametrize(
    "price",
    [
        lambda: learn.Fixed(-1.0),
        lambda: learn.Fixed(math.nan),
        lambda: learn.Anneal(10, start=-1.0),
        lambda: learn.Anneal(10, end=-1.0),
        lambda: learn.Capacity(1.0, 10, -3.0),
    ],
)
def test_a_price_below_0_is_refused(price):
    with pytest.raises(InvalidInputError, match=r"=(-\d|nan).*number.*is needed"):
        price()


def test_a_saved_price_below_0_is_refused():
    penalty = learn.Penalty(learn.Fixed(1.0))
    state = penalty.state_dict()
    state["_extra_state"]["coefficient"] = -2.0
    with pytest.raises(InvalidInputError, match=r"coefficient=-2\.0"):
        penalty.load_state_dict(state)
    assert penalty.coefficient == 1
