"""Answers come back in the caller's library, dtype and device."""

import math

import numpy as np
import pytest

import kullback as kb

from ..backends import Backend, numbers, relative_error

P, Q = [0.2, 0.3, 0.5], [0.4, 0.5, 0.1]
HALVES = [0.1875, 0.3125, 0.5], [0.40625, 0.5, 0.09375]
"""The same in half precision, exactly."""

ASK = {
    "kl": kb.kl,
    "js": kb.js,
    "js of a list": lambda p, q: kb.js([p, q]),
    "js_distance": kb.js_distance,
    "jeffreys": kb.jeffreys,
    "tv": kb.tv,
    "hellinger": kb.hellinger,
    "chi2": kb.chi2,
    "renyi 0": lambda p, q: kb.renyi(p, q, alpha=0),
    "renyi 2": lambda p, q: kb.renyi(p, q, alpha=2),
    "renyi ∞": lambda p, q: kb.renyi(p, q, alpha=math.inf),
    "tsallis": lambda p, q: kb.tsallis(p, q, alpha=0.3),
    "alpha": lambda p, q: kb.alpha_divergence(p, q, alpha=-1),
    "hockey-stick": lambda p, q: kb.hockey_stick(p, q, gamma=1.5),
    "f": lambda p, q: kb.f_divergence(p, q, f=lambda t: (t - 1) ** 2),
    "entropy": lambda p, _: kb.entropy(p),
    "cross-entropy": kb.cross_entropy,
    "kl in bits": lambda p, q: kb.kl(p, q, base=2),
    "kl of logits": lambda p, q: kb.kl(kb.Logits(p), kb.Logits(q)),
    "kl of mixed forms": lambda p, q: kb.kl(p, kb.Logits(q)),
}


def library_of(x):
    return type(x).__module__.partition(".")[0].replace("jaxlib", "jax")


def dtype_of(x):
    return str(x.dtype).rpartition(".")[2]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
def test_library_dtype_and_value(xp, ask, dtype):
    with np.errstate(divide="ignore"):
        truth = ask(np.array([P, Q]), np.array([Q, P]))
    got = ask(xp.array([P, Q], dtype), xp.array([Q, P], dtype))
    assert library_of(got) == xp.library
    assert dtype_of(got) == dtype
    assert tuple(got.shape) == (2,)
    assert relative_error(got, truth) < (1e-13 if dtype == "float64" else 1e-5)


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
def test_a_single_row_too(xp, ask):
    got = ask(xp.array(P), xp.array(Q))
    assert library_of(got) == xp.library
    assert tuple(got.shape) == ()
    assert relative_error(got, ask(P, Q)) < 1e-13


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
def test_lists_and_tuples_give_floats(ask, engine):
    value = ask(P, tuple(Q))
    assert type(value) is float
    assert value == float(ask(np.array(P), np.array(Q)))


def test_lists_of_rows_give_an_array(engine):
    value = kb.kl([P, Q], Q)
    assert isinstance(value, np.ndarray)
    assert value.shape == (2,)
    assert value[1] == 0


def test_numpy_scalars_are_numbers(engine):
    value = kb.kl(np.array(P), np.array(Q))
    assert isinstance(value, np.float64)
    assert isinstance(kb.kl(np.float32(P), np.float32(Q)), np.float32)


@pytest.mark.parametrize("ask", ASK.values(), ids=ASK)
@pytest.mark.parametrize("library", ["numpy", "torch", "jax"])
def test_half_precision_gives_single(ask, library, engine):
    backend = Backend(library)
    p, q = (backend.array(x, "float16") for x in HALVES)
    got = ask(p, q)
    assert dtype_of(got) == "float32"
    assert relative_error(got, ask(*HALVES)) < 1e-5


@pytest.mark.parametrize(
    ("one", "other", "common"),
    [
        ("float32", "float64", "float64"),
        ("float16", "float32", "float32"),
        ("float16", "float64", "float64"),
    ],
)
@pytest.mark.parametrize("library", ["numpy", "torch"])
@pytest.mark.parametrize("ask", [kb.kl, kb.js, ASK["kl of logits"], ASK["kl of mixed forms"]])
def test_two_dtypes_meet_in_the_wider(library, ask, one, other, common, engine):
    backend = Backend(library)
    for left, right in ((one, other), (other, one)):
        got = ask(backend.array(P, left), backend.array(Q, right))
        assert dtype_of(got) == common
        assert relative_error(got, ask(P, Q)) < 1e-2


def test_bfloat16(engine):
    import torch

    p, q = (torch.tensor(x).bfloat16() for x in HALVES)
    got = kb.kl(p, q)
    assert got.dtype == torch.float32
    assert relative_error(got, kb.kl(*HALVES)) < 1e-5
    z = torch.tensor([[1.5, -2.25, 3.0], [0.5, 0.125, -7.0]]).bfloat16()
    assert (
        relative_error(
            kb.kl(kb.Logits(z), kb.Logits(z.flip(-1))),
            kb.kl(kb.Logits(numbers(z)), kb.Logits(numbers(z.flip(-1)))),
        )
        < 1e-5
    )


def test_columns_of_tables(engine):
    pandas, polars = pytest.importorskip("pandas"), pytest.importorskip("polars")
    for column in (pandas.Series, polars.Series):
        assert kb.kl(column(P), column(Q)) == kb.kl(np.array(P), np.array(Q))
    frame = pandas.DataFrame([P, Q])
    assert np.array_equal(kb.kl(frame, [Q, P]), kb.kl(np.array([P, Q]), np.array([Q, P])))
    seen = pandas.Series(["a", "b", "b", "b"]).value_counts(sort=False)
    assert kb.entropy(kb.Counts(seen), base=2) == pytest.approx(0.8112781244591328)


def test_devices_are_kept():
    import torch

    p, q = torch.empty(4, 3, device="meta"), torch.empty(3, device="meta")
    for form in (kb.Probs, kb.Logits):
        got = kb.kl(form(p), form(q))
        assert got.device.type == "meta"
        assert got.shape == (4,)


def test_the_users_arrays_stay_as_they_are(xp):
    p, q = xp.array([P, Q]), xp.array([Q, P])
    for ask in ASK.values():
        ask(p, q)
    assert np.array_equal(numbers(p), [P, Q])
    assert np.array_equal(numbers(q), [Q, P])
