"""The special functions against 40 stored digits: in three libraries and two dtypes."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from kullback.arrays import special

from ..backends import Backend, numbers, relative_error
from .shares import lbeta_excess

TRUTHS = json.loads((Path(__file__).parents[1] / "truths" / "special.json").read_text())

LIBRARIES = [Backend("numpy"), Backend("torch"), Backend("jax")]

BOUND = 1e-14
"""What float64 is held to, unless the table below says otherwise."""

LOOSER = {
    "erfc": 2e-14,
    "lbeta": 4e-14,  # near B = 1, where JAX's log Γ shows
    "ndtr": 1e-13,  # XLA's exponential of large arguments
    "npdf": 1e-13,
    "log_ndtr": 1e-13,
    "inverse_mills": 1e-13,
    "gammainc": 1e-13,
    "gammaincc": 2e-12,  # JAX's own, far in the tail
    "betainc": 1e-10,  # JAX's own, for large a and b
}

FUNCTIONS = {name: getattr(special, name) for name in TRUTHS if hasattr(special, name)}
FUNCTIONS["lbeta_excess"] = lbeta_excess
FUNCTIONS["tetragamma"] = lambda x: special.polygamma(2, x)


@pytest.fixture(params=LIBRARIES, ids=lambda library: library.name)
def library(request):
    return request.param


def columns(name):
    """The arguments, column by column, and the values in float64."""
    rows = TRUTHS[name]
    inputs = [np.asarray(column) for column in zip(*(row[:-1] for row in rows), strict=True)]
    return inputs, np.asarray([float(row[-1]) for row in rows])


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_digits(library, name):
    inputs, truth = columns(name)
    got = FUNCTIONS[name](*(library.array(x) for x in inputs))
    assert relative_error(got, truth) < LOOSER.get(name, BOUND)


@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_float32(library, name):
    """Computed in float64 from the rounded inputs: one rounding is lost, also where all is tiny."""
    inputs, _ = columns(name)
    narrow = [x.astype(np.float32) for x in inputs]
    inside = np.all(
        [np.isfinite(x) & (x != 0) | (x == y) for x, y in zip(narrow, inputs, strict=True)], axis=0
    )
    narrow = [x[inside] for x in narrow]
    wide = numbers(FUNCTIONS[name](*(x.astype(np.float64) for x in narrow)))
    got = FUNCTIONS[name](*(library.array(x, "float32") for x in narrow))
    assert str(got.dtype).endswith("float32")
    kept = (np.abs(wide) > 1.2e-38) & (np.abs(wide) < 3.4e38)
    assert relative_error(numbers(got)[kept], wide[kept]) < 2e-7


def test_excess_of_close_parameters_in_float32(library):
    """Gamma(100, 3) ‖ Gamma(100 (1 + 1e-5), 3), and a Poisson-like 1e4: never 0, never negative."""
    for shape, truth in ((100.0, 5.0e-9), (1e4, 5.0e-7)):
        a = library.array([shape], "float32")
        got = float(special.lgamma_excess(a, a * np.float32(1 + 1e-5))[0])
        assert got == pytest.approx(truth, rel=0.1)


def test_excess_of_equals_is_zero(library):
    x = library.array([1.7, 3.0, 40.0, 1e4])
    for value in (
        special.lgamma_excess(x, x),
        lbeta_excess(x, 2.0, x, 2.0),
        special.log_iv_excess(0.5, x, x),
        special.log_zeta_excess(x, x),
    ):
        assert numbers(value).tolist() == [0, 0, 0, 0]


def test_multivariate_gamma(library):
    """Γ₁ is Γ; Γ₃(4) = π^{3/2} Γ(4) Γ(3.5) Γ(3); ψ₃ is the slope."""
    a = library.array([4.0])
    truth = 1.5 * math.log(math.pi) + math.lgamma(4) + math.lgamma(3.5) + math.lgamma(3)
    assert relative_error(special.lmultigamma(a, 3), [truth]) < 1e-15
    assert relative_error(special.lmultigamma(a, 1), [math.log(6)]) < 1e-15
    slope = 11 / 6 + 46 / 15 + 3 / 2 - 3 * np.euler_gamma - 2 * math.log(2)
    assert relative_error(special.multidigamma(a, 3), [slope]) < 1e-15


def test_dirichlet_is_a_chain_of_betas(library):
    """KL(Dir(a) ‖ Dir(b)) = KL of the first share, plus KL of how the rest is divided."""
    a, b = library.array([[2.0, 30.0, 500.0]]), library.array([[2.1, 29.0, 530.0]])
    whole = special.ldirichlet_excess(a, b)
    first = lbeta_excess(a[:, 0], a[:, 1] + a[:, 2], b[:, 0], b[:, 1] + b[:, 2])
    rest = special.ldirichlet_excess(a[:, 1:], b[:, 1:])
    assert relative_error(whole, numbers(first + rest)) < 1e-13
    assert whole.shape == (1,)


EDGES = [
    ("lgamma", (0.0,), math.inf),
    ("lgamma", (math.inf,), math.inf),
    ("digamma", (math.inf,), math.inf),
    ("trigamma", (math.inf,), 0.0),
    ("lgamma_excess", (0.0, 1.0), math.inf),
    ("lgamma_excess", (1.0, 0.0), math.inf),
    ("lgamma_excess", (1.0, math.inf), math.inf),
    ("lgamma_excess", (1e-300, 1e-300), 0.0),
    ("digamma_difference", (1.0, math.inf), math.inf),
    ("digamma_difference", (0.0, 1.0), math.inf),
    ("log_iv", (0.0, 0.0), 0.0),
    ("log_iv", (0.5, 0.0), -math.inf),
    ("log_iv", (0.5, math.inf), math.inf),
    ("bessel_ratio", (0.5, 0.0), 0.0),
    ("bessel_ratio", (0.5, math.inf), 1.0),
    ("bessel_ratio_slope", (0.5, 0.0), 1 / 3),
    ("log_kv", (0.5, 0.0), math.inf),
    ("log_kv", (0.5, math.inf), -math.inf),
    ("log_kv", (20.0, 1e-100), 20 * math.log(2e100) + math.lgamma(20) - math.log(2)),
    ("exp1_scaled", (0.0,), math.inf),
    ("exp1_scaled", (math.inf,), 0.0),
    ("erfcx", (math.inf,), 0.0),
    ("ndtr", (-math.inf,), 0.0),
    ("ndtr", (math.inf,), 1.0),
    ("log_ndtr", (-math.inf,), -math.inf),
    ("log_ndtr", (math.inf,), 0.0),
    ("npdf", (math.inf,), 0.0),
    ("ndtri", (0.0,), -math.inf),
    ("ndtri", (1.0,), math.inf),
    ("gammainc", (2.0, 0.0), 0.0),
    ("gammainc", (2.0, math.inf), 1.0),
    ("gammainc", (2e4, math.inf), 1.0),
    ("gammaincc", (2.0, math.inf), 0.0),
    ("gammaincc", (2e4, 0.0), 1.0),
    ("betainc", (2.0, 3.0, 0.0), 0.0),
    ("betainc", (2.0, 3.0, 1.0), 1.0),
    ("log_zeta", (1e4,), 0.0),
]


@pytest.mark.parametrize(("name", "given", "truth"), EDGES, ids=str)
def test_edges(library, name, given, truth):
    got = FUNCTIONS[name](*(library.array([x]) for x in given))
    assert relative_error(got, [truth]) < 1e-14


def test_numbers_lists_and_broadcasting():
    assert special.lgamma(4.0) == pytest.approx(math.log(6), rel=1e-15)
    assert isinstance(special.lgamma(4), float)
    grid = special.lbeta(np.asarray([[1.0], [2.0]]), [1.0, 2.0, 3.0])
    assert relative_error(grid, -np.log([[1, 2, 3], [2, 6, 12]])) < 1e-15
    assert special.gammainc(np.float32(2), np.asarray([1.0], np.float32)).dtype == np.float32
    assert special.digamma(np.asarray([[2]])).shape == (1, 1)


def test_many_elements_are_taken_in_blocks():
    a = np.linspace(0.5, 40, 30_001)
    whole = special.lgamma_excess(a, 1.3 * a)
    assert np.array_equal(whole[::1000], special.lgamma_excess(a[::1000], 1.3 * a[::1000]))
