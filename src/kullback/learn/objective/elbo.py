"""The evidence lower bound."""

from typing import Any, Literal

from kullback._measure.values import certain
from kullback.errors import InputTypeError, InvalidInputError, NoMethodError
from kullback.estimate import Asked
from kullback.forms.coerce import coerce
from kullback.learn._torch import torch
from kullback.learn.objective.joint import LogJoint, asked
from kullback.learn.terms.draws import Law, leave_one_out
from kullback.learn.terms.pair import term
from kullback.learn.terms.term import Term, carried, checked_axes, standard_error
from kullback.questions import KL, Divergence, Entropy

Estimator = Literal["analytic", "monte_carlo", "sticking"]
ESTIMATORS = ("analytic", "monte_carlo", "sticking")
_KL = KL()


def elbo(
    log_joint: LogJoint,
    q: Any,
    /,
    *,
    n: int = 16,
    estimator: Estimator | None = None,
    prior: Any = None,
    of: Divergence = _KL,
    rng: Any = None,
    axes: Any = None,
) -> Term:
    """ELBO: log Z − KL(q ‖ p) for p(x) = exp log_joint(x)/Z: a lower bound of the log evidence.

        analytic:     mean log_joint(x) + H(q), or with a prior − KL(q ‖ prior), exactly
        monte_carlo:  mean log_joint(x) − log q(x)
        sticking:     the same, its gradient along the draws' path alone: at q = p it has no noise

    each over n draws x of q. Where no path leads from q's parameters to its draws, as for a
    categorical, gradients are by the score, each draw against the mean of the others.

    Parameters
    ----------
    log_joint : callable
        From draws, shape (n, *batch, *event), to log p(x, data), shape (n, *batch); with `prior`,
        to log p(data | x).
    q : form or torch.distributions.Distribution
        The law that is fitted; a batch of laws has a bound each.
    n : int
        How many draws, 2 or more.
    estimator : str, optional
        One of the three; "analytic" where that has an exact answer, else "monte_carlo", if left
        out.
    prior : form or torch.distributions.Distribution, optional
        The law of x before the data.
    of : Divergence
        From the prior, instead of KL: then no bound of the evidence, but the objective of
        generalised variational inference.
    rng : seed or torch.Generator
        Where draws come from; a seed gives the same ones at each call.
    axes : tuple of str, optional
        What each axis of q's batch counts, for `Term.per`.

    Returns
    -------
    Term
        To be made large: minus its value is a loss.

    Raises
    ------
    InvalidInputError, ShapeError
        log_joint that is NaN or infinite at a draw, or of another shape; no rng.
    NoMethodError
        An estimator that q does not allow.

    References
    ----------
    Roeder, Wu and Duvenaud, Sticking the landing, NeurIPS 2017; Knoblauch, Jewson and Damoulas,
    Generalized variational inference, JMLR 23 (2022).

    >>> import torch
    >>> from kullback import learn
    >>> D = torch.distributions
    >>> def log_joint(x):  # x ~ N(0, 1), and 2 was seen of N(x, 1)
    ...     return D.Normal(0.0, 1.0).log_prob(x) + D.Normal(x, 1.0).log_prob(torch.tensor(2.0))
    >>> bound = learn.elbo(log_joint, D.Normal(1.0, 0.5**0.5), estimator="sticking", rng=0)
    >>> f"{bound:.4f}"  # the posterior itself: log Z, log N(2; 0, 2)
    '-2.2655 ± 0.0000 nats'
    """
    if estimator is not None and estimator not in ESTIMATORS:
        raise InputTypeError(f"estimator={estimator!r}: one of {', '.join(ESTIMATORS)} is needed.")
    if not isinstance(n, int) or n < 2:
        raise InvalidInputError(f"n={n!r}: two draws or more are needed for an error.")
    if not isinstance(of, KL) and (prior is None or estimator not in (None, "analytic")):
        raise NoMethodError(f"of={of!r} needs prior=…, and an exact answer: it is not drawn.")
    law = Law(q, "q")
    cost, estimator = _cost(q, prior, of, estimator)
    drawn = law.draw(n, rng)
    if estimator == "sticking" and not drawn.path:
        raise NoMethodError(
            f"sticking needs a path from the parameters of q to its draws, which {q!r} lacks; "
            'estimator="monte_carlo" takes the score.'
        )
    x = drawn.x
    given = asked(log_joint, x, law)
    f, log_q = given, None
    if estimator != "analytic":
        log_q = law.log_density(x, inside=True)
        f = given - log_q
        if prior is not None:
            before = Law(prior, "prior")
            law.check_outcomes(before)
            f = f + before.log_density(x)
    elif cost is not None:
        f = given - cost
    if drawn.path:
        value = f.mean(0)
        if estimator == "sticking":
            score = law.log_density(x.detach(), inside=True)
            value = value + (score - score.detach()).mean(0)
    else:
        log_q = law.log_density(x, inside=True)
        signal = (f - leave_one_out(f)).detach()
        rest = f if estimator == "analytic" else f + log_q
        value = carried(f.mean(0), (signal * log_q + rest).mean(0))
    how = estimator if drawn.path else f"{estimator}, score"
    named = checked_axes(axes, tuple(value.shape))
    held = f.detach()
    return Term(value, standard_error(held), how, named, draws=held)


def _cost(q: Any, prior: Any, of: Divergence, estimator: Any) -> tuple[Any, Estimator]:
    """Return −H(q) or D(q ‖ prior) where it is to be exact, and the estimator."""
    if estimator in ("monte_carlo", "sticking"):
        return None, estimator
    try:
        if prior is None:
            value = -torch.as_tensor(certain(Entropy(), coerce(q, "q"), None, Asked()))
        else:
            value = term(q, prior, of=of).value
    except NoMethodError as none:
        if estimator is None and isinstance(of, KL):
            return None, "monte_carlo"
        raise NoMethodError(
            f'{none}\nestimator="monte_carlo" takes the mean over draws instead.'
        ) from None
    return value, "analytic"
