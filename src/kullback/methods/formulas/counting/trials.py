"""Closed forms of numbers of successes: n independent trials, or n of one coin drawn at first."""

from typing import Any

from kullback.arrays.namespace import is_traced, namespace
from kullback.forms.families.counting import Bernoulli, BetaBinomial, Binomial
from kullback.methods.formulas.coins import entropy_coin, kl_coin, power_coin
from kullback.methods.formulas.finite import finite_entropy, finite_kl
from kullback.methods.formulas.registry import (
    ENTROPY_FORMULAS,
    KL_FORMULAS,
    POWER_FORMULAS,
    closed_form,
)
from kullback.methods.formulas.rising import rising_kl, same_trials


@closed_form(
    KL_FORMULAS, Bernoulli, Bernoulli,
    states="d(p ‖ q) = p log(p/q) + (1 − p) log((1 − p)/(1 − q))",
    source="Kullback and Leibler 1951",
)  # fmt: skip
def kl_bernoulli(p: Bernoulli, q: Bernoulli) -> Any:
    """d(p ‖ q)."""
    return kl_coin(p.probs, q.probs)


@closed_form(
    KL_FORMULAS, Binomial, Binomial,
    states="n d(p ‖ q) where both have n trials; else Σ over 0 … n of p log(p/q)",
    source="n independent trials; the sum by definition",
    domain="n of p ≤ n of q",
)  # fmt: skip
def kl_binomial(p: Binomial, q: Binomial) -> Any:
    """N d(p ‖ q) for equal n, else the sum."""
    xp = namespace(p.n, q.n)
    same = p.n == q.n
    times = xp.where(same, p.n, xp.ones_like(p.n))
    value = _times(times, kl_coin(p.probs, q.probs))
    if is_traced(same):
        return xp.where(same, value, xp.full_like(value, float("nan")))
    return value if bool(xp.all(same)) else xp.where(same, value, finite_kl(p, q))


@closed_form(
    KL_FORMULAS, BetaBinomial, BetaBinomial, states="Σ p log(p/q) over 0 … n", source="definition",
    domain="n of p ≤ n of q",
)  # fmt: skip
def kl_beta_binomial(p: BetaBinomial, q: BetaBinomial) -> Any:
    """Σ p ψ(log q/p), with log q/p a sum of logarithms of factors near 1; else by `finite_kl`."""
    return rising_kl(p, q) if same_trials(p, q) else finite_kl(p, q)


@closed_form(
    POWER_FORMULAS, Bernoulli, Bernoulli, states="log(p^α q^(1−α) + (1 − p)^α (1 − q)^(1−α))",
    source="definition",
)  # fmt: skip
def power_bernoulli(p: Bernoulli, q: Bernoulli, alpha: float) -> Any:
    """log(p^α q^(1−α) + (1 − p)^α (1 − q)^(1−α))."""
    return power_coin(p.probs, q.probs, alpha)


def _different_trials(p: Any, q: Any) -> str | None:
    xp = namespace(p.n)
    same = xp.all(p.n == q.n)
    if is_traced(same) or bool(same):
        return None
    return "no formula for binomial laws that differ in `n`"


@closed_form(
    POWER_FORMULAS, Binomial, Binomial, states="n log(p^α q^(1−α) + (1 − p)^α (1 − q)^(1−α))",
    source="n independent trials", domain="n equal in p and q", refuse=_different_trials,
)  # fmt: skip
def power_binomial(p: Binomial, q: Binomial, alpha: float) -> Any:
    """N times that of one trial."""
    value = _times(p.n + 0 * q.n, power_coin(p.probs, q.probs, alpha))
    xp = namespace(value)
    return xp.where(p.n == q.n, value, xp.full_like(value, float("nan")))


@closed_form(
    ENTROPY_FORMULAS, Bernoulli, states="−p log p − (1 − p) log(1 − p)", source="definition"
)
def entropy_bernoulli(p: Bernoulli) -> Any:
    """−p log p − (1 − p) log(1 − p)."""
    return entropy_coin(p.probs)


for _p in (Binomial, BetaBinomial):
    closed_form(
        ENTROPY_FORMULAS, _p, states="−Σ p log p over its n + 1 outcomes", source="definition"
    )(finite_entropy)


def _times(n: Any, x: Any) -> Any:
    """N x, with 0 · ∞ = 0."""
    xp = namespace(n, x)
    none = n == 0
    return xp.where(none, xp.zeros_like(x), n * xp.where(none, xp.ones_like(x), x))
