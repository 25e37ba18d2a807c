"""W_r of two samples, exactly: by sorting on the line, by the cheapest coupling elsewhere."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from kullback.estimate import Asked
from kullback.forms.samples import Samples
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.resampling import Spread
from kullback.methods.samples.transport.coupling import (
    Coupling,
    assignable,
    cheapest,
    distances,
    has_solver,
)
from kullback.methods.samples.transport.distance import MOST, powers, samples_distance
from kullback.methods.samples.transport.line import line_distance
from kullback.methods.samples.transport.method import TransportMethod, by_potentials
from kullback.questions import Question, Wasserstein


@dataclass(frozen=True, repr=False)
class ExactTransport(TransportMethod):
    """W_r between the empirical laws of two samples, taken as an estimate of that between the laws.

    On the line in O(n log n) for any sizes and weights, with a bootstrap interval. In more
    dimensions by the cheapest coupling, O(n³) at worst and 8 bytes a pair (n × m), up to 25 million
    pairs, with a normal interval: by POT's network simplex, in about four times that memory; for
    samples of one size without weights by SciPy's assignment, too.

    The empirical distance is too large on average, by about n^(−1/d) where the laws are close: the
    answer's `floor` says what two samples of one law would show, and the lower end of the interval
    takes such noise off.

    References
    ----------
    Peyré and Cuturi, Computational optimal transport, Found. Trends Mach. Learn. 11 (2019),
    chapters 2 and 3.

    >>> import kullback as kb
    >>> x, y = kb.Samples([0.0, 1.0, 3.0]), kb.Samples([5.0, 6.0, 8.0])
    >>> kb.measure(x, y, of=kb.Wasserstein(), by=kb.ExactTransport()).value
    np.float64(5.0)
    """

    spread_by: ClassVar[Literal["subsampling", "bootstrap", "own"]] = "bootstrap"

    def refuse_samples(self, _of: Wasserstein, p: Samples, q: Samples, /) -> str | None:
        """Refuse what takes too much memory, and what needs POT where it is not installed."""
        if p.dimensions == 1:
            return None
        if p.n * q.n > MOST:
            return (
                f"looks at every pair of draws in more than one dimension: {p.n} × {q.n} = "
                f"{p.n * q.n:.3g} are more than {MOST:.2g}"
            )
        if not assignable(p.n, q.n, p.weights, q.weights) and not has_solver():
            return (
                "needs POT for samples of different sizes or weights in more than one dimension, "
                "and it is not installed: pip install 'kullback[samples]'"
            )
        return None

    def distance(self, of: Wasserstein, p: Samples, q: Samples, asked: Asked) -> Any:  # noqa: ARG002
        """Return W_r between the empirical laws."""
        return samples_distance(of.order, p, q)

    def estimate(self, of: Question, draws: Draws) -> float:
        """Return W_r between the empirical laws."""
        assert isinstance(of, Wasserstein)
        assert draws.y is not None
        if draws.dimensions == 1:
            x, y = draws.x[:, 0], draws.y[:, 0]
            return float(line_distance(of.order, x, y, draws.v, draws.w))
        lengths, found = _coupled(of, draws)
        most = float(lengths.max())
        if not most > 0:
            return 0.0
        return most * float(_total(of, lengths, found) ** (1 / of.order))

    def plain_spread(
        self, of: Question, draws: Draws, value: float, rng: np.random.Generator
    ) -> tuple[Spread | None, list[str]]:
        """Return the bootstrap's interval on the line, that of the potentials elsewhere."""
        if draws.dimensions == 1 or not self.resamples:
            return super().plain_spread(of, draws, value, rng)
        assert isinstance(of, Wasserstein)
        lengths, found = _coupled(of, draws)
        total = _total(of, lengths, found)
        return by_potentials(of.order, value, total, draws, found.f, found.g), [
            "Interval: of the normal law, from how the potentials vary."
        ]

    def pairs(self, draws: Draws, /) -> int:
        """Return how many pairs a coupling looks at; none on the line."""
        return 0 if draws.dimensions == 1 else super().pairs(draws)

    def notes(self, of: Question, draws: Draws, value: float, /) -> tuple[str, ...]:  # noqa: ARG002
        """Say that the empirical distance is too large."""
        d = draws.dimensions
        rate = f"1/√n = {draws.least**-0.5:.2g}" if d == 1 else f"n^(−1/{d})"
        return (
            "The distance of two samples is more than that of their laws on average, for laws that "
            f"are close by a share of their width that falls like {rate}.",
        )


def _coupled(of: Wasserstein, draws: Draws) -> tuple[np.ndarray, Coupling]:
    assert draws.y is not None
    lengths = distances(draws.x, draws.y)
    return lengths, cheapest(powers(of.order, lengths), draws.v, draws.w)


def _total(of: Wasserstein, lengths: np.ndarray, by: Coupling) -> float:
    """Σ mass (|xᵢ − yⱼ|/most)^r."""
    share = lengths[by.i, by.j] / lengths.max()
    return float(by.mass @ share**of.order)
