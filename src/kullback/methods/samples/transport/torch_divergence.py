"""Sinkhorn's divergence of torch tensors, with its slopes."""

from typing import Any

import torch

from kullback.methods.samples.transport.divergence import Divergence, divergence, slopes


class Pulled(torch.autograd.Function):  # type: ignore[misc]
    """S of two clouds of points; first slopes only, since the couplings are held fixed."""

    @staticmethod
    def forward(ctx: Any, x: Any, y: Any, a: Any, b: Any, options: Any, keep: list[Any]) -> Any:
        """Return S; what was found goes into keep."""
        order = options[0]
        points = [z.detach().double() for z in (x, y)]
        masses = [torch.as_tensor(z, dtype=torch.float64, device=x.device) for z in (a, b)]
        if x.device.type == "cpu":  # many small steps: torch's threads would wait for each other
            points, masses = ([z.numpy() for z in both] for both in (points, masses))
        found: Divergence | None = divergence(order, *points, *masses, *options[1:])
        keep.append(found)
        if found is None:
            ctx.save_for_backward(torch.zeros_like(x), torch.zeros_like(y))
            return torch.zeros((), dtype=x.dtype, device=x.device)
        if any(ctx.needs_input_grad[:2]):
            pulls = slopes(order, points[0], points[1], found)
            ctx.save_for_backward(*(torch.as_tensor(g).to(x) for g in pulls))
        return torch.as_tensor(found.value).to(x)

    @staticmethod
    @torch.autograd.function.once_differentiable  # type: ignore[untyped-decorator]
    def backward(ctx: Any, upstream: Any) -> Any:
        """Return the slopes found on the way."""
        of_x, of_y = ctx.saved_tensors
        return upstream * of_x, upstream * of_y, None, None, None, None
