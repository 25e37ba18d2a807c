"""The mutual information gap: whether a factor is known to one dimension of a code alone.

    MIG = 1/K Σₖ (I(zⱼ; vₖ) − max over i ≠ j of I(zᵢ; vₖ))/H(vₖ),   j the dimension that knows most

With N inputs x and their posteriors q(z | x), both laws of

    I(zⱼ; vₖ) = mean of log q(zⱼ | vₖ)/q(zⱼ) over z ~ q(z | x)

are mixtures: q(zⱼ) of all N posteriors, q(zⱼ | v) of those whose input has v. Nothing is binned, so
that the answer does not depend on bins, nor on the scale of a dimension.

References
----------
Chen, Li, Grosse and Duvenaud, Isolating sources of disentanglement in variational autoencoders,
NeurIPS 2018.
"""

from dataclasses import dataclass, field
from typing import Any

from kullback.errors import InvalidInputError
from kullback.learn._torch import torch
from kullback.learn.latent.aggregate import checked_draws, log_marginals, of_all, repeat_error
from kullback.learn.latent.factors import Factors, read_factors
from kullback.learn.ranks import Ranks
from kullback.learn.terms.draws import seeded


@dataclass(frozen=True, eq=False)
class InformationGap:
    """MIG, and what each dimension of a code knows of each factor.

    Attributes
    ----------
    value : float
        The mean of the gaps: 1 where each factor has a dimension that holds all of it and no other
        knows any, 0 where two know as much.
    error : float
        Its standard error over the draws, the inputs taken as given; 0 for classes.
    gaps : tensor, shape (K,)
        The gap of each factor, as a share of its entropy.
    information : tensor, shape (d, K)
        I(zⱼ; vₖ), nats.
    entropy : tensor, shape (K,)
        H(vₖ), nats.
    names : tuple of str
        The factors.
    """

    value: float
    error: float
    gaps: Any
    information: Any = field(repr=False)
    entropy: Any = field(repr=False)
    names: tuple[str, ...]

    def explain(self) -> str:
        """Say of each factor which dimensions know it."""
        lines = []
        for k, name in enumerate(self.names):
            (most, next_most), (j, i) = (x.tolist() for x in self.information[:, k].topk(2))
            lines.append(
                f"{name}: dimension {j} knows {most:.3f} of {float(self.entropy[k]):.3f} nats, "
                f"dimension {i} {next_most:.3f}; gap {float(self.gaps[k]):.3f}"
            )
        return "\n".join(lines)

    def __repr__(self) -> str:
        """Show the mean and its parts."""
        each = ", ".join(f"{n} {g:.3f}" for n, g in zip(self.names, self.gaps, strict=True))
        return f"InformationGap({self.value:.3f} ± {self.error:.3f}: {each})"


def mig(
    posterior: Any, factors: Any, /, *, rng: Any, n: int = 2, group: Any = None
) -> InformationGap:
    """Return the mutual information gap of a code.

    The information is that of the N inputs given: all combinations of the factors, or a fair
    sample of them in which each value is seen often. Where torch.distributed runs, the inputs are
    those of all ranks, each of which must call.

    Parameters
    ----------
    posterior : Normal or Categorical of torch.distributions, batch (N, d)
        Of N inputs, as `code.posterior(h)` gives it, dimensions independent.
    factors : dict of name to N values, or array, shape (N, K)
        Numbers or words; a value is a class.
    rng : seed or torch.Generator
        Where draws come from; a Categorical is summed instead.
    n : int
        How many draws of each posterior, 2 or more. The work grows as n N² d.
    group : ProcessGroup or "self", optional
        Which ranks; all if left out.

    Raises
    ------
    NoMethodError
        Any other law.
    InvalidInputError
        A code of one dimension; a posterior that is NaN; a factor with one value, or with another
        for each input.
    ShapeError
        Factors of another number of inputs.

    >>> import torch
    >>> from kullback import learn
    >>> up, right = torch.tensor([0, 0, 1, 1]), torch.tensor([0, 1, 0, 1])
    >>> where = torch.stack([up, up * right], 1).float()  # the second knows both, a little
    >>> posterior = torch.distributions.Normal(where, 0.01)
    >>> learn.mig(posterior, {"up": up, "right": right}, rng=0)
    InformationGap(0.500 ± 0.000: up 0.689, right 0.311)
    """
    checked_draws(n)
    ranks = Ranks(group)
    law = of_all(posterior, ranks)
    inputs, d = law.batch_shape
    if d < 2:
        raise InvalidInputError(
            "A code of one dimension has no second to hold against it: no gap is defined."
        )
    known = read_factors(factors, int(inputs), ranks)
    exact = isinstance(law, torch.distributions.Categorical)
    with torch.no_grad():
        said = _enumerated(law, known) if exact else _drawn(law, known, n, rng)
    information = said.mean((0, 1))
    most, next_most = information.topk(2, dim=0).indices
    each = torch.arange(len(known.names), device=said.device)
    entropy = known.entropy.to(said)
    gaps = (said[..., most, each] - said[..., next_most, each]) / entropy
    return InformationGap(
        value=float(gaps.mean()),
        error=0.0 if exact else float(repeat_error(gaps.mean(-1))),
        gaps=gaps.mean((0, 1)),
        information=information,
        entropy=entropy,
        names=known.names,
    )


def _drawn(law: Any, known: Factors, n: int, rng: Any) -> Any:
    """Return log q(zⱼ | vₖ)/q(zⱼ) of n draws of each input, shape (n, N, d, K)."""
    inputs, d = law.batch_shape
    with seeded(rng):
        z = law.sample((n,))
    own = log_marginals(law, z.reshape(n * inputs, d)).reshape(n, inputs, d)
    said = z.new_empty(n, inputs, d, len(known.names), dtype=torch.float64)
    for k, values in enumerate(known.values):
        for value in range(int(values.max()) + 1):
            rows = (values == value).nonzero().flatten().to(z.device)
            part = torch.distributions.Normal(law.loc[rows], law.scale[rows])
            there = log_marginals(part, z[:, rows].reshape(-1, d)).reshape(n, len(rows), d)
            said[:, rows, :, k] = (there - own[:, rows]).double()
    return said


def _enumerated(law: Any, known: Factors) -> Any:
    """Return the mean of log q(zⱼ | vₖ)/q(zⱼ) over q(z | x), shape (1, N, d, K)."""
    q = law.probs.double()
    whole = torch.special.xlogy(q, q.mean(0))
    said = q.new_empty(1, *law.batch_shape, len(known.names))
    for k, values in enumerate(known.values):
        for value in range(int(values.max()) + 1):
            rows = (values == value).nonzero().flatten().to(q.device)
            there = torch.special.xlogy(q[rows], q[rows].mean(0))
            said[0, rows, :, k] = (there - whole[rows]).sum(-1)
    return said
