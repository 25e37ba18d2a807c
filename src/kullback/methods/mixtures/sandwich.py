"""A lower and an upper bound on the relative entropy of mixtures."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from kullback.estimate import Answer, Asked, Kind, Method
from kullback.forms.families.derived.mixture import Mixture
from kullback.forms.families.family import Family
from kullback.forms.form import Form
from kullback.methods.answers import as_home, home_of
from kullback.methods.laws import Numbers, batch_of, constant
from kullback.methods.mixtures.bounds import mean_log_lower, mean_log_upper, variational_upper
from kullback.methods.mixtures.parts import Parts, divergences, entropies, log_overlaps, parts_of
from kullback.questions import KL, Question


@dataclass(frozen=True)
class Sandwich(Method):
    """Lower ≤ KL(f ‖ g) ≤ upper for mixtures, certified: the value is the upper bound.

    Upper: the least of the variational bound and, for Gaussian components, Durrieu's. Lower: 0 and,
    for Gaussian components, Durrieu's. `interval()` of the answer gives both.

    References
    ----------
    Hershey and Olsen 2007; Durrieu, Thiran and Kelly, Lower and upper bounds for approximation of
    the Kullback-Leibler divergence between Gaussian mixture models, ICASSP 2012.

    >>> import kullback as kb
    >>> f = kb.families
    >>> p = f.Mixture([0.5, 0.5], [f.Normal(-4, 1), f.Normal(4, 1)])
    >>> low, high = kb.measure(p, f.Normal(0, 4), by=kb.Sandwich()).interval()
    >>> print(f"{low:.3f} to {high:.3f}")
    0.694 to 0.878
    """

    reads: ClassVar[tuple[type[Form], ...]] = (Family,)

    kind: ClassVar[Kind] = "bound"

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse all but KL of mixtures."""
        if not isinstance(of, KL):
            return f"bounds KL, not {of!r}"
        if not isinstance(p, Family) or not isinstance(q, Family):
            return "needs families"
        if not isinstance(p, Mixture) and not isinstance(q, Mixture):
            return "needs a mixture on one side"
        if p.discrete != q.discrete or p.dimensions != q.dimensions:
            return "p and q have outcomes of different kinds"
        return None

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:  # noqa: ARG002
        """Return the upper bound, shape (*batch,), with the lower one in its interval."""
        home, batch = home_of(p, q), batch_of(p, q)
        f, g = (parts_of(constant(law), batch) for law in (p, q))
        low, high, notes = bracket(f, g, batch)
        high_at_home, low_at_home = as_home(high, home), as_home(low, home)
        with np.errstate(all="ignore"):
            error = np.where(np.isfinite(high), high - low, 0.0)
        return Answer(
            high_at_home, as_home(error, home), notes, lambda _: (low_at_home, high_at_home)
        )


def bracket(f: Parts, g: Parts, batch: tuple[int, ...]) -> tuple[Numbers, Numbers, tuple[str, ...]]:
    """Return lower and upper bounds on KL(f ‖ g), and notes."""
    pi, omega = f.weights, g.weights
    across = divergences(f, g, batch)
    high = variational_upper(pi, omega, across)
    low = np.zeros(batch)
    within, overlap = log_overlaps(f, f, batch), log_overlaps(f, g, batch)
    if within is None or overlap is None:
        return low, high, ("The lower bound is 0: a better one needs Gaussian components.",)
    h = entropies(f, batch)[..., None]
    self_low = np.maximum(
        mean_log_lower(pi, pi, -h - divergences(f, f, batch)), -_mean(pi, h) - _entropy(pi)
    )
    self_high = np.minimum(mean_log_upper(pi, pi, within), -_mean(pi, h))
    with np.errstate(all="ignore"):
        cross_low = mean_log_lower(pi, omega, -h - across)
        cross_high = mean_log_upper(pi, omega, overlap)
        high = np.minimum(high, self_high - cross_low)
        low = np.maximum(low, self_low - cross_high)
    return low, high, ()


def _mean(pi: Numbers, h: Numbers) -> Numbers:
    return np.asarray((pi * h[..., 0]).sum(-1))


def _entropy(pi: Numbers) -> Numbers:
    return np.asarray(-np.where(pi > 0, pi * np.log(np.where(pi > 0, pi, 1.0)), 0.0).sum(-1))
