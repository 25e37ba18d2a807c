"""What learn.fit refuses, and how it says so."""

import math

import pytest
import torch

from kullback import learn
from kullback.errors import InputTypeError, InvalidInputError, ShapeError


def normal(x):
    return -0.5 * (x**2).sum(-1)


@pytest.mark.parametrize(
    ("log_density", "error", "said"),
    [
        (lambda x: torch.log(x).sum(-1) * torch.nan, InvalidInputError, "NaN at the start"),
        (lambda x: torch.log(x).sum(-1), InvalidInputError, "-inf at the start"),
        (lambda x: x, ShapeError, r"one number a row, shape \(2,\)"),
        (lambda x: normal(x)[:, None], ShapeError, "one number a row"),
        (lambda x: normal(x.detach()), InvalidInputError, "no gradient"),
        (lambda x: 1.0, InputTypeError, "not a tensor"),
        (lambda x: x @ torch.ones(4, dtype=x.dtype), InvalidInputError, "dim must be"),
        (lambda x: normal(x + len(x)), InvalidInputError, "row"),
        (lambda x: x.sqrt().sum(-1) - normal(x), InvalidInputError, "gradient of log_density is"),
        (3, InputTypeError, "a function of x"),
    ],
)
def test_densities_that_cannot_be_used(log_density, error, said):
    with pytest.raises(error, match=said):
        learn.fit(log_density, 3)


def test_a_support_not_declared():
    def exponential(x):
        inside = x[:, 0] > 0
        return torch.where(inside, -x[:, 0], torch.full_like(x[:, 0], -math.inf))

    start = torch.ones(1, dtype=torch.float64)
    with pytest.raises(InvalidInputError, match="support="):
        learn.fit(exponential, 1, start=start)
    found = learn.fit(exponential, 1, support={0: learn.positive})
    assert -0.1 < found.elbo < 0  # log Z is 0


@pytest.mark.parametrize(
    ("settings", "error"),
    [
        ({"dim": 0}, InvalidInputError),
        ({"dim": 2.0}, InvalidInputError),
        ({"family": "full"}, InputTypeError),
        ({"family": learn.MeanField}, InputTypeError),
        ({"family": learn.LowRank(4)}, InvalidInputError),
        ({"tol": 0.0}, InvalidInputError),
        ({"most_draws": 64}, InvalidInputError),
        ({"start": torch.zeros(2)}, ShapeError),
        ({"start": [0.0, 0.0, 0.0]}, InputTypeError),
        ({"start": torch.full((3,), math.nan)}, InvalidInputError),
        ({"support": {3: learn.positive}}, InvalidInputError),
        ({"support": {0: "positive"}}, InputTypeError),
        ({"support": [learn.positive]}, InputTypeError),
        ({"support": {0: learn.above(1.0)}, "start": torch.zeros(3)}, InvalidInputError),
        ({"names": ["a"]}, ShapeError),
        ({"names": ["a", "b", "a"]}, InvalidInputError),
        ({"rng": None}, InputTypeError),
    ],
)
def test_settings_that_mean_nothing(settings, error):
    with pytest.raises(error):
        learn.fit(normal, **{"dim": 3, **settings})


def test_maps_and_families_that_mean_nothing():
    for wrong in (lambda: learn.interval(1, 1), lambda: learn.above(math.inf)):
        with pytest.raises(InvalidInputError):
            wrong()
    with pytest.raises(InvalidInputError):
        learn.LowRank(0)


def test_laplace_without_a_mode():
    with pytest.raises(InvalidInputError, match="needs a mode"):
        learn.fit(lambda x: x.sum(-1) - torch.nn.functional.softplus(x).sum(-1), 2, learn.Laplace())


def test_results_refuse_too():
    found = learn.fit(normal, 3)
    with pytest.raises(InvalidInputError):
        found.draws(0, rng=0)
    with pytest.raises(InputTypeError):
        found.draws(5, rng=None)
    with pytest.raises(ShapeError):
        found.log_density(torch.zeros(3))


def test_a_refusal_leaves_everything_as_it_was():
    """The start, the generator given and torch's own, whether it is refused soon or late."""
    start = torch.ones(1, dtype=torch.float64)
    source = torch.Generator().manual_seed(3)
    kept, own = source.get_state(), torch.get_rng_state()
    with pytest.raises(InvalidInputError, match="NaN at the start"):
        learn.fit(lambda x: (x - 2).log().sum(-1), 1, start=start, rng=source)
    assert torch.equal(source.get_state(), kept)
    with pytest.raises(InvalidInputError, match="support="):
        learn.fit(lambda x: (-x / (x > 0)).sum(-1), 1, start=start, rng=source)
    assert torch.equal(torch.get_rng_state(), own)
    assert torch.equal(start, torch.ones(1, dtype=torch.float64))
    assert start.grad is None
    assert not start.requires_grad
