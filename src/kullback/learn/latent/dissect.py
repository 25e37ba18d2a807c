"""What the rate of a code is spent on: three parts that add up.

With N inputs x, their posteriors q(z | x), the aggregate q(z) = mean q(z | x) and a prior p = Π pⱼ,

    mean KL(q(z | x) ‖ p) = I(x; z) + TC(z) + Σⱼ KL(q(zⱼ) ‖ pⱼ)

what the code says of x, what its dimensions say of each other (total correlation), and how far each
is from its prior; the last two are KL(q(z) ‖ p). The left side is exact. With I the mean over draws
of log q(z | x)/q(z), and Iⱼ that of one dimension,

    TC = Σⱼ Iⱼ − I,   KL(q(zⱼ) ‖ pⱼ) = mean KL(q(zⱼ | x) ‖ pⱼ) − Iⱼ

where q(z) sums over all N inputs and not over a batch: nothing is biased.

References
----------
Hoffman and Johnson, ELBO surgery, 2016; Chen et al., Isolating sources of disentanglement, NeurIPS
2018.
"""

from typing import Any

from kullback.errors import InvalidInputError
from kullback.learn._torch import torch
from kullback.learn.latent.aggregate import checked_draws, log_mixture, of_all, repeat_error
from kullback.learn.latent.dissection import Dissection
from kullback.learn.ranks import Ranks
from kullback.learn.terms.draws import seeded
from kullback.learn.terms.pair import term


def dissect(
    posterior: Any, prior: Any, /, *, rng: Any, n: int = 2, active: float = 0.01, group: Any = None
) -> Dissection:
    """Take the rate of a code apart.

    Where torch.distributed runs, the inputs are those of all ranks, each of which must call.

    Parameters
    ----------
    posterior : Normal or Categorical of torch.distributions, batch (N, d)
        Of N inputs, as `code.posterior(h)` gives it, dimensions independent.
    prior : law, batch () or (d,)
        `code.prior()`.
    rng : seed or torch.Generator
        Where draws come from.
    n : int
        How many draws of each posterior, 2 or more. The work grows as n N² d.
    active : float
        A dimension is active if its posterior mean varies over inputs by more than this.
    group : ProcessGroup or "self", optional
        Which ranks; all if left out.

    Returns
    -------
    Dissection
        The parts with their errors, the active dimensions, and notes where the code has collapsed
        or says nearly all that N inputs can show.

    Raises
    ------
    NoMethodError
        Any other law.
    InvalidInputError
        Fewer than two inputs or draws.

    >>> import torch
    >>> from kullback import learn
    >>> where = torch.tensor([[-2.0, 0.0], [2.0, 0.0]])  # one dimension tells inputs apart
    >>> posterior = torch.distributions.Normal(where, 0.1)
    >>> learn.dissect(posterior, torch.distributions.Normal(0.0, 1.0), rng=0)
    Dissection(rate 5.615 = mutual information 0.693 + total correlation 0.000 + dimensions 4.922
    nats, 1 of 2 dimensions active, N = 2)
    """
    checked_draws(n)
    law = of_all(posterior, Ranks(group))
    inputs, d = law.batch_shape
    if inputs < 2:
        raise InvalidInputError(f"{inputs} inputs: two or more are needed to tell apart.")
    by_dimension = term(law, prior).value.detach().expand(inputs, d).mean(0)
    with torch.no_grad(), seeded(rng):
        z = law.sample((n,))
        joint, each = log_mixture(law, z.reshape(n * inputs, d))
        own = law.log_prob(z)
    said = own.sum(-1) - joint.reshape(n, inputs)
    said_by_each = own - each.reshape(n, inputs, d)
    shared = said_by_each.sum(-1) - said
    varies = _spread(law)
    return Dissection(
        rate=float(by_dimension.sum()),
        mutual_information=float(said.mean()),
        total_correlation=float(shared.mean()),
        dimensions=by_dimension - said_by_each.mean((0, 1)),
        error=(repeat_error(said), repeat_error(shared), repeat_error(said_by_each)),
        rates=by_dimension,
        spread=varies,
        active=varies > active,
        inputs=int(inputs),
    )


def _spread(law: Any) -> Any:
    """Return the variance over inputs of E zⱼ; of a class, of its probabilities, summed."""
    if isinstance(law, torch.distributions.Categorical):
        return law.probs.var(0).sum(-1)
    return law.mean.var(0)
