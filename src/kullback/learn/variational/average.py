"""The ELBO averaged over fixed draws and maximised; draws doubled until little is missing."""

import math
from dataclasses import replace
from typing import Any

from kullback.errors import InvalidInputError
from kullback.learn._torch import torch
from kullback.learn.variational.descend import Descent, descend
from kullback.learn.variational.draws import Noise, Use
from kullback.learn.variational.evidence import SETS, Fresh, weigh
from kullback.learn.variational.family import Family
from kullback.learn.variational.frame import Frame, frame_of
from kullback.learn.variational.rounds import Round, Stand, settled
from kullback.learn.variational.target import Target
from kullback.methods.samples.progress import watched

_FRESH = 32
"""Draws in each of the 8 sets that a round is judged by."""


def begin(target: Target, family: Family, noise: Noise) -> Stand:
    """Look for the mode, and take from there the coordinates of the search and its start."""
    frame = frame_of(target)
    if family.searched and not frame.interrupted:
        first = noise.matched(family.first_draws(target.dim), Use.FIRST)
        try:
            frame = _settled(target, family, frame, first)
        except KeyboardInterrupt:
            frame = replace(frame, interrupted=True)
    return Stand(frame, family.start(frame))


def search(
    target: Target, family: Family, noise: Noise, stand: Stand, tol: float, most: int
) -> tuple[Stand, bool]:
    """Maximise (1/n) Σ log p̃(m + L ε_i) + H(q) over the numbers of q, ε fixed, n doubling.

    Return where the search ended, and whether Ctrl-C ended it.

    References
    ----------
    Giordano, Ingram and Broderick, Black box variational inference with a deterministic objective,
    JMLR 25 (2024).
    """
    least = family.first_draws(target.dim)
    rounds = range(len(stand.path), max(1, 1 + int(math.log2(most / least))))
    for which in watched(rounds, "fit"):
        if settled(stand.path, tol):
            break
        fixed = noise.matched(least << which, Use.TRAIN, which)
        inner = _maximise(target, family, stand, fixed, family.fine * tol)
        begun = replace(stand, inner=inner)
        if inner.interrupted:
            return begun, True
        try:
            last = _round(target, family, noise, stand, inner)
        except KeyboardInterrupt:
            return begun, True
        stand = Stand(stand.frame, inner.x, (*stand.path, last))
    return stand, False


def _round(target: Target, family: Family, noise: Noise, stand: Stand, inner: Descent) -> Round:
    """What a round reached, on the draws it was fitted to and on others.

    With n draws the numbers of a law are off by a random δ, var δ ∝ 1/n, and its ELBO by
    s ≈ ½ δᵀHδ below the best. On draws of its own, the law of n seems better than that of n/2 by
    ½ (δ − δ′)ᵀH(δ − δ′), on average s + 2 s: a third of it is what is missing.
    """
    which = len(stand.path)
    fresh = noise.even(_FRESH, Use.FRESH, which, SETS)
    found = weigh(target, family.law(inner.x, stand.frame), fresh, stand.frame.precision)
    return Round(
        draws=family.first_draws(target.dim) << which,
        trained=-inner.value,
        before=-inner.first,
        elbo=found.elbo,
        error=found.elbo_error,
        missing=(inner.first - inner.value) / 3,
        iterations=inner.iterations,
    )


def judged(target: Target, family: Family, noise: Noise, stand: Stand, n: int) -> Fresh:
    """Return what the law found is worth, on draws that no round has seen."""
    law = family.law(stand.best, stand.frame)
    return weigh(target, law, noise.even(n, Use.JUDGE, sets=SETS), stand.frame.precision)


def _maximise(target: Target, family: Family, stand: Stand, noise: Any, tol: float) -> Descent:
    def ask(x: Any) -> tuple[float, Any]:
        """−ELBO and its slope: that of log p̃ first, in z, then through z to the numbers of q."""
        x = x.detach().requires_grad_()
        with torch.enable_grad():
            z, entropy = family.law(x, stand.frame).drawn(noise)
            value, slope = target.slope(z)
            (slope,) = torch.autograd.grad(((z * (slope / len(z))).sum() + entropy), x)
        return -float(value.mean() + entropy.detach()), -slope

    start = stand.params if stand.inner is None else stand.inner
    return descend(ask, start, iterations=family.iterations, tol=tol)


def _settled(target: Target, family: Family, frame: Frame, noise: Any) -> Frame:
    """The frame, with its spread halved until the density is finite at all first draws."""
    for _ in range(40):
        with torch.no_grad():
            z = family.law(family.start(frame), frame).draw(noise)
            if all(bool(target.reachable(part).isfinite().all()) for part in z.split(target.rows)):
                return frame
        frame = frame.halved()
    raise InvalidInputError(
        "log_density is not finite around "
        f"{[round(float(v), 4) for v in frame.centre[:5]]} (on the whole line), however close: "
        "there is no volume of positive density there. Give another start=."
    )
