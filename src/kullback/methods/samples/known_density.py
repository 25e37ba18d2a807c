"""Draws of p against a law whose density is known."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.estimate import Answer, Asked
from kullback.forms import Form
from kullback.forms.samples import Samples
from kullback.methods.laws import constant, is_law
from kullback.methods.samples import ties
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.method import SamplesMethod
from kullback.methods.samples.neighbour_entropy import entropy
from kullback.methods.samples.neighbour_kl import check_k
from kullback.methods.samples.resampling import around, freedom
from kullback.questions import KL, CrossEntropy, Question


@dataclass(frozen=True, repr=False)
class KnownDensity(SamplesMethod):
    """KL(p ‖ q) = −H(p) − mean log q(x): the law q is asked for its density, and only H estimated.

    H(p) is the entropy of the draws by Kozachenko and Leonenko. The cross-entropy, −mean log q(x),
    needs no neighbours: it is a plain mean, with its standard error, and takes weights.

    Where q has no mass at a draw, both are infinite, and the notes say at which rows.

    Attributes
    ----------
    k : int
        Which neighbours the entropy is estimated from.

    Raises
    ------
    InvalidInputError
        If k is no positive whole number.

    >>> import numpy as np
    >>> import kullback as kb
    >>> x = np.random.default_rng(0).normal(1, 1, 4000)          # KL is 0.5
    >>> float(kb.measure(kb.Samples(x), kb.families.Normal(0, 1), by=KnownDensity()).value)
    0.47...
    """

    k: int = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        check_k(self.k)

    def refuse_question(self, of: Question, p: Samples, q: Form | None, /) -> str | None:
        """Refuse other questions, other forms of q, batches, and discrete draws."""
        if not isinstance(of, (KL, CrossEntropy)):
            return f"estimates KL and cross-entropy, not {of!r}"
        if not is_law(q):
            return "needs a law with a density in the place of q"
        assert q is not None
        law: Any = q
        if tuple(law.batch):
            return f"compares draws with one law, and q is a batch of shape {tuple(law.batch)}"
        size = int(np.prod(law.support().size)) if law.dimensions else 1
        if law.dimensions > 1 or size != p.dimensions:
            return f"the draws have {p.dimensions} coordinates, and outcomes of q have {size}"
        if isinstance(of, CrossEntropy):
            return None
        if law.discrete:
            return (
                "q is a law of counted outcomes, and p is estimated as a density: count the draws "
                "(kb.Counts), or ask for CrossEntropy(), which needs no density of p"
            )
        if p.weights is not None:
            return "counts every draw alike when it estimates the entropy, and these have weights"
        most = int(ties.copies(p.array).max()) - 1
        if most >= self.k:
            return (
                f"a draw of p has {most} copies, and with k={self.k} its neighbours are at "
                "distance 0: a law that repeats values has no density. If they are rounded, a k "
                f"above {most} sees past the rounding; CrossEntropy() needs no density of p"
            )
        return None

    def minimum(self, _draws: Draws, /) -> int:
        """One row more than neighbours asked for."""
        return self.k + 1

    def estimate(self, of: Question, draws: Draws) -> float:
        """Return −mean log q(x), less the entropy for KL."""
        cost = -log_density(draws.law, draws.x)
        mean = float(cost.mean() if draws.v is None else _mean(cost, draws.v))
        if isinstance(of, CrossEntropy) or not np.isfinite(mean):
            return mean
        return mean - entropy(draws.x, self.k)

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the estimate; a cross-entropy with the standard error of the mean it is."""
        if not isinstance(of, CrossEntropy):
            return super().answer(of, p, q, asked)
        draws = self.checked(of, p, q)
        value = self.estimate(of, draws)
        spread = around(value, _standard_error(draws), freedom(draws, draws.n))
        notes = self.notes(of, draws, value)
        return Answer(np.float64(value), np.float64(spread.error), notes, spread.interval)

    def notes(self, of: Question, draws: Draws, value: float, /) -> tuple[str, ...]:
        """Say which rows q rules out, and how the error was found."""
        if value == np.inf:
            out = np.flatnonzero(np.isneginf(log_density(draws.law, draws.x)))
            rows = ", ".join(map(str, out[:5])) + (", …" if len(out) > 5 else "")
            return (
                f"{of.symbol} is infinite: {len(out)} of {draws.n} draws are where q has no "
                f"mass (row{'s' * (len(out) > 1)} {rows}; the first is at "
                f"{np.array2string(draws.x[out[0]], precision=6)}).",
            )
        if isinstance(of, CrossEntropy):
            return ("The mean of −log q over the draws; its standard error is that of a mean.",)
        return ()


def log_density(law: Any, x: np.ndarray) -> np.ndarray:
    """Return log q at each row of x; shape (n,)."""
    points = x if law.dimensions else x[:, 0]
    with np.errstate(divide="ignore"):
        found = np.asarray(constant(law).log_density(points), dtype=np.float64)
    return found.reshape(len(x))


def _mean(cost: np.ndarray, weights: np.ndarray) -> float:
    some = weights > 0
    return float(weights[some] @ cost[some])


def _standard_error(draws: Draws) -> float:
    """Return the standard error of a mean, of block means where rows belong together."""
    cost = -log_density(draws.law, draws.x)
    v = np.full(draws.n, 1 / draws.n) if draws.v is None else draws.v
    if not np.isfinite(cost[v > 0]).all():
        return np.inf
    off = np.where(v > 0, v * (cost - _mean(cost, v)), 0.0)
    if draws.block_x is not None:
        off = np.bincount(np.unique(draws.block_x, return_inverse=True)[1], weights=off)
    parts = len(off)
    return float(np.sqrt(parts / (parts - 1) * (off**2).sum())) if parts > 1 else np.inf
