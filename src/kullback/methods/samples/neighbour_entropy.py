"""Entropy and cross-entropy from draws, by how far their neighbours are."""

from dataclasses import dataclass
from math import lgamma, log, pi

import numpy as np

from kullback.forms import Form
from kullback.forms.samples import Samples
from kullback.methods.samples import ties
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.method import SamplesMethod
from kullback.methods.samples.neighbour_kl import check_k
from kullback.methods.samples.neighbours import Neighbours
from kullback.questions import CrossEntropy, Entropy, Question

WIDE_FROM = 3
"""From so many dimensions intervals allow for more than taking off the bias costs an entropy."""


@dataclass(frozen=True, repr=False)
class KozachenkoLeonenko(SamplesMethod):
    """ψ(n) − ψ(k) + log V + d/n Σ log ρ, ρ the distance to the k-th neighbour, V of the unit ball.

    It is the differential entropy −∫ p log p. Cross-entropy −∫ p log q asks for neighbours among
    the m draws of q: ψ(m + 1) − ψ(k) + log V + d/n Σ log ν. Both change with the units of the
    coordinates; their difference, KL, does not.

    Attributes
    ----------
    k : int
        Which neighbours. Few are noisy, many smooth the density over wider balls.

    Raises
    ------
    InvalidInputError
        If k is no positive whole number.

    References
    ----------
    Kozachenko and Leonenko, Sample estimate of the entropy of a random vector, Probl. Inf. Transm.
    23 (1987); Singh et al., Nearest neighbor estimates of entropy, Am. J. Math. Manag. Sci. 23
    (2003), for k > 1.

    >>> import numpy as np
    >>> import kullback as kb
    >>> x = np.random.default_rng(0).normal(size=(5000, 2))      # H is 1 + log 2π = 2.8379
    >>> float(kb.measure(kb.Samples(x), of=kb.Entropy(), by=KozachenkoLeonenko()).value)
    2.8...
    """

    k: int = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        check_k(self.k)

    def refuse_question(self, of: Question, p: Samples, q: Form | None, /) -> str | None:
        """Refuse what is no entropy, and samples in which rows have k copies or more."""
        if isinstance(of, Entropy):
            return self._refuse_atoms(ties.copies(p.array) - 1, "p")
        if not isinstance(of, CrossEntropy):
            return f"estimates entropy and cross-entropy, not {of!r}"
        if not isinstance(q, Samples):
            return "needs samples of q too; beside a known law KnownDensity averages its logarithm"
        return self._refuse_atoms(ties.copies_among(p.array, q.array), "q")

    def _refuse_atoms(self, times: np.ndarray, name: str) -> str | None:
        atoms = int((times >= self.k).sum())
        if not atoms:
            return None
        return (
            f"{atoms} of {len(times)} draws of p have k={self.k} or more copies among the draws of "
            f"{name}, at distance 0, whose logarithm is −∞: a law that repeats values has no "
            "density. If they are outcomes, count them (kb.Counts); if they are rounded, a k above "
            f"{int(times.max())} sees past the rounding"
        )

    def minimum(self, _draws: Draws, /) -> int:
        """One row more than neighbours asked for."""
        return self.k + 1

    def uncalibrated(self, draws: Draws, /) -> str | None:
        """Say where intervals are wider than they say, too."""
        said = super().uncalibrated(draws)
        if said is None and draws.dimensions >= WIDE_FROM:
            return (
                f"The interval is wider than it says in {draws.dimensions} dimensions: from "
                f"{WIDE_FROM}, a 95 % interval was measured to hold the truth in 99 % of cases."
            )
        return said

    def estimate(self, _of: Question, draws: Draws) -> float:
        """Return the entropy of p, or the cross-entropy where there are draws of q."""
        if draws.y is None:
            return entropy(draws.x, self.k)
        d = draws.dimensions
        far = Neighbours(draws.y).kth_distance(Neighbours(draws.x).rows, self.k)
        return log_ball(len(draws.y) + 1, self.k, d) + mean_log(far, d)


def entropy(x: np.ndarray, k: int) -> float:
    """Return ψ(n) − ψ(k) + log V + d/n Σ log ρ."""
    near = Neighbours(x)
    far = near.kth_distance(near.rows, k, own=True)
    return log_ball(len(x), k, x.shape[1]) + mean_log(far, x.shape[1])


def log_ball(n: int, k: int, d: int) -> float:
    """Return ψ(n) − ψ(k) + log V, with V = π^(d/2)/Γ(d/2 + 1).

    >>> log_ball(2, 1, 1)      # ψ(2) − ψ(1) = 1, and the ball [−1, 1] has volume 2
    1.6931...
    """
    from scipy.special import digamma

    return float(digamma(n) - digamma(k)) + 0.5 * d * log(pi) - lgamma(0.5 * d + 1)


def mean_log(far: np.ndarray, d: int) -> float:
    """Return d/n Σ log ρ, −∞ where a distance is 0."""
    with np.errstate(divide="ignore"):
        return float(d * np.log(far).mean())
