"""Bounds of a code's two informations, where both are known: linear codes of Gaussian vectors."""

import math

import numpy as np
import pytest
import torch

import kullback as kb
from kullback import learn
from kullback.errors import InputTypeError, InvalidInputError, ShapeError

D = torch.distributions
COV_X = np.array([[2.0, 0.3, 0.0], [0.3, 1.0, -0.4], [0.0, -0.4, 0.5]])
WEIGHT = np.array([[1.0, 0.5, 0.0], [0.0, 1.0, 2.0]])
COV_XY = COV_X @ WEIGHT.T
COV_Y = WEIGHT @ COV_XY + np.diag([0.5, 1.0])
EXACT = kb.gaussian_bottleneck(COV_X, COV_Y, COV_XY, beta=5.0, base=2)
A = torch.tensor(EXACT.encoder)


def gaussian(mean, cov):
    return D.MultivariateNormal(mean, torch.as_tensor(cov))


def shown(n, seed, scale=1.0, tilt=0.0):
    """Return the rate, log q(y | z) and log p(y) of n samples and the best code.

    The marginal is too wide by `scale`, and the prediction turned by `tilt`, where these are given.
    """
    rng = np.random.default_rng(seed)
    x = torch.tensor(rng.multivariate_normal(np.zeros(3), COV_X, n))
    y = x @ torch.tensor(WEIGHT.T) + torch.tensor(rng.normal(size=(n, 2)) * [0.5**0.5, 1])
    codes = A.numpy() @ COV_X @ A.numpy().T
    marginal = D.Normal(
        torch.zeros(2, dtype=torch.float64), scale * torch.tensor(np.diag(codes) + 1).sqrt()
    )
    latent = learn.Latent(marginal)
    torch.manual_seed(seed)
    z = latent(D.Normal(x @ A.T, 1.0))
    back = COV_XY.T @ A.numpy().T @ np.linalg.inv(codes + np.eye(2))
    left = COV_Y - back @ A.numpy() @ COV_XY
    log_q = gaussian(z @ torch.tensor(back + tilt).T, left).log_prob(y)
    return (
        learn.rate(latent),
        log_q,
        gaussian(torch.zeros(2, dtype=torch.float64), COV_Y).log_prob(y),
    )


def test_both_are_tight_at_the_best_code():
    assert len(A) == 2
    found = learn.bottleneck_bounds(*shown(40_000, 0), base=2)
    assert abs(found.rate - EXACT.rate) < 4 * found.error[0] < 0.03
    assert abs(found.relevance - EXACT.relevance) < 4 * found.error[1] < 0.04
    assert EXACT.rate - EXACT.relevance > 1
    nats = learn.bottleneck_bounds(*shown(40_000, 0))
    assert (nats.unit, found.unit) == ("nats", "bits")
    assert nats.rate == pytest.approx(found.rate * math.log(2), rel=1e-9)
    assert nats.error[1] == pytest.approx(found.error[1] * math.log(2), rel=1e-9)


def test_each_is_off_by_its_divergence():
    """KL(q(z) ‖ p(z)), here of widths; and the mean KL(p(y | z) ‖ q(y | z)), here of means."""
    found = learn.bottleneck_bounds(*shown(40_000, 1, scale=1.5, tilt=0.2))
    wide = 2 * (math.log(1.5) + 0.5 / 1.5**2 - 0.5)
    exact = EXACT.rate * math.log(2) + wide
    assert abs(found.rate - exact) < 4 * found.error[0] < 0.1 * wide
    codes = A.numpy() @ COV_X @ A.numpy().T + np.eye(2)
    back = COV_XY.T @ A.numpy().T @ np.linalg.inv(codes)
    left = COV_Y - back @ A.numpy() @ COV_XY
    off = np.full((2, 2), 0.2)
    turned = 0.5 * np.trace(np.linalg.solve(left, off @ codes @ off.T))
    exact = EXACT.relevance * math.log(2) - turned
    assert abs(found.relevance - exact) < 4 * found.error[1] < 0.2 * turned


def test_the_errors_are_those_of_repetition():
    found = [learn.bottleneck_bounds(*shown(50, seed)) for seed in range(100)]
    for i, name in enumerate(("rate", "relevance")):
        spread = np.std([getattr(f, name) for f in found], ddof=1)
        stated = np.sqrt(np.mean([f.error[i] ** 2 for f in found]))
        assert stated == pytest.approx(spread, rel=0.25)


def test_shares_of_classes_make_the_bound_lower():
    """Labels of 20 classes, few of each, told without fault: their shares seem to hold less."""
    rng = torch.Generator().manual_seed(0)
    found = []
    for _ in range(200):
        y = torch.randint(20, (40,), generator=rng)
        rate = learn.term(
            D.Normal(torch.zeros(40, 1), 1.0), D.Normal(0.0, 1.0), axes=("sample", "dim")
        )
        log_p = torch.log(torch.bincount(y, minlength=20) / 40)[y]
        found.append(learn.bottleneck_bounds(rate, torch.zeros(40), log_p, base=2).relevance)
    assert 3.9 < np.mean(found) < math.log2(20) - 0.2
    assert max(found) <= math.log2(20)


def test_bad_input():
    rate, log_q, log_p = shown(10, 0)
    with pytest.raises(InputTypeError, match="float is no divergence of each sample"):
        learn.bottleneck_bounds(1.0, log_q, log_p)
    with pytest.raises(InputTypeError, match="before any mean"):
        learn.bottleneck_bounds(rate.per("sample"), log_q, log_p)
    with pytest.raises(ShapeError, match=r"log_p has shape \(9,\); the rate is of 10"):
        learn.bottleneck_bounds(rate, log_q, log_p[:-1])
    with pytest.raises(InvalidInputError, match="log_q is infinite or NaN at 1 of 10"):
        learn.bottleneck_bounds(rate, log_q.log().where(torch.arange(10) == 0, log_q), log_p)
    with pytest.raises(InvalidInputError, match="two or more"):
        learn.bottleneck_bounds(*shown(1, 0))
    with pytest.raises(InvalidInputError, match="base=1"):
        learn.bottleneck_bounds(rate, log_q, log_p, base=1)
