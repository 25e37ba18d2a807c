"""The family of flows: its density by Jacobians, laws that no Gaussian fits, and its manners."""

import math
import sys
from importlib.util import find_spec

import numpy as np
import pytest
import torch
from torch.distributions import Distribution, Gumbel

from kullback import learn
from kullback.errors import InvalidInputError, MissingExtraError
from kullback.learn.variational import bend
from kullback.learn.variational.frame import Frame

if find_spec("zuko") is None:  # not imported here: it changes torch for all tests of the process
    pytest.skip("zuko is not installed", allow_module_level=True)
D = 3


def banana(x):
    """x₁ ~ N(0, 1), x₂ ~ N(x₁², ¼): means 0 and 1, variances 1 and 2 + ¼, log Z = 0."""
    a, b = x[:, 0], 2 * (x[:, 1] - x[:, 0] ** 2)
    return -0.5 * (a**2 + b**2) - math.log(2 * math.pi) + math.log(2)


def bent(dtype=torch.float64):
    """Return a law with weights far from the start, and where its Gaussian lies."""
    family = learn.Flow(seed=2)
    centre = torch.tensor([1.0, -2.0, 0.5], dtype=dtype)
    frame = Frame(centre, torch.tensor([0.5, 1.0, 2.0], dtype=dtype))
    start = family.start(frame)
    turn = torch.Generator().manual_seed(4)
    shaken = start + 0.3 * torch.randn(len(start), generator=turn, dtype=torch.float64).to(dtype)
    return family, frame, family.law(shaken, frame)


def noise(n, dtype=torch.float64):
    return torch.randn(n, D, generator=torch.Generator().manual_seed(0), dtype=dtype)


def test_the_density_is_that_of_the_map():
    """log q(z) = log φ(ε) − log |det dz/dε|, the determinant taken from autograd's Jacobian."""
    _, _, law = bent()
    e = noise(20)
    z, log_q = law.scored(e)
    for i in range(len(e)):
        jacobian = torch.autograd.functional.jacobian(lambda one: law.draw(one[None])[0], e[i])
        normal = -0.5 * float((e[i] ** 2).sum()) - 0.5 * D * math.log(2 * math.pi)
        truth = normal - float(torch.linalg.slogdet(jacobian)[1])
        assert abs(float(log_q[i]) - truth) < 1e-9
    assert float((log_q - law.outer.log_density(z)).abs().max()) > 0.5  # no Gaussian any more
    assert torch.allclose(law.log_density(z), log_q, atol=1e-6)


def test_entropy_and_moments_are_those_of_its_draws():
    _, _, law = bent()
    e = noise(40_000)
    z, log_q = law.scored(e)
    entropy = law.drawn(e)[1]
    assert abs(float(entropy + log_q.mean())) < 0.02
    assert torch.allclose(z.mean(0), law.mean, atol=0.06)
    assert torch.allclose(torch.cov(z.T), law.covariance(), rtol=0.1, atol=0.1)


def test_it_begins_as_the_gaussian_of_the_frame():
    family, frame, _ = bent()
    start = family.law(family.start(frame), frame)
    gauss = learn.FullRank().law(learn.FullRank().start(frame), frame)
    z = gauss.draw(noise(50))
    assert torch.allclose(start.log_density(z), gauss.log_density(z), atol=1e-9)


def test_float32_stays_float32():
    _, _, law = bent(torch.float32)
    z, log_q = law.scored(noise(10, torch.float32))
    assert z.dtype == log_q.dtype == law.mean.dtype == torch.float32


def test_a_banana():
    found = learn.fit(banana, 2, learn.Flow())
    gauss = learn.fit(banana, 2, learn.FullRank())
    assert -0.03 < found.elbo < 3 * found.elbo_error
    assert gauss.elbo + 0.3 < found.elbo
    assert abs(found.log_evidence) < 0.02
    assert torch.allclose(found.mean, torch.tensor([0.0, 1.0], dtype=torch.float64), atol=0.05)
    assert abs(float(found.sd[1]) - 1.5) < 0.1 < abs(float(gauss.sd[1]) - 1.5)
    assert found.converged


def test_margins_are_bent_where_parameters_are_independent():
    """A Gumbel has mean 0.5772, variance π²/6 and skewness 1.14; one parameter is enough."""
    law = Gumbel(torch.tensor(0.0, dtype=torch.float64), 1.0)
    found = learn.fit(lambda x: law.log_prob(x).sum(-1), 1, learn.Flow())
    gauss = learn.fit(lambda x: law.log_prob(x).sum(-1), 1, learn.FullRank())
    x = found.draws(20_000, rng=3)[:, 0].numpy()
    assert abs(found.elbo) < 0.01 < 0.05 < -gauss.elbo
    assert abs(x.mean() - 0.5772) < 0.03
    assert abs(x.var() - math.pi**2 / 6) < 0.1
    assert 0.9 < (((x - x.mean()) / x.std()) ** 3).mean() < 1.3
    assert abs(float(found.quantile(0.9)) - float(-np.log(-np.log(0.9)))) < 0.05


def test_same_seed_same_law_and_nothing_else_is_touched():
    bend.net.cache_clear()
    torch.manual_seed(0)
    before, checks = torch.get_rng_state(), Distribution._validate_args
    first, second = (learn.fit(banana, 2, learn.Flow(width=2), most_draws=256) for _ in range(2))
    assert torch.equal(first.mean, second.mean)
    assert first.elbo == second.elbo
    assert torch.equal(torch.get_rng_state(), before)
    assert Distribution._validate_args is checks
    other = learn.fit(banana, 2, learn.Flow(width=2, seed=1), most_draws=256)
    assert other.elbo != first.elbo


def test_control_c_keeps_the_best_so_far():
    calls = 0

    def interrupted(x):
        nonlocal calls
        calls += 1
        if calls == 150:
            raise KeyboardInterrupt
        return banana(x)

    found = learn.fit(interrupted, 2, learn.Flow())
    assert "Interrupted" in found.notes[0]
    assert not found.converged
    assert -0.6 < found.elbo < 0.1


@pytest.mark.parametrize("setting", [{"layers": 0}, {"layers": 2.0}, {"width": -1}, {"seed": "a"}])
def test_settings_that_mean_nothing(setting):
    with pytest.raises(InvalidInputError, match=next(iter(setting))):
        learn.Flow(**setting)


def test_a_width_that_cuts_parameters_off():
    with pytest.raises(InvalidInputError, match="fewer than 4 hidden"):
        learn.fit(lambda x: -(x**2).sum(-1), 5, learn.Flow(width=3))


def test_without_zuko(monkeypatch):
    bend.net.cache_clear()
    monkeypatch.setitem(sys.modules, "zuko", None)
    monkeypatch.delitem(sys.modules, "kullback.learn.variational._zuko", raising=False)
    with pytest.raises(MissingExtraError, match=r"kullback\[flow\]"):
        learn.fit(banana, 2, learn.Flow())
