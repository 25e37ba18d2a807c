"""How much a code tells of its input, over all inputs like those at hand: from both sides.

With N inputs xᵢ and z ~ q(z | xᵢ),

    log q(z | xᵢ) − log 1/N Σⱼ q(z | xⱼ)   and   log q(z | xᵢ) − log 1/(N − 1) Σ_{j ≠ i} q(z | xⱼ)

are on average at most and at least I(X; Z). The first is at most log N; the second is large where
codes hardly overlap. Each other input moves them, on average over z, by the same: their standard
errors are those of the terms.

References
----------
Poole et al., On variational bounds of mutual information, ICML 2019, equations 10 and 13.
"""

from dataclasses import dataclass
from typing import Any

from kullback.arrays.checks import check_base, unit_name
from kullback.errors import InvalidInputError
from kullback.learn._torch import torch
from kullback.learn.latent.aggregate import log_of_all_and_others, of_all
from kullback.learn.ranks import Ranks
from kullback.learn.terms.draws import seeded


@dataclass(frozen=True)
class CodeInformation:
    """Bounds on I(X; Z) with their standard errors.

    Attributes
    ----------
    lower, upper : float
        On average at most, and at least, I(X; Z).
    error : tuple of float
        Standard errors of both.
    n : int
        How many inputs.
    unit : str
        "nats", "bits" …
    """

    lower: float
    upper: float
    error: tuple[float, float]
    n: int
    unit: str

    def __repr__(self) -> str:
        """Both, as inequalities."""
        return (
            f"{self.lower:.4f} ± {self.error[0]:.4f} ≤ I(X; Z) ≤ {self.upper:.4f} ± "
            f"{self.error[1]:.4f} {self.unit}, n = {self.n}"
        )


def code_information(
    posterior: Any, /, *, rng: Any, n: int = 1, base: float | None = None, group: Any = None
) -> CodeInformation:
    """Bound the information that codes hold of all inputs, by the codes of some.

    Parameters
    ----------
    posterior : Normal or Categorical of torch.distributions, batch (N, d)
        Of N inputs, independent of each other, as `code.posterior(h)` gives it.
    rng : seed or torch.Generator
        Where draws come from.
    n : int
        How many draws of each posterior. The work grows as n N² d.
    base : float, optional
        The unit: 2 for bits, nats if left out.
    group : ProcessGroup or "self", optional
        Which ranks of torch.distributed have inputs; all if left out, each of which must call.

    Returns
    -------
    CodeInformation
        Where the upper bound is the larger, `learn.rate` is one too.

    Raises
    ------
    NoMethodError
        Any other law.
    InvalidInputError
        Fewer than two inputs, or no draws.

    >>> import torch
    >>> from kullback import learn
    >>> where = torch.linspace(-2, 2, 200)[:, None]
    >>> learn.code_information(torch.distributions.Normal(where, 0.5), rng=0, base=2)
    1.2746 ± 0.0814 ≤ I(X; Z) ≤ 1.2891 ± 0.0821 bits, n = 200
    """
    unit = check_base(base, applies=True, question="I(X; Z)")
    law = of_all(posterior, Ranks(group))
    inputs, d = law.batch_shape
    if inputs < 2:
        raise InvalidInputError(f"{inputs} inputs: two or more are needed to tell apart.")
    if not isinstance(n, int) or n < 1:
        raise InvalidInputError(f"n={n!r}: how many draws of each posterior, from 1 on.")
    with torch.no_grad(), seeded(rng):
        z = law.sample((n,))
        whole, others = log_of_all_and_others(law, z.reshape(n * inputs, d))
        own = law.log_prob(z).sum(-1)
    each = [(own - x.reshape(n, inputs)).mean(0).double() / unit for x in (whole, others)]
    lower, upper = (float(x.mean()) for x in each)
    below, above = (float(x.std() / inputs**0.5) for x in each)
    return CodeInformation(lower, upper, (below, above), int(inputs), unit_name(base))
