"""What each weight is held against before the data: KL(posterior ‖ prior), summed over a tensor.

The prior is a product over weights, so that of a posterior with marginals N(μ, v)

    KL = Σ KL(N(μ, v) ‖ prior) + total correlation of the posterior
"""

import math
from dataclasses import dataclass
from typing import Any

from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.bayes.gaussian import spread
from kullback.learn.bayes.posterior import Posterior
from kullback.learn.terms.draws import Law
from kullback.learn.terms.pair import exact
from kullback.questions import KL


@dataclass(frozen=True)
class EmpiricalBayes:
    """N(0, s²) for the weights of each tensor, s² the one that the evidence bound likes best.

    That is s² = mean (μ² + v), which leaves KL = ½ Σ log s²/v.

    References
    ----------
    Wu et al., Deterministic variational inference for robust Bayesian neural networks, ICLR 2019.

    >>> import torch
    >>> from kullback import learn
    >>> layer = torch.nn.Linear(4, 1, bias=False)
    >>> _ = torch.nn.init.constant_(layer.weight, 3.0)
    >>> network = learn.bayesian(layer, prior=learn.EmpiricalBayes(), scale=1.0)
    >>> _ = network(torch.zeros(1, 4))
    >>> learn.rate(network).value  # s² = 10: 2 log 10
    tensor([4.6052], grad_fn=<CatBackward0>)
    """


def checked_prior(prior: Any) -> Any:
    """Return a prior: a scale as a float, or what has been given; or raise."""
    if isinstance(prior, bool):
        raise InputTypeError(f"prior={prior!r}: a standard deviation or a law is needed.")
    if isinstance(prior, (int, float)):
        if not 0 < prior < math.inf:
            raise InvalidInputError(f"prior={prior!r}: a positive standard deviation is needed.")
        return float(prior)
    if isinstance(prior, EmpiricalBayes):
        return prior
    _check_reach(prior() if isinstance(prior, torch.nn.Module) else prior)
    return prior


def cost(posterior: Posterior, mean: Any, prior: Any) -> tuple[Any, Any, str]:
    """Return σ of a tensor's weights, their KL(posterior ‖ prior), a scalar, and how."""
    if isinstance(prior, float) and posterior.factor is None:
        scale, kl = spread(posterior.log_scale, mean, prior)
        return scale, kl, "closed"
    scale = posterior.log_scale.exp()
    v = posterior.variance(scale)
    how = "closed"
    if isinstance(prior, float):
        u = v.log() - 2 * math.log(prior)
        each = 0.5 * ((mean / prior) ** 2 + (torch.expm1(u) - u))
    elif isinstance(prior, EmpiricalBayes):
        each = 0.5 * ((mean * mean + v).mean() / v).log()
    else:
        each, how = _of_law(mean, v, prior() if isinstance(prior, torch.nn.Module) else prior)
    shared = posterior.total_correlation()
    return scale, (each.sum() if shared is None else each.sum() + shared), how


def _of_law(mean: Any, variance: Any, prior: Any) -> tuple[Any, str]:
    """Return KL of each weight: in closed form, else log q/p at one draw."""
    q = torch.distributions.Normal(mean, variance.sqrt(), validate_args=False)
    found = exact(KL(), q, prior, None, 0)
    if found is not None:
        return found[0].expand(mean.shape), found[2]
    w = q.rsample()
    return q.log_prob(w) - Law(prior, "prior").log_density(w[None])[0], "reparametrised"


def _check_reach(prior: Any) -> None:
    """Raise unless the prior is the law of one number, with mass wherever a Gaussian has some."""
    law = Law(prior, "prior")
    if law.batch or law.event:
        raise ShapeError(
            f"prior={prior!r} is a batch of shape {law.batch} of laws with {law.event} axes; the "
            "law of one weight is needed."
        )
    mean: Any = getattr(prior, "mean", None)
    home = mean.device if torch.is_tensor(mean) else None
    ends = torch.tensor([-1e3, 1e3], dtype=torch.float64, device=home)
    q = torch.distributions.Normal(torch.zeros(1, device=home), 1.0)
    found = exact(KL(), q, prior, None, 0)
    finite = law.form is None or bool(torch.isfinite(law.form.log_density(ends)).all())
    if (found is not None and not bool(torch.isfinite(found[0]).all())) or not finite:
        raise InvalidInputError(
            f"prior={prior!r} has no mass in some places where a Gaussian posterior has: KL is "
            "infinite. A prior on the whole line is needed, such as Normal, Laplace or StudentT."
        )
