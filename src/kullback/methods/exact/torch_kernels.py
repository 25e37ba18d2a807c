"""torch on the CPU: the kernels forward and backward, the array path for second derivatives."""

from collections.abc import Callable
from typing import Any

import torch

from kullback.arrays.namespace import is_traced
from kullback.methods.exact import native
from kullback.methods.exact.held import Held
from kullback.questions import KL, CrossEntropy, Entropy, Question


def value(of: Question, held: Held, threads: int) -> Any:
    """Return the answer for each row, or None where no kernel serves."""
    if is_traced(held.p) or is_traced(held.q) or not readable(held.p, held.q):
        return None
    if held.footing == "probabilities" and (kernel := native.row_kernel(of)) is not None:
        p, q = common(held.p, held.q)
        total = _Rows.apply(of, kernel, held, threads, p, q)
        from kullback.methods.exact.sums import closed

        return total if isinstance(of, (KL, CrossEntropy, Entropy)) else closed(of, total, held)
    if held.footing == "logits" and (fused := native.logit_kernel(of)) is not None:
        a, b = common(held.p, held.q)
        return _LogitRows.apply(of, fused, held, threads, a, b)
    return None


def label_cross_entropy(
    labels: Any, logits: Any, ignore: int | None, threads: int, hold: Callable[[], Held]
) -> Any:
    """Return −log softmax(logits)[label] of each row, fused; None where no kernel serves."""
    if is_traced(logits) or not readable(logits):
        return None
    return _LabelRows.apply(labels, logits, ignore, threads, hold)


def readable(*tensors: Any) -> bool:
    """Tell whether the kernels can read these tensors in place."""
    kinds = (torch.float64, torch.float32, torch.float16, torch.bfloat16)
    return all(t.dtype in kinds and t.layout == torch.strided and t.dim() <= 9 for t in tensors)


def common(p: Any, q: Any) -> tuple[Any, Any]:
    """Return both in the wider of their dtypes."""
    if p.dtype == q.dtype:
        return p, q
    dtype = torch.promote_types(p.dtype, q.dtype)
    return p.to(dtype), q.to(dtype)


def answer_dtype(x: Any) -> Any:
    """Return what the kernels answer in: single precision for half."""
    return torch.float64 if x.dtype == torch.float64 else torch.float32


def kernel_for(stem: str, dtype: Any) -> Any:
    """Return the kernel that answers in dtype."""
    return getattr(native.kernels, f"{stem}_{'float64' if dtype == torch.float64 else 'float32'}")


def _batch_shape(p: Any, q: Any) -> Any:
    return torch.broadcast_shapes(p.shape[:-1], q.shape[:-1])


def generic_gradients(
    answer: Callable[[Any, Any], Any], p: Any, q: Any, needs: tuple[bool, bool], upstream: Any
) -> tuple[Any, Any]:
    """Differentiate the array path; itself differentiable when autograd asks for a graph."""
    again = torch.is_grad_enabled()
    with torch.enable_grad():
        if again:  # views, so that q does not count again where it was made from p
            p, q = p.view_as(p), q.view_as(q)
        else:
            p, q = p.detach().requires_grad_(needs[0]), q.detach().requires_grad_(needs[1])
        wanted = [x for x, need in zip((p, q), needs, strict=True) if need]
        found = list(torch.autograd.grad(answer(p, q), wanted, upstream, create_graph=again))
    return tuple(found.pop(0) if need else None for need in needs)  # type: ignore[return-value]


class _Rows(torch.autograd.Function):  # type: ignore[misc]
    """Σ of a question's terms over probabilities."""

    @staticmethod
    def forward(ctx: Any, of: Any, kernel: Any, held: Held, threads: int, p: Any, q: Any) -> Any:
        code, parameter, swapped, factor = kernel
        ctx.of, ctx.kernel, ctx.held, ctx.threads = of, kernel, held, threads
        ctx.save_for_backward(p, q)
        dtype = answer_dtype(p)
        out = torch.empty(_batch_shape(p, q), dtype=dtype)
        if out.numel():
            first, second = (q, p) if swapped else (p, q)
            bad = kernel_for("rows", dtype)(
                code, parameter, first.detach(), second.detach(), out, held.tolerance, threads
            )
            if bad >= 0:
                from kullback.methods.exact.sums import raise_for

                raise_for(held)
        return out if factor == 1 else out.mul_(factor)

    @staticmethod
    def backward(ctx: Any, upstream: Any) -> Any:
        p, q = ctx.saved_tensors
        needs = ctx.needs_input_grad[4:6]
        of, tolerance = ctx.of, ctx.held.tolerance
        second_order = torch.is_grad_enabled() and any(x.requires_grad for x in (p, q, upstream))
        found = None if second_order else _slopes(ctx.kernel, p, q, needs, upstream, ctx.threads)
        if found is None:

            def total(p: Any, q: Any) -> Any:
                return of.terms(Held("probabilities", p, q, tolerance).pair()).sum(-1)

            found = generic_gradients(total, p, q, needs, upstream)
        return (None, None, None, None, *found)


