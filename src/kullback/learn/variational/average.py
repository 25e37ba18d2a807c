"""The ELBO averaged over fixed draws and maximised; draws doubled until fresh ones agree."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kullback.errors import InvalidInputError
from kullback.learn._torch import torch
from kullback.learn.variational.descend import Descent, descend
from kullback.learn.variational.draws import matched
from kullback.learn.variational.draws import seeds as scrambles
from kullback.learn.variational.evidence import Fresh, weigh
from kullback.learn.variational.family import Family
from kullback.learn.variational.frame import Frame
from kullback.learn.variational.target import Target
from kullback.methods.samples.progress import watched

_LEAST = 128
"""Draws of the first round, where the dimension asks for no more."""

_FRESH = 128
"""The fewest draws in a scramble that a round is judged by."""

_FINE = 1e-3
"""What L-BFGS leaves, as a share of what fresh draws could show."""


@dataclass(frozen=True)
class Round:
    """One round of the search.

    Attributes
    ----------
    draws : int
        How many draws the ELBO was averaged over.
    trained : float
        The ELBO on those draws, nats: too high, as they were fitted to.
    elbo, error : float
        The ELBO on fresh draws, and its standard error.
    gain, gain_error : float
        How much better than the round before, on the same fresh draws. As the shortfall halves with
        each doubling, this is about what is still missing.
    iterations : int
        How many steps L-BFGS took.
    """

    draws: int
    trained: float
    elbo: float
    error: float
    gain: float
    gain_error: float
    iterations: int

    @property
    def gap(self) -> float:
        """How much better the draws fitted to look than fresh ones, nats."""
        return self.trained - self.elbo

    def agrees(self, tol: float) -> bool:
        """Tell whether fresh draws see no gain: within tol or 2 standard errors."""
        return abs(self.gain) <= max(tol, 2 * self.gain_error)


@dataclass(frozen=True, eq=False)
class Found:
    """Where the search ended: the numbers of the law, its frame and its rounds."""

    params: Any
    frame: Frame
    path: tuple[Round, ...]
    interrupted: bool


def search(
    target: Target, family: Family, frame: Frame, seeds: Iterator[int], tol: float, most: int
) -> Found:
    """Maximise (1/n) Σ log p̃(m + L ε_i) + H(q) over the numbers of q, ε fixed.

    References
    ----------
    Giordano, Ingram and Broderick, Black box variational inference with a deterministic objective,
    JMLR 25 (2024).
    """
    noise = family.noise(target.dim)
    n = first_draws(noise)
    frame = _settled(target, family, frame, matched(n, noise, next(seeds), frame.centre))
    params, path, interrupted = family.start(frame), list[Round](), frame.interrupted
    rounds = max(1, 1 + int(math.log2(most / n)))
    for _ in watched(range(0 if interrupted else rounds), "fit"):
        fixed = matched(n, noise, next(seeds), params)
        found = _maximise(target, family, frame, params, fixed, _FINE * tol)
        try:
            path.append(_round(target, family, frame, (params, found), n, seeds))
        except KeyboardInterrupt:
            return Found(found.x, frame, tuple(path), True)
        params, interrupted = found.x, found.interrupted
        exact = found.iterations == 0 and found.converged
        if interrupted or exact or (len(path) > 1 and path[-1].agrees(tol)):
            break
        n *= 2
    return Found(params, frame, tuple(path), interrupted)


def _round(
    target: Target,
    family: Family,
    frame: Frame,
    ends: tuple[Any, Descent],
    n: int,
    seeds: Iterator[int],
) -> Round:
    """What a round reached, held against where it began, on the same fresh draws."""
    before, found = ends
    noise, same = family.noise(target.dim), next(seeds)
    old, new = (
        weigh(
            target,
            family.law(params, frame),
            noise,
            max(_FRESH, first_draws(noise)),
            scrambles(same),
            frame.precision,
        )
        for params in (before, found.x)
    )
    rise = new.elbos - old.elbos
    error = float(rise.std()) / math.sqrt(len(rise))
    return Round(
        n, -found.value, new.elbo, new.elbo_error, float(rise.mean()), error, found.iterations
    )


def first_draws(noise: int) -> int:
    """The draws of the first round: at least 4 for each dimension of noise, a power of 2."""
    return 1 << math.ceil(math.log2(max(_LEAST, 4 * noise)))


def judged(target: Target, family: Family, found: Found, seeds: Iterator[int], n: int) -> Fresh:
    """Return what the law found is worth, on draws that no round has seen."""
    noise = family.noise(target.dim)
    law = family.law(found.params, found.frame)
    return weigh(target, law, noise, n, seeds, found.frame.precision)


def _objective(target: Target, family: Family, frame: Frame, params: Any, noise: Any) -> Any:
    law = family.law(params, frame)
    return target.reachable(law.draw(noise)).mean() + law.entropy()


def _maximise(
    target: Target, family: Family, frame: Frame, params: Any, noise: Any, tol: float
) -> Descent:
    def ask(x: Any) -> tuple[float, Any]:
        x = x.detach().requires_grad_()
        with torch.enable_grad():
            value = -_objective(target, family, frame, x, noise)
            (slope,) = torch.autograd.grad(value, x)
        return float(value.detach()), slope

    return descend(ask, params, tol=tol)


def _settled(target: Target, family: Family, frame: Frame, noise: Any) -> Frame:
    """The frame, with its spread halved until the density is finite at all first draws."""
    for _ in range(40):
        with torch.no_grad():
            value = _objective(target, family, frame, family.start(frame), noise)
        if bool(torch.isfinite(value)):
            return frame
        frame = frame.halved()
    raise InvalidInputError(
        "log_density is not finite around "
        f"{[round(float(v), 4) for v in frame.centre[:5]]} (on the whole line), however close: "
        "there is no volume of positive density there. Give another start=."
    )
