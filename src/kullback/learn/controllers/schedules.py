"""Prices that follow the clock alone."""

from typing import Any

from kullback.errors import InvalidInputError
from kullback.learn.controllers.controller import Controller, not_negative, positive, whole


class Fixed(Controller):
    """The same price throughout: β of a β-VAE, or 1 for an ELBO.

    >>> from kullback import learn
    >>> learn.Penalty(learn.Fixed(4.0))(2.5)
    10.0
    """

    def __init__(self, coefficient: float = 1.0) -> None:
        super().__init__(coefficient)

    def follow(self, _kl: float, /) -> None:
        """Stay."""


class Anneal(Controller):
    """From start to end in equal steps, then at the end; again in every cycle.

    Parameters
    ----------
    steps : int
        Training steps of one cycle.
    start, end : float
        The price at the first step of a cycle, and when it has risen.
    cycles : int
        How often; the price stays at its end after the last.
    rise : float
        Which part of a cycle the rise takes.

    References
    ----------
    Bowman et al., Generating sentences from a continuous space, CoNLL 2016; cyclic: Fu et al.,
    Cyclical annealing schedule, NAACL 2019.

    >>> from kullback import learn
    >>> price = learn.Anneal(steps=4)
    >>> seen = []
    >>> for _ in range(6):
    ...     seen.append(price.coefficient)
    ...     price.update(1.0)
    >>> seen
    [0.0, 0.25, 0.5, 0.75, 1.0, 1.0]
    """

    def __init__(
        self,
        steps: int,
        *,
        start: float = 0.0,
        end: float = 1.0,
        cycles: int = 1,
        rise: float = 1.0,
    ) -> None:
        super().__init__(start)
        self.start, self.end = self.coefficient, not_negative(end, "end", self)
        self.length = whole(steps, "steps", self)
        self.cycles = whole(cycles, "cycles", self)
        self.rise = positive(rise, "rise", self)
        if self.rise > 1:
            raise InvalidInputError(f"Anneal(rise={rise!r}): a part of a cycle, at most 1.")

    def follow(self, _kl: float, /) -> None:
        """Go one step on."""
        turn, within = divmod(self.steps, self.length)
        part = 1.0 if turn >= self.cycles else min(1.0, within / (self.rise * self.length))
        self.coefficient = self.start + (self.end - self.start) * part


class Capacity(Controller):
    """γ |KL − C|, with C rising from 0 to its target: the code may hold C nats for free.

    Parameters
    ----------
    target : float
        C at the end, nats.
    steps : int
        In how many training steps C rises.
    coefficient : float
        γ.

    References
    ----------
    Burgess et al., Understanding disentangling in β-VAE, arXiv:1804.03599.

    >>> from kullback import learn
    >>> penalty = learn.Penalty(learn.Capacity(25.0, steps=1000, coefficient=100.0))
    >>> penalty(3.0)
    300.0
    >>> penalty.controller.capacity
    0.025
    """

    def __init__(self, target: float, steps: int, coefficient: float = 1.0) -> None:
        super().__init__(coefficient)
        self.target = positive(target, "target", self)
        self.length = whole(steps, "steps", self)

    @property
    def capacity(self) -> float:
        """C now, nats."""
        return self.target * min(1.0, self.steps / self.length)

    def cost(self, kl: Any) -> Any:
        """γ |KL − C|."""
        return self.coefficient * abs(kl - self.capacity)

    def follow(self, _kl: float, /) -> None:
        """C follows the steps."""
