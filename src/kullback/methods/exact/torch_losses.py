"""A divergence of logits summed over rows with weights: the value and the gradient in one sweep.

Where a loss is a weighted sum, what its gradient will be multiplied by is known beforehand. Each
row is then read once: its gradient is written while the row is still in the cache, and `backward`
hands it on. A row of weight 0 is not read at all.
"""

from typing import Any, NamedTuple

import torch

from kullback.arrays.namespace import is_traced
from kullback.methods.exact import native
from kullback.methods.exact.held import Held
from kullback.methods.exact.sums import raise_for
from kullback.methods.exact.torch_kernels import (
    answer_dtype,
    common,
    generic_gradients,
    kernel_for,
    readable,
)
from kullback.questions import Question


class _Asked(NamedTuple):
    kernel: tuple[int, float]
    learner_first: bool
    temperature: float


def weighted_sum(
    of: Question,
    learner: Any,
    fixed: Any,
    weights: Any,
    /,
    *,
    learner_first: bool,
    temperature: float = 1.0,
) -> Any:
    """Return Σ weight D(p ‖ q) of logits over temperature; None where no kernel serves.

    Parameters
    ----------
    of : question
        D.
    learner, fixed : tensor, shape (*batch, k)
        Logits; the gradient reaches the learner, which is p if `learner_first` and q if not.
    weights : tensor, shape (*batch,)
        Of the rows.
    """
    kernel = native.logit_kernel(of)
    tensors = (learner, fixed, weights)
    if kernel is None or any(is_traced(t) or t.device.type != "cpu" for t in tensors):
        return None
    if not readable(learner, fixed) or learner.shape != fixed.shape or not learner.shape[-1]:
        return None
    learner, fixed = common(learner, fixed.detach())
    weights = weights.to(answer_dtype(learner)).contiguous()
    asked = _Asked(kernel, learner_first, temperature)
    if not (torch.is_grad_enabled() and learner.requires_grad):
        return _total(_sweep(asked, learner, fixed, weights, learns=False)[0], weights)
    return _WeightedSum.apply(of, asked, learner, fixed, weights)


class _WeightedSum(torch.autograd.Function):  # type: ignore[misc]
    @staticmethod
    def forward(ctx: Any, of: Any, asked: _Asked, learner: Any, fixed: Any, weights: Any) -> Any:
        ctx.of, ctx.asked = of, asked
        ctx.save_for_backward(learner, fixed, weights)
        values, ctx.grad = _sweep(asked, learner, fixed, weights)
        return _total(values, weights)

    @staticmethod
    def backward(ctx: Any, upstream: Any) -> Any:
        learner, fixed, weights = ctx.saved_tensors
        asked = ctx.asked
        if torch.is_grad_enabled() and (learner.requires_grad or upstream.requires_grad):
            counts = weights != 0

            def answer(learner: Any, fixed: Any) -> Any:
                a, b = learner[counts] / asked.temperature, fixed[counts] / asked.temperature
                held = Held("logits", *((a, b) if asked.learner_first else (b, a)), 0.0)
                return _total(ctx.of.terms(held.pair()).sum(-1), weights[counts])

            found = generic_gradients(answer, learner, fixed, (True, False), upstream)[0]
            return None, None, found, None, None
        grad, ctx.grad = ctx.grad, None
        if grad is None:  # a second backward through a graph that was retained
            _, grad = _sweep(asked, learner, fixed, weights)
        if float(upstream) != 1:
            grad.mul_(upstream)
        return None, None, grad.to(learner.dtype), None, None


def _total(values: Any, weights: Any) -> Any:
    return torch.dot(values.flatten(), weights.flatten())


def _sweep(
    asked: _Asked, learner: Any, fixed: Any, weights: Any, *, learns: bool = True
) -> tuple[Any, Any]:
    """Return each row's divergence, and the gradient of their weighted sum."""
    dtype, learner = weights.dtype, learner.detach()
    values = torch.zeros_like(weights)
    grad = torch.empty(learner.shape, dtype=dtype) if learns else None
    if not values.numel():
        return values, grad
    ordered = (learner, fixed) if asked.learner_first else (fixed, learner)
    slopes = weights / asked.temperature
    bad = kernel_for("logits_loss", dtype)(
        *asked.kernel, *ordered, asked.temperature, slopes, asked.learner_first, values, grad, 0
    )
    if bad >= 0:
        counts = weights != 0
        raise_for(Held("logits", ordered[0][counts], ordered[1][counts], 0.0))
    return values, grad
