"""The price that follows a target in proportion."""

from kullback.errors import InvalidInputError
from kullback.learn.controllers.controller import Controller, bounds, positive


class Adaptive(Controller):
    """β ← β (1 + clip(KL/target − 1, ± clip)/horizon): the proportional controller of RLHF.

    Parameters
    ----------
    target : float
        The divergence wanted, nats, in the unit that the penalty is given.
    horizon : float
        In how many training steps β may change by a factor of about e^clip.
    coefficient : float
        β at the start.
    clip : float
        The largest relative error that counts.
    low, high : float
        Between which β stays; at a bound it waits there, and turns as soon as the error does.

    References
    ----------
    Ziegler et al., Fine-tuning language models from human preferences, arXiv:1909.08593, eq. 2.

    >>> from kullback import learn
    >>> price = learn.Adaptive(target=6.0, horizon=10, coefficient=0.2)
    >>> price.update(7.2)
    >>> round(price.coefficient, 6)
    0.204
    """

    def __init__(
        self,
        target: float,
        *,
        horizon: float = 100.0,
        coefficient: float = 0.1,
        clip: float = 0.2,
        low: float = 1e-6,
        high: float = 1e6,
    ) -> None:
        super().__init__(coefficient)
        self.target = positive(target, "target", self)
        self.horizon = positive(horizon, "horizon", self)
        self.clip = positive(clip, "clip", self)
        if self.clip >= self.horizon:
            raise InvalidInputError(
                f"Adaptive(horizon={horizon!r}, clip={clip!r}): one step could take β to 0 or "
                "below; the horizon must be longer than the clip."
            )
        self.low, self.high = bounds(low, high, self.coefficient, self)

    def follow(self, kl: float, /) -> None:
        """Raise the price where KL is above its target, lower it where below."""
        error = max(-self.clip, min(self.clip, kl / self.target - 1))
        price = self.coefficient * (1 + error / self.horizon)
        self.coefficient = max(self.low, min(self.high, price))
