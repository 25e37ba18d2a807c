"""Bounds of the log evidence from several draws at once."""

import math
from typing import Any

from kullback.errors import InvalidInputError
from kullback.learn._torch import torch
from kullback.learn.objective.joint import LogJoint, asked
from kullback.learn.terms.draws import Law, leave_one_out
from kullback.learn.terms.term import Term, carried, checked_axes, standard_error


def importance_bound(
    log_joint: LogJoint,
    q: Any,
    /,
    *,
    k: int = 8,
    n: int = 16,
    alpha: float = 0.0,
    rng: Any = None,
    axes: Any = None,
) -> Term:
    """(log mean wᵝ)/β over k draws of q, β = 1 − α and w = exp log_joint(x)/q(x).

    The mean of n such. At α = 0 it is the importance-weighted bound: below log Z in expectation,
    and closer with every further draw. For α > 0 it tends to log Z − D_α(q ‖ p), D_α Rényi's
    divergence, as k grows; α → 1 is the ELBO. For α < 0 it may pass log Z.

    Parameters
    ----------
    log_joint, q, rng, axes
        As for `elbo`; here log_joint may be −∞.
    k : int
        How many draws make one bound.
    n : int
        How many bounds are averaged, 2 or more.
    alpha : float
        The order of the divergence; not 1.

    Returns
    -------
    Term
        To be made large. Its gradient is that of the bound of k draws, in expectation: along the
        draws' path, or by the score, where each draw answers for what it adds to the others.

    Raises
    ------
    InvalidInputError, ShapeError
        As for `elbo`; k below 1, α = 1 or not finite; k draws without any mass.

    References
    ----------
    Burda, Grosse and Salakhutdinov, Importance weighted autoencoders, ICLR 2016; Li and Turner,
    Rényi divergence variational inference, NeurIPS 2016; Mnih and Rezende, Variational inference
    for Monte Carlo objectives, ICML 2016 (the score).

    >>> import torch
    >>> from kullback import learn
    >>> D = torch.distributions
    >>> def log_joint(x):  # x ~ N(0, 1), and 2 was seen of N(x, 1): log Z = -2.2655
    ...     return D.Normal(0.0, 1.0).log_prob(x) + D.Normal(x, 1.0).log_prob(torch.tensor(2.0))
    >>> q = D.Normal(torch.tensor(0.5), 1.0)
    >>> bounds = [learn.importance_bound(log_joint, q, k=k, n=4000, rng=0) for k in (1, 8, 64)]
    >>> [round(bound.value.item(), 1) for bound in bounds]
    [-2.7, -2.3, -2.3]
    """
    if not isinstance(k, int) or k < 1 or not isinstance(n, int) or n < 2:
        raise InvalidInputError(f"k={k!r}, n={n!r}: k of at least 1 and n of at least 2 is needed.")
    if not math.isfinite(alpha) or alpha == 1:
        hint = ": learn.elbo is the limit at 1" if alpha == 1 else ""
        raise InvalidInputError(f"alpha={alpha!r}: a finite order other than 1 is needed{hint}.")
    law = Law(q, "q")
    drawn = law.draw(n * k, rng)
    log_q = law.log_density(drawn.x, inside=True)
    log_w = (asked(log_joint, drawn.x, law, holes=True) - log_q).unflatten(0, (n, k))
    bound = _bound(log_w, 1 - alpha)
    held = bound.detach()
    if not bool(torch.isfinite(held).all()):
        raise InvalidInputError(
            f"{int((~torch.isfinite(held)).sum())} of {held.numel()} bounds of k={k} draws are not "
            "finite: log_joint is −inf at all of their draws, or at one if alpha > 1."
        )
    value, how = bound.mean(0), "reparametrised"
    if not drawn.path:
        signal = held[:, None] - _without_each(log_w.detach(), 1 - alpha)
        by_score = (signal * log_q.unflatten(0, (n, k))).sum(1)
        value, how = carried(value, (by_score + bound).mean(0)), "score"
    named = checked_axes(axes, tuple(value.shape))
    return Term(value, standard_error(held), how, named, draws=held)


def _bound(log_w: Any, beta: float) -> Any:
    """(log mean wᵝ)/β over the second axis."""
    return (torch.logsumexp(beta * log_w, 1) - math.log(log_w.shape[1])) / beta


def _without_each(log_w: Any, beta: float) -> Any:
    """Return what a bound is without each of its draws, shape (n, k, *batch).

    With a single draw, the mean of the other bounds.
    """
    k = log_w.shape[1]
    if k == 1:
        return leave_one_out(log_w)
    kept = [[j for j in range(k) if j != i] for i in range(k)]
    others = torch.stack([_bound(log_w[:, row], beta) for row in kept], 1)
    return torch.where(torch.isfinite(others), others, 0)
