"""Divergences as axes of a joint range: linear totals Σ q f(p/q), and how f grows at 0 and at ∞."""

import math
from dataclasses import dataclass

from kullback.questions import (
    KL,
    Alpha,
    ChiSquare,
    Hellinger,
    Jeffreys,
    JensenShannon,
    Renyi,
    TotalVariation,
)
from kullback.questions.question import Divergence

Growth = tuple[float, float, float]
"""(a, b, c): f(t) ~ c tᵃ logᵇ t at ∞, or t f(1/t) ~ … where it is the growth at 0."""

LINEAR: Growth = (1.0, 0.0, 1.0)
_T_LOG_T: Growth = (1.0, 1.0, 1.0)


@dataclass(frozen=True)
class Axis:
    """A divergence, up to a monotone function a mean of f over the law of the ratio t = p/q.

    Attributes
    ----------
    name, symbol : str
        What the caller calls it; how a table writes it.
    question : Divergence
        Whose terms are q f(p/q).
    at_zero, at_infinity : (float, float, float)
        How f grows where it is unbounded; (1, 0, 1) where its mass there has a finite weight.
    root : bool
        Whether the value is the root of the total.
    alpha : float, or None
        The order, if it is a Rényi divergence.
    """

    name: str
    symbol: str
    question: Divergence
    at_zero: Growth = LINEAR
    at_infinity: Growth = LINEAR
    root: bool = False
    alpha: float | None = None

    @property
    def order(self) -> float:
        """The order by which the total is closed with a logarithm; 1 where it is the value."""
        return 1.0 if self.alpha is None else self.alpha

    @property
    def nats(self) -> bool:
        """Whether the value is measured in nats."""
        return self.question.information or self.alpha is not None or self.name == "kl_reverse"

    @property
    def largest(self) -> float:
        """The total of disjoint supports, the largest there is."""
        if self.alpha == math.inf:
            return math.inf
        return self.question.at_zero + self.question.slope_at_infinity

    def value(self, total: float) -> float:
        """Return the divergence from Σ q f(p/q)."""
        total = max(total, 0.0)  # a bound of 0 holds for all of them; rounding may miss it
        if self.root:
            return math.sqrt(min(total, 1.0))
        if self.order in {1, math.inf}:
            return total
        a = self.order
        inside = a * (a - 1) * total
        if inside <= -1:
            return math.inf
        return math.log1p(inside) / (a - 1)

    def total(self, value: float) -> float:
        """Return Σ q f(p/q) from the divergence."""
        if self.root:
            return value * value
        if self.order in {1, math.inf}:
            return value
        a = self.order
        return math.expm1((a - 1) * value) / (a * (a - 1))


def renyi_axis(alpha: float) -> Axis:
    """Return the axis of the Rényi divergence of an order within (0, ∞)."""
    name = f"renyi({alpha:g})"
    symbol = f"R_{alpha:g}(p ‖ q)"
    if alpha == 1:
        return Axis(name, symbol, KL(), at_infinity=_T_LOG_T, alpha=1.0)
    if alpha == math.inf:
        return Axis("renyi(inf)", "R_∞(p ‖ q)", Renyi(alpha), alpha=alpha)
    growth = (alpha, 0.0, 1 / (alpha * (alpha - 1))) if alpha > 1 else LINEAR
    return Axis(name, symbol, Alpha(alpha), at_infinity=growth, alpha=alpha)


AXES: dict[str, Axis] = {
    axis.name: axis
    for axis in (
        Axis("kl", "KL(p ‖ q)", KL(), at_infinity=_T_LOG_T),
        Axis("kl_reverse", "KL(q ‖ p)", Alpha(0.0), at_zero=_T_LOG_T),
        Axis("jeffreys", "J(p, q)", Jeffreys(), _T_LOG_T, _T_LOG_T),
        Axis("js", "JS(p, q)", JensenShannon()),
        Axis("tv", "TV(p, q)", TotalVariation()),
        Axis("hellinger", "H(p, q)", Hellinger(), root=True),
        Axis("chi2", "χ²(p ‖ q)", ChiSquare(), at_infinity=(2.0, 0.0, 1.0)),
    )
}
"""Every divergence that `bounds` takes and gives, Rényi's aside."""
