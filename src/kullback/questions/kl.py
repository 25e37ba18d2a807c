"""Relative entropy, and its mean to the mixture."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from kullback.arrays.stable import kl_terms, log_mixture
from kullback.errors import InvalidInputError
from kullback.forms.pair import Pair
from kullback.questions.question import Divergence


@dataclass(frozen=True)
class KL(Divergence):
    """KL(p ‖ q) = Σ p log p/q − p + q: the cost of coding p with a code built for q."""

    symbol = "KL(p ‖ q)"
    information = True

    def meaning(self) -> str:
        """Say in words what the number is."""
        return "what coding p with a code built for q costs beyond the entropy of p"

    def generator(self, t: Any) -> Any:
        """f(t) = t log t − t + 1."""
        return t * np.log(t) - t + 1

    at_zero = 1.0
    slope_at_infinity = math.inf

    def terms(self, pair: Pair) -> Any:
        """P ψ(log q/p), ψ(x) = eˣ − 1 − x."""
        return kl_terms(pair.p, pair.x, pair.difference) + pair.loss


@dataclass(frozen=True)
class JensenShannon(Divergence):
    """JS(p, q) = w KL(p ‖ m) + (1 − w) KL(q ‖ m), m = w p + (1 − w) q.

    Attributes
    ----------
    weights : pair of float
        The weights of p and of q; positive, with sum 1.
    """

    weights: tuple[float, float] = (0.5, 0.5)

    symbol = "JS(p, q)"
    information = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", checked_weights(self.weights, 2))

    def meaning(self) -> str:
        """Say in words what the number is."""
        return "what one draw from the mixture of p and q tells about which of them it came from"

    @property
    def symmetric(self) -> bool:  # type: ignore[override]
        """Whether p and q may be exchanged: for equal weights."""
        return self.weights[0] == self.weights[1]

    @property
    def upper(self) -> float:
        """The entropy of the weights: log 2 for equal ones."""
        return -sum(w * math.log(w) for w in self.weights)

    def generator(self, t: Any) -> Any:
        """f(t) = w t log t − (w t + 1 − w) log(w t + 1 − w)."""
        w, v = self.weights
        return w * t * np.log(t) - (w * t + v) * np.log(w * t + v)

    @property
    def at_zero(self) -> float:
        """(1 − w) log 1/(1 − w)."""
        return -self.weights[1] * math.log(self.weights[1])

    @property
    def slope_at_infinity(self) -> float:
        """W log 1/w."""
        return -self.weights[0] * math.log(self.weights[0])

    def terms(self, pair: Pair) -> Any:
        """W p ψ(log m/p) + (1 − w) q ψ(log m/q)."""
        w, v = self.weights
        from_p = kl_terms(pair.p, log_mixture(pair.x, w), v * pair.difference)
        from_q = kl_terms(pair.q, log_mixture(-pair.x, v), -w * pair.difference)
        return w * from_p + v * from_q


def checked_weights(weights: Any, n: int) -> tuple[float, ...]:
    """Return n positive weights that sum to one, as floats, or raise."""
    values = tuple(float(w) for w in weights)
    if len(values) != n or not all(w > 0 for w in values) or abs(sum(values) - 1) > 1e-9:
        raise InvalidInputError(
            f"weights={weights!r}: {n} positive numbers with sum 1 are needed, one for each "
            f"distribution."
        )
    return values
