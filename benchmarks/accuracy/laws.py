"""Laws whose answer is known, and draws from them."""

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.stats as st

import kullback as kb

Array = np.ndarray
Draw = Callable[[np.random.Generator, int], tuple[Array, ...]]


@dataclass(frozen=True)
class Case:
    """A question of draws with a known answer.

    Attributes
    ----------
    name : str
    of : Question
    truth : float
        In nats where information is measured.
    draw : callable
        From (rng, n) to draws of p and of q; for mutual information to both variables.
    """

    name: str
    of: kb.Question
    truth: float
    draw: Draw

    @property
    def question(self) -> str:
        return type(self.of).__name__

    def draws(self, seed: int, n: int) -> tuple[Array, ...]:
        """Return the draws of a seed, the same for every estimator."""
        named = zlib.crc32(f"{self.question} {self.name}".encode())
        return self.draw(np.random.default_rng([named, seed]), n)

    def samples(self, seed: int, n: int) -> list[kb.Samples]:
        """Return them as `measure` takes them."""
        arrays = self.draws(seed, n)
        if isinstance(self.of, kb.MutualInformation):
            return [kb.Samples(*arrays)]
        return [kb.Samples(x) for x in arrays]


def normal(mean: float, d: int) -> Callable[[np.random.Generator, int], Array]:
    return lambda rng, n: mean + rng.standard_normal((n, d))


def pair(p: Callable[..., Array], q: Callable[..., Array]) -> Draw:
    return lambda rng, n: (p(rng, n), q(rng, n))


def alone(p: Callable[..., Array]) -> Draw:
    return lambda rng, n: (p(rng, n),)


def frozen(p: object, q: object | None = None) -> Draw:
    """Draws of laws of scipy.stats."""
    laws = [p] if q is None else [p, q]
    return lambda rng, n: tuple(law.rvs(n, random_state=rng)[:, None] for law in laws)  # type: ignore[attr-defined]


def equicorrelated(rho: float, d: int) -> Array:
    return np.full((d, d), rho) + (1 - rho) * np.eye(d)


def correlated(rho: float, d: int) -> Callable[[np.random.Generator, int], Array]:
    root = np.linalg.cholesky(equicorrelated(rho, d))
    return lambda rng, n: rng.standard_normal((n, d)) @ root.T


def mixture(rng: np.random.Generator, n: int) -> Array:
    """Two clouds around ±(1, …, 1) in five dimensions."""
    return rng.choice([-1.0, 1.0], size=(n, 1)) + rng.standard_normal((n, 5))


def along_clouds() -> kb.families.Mixture:
    """The mixture along (1, …, 1)/√5; the four coordinates across it are standard normal."""
    ends = [kb.families.Normal(m, 1.0) for m in (-math.sqrt(5), math.sqrt(5))]
    return kb.families.Mixture([0.5, 0.5], ends)


def exponentials(rate: float, d: int) -> Callable[[np.random.Generator, int], Array]:
    return lambda rng, n: rng.exponential(1 / rate, (n, d))


def shifts(of: kb.Question, dimensions: tuple[int, ...]) -> list[Case]:
    """Every coordinate shifted by ½: along that shift it is a question in one dimension."""
    return [
        Case(f"Normal shifted by ½ in each of {d}", of, _shifted(of, d),
             pair(normal(0.0, d), normal(0.5, d)))
        for d in dimensions
    ]  # fmt: skip


def _shifted(of: kb.Question, d: int) -> float:
    p, q = st.norm(0, 1), st.norm(0.5 * math.sqrt(d), 1)
    return float(kb.measure(p, q, of=of).value)


def kl_cases() -> list[Case]:
    kl = kb.KL()

    def scalar(name: str, p: object, q: object) -> Case:
        return Case(name, kl, float(kb.kl(p, q)), frozen(p, q))

    exponential = float(kb.kl(st.expon(), st.expon(scale=0.5)))
    wide = kb.families.Normal(0.0, 1.5)
    clouds = float(kb.kl(along_clouds(), wide)) + 4 * float(kb.kl(st.norm(), st.norm(0, 1.5)))
    tied = [
        Case(f"Normal, correlation 0.5 ‖ 0.1, {d}", kl, _equicorrelated(0.5, 0.1, d),
             pair(correlated(0.5, d), correlated(0.1, d)))
        for d in (5, 10)
    ]  # fmt: skip
    poisson = (st.poisson(4), st.poisson(6))
    return [
        Case("No difference, 3", kl, 0.0, pair(normal(0.0, 3), normal(0.0, 3))),
        *shifts(kl, (1, 2, 5, 10, 20)),
        *tied,
        Case("Two clouds ‖ wide Normal, 5", kl, clouds,
             pair(mixture, lambda rng, n: 1.5 * rng.standard_normal((n, 5)))),
        scalar("Exponential, rate 1 ‖ 2", st.expon(), st.expon(scale=0.5)),
        Case("Four of these", kl, 4 * exponential, pair(exponentials(1, 4), exponentials(2, 4))),
        scalar("Student t₅ ‖ Normal of scale 1.5", st.t(5), st.norm(0, 1.5)),
        scalar("Uniform ‖ Beta(2, 2)", st.uniform(), st.beta(2, 2)),
        scalar("Gamma(2) ‖ LogNormal(1)", st.gamma(2), st.lognorm(1)),
        scalar("Cauchy ‖ Cauchy(1, 2)", st.cauchy(), st.cauchy(1, 2)),
        Case("Poisson(4) ‖ Poisson(6): whole numbers", kl, float(kb.kl(*poisson)),
             frozen(*poisson)),
    ]  # fmt: skip


