"""Divergences of order α from draws, by the ratio of the volumes that their neighbours span."""

import math
from dataclasses import dataclass

import numpy as np

from kullback.forms import Form
from kullback.forms.samples import Samples
from kullback.methods.samples import ties
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.method import SamplesMethod
from kullback.methods.samples.neighbour_kl import check_k
from kullback.methods.samples.neighbours import Neighbours
from kullback.questions import Alpha, ChiSquare, Hellinger, Question, Renyi, Tsallis


@dataclass(frozen=True, repr=False)
class PoczosSchneider(SamplesMethod):
    """T = ∫ p^α q^(1−α) is the mean of B ((n − 1) ρᵈ/(m νᵈ))^(1−α) over the draws of p.

    ρ and ν are distances to the k-th neighbours among the other draws of p and among those of q,
    and B = Γ(k)²/(Γ(k − α + 1) Γ(k + α − 1)) makes the mean right where densities are even. The
    orders that k neighbours allow are those with |α − 1| < k; below |α − 1| < k/2 the terms have a
    variance too. Rényi, Tsallis, alpha, χ² (α = 2) and Hellinger (α = ½) are functions of T.

    Hellinger's square 1 − T may be estimated below 0, as others may; its root then keeps the sign.

    Attributes
    ----------
    k : int
        Which neighbours.

    Raises
    ------
    InvalidInputError
        If k is no positive whole number.

    References
    ----------
    Póczos and Schneider, On the estimation of α-divergences, AISTATS (2011).

    >>> import numpy as np
    >>> import kullback as kb
    >>> rng = np.random.default_rng(0)
    >>> x, y = rng.normal(0, 1, 5000), rng.normal(1, 1, 5000)    # R is α/2 = 0.25
    >>> p, q = kb.Samples(x), kb.Samples(y)
    >>> float(kb.measure(p, q, of=kb.Renyi(0.5), by=PoczosSchneider()).value)
    0.2...
    """

    k: int = 5

    def __post_init__(self) -> None:
        super().__post_init__()
        check_k(self.k)

    def refuse_question(self, of: Question, p: Samples, q: Form | None, /) -> str | None:
        """Refuse what has no order, and orders that k neighbours do not allow."""
        if not isinstance(of, (Renyi, Tsallis, Alpha, Hellinger, ChiSquare)):
            return f"estimates Rényi, Tsallis, alpha, Hellinger and χ², not {of!r}"
        if not isinstance(q, Samples):
            return "needs samples of q too"
        alpha = order(of)
        if alpha == 1 or (alpha == 0 and isinstance(of, Alpha)):
            pair = "p ‖ q" if alpha == 1 else "q ‖ p"
            return f"{of!r} is KL({pair}), which NearestNeighbours estimates"
        if not abs(alpha - 1) < self.k:
            least = "" if math.isinf(alpha) else f"; it needs k={math.floor(abs(alpha - 1)) + 1}"
            return (
                f"with k={self.k} neighbours the mean exists for orders between {1 - self.k} and "
                f"{1 + self.k}, and {of!r} has order {alpha:g}{least}"
            )
        return ties.refuse_discrete(p, q)

    def minimum(self, _draws: Draws, /) -> int:
        """One row more than neighbours asked for."""
        return self.k + 1

    def estimate(self, of: Question, draws: Draws) -> float:
        """Return the function of T that was asked for."""
        assert draws.y is not None
        alpha = order(of)
        x, y = Neighbours(draws.x), Neighbours(draws.y)
        t = float(powers(x, y, self.k, alpha).mean())
        if isinstance(of, Hellinger):
            return math.copysign(math.sqrt(abs(1 - t)), 1 - t)
        if isinstance(of, Renyi):
            return math.log(t) / (alpha - 1)
        return (t - 1) / (alpha * (alpha - 1) if isinstance(of, Alpha) else alpha - 1)

    def notes(self, of: Question, draws: Draws, _value: float, /) -> tuple[str, ...]:
        """Say where the terms have no variance, and where rows repeat."""
        said = []
        alpha = order(of)
        if not 2 * abs(alpha - 1) < self.k:
            said.append(
                f"Terms of order {alpha:g} have no variance with k={self.k} neighbours, and the "
                f"interval cannot be trusted: k={math.floor(2 * abs(alpha - 1)) + 1} gives one."
            )
        assert draws.y is not None
        if tied := ties.repeated(draws.x) + ties.shared(draws.x, draws.y):
            said.append(
                f"{tied} rows are repeated or shared: at distance 0 how often a place occurs in "
                "each sample is compared, not its density."
            )
        return tuple(said)


def order(of: Question) -> float:
    """Return α: the power of p in the question."""
    if isinstance(of, (Renyi, Tsallis, Alpha)):
        return float(of.alpha)
    return 0.5 if isinstance(of, Hellinger) else 2.0


def powers(x: Neighbours, y: Neighbours, k: int, alpha: float) -> np.ndarray:
    """Return B ((n − 1) ρᵈ/(m νᵈ))^(1−α) for each row of x; at distance 0 counts take its place."""
    from scipy.special import gammaln

    rho, nu = x.kth_distance(x.rows, k, own=True), y.kth_distance(x.rows, k)
    (n, d), m = x.y.shape, len(y.y)
    log_b = 2 * gammaln(k) - gammaln(k - alpha + 1) - gammaln(k + alpha - 1)
    apart = (rho > 0) & (nu > 0)
    terms = np.empty(n)
    ratio = d * np.log(rho[apart] / nu[apart]) + math.log((n - 1) / m)
    terms[apart] = log_b + (1 - alpha) * ratio
    if not apart.all():
        at, radius = x.rows[~apart], np.maximum(rho, nu)[~apart]
        here, there = x.count_within(at, radius, own=True), y.count_within(at, radius)
        terms[~apart] = (1 - alpha) * np.log(there / here * ((n - 1) / m))
    return np.asarray(np.exp(terms))
