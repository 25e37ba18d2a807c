"""What `base` means: a unit, for the questions measured in information."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kullback as kb

from .strategies import same, simplex

IN_UNITS = {
    "kl": kb.kl,
    "jeffreys": kb.jeffreys,
    "js": kb.js,
    "js of a list": lambda p, q, **unit: kb.js([p, q], **unit),
    "renyi 0": lambda p, q, **unit: kb.renyi(p, q, alpha=0, **unit),
    "renyi ½": lambda p, q, **unit: kb.renyi(p, q, alpha=0.5, **unit),
    "renyi 2": lambda p, q, **unit: kb.renyi(p, q, alpha=2, **unit),
    "renyi ∞": lambda p, q, **unit: kb.renyi(p, q, alpha=math.inf, **unit),
    "entropy": lambda p, _, **unit: kb.entropy(p, **unit),
    "cross-entropy": kb.cross_entropy,
    "mutual information": lambda p, _, **unit: kb.mutual_information(p.reshape(2, 2), **unit),
    "pairwise": lambda p, q, **unit: kb.pairwise(p[None], q[None], **unit)[0, 0],
    "measure": lambda p, q, **unit: kb.measure(p, q, **unit).value,
}


@pytest.mark.parametrize("call", IN_UNITS.values(), ids=IN_UNITS)
@given(p=simplex(4), q=simplex(4), base=st.one_of(st.just(2), st.just(10), st.floats(1.5, 50)))
def test_a_base_is_a_unit(call, p, q, base):
    assert same(call(p, q, base=base), call(p, q) / math.log(base))


@given(p=simplex(4), q=simplex(4))
def test_a_base_under_the_root(p, q):
    assert same(kb.js_distance(p, q, base=2) ** 2, kb.js(p, q, base=2))


def test_a_fair_coin_is_one_bit():
    assert kb.entropy([0.5, 0.5], base=2) == 1
    assert kb.kl([1.0, 0.0], [0.5, 0.5], base=2) == 1
    assert kb.kl([1.0, 0.0], [0.1, 0.9], base=10) == pytest.approx(1, rel=1e-15)


def test_a_base_below_one_turns_the_sign():
    assert kb.kl([0.5, 0.5], [0.9, 0.1], base=0.5) == pytest.approx(
        -kb.kl([0.5, 0.5], [0.9, 0.1], base=2)
    )
