"""What a fit is worth, on draws it has never seen: ELBO, evidence, and the tail of its weights."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from kullback.errors import InvalidInputError
from kullback.learn._torch import torch
from kullback.learn.variational.laws import Gaussian, Law
from kullback.learn.variational.target import Target
from kullback.methods.monte_carlo.tail import pareto_shape

SETS = 8
"""Independent sets of draws: their spread is the standard error."""


@dataclass(frozen=True, eq=False)
class Fresh:
    """log p̃ and log q at fresh draws, and what follows.

    Attributes
    ----------
    log_w : tensor, shape (sets, n)
        log p̃(z) − log q(z).
    elbos : tensor, shape (sets,)
        E_q log p̃ + H(q) of each set, nats.
    """

    log_w: Any
    elbos: Any

    @property
    def elbo(self) -> float:
        """The mean of the sets."""
        return float(self.elbos.mean())

    @property
    def elbo_error(self) -> float:
        """Its standard error, from their spread."""
        return float(self.elbos.std()) / math.sqrt(len(self.elbos))

    def evidence(self) -> tuple[float, float]:
        """Log Z = log E_q p̃/q, and its standard error over the sets; nats."""
        sums = torch.logsumexp(self.log_w, -1) - math.log(self.log_w.shape[1])
        total = float(torch.logsumexp(sums, 0)) - math.log(len(sums))
        share = torch.exp(sums - total)
        return total, float(share.std()) / math.sqrt(len(share))

    @cached_property
    def khat(self) -> float:
        """k̂ of the largest weights; 0 where all are equal but for rounding."""
        log_w = self.log_w.reshape(-1).double()
        rounding = 1e3 * torch.finfo(self.log_w.dtype).eps * (1 + float(log_w.abs().max()))
        if float(log_w.max() - log_w.min()) < rounding:
            return 0.0
        return float(pareto_shape(torch.exp(log_w - log_w.max()).cpu().numpy()))


def weigh(target: Target, law: Law, noise: Any, precision: Any = None) -> Fresh:
    """Ask the density at fresh draws, from normals in sets, shape (sets, n, k).

    With a precision Λ known beforehand and a Gaussian law, c = ½ tr ΛΣ − ½ (z − m)ᵀΛ(z − m), whose
    mean is 0, takes from log p̃ what a quadratic explains; its coefficient comes from the other
    sets, so that the mean stays unbiased.

    Raises
    ------
    InvalidInputError
        If log p̃ is −∞ or NaN at a draw: the ELBO is then −∞ or undefined.
    """
    sets, n, k = noise.shape
    with torch.no_grad():
        z, log_q = law.scored(noise.reshape(sets * n, k))
        p, q = target.values(z).reshape(sets, n), log_q.reshape(sets, n)
        _check(p, target)
        means = p.mean(-1)
        if not isinstance(law, Gaussian):
            return Fresh(p - q, means - q.mean(-1))
        if precision is not None:
            away = z - law.mean
            square = ((away @ precision) * away).sum(-1).reshape(sets, n)
            means = means - _explained(p, 0.5 * ((precision * law.covariance()).sum() - square))
        return Fresh(p - q, means + law.entropy())


def _explained(p: Any, c: Any) -> Any:
    """β_r · mean of c in set r, β_r the regression of p on c in the others; c has mean 0."""
    both = (c * (p - p.mean())).sum(-1)
    own = (c**2).sum(-1)
    rest = own.sum() - own
    beta = torch.where(rest > 0, (both.sum() - both) / rest.clamp(min=1e-300), 0 * rest)
    return beta * c.mean(-1)


def _check(p: Any, target: Target) -> None:
    wrong = ~torch.isfinite(p)
    if not bool(wrong.any()):
        return
    what = "NaN" if bool(torch.isnan(p).any()) else "infinite"
    advice = (
        "Every family here covers the whole line: say by support= where parameters lie, "
        "such as {0: learn.positive} or {0: learn.interval(0, 1)}."
        if not target.support.maps
        else "The density must hold on all of the support declared."
    )
    raise InvalidInputError(
        f"log_density is {what} at {int(wrong.sum())} of {p.numel()} draws of the fitted law, so "
        f"that the ELBO is not a finite number. {advice}"
    )
