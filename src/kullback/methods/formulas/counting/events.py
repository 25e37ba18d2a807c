"""Closed forms of numbers of events."""

from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.stable import log_ratio
from kullback.arrays.stirling import deviance
from kullback.forms.families.counting import Poisson
from kullback.methods.formulas.coins import power_gap
from kullback.methods.formulas.registry import KL_FORMULAS, POWER_FORMULAS, closed_form


@closed_form(
    KL_FORMULAS, Poisson, Poisson, states="a log(a/b) − a + b", source="Kullback 1959, ch. 7",
)  # fmt: skip
def kl_poisson(p: Poisson, q: Poisson) -> Any:
    """A log(a/b) − a + b, with rates a and b."""
    return deviance(p.rate, q.rate)


@closed_form(
    POWER_FORMULAS,
    Poisson,
    Poisson,
    states="a^α b^(1−α) − α a − (1 − α) b",
    source="Liese and Vajda 1987, of exponential families",
)
def power_poisson(p: Poisson, q: Poisson, alpha: float) -> Any:
    """a^α b^(1−α) − α a − (1 − α) b, with rates a and b."""
    a, b, c = (p.rate, q.rate, 1 - alpha) if alpha >= 0.5 else (q.rate, p.rate, alpha)
    xp = namespace(a, b)
    some = (a > 0) & (b > 0)
    one = xp.ones_like(a + b)
    safe_a, safe_b = xp.where(some, a, one), xp.where(some, b, one)
    value = power_gap(safe_a, log_ratio(safe_a, safe_b), safe_b - safe_a, c)
    edge = -(1 - c) * a - c * b
    if c < 0:  # a is the rate in the numerator
        wide = q.rate if alpha > 1 else p.rate
        other = p.rate if alpha > 1 else q.rate
        lost = (wide == 0) & (other > 0)
        edge = xp.where(lost, xp.full_like(edge, float("inf")), edge)
    return xp.where(some, value, edge)
