"""What a fit hands back: a posterior, and how far to trust it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kullback.errors import InvalidInputError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.variational.average import Round
from kullback.learn.variational.draws import matched, seeds
from kullback.learn.variational.family import Family, FullRank, Laplace
from kullback.learn.variational.laws import Law
from kullback.learn.variational.support import Support

_MOMENT_DRAWS = 16384
"""Draws behind the moments of bounded parameters."""

_SHOWN = 12
"""How many parameters a repr lists."""

GOOD, USABLE = 0.5, 0.7
"""k̂ below which weights have a variance, and below which importance sampling still works."""


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    """A Gaussian fitted to a posterior, pushed through its support.

    Attributes
    ----------
    family : Family
        What was fitted.
    law : Law
        The Gaussian, of parameters on the whole line.
    support : Support
        The maps from there to x.
    elbo, elbo_error : float
        E_q log p̃ + H(q) in nats, and its standard error, on fresh draws.
    log_evidence, log_evidence_error : float
        log Z by importance sampling from q, nats, and its standard error.
    khat : float
        The Pareto shape of the weights' tail.
    path : tuple of Round
        What each round reached.
    converged : bool
        Whether the last doubling of draws changed nothing that matters.
    notes : tuple of str
        What the reader should know.
    names : tuple of str
        What the parameters are called.
    """

    family: Family
    law: Law
    support: Support
    elbo: float
    elbo_error: float
    log_evidence: float
    log_evidence_error: float
    khat: float
    path: tuple[Round, ...]
    converged: bool
    notes: tuple[str, ...] = ()
    names: tuple[str, ...] = field(default=())

    @cached_property
    def _moments(self) -> tuple[Any, Any]:
        if not self.support.maps:
            return self.law.mean, self.law.covariance()
        k = self.family.noise(len(self.law.mean))
        x = self.support.forward(self.law.draw(matched(_MOMENT_DRAWS, k, 0, self.law.mean)))
        mean = x.mean(0)
        return mean, (x - mean).mT @ (x - mean) / len(x)

    @property
    def mean(self) -> Any:
        """E_q x, shape (dim,)."""
        return self._moments[0]

    @property
    def covariance(self) -> Any:
        """Cov_q x, shape (dim, dim)."""
        return self._moments[1]

    @property
    def sd(self) -> Any:
        """√Var_q x, shape (dim,)."""
        return self.covariance.diagonal().sqrt()

    @property
    def kl(self) -> float:
        """KL(q ‖ posterior) = log Z − ELBO, nats: as good as log_evidence is."""
        return self.log_evidence - self.elbo

    @property
    def bracket(self) -> tuple[float, float]:
        """Between what log Z lies, two standard errors outwards, nats.

        The lower end is the ELBO, a bound whatever q is. The upper end is the estimate of log Z: no
        draws of q alone can bound Z from above, as q may miss mass. It is a statement only while
        k̂ ≤ 0.7; beyond, it is ∞.
        """
        upper = self.log_evidence + 2 * self.log_evidence_error
        return self.elbo - 2 * self.elbo_error, upper if self.khat <= USABLE else math.inf

    @property
    def advice(self) -> str:
        """What k̂ means for the use of this fit, in words."""
        full = isinstance(self.family, (FullRank, Laplace))
        richer = (
            "Reparametrise (non-centred, logarithms) or sample by MCMC"
            if full
            else "Fit learn.FullRank(), or reparametrise"
        )
        if math.isnan(self.khat):
            return "k̂ could not be computed."
        if self.khat <= GOOD:
            return "q is close to the posterior: its moments and the evidence can be trusted."
        if self.khat <= USABLE:
            return "q misses a little of the tails: weighted draws correct it."
        if self.khat <= 1:
            return (
                "q misses part of the posterior: its spreads may be too small, and the evidence is "
                f"not to be trusted. {richer}."
            )
        return (
            "q misses so much that the weights have no mean at this size: the posterior has much "
            f"heavier tails (perhaps no mean or variance) or another shape. {richer}."
        )

    def draws(self, n: int, rng: Any) -> Any:
        """Return n independent draws of x, shape (n, dim).

        Parameters
        ----------
        n : int
            How many, from 1 on.
        rng : int or torch.Generator
            Where they come from.

        Raises
        ------
        InvalidInputError
            For n below 1.
        """
        if isinstance(n, bool) or not isinstance(n, int) or n < 1:
            raise InvalidInputError(f"draws({n!r}): how many is a whole number from 1 on.")
        mean = self.law.mean
        source = torch.Generator().manual_seed(next(seeds(rng)))
        k = self.family.noise(len(mean))
        noise = torch.randn(n, k, generator=source, dtype=mean.dtype).to(mean.device)
        return self.support.forward(self.law.draw(noise))

    def log_density(self, x: Any) -> Any:
        """Return log q(x) for x of shape (n, dim), shape (n,); −∞ outside the support.

        Raises
        ------
        ShapeError
            For any other shape.
        """
        dim = len(self.law.mean)
        if x.ndim != 2 or x.shape[1] != dim:
            raise ShapeError(f"x has shape {tuple(x.shape)}; (n, {dim}) is needed.")
        z = self.support.backward(x)
        inside = torch.isfinite(z).all(-1)
        z = torch.where(inside[:, None], z, torch.zeros_like(z))
        value = self.law.log_density(z) - self.support.log_slope(z)
        return torch.where(inside, value, torch.full_like(value, -math.inf))

    def __repr__(self) -> str:
        low, high = self.bracket
        lines = [
            f"Fit of {len(self.law.mean)} parameters by {self.family}",
            f"  ELBO            {_with_error(self.elbo, self.elbo_error)} nats",
            f"  log evidence    {_with_error(self.log_evidence, self.log_evidence_error)} nats, "
            f"between {low:.2f} and {high:.2f}",
            f"  KL(q ‖ posterior) about {self.kl:.3g} nats",
            f"  k̂ = {self.khat:.2f}: {self.advice}",
            *([f"  {self._path()}"] if self.path else []),
            *(f"  note: {note}" for note in self.notes),
            *_table(self.names, self.mean, self.sd),
        ]
        return "\n".join(lines)

    def _path(self) -> str:
        last, rounds = self.path[-1], len(self.path)
        return (
            f"{rounds} round{'s' * (rounds > 1)}, the last of {last.draws} draws: on fresh draws "
            f"{last.gain:+.2g} nats"
        )


def _with_error(value: float, error: float) -> str:
    if not math.isfinite(error) or error < 1e-9:
        return f"{value:.6g}"
    places = max(0, min(9, 1 - math.floor(math.log10(error))))
    return f"{value:.{places}f} ± {error:.{places}f}"


def _table(names: Sequence[str], mean: Any, sd: Any) -> list[str]:
    wide = max(len(name) for name in [*names[:_SHOWN], "parameter"])
    rows = [f"  {'parameter':<{wide}}  {'mean':>10}  {'sd':>10}"]
    triples = list(zip(names, mean.tolist(), sd.tolist(), strict=True))
    rows += [f"  {name:<{wide}}  {m:>10.4g}  {s:>10.4g}" for name, m, s in triples[:_SHOWN]]
    if len(triples) > _SHOWN:
        rows.append(f"  … {len(triples) - _SHOWN} more: .mean, .sd")
    return rows
