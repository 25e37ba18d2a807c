"""Bad input is refused by an error of our own: the argument, the numbers, the way out."""

import math

import numpy as np
import pytest

import kullback as kb
from kullback.methods.exact import native

from .backends import Backend
from .refused import HALF, REFUSED, ROWS, changed


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name, engine):
    call, error, says = REFUSED[name]
    with pytest.raises(error) as caught:
        call()
    message = str(caught.value)
    assert isinstance(caught.value, kb.KullbackError)
    assert [part for part in says if part not in message] == []


@pytest.mark.skipif(native.kernels is None, reason="built without native kernels")
@pytest.mark.parametrize("name", REFUSED)
def test_both_engines_say_the_same(name, monkeypatch):
    with pytest.raises(kb.KullbackError) as fast:
        REFUSED[name].call()
    monkeypatch.setattr(native, "kernels", None)
    with pytest.raises(kb.KullbackError) as generic:
        REFUSED[name].call()
    assert (type(fast.value), str(fast.value)) == (type(generic.value), str(generic.value))


NUMBERS_IN_A_ROW = {
    "negative": (changed(ROWS, (2, 1), -0.25), kb.InvalidInputError, "p[2, 1] = -0.25"),
    "NaN": (changed(ROWS, (1, 3), math.nan), kb.InvalidInputError, "p[1, 3] is NaN"),
    "sum": (changed(ROWS, (1, 0), 0.5), kb.NotNormalisedError, "row [1] of p sums to 1.25"),
}


@pytest.mark.parametrize(("rows", "error", "says"), NUMBERS_IN_A_ROW.values(), ids=NUMBERS_IN_A_ROW)
@pytest.mark.parametrize("library", ["torch", "jax", "strict"])
def test_every_library_is_told_the_same(library, rows, error, says, engine):
    backend = Backend(library)
    good = backend.array(ROWS)
    for ask in (kb.kl, kb.js, kb.chi2, kb.entropy):
        with pytest.raises(error) as caught:
            ask(backend.array(rows)) if ask is kb.entropy else ask(backend.array(rows), good)
        assert says in str(caught.value)


@pytest.mark.parametrize("ask", [kb.tv, kb.hellinger, kb.chi2])
def test_questions_without_a_unit_take_no_base(ask):
    with pytest.raises(TypeError, match="base"):
        ask(HALF, HALF, base=2)


@pytest.mark.parametrize(
    ("dtype", "allowed", "refused"),
    [("float64", 0.9e-6, 1.1e-6), ("float32", 0.9e-4, 1.1e-4), ("float16", 0.9e-2, 1.2e-2)],
)
def test_how_far_a_sum_may_lie_from_one(dtype, allowed, refused, engine):
    q = np.array(HALF, dtype)
    assert kb.kl(np.array([0.5, 0.5 + allowed], dtype), q) >= 0
    with pytest.raises(kb.NotNormalisedError, match="p sums to 1"):
        kb.kl(np.array([0.5, 0.5 + refused], dtype), q)


def test_errors_are_also_pythons_own():
    for error, builtin in {
        kb.InvalidInputError: ValueError,
        kb.NotNormalisedError: ValueError,
        kb.ShapeError: ValueError,
        kb.InputTypeError: TypeError,
        kb.MixedArraysError: TypeError,
        kb.NoMethodError: NotImplementedError,
        kb.MissingExtraError: ImportError,
        kb.TableError: ValueError,
    }.items():
        assert issubclass(error, (kb.KullbackError, builtin))
        assert issubclass(error, kb.KullbackError)
        assert issubclass(error, builtin)
