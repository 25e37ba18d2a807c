"""Sliced transport: the mean over directions θ of W_r^r between the projections θ·x and θ·y."""

import math
from dataclasses import dataclass, field, fields, replace
from typing import Any, ClassVar, Literal

import numpy as np

from kullback.arrays.namespace import library_of, namespace
from kullback.errors import InvalidInputError, NoMethodError
from kullback.estimate import Answer, Asked
from kullback.forms import Form
from kullback.forms.samples import Samples
from kullback.methods.answers import on_device
from kullback.methods.samples.draws import Draws
from kullback.methods.samples.resampling import Spread, around, freedom
from kullback.methods.samples.transport.line import line_distance, line_potentials
from kullback.methods.samples.transport.method import TransportMethod, by_potentials
from kullback.methods.samples.transport.positions import positions_of
from kullback.questions import Question, Wasserstein

NUMBERS = 4_000_000
"""How many projections are held at once."""


@dataclass(frozen=True, eq=False)
class Sliced(Draws):
    """Draws, and the directions that they are looked at from.

    Attributes
    ----------
    directions : array, shape (projections, d)
        Of length 1.
    """

    directions: np.ndarray = field(default_factory=lambda: np.ones((1, 1)))


@dataclass(frozen=True, repr=False)
class SlicedTransport(TransportMethod):
    """(mean over directions of W_r^r of the projections)^(1/r): a distance of its own, at most W_r.

    O(n log n) a direction, any sizes and weights, no curse of dimension: two samples of one law
    come as close as they do on the line. W_r may be larger by far more than √d; for two laws that
    differ by a shift c, W_r = |c| and the sliced W₂ is |c|/√d.

    Attributes
    ----------
    projections : int
        How many directions are drawn, evenly over the sphere.

    References
    ----------
    Bonneel, Rabin, Peyré and Pfister, Sliced and Radon Wasserstein barycenters of measures, J.
    Math. Imaging Vision 51 (2015). Nadjahi et al., Statistical and topological properties of sliced
    probability divergences, NeurIPS (2020).

    >>> import kullback as kb
    >>> rng = np.random.default_rng(0)
    >>> x = rng.normal(size=(200, 2))
    >>> p, q = kb.Samples(x), kb.Samples(x + [3.0, 4.0])
    >>> kb.measure(p, q, of=kb.Wasserstein(2), by=kb.SlicedTransport(), rng=0).value
    np.float64(3.5719...)
    """

    projections: int = 100

    needs_rng: ClassVar[bool] = True
    spread_by: ClassVar[Literal["subsampling", "bootstrap", "own"]] = "own"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not isinstance(self.projections, int) or self.projections < 2:
            raise InvalidInputError(
                f"projections={self.projections!r}: at least 2 directions are needed, to see how "
                "they differ."
            )

    def pairs(self, draws: Draws, /) -> int:
        """Return how many numbers are sorted."""
        return (draws.n + draws.m) * self.projections

    def curse(self, _draws: Draws, /) -> int:
        """Return 2: projections near their laws like 1/√n, whatever the dimension."""
        return 2

    def distance(self, of: Wasserstein, p: Samples, q: Samples, asked: Asked) -> Any:
        """Return the sliced distance between the samples; directions come from rng."""
        x, y = positions_of(p, q)
        xp = namespace(x, y)
        theta = directions(self.projections, p.dimensions, np.random.default_rng(asked.rng))
        across = xp.asarray(theta.T, dtype=x.dtype, **on_device(x))
        rows = line_distance(of.order, (x @ across).T, (y @ across).T, p.weights, q.weights)
        most = xp.max(rows)
        if not bool(most > 0):
            return most
        value = most * xp.mean((rows / most) ** of.order) ** (1 / of.order)
        return value[()] if library_of(value) == "numpy" else value

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the sliced distance with its interval, and what no difference would show."""
        if asked.rng is None:
            raise NoMethodError(
                f"{self!r} draws directions and needs rng=…: kb.measure(p, q, of=kb.{of!r}, rng=0)."
            )
        plain = self.checked(of, p, q)
        rng = np.random.default_rng(asked.rng)
        theta = directions(self.projections, plain.dimensions, rng)
        draws = _seen(plain, theta)
        return self.described(of, draws, self.estimate(of, draws), replace(asked, rng=rng))

    def permuted(self, draws: Draws, rng: np.random.Generator) -> Draws | None:
        """Return the draws dealt out anew, seen from the same directions."""
        assert isinstance(draws, Sliced)
        anew = super().permuted(draws, rng)
        return None if anew is None else _seen(anew, draws.directions)

    def estimate(self, of: Question, draws: Draws) -> float:
        """Return the sliced distance between the empirical laws."""
        return _mean(of, self.slices(of, draws))

    def slices(self, of: Question, draws: Draws) -> np.ndarray:
        """Return W_r in each direction, shape (projections,)."""
        assert isinstance(of, Wasserstein)
        assert isinstance(draws, Sliced)
        assert draws.y is not None
        theta = draws.directions
        together = max(1, NUMBERS // (draws.n + draws.m))
        found = [
            line_distance(of.order, some @ draws.x.T, some @ draws.y.T, draws.v, draws.w)
            for some in np.array_split(theta, math.ceil(len(theta) / together))
        ]
        return np.concatenate(found)

    def plain_spread(
        self, of: Question, draws: Draws, value: float, rng: np.random.Generator
    ) -> tuple[Spread | None, list[str]]:
        """Return the normal interval, from how the potentials and the directions vary."""
        assert isinstance(of, Wasserstein)
        if not self.resamples:
            return super().plain_spread(of, draws, value, rng)
        f, g = _mean_potentials(of.order, draws)
        found = by_potentials(of.order, value, value**of.order, draws, f, g)
        error = math.hypot(found.error, self._of_directions(of, draws, value))
        return around(value, error, freedom(draws, draws.least)), [
            "Interval: of the normal law, from how the potentials and the directions vary."
        ]

    def _of_directions(self, of: Question, draws: Draws, value: float) -> float:
        """Return the standard error of a mean over so many directions, of the root."""
        assert isinstance(of, Wasserstein)
        if draws.dimensions == 1 or not value > 0:
            return 0.0
        powers = (self.slices(of, draws) / value) ** of.order
        return float(value * powers.std(ddof=1) / math.sqrt(len(powers)) / of.order)

    def notes(self, of: Question, draws: Draws, value: float, /) -> tuple[str, ...]:
        """Say what the number is, and how far the directions leave it open."""
        assert isinstance(of, Wasserstein)
        if draws.dimensions == 1:
            return ()
        error = self._of_directions(of, draws, value)
        d, r = draws.dimensions, of.order
        return (
            f"This is the sliced distance, the mean over directions of W_{r:g} of the projections: "
            f"another distance than W_{r:g}, and at most as large. For a shift its W₂ is smaller "
            f"by √{d} = {math.sqrt(d):.3g}.",
            f"{self.projections} directions leave a standard error of {error:.2g}.",
        )


def _mean_potentials(order: float, draws: Draws) -> tuple[np.ndarray, np.ndarray]:
    """Return the potentials of each draw, their mean over the directions."""
    assert isinstance(draws, Sliced)
    assert draws.y is not None
    f, g = np.zeros(draws.n), np.zeros(draws.m)
    for theta in draws.directions:
        of_x, of_y = line_potentials(order, draws.x @ theta, draws.y @ theta, draws.v, draws.w)
        f += of_x / len(draws.directions)
        g += of_y / len(draws.directions)
    return f, g


def _seen(draws: Draws, theta: np.ndarray) -> Sliced:
    held = {f.name: getattr(draws, f.name) for f in fields(Draws)}
    return Sliced(**held, directions=theta)


def directions(projections: int, d: int, rng: np.random.Generator) -> np.ndarray:
    """Return directions drawn evenly over the sphere, shape (projections, d)."""
    z = rng.standard_normal((projections, d))
    length = np.linalg.norm(z, axis=1, keepdims=True)
    return np.asarray(z / length)


def _mean(of: Question, rows: np.ndarray) -> float:
    """(mean of W_r^r)^(1/r)."""
    assert isinstance(of, Wasserstein)
    most = float(rows.max())
    return most * float(np.mean((rows / most) ** of.order)) ** (1 / of.order) if most > 0 else 0.0
