"""What the draws of a network predict together, and how unsure they are, in two parts that add up.

With p_s the law that draw s predicts and p̄ their mean, of classes

    H(p̄) = mean H(p_s) + mean KL(p_s ‖ p̄)

and of numbers, by the law of total variance, Var p̄ = mean Var p_s + Var of the means. The first
part, aleatoric, stays however many data come; the second, epistemic, is what the weights do not
know yet. It is a mean KL, or a variance, and never negative.
"""

import math
from dataclasses import dataclass, field
from typing import Any

from kullback._measure import entropy, kl
from kullback.errors import InvalidInputError
from kullback.forms import Logits, LogProbs
from kullback.learn._torch import torch


@dataclass(frozen=True, eq=False, repr=False)
class Prediction:
    """The mean of what the draws predict.

    Attributes
    ----------
    mean : tensor
        Probabilities of classes, shape (*batch, k); of numbers their mean, (*batch, *event).
    aleatoric, epistemic : tensor
        Of classes in nats, shape (*batch,). Of numbers variances, shape (*batch, *event).
    unit : str
        "nats" or "variance".
    drawn : tuple of Distribution
        The law that each draw predicts.
    """

    mean: Any
    aleatoric: Any
    epistemic: Any
    unit: str
    drawn: tuple[Any, ...] = field()

    @property
    def total(self) -> Any:
        """The entropy or variance of the mixture of all draws: the sum of both parts."""
        return self.aleatoric + self.epistemic

    def log_density(self, y: Any) -> Any:
        """Return log p̄(y), in nats, shape (*batch,).

        Parameters
        ----------
        y : tensor, shape (*batch,) or (*batch, *event)
            Class indices, or outcomes.

        >>> import torch
        >>> from kullback import learn
        >>> members = [lambda x: torch.distributions.Normal(x, 1.0)] * 2
        >>> learn.predict(members, torch.zeros(1)).log_density(torch.zeros(1))  # −½ log 2π
        tensor([-0.9189])
        """
        each = torch.stack([law.log_prob(y) for law in self.drawn])
        return torch.logsumexp(each, 0) - math.log(len(each))

    def __repr__(self) -> str:
        parts = [float(x.mean()) for x in (self.total, self.aleatoric, self.epistemic)]
        total, aleatoric, epistemic = (f"{x:.4g}" for x in parts)
        what = f"entropy {total} nats" if self.unit == "nats" else f"variance {total}"
        return (
            f"Prediction({self.epistemic.numel()} outcomes from {len(self.drawn)} draws: mean "
            f"{what} = {aleatoric} aleatoric + {epistemic} epistemic)"
        )


def of_classes(logits: Any) -> Prediction:
    """Return what draws of logits predict, shape (draws, *batch, k)."""
    refuse_nan(logits)
    logs = torch.log_softmax(logits, -1)
    mean = torch.logsumexp(logs, 0) - math.log(len(logs))
    apart = kl(Logits(logits), LogProbs(mean.expand_as(logs)))
    laws = tuple(torch.distributions.Categorical(logits=x, validate_args=False) for x in logs)
    return Prediction(mean.exp(), entropy(Logits(logits)).mean(0), apart.mean(0), "nats", laws)


def of_laws(laws: tuple[Any, ...]) -> Prediction:
    """Return what laws of numbers predict, one a draw."""
    means, variances = (torch.stack(x) for x in zip(*map(moments, laws), strict=True))
    if bool(torch.isinf(variances).any()):
        raise InvalidInputError(
            f"{type(laws[0]).__name__} has no variance at {int(torch.isinf(variances).sum())} of "
            f"{variances.numel()} places: the total has no two parts."
        )
    refuse_nan(means)
    refuse_nan(variances)
    spread = means.var(0, correction=0)
    return Prediction(means.mean(0), variances.mean(0), spread, "variance", laws)


def moments(law: Any) -> tuple[Any, Any]:
    """Return mean and variance, or raise if the law does not know them."""
    try:
        return law.mean, law.variance
    except NotImplementedError:
        raise InvalidInputError(
            f"{type(law).__name__} of torch.distributions does not state its mean and variance: "
            "the total has no two parts. Let the model give a law that does, such as Normal."
        ) from None


def refuse_nan(x: Any) -> None:
    """Raise if what the draws say is NaN somewhere."""
    bad = int(torch.isnan(x).sum())
    if bad:
        raise InvalidInputError(
            f"{bad} of the {x.numel()} outputs of the draws are NaN: look for the layer that "
            "gives the first, or at the inputs."
        )
