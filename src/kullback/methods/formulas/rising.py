"""Beta-binomial laws of equally many trials: ratios of rising factorials, factor by factor."""

from typing import Any

from kullback.arrays.namespace import is_traced, namespace
from kullback.arrays.stable import kl_terms
from kullback.forms.families.counting import BetaBinomial
from kullback.forms.families.outcomes import outcomes
from kullback.methods.formulas.finite import cast, in_float64
from kullback.methods.formulas.gammas import log_of_step


def same_trials(p: BetaBinomial, q: BetaBinomial) -> bool:
    """Tell whether all laws of both batches have the same number of trials, at most 10⁵."""
    if is_traced(p.n) or is_traced(q.n):
        return False
    xp, n = namespace(p.n, q.n), float(namespace(p.n).max(p.n))
    return n <= 1e5 and bool(xp.all(p.n == n)) and bool(xp.all(q.n == n))


def rising_kl(p: BetaBinomial, q: BetaBinomial) -> Any:
    """Σ p ψ(r), r = log q/p = Σ_{i<x} log(a′ᵢ/aᵢ) + Σ_{i<n−x} log(b′ᵢ/bᵢ) − Σ_{i<n} log(s′ᵢ/sᵢ).

    aᵢ = a + i, and s = a + b.
    """
    like = p.home
    p, q = in_float64(p), in_float64(q)
    xp, n = namespace(p.a, q.a), int(namespace(p.n).max(p.n))
    batch = xp.zeros_like(p.n + p.a + p.b + q.n + q.a + q.b)
    x = xp.reshape(outcomes(list(range(n + 1)), p.a), (-1,) + (1,) * batch.ndim)
    a, b = q.a - p.a + batch, q.b - p.b + batch
    heads, tails = _sums(p.a + batch, a, x), _sums(p.b + batch, b, x)
    both = _sums(p.a + p.b + batch, a + b, x)
    r = heads + xp.flip(tails, axis=0) - both[-1:]
    mass = xp.exp(p.log_density(x + batch))
    return cast(xp.sum(kl_terms(mass, r, mass * xp.expm1(r)), axis=0), like)


def _sums(a: Any, step: Any, x: Any) -> Any:
    """Return Σ_{i<x} log((a + step + i)/(a + i)) along the first axis."""
    xp = namespace(a, step)
    each = log_of_step(a + x[:-1], a + x[:-1] + step, step + 0 * x[:-1])
    return xp.concat([xp.zeros_like(a)[None], xp.cumsum(each, axis=0)], axis=0)
