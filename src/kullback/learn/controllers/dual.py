"""The price as the multiplier of a constraint."""

import math

from kullback.learn.controllers.controller import Controller, bounds, positive


class Dual(Controller):
    """log β ← log β + rate (KL/target − 1): ascent on the Lagrangian of min loss, KL ≤ target.

    At rest either KL is its target, or the constraint is slack and β at its least. Steps are taken
    in log β, which stays within its bounds: nothing winds up beyond them.

    Parameters
    ----------
    target : float
        The largest divergence wanted, nats.
    rate : float
        The step size.
    coefficient : float
        β at the start.
    low, high : float
        Between which β stays.
    clip : float
        The largest relative error that counts, so that one step of wild divergence does not set β.

    References
    ----------
    Rezende and Viola, Taming VAEs, arXiv:1810.00597.

    >>> from kullback import learn
    >>> price = learn.Dual(target=0.5, rate=0.1, coefficient=1.0)
    >>> price.update(1.0)
    >>> price.coefficient
    1.1051709180756477
    """

    def __init__(
        self,
        target: float,
        *,
        rate: float = 0.01,
        coefficient: float = 1.0,
        low: float = 1e-6,
        high: float = 1e6,
        clip: float = 10.0,
    ) -> None:
        super().__init__(coefficient)
        self.target = positive(target, "target", self)
        self.rate = positive(rate, "rate", self)
        self.clip = positive(clip, "clip", self)
        self.low, self.high = bounds(low, high, self.coefficient, self)

    def follow(self, kl: float, /) -> None:
        """Go one step up the dual."""
        error = max(-self.clip, min(self.clip, kl / self.target - 1))
        price = self.coefficient * math.exp(self.rate * error)
        self.coefficient = max(self.low, min(self.high, price))
