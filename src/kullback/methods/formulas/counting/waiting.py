"""Closed forms of failures before success: sums of trials of one coin, by Wald's identity."""

from typing import Any

from kullback.arrays.namespace import is_traced, namespace
from kullback.forms.families.counting import Geometric, NegativeBinomial
from kullback.methods.formulas.coins import entropy_coin, kl_coin
from kullback.methods.formulas.registry import (
    ENTROPY_FORMULAS,
    KL_FORMULAS,
    POWER_FORMULAS,
    closed_form,
)
from kullback.methods.formulas.tilting import by_tilting, mixed

FAMILY = "Liese and Vajda 1987, of exponential families"


@closed_form(
    KL_FORMULAS, Geometric, Geometric, states="d(p ‖ q)/p",
    source="a geometric count is Σ of Bernoulli trials until the first success: Wald's identity",
)  # fmt: skip
def kl_geometric(p: Geometric, q: Geometric) -> Any:
    """d(p ‖ q)/p: as many trials, on average, as 1/p."""
    return kl_coin(p.probs, q.probs) / p.probs


def _different_successes(p: Any, q: Any) -> str | None:
    xp = namespace(p.home)
    same = xp.all(_successes(p) == _successes(q))
    if is_traced(same) or bool(same):
        return None
    return "no formula for negative binomial laws that differ in `successes`"


@closed_form(
    KL_FORMULAS, NegativeBinomial, NegativeBinomial, states="r d(p ‖ q)/p",
    source="Σ of r geometric counts", domain="r = successes equal in p and q",
    refuse=_different_successes,
)  # fmt: skip
def kl_negative_binomial(p: NegativeBinomial, q: NegativeBinomial) -> Any:
    """R d(p ‖ q)/p."""
    value = p.successes * kl_coin(p.probs, q.probs) / p.probs
    xp = namespace(value)
    return xp.where(p.successes == q.successes, value, xp.full_like(value, float("nan")))


@closed_form(
    POWER_FORMULAS, Geometric, Geometric,
    states="log(p^α q^(1−α)/(1 − (1 − p)^α (1 − q)^(1−α)))", source=FAMILY,
    domain="(1 − p)^α (1 − q)^(1−α) < 1",
)  # fmt: skip
def power_geometric(p: Geometric, q: Geometric, alpha: float) -> Any:
    """From the relative entropies of r to p and q, 1 − r = (1 − p)^α (1 − q)^(1−α)."""
    between, exists = _between_coins(p.probs, q.probs, alpha)
    return by_tilting(_per_success, p.probs, q.probs, between, alpha, exists)


@closed_form(
    POWER_FORMULAS, NegativeBinomial, NegativeBinomial,
    states="r log(p^α q^(1−α)/(1 − (1 − p)^α (1 − q)^(1−α)))", source=FAMILY,
    domain="r = successes equal in p and q; (1 − p)^α (1 − q)^(1−α) < 1",
    refuse=_different_successes,
)  # fmt: skip
def power_negative_binomial(p: NegativeBinomial, q: NegativeBinomial, alpha: float) -> Any:
    """R times that of the geometric laws."""
    between, exists = _between_coins(p.probs, q.probs, alpha)
    value = p.successes * by_tilting(_per_success, p.probs, q.probs, between, alpha, exists)
    xp = namespace(value)
    return xp.where(p.successes == q.successes, value, xp.full_like(value, float("nan")))


@closed_form(
    ENTROPY_FORMULAS, Geometric, states="(−p log p − (1 − p) log(1 − p))/p",
    source="Wald's identity",
)  # fmt: skip
def entropy_geometric(p: Geometric) -> Any:
    """h(p)/p."""
    return entropy_coin(p.probs) / p.probs


def _successes(law: Any) -> Any:
    like = law.probs
    return law.successes if isinstance(law, NegativeBinomial) else namespace(like).ones_like(like)


def _per_success(p: Any, q: Any) -> Any:
    return kl_coin(p, q) / p


def _between_coins(p: Any, q: Any, alpha: float) -> tuple[Any, Any]:
    """Return r with 1 − r = (1 − p)^α (1 − q)^(1−α), and where it is a probability."""
    xp = namespace(p, q)
    one, both = xp.ones_like(p + q), (p < 1) & (q < 1)
    a, b = xp.where(both, p, 0.5 * one), xp.where(both, q, 0.5 * one)
    log = mixed(xp.log1p(-a), xp.log1p(-b), alpha)
    # where only one of them is sure, the integral is at 0 alone, unless its weight is negative
    sure = (p == q) | ((alpha >= 0) | (p < 1)) & ((alpha <= 1) | (q < 1))
    exists = xp.where(both, log < 0, sure)
    kept = both & (log < 0)
    return xp.where(kept, -xp.expm1(xp.where(kept, log, -one)), one), exists
