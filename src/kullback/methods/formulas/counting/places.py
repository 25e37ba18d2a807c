"""Closed forms on whole numbers between two ends, or at one place."""

from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.stable import log_ratio
from kullback.forms.families.counting import (
    Bernoulli,
    BetaBinomial,
    Binomial,
    Delta,
    DiscreteUniform,
    Geometric,
    LogSeries,
    NegativeBinomial,
    Poisson,
    Skellam,
    Zipf,
)
from kullback.forms.families.family import Family
from kullback.methods.formulas.registry import (
    ENTROPY_FORMULAS,
    KL_FORMULAS,
    POWER_FORMULAS,
    closed_form,
)


@closed_form(
    KL_FORMULAS, DiscreteUniform, DiscreteUniform, states="log(w_q/w_p), w = high − low + 1",
    source="definition", domain="the range of q contains that of p",
)  # fmt: skip
def kl_discrete_uniform(p: DiscreteUniform, q: DiscreteUniform) -> Any:
    """log(w_q/w_p); ∞ where q does not contain p."""
    value = log_ratio(p.high - p.low + 1, q.high - q.low + 1)
    xp = namespace(value)
    inside = (q.low <= p.low) & (p.high <= q.high)
    return xp.where(inside, value, xp.full_like(value, float("inf")))


@closed_form(
    KL_FORMULAS, DiscreteUniform, Geometric,
    states="−log w − log q − m log(1 − q), m the mean of p", source="derived here",
)  # fmt: skip
def kl_discrete_uniform_geometric(p: DiscreteUniform, q: Geometric) -> Any:
    """−log w − log q − m log(1 − q); ∞ where p has outcomes below 0, or above 0 if q = 1."""
    xp = namespace(p.low, q.probs)
    some, m = q.probs < 1, p.mean()
    step = xp.log1p(-xp.where(some, q.probs, xp.zeros_like(q.probs)))
    value = -xp.log(p.high - p.low + 1) - xp.log(q.probs) - m * step
    lost = (p.low < 0) | (~some & (p.high > 0))
    return xp.where(lost, xp.full_like(value, float("inf")), value)


@closed_form(
    POWER_FORMULAS, DiscreteUniform, DiscreteUniform,
    states="log w − α log w_p − (1 − α) log w_q, w outcomes in common", source="definition",
    domain="for α > 1 the range of q contains that of p",
)  # fmt: skip
def power_discrete_uniform(p: DiscreteUniform, q: DiscreteUniform, alpha: float) -> Any:
    """α log(w/w_p) + (1 − α) log(w/w_q)."""
    xp = namespace(p.low, q.low)
    low, high = xp.maximum(p.low, q.low), xp.minimum(p.high, q.high)
    meet = high >= low
    shared = xp.where(meet, high - low + 1, xp.ones_like(low))
    own = (p.high - p.low + 1) + xp.zeros_like(shared)
    other = (q.high - q.low + 1) + xp.zeros_like(shared)
    value = alpha * log_ratio(own, shared) + (1 - alpha) * log_ratio(other, shared)
    infinite = xp.full_like(value, float("inf"))
    value = xp.where(meet, value, -infinite)
    if alpha > 1:
        return xp.where((q.low <= p.low) & (p.high <= q.high), value, infinite)
    if alpha < 0:
        return xp.where((p.low <= q.low) & (q.high <= p.high), value, infinite)
    return value


@closed_form(ENTROPY_FORMULAS, DiscreteUniform, states="log(high − low + 1)", source="definition")
def entropy_discrete_uniform(p: DiscreteUniform) -> Any:
    """log(high − low + 1)."""
    return namespace(p.low, p.high).log(p.high - p.low + 1)


def kl_delta(p: Delta, q: Family) -> Any:
    """−log q(at)."""
    return -q.log_density(p.at)


for _q in (
    Bernoulli, Binomial, Poisson, Geometric, NegativeBinomial, DiscreteUniform, Zipf, Skellam,
    LogSeries, BetaBinomial, Delta,
):  # fmt: skip
    closed_form(
        KL_FORMULAS, Delta, _q, states="−log q(at)", source="definition", domain="q(at) > 0"
    )(kl_delta)


@closed_form(ENTROPY_FORMULAS, Delta, states="0", source="definition")
def entropy_delta(p: Delta) -> Any:
    """0."""
    return namespace(p.at).zeros_like(p.at)
