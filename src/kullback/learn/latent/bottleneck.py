"""What a code takes and what it gives: bounds on both sides of a bottleneck.

With a code z ~ q(z | x), any law p(z) of codes and any prediction q(y | z),

    I(X; Z) ≤ E KL(q(z | x) ‖ p(z)),   I(Z; Y) ≥ E log q(y | z)/p(y) = H(Y) − E −log q(y | z)

by KL(q(z) ‖ p(z)) and by E KL(p(y | z) ‖ q(y | z)): where the marginal is that of the codes and the
prediction the posterior, both are tight.
"""

from dataclasses import dataclass
from typing import Any

from kullback.arrays.checks import check_base, unit_name
from kullback.errors import InputTypeError, InvalidInputError, ShapeError
from kullback.learn._torch import torch
from kullback.learn.ranks import Ranks
from kullback.learn.terms.term import Term


@dataclass(frozen=True)
class BottleneckBounds:
    """Means over n samples, with their standard errors.

    Attributes
    ----------
    rate : float
        I(X; Z) is at most this.
    relevance : float
        I(Z; Y) is at least this. Below 0 where the prediction is worse than p(y) itself.
    error : tuple of float
        Standard errors of both.
    n : int
        How many samples.
    unit : str
        "nats", "bits" …
    """

    rate: float
    relevance: float
    error: tuple[float, float]
    n: int
    unit: str

    def __repr__(self) -> str:
        """Both, as inequalities."""
        return (
            f"I(X; Z) ≤ {self.rate:.4f} ± {self.error[0]:.4f}, I(Z; Y) ≥ {self.relevance:.4f} ± "
            f"{self.error[1]:.4f} {self.unit}, n = {self.n}"
        )


def bottleneck_bounds(
    rate: Term, log_q: Any, log_p: Any, /, *, base: float | None = None, group: Any = None
) -> BottleneckBounds:
    """Return bounds on what a code takes of X and what it gives of Y.

    Take them of samples that were not trained on: of others the second is no bound.

    Parameters
    ----------
    rate : Term
        `learn.rate(model)` of the pass that predicted.
    log_q : tensor, shape (n,)
        log q(y | z), what was predicted of each sample's y from its code.
    log_p : tensor, shape (n,)
        log p(y), by the law of Y; or by the shares of classes among these samples, which makes the
        bound lower on average. By a law that is only near to that of Y it is no bound.
    base : float, optional
        The unit: 2 for bits, nats if left out.
    group : ProcessGroup or "self", optional
        Which ranks of torch.distributed have samples; all if left out, each of which must call.

    Raises
    ------
    InvalidInputError
        Numbers that are not finite; fewer than two samples.
    InputTypeError, ShapeError
        What is no term of samples; different numbers of them.

    References
    ----------
    Alemi, Fischer, Dillon and Murphy, Deep variational information bottleneck, ICLR 2017.

    >>> import torch
    >>> from kullback import learn
    >>> where = torch.tensor([[3.0], [-3.0], [3.0], [-3.0]])
    >>> codes = torch.distributions.Normal(where, 1.0)
    >>> marginal = torch.distributions.Normal(0.0, 3.0)
    >>> rate = learn.term(codes, marginal, axes=("sample", "dim"))  # learn.rate(model), of a model
    >>> log_q = torch.log(torch.tensor([0.9, 0.8, 0.95, 0.9]))
    >>> log_p = torch.log(torch.tensor([0.5, 0.5, 0.5, 0.5]))
    >>> learn.bottleneck_bounds(rate, log_q, log_p, base=2)
    I(X; Z) ≤ 1.6651 ± 0.0000, I(Z; Y) ≥ 0.8250 ± 0.0523 bits, n = 4
    """
    unit = check_base(base, applies=True, question="I(Z; Y)")
    if not isinstance(rate, Term) or not rate.axes or rate.axes[0] != "sample":
        raise InputTypeError(
            f"{type(rate).__name__} is no divergence of each sample: learn.rate(model) is needed, "
            "of a model whose layers are paid for by the sample, before any mean is taken."
        )
    spent = rate.value.detach().flatten(1).sum(1) if rate.value.ndim > 1 else rate.value.detach()
    ranks = Ranks(group)
    given = [ranks.joined(torch.as_tensor(x).detach().to(spent)) for x in (log_q, log_p)]
    spent = ranks.joined(spent)
    n = len(spent)
    for name, x in zip(("log_q", "log_p"), given, strict=True):
        if tuple(x.shape) != (n,):
            raise ShapeError(f"{name} has shape {tuple(x.shape)}; the rate is of {n} samples.")
        bad = int((~torch.isfinite(x)).sum())
        if bad:
            raise InvalidInputError(
                f"{name} is infinite or NaN at {bad} of {n} samples: of what was thought "
                "impossible and came, no finite information is told."
            )
    if n < 2:
        raise InvalidInputError(f"{n} samples: two or more are needed for an error.")
    told = given[0] - given[1]
    (taken, taken_error), (kept, kept_error) = (_mean(x, unit) for x in (spent, told))
    return BottleneckBounds(taken, kept, (taken_error, kept_error), n, unit_name(base))


def _mean(x: Any, unit: float) -> tuple[float, float]:
    """Return the mean over samples and its standard error."""
    scaled = x.double() / unit
    return float(scaled.mean()), float(scaled.std() / len(x) ** 0.5)
