"""Closed forms of Dirichlet and multinomial laws."""

from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import digamma, lgamma
from kullback.arrays.stable import kl_terms, log_ratio
from kullback.arrays.stirling import factorial_remainder
from kullback.forms.families.counting import Binomial
from kullback.forms.families.simplex import Dirichlet, Multinomial
from kullback.methods.formulas.coins import power_gap
from kullback.methods.formulas.finite import finite_mean
from kullback.methods.formulas.gammas import gap, kl_of_rates
from kullback.methods.formulas.registry import (
    ENTROPY_FORMULAS,
    KL_FORMULAS,
    POWER_FORMULAS,
    closed_form,
)
from kullback.methods.formulas.tilting import by_tilting, mixed

INFINITY = float("inf")


@closed_form(
    KL_FORMULAS, Dirichlet, Dirichlet,
    states="log Γ(A)/Γ(B) − Σ log Γ(aᵢ)/Γ(bᵢ) + Σ (aᵢ − bᵢ) (ψ₀(aᵢ) − ψ₀(A)), A = Σ a, B = Σ b",
    source="Gil, Alajaji and Linder 2013, table 2",
)  # fmt: skip
def kl_dirichlet(p: Dirichlet, q: Dirichlet) -> Any:
    """Σ KL(Gamma(aᵢ, A) ‖ Gamma(bᵢ, B)) − G(A, B).

    G(a, b) = log Γ(b)/Γ(a) − (b − a) ψ₀(a) − b log b/a + b − a is small beside what it is taken
    from: Stirling's leading terms are left out of it, and make up the first sum.
    """
    return concentrations_kl(p.concentration, q.concentration)


def concentrations_kl(a: Any, b: Any, step: Any = None) -> Any:
    """KL(Dirichlet(a) ‖ Dirichlet(b)); Beta's where there are two of them.

    `step` is b − a, where it is known better than b and a say.
    """
    xp = namespace(a, b)
    total_a, total_b = xp.sum(a, axis=-1), xp.sum(b, axis=-1)
    more = xp.sum(b - a if step is None else step, axis=-1)
    parts = kl_of_rates(a, b, total_a[..., None], total_b[..., None], step, more[..., None])
    return xp.sum(parts, axis=-1) - gap(total_a, total_b, more)


@closed_form(
    POWER_FORMULAS, Dirichlet, Dirichlet,
    states="log B(α a + (1 − α) b) − α log B(a) − (1 − α) log B(b), B(a) = Π Γ(aᵢ)/Γ(Σ a)",
    source="Gil, Alajaji and Linder 2013, table 2", domain="α a + (1 − α) b > 0",
)  # fmt: skip
def power_dirichlet(p: Dirichlet, q: Dirichlet, alpha: float) -> Any:
    """From the relative entropies of α a + (1 − α) b to a and b."""
    a, b = p.concentration, q.concentration
    xp, between = namespace(a, b), mixed(a, b, alpha)
    exists = xp.all(between > 0, axis=-1)
    between = xp.where(between > 0, between, xp.ones_like(between))
    return by_tilting(concentrations_kl, a, b, between, alpha, exists)


@closed_form(
    ENTROPY_FORMULAS, Dirichlet,
    states="log B(a) − Σ (aᵢ − 1) (ψ₀(aᵢ) − ψ₀(Σ a))", source="Ebrahimi, Soofi and Zhao 2011",
)  # fmt: skip
def entropy_dirichlet(p: Dirichlet) -> Any:
    """Log B(a) − Σ (aᵢ − 1) (ψ₀(aᵢ) − ψ₀(Σ a))."""
    a = p.concentration
    xp = namespace(a)
    total = xp.sum(a, axis=-1)
    norm = xp.sum(lgamma(a), axis=-1) - lgamma(total)
    return norm - xp.sum((a - 1) * (digamma(a) - digamma(total)[..., None]), axis=-1)


