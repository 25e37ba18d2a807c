"""Gradients in torch and in JAX, by one name."""

from functools import partial

import numpy as np

from ..backends import numbers, wide_jax


def torch_gradients(ask, *arrays, upstream=None):
    """Return the value of ask(*tensors), and its gradient in each."""
    import torch

    leaves = [torch.tensor(np.array(x), requires_grad=True) for x in arrays]
    value = ask(*leaves)
    weight = (
        torch.ones_like(value) if upstream is None else torch.tensor(upstream, dtype=value.dtype)
    )
    if not value.requires_grad:  # a question that looks at neither, as Rényi's of order 0 may
        return numbers(value), [np.zeros(x.shape) for x in leaves]
    found = torch.autograd.grad(value, leaves, weight, allow_unused=True, materialize_grads=True)
    return numbers(value), [numbers(g) for g in found]


def jax_gradients(ask, *arrays, upstream=None):
    """Return the value of ask(*arrays), and its gradient in each."""
    jax = wide_jax()
    arrays = [jax.numpy.asarray(x) for x in arrays]
    value, back = jax.vjp(ask, *arrays)
    weight = (
        jax.numpy.ones_like(value) if upstream is None else jax.numpy.asarray(upstream, value.dtype)
    )
    return numbers(value), [numbers(g) for g in back(weight)]


def ask_of(of, form):
    """Return the question of two arrays of this form, as a function."""
    from kullback._measure import value_of

    return partial(_asked, value_of, of, form)


def _asked(value_of, of, form, p, q):
    return value_of(of, form(p), form(q), None, -1, None)
