"""What a fit hands back: a posterior, and how far to trust it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kullback.errors import InvalidInputError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.variational import export, picture, show, trust
from kullback.learn.variational.draws import Noise, Use, seed_of
from kullback.learn.variational.family import Family
from kullback.learn.variational.laws import Gaussian, Law
from kullback.learn.variational.rounds import Round
from kullback.learn.variational.support import Support

_MANY = 16384
"""Draws behind the moments of bounded parameters and the quantiles of laws that are no Gaussian."""


@dataclass(frozen=True, eq=False, repr=False)
class Fit:
    """A law fitted to a posterior, pushed through its support.

    Attributes
    ----------
    family : Family
        What was fitted.
    law : Law
        The law of the parameters on the whole line.
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
    state : mapping
        What `learn.fit(resume=)` needs.
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
    state: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def _many(self) -> Any:
        k = self.family.noise(len(self.law.like))
        noise = Noise(k, 0, self.law.like).matched(_MANY, Use.JUDGE)
        with torch.no_grad():
            return self.support.forward(self.law.draw(noise))

    @cached_property
    def _moments(self) -> tuple[Any, Any]:
        if not self.support.maps:
            return self.law.mean, self.law.covariance()
        away = self._many - (mean := self._many.mean(0))
        return mean, away.mT @ away / len(away)

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

    def quantile(self, p: float) -> Any:
        """Return the p-quantile of each parameter under q, shape (dim,).

        Raises
        ------
        InvalidInputError
            For p outside (0, 1).
        """
        if not isinstance(p, (int, float)) or not 0 < p < 1:
            raise InvalidInputError(f"quantile({p!r}): a probability between 0 and 1 is needed.")
        if not isinstance(self.law, Gaussian):
            return torch.quantile(self._many, p, dim=0)
        spread = self.law.covariance().diagonal().sqrt()
        far = torch.special.ndtri(torch.tensor(p, dtype=torch.float64)).to(spread)
        return self.support.forward((self.law.mean + far * spread)[None])[0]

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
        return self.elbo - 2 * self.elbo_error, upper if self.khat <= trust.USABLE else math.inf

    @property
    def advice(self) -> str:
        """What k̂ means for the use of this fit, in words."""
        return trust.advice(self.khat, self.family)

    def state_dict(self) -> dict[str, Any]:
        """Return where the search stands, for `torch.save` and `learn.fit(resume=)`."""
        return dict(self.state)

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
        like = self.law.like
        source = torch.Generator().manual_seed(seed_of(rng))
        k = self.family.noise(len(like))
        noise = torch.randn(n, k, generator=source, dtype=like.dtype).to(like.device)
        with torch.no_grad():
            return self.support.forward(self.law.draw(noise))

    def log_density(self, x: Any) -> Any:
        """Return log q(x) for x of shape (n, dim), shape (n,); −∞ outside the support.

        Raises
        ------
        ShapeError
            For any other shape.
        """
        dim = len(self.law.like)
        if x.ndim != 2 or x.shape[1] != dim:
            raise ShapeError(f"x has shape {tuple(x.shape)}; (n, {dim}) is needed.")
        z = self.support.backward(x)
        inside = torch.isfinite(z).all(-1)
        z = torch.where(inside[:, None], z, torch.zeros_like(z))
        value = self.law.log_density(z) - self.support.log_slope(z)
        return torch.where(inside, value, torch.full_like(value, -math.inf))

    def plot(self, ax: Any = None) -> Any:
        """Draw the path with matplotlib, on the axes given or on new ones; return the axes.

        Each round's ELBO on the draws it was fitted to, and on fresh ones with two standard errors;
        the final ELBO; and the log evidence, while k̂ ≤ 0.7.

        Raises
        ------
        MissingExtraError
            Without matplotlib.
        InvalidInputError
            For a family that is not searched, such as Laplace().
        """
        return picture.path_on_axes(self, ax)

    def to_arviz(self, n: int = 4000, rng: Any = 0) -> Any:
        """Return n draws for ArviZ: one chain, in a DataTree (ArviZ 1) or InferenceData (ArviZ 0).

        Parameters named x[0], x[1], … become one variable x. ELBO, evidence and k̂ are attributes of
        the group.

        Raises
        ------
        MissingExtraError
            Without ArviZ.
        """
        return export.to_arviz(self, n, rng)

    def __repr__(self) -> str:
        return show.as_text(self)

    def _repr_html_(self) -> str:
        return show.as_html(self)
