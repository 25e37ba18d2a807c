"""Laws of information between variables: chain rules, data processing, what z may do."""

import math

import numpy as np
import pytest
from hypothesis import given

import kullback as kb

from .strategies import channel, no_more, same, simplex


def tables(x, y, z, least=0):
    """Return joint tables (x, y, z)."""
    return simplex(x * y * z, least).map(lambda p: p.reshape(x, y, z))


def entropy(p):
    return kb.entropy(p.reshape(-1))


@given(p=tables(2, 3, 4))
def test_it_is_what_four_entropies_leave(p):
    information = kb.conditional_mutual_information(p)
    assert information >= 0
    parts = entropy(p.sum(1)) + entropy(p.sum(0)) - entropy(p) - entropy(p.sum((0, 1)))
    assert abs(information - parts) < 1e-12


@given(p=tables(2, 3, 4))
def test_it_is_the_mean_over_z(p):
    weight = p.sum((0, 1))
    each = [w * kb.mutual_information(p[:, :, z] / w) for z, w in enumerate(weight) if w > 0]
    assert same(kb.conditional_mutual_information(p), math.fsum(each))


@given(p=tables(3, 2, 3))
def test_the_chain_rule(p):
    """I(X; Y, Z) = I(X; Z) + I(X; Y | Z)."""
    both = kb.mutual_information(p.reshape(3, 6))
    assert same(both, kb.mutual_information(p.sum(1)) + kb.conditional_mutual_information(p))


@given(p=tables(2, 3, 2))
def test_x_and_y_may_be_exchanged_and_axes_named(p):
    plain = kb.conditional_mutual_information(p)
    assert same(plain, kb.conditional_mutual_information(p.transpose(1, 0, 2)))
    moved = p.transpose(2, 0, 1)
    assert same(plain, kb.conditional_mutual_information(moved, axis=(1, 2, 0)))


@given(p=tables(3, 3, 2), to=channel(3, 2))
def test_processing_x_cannot_add_information(p, to):
    after = np.einsum("xyz,xw->wyz", p, to)
    after /= after.sum()
    assert no_more(kb.conditional_mutual_information(after), kb.conditional_mutual_information(p))


@given(x=simplex(3), y=channel(3, 4), z=channel(4, 3))
def test_the_middle_of_a_chain_tells_all(x, y, z):
    """X → Y → Z: I(X; Z | Y) = 0, and I(X; Z) ≤ I(X; Y)."""
    p = x[:, None, None] * y[:, :, None] * z[None]
    p /= p.sum()
    assert 0 <= kb.conditional_mutual_information(p, axis=(0, 2, 1)) < 1e-14
    assert no_more(kb.mutual_information(p.sum(1)), kb.mutual_information(p.sum(2)))


def test_a_known_z_may_add_or_take():
    xor = np.zeros((2, 2, 2))
    xor[[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 0]] = 0.25
    assert kb.mutual_information(xor.sum(2)) == 0
    assert kb.conditional_mutual_information(xor) == pytest.approx(math.log(2), rel=1e-15)
    copies = np.zeros((2, 2, 2))
    copies[[0, 1], [0, 1], [0, 1]] = 0.5
    assert kb.mutual_information(copies.sum(2), base=2) == pytest.approx(1, rel=1e-15)
    assert kb.conditional_mutual_information(copies) == 0


def test_close_to_independence_the_digits_hold():
    """p = (1 ± ε)/8 given either z: I = ε²/2 + ε⁴/12 + …, where entropies would leave nothing."""
    sign = np.asarray([[1.0, -1.0], [-1.0, 1.0]])[:, :, None]
    for e in (1e-3, 1e-6, 2.0**-26):
        p = np.broadcast_to((1 + e * sign) / 8, (2, 2, 2))
        truth = (1 + e) / 2 * math.log1p(e) + (1 - e) / 2 * math.log1p(-e)
        truth = e * e / 2 + e**4 / 12 if e < 1e-2 else truth
        assert kb.conditional_mutual_information(p) == pytest.approx(truth, rel=1e-8)
