"""The aggregate posterior: the mixture q(z) = mean q(z | x) over N inputs, each with its law."""

import math
from collections.abc import Iterator
from typing import Any

from kullback.errors import InvalidInputError, NoMethodError
from kullback.learn._torch import torch
from kullback.learn.ranks import Ranks

_AT_ONCE = 2**20
"""How many log-densities are held at once: few enough for a processor's cache."""


def of_all(law: Any, ranks: Ranks) -> Any:
    """Return the law of all ranks' inputs, without gradient; raise for what has no dimensions."""
    if isinstance(law, torch.distributions.Independent):
        law = law.base_dist
    if len(getattr(law, "batch_shape", ())) == 2:
        if isinstance(law, torch.distributions.Normal):
            loc, scale = ranks.joined(law.loc.detach()), ranks.joined(law.scale.detach())
            _refuse(~torch.isfinite(loc) | ~torch.isfinite(scale) | (scale <= 0))
            return torch.distributions.Normal(loc, scale)
        if isinstance(law, torch.distributions.Categorical):
            logits = ranks.joined(law.logits.detach())
            _refuse(torch.isnan(logits).any(-1))
            return torch.distributions.Categorical(logits=logits)
    raise NoMethodError(
        f"{law!r} cannot be dissected: a Normal or a Categorical of torch.distributions is needed, "
        "of batch (N, d), a row an input, its dimensions independent."
    )


def _refuse(wrong: Any) -> None:
    """Raise if the law of an input is none, shape (N, d)."""
    bad = int(wrong.any(-1).sum())
    if bad:
        raise InvalidInputError(
            f"The posterior of {bad} of {len(wrong)} inputs is no law: it holds NaN, ∞ or a scale "
            "that is not positive. Look at what the encoder gives for them."
        )


def log_mixture(law: Any, z: Any) -> tuple[Any, Any]:
    """Return log q(z), shape (draws,), and log q(zⱼ), shape (draws, d)."""
    joint, each = [], []
    for log_q in _by_input(law, z):
        joint.append(torch.logsumexp(log_q.sum(0), -1))
        each.append(torch.logsumexp(log_q, -1).T)
    return _mean(law, joint), _mean(law, each)


def log_marginals(law: Any, z: Any) -> Any:
    """Return log q(zⱼ), shape (draws, d)."""
    return _mean(law, [torch.logsumexp(log_q, -1).T for log_q in _by_input(law, z)])


def log_of_all_and_others(law: Any, z: Any) -> tuple[Any, Any]:
    """Return log q(z) over all inputs, and over all but that which a draw is of; shape (draws,).

    Row i of z is a draw of input i modulo N.
    """
    whole, others, begun, inputs = [], [], 0, law.batch_shape[0]
    for log_q in _by_input(law, z):
        joint = log_q.sum(0)
        own = torch.arange(begun, begun + len(joint), device=joint.device) % inputs
        begun += len(joint)
        whole.append(torch.logsumexp(joint, -1))
        others.append(torch.logsumexp(joint.scatter(1, own[:, None], -math.inf), -1))
    return _mean(law, whole), torch.cat(others) - math.log(inputs - 1)


def _by_input(law: Any, z: Any) -> Iterator[Any]:
    """Give log q(zⱼ | x) of some draws at a time, shape (d, draws, N)."""
    inputs, d = law.batch_shape
    parts = z.split(max(1, _AT_ONCE // (inputs * d)))
    if isinstance(law, torch.distributions.Categorical):
        of_class = law.logits.permute(1, 2, 0).contiguous()
        for part in parts:
            yield of_class[torch.arange(d)[:, None], part.T]
        return
    m, s = law.loc.T.contiguous()[:, None], law.scale.T.contiguous()[:, None]
    scaled, log_top = s.reciprocal(), -s.log() - 0.5 * math.log(2 * math.pi)
    for part in parts:
        u = (part.T[..., None] - m) * scaled
        yield torch.addcmul(log_top, u, u, value=-0.5)


def _mean(law: Any, log_sums: list[Any]) -> Any:
    return torch.cat(log_sums) - math.log(law.batch_shape[0])


def repeat_error(draws: Any) -> Any:
    """Return the standard error of the mean of n draws of each of N given inputs."""
    n, inputs = draws.shape[:2]
    return (draws.var(0).mean(0) / (n * inputs)).sqrt()


def checked_draws(n: Any) -> None:
    """Raise unless an error can be told of n draws of each posterior."""
    if not isinstance(n, int) or n < 2:
        raise InvalidInputError(f"n={n!r}: two draws or more are needed for an error.")
