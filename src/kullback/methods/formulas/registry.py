"""Closed forms, each under the families it is of."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from kullback.forms.families.family import Family

Pair = tuple[type[Family], type[Family]]
Refusal = Callable[..., str | None]
Enter = Callable[[Callable[..., Any]], Callable[..., Any]]
"""What enters the function that it decorates into a book."""


@dataclass(frozen=True)
class Formula:
    """A closed form and where it comes from.

    Attributes
    ----------
    function : callable
        From laws in one library and dtype to an array, shape (*batch,).
    states : str
        The formula as the atlas prints it.
    source : str
        Paper and equation.
    domain : str
        Where it is finite, beyond the parameters' own domains.
    refuse : callable, optional
        From the laws to why the formula does not hold for them, or None where it does.
    """

    function: Callable[..., Any]
    states: str
    source: str
    domain: str = ""
    refuse: Refusal | None = None


KL_FORMULAS: dict[Pair, Formula] = {}
"""KL(p ‖ q) as f(p, q): supports and parameters are known to fit; near-equal ones do not cancel."""

POWER_FORMULAS: dict[Pair, Formula] = {}
"""log ∫ p^α q^(1−α) as f(p, q, alpha); +∞ where the integral diverges, −∞ where it is 0."""

W2_FORMULAS: dict[Pair, Formula] = {}
"""The 2-Wasserstein distance as f(p, q)."""

ENTROPY_FORMULAS: dict[type[Family], Formula] = {}
"""H(p), differential where p is continuous, as f(p)."""


def closed_form(
    book: dict[Any, Formula],
    *families: type[Family],
    states: str,
    source: str,
    domain: str = "",
    refuse: Refusal | None = None,
) -> Enter:
    """Enter the decorated function into a book, under its families."""
    key = families[0] if len(families) == 1 else families

    def enter(function: Callable[..., Any]) -> Callable[..., Any]:
        assert key not in book, f"two formulas for {key}"
        book[key] = Formula(function, states, source, domain, refuse)
        return function

    return enter
