"""The divergence of two laws: exact where it can be, drawn where it cannot."""

from typing import Any, Literal

from kullback._measure.values import value_of
from kullback.errors import InputTypeError, InvalidInputError, NoMethodError
from kullback.forms.coerce import coerce
from kullback.learn._torch import torch
from kullback.learn.terms.draws import Law, leave_one_out
from kullback.learn.terms.term import Axis, Term, carried, checked_axes, standard_error
from kullback.methods.choose import CERTAIN, choose
from kullback.methods.exact import ExactSum
from kullback.methods.summation import CertifiedSum
from kullback.questions import KL, Divergence

How = Literal["closed", "enumerated", "integrated", "reparametrised", "score"]
HOWS = ("closed", "enumerated", "integrated", "reparametrised", "score")
_KL = KL()


def term(
    p: Any,
    q: Any,
    /,
    *,
    of: Divergence = _KL,
    how: How | None = None,
    n: int = 16,
    rng: Any = None,
    axes: Any = None,
    mask: Any = None,
    per: Axis | None = None,
    n_data: int | None = None,
) -> Term:
    """KL(p ‖ q) as a part of a loss, with a gradient that is right in expectation.

    A closed form is taken where there is one, else the sum over every outcome, else, with `rng`,
    n draws x of p: along the path from p's parameters to x if there is one (rsample), else by the
    score, each draw against the mean of the others. Without `rng`, an integral.

        path:   ∇ mean log p(x(θ))/q(x(θ))
        score:  mean (f − mean of the other f) ∇ log p(x) − ∇ log q(x),  f = log p(x)/q(x)

    Parameters
    ----------
    p, q : array, form or torch.distributions.Distribution
        As for `kb.kl`.
    of : Divergence
        Another than KL, where it has an exact answer.
    how : str, optional
        One of "closed", "enumerated", "integrated", "reparametrised" and "score", instead of the
        first that answers.
    n : int
        How many draws, for each of the batch.
    rng : seed or torch.Generator, optional
        Where draws come from.
    axes : tuple of str, optional
        What each axis of the batch counts: "sample", "token" or "dim".
    mask : tensor of bool, optional
        What of the batch counts.
    per, n_data
        As for `Term.per`; unreduced if neither is given.

    Returns
    -------
    Term
        value, error, how.

    Raises
    ------
    NoMethodError
        Where nothing answers, or not as `how` asks.
    InvalidInputError
        Where a draw of p lies where q has no mass: KL is infinite, and has no gradient.

    References
    ----------
    Kingma and Welling, Auto-encoding variational Bayes, ICLR 2014; Kool et al., Buy 4 REINFORCE
    samples, get a baseline for free, 2019.

    >>> import torch
    >>> from kullback import learn
    >>> mean = torch.tensor(1.0, requires_grad=True)
    >>> p, q = torch.distributions.Normal(mean, 1.0), torch.distributions.Normal(0.0, 2.0)
    >>> kl = learn.term(p, q)
    >>> kl.value.backward()
    >>> round(kl.value.item(), 6), kl.how, mean.grad
    (0.443147, 'closed', tensor(0.2500))
    >>> drawn = learn.term(p, q, how="score", n=1000, rng=0)
    >>> abs(drawn.value - kl.value).item() < 4 * drawn.error.item() < 0.1
    True
    """
    if how is not None and how not in HOWS:
        raise InputTypeError(f"how={how!r}: one of {', '.join(HOWS)} is needed.")
    found = exact(of, p, q, how, rng)
    if found is None:
        if not isinstance(of, KL):
            raise NoMethodError(f"{of!r} has no exact answer here, and only KL is drawn.")
        found = _drawn(Law(p, "p"), Law(q, "q"), how, n, rng)
    value, draws, name, shared = found
    named = checked_axes(axes, tuple(value.shape))
    if mask is not None:
        mask = torch.as_tensor(mask, dtype=torch.bool, device=value.device).expand(value.shape)
        value = torch.where(mask, value, 0)
        draws = None if draws is None else torch.where(mask, draws, 0)
    error = torch.zeros_like(value.detach()) if draws is None else standard_error(draws)
    whole = Term(value, error, name, named, mask=mask, draws=draws, shared=shared)
    return whole if per is None and n_data is None else whole.per(per, n_data=n_data)


def exact(of: Divergence, p: Any, q: Any, how: How | None, rng: Any) -> Any:
    """Return (value, None, how, ()), or None where draws are to be taken."""
    if how in ("reparametrised", "score"):
        return None
    try:
        method, _ = choose(of, coerce(p, "p"), coerce(q, "q"), CERTAIN)
    except NoMethodError:
        if how is None and rng is not None:
            return None
        raise
    found = "closed" if method.kind == "exact" else "integrated"
    if isinstance(method, (ExactSum, CertifiedSum)):
        found = "enumerated"
    if how is None and found == "integrated" and rng is not None and isinstance(of, KL):
        return None
    if how not in (None, found):
        raise NoMethodError(f"{of!r} is {found} for p={p!r} and q={q!r}, not {how}.")
    return torch.as_tensor(value_of(of, p, q, None, -1, None)), None, found, ()


def _drawn(p: Law, q: Law, how: How | None, n: int, rng: Any) -> Any:
    """Return the mean of log p/q over n draws, with its gradient; the terms; how; axes shared."""
    if not isinstance(n, int) or n < 2:
        raise InvalidInputError(f"n={n!r}: two draws or more are needed for an error.")
    p.check_outcomes(q)
    drawn = p.draw(n, rng)
    if how == "reparametrised" and not drawn.path:
        raise NoMethodError(f"p = {p.given!r} has no path from its parameters to its draws.")
    batch = torch.broadcast_shapes(p.batch, q.batch)
    path = drawn.path and how != "score"
    x = drawn.x if path else drawn.x.detach()
    x = x.reshape(n, *(1,) * (len(batch) - len(p.batch)), *x.shape[1:])
    log_p, log_q = (law.log_density(x, law is p).expand(n, *batch) for law in (p, q))
    f = log_p - log_q
    if not bool(torch.isfinite(f).all()):
        raise InvalidInputError(
            f"{int((~torch.isfinite(f)).sum())} of {f.numel()} draws of p have log p/q that is "
            "infinite or NaN: q has no mass there, so that KL(p ‖ q) is infinite."
        )
    own = (1,) * (len(batch) - len(p.batch)) + tuple(p.batch)
    shared = tuple(i for i, size in enumerate(own) if size == 1)
    if path:
        return f.mean(0), f.detach(), "reparametrised", shared
    signal = (f - leave_one_out(f)).detach()
    return carried(f.mean(0), (signal * log_p - log_q).mean(0)), f.detach(), "score", shared
