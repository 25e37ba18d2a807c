"""Functions of arrays whose slopes are known: one body, served to every library in float64."""

from collections.abc import Callable
from functools import cache, update_wrapper
from typing import Any

import numpy as np

from kullback.arrays.namespace import (
    as_default_float,
    is_integer,
    library_of,
    namespace,
    stop_gradient,
)

Body = Callable[..., Any]
Slope = Callable[..., Any] | None

BLOCK = 8192
"""How many elements numpy works on at a time: what a body keeps then stays in the cache."""


class Smooth:
    """An elementwise function f(x₁, …, xₙ) and its partial derivatives, in every library.

    The body is written once on the array-API standard, and always sees float64: narrower arrays
    are widened before it and narrowed after it, so that float32 loses one rounding and no more.
    Each slope is a function of the same arguments and itself made of such functions: derivatives
    of any order follow. A slope that is None makes its argument a constant.
    """

    def __init__(self, body: Body, slopes: tuple[Slope, ...], native: bool = False) -> None:
        self.body, self.slopes, self.native = body, slopes, native
        update_wrapper(self, body)

    def __call__(self, *given: Any) -> Any:
        """Return f of arrays or numbers that broadcast, in their common dtype."""
        arrays = together(*given)
        library = library_of(arrays[0])
        if library == "torch":
            return _torch_function(self)(*arrays)
        if library == "jax":
            return _jax_function(self)(*arrays)
        xp, dtype = namespace(arrays[0]), arrays[0].dtype
        if library != "numpy":
            wide = [xp.astype(x, xp.float64) for x in arrays]
            return xp.astype(self.body(*wide), dtype)
        with np.errstate(all="ignore"):
            value = self.on_numpy(arrays).astype(dtype, copy=False)[()]
        return float(value) if all(type(x) in (int, float) for x in given) else value

    def on_numpy(self, arrays: tuple[np.ndarray, ...]) -> np.ndarray:
        """Return f of numpy arrays of one shape, as float64."""
        with np.errstate(all="ignore"):
            wide = [np.asarray(x, np.float64) for x in arrays]
            if self.native or wide[0].size <= BLOCK:
                return np.asarray(self.body(*wide))
            flat = [x.reshape(-1) for x in wide]
            out = np.empty_like(flat[0])
            for start in range(0, out.size, BLOCK):
                block = slice(start, start + BLOCK)
                out[block] = self.body(*(x[block] for x in flat))
            return out.reshape(wide[0].shape)


def smooth(*slopes: Slope, native: bool = False) -> Callable[[Body], Smooth]:
    """Make a body into a Smooth function; native: made of the libraries' own calls."""
    return lambda body: Smooth(body, slopes, native)


def together(*given: Any) -> tuple[Any, ...]:
    """Return arrays and numbers as arrays of one library, floating dtype and shape.

    Numbers take the dtype of the arrays; numpy's own scalars are arrays unless others hold them.
    """
    foreign = any(not _is_number(x) and library_of(x) != "numpy" for x in given)
    loose = [_is_number(x) and (foreign or not isinstance(x, np.generic)) for x in given]
    if all(loose):
        return tuple(np.broadcast_arrays(*(np.asarray(x, np.float64) for x in given)))
    arrays = [x for x, number in zip(given, loose, strict=True) if not number]
    arrays = [np.asarray(x) if library_of(x) in {"builtins", "numpy"} else x for x in arrays]
    xp = namespace(*arrays)
    floats = [as_default_float(x) if is_integer(x) else x for x in arrays]
    dtype = floats[0].dtype
    for x in floats[1:]:
        dtype = dtype if x.dtype == dtype else xp.result_type(dtype, x.dtype)
    device = {"device": floats[0].device} if library_of(floats[0]) == "torch" else {}
    rest = iter(floats)
    ready = [
        xp.asarray(float(x), dtype=dtype, **device) if number else _cast(next(rest), dtype)
        for x, number in zip(given, loose, strict=True)
    ]
    return tuple(ready if len(ready) == 1 else xp.broadcast_arrays(*ready))


def _is_number(x: Any) -> bool:
    return isinstance(x, (int, float, np.generic))


def _cast(x: Any, dtype: Any) -> Any:
    return x if x.dtype == dtype else namespace(x).astype(x, dtype)


