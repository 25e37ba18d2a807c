"""Relative entropy of laws with finitely many outcomes: a sum over all of them."""

from collections.abc import Callable
from typing import Any

import numpy as np

from kullback.arrays.namespace import library_of, namespace
from kullback.arrays.special import betainc, gammainc
from kullback.arrays.stable import kl_terms
from kullback.errors import InvalidInputError
from kullback.forms.families.counting import (
    Bernoulli,
    BetaBinomial,
    Binomial,
    DiscreteUniform,
    Geometric,
    NegativeBinomial,
    Poisson,
)
from kullback.forms.families.family import Family

_AT_ONCE = 1 << 20
"""How many terms are held at a time."""

_AT_MOST = 1 << 28
"""How many terms are summed before the question is refused."""


def finite_kl(p: Family, q: Family) -> Any:
    """Σ (p log p/q − p + q) over p's outcomes, and q's mass outside of them: terms ≥ 0."""
    like = p.home
    p, q = in_float64(p), in_float64(q)
    low, width = _outcomes_of(p)
    batch = np.broadcast_shapes(p.batch, q.batch)
    total, inside, lost = 0.0, 0.0, False
    for x in _chunks(p.home, low, width, batch):
        log_p, log_q = p.log_density(x), q.log_density(x)
        terms, mass, infinite = _terms(log_p, log_q)
        total, inside, lost = total + terms, inside + mass, lost | infinite
    xp = namespace(p.home)
    value = total + _mass_outside(p, q, inside)
    return cast(xp.where(lost, xp.full_like(value, float("inf")), value), like)


def finite_entropy(p: Family) -> Any:
    """−Σ p log p over p's outcomes."""
    like = p.home
    p = in_float64(p)
    low, width = _outcomes_of(p)
    total = 0.0
    for x in _chunks(p.home, low, width, p.batch):
        logs = p.log_density(x)
        xp = namespace(logs)
        some = logs > -float("inf")
        safe = xp.where(some, logs, xp.zeros_like(logs))
        total = total - xp.sum(xp.where(some, xp.exp(safe) * safe, xp.zeros_like(safe)), axis=0)
    return cast(total, like)


def finite_mean(p: Family, f: Callable[[Any], Any]) -> Any:
    """E f(x) under p, with f of outcomes of shape (some, *batch)."""
    low, width = _outcomes_of(p)
    total = 0.0
    for x in _chunks(p.home, low, width, p.batch):
        total = total + namespace(x).sum(namespace(x).exp(p.log_density(x)) * f(x), axis=0)
    return total


def _terms(log_p: Any, log_q: Any) -> tuple[Any, Any, Any]:
    xp = namespace(log_p, log_q)
    log_p, log_q = xp.broadcast_arrays(log_p, log_q)
    in_p, in_q = log_p > -float("inf"), log_q > -float("inf")
    zero = xp.zeros_like(log_p)
    mass_p = xp.where(in_p, xp.exp(xp.where(in_p, log_p, zero)), zero)
    mass_q = xp.where(in_q, xp.exp(xp.where(in_q, log_q, zero)), zero)
    both = in_p & in_q
    x = xp.where(both, xp.where(both, log_q, zero) - xp.where(both, log_p, zero), zero - 1)
    terms = xp.where(both, kl_terms(mass_p, x, mass_q - mass_p), mass_q)
    return xp.sum(terms, axis=0), xp.sum(mass_q, axis=0), xp.any(in_p & ~in_q, axis=0)


def _mass_outside(p: Family, q: Family, inside: Any) -> Any:
    """Return how much mass q has outside of p's outcomes."""
    xp = namespace(inside)
    zero = xp.zeros_like(inside)
    if not isinstance(p, DiscreteUniform):
        n = p.n if isinstance(p, (Binomial, BetaBinomial)) else 1.0
        above = _mass_above(q, n + zero)
        if above is not None:
            return above
    rest = 1 - inside
    return xp.where(rest > 0, rest, zero)


def _mass_above(q: Family, n: Any) -> Any:
    """Return q's mass above n, where a function gives it with all digits."""
    xp = namespace(n)
    zero, one = xp.zeros_like(n), xp.ones_like(n)
    if isinstance(q, Poisson):
        some = q.rate > 0
        rate = xp.where(some, q.rate, xp.ones_like(q.rate))
        return xp.where(some, gammainc(n + 1, rate), zero)
    if isinstance(q, Geometric):
        some = q.probs < 1
        safe = xp.where(some, q.probs, xp.zeros_like(q.probs))
        return xp.where(some, xp.exp((n + 1) * xp.log1p(-safe)), zero)
    if isinstance(q, NegativeBinomial):
        return betainc(n + 1, q.successes + zero, 1 - q.probs + zero)
    if isinstance(q, Bernoulli):
        return zero
    if isinstance(q, Binomial):
        some = q.n > n
        tail = betainc(n + 1, xp.where(some, q.n - n, one), q.probs + zero)
        return xp.where(some, tail, zero)
    if isinstance(q, (BetaBinomial, DiscreteUniform)):
        high = q.n if isinstance(q, BetaBinomial) else q.high
        return zero if bool(xp.all(high <= n)) else None
    return None


def _outcomes_of(p: Family) -> tuple[Any, int]:
    """Return the lowest outcome of each law, and how many the widest of them has."""
    if isinstance(p, DiscreteUniform):
        low, span = p.low, p.high - p.low
    elif isinstance(p, (Binomial, BetaBinomial)):
        low, span = namespace(p.n).zeros_like(p.n), p.n
    else:
        low, span = namespace(p.home).zeros_like(p.home), namespace(p.home).ones_like(p.home)
    try:
        width = 2 if isinstance(p, Bernoulli) else int(namespace(span).max(span)) + 1
    except Exception as traced:
        if "jax" not in type(traced).__module__:
            raise
        raise InvalidInputError(
            f"{type(p).__name__}: a sum over its outcomes needs to know how many there are. Under "
            "jax.jit, close over them as numbers."
        ) from traced
    return low, width


def _chunks(like: Any, low: Any, width: int, batch: tuple[int, ...]) -> Any:
    """Yield outcomes, shape (some, *batch of p)."""
    xp = namespace(like)
    rows = max(1, int(np.prod(batch, dtype=np.int64)))
    if width * rows > _AT_MOST:
        raise InvalidInputError(
            f"A sum over {width} outcomes for {rows} pairs has more than {_AT_MOST} terms. "
            "kb.measure(p, q, by=kb.MonteCarlo(n=…), rng=0) estimates it."
        )
    size = max(1, _AT_ONCE // rows)
    for start in range(0, width, size):
        steps = np.arange(start, min(start + size, width)).reshape((-1,) + (1,) * len(batch))
        if library_of(like) == "torch":
            yield low + xp.asarray(steps, dtype=like.dtype, device=like.device)
        else:
            yield low + xp.asarray(steps, dtype=like.dtype)


def in_float64(law: Any) -> Any:
    """Return the law with parameters in float64, where the library has it."""
    if library_of(law.home) not in ("numpy", "torch"):
        return law
    xp = namespace(law.home)
    if law.home.dtype == xp.float64:
        return law
    device = getattr(law.home, "device", None)
    if str(device).startswith("mps"):
        return law
    if library_of(law.home) == "torch":
        return law.moved(xp.empty(0, dtype=xp.float64, device=device))
    return law.moved(xp.empty(0, dtype=xp.float64))


def cast(x: Any, like: Any) -> Any:
    """Return x in the dtype of an array."""
    return x if x.dtype == like.dtype else namespace(x).astype(x, like.dtype)