def _slopes(
    kernel: Any, p: Any, q: Any, needs: tuple[bool, bool], upstream: Any, threads: int
) -> tuple[Any, Any] | None:
    """Return both gradients by kernel, or None where zeros and subnormals need their limits."""
    code, parameter, swapped, factor = kernel
    dtype = answer_dtype(p)
    shape = (*upstream.shape, p.shape[-1])
    grads = [torch.empty(shape, dtype=dtype) if need else None for need in needs]
    if upstream.numel():
        up = upstream.detach().to(dtype).mul(factor) if factor != 1 else upstream.detach()
        first, second = (q, p) if swapped else (p, q)
        ordered = grads[::-1] if swapped else grads
        served = kernel_for("rows_gradient", dtype)(
            code, parameter, first.detach(), second.detach(), up.contiguous(), *ordered, threads
        )
        if not served:
            return None
    return tuple(  # type: ignore[return-value]
        None if g is None else g.sum_to_size(x.shape).to(x.dtype)
        for g, x in zip(grads, (p, q), strict=True)
    )


class _LogitRows(torch.autograd.Function):  # type: ignore[misc]
    """A question of softmax(a) and softmax(b), neither of them written down."""

    @staticmethod
    def forward(ctx: Any, of: Any, kernel: Any, held: Held, threads: int, a: Any, b: Any) -> Any:
        dtype = answer_dtype(a)
        out = torch.empty(_batch_shape(a, b), dtype=dtype)
        shape = (*out.shape, native.kernels.kept_per_row)
        kept = torch.empty(shape, dtype=torch.float64) if any(ctx.needs_input_grad) else None
        if out.numel():
            bad = kernel_for("logits", dtype)(*kernel, a.detach(), b.detach(), out, kept, threads)
            if bad >= 0:
                from kullback.methods.exact.sums import raise_for

                raise_for(held)
        ctx.of, ctx.kernel, ctx.threads, ctx.tolerance = of, kernel, threads, held.tolerance
        ctx.save_for_backward(a, b, kept)
        return out

    @staticmethod
    def backward(ctx: Any, upstream: Any) -> Any:
        a, b, kept = ctx.saved_tensors
        needs = ctx.needs_input_grad[4:6]
        if torch.is_grad_enabled() and any(x.requires_grad for x in (a, b, upstream)):
            of, tolerance = ctx.of, ctx.tolerance

            def answer(a: Any, b: Any) -> Any:
                return of.terms(Held("logits", a, b, tolerance).pair()).sum(-1)

            return (None,) * 4 + generic_gradients(answer, a, b, needs, upstream)
        dtype = answer_dtype(a)
        if isinstance(ctx.of, Entropy):
            needs = (True, False)
        shape = (*upstream.shape, a.shape[-1])
        grads = [torch.empty(shape, dtype=dtype) if need else None for need in needs]
        if upstream.numel():
            up = upstream.contiguous()
            kernel_for("logits_gradient", dtype)(
                *ctx.kernel, a.detach(), b.detach(), kept, up, *grads, ctx.threads
            )
        return (None,) * 4 + tuple(
            None if g is None else g.sum_to_size(x.shape).to(x.dtype)
            for g, x in zip(grads, (a, b), strict=True)
        )


class _LabelRows(torch.autograd.Function):  # type: ignore[misc]
    """The classification loss −log softmax(logits)[label]."""

    @staticmethod
    def forward(
        ctx: Any, labels: Any, logits: Any, ignore: int | None, threads: int, hold: Any
    ) -> Any:
        dtype = answer_dtype(logits)
        labels = labels.to(torch.int64).contiguous()
        none = native.NO_LABEL if ignore is None else ignore
        out = torch.empty(logits.shape[:-1], dtype=dtype)
        kept = torch.empty((*logits.shape[:-1], 2), dtype=torch.float64)
        if out.numel():
            bad = kernel_for("labels", dtype)(labels, logits.detach(), none, out, kept, threads)
            if bad >= 0:
                from kullback.methods.exact.sums import raise_for

                raise_for(hold())
        ctx.none, ctx.threads, ctx.hold = none, threads, hold
        ctx.save_for_backward(labels, logits, kept)
        return out

    @staticmethod
    def backward(ctx: Any, upstream: Any) -> Any:
        labels, logits, kept = ctx.saved_tensors
        if torch.is_grad_enabled() and (logits.requires_grad or upstream.requires_grad):
            counts = (labels != ctx.none)[..., None]
            hot = torch.nn.functional.one_hot(labels.where(labels != ctx.none, 0), logits.shape[-1])
            wide = logits if logits.dtype == torch.float64 else logits.float()
            grad = torch.where(counts, (wide.softmax(-1) - hot) * upstream[..., None], 0)
            return None, grad.to(logits.dtype), None, None, None
        dtype = answer_dtype(logits)
        grad = torch.empty(logits.shape, dtype=dtype)
        if upstream.numel():
            kernel_for("labels_gradient", dtype)(
                labels, logits.detach(), ctx.none, kept, upstream.contiguous(), grad, ctx.threads
            )
        return None, grad.to(logits.dtype), None, None, None
