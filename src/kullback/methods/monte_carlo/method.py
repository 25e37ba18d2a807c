"""Means over random draws, each with its standard error."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from kullback.errors import InvalidInputError
from kullback.estimate import Answer, Asked, Kind, Method
from kullback.forms.density import Density
from kullback.forms.families.family import Family
from kullback.forms.form import Form
from kullback.methods.answers import as_home, home_of
from kullback.methods.laws import Numbers, batch_of, constant, is_law
from kullback.methods.monte_carlo.estimators import K1, Estimator
from kullback.methods.monte_carlo.tail import pareto_shape
from kullback.methods.quadrature.integrands import Integrand
from kullback.questions import KL, CrossEntropy, Divergence, Entropy, Question, Renyi

_PLAIN = K1()
_SUSPECT = 0.5


@dataclass(frozen=True)
class MonteCarlo(Method):
    """The mean over n draws, with its standard error.

    KL is averaged over draws of p by an estimator. Other divergences are averaged over draws of
    (p + q)/2, half from each, where their terms are bounded if they are; entropies over p.

    Attributes
    ----------
    n : int
        How many draws.
    estimator : K1, K2, K3 or Balanced
        For KL.
    stratified : bool
        One draw from each of n slices of equal mass, for laws of numbers with a quantile function.

    >>> import kullback as kb
    >>> p, q = kb.families.Normal(0, 1), kb.families.Normal(1, 2)
    >>> kb.measure(p, q, by=kb.MonteCarlo(n=1000), rng=0)
    0.4... ± 0.0... nats, estimated, by MonteCarlo(n=1000, ...)
    """

    reads: ClassVar[tuple[type[Form], ...]] = (Family, Density)

    n: int = 10000
    estimator: Estimator = _PLAIN
    stratified: bool = False

    kind: ClassVar[Kind] = "estimated"
    needs_rng: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not isinstance(self.n, int) or self.n < 10:
            raise InvalidInputError(f"n={self.n!r}: at least 10 draws are needed for an error.")

    def refuse(self, of: Question, p: Form, q: Form | None) -> str | None:
        """Refuse what cannot be drawn from, and what is no mean."""
        if not isinstance(of, (Divergence, Entropy, CrossEntropy)):
            return f"{of!r} is not one mean over draws"
        if isinstance(of, Renyi) and of.alpha in (0.0, np.inf):
            return f"Rényi's divergence of order {of.alpha:g} is no mean"
        both = isinstance(of, Divergence) and not isinstance(of, KL)
        for name, form in (("p", p), ("q", q)):
            if form is None:
                continue
            if not is_law(form):
                return f"needs a law with a log-density, not {type(form).__name__}"
            if (name == "p" or both) and not callable(getattr(form, "draw", None)):
                return f"needs draws of {name}, which {type(form).__name__} does not give"
        assert is_law(p)
        if is_law(q) and (p.discrete != q.discrete or p.dimensions != q.dimensions):
            return "p and q have outcomes of different kinds"
        if self.stratified and (p.discrete or p.dimensions or _quantile(p, 0.5) is None):
            return f"stratified=True needs a quantile function, which {type(p).__name__} lacks"
        return None

    def answer(self, of: Question, p: Form, q: Form | None, asked: Asked) -> Answer:
        """Return the means, shape (*batch,), with their standard errors."""
        if asked.rng is None:
            raise InvalidInputError(
                "MonteCarlo draws at random and has no rng: kb.measure(p, q, by=…, rng=0)."
            )
        rng = np.random.default_rng(asked.rng)
        home, batch = home_of(p, q), batch_of(p, q)
        p, q = constant(p), None if q is None else constant(q)
        with np.errstate(all="ignore"):
            value, error, shape = self._mean(of, p, q, batch, rng)
        notes = self._notes(of, value, shape)
        return Answer(as_home(value, home), as_home(error, home), notes)

    def _mean(
        self, of: Question, p: Any, q: Any, batch: tuple[int, ...], rng: np.random.Generator
    ) -> tuple[Numbers, Numbers, Numbers]:
        if isinstance(of, Divergence) and not isinstance(of, KL):
            return self._between(of, p, q, batch, rng)
        x = self._draws(p, batch, rng, self.n)
        log_p = p.log_density(x)
        if isinstance(of, Entropy):
            terms = -log_p
        elif isinstance(of, CrossEntropy):
            terms = -q.log_density(x)
        else:
            terms = self.estimator.terms(q.log_density(x) - log_p)
        terms = np.broadcast_to(terms, (self.n, *batch))
        lost = np.isposinf(terms).any(axis=0)
        value = np.where(lost, np.inf, terms.mean(axis=0))
        return value, np.where(lost, 0.0, self._error(terms)), pareto_shape(terms)

    def _between(
        self, of: Divergence, p: Any, q: Any, batch: tuple[int, ...], rng: np.random.Generator
    ) -> tuple[Numbers, Numbers, Numbers]:
        """Average terms/m over draws of m = (p + q)/2, as many from p as from q."""
        half = self.n // 2
        integrand, sides = Integrand(of), []
        for law in (p, q):
            x = self._draws(law, batch, rng, half)
            log_p = np.broadcast_to(p.log_density(x), (half, *batch))
            log_q = np.broadcast_to(q.log_density(x), (half, *batch))
            slope = -(np.logaddexp(log_p, log_q) - np.log(2.0))
            sides.append(integrand(log_p, log_q, slope)[0])
        total = 0.5 * (sides[0].mean(axis=0) + sides[1].mean(axis=0))
        error = 0.5 * np.hypot(self._error(sides[0]), self._error(sides[1]))
        lost = np.isposinf(total)
        value = of.close(np.where(lost, 1.0, total))
        up = of.close(np.where(lost, 1.0, total + error))
        down = of.close(np.where(lost, 1.0, np.maximum(total - error, 0.0)))
        reach = np.where(np.isfinite(up), 0.5 * np.abs(up - down), np.abs(value - down))
        value, reach = np.where(lost, np.inf, value), np.where(lost, 0.0, reach)
        return value, reach, pareto_shape(np.concatenate(sides))

    def _draws(self, law: Any, batch: tuple[int, ...], rng: np.random.Generator, n: int) -> Numbers:
        """Return draws of shape (n, *batch, *event), one more axis than the batch at the front."""
        if self.stratified and _quantile(law, 0.5) is not None:
            u = (np.arange(n).reshape((n,) + (1,) * len(batch)) + rng.random((n, *batch))) / n
            return np.asarray(law.quantile(u))
        x = np.asarray(law.draw(rng, n))
        own = len(tuple(law.batch))
        event = x.shape[1 + own :]
        return x.reshape((n,) + (1,) * (len(batch) - own) + tuple(law.batch) + event)

    def _error(self, terms: Numbers) -> Numbers:
        """Return the standard error of the mean; neighbours tell it where draws are stratified."""
        n = terms.shape[0]
        if not self.stratified:
            return np.asarray(terms.std(axis=0, ddof=1) / np.sqrt(n))
        pairs = n // 2
        apart = terms[: 2 * pairs : 2] - terms[1 : 2 * pairs : 2]
        return np.asarray(np.sqrt((apart * apart).sum(axis=0)) / n)

    def _notes(self, of: Question, value: Numbers, shape: Numbers) -> tuple[str, ...]:
        notes: tuple[str, ...] = ()
        suspect = (shape > _SUSPECT) & np.isfinite(value)
        if suspect.any():
            notes += (
                f"The largest terms fall off like a Pareto law of shape k̂ = {shape.max():.2f} > "
                f"{_SUSPECT}: their variance seems infinite, and the standard error is not to be "
                "trusted.",
            )
        if np.isinf(value).any():
            notes += ("A draw of one law lies where the other has no mass: infinite.",)
        if isinstance(of, KL) and not self.estimator.unbiased:
            notes += (f"{self.estimator!r} is biased by the third moment of log q/p.",)
        return notes


def _quantile(law: Any, u: float) -> Any:
    quantile = getattr(law, "quantile", None)
    return None if quantile is None else quantile(np.asarray(u))
