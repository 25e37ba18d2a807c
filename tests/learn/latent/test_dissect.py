"""The parts of a rate against quadrature of the aggregate, and their sum."""

import math

import numpy as np
import pytest
import torch
from scipy import integrate, stats

from kullback import learn
from kullback.errors import InvalidInputError, NoMethodError

D = torch.distributions
UNIT = D.Normal(0.0, 1.0)


def posteriors():
    loc = torch.tensor([[-1.5, -1.0], [0.5, 0.4], [1.0, 2.0]], dtype=torch.float64)
    scale = torch.tensor([[0.5, 0.3], [0.8, 0.6], [0.4, 0.5]], dtype=torch.float64)
    return D.Normal(loc, scale)


def mixture(q, j, x):
    return np.mean(
        [stats.norm.pdf(x, m, s) for m, s in zip(q.loc[:, j], q.scale[:, j], strict=True)], 0
    )


def by_quadrature(q):
    """Return KL(q(z_j) ‖ N(0, 1)) of each dimension, and TC on a fine grid."""
    x = np.linspace(-9, 9, 2001)
    p = stats.norm.pdf(x)
    ones = [mixture(q, j, x) for j in (0, 1)]
    kl = [integrate.simpson(a * np.log(np.maximum(a, 1e-300) / p), x=x) for a in ones]
    both = np.zeros((x.size, x.size))
    for (a, b), (s, t) in zip(q.loc.tolist(), q.scale.tolist(), strict=True):
        both += np.outer(stats.norm.pdf(x, a, s), stats.norm.pdf(x, b, t)) / 3
    with np.errstate(divide="ignore", invalid="ignore"):
        terms = np.where(both > 1e-290, both * np.log(both / np.outer(*ones)), 0)
    return kl, integrate.simpson(integrate.simpson(terms, x=x), x=x)


def test_parts_are_those_of_the_aggregate():
    q = posteriors()
    found = learn.dissect(q, UNIT, rng=0, n=4000)
    kl, correlation = by_quadrature(q)
    rate = float(D.kl_divergence(q, UNIT).sum(-1).mean())
    assert found.rate == pytest.approx(rate, rel=1e-12)
    information = rate - correlation - sum(kl)
    assert 0.5 < information < math.log(3)
    errors = found.error
    assert abs(found.mutual_information - information) < 4 * float(errors[0]) < 0.05
    assert abs(found.total_correlation - correlation) < 4 * float(errors[1]) < 0.1
    assert correlation > 0.3
    assert bool(((found.dimensions - torch.tensor(kl)).abs() < 4 * errors[2]).all())
    parts = found.mutual_information + found.total_correlation + float(found.dimensions.sum())
    assert parts == pytest.approx(found.rate, rel=1e-12)
    assert found.marginal == pytest.approx(sum(kl) + correlation, abs=0.05)


def test_the_errors_are_those_of_repetition():
    q = posteriors()
    found = [learn.dissect(q, UNIT, rng=seed, n=20) for seed in range(100)]
    for get, place in ((lambda f: f.mutual_information, 0), (lambda f: f.total_correlation, 1)):
        spread = np.std([get(f) for f in found], ddof=1)
        stated = np.sqrt(np.mean([float(f.error[place]) ** 2 for f in found]))
        assert stated == pytest.approx(spread, rel=0.25)


def test_classes_are_dissected_too():
    """Two inputs that share one bit of two: the second variable is a coin of its own."""
    logits = torch.log(torch.tensor([[[0.99, 0.01], [0.5, 0.5]], [[0.01, 0.99], [0.5, 0.5]]]))
    q, p = D.Categorical(logits=logits), D.Categorical(logits=torch.zeros(2))
    found = learn.dissect(q, p, rng=0, n=500)
    held = math.log(2) + 0.99 * math.log(0.99) + 0.01 * math.log(0.01)
    assert found.rate == pytest.approx(held, rel=1e-5)
    # the aggregate is the prior: all that is paid for says which input it is
    assert abs(found.mutual_information - held) < 4 * float(found.error[0]) < 0.2
    assert found.active.tolist() == [True, False]
    assert "1 of 2 dimensions hold less than 0.01 nats (1)" in found.notes[0]


def test_a_collapsed_code_is_warned_of():
    q = D.Normal(torch.full((50, 4), 0.01), 1.0)
    found = learn.dissect(q, UNIT, rng=0)
    assert "has collapsed: none of its 4 dimensions" in found.notes[0]
    assert "FreeBits" in found.explain()
    assert not bool(found.active.any())


def test_what_inputs_cannot_show_is_said():
    q = D.Normal(torch.arange(8.0)[:, None] * torch.ones(2), 0.01)
    found = learn.dissect(q, UNIT, rng=0)
    assert found.mutual_information == pytest.approx(math.log(8), abs=1e-3)
    assert "close to log N = 2.08" in found.notes[0]


def test_what_cannot_be_dissected_is_refused():
    with pytest.raises(NoMethodError, match=r"batch \(N, d\)"):
        learn.dissect(D.Normal(torch.zeros(3), 1.0), UNIT, rng=0)
    with pytest.raises(NoMethodError, match="Laplace"):
        learn.dissect(D.Laplace(torch.zeros(3, 2), 1.0), UNIT, rng=0)
    with pytest.raises(InvalidInputError, match="n=1"):
        learn.dissect(posteriors(), UNIT, rng=0, n=1)
    with pytest.raises(InvalidInputError, match="1 inputs"):
        learn.dissect(D.Normal(torch.zeros(1, 2), 1.0), UNIT, rng=0)
    with pytest.raises(InvalidInputError, match="seed"):
        learn.dissect(posteriors(), UNIT, rng=None)