@closed_form(
    KL_FORMULAS, Multinomial, Multinomial, states="n Σ pᵢ log(pᵢ/qᵢ)",
    source="Kullback 1959, ch. 6: n independent trials", domain="n equal in p and q",
)  # fmt: skip
def kl_multinomial(p: Multinomial, q: Multinomial) -> Any:
    """N Σ (pᵢ log(pᵢ/qᵢ) − pᵢ + qᵢ)."""
    a, b = p.probs, q.probs
    xp = namespace(a, b)
    value = xp.sum(kl_terms(a, log_ratio(a, b), b - a), axis=-1)
    lost = xp.any((b <= 0) & (a > 0), axis=-1) & (p.n > 0)
    value = p.n * value
    return xp.where(lost | (p.n != q.n), xp.full_like(value, INFINITY), value)


@closed_form(
    POWER_FORMULAS, Multinomial, Multinomial, states="n log Σ pᵢ^α qᵢ^(1−α)",
    source="n independent trials", domain="n equal in p and q",
)  # fmt: skip
def power_multinomial(p: Multinomial, q: Multinomial, alpha: float) -> Any:
    """N log(1 + Σ pᵢ^α qᵢ^(1−α) − α pᵢ − (1 − α) qᵢ); by the powers themselves where far apart."""
    a, b = (p.probs, q.probs) if alpha >= 0.5 else (q.probs, p.probs)
    c = min(alpha, 1 - alpha)
    xp = namespace(a, b)
    a, b = xp.broadcast_arrays(a, b)
    both, one = (a > 0) & (b > 0), xp.ones_like(a)
    safe_a, safe_b = xp.where(both, a, one), xp.where(both, b, one)
    x = log_ratio(safe_a, safe_b)
    apart = -(1 - c) * a - c * b
    gaps = xp.sum(xp.where(both, power_gap(safe_a, x, safe_b - safe_a, c), apart), axis=-1)
    near = xp.abs(gaps) < 0.5
    close = xp.log1p(xp.where(near, gaps, xp.zeros_like(gaps)))
    logs = xp.where(both, xp.log(safe_a) + c * x, xp.full_like(x, -1e30))
    peak = xp.max(logs, axis=-1, keepdims=True)
    far = xp.log(xp.sum(xp.exp(logs - peak), axis=-1)) + peak[..., 0]
    some = xp.any(both, axis=-1)
    value = xp.where(near, close, xp.where(some, far, xp.full_like(far, -INFINITY)))
    if c < 0:
        lost = xp.any((a > 0) & (b <= 0), axis=-1)
        value = xp.where(lost, xp.full_like(value, INFINITY), value)
    none = (p.n == 0) & (q.n == 0)
    value = xp.where(none, xp.zeros_like(value), p.n * xp.where(none, xp.ones_like(value), value))
    other = INFINITY if alpha > 1 or alpha < 0 else -INFINITY
    return xp.where(p.n == q.n, value, xp.full_like(value, other))


@closed_form(
    ENTROPY_FORMULAS, Multinomial,
    states="−log n! − n Σ pᵢ log pᵢ + Σ E log Xᵢ!, Xᵢ of Binomial(n, pᵢ)", source="definition",
)  # fmt: skip
def entropy_multinomial(p: Multinomial) -> Any:
    """Σ (E g(Xᵢ) + E Xᵢ log(Xᵢ/(n pᵢ))) − g(n), g(x) = log x! − x log x + x."""
    n = p.n[..., None]
    xp = namespace(p.probs, n)
    mean = n * p.probs

    def each(x: Any) -> Any:
        possible = mean > 0
        share = x / xp.where(possible, mean, xp.ones_like(mean))
        safe = xp.where((x > 0) & possible, share, xp.ones_like(share))
        return factorial_remainder(x) + x * xp.log(safe)

    parts = finite_mean(Binomial(n + 0 * p.probs, p.probs), each)
    return xp.sum(parts, axis=-1) - factorial_remainder(p.n)
