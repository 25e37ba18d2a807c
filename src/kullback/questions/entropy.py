"""Entropy and cross-entropy."""

from dataclasses import dataclass
from typing import Any

from kullback.forms.pair import Pair
from kullback.questions.question import Question


@dataclass(frozen=True)
class Entropy(Question):
    """H(p) = −Σ p log p: the shortest mean code length for draws from p."""

    symbol = "H(p)"
    information = True
    arguments = 1

    def meaning(self) -> str:
        """Say in words what the number is."""
        return "the shortest mean length of a code for draws from p"

    def terms(self, pair: Pair) -> Any:
        """−p log p, for the pair (p, p)."""
        return -pair.p * pair.log_q


@dataclass(frozen=True)
class CrossEntropy(Question):
    """H(p, q) = −Σ p log q: the mean length of draws from p in a code built for q."""

    symbol = "H(p, q)"
    information = True

    def meaning(self) -> str:
        """Say in words what the number is."""
        return "the mean length of draws from p in a code built for q"

    def terms(self, pair: Pair) -> Any:
        """−p log q."""
        return -pair.p * pair.log_q + pair.loss
