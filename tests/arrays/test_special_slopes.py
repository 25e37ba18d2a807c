"""Slopes of the special functions: against stored digits, finite differences, and each other."""

import json
import math
from pathlib import Path

import numpy as np
import pytest

from kullback.arrays import special, stable

from ..backends import numbers, relative_error, wide_jax
from .shares import lbeta_excess

torch = pytest.importorskip("torch")

TRUTHS = json.loads((Path(__file__).parents[1] / "truths" / "special.json").read_text())

STORED = [
    ("lgamma", 0, "digamma"),
    ("digamma", 0, "trigamma"),
    ("trigamma", 0, "tetragamma"),
    ("bessel_ratio", 1, "bessel_ratio_slope"),
    ("log_kv", 1, "log_kv_slope"),
    ("erfcx", 0, "erfcx_slope"),
    ("ndtr", 0, "npdf"),
    ("log_ndtr", 0, "inverse_mills"),
    ("log_zeta", 0, "log_zeta_slope"),
    ("log_zeta_slope", 0, "log_zeta_curvature"),
    ("gammainc", 0, "gammainc/a"),
    ("betainc", 0, "betainc/a"),
    ("betainc", 1, "betainc/b"),
]

POINTS = {
    "lgamma": [0.3, 1.0, 2.0, 7.7],
    "digamma": [0.3, 1.4616, 20.0],
    "trigamma": [0.3, 2.0],
    "lgamma_excess": [(0.7, 3.0), (12.0, 12.5), (3.0, 3.0)],
    "digamma_difference": [(0.7, 3.0), (12.0, 12.5)],
    "lbeta": [(0.7, 3.0), (12.0, 0.4), (30.0, 40.0)],
    "lbeta_excess": [(0.7, 3.0, 0.9, 2.0), (30.0, 40.0, 31.0, 39.0)],
    "log_binomial": [(7.5, 2.2), (40.0, 11.0)],
    "log_iv": [(0.5, 1.3), (2.0, 40.0)],
    "bessel_ratio": [(0.5, 1.3), (2.0, 40.0)],
    "log_iv_excess": [(0.5, 1.3, 1.4), (2.0, 40.0, 300.0)],
    "log_kv": [(0.5, 1.3), (2.0, 40.0), (1.5, 0.2)],
    "i0e": [0.4, 9.0, -2.0],
    "i1e": [0.4, 9.0, -2.0],
    "exp1_scaled": [0.4, 3.0],
    "expi": [0.4, -2.0],
    "erf": [0.4, -2.0],
    "erfc": [0.4, 2.5],
    "erfcx": [0.4, -1.0, 5.0],
    "npdf": [0.4, -3.0],
    "ndtr": [0.4, -3.0],
    "log_ndtr": [0.4, -8.0, 2.0],
    "ndtri": [0.1, 0.8],
    "gammainc": [(0.4, 0.7), (2.5, 4.0), (60.0, 50.0)],
    "gammaincc": [(0.4, 0.7), (2.5, 4.0), (60.0, 50.0)],
    "betainc": [(0.4, 0.7, 0.2), (2.5, 4.0, 0.7), (30.0, 3.0, 0.9)],
    "zeta": [1.3, 4.0],
    "log_zeta": [1.3, 4.0],
    "log_zeta_excess": [(1.3, 1.4), (4.0, 20.0)],
}
FUNCTIONS = {name: getattr(special, name, lbeta_excess) for name in POINTS}
FIXED = {"log_iv", "bessel_ratio", "log_iv_excess", "log_kv"}
"""Their first argument is an order: a constant."""


def columns(rows):
    return [
        np.asarray(c)
        for c in zip(*(r if isinstance(r, (tuple, list)) else (r,) for r in rows), strict=True)
    ]


def jax_slope(f, which, inputs):
    jax = wide_jax()
    arrays = [jax.numpy.asarray(x) for x in inputs]
    return jax.jit(jax.vmap(jax.grad(f, argnums=which)))(*arrays)


def torch_slope(f, which, inputs):
    tensors = [torch.from_numpy(x.copy()) for x in inputs]
    tensors[which].requires_grad_()
    f(*tensors).sum().backward()
    return tensors[which].grad


