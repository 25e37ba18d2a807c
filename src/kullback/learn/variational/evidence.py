"""What a fit is worth, on draws it has never seen: ELBO, evidence, and the tail of its weights."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kullback.errors import InvalidInputError
from kullback.learn._torch import torch
from kullback.learn.variational.draws import mirrored
from kullback.learn.variational.laws import Law
from kullback.learn.variational.target import Target
from kullback.methods.monte_carlo.tail import pareto_shape

REPLICATES = 8
"""Independent scrambles: their spread is the standard error."""


@dataclass(frozen=True, eq=False)
class Fresh:
    """log p̃ and log q at fresh draws, and what follows.

    Attributes
    ----------
    log_w : tensor, shape (replicates, n)
        log p̃(z) − log q(z).
    elbos : tensor, shape (replicates,)
        E_q log p̃ + H(q) of each scramble, nats.
    """

    log_w: Any
    elbos: Any

    @property
    def elbo(self) -> float:
        """The mean of the scrambles."""
        return float(self.elbos.mean())

    @property
    def elbo_error(self) -> float:
        """Its standard error, from their spread."""
        return float(self.elbos.std()) / math.sqrt(len(self.elbos))

    def evidence(self) -> tuple[float, float]:
        """Log Z = log E_q p̃/q, and its standard error over the scrambles; nats."""
        sums = torch.logsumexp(self.log_w, -1) - math.log(self.log_w.shape[1])
        total = float(torch.logsumexp(sums, 0)) - math.log(len(sums))
        share = torch.exp(sums - total)
        return total, float(share.std()) / math.sqrt(len(share))

    def pareto_shape(self) -> float:
        """k̂ of the largest weights; 0 where all are equal but for rounding."""
        log_w = self.log_w.reshape(-1).double()
        rounding = 1e3 * torch.finfo(self.log_w.dtype).eps * (1 + float(log_w.abs().max()))
        if float(log_w.max() - log_w.min()) < rounding:
            return 0.0
        return float(pareto_shape(torch.exp(log_w - log_w.max()).cpu().numpy()))


def weigh(
    target: Target, law: Law, noise: int, n: int, seeds: Iterator[int], precision: Any = None
) -> Fresh:
    """Ask the density at 8 scrambles of n fresh draws each.

    With a precision Λ known beforehand, c = ½ tr ΛΣ − ½ (z − m)ᵀΛ(z − m), whose mean is 0, takes
    from log p̃ what a quadratic explains; its coefficient comes from the other scrambles, so that
    the mean stays unbiased.

    Raises
    ------
    InvalidInputError
        If log p̃ is −∞ or NaN at a draw: the ELBO is then −∞ or undefined.
    """
    log_p, log_q, control = [], [], []
    with torch.no_grad():
        known = None if precision is None else (precision * law.covariance()).sum()
        for _ in range(REPLICATES):
            z = law.draw(mirrored(n, noise, next(seeds), law.mean))
            log_p.append(target(z))
            log_q.append(law.log_density(z))
            if known is not None:
                away = z - law.mean
                control.append(0.5 * (known - ((away @ precision) * away).sum(-1)))
        p, q = torch.stack(log_p), torch.stack(log_q)
        _check(p, target)
        means = p.mean(-1)
        if control:
            means = means - _explained(p, torch.stack(control))
        return Fresh(p - q, means + law.entropy())


def _explained(p: Any, c: Any) -> Any:
    """β_r · mean of c in scramble r, β_r the regression of p on c in the others; c has mean 0."""
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
        "Every family here is a Gaussian on the whole line: say by support= where parameters lie, "
        "such as {0: learn.positive} or {0: learn.interval(0, 1)}."
        if not target.support.maps
        else "The density must hold on all of the support declared."
    )
    raise InvalidInputError(
        f"log_density is {what} at {int(wrong.sum())} of {p.numel()} draws of the fitted law, so "
        f"that the ELBO is not a finite number. {advice}"
    )
