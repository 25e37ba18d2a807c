"""The delicate logarithms one by one: in the middle, at their seams, at their limits."""

import math

import numpy as np
import pytest
from mpmath import mp, mpf

from kullback.arrays import stable

from ..backends import numbers, relative_error

RATIOS = [
    1.0,
    1 + 1e-15,
    1 - 1e-9,
    1.2,
    1.49,
    1.5,
    1.51,
    0.67,
    0.5,
    3.0,
    1e-5,
    1e8,
    1e29,
    1e31,
    1e-31,
    1e200,
    1e-250,
]
GAPS = [0.0, 1e-17, -1e-9, 1e-3, 0.49999, -0.49999, 0.5, -0.5, 0.50001, 3.0, -3.0, 40.0, -700.0]


def truths(f, values):
    mp.dps = 50
    return [float(f(mpf(v))) for v in values]


@pytest.mark.parametrize("p", [1.0, 0.3, 1e-50])
def test_log_ratio(xp, p):
    q = [p * r for r in RATIOS]
    truth = truths(lambda y: mp.log(y / mpf(p)), q)
    got = stable.log_ratio(xp.array([p] * len(q)), xp.array(q))
    assert relative_error(got, truth) < 1e-15


def test_log_ratio_of_nothing(xp):
    """An empty side counts as the smallest normal number; two are equal."""
    least = np.finfo(float).tiny
    got = stable.log_ratio(xp.array([0.0, 0.5, 0.0]), xp.array([0.5, 0.0, 0.0]))
    assert relative_error(got, [math.log(0.5 / least), math.log(least / 0.5), 0]) < 1e-15


@pytest.mark.parametrize("p", [1.0, 1e-20, 1e-250])
def test_terms_of_kl(xp, p):
    """p ψ(x) = p (eˣ − 1 − x), the difference p (eˣ − 1) being given."""
    truth = truths(lambda x: p * (mp.expm1(x) - x), GAPS)
    difference = truths(lambda x: p * mp.expm1(x), GAPS)
    row = xp.array([p] * len(GAPS))
    assert relative_error(stable.kl_terms(row, xp.array(GAPS), xp.array(difference)), truth) < 1e-14
    assert relative_error(stable.times_psi(row, xp.array(GAPS)), truth) < 1e-13


def test_times_psi_where_the_power_alone_overflows(xp):
    got = stable.times_psi(xp.array([1e-200, 1e-300]), xp.array([800.0, 1000.0]))
    truth = [float(mpf("1e-200") * mp.exp(800)), float(mpf("1e-300") * mp.exp(1000))]
    assert relative_error(got, truth) < 1e-12


@pytest.mark.parametrize("weight", [0.5, 0.3, 0.999])
def test_log_mixture(xp, weight):
    """log(w + (1 − w) eˣ), from x itself also where it is tiny."""
    truth = truths(lambda x: mp.log(mpf(weight) + (1 - mpf(weight)) * mp.exp(x)), GAPS)
    assert relative_error(stable.log_mixture(xp.array(GAPS), weight), truth) < 2e-13


def test_exact_difference_loses_nothing():
    a, b = np.array([1e8, 1.0, 0.1]), np.array([1e-9, 1e16, 0.3])
    rounded, lost = stable.exact_difference(a, b)
    for x, y, t, e in zip(a, b, rounded, lost, strict=True):
        assert mpf(float(t)) + mpf(float(e)) == mpf(float(y)) - mpf(float(x))


@pytest.mark.parametrize("shift", [0.0, 700.0, -1e4, 1e300])
def test_log_softmax(xp, shift):
    a = [0.0, 1.0, -3.0, -math.inf]
    with np.errstate(over="ignore"):
        row = np.array(a) + shift
    if shift == 1e300:
        row = np.array([1e300, 1e300, -1e300, -math.inf])
        truth = [-math.log(2), -math.log(2), -2e300, -math.inf]
    else:
        total = math.log(1 + math.e + math.exp(-3))
        truth = np.array(a) - total
    with np.errstate(invalid="ignore"):
        assert relative_error(stable.log_softmax(xp.array([row])), [truth]) < 1e-12


def test_square_root_has_slope_zero_at_zero(xp):
    assert (
        relative_error(stable.square_root(xp.array([0.0, 4.0, 2.0])), [0, 2, math.sqrt(2)]) < 1e-15
    )
    if xp.name == "torch":
        import torch

        x = torch.tensor([0.0, 4.0], dtype=torch.float64, requires_grad=True)
        stable.square_root(x).sum().backward()
        assert numbers(x.grad).tolist() == [0, 0.25]
