"""Free bits: a least divergence for each dimension, below which nothing is paid."""

from typing import Any, ClassVar

from kullback.learn._torch import torch
from kullback.learn.controllers.controller import Controller, not_negative


class FreeBits(Controller):
    """Σⱼ max(KLⱼ, λ): no dimension gains by holding less than λ nats.

    The divergence is given by dimension, on its last axis, its mean over the batch taken. Where a
    dimension holds less than λ there is no gradient, on purpose: this is the remedy for codes that
    collapse, not a clamp against rounding.

    Parameters
    ----------
    free : float
        λ, nats for each dimension.
    coefficient : float
        What a nat above costs.

    References
    ----------
    Kingma et al., Improving variational inference with inverse autoregressive flow, NeurIPS 2016,
    appendix C.8.

    >>> import torch
    >>> from kullback import learn
    >>> learn.Penalty(learn.FreeBits(0.5))(torch.tensor([0.1, 0.75, 2.0]))
    tensor(3.2500)
    """

    of_dimensions: ClassVar[bool] = True

    def __init__(self, free: float, coefficient: float = 1.0) -> None:
        super().__init__(coefficient)
        self.free = not_negative(free, "free", self)

    def cost(self, kl: Any) -> Any:
        """Σⱼ max(KLⱼ, λ)."""
        return self.coefficient * torch.clamp_min(kl, self.free).sum()

    def follow(self, _kl: float, /) -> None:
        """Stay."""
