"""The ELBO maximised from minibatches: Adam in the frame's units, iterates averaged, in rounds."""

import math
from dataclasses import dataclass, replace
from typing import Any

from kullback.learn._torch import torch
from kullback.learn.variational.draws import Noise, Use
from kullback.learn.variational.evidence import SETS, weigh
from kullback.learn.variational.family import Family
from kullback.learn.variational.minibatch import Minibatches, Sampled
from kullback.learn.variational.rounds import Round, Stand, settled
from kullback.learn.variational.target import LogDensity, Target
from kullback.methods.samples.progress import watched

_RATE = 0.05
"""Adam's step in the first round, in units of the frame; halved with each round."""

_FADE = (0.9, 0.99)
"""How Adam's means of gradients and of their squares fade."""

_FRESH = 64
"""Draws in each of the 8 sets that a round is judged by."""


@dataclass(frozen=True, eq=False)
class Climb:
    """Where a round of steps stands: all it needs to go on.

    Attributes
    ----------
    at : tensor
        The numbers of the law.
    drift, spread : tensor
        Adam's means of the gradient and of its square.
    steps : int
        How many steps were taken.
    total : tensor
        The sum of the numbers over the steps averaged, those of the second half.
    early : tensor
        The sum over the first half of those.
    averaged : int
        How many are averaged.
    elbo : float
        The sum of the ELBOs there, nats.
    """

    at: Any
    drift: Any
    spread: Any
    steps: int
    total: Any
    early: Any
    averaged: int
    elbo: float

    @property
    def x(self) -> Any:
        """The mean of the second half, or where it stands before that."""
        return self.total / self.averaged if self.averaged else self.at


def climb(
    target: Target,
    log_prior: LogDensity,
    data: Minibatches,
    family: Family,
    noise: Noise,
    stand: Stand,
    tol: float,
) -> tuple[Stand, bool]:
    """Maximise the ELBO in rounds of Adam's steps, each twice as long with steps half the size.

    Return where the search ended, and whether Ctrl-C ended it.

    References
    ----------
    Kingma and Ba, Adam, ICLR 2015; Polyak and Juditsky, Acceleration of stochastic approximation by
    averaging, SIAM J. Control Optim. 30 (1992); Welandawe et al., A framework for improving the
    reliability of black-box variational inference, JMLR 25 (2024), for the rounds.
    """
    rounds = 1 + int(math.log2(data.most_steps / data.steps))
    inner: Climb | None = stand.inner
    try:
        sampled = Sampled(log_prior, data, target, stand.frame.centre)
        for which in range(len(stand.path), rounds):
            if settled(stand.path, tol):
                break
            whole = data.steps << which
            inner = _begun(stand.params) if inner is None else inner
            for _ in watched(range(inner.steps, whole), f"fit: round {which + 1}"):
                inner = _step(sampled, family, noise, stand, inner, whole)
            last = _round(target, family, noise, data, replace(stand, inner=inner))
            stand, inner = Stand(stand.frame, inner.x, (*stand.path, last)), None
    except KeyboardInterrupt:
        return replace(stand, inner=inner), True
    return stand, False


def _begun(params: Any) -> Climb:
    zero = torch.zeros_like(params)
    return Climb(params, zero, zero, 0, zero, zero, 0, 0.0)


def _step(
    sampled: Sampled, family: Family, noise: Noise, stand: Stand, inner: Climb, whole: int
) -> Climb:
    """One step of Adam upwards, on draws and rows of its own."""
    data, done = sampled.data, inner.steps
    turn = (whole - data.steps) + done
    rows, n = sampled.rows(noise.seed, turn), data.draws
    even = n < 2 * noise.k
    drawn = noise.even(n, Use.STEP, turn)[0] if even else noise.matched(n, Use.STEP, turn)
    x = inner.at.detach().requires_grad_()
    with torch.enable_grad():
        z, entropy = family.law(x, stand.frame).drawn(drawn)
        value, slope = sampled.slope(z, rows)
        (g,) = torch.autograd.grad((z * (slope / n)).sum() + entropy, x)
    a, b = _FADE
    drift, spread = a * inner.drift + (1 - a) * g, b * inner.spread + (1 - b) * g**2
    rate = _RATE / (whole // data.steps)
    size = (spread / (1 - b ** (done + 1))).sqrt()
    way = torch.where(size > 0, drift / (1 - a ** (done + 1)) / size, drift)
    at = inner.at + rate * way
    moved = replace(inner, at=at, drift=drift, spread=spread, steps=done + 1)
    if done < whole // 2:
        return moved
    early = inner.early + at if done < (3 * whole) // 4 else inner.early
    elbo = inner.elbo + float(value.mean() + entropy.detach())
    total = inner.total + at
    return replace(moved, total=total, early=early, averaged=inner.averaged + 1, elbo=elbo)


def _round(target: Target, family: Family, noise: Noise, data: Minibatches, stand: Stand) -> Round:
    """What a round reached, on fresh draws and all data.

    Where the means a and b of the two halves of the steps averaged are off by independent errors,
    f((a + b)/2) − (f(a) + f(b))/2 = ⅛ (a − b)ᵀH(a − b) is on average what their mean is short of
    the best. What the round rose by, and the error of that, is added: the steps may not have
    arrived.
    """
    which, inner, frame = len(stand.path), stand.inner, stand.frame
    fresh = noise.even(_FRESH, Use.FRESH, which, SETS)
    some = (3 * inner.steps) // 4 - inner.steps // 2
    a, b = inner.early / some, (inner.total - inner.early) / (inner.averaged - some)
    old, new, one, two = (
        weigh(target, family.law(params, frame), fresh, frame.precision)
        for params in (stand.params, inner.x, a, b)
    )
    rise = new.elbos - old.elbos
    noisy = float((new.elbos - 0.5 * (one.elbos + two.elbos)).mean())
    return Round(
        draws=inner.steps * data.draws,
        trained=inner.elbo / inner.averaged,
        before=old.elbo,
        elbo=new.elbo,
        error=new.elbo_error,
        missing=noisy + abs(float(rise.mean())) + float(rise.std()) / math.sqrt(len(rise)),
        iterations=inner.steps,
    )