def _equicorrelated(rho: float, other: float, d: int) -> float:
    p, q = (
        kb.families.MultivariateNormal(np.zeros(d), covariance=equicorrelated(r, d))
        for r in (rho, other)
    )
    return float(kb.kl(p, q))


def entropy_cases() -> list[Case]:
    h = kb.Entropy()
    normals = [
        Case(f"Normal, {d}", h, d * float(kb.entropy(st.norm())), alone(normal(0.0, d)))
        for d in (1, 3, 10)
    ]
    return [
        *normals,
        Case("Uniform cube, 3", h, 0.0, alone(lambda rng, n: rng.uniform(size=(n, 3)))),
        *(
            Case(name, h, float(kb.entropy(law)), frozen(law))
            for name, law in (("Gamma(2)", st.gamma(2)), ("Cauchy", st.cauchy()))
        ),
        Case(
            "Two clouds, 5",
            h,
            float(kb.entropy(along_clouds())) + 4 * float(kb.entropy(st.norm())),
            alone(mixture),
        ),
    ]


def information_cases() -> list[Case]:
    mi = kb.MutualInformation()

    def normals(rho: float, d: int) -> Case:
        def draw(rng: np.random.Generator, n: int) -> tuple[Array, ...]:
            x = rng.standard_normal((n, d))
            return x, rho * x + math.sqrt(1 - rho**2) * rng.standard_normal((n, d))

        name = f"Normal, ρ = {rho:g}, {d} + {d}" if rho else f"Independent, {d} + {d}"
        return Case(name, mi, -0.5 * d * math.log1p(-(rho**2)), draw)

    def rotated(rng: np.random.Generator, n: int) -> tuple[Array, ...]:
        u, v = rng.uniform(size=(2, n, 1))
        return u + v, u - v

    def cubed(rng: np.random.Generator, n: int) -> tuple[Array, ...]:
        x = rng.standard_normal((n, 1))
        return x, np.exp(0.6 * x + 0.8 * rng.standard_normal((n, 1)))

    def noisy(rng: np.random.Generator, n: int) -> tuple[Array, ...]:
        x = rng.uniform(size=(n, 1))
        return x, x + rng.uniform(-0.25, 0.25, (n, 1))

    return [
        normals(0.0, 1), normals(0.3, 1), normals(0.6, 1), normals(0.9, 1), normals(0.6, 3),
        Case("Uniform square, rotated by 45°", mi, 1 - math.log(2), rotated),
        Case("Normal ρ = 0.6, one side exponentiated", mi, -0.5 * math.log1p(-0.36), cubed),
        # y = x + e, e uniform of width a = ½: h(y) is that of a trapezoid, a/2 nats; h(y|x) log a.
        Case("Uniform with uniform noise", mi, 0.25 - math.log(0.5), noisy),
    ]  # fmt: skip


def other_cases() -> list[Case]:
    wide = kb.Wasserstein(1)
    return [
        *shifts(kb.Hellinger(), (1, 3)),
        *shifts(kb.JensenShannon(), (1, 3)),
        *shifts(kb.TotalVariation(), (1, 3)),
        *shifts(kb.Renyi(0.5), (1, 3)),
        *(
            Case(name, wide, truth, draw)
            for name, truth, draw in (
                ("Normal shifted by ½ in each of 1", 0.5, pair(normal(0.0, 1), normal(0.5, 1))),
                ("Exponential, rate 1 ‖ 2", 0.5, pair(exponentials(1, 1), exponentials(2, 1))),
            )
        ),
    ]


def cases() -> list[Case]:
    return [*kl_cases(), *entropy_cases(), *information_cases(), *other_cases()]
