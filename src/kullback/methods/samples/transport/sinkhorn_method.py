"""Sinkhorn's divergence between two samples, by a solver of our own."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np

from kullback.arrays.namespace import is_traced, library_of, namespace
from kullback.arrays.stable import square_root
from kullback.errors import AccuracyError, InvalidInputError, NoMethodError
from kullback.estimate import Asked
from kullback.forms.samples import Samples
from kullback.methods.answers import on_device
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.resampling import Spread
from kullback.methods.samples.transport.distance import MOST
from kullback.methods.samples.transport.divergence import Divergence, divergence
from kullback.methods.samples.transport.method import TransportMethod, by_potentials
from kullback.methods.samples.transport.positions import positions_of
from kullback.questions import Question, Wasserstein


@dataclass(frozen=True, repr=False)
class Sinkhorn(TransportMethod):
    """S^(1/r), S Sinkhorn's divergence: W_r blurred by ε, debiased, O(n m) memory and a round.

    S = T(p, q) − ½ T(p, p) − ½ T(q, q) with T the least Σ π |x − y|^r + ε KL(π ‖ p ⊗ q), r ≤ 2.
    It is 0 for equal samples (POT's `sinkhorn2` does not: that is T alone, or its first
    part), and its empirical value nears the laws' like 1/√n in every dimension. ε falls to its
    value by quarters, in logarithms, and the marginals are checked. Slopes, in torch, are those at
    this ε.

    Attributes
    ----------
    epsilon : float
        ε, as a share of the median |x − y|^r between the samples. Smaller is nearer to W_r and
        slower.
    tolerance : float
        The marginal error, Σ |marginal − goal|, at which the couplings are done.
    rounds : int
        How many steps, of Sinkhorn's or Newton's, they may take at the last ε.

    References
    ----------
    Feydy et al., Interpolating between optimal transport and MMD using Sinkhorn divergences,
    AISTATS (2019).

    >>> import kullback as kb
    >>> x = np.random.default_rng(0).normal(size=(50, 2))
    >>> p, q = kb.Samples(x), kb.Samples(x + [3.0, 4.0])
    >>> round(float(kb.wasserstein(p, q, order=2, by=kb.Sinkhorn())), 6)
    5.0
    """

    epsilon: float = 0.05
    tolerance: float = 1e-6
    rounds: int = 500

    spread_by: ClassVar[Literal["subsampling", "bootstrap", "own"]] = "own"

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("epsilon", "tolerance"):
            x = getattr(self, name)
            if not isinstance(x, (int, float)) or not 0 < x < np.inf:
                raise InvalidInputError(f"{name}={x!r}: a positive number is needed.")
        if not isinstance(self.rounds, int) or self.rounds < 1:
            raise InvalidInputError(f"rounds={self.rounds!r}: a whole number of at least 1.")

    def refuse_samples(self, of: Wasserstein, p: Samples, q: Samples, /) -> str | None:
        """Refuse orders for which the divergence may be negative, and too many pairs."""
        if of.order > 2:
            return f"is positive up to order 2 only, and order={of.order:g} was asked"
        if p.n * q.n > MOST or max(p.n, q.n) ** 2 > 2 * MOST:
            return f"holds every pair of draws, {p.n} × {q.n}: more than {MOST:.2g}"
        return None

    def distance(self, of: Wasserstein, p: Samples, q: Samples, asked: Asked) -> Any:  # noqa: ARG002
        """Return S^(1/r) between the empirical laws, with gradients in torch.

        Raises
        ------
        NoMethodError
            For an order above 2, too many pairs, or JAX arrays that are traced.
        AccuracyError
            If the marginals were not met within `rounds`.
        """
        reason = self.refuse_samples(of, p, q)
        if reason is not None:
            raise NoMethodError(f"{self!r} {reason}.")
        x, y = positions_of(p, q)
        a, b = _masses(p), _masses(q)
        some_a, some_b = np.flatnonzero(a), np.flatnonzero(b)  # a potential needs some mass
        if len(some_a) < p.n or len(some_b) < q.n:
            x, y, a, b = x[some_a], y[some_b], a[some_a], b[some_b]
        value, found = self._solved(of, x, y, a, b)
        if found is not None and found.error > self.tolerance:
            raise AccuracyError(
                f"After {found.rounds} rounds the marginals of Sinkhorn's couplings are off by "
                f"{found.error:.2g}, which misses tolerance={self.tolerance:g}. A larger epsilon "
                f"(it is {self.epsilon:g}) or more rounds help; kb.measure(p, q, …) says the value "
                "with a note.",
                value, found.error,
            )  # fmt: skip
        return value[()] if library_of(value) == "numpy" else value

    def _solved(self, of: Wasserstein, x: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
        options = (of.order, self.epsilon, self.tolerance, self.rounds)
        if library_of(x) == "torch":
            from kullback.methods.samples.transport.torch_divergence import Pulled

            keep: list[Any] = []
            return root(of.order, Pulled.apply(x, y, a, b, options, keep)), keep[0]
        if is_traced(x) or is_traced(y):
            raise NoMethodError("Sinkhorn() looks at the numbers, which are traced here.")
        wide_x, wide_y = (np.asarray(z, dtype=np.float64) for z in (x, y))
        found = divergence(of.order, wide_x, wide_y, a, b, *options[1:])
        total = np.float64(0.0) if found is None else found.value
        home = namespace(x).asarray(root(of.order, total), dtype=x.dtype, **on_device(x))
        return home, found

    def pairs(self, draws: Draws, /) -> int:
        """Return how many pairs all rounds look at, about."""
        return 20 * super().pairs(draws)

    def estimate(self, of: Question, draws: Draws) -> float:
        """Return S^(1/r) between the empirical laws."""
        assert isinstance(of, Wasserstein)
        found = self._found(of, draws)
        return 0.0 if found is None else float(root(of.order, found.value))

    def _found(self, of: Wasserstein, draws: Draws) -> Divergence | None:
        assert draws.y is not None
        a = np.full(draws.n, 1 / draws.n) if draws.v is None else draws.v
        b = np.full(draws.m, 1 / draws.m) if draws.w is None else draws.w
        return divergence(
            of.order, draws.x[a > 0], draws.y[b > 0], a[a > 0], b[b > 0], self.epsilon,
            self.tolerance, self.rounds,
        )  # fmt: skip

    def plain_spread(
        self, of: Question, draws: Draws, value: float, rng: np.random.Generator
    ) -> tuple[Spread | None, list[str]]:
        """Return the normal interval, from how the potentials vary."""
        assert isinstance(of, Wasserstein)
        found = self._found(of, draws)
        if not self.resamples or found is None:
            return super().plain_spread(of, draws, value, rng)
        f, g = found.potentials()
        full_f, full_g = np.zeros(draws.n), np.zeros(draws.m)
        full_f[_there(draws.v, draws.n)], full_g[_there(draws.w, draws.m)] = f, g
        total = float(found.value)
        return by_potentials(of.order, value, total, draws, full_f, full_g), [
            "Interval: of the normal law, from how the potentials vary."
        ]

    def notes(self, of: Question, draws: Draws, value: float, /) -> tuple[str, ...]:
        """Say what ε blurs, and where the couplings were not found."""
        assert isinstance(of, Wasserstein)
        found = self._found(of, draws)
        if found is None:
            return ()
        words = [
            f"This is Sinkhorn's divergence with ε = {found.epsilon:.3g} (in units of the cost, "
            f"|x − y|^{of.order:g}), not W_{of.order:g} itself.",
            *dominance(of.order, value, found),
        ]
        if found.error > self.tolerance:
            words.append(
                f"Its couplings miss their marginals by {found.error:.2g} after {found.rounds} "
                f"rounds; tolerance={self.tolerance:g} was asked."
            )
        return tuple(words)


def dominance(order: float, value: float, found: Divergence) -> list[str]:
    """Say where the regularisation is as large as what is measured, or as the samples are wide."""
    words = []
    if found.epsilon > abs(value) ** order:
        words.append(
            f"The regularisation dominates: ε = {found.epsilon:.3g} is more than the divergence, "
            f"{abs(value) ** order:.3g}. A smaller epsilon shows finer differences."
        )
    if found.epsilon > found.inner:
        words.append(
            f"ε = {found.epsilon:.3g} is more than the median cost within a sample, "
            f"{found.inner:.3g}: the shape of the samples is blurred, and only where they lie "
            "counts. A smaller epsilon shows it."
        )
    return words


def root(order: float, total: Any) -> Any:
    """Return total^(1/r), of its sign: rounding may leave −1e-16 where the truth is 0."""
    if order == 1:
        return total
    xp = namespace(total)
    size = xp.abs(total)
    if order == 2:
        return xp.sign(total) * square_root(size)
    some = size > 0
    power = xp.where(some, size, xp.ones_like(size)) ** (1 / order)
    return xp.where(some, xp.sign(total) * power, xp.zeros_like(size))


def _masses(p: Samples) -> np.ndarray:
    return np.full(p.n, 1 / p.n) if p.weights is None else p.weights


def _there(weights: np.ndarray | None, n: int) -> Any:
    return np.arange(n) if weights is None else weights > 0
