"""Draws of laws from their posterior, and what questions say of them."""

from collections.abc import Callable

import numpy as np

from kullback.methods.counts.bootstrap import Spread, quantile_interval
from kullback.methods.counts.tables import Numbers, Side, Tables, of_laws
from kullback.questions import KL, CrossEntropy, Entropy, Jeffreys, JointQuestion, Question

Parameters = Callable[[Side, int, np.random.Generator], Numbers]

_BLOCK = 2**22


def has_closed_mean(of: Question) -> bool:
    """Tell whether the posterior mean is a sum of digammas."""
    return isinstance(of, (Entropy, KL, CrossEntropy, Jeffreys, JointQuestion))


def posterior_draws(
    of: Question, t: Tables, parameters: Parameters, draws: int, rng: np.random.Generator
) -> Numbers:
    """Return the answers for laws drawn from Dirichlet laws, sorted along the new first axis.

    Parameters
    ----------
    of, t, draws, rng
        The question, the counts, how many laws, and where from.
    parameters : callable
        From (side, how many, rng) to the Dirichlet parameters, shape (how many or 1, *batch, k).
    """
    step = max(1, _BLOCK // max(1, t.p.frequencies.size))
    found = []
    for start in range(0, draws, step):
        size = min(step, draws - start)
        laws = [_laws(side, parameters, size, rng) for side in t.sides]
        with np.errstate(all="ignore"):
            found.append(of_laws(of, laws[0], laws[1] if len(laws) > 1 else None, t))
    return np.sort(np.concatenate(found), axis=0)


def _laws(side: Side, parameters: Parameters, size: int, rng: np.random.Generator) -> Numbers:
    if not side.counted:
        return np.broadcast_to(side.frequencies, (size, *side.frequencies.shape))
    a = parameters(side, size, rng)
    drawn = rng.standard_gamma(np.broadcast_to(a, (size, *side.seen.shape)))
    return np.asarray(drawn / drawn.sum(axis=-1, keepdims=True))


def credible(ordered: Numbers) -> Spread:
    """Return the standard deviation of sorted draws, and the interval between their quantiles."""
    with np.errstate(all="ignore"):
        error = ordered.std(axis=0, ddof=1)
    return Spread(np.where(np.isfinite(error), error, np.inf), quantile_interval(ordered))
