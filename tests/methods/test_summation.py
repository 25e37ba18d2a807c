"""Sums over whole numbers."""

import math

import numpy as np
import pytest

import kullback as kb
from kullback.forms.density import Density
from kullback.methods.summation import CertifiedSum

f = kb.families
BY = CertifiedSum()


def ask(p, q=None, of=None):
    return kb.measure(p, q, of=kb.KL() if of is None else of, by=BY)


def kl_poisson(a, b):
    return a * np.log(a / b) + b - a


def little(d, terms=8):
    """d − log(1 + d), for small d."""
    return sum((-1) ** k * d**k / k for k in range(2, terms))


CASES = [
    ("Poisson", f.Poisson(3), f.Poisson(5), kl_poisson(3, 5)),
    ("far apart", f.Poisson(10), f.Poisson(1e6), kl_poisson(10, 1e6)),
    ("huge rates", f.Poisson(1e12), f.Poisson(1.00001e12), 1e12 * little(1e-5)),
    ("cross", f.Poisson(3), f.NegativeBinomial(3, 0.5), 0.0922997866131769382962121577612),
    ("power tails", f.Zipf(2.0), f.Zipf(3.0), 0.256294866015278880430445726735),
    ("a moment that barely exists", f.Zipf(2.1), f.Geometric(0.5), 3.92085121472507373501150590426),
]


@pytest.mark.parametrize(("p", "q", "truth"), [x[1:] for x in CASES], ids=[x[0] for x in CASES])
def test_known_pairs(p, q, truth):
    answer = ask(p, q)
    assert answer.error <= 1e-9 * truth
    # The law of rate 10¹² has probabilities known to about 10⁻¹⁰ only: lgamma itself rounds.
    assert abs(answer.value - truth) <= answer.error + (1e-10 if truth > 40 else 2e-13) * truth


def test_entropy_of_a_power_law():
    assert abs(ask(f.Zipf(2.0), of=kb.Entropy()).value - 1.63762228865981096) < 1e-12


@pytest.mark.parametrize(
    ("p", "q", "of"),
    [
        (f.Zipf(2.0), f.Geometric(0.5), kb.KL()),
        (f.Zipf(2.0), f.Zipf(3.0), kb.ChiSquare()),
        (f.Geometric(0.1), f.Geometric(0.5), kb.Renyi(2.0)),
        (f.Poisson(3.0), f.Binomial(10, 0.3), kb.KL()),
        (f.Poisson(3.0), f.Zipf(2.0), kb.KL()),
    ],
)
def test_infinite(p, q, of):
    assert ask(p, q, of).value == math.inf


@pytest.mark.parametrize(
    "of",
    [kb.KL(), kb.JensenShannon(), kb.TotalVariation(), kb.Hellinger(), kb.ChiSquare(),
     kb.Renyi(2.0), kb.Renyi(0.5), kb.HockeyStick(1.5)], ids=repr,
)  # fmt: skip
def test_same_as_a_table(of):
    from scipy import stats

    k = np.arange(200)
    p, q = stats.poisson.pmf(k, 4.0), stats.poisson.pmf(k, 6.0)
    keep = (p > 0) & (q > 0)
    truth = kb.measure(p[keep], q[keep], of=of).value
    got = ask(f.Poisson(4.0), f.Poisson(6.0), of)
    assert abs(got.value - truth) <= 1e-12 * truth


def test_slow_tails_are_not_certified_in_silence():
    answer = ask(f.Zipf(1.01), f.Zipf(1.02))
    assert abs(answer.value - 0.306843510643256) <= answer.error
    assert answer.error == math.inf


def test_batch():
    a = np.linspace(0.5, 80, 300)
    answer = ask(f.Poisson(a), f.Poisson(a[::-1].copy()))
    truth = kl_poisson(a, a[::-1])
    assert np.all(np.abs(answer.value - truth) <= answer.error + 1e-12)


def test_a_density_of_counts():
    from scipy import stats

    p = Density.of(stats.poisson(3.0))
    assert p.discrete
    assert abs(ask(p, f.Poisson(5.0)).value - kl_poisson(3, 5)) < 1e-12


def test_gradients():
    import torch

    a = torch.tensor([3.0, 7.0], dtype=torch.float64, requires_grad=True)
    value = ask(f.Poisson(a), f.Poisson(5.0)).value
    (slope,) = torch.autograd.grad(value.sum(), a)
    assert torch.allclose(slope, torch.log(a / 5).detach(), rtol=1e-9)


def test_refuses_the_line():
    assert "whole numbers" in BY.refuse(kb.KL(), f.Normal(0, 1), f.Normal(0, 1))
