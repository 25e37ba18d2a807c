"""The divergence of a policy from a reference, from draws with their log-probabilities."""

from typing import Any

from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.terms.term import Axis, Term, carried
from kullback.methods.monte_carlo.estimators import K1, K2, K3

_PLAIN = K1()


def sampled(
    log_p: Any,
    log_q: Any,
    /,
    *,
    behaviour: Any = None,
    mask: Any = None,
    estimator: K1 | K2 | K3 = _PLAIN,
    per: Axis | None = None,
    n_data: int | None = None,
) -> Term:
    """KL(p ‖ q) of sequences, each drawn once, with the gradient of KL itself.

    The value is the mean of an estimator's terms; the gradient is KL's own whatever the estimator,
    which those of k1, k2 and k3 are not. With u = log q/p at each token, and w the weight of a
    sequence so far, Π p/b over its tokens up to this one (1 in value if p drew it),

        value:     Σ w k(u)
        gradient:  Σ −u ∇w − w ∇ log q − w c ∇ log p

    where ∇w = w Σ ∇ log p over the tokens up to this one, and c is what the other sequences still
    paid from this token on.

    Parameters
    ----------
    log_p, log_q : tensor, shape (batch,) or (batch, tokens)
        The log-probabilities of what was drawn, under the policy and the reference.
    behaviour : tensor, same shape, optional
        Those under what drew it, where that is not p as it is now.
    mask : tensor of bool, same shape, optional
        Which tokens count. Whether one does must follow from those before it.
    estimator : K1, K2 or K3
        For the value.
    per, n_data
        As for `Term.per`, with axes "sample" and "token".

    Raises
    ------
    InvalidInputError
        A log-probability or a weight that is not finite.
    ShapeError, InputTypeError
        Shapes that differ; another estimator.

    References
    ----------
    Schulman, Approximating KL divergence, 2020, http://joschu.net/blog/kl-approx.html; Precup,
    Sutton and Singh, Eligibility traces for off-policy policy evaluation, ICML 2000 (the weights).

    >>> import torch
    >>> import kullback as kb
    >>> from kullback import learn
    >>> log_p = torch.tensor([-1.0, -0.5, -2.0], requires_grad=True)
    >>> log_q = torch.tensor([-1.5, -1.0, -1.0])
    >>> kl = learn.sampled(log_p, log_q, estimator=kb.K3(), per="sample")
    >>> f"{kl:.4f}"
    '0.3104 ± 0.2039 nats'
    >>> kl.value.backward()
    >>> log_p.grad
    tensor([ 0.2500,  0.2500, -0.5000])
    """
    if not isinstance(estimator, (K1, K2, K3)):
        raise InputTypeError(f"estimator={estimator!r}: kb.K1(), kb.K2() or kb.K3() is needed.")
    rows = Rows(log_p, log_q, behaviour, mask)
    weight = rows.weight()
    held = weight.detach()
    u = rows.log_q - rows.log_p
    surrogate = -u.detach() * weight - held * rows.log_q
    surrogate = surrogate - rows.baseline(held * -u.detach(), held) * rows.log_p
    value = held * _terms(estimator, u.detach())
    notes = () if estimator.unbiased else (f"{estimator!r} is biased as a value.",)
    return rows.term(value, surrogate, "samples", notes, per, n_data)


def _terms(estimator: K1 | K2 | K3, u: Any) -> Any:
    if isinstance(estimator, K1):
        return -u
    return 0.5 * u * u if isinstance(estimator, K2) else torch.expm1(u) - u


class Rows:
    """Log-probabilities of sequences, shape (batch, tokens), 0 where they do not count."""

    def __init__(self, log_p: Any, log_q: Any, behaviour: Any, mask: Any) -> None:
        named = {"log_p": log_p, "log_q": log_q, "behaviour": behaviour}
        self.shape = tuple(getattr(log_p, "shape", ()))
        for name, x in named.items():
            if x is not None and not torch.is_tensor(x):
                raise InputTypeError(f"{name} is a {type(x).__name__}; a tensor is needed.")
            if x is not None and (tuple(x.shape) != self.shape or x.ndim not in (1, 2)):
                raise ShapeError(
                    f"{name} has shape {tuple(x.shape)} and log_p {self.shape}; both must be "
                    "(batch,) or (batch, tokens)."
                )
        self.mask = self._mask(mask, log_p)
        for name, x in named.items():
            bad = 0 if x is None else int((~torch.isfinite(x.detach()) & self.mask).sum())
            if bad:
                raise InvalidInputError(
                    f"{name} is infinite or NaN at {bad} of {int(self.mask.sum())} tokens that "
                    "count; mask= leaves out those that were not drawn."
                )
        self.log_p, self.log_q = self._two_axes(log_p), self._two_axes(log_q)
        drew = log_p if behaviour is None else behaviour
        self.behaviour = self._two_axes(drew).detach()
        self.keep = self.mask.reshape(self.log_p.shape)

    def _mask(self, mask: Any, like: Any) -> Any:
        if mask is None:
            return torch.ones(self.shape, dtype=torch.bool, device=like.device)
        mask = torch.as_tensor(mask, dtype=torch.bool, device=like.device)
        if tuple(mask.shape) != self.shape:
            raise ShapeError(f"mask has shape {tuple(mask.shape)}, and log_p {self.shape}.")
        return mask

    def _two_axes(self, x: Any) -> Any:
        x = torch.where(self.mask, x, 0)
        return x if x.ndim == 2 else x[:, None]

    def weight(self, before: bool = False) -> Any:
        """Return Π p/b over the tokens up to each one (before it), with its gradient."""
        step = self.log_p - self.behaviour
        total = step.cumsum(-1)
        weight = torch.exp(total - step if before else total)
        if not bool(torch.isfinite(weight.detach()).all()):
            raise InvalidInputError(
                f"The weight p/behaviour of a sequence is e^{float(total.detach().max()):.1f}, "
                "beyond its dtype: these draws say nothing of p. Draw afresh."
            )
        return weight

    def baseline(self, paid: Any, weight: Any, after: bool = False) -> Any:
        """Return w · c of each token.

        c is what the other sequences paid from it on (after it), over their weight. What others
        paid knows nothing of this token, so that w c ∇ log p has the mean 0.

        Parameters
        ----------
        paid, weight : tensor, shape (batch, tokens)
            What each token cost, and the weight up to and with it.
        """
        paid = torch.where(self.keep, paid, 0)
        still = paid.flip(-1).cumsum(-1).flip(-1) - (paid if after else 0)
        still, worth = (torch.where(self.keep, x, 0) for x in (still, weight))
        others, against = still.sum(0) - still, worth.sum(0) - worth
        return weight * torch.where(against > 0, others / against, 0)

    def term(
        self,
        value: Any,
        surrogate: Any,
        how: str,
        notes: tuple[str, ...],
        per: Axis | None,
        n_data: int | None,
    ) -> Term:
        """Return the term of what each token costs, in the shape that was given."""
        each = torch.where(self.keep, carried(value, surrogate), 0).reshape(self.shape)
        axes = ("sample", "token")[: each.ndim]
        whole = Term(each, None, how, axes, notes, self.mask, rows=True)
        return whole if per is None and n_data is None else whole.per(per, n_data=n_data)
