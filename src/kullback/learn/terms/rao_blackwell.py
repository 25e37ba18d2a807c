"""The divergence of a policy from a reference, where their logits at every token are held."""

from typing import Any

from kullback._measure.values import value_of
from kullback.errors import ShapeError
from kullback.forms.discrete import Logits
from kullback.learn._torch import torch
from kullback.learn.terms.sampled import Rows
from kullback.learn.terms.term import Axis, Term
from kullback.questions import KL


def rao_blackwell(
    p: Any,
    q: Any,
    tokens: Any,
    /,
    *,
    behaviour: Any = None,
    mask: Any = None,
    per: Axis | None = None,
    n_data: int | None = None,
) -> Term:
    """KL(p ‖ q) of sequences: exact at each token, drawn only in what comes before it.

    With v the weight of a sequence before a token, Π p/b over its tokens so far,

        value:     Σ v KL(p ‖ q at this token)
        gradient:  Σ v ∇KL + KL ∇v − w c ∇ log p

    ∇v = v Σ ∇ log p over the tokens before, which the token-wise KL of distillation leaves out,
    and c as for `sampled`. Its variance is below that of any estimator that sees only what was
    drawn.

    Parameters
    ----------
    p, q : tensor, shape (batch, tokens, k)
        Logits of the policy and of the reference at each token; −∞ masks an outcome.
    tokens : tensor of int, shape (batch, tokens)
        What was drawn.
    behaviour : tensor, shape (batch, tokens), optional
        Its log-probability under what drew it, where that is not p as it is now.
    mask, per, n_data
        As for `sampled`.

    Raises
    ------
    ShapeError
        Shapes that do not fit.
    InvalidInputError
        As for `sampled`.

    References
    ----------
    Amini, Vieira and Cotterell, Better estimation of the Kullback–Leibler divergence between
    language models, 2025, https://arxiv.org/abs/2504.10637.

    >>> import torch
    >>> from kullback import learn
    >>> p, q = torch.zeros(1, 2, 3, requires_grad=True), torch.tensor([[[0.0, 1.0, 2.0]] * 2])
    >>> kl = learn.rao_blackwell(p, q, torch.tensor([[2, 0]]), per="sample")
    >>> round(kl.value.item(), 4)
    0.618
    """
    shape = tuple(p.shape)
    if len(shape) != 3 or tuple(q.shape) != shape or tuple(tokens.shape) != shape[:2]:
        raise ShapeError(
            f"p, q and tokens have shapes {shape}, {tuple(q.shape)} and {tuple(tokens.shape)}; "
            "(batch, tokens, k) twice and (batch, tokens) are needed."
        )
    log_p = _of_drawn(p, tokens)
    rows = Rows(log_p, torch.zeros_like(log_p.detach()), behaviour, mask)
    each = value_of(KL(), Logits(p), Logits(q), None, -1, None)
    each = torch.where(rows.keep, each, 0).to(log_p.dtype)
    before = rows.weight(before=True)
    value = before * each
    weight = rows.weight().detach()
    surrogate = value - rows.baseline(value.detach(), weight, after=True) * rows.log_p
    return rows.term(value.detach(), surrogate, "rao-blackwell", (), per, n_data)


def _of_drawn(logits: Any, tokens: Any) -> Any:
    """Return log-probabilities of what was drawn; no second table of all outcomes is held."""
    logits = logits if logits.dtype == torch.float64 else logits.float()
    return logits.gather(-1, tokens[..., None])[..., 0] - logits.logsumexp(-1)
