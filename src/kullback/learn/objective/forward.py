"""The forward divergence to a density known up to its constant."""

import math
from typing import Any

from kullback.errors import InvalidInputError
from kullback.learn._torch import torch
from kullback.learn.objective.joint import LogJoint, asked
from kullback.learn.terms.draws import Law
from kullback.learn.terms.term import Term, carried, checked_axes, standard_error
from kullback.methods.monte_carlo.tail import pareto_shape

_TRUSTED = 0.7


def forward_kl(
    log_joint: LogJoint,
    q: Any,
    /,
    *,
    n: int = 256,
    proposal: Any = None,
    rng: Any = None,
    axes: Any = None,
) -> Term:
    """KL(p ‖ q) for p(x) = exp log_joint(x)/Z: what makes q cover all of p.

    By self-normalised importance sampling, with n draws of the proposal r, w = exp log_joint(x)/r
    and s = w/Σ w:

        value:     Σ s (log_joint(x) − log q(x)) − log mean w
        gradient:  −Σ s ∇ log q(x)

    Both are biased by O(1/n). Only q moves: log_joint and r are taken as they are.

    Parameters
    ----------
    log_joint, q, rng, axes
        As for `elbo`; here log_joint may be −∞.
    n : int
        How many draws.
    proposal : form or torch.distributions.Distribution, optional
        What is drawn from, with the batch of q; q itself if left out.

    Returns
    -------
    Term
        To be made small. Its notes say where the weights have too heavy a tail to trust it.

    References
    ----------
    Bornschein and Bengio, Reweighted wake-sleep, ICLR 2015; Vehtari et al., Pareto smoothed
    importance sampling, JMLR 25 (2024).

    >>> import torch
    >>> from kullback import learn
    >>> mean = torch.tensor(0.5, requires_grad=True)
    >>> q = torch.distributions.Normal(mean, 2.0)
    >>> kl = learn.forward_kl(lambda x: -0.5 * x**2, q, n=100_000, rng=0)  # KL = 0.349397
    >>> abs(kl.value.item() - 0.349397) < 4 * kl.error.item() < 0.02
    True
    """
    if not isinstance(n, int) or n < 2:
        raise InvalidInputError(f"n={n!r}: two draws or more are needed for an error.")
    law = Law(q, "q")
    source = law if proposal is None else Law(proposal, "proposal")
    law.check_outcomes(source)
    with torch.no_grad():
        x = source.draw(n, rng).x
        target = asked(log_joint, x, law, holes=True)
        log_w = target - source.log_density(x, inside=True)
        total = torch.logsumexp(log_w, 0)
        if not bool(torch.isfinite(total).all()):
            raise InvalidInputError(
                f"log_joint is −inf at all of n={n} draws of a proposal: none lies where p has "
                "mass."
            )
        share = torch.exp(log_w - total)
    log_q = law.log_density(x)
    with torch.no_grad():
        apart = torch.where(share > 0, target - log_q, 0)
        mean = (share * apart).sum(0)
        value = mean - (total - math.log(n))
        if not bool(torch.isfinite(value).all()):
            raise InvalidInputError("A draw with weight lies where q has no mass: KL is infinite.")
        influence = n * share * (apart - mean - 1) + 1 + value
        shape = pareto_shape(torch.exp(log_w - log_w.amax(0)).cpu().double().numpy())
    weighed = torch.where(share > 0, share * log_q, 0).sum(0)
    notes = _notes(shape)
    named = checked_axes(axes, tuple(value.shape))
    return Term(
        carried(value, -weighed),
        standard_error(influence),
        "self-normalised",
        named,
        notes,
        draws=influence,
    )


def _notes(shape: Any) -> tuple[str, ...]:
    worst = float(shape.max()) if shape.size else 0.0
    if not worst > _TRUSTED:
        return ()
    return (
        f"The largest weights fall off like a Pareto law of shape k̂ = {worst:.2f} > {_TRUSTED}: "
        "neither the value nor its error is to be trusted; the proposal misses part of p.",
    )
