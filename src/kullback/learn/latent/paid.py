"""A layer whose divergence is paid for."""

from typing import Any

from kullback.learn._torch import torch
from kullback.learn.latent.passes import Log, going_backward, outermost


class Paid(torch.nn.Module):  # type: ignore[misc]
    """What `rate` sums over: a module that records, in its forward pass, what it costs.

    A random layer of your own derives this and calls `pay` in its `forward`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.log = Log()

    def pay(self, kl: Any, axes: tuple[str, ...], how: str) -> None:
        """Record a divergence of this pass, with its gradient.

        Parameters
        ----------
        kl : tensor
            Nats.
        axes : tuple of str
            What each of its axes counts, as for `Term`, "sample" first; without "sample" it is paid
            once for all data, as for the weights of a network.
        how : str
            "closed", "enumerated", or of one draw "reparametrised".
        """
        replica = id(self) if self.__dict__.get("_is_replica") else 0
        if torch.compiler.is_compiling():
            _watch()
            if self.log.read:
                self.log.read, self.log.hooked, self.log.records = 0, False, []
            self.log.call = None
        elif going_backward():  # gradient checkpointing computes it once more
            return
        elif not replica:  # a replica runs in a thread of its own, and was entered when made
            self.log.enter()
        self.log.records.append((kl, axes, how, replica, torch.is_grad_enabled()))

    def _replicate_for_data_parallel(self) -> Any:
        self.log.enter()
        return super()._replicate_for_data_parallel()


def begin(model: Any, _given: Any) -> None:
    """Forget what the layers recorded: the hook that begins a pass of a compiled model."""
    for layer in model.modules():
        if isinstance(layer, Paid):
            layer.log.read, layer.log.hooked, layer.log.records = 0, True, []


@torch.compiler.assume_constant_result  # type: ignore[untyped-decorator]
def _watch() -> None:
    """Hook the outermost module, once: this runs while torch compiles, and not in what it made."""
    top, _ = outermost()
    if top is not None and begin not in top._forward_pre_hooks.values():
        top.register_forward_pre_hook(begin)
