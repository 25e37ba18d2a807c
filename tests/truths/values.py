"""The value of one question about two laws on numbers: an integral, a sum, or ∞."""

from collections.abc import Callable
from functools import partial
from typing import Any

from mpmath import mp, mpf, nstr

from .integrate import Integrator, SlowSummation, Summation, circle_mean
from .laws import CIRCLE, CONTINUOUS, DISCRETE, INF, Law
from .points import Params
from .transport import w2

LAWS = CONTINUOUS | CIRCLE | DISCRETE
Name = tuple[str, Params]
Expectation = Callable[[Callable[[mpf, mpf], mpf], Law], mpf]


def law_of(name: Name) -> Law:
    return LAWS[name[0]](**name[1])


class Mean:
    """E_p f(log p, log q), over a part of p's support if one is given, from nodes it keeps."""

    def __init__(self, p: Name, within: Law | None = None) -> None:
        self.name, self.law, self.whole = p, law_of(p), within is None
        if within is not None:
            self.law = self.law.within(within)
        self.known: dict[tuple[mpf, ...], Any] = {}

    def __call__(self, f: Callable[[mpf, mpf], mpf], q: Law) -> mpf:
        if self.name[0] in CIRCLE:
            return circle_mean(self.law, lambda lp, x: f(lp, q.log_density(x)))
        inside = tuple(k for k in q.kinks if self.law.low < k < self.law.high)
        if inside not in self.known:
            self.known[inside] = self._made(inside)
        return self.known[inside].mean(lambda lp, x: f(lp, q.log_density(x)))

    def _made(self, kinks: tuple[mpf, ...]) -> Any:
        if self.name[0] in DISCRETE:
            over = (SlowSummation if self.name[0] == "Zipf" else Summation)(self.law)
        else:
            over = Integrator(self.law, kinks)
        mass = over.mean(lambda lp, x: mpf(1))
        if self.whole and abs(mass - 1) > mpf(10) ** -38:
            raise ArithmeticError(f"the mass of {self.name} is 1 + {nstr(mass - 1, 3)}")
        return over

    def forget(self) -> None:
        """Drop the nodes that were broken at other laws' kinks."""
        self.known = {kinks: over for kinks, over in self.known.items() if not kinks}


def value_of(question: str, p: Name, q: Name | None, mean: Mean) -> mpf:
    if question == "entropy":
        return mean(lambda lp, lq: -lp, law_of(p))
    if question == "w2":
        return w2(p, q)
    other = law_of(q)
    if not other.covers(mean.law):
        if question in ("kl", "renyi 2", "chi2"):
            return INF
        mean = Mean(p, other)
        if mean.law.low >= mean.law.high:
            return mpf(1) if question == "hellinger" else INF
    if question == "kl":
        return mean(lambda lp, lq: lp - lq, other)
    return of_power(question, partial(_power, mean, other))


def _power(mean: Mean, other: Law, alpha: mpf) -> mpf:
    """∫ p^α q^(1−α)."""
    return mean(lambda lp, lq: mp.exp((alpha - 1) * (lp - lq)), other)


def of_power(question: str, power: Callable[[mpf], mpf]) -> mpf:
    """Return Rényi's, Hellinger's or χ² from the integral of p^α q^(1−α) as a function of α."""
    if question == "hellinger":
        return mp.sqrt(1 - power(mpf(0.5)))
    if question == "chi2":
        return power(mpf(2)) - 1
    alpha = mpf(float(question.split()[1]))
    return mp.log(power(alpha)) / (alpha - 1)