@cache
def _torch_function(f: Smooth) -> Callable[..., Any]:
    """Return f as a differentiable function of tensors of one shape."""
    import torch

    def value(*tensors: Any) -> Any:
        dtype = tensors[0].dtype
        if f.native or tensors[0].device.type != "cpu":
            return f.body(*(x.to(torch.float64) for x in tensors)).to(dtype)
        arrays = tuple(x.detach().to(torch.float64).numpy() for x in tensors)
        out = np.ascontiguousarray(f.on_numpy(arrays)).reshape(arrays[0].shape)
        return torch.from_numpy(out).to(dtype)

    class Differentiable(torch.autograd.Function):  # type: ignore[misc]  # torch is Any here
        @staticmethod
        def forward(*tensors: Any) -> Any:
            return value(*tensors)

        @staticmethod
        def setup_context(ctx: Any, inputs: Any, output: Any) -> None:  # noqa: ARG004
            ctx.save_for_backward(*inputs)
            ctx.save_for_forward(*inputs)

        @staticmethod
        def backward(ctx: Any, *seeds: Any) -> Any:
            tensors = ctx.saved_tensors
            return tuple(
                seeds[0] * slope(*tensors) if slope and wanted else None
                for slope, wanted in zip(f.slopes, ctx.needs_input_grad, strict=True)
            )

        @staticmethod
        def jvp(ctx: Any, *tangents: Any) -> Any:
            tensors = ctx.saved_tensors
            total = torch.zeros_like(tensors[0])
            for slope, tangent in zip(f.slopes, tangents, strict=True):
                if slope and tangent is not None:
                    total = total + tangent * slope(*tensors)
            return total

        @staticmethod
        def vmap(info: Any, in_dims: Any, *tensors: Any) -> Any:
            front = [
                x.unsqueeze(0).expand(info.batch_size, *x.shape) if d is None else x.movedim(d, 0)
                for x, d in zip(tensors, in_dims, strict=True)
            ]
            return Differentiable.apply(*front), 0

    applied: Callable[..., Any] = Differentiable.apply
    return applied


@cache
def _jax_function(f: Smooth) -> Callable[..., Any]:
    """Return f as a differentiable function of JAX arrays of one shape and dtype."""
    import jax

    wide_body = jax.jit(f.body)

    def value(*arrays: Any) -> Any:
        dtype = arrays[0].dtype
        if dtype == jax.numpy.float64:
            return wide_body(*arrays)
        with in_float64():
            wide = [jax.lax.convert_element_type(x, jax.numpy.float64) for x in arrays]
            return jax.lax.convert_element_type(wide_body(*wide), dtype)

    differentiable = jax.custom_jvp(value)

    def jvp(primals: Any, tangents: Any) -> Any:
        out = differentiable(*primals)
        total = None
        for slope, tangent in zip(f.slopes, tangents, strict=True):
            if slope is None or isinstance(tangent, jax.custom_derivatives.SymbolicZero):
                continue
            term = slope(*primals) * tangent
            total = term if total is None else total + term
        return out, jax.numpy.zeros_like(out) if total is None else total

    differentiable.defjvp(jvp, symbolic_zeros=True)
    return differentiable  # type: ignore[no-any-return]


def constant(body: Body, *arrays: Any) -> Any:
    """Return body(arrays) computed in float64, in the dtype of the arrays and without slopes."""
    fixed = [stop_gradient(x) for x in arrays]
    dtype, xp = fixed[0].dtype, namespace(*fixed)
    if library_of(fixed[0]) == "jax" and dtype != "float64":
        with in_float64():
            return body(*(xp.astype(x, "float64") for x in fixed)).astype(dtype)
    if library_of(fixed[0]) == "numpy":
        with np.errstate(all="ignore"):
            return np.asarray(body(*(np.asarray(x, np.float64) for x in fixed))).astype(dtype)[()]
    return xp.astype(body(*(xp.astype(x, xp.float64) for x in fixed)), dtype)


def with_slopes_of(plain: Any, value: Any) -> Any:
    """Return the value, with the slopes of a plain formula for it."""
    if library_of(plain) == "numpy":
        return value
    xp = namespace(plain)
    safe = xp.where(xp.isfinite(plain), plain, xp.zeros_like(plain))
    return value + (safe - stop_gradient(safe))


def in_front(values: Any, like: Any) -> Any:
    """Return a few constants along a new first axis, in the library and dtype of an array."""
    xp = namespace(like)
    device = {"device": like.device} if library_of(like) == "torch" else {}
    column = np.asarray(values, np.float64).reshape(-1, *(1 for _ in like.shape))
    return xp.asarray(column, dtype=like.dtype, **device)


def repeated(step: Callable[[Any, Any], Any], count: int, value: Any) -> Any:
    """Return step(count − 1, … step(1, step(0, value))); JAX compiles the step once."""
    first = value[0] if isinstance(value, tuple) else value
    if library_of(first) == "jax":
        import jax

        return jax.lax.fori_loop(0, count, step, value)
    for i in range(count):
        value = step(i, value)
    return value


def in_float64() -> Any:
    """Return the context in which JAX computes in float64, whatever its default."""
    import jax

    if hasattr(jax, "enable_x64"):
        return jax.enable_x64(True)
    from jax.experimental import enable_x64

    return enable_x64()