@pytest.mark.parametrize("slope", [torch_slope, jax_slope])
@pytest.mark.parametrize(("name", "which", "truth"), STORED)
def test_digits(slope, name, which, truth):
    rows = [r for r in TRUTHS[truth] if abs(float(r[-1])) > 1e-290]
    got = slope(getattr(special, name), which, columns([r[:-1] for r in rows]))
    bound = 1e-10 if name == "betainc" else 2e-13  # a difference of values of JAX's own kind
    assert relative_error(got, [float(r[-1]) for r in rows]) < bound


@pytest.mark.parametrize("name", POINTS)
def test_against_differences(name):
    """First and second slopes, in every argument and mixed."""
    f = FUNCTIONS[name]
    inputs = [torch.from_numpy(x.astype(float)) for x in columns(POINTS[name])]
    for x in inputs[name in FIXED :]:
        x.requires_grad_()
    assert torch.autograd.gradcheck(f, inputs, atol=1e-8, rtol=1e-6)
    if name in {"lbeta_excess", "betainc", "gammainc", "gammaincc"}:
        inputs = [x[:2].detach().requires_grad_() for x in inputs]
    assert torch.autograd.gradgradcheck(f, inputs, atol=1e-7, rtol=1e-5)


@pytest.mark.parametrize("name", POINTS)
def test_torch_and_jax_agree(name):
    inputs = [x.astype(float) for x in columns(POINTS[name])]
    f = FUNCTIONS[name]
    for which in range(int(name in FIXED), len(inputs)):
        tensor = torch_slope(f, which, inputs)
        assert np.allclose(numbers(tensor), jax_slope(f, which, inputs), rtol=1e-11, atol=1e-13)


@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning")
def test_transforms_of_torch():
    """vmap, forward mode, and grad of grad through torch.func."""
    x = torch.tensor([0.5, 3.0, 20.0], dtype=torch.float64)
    vmap, grad, jvp = torch.func.vmap, torch.func.grad, torch.func.jvp
    assert torch.allclose(vmap(grad(special.lgamma))(x), torch.digamma(x))
    assert torch.allclose(vmap(grad(grad(special.lgamma)))(x), special.trigamma(x))
    assert torch.allclose(jvp(special.lgamma, (x,), (x,))[1], x * torch.digamma(x))
    two = torch.tensor(2.0, dtype=torch.float64)
    both = vmap(special.lgamma_excess, in_dims=(0, None))(x, two)
    assert torch.allclose(both, special.lgamma_excess(x, 2.0))


def test_float32_slopes_without_x64():
    """JAX as it comes: float32 in and out, its slopes too, inside jit, vmap and hessian."""
    jax = wide_jax()
    x = np.asarray([0.5, 1.00001, 3.0, 100.0], np.float32)
    wide = x.astype(np.float64)
    with jax.enable_x64(False) if hasattr(jax, "enable_x64") else jax.experimental.disable_x64():
        y = jax.numpy.asarray(x)
        value = jax.jit(special.lgamma_excess)(y, y * (1 + 1e-5))
        slope = jax.jit(jax.vmap(jax.grad(special.lgamma)))(y)
        second = jax.jit(jax.hessian(lambda z: special.lgamma(z).sum()))(y)
        host = jax.jit(special.log_kv)(0.5, y)
        assert {a.dtype for a in (value, slope, second, host)} == {np.dtype(np.float32)}
        value, slope, second, host = map(np.asarray, (value, slope, second, host))
    step = (x * np.float32(1 + 1e-5)).astype(np.float64)
    assert relative_error(value, special.lgamma_excess(wide, step)) < 1e-6
    assert relative_error(slope, special.digamma(wide)) < 1e-6
    assert relative_error(np.diag(second), special.trigamma(wide)) < 1e-6
    assert relative_error(host, special.log_kv(0.5, wide)) < 1e-6


def test_log1mexp():
    """log(1 − e⁻ˣ): values and slopes at its seam and ends."""
    given = [0.0, 1e-20, 0.3, 0.7, 50.0]
    x = np.asarray(given)
    middle = [math.log(-math.expm1(-v)) for v in given[1:4]]
    truth = [-math.inf, *middle, math.log1p(-math.exp(-50))]
    slope = [1 / math.expm1(v) for v in given[1:]]
    with np.errstate(divide="ignore"):
        assert relative_error(stable.log1mexp(x), truth) < 1e-15
    assert relative_error(torch_slope(stable.log1mexp, 0, [x[1:]]), slope) < 1e-14
    assert relative_error(jax_slope(stable.log1mexp, 0, [x[1:]]), slope) < 1e-14
