"""Closed forms of laws on whole numbers."""

from typing import Any

from kullback.arrays.namespace import is_traced, namespace
from kullback.arrays.stable import log_ratio, psi, times_psi
from kullback.arrays.stirling import deviance
from kullback.arrays.zeta_sums import log_zeta_and_mean, log_zeta_excess
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
from kullback.forms.families.outcomes import outcomes
from kullback.methods.formulas.coins import (
    kl_coin,
    log_ratio_of_complements,
    power_coin,
    power_gap,
)
from kullback.methods.formulas.finite import finite_entropy, finite_kl
from kullback.methods.formulas.registry import (
    ENTROPY_FORMULAS,
    KL_FORMULAS,
    POWER_FORMULAS,
    closed_form,
)
from kullback.methods.formulas.rising import rising_kl, same_trials
from kullback.methods.formulas.tilting import by_tilting, mixed

FAMILY = "Liese and Vajda 1987, of exponential families"
SUM = "definition"


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
    KL_FORMULAS, Poisson, Poisson, states="a log(a/b) − a + b", source="Kullback 1959, ch. 7",
)  # fmt: skip
def kl_poisson(p: Poisson, q: Poisson) -> Any:
    """A log(a/b) − a + b, with rates a and b."""
    return deviance(p.rate, q.rate)


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


def _successes(law: Any) -> Any:
    like = law.probs
    return law.successes if isinstance(law, NegativeBinomial) else namespace(like).ones_like(like)


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
    KL_FORMULAS, DiscreteUniform, DiscreteUniform, states="log(w_q/w_p), w = high − low + 1",
    source=SUM, domain="the range of q contains that of p",
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
    KL_FORMULAS, LogSeries, LogSeries,
    states="log(L_q/L_p) − m log(q/p), L = −log(1 − p), m = p/((1 − p) L_p)",
    source="derived here: an exponential family in log p",
)  # fmt: skip
def kl_log_series(p: LogSeries, q: LogSeries) -> Any:
    """log(L_q/L_p) − m u, u = log(q/p); nearby as gaps ≥ 0, at small p by a sum."""
    return _kl_series(p.probs, q.probs)


def _kl_series(a: Any, b: Any) -> Any:
    xp = namespace(a, b)
    a, b = xp.broadcast_arrays(a, b)
    low = (a < 0.1) & (b < 0.1)
    far = xp.zeros_like(a) + 0.5
    value = _kl_log_series(xp.where(low, far, a), xp.where(low, far, b))
    small = xp.zeros_like(a) + 0.05
    return xp.where(low, _kl_low_series(xp.where(low, a, small), xp.where(low, b, small)), value)


def _kl_log_series(a: Any, b: Any) -> Any:
    """(ψ(v) + ψ(u) p/(1 − p))/L_p − ψ(w), w = log(L_q/L_p), v = log((1 − q)/(1 − p))."""
    xp, u, v = namespace(a, b), log_ratio(a, b), log_ratio_of_complements(a, b)
    total, odds = -xp.log1p(-a), a / (1 - a)
    growth = -v / total
    near = xp.abs(growth) < 0.5
    w = xp.log1p(xp.where(near, growth, xp.zeros_like(growth)))
    close = (psi(v) + psi(u) * odds) / total - psi(w)
    return xp.where(near, close, log_ratio(total, -xp.log1p(-b)) - odds / total * u)


def _kl_low_series(a: Any, b: Any, terms: int = 24) -> Any:
    """Σ p(x) ψ((x − 1) u − w), w = log(h_q/h_p), h = Σ pˣ⁻¹/x = L/p."""
    xp, u = namespace(a, b), log_ratio(a, b)[..., None]
    x = outcomes(list(range(1, terms + 1)), a)
    powers = xp.exp((x - 1) * xp.log(a)[..., None]) / x
    mass = powers / xp.sum(powers, axis=-1, keepdims=True)
    w = xp.log1p(xp.sum(mass * xp.expm1((x - 1) * u), axis=-1, keepdims=True))
    return xp.sum(times_psi(mass, (x - 1) * u - w), axis=-1)


@closed_form(
    KL_FORMULAS, Zipf, Zipf, states="log ζ(t) − log ζ(s) + (t − s) E_p log x, exponents s and t",
    source="derived here: an exponential family in log x",
)  # fmt: skip
def kl_zipf(p: Zipf, q: Zipf) -> Any:
    """Log ζ(t) − log ζ(s) + (t − s) E_p log x."""
    return log_zeta_excess(p.exponent, q.exponent)


@closed_form(
    KL_FORMULAS, BetaBinomial, BetaBinomial, states="Σ p log(p/q) over 0 … n", source=SUM,
    domain="n of p ≤ n of q",
)  # fmt: skip
def kl_beta_binomial(p: BetaBinomial, q: BetaBinomial) -> Any:
    """Σ p ψ(log q/p), with log q/p a sum of logarithms of factors near 1; else by `finite_kl`."""
    return rising_kl(p, q) if same_trials(p, q) else finite_kl(p, q)


_FINITE: dict[type[Family], tuple[type[Family], ...]] = {
    Bernoulli: (
        Binomial, Poisson, Geometric, NegativeBinomial, BetaBinomial, DiscreteUniform, Skellam,
    ),
    Binomial: (Poisson, Geometric, NegativeBinomial, BetaBinomial, DiscreteUniform, Skellam),
    BetaBinomial: (
        Binomial, Poisson, Geometric, NegativeBinomial, DiscreteUniform, Skellam,
    ),
    DiscreteUniform: (Binomial, Poisson, NegativeBinomial, BetaBinomial, Skellam, Zipf, LogSeries),
}  # fmt: skip

for _p, _qs in _FINITE.items():
    for _q in _qs:
        closed_form(
            KL_FORMULAS, _p, _q, states="Σ p log(p/q) over the finitely many outcomes of p",
            source=SUM, domain="the range of q contains that of p",
        )(finite_kl)  # fmt: skip


def kl_delta(p: Delta, q: Family) -> Any:
    """−log q(at)."""
    return -q.log_density(p.at)


for _q in (
    Bernoulli, Binomial, Poisson, Geometric, NegativeBinomial, DiscreteUniform, Zipf, Skellam,
    LogSeries, BetaBinomial, Delta,
):  # fmt: skip
    closed_form(KL_FORMULAS, Delta, _q, states="−log q(at)", source=SUM, domain="q(at) > 0")(
        kl_delta
    )


def _times(n: Any, x: Any) -> Any:
    """N x, with 0 · ∞ = 0."""
    xp = namespace(n, x)
    none = n == 0
    return xp.where(none, xp.zeros_like(x), n * xp.where(none, xp.ones_like(x), x))


def _different_trials(p: Any, q: Any) -> str | None:
    xp = namespace(p.n)
    same = xp.all(p.n == q.n)
    if is_traced(same) or bool(same):
        return None
    return "no formula for binomial laws that differ in `n`"


@closed_form(
    POWER_FORMULAS, Bernoulli, Bernoulli, states="log(p^α q^(1−α) + (1 − p)^α (1 − q)^(1−α))",
    source=SUM,
)  # fmt: skip
def power_bernoulli(p: Bernoulli, q: Bernoulli, alpha: float) -> Any:
    """log(p^α q^(1−α) + (1 − p)^α (1 − q)^(1−α))."""
    return power_coin(p.probs, q.probs, alpha)


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
    POWER_FORMULAS, Poisson, Poisson, states="a^α b^(1−α) − α a − (1 − α) b", source=FAMILY
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


@closed_form(
    POWER_FORMULAS, Geometric, Geometric,
    states="log(p^α q^(1−α)/(1 − (1 − p)^α (1 − q)^(1−α)))", source=FAMILY,
    domain="(1 − p)^α (1 − q)^(1−α) < 1",
)  # fmt: skip
def power_geometric(p: Geometric, q: Geometric, alpha: float) -> Any:
    """From the relative entropies of r to p and q, 1 − r = (1 − p)^α (1 − q)^(1−α)."""
    between, exists = _between_coins(p.probs, q.probs, alpha)
    return by_tilting(_per_success, p.probs, q.probs, between, alpha, exists)


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
    POWER_FORMULAS, DiscreteUniform, DiscreteUniform,
    states="log w − α log w_p − (1 − α) log w_q, w outcomes in common", source=SUM,
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


@closed_form(
    POWER_FORMULAS, LogSeries, LogSeries,
    states="log L_r − α log L_p − (1 − α) log L_q, r = p^α q^(1−α), L = −log(1 − p)",
    source="derived here", domain="p^α q^(1−α) < 1",
)  # fmt: skip
def power_log_series(p: LogSeries, q: LogSeries, alpha: float) -> Any:
    """From the relative entropies of r to p and q."""
    xp = namespace(p.probs, q.probs)
    log = mixed(xp.log(p.probs), xp.log(q.probs), alpha)
    exists = log < 0
    r = xp.exp(xp.where(exists, log, xp.full_like(log, -1.0)))
    exists = exists & (r < 1)
    r = xp.where(exists, r, xp.full_like(r, 0.5))
    return by_tilting(_kl_series, p.probs, q.probs, r, alpha, exists)


@closed_form(
    POWER_FORMULAS, Zipf, Zipf,
    states="log ζ(α s + (1 − α) t) − α log ζ(s) − (1 − α) log ζ(t)", source="derived here",
    domain="α s + (1 − α) t > 1",
)  # fmt: skip
def power_zipf(p: Zipf, q: Zipf, alpha: float) -> Any:
    """From the relative entropies of the exponent between to s and t."""
    s, t = p.exponent, q.exponent
    between = mixed(s, t, alpha)
    exists = between > 1
    xp = namespace(between)
    safe = xp.where(exists, between, xp.full_like(between, 2.0))
    return by_tilting(log_zeta_excess, s, t, safe, alpha, exists)


@closed_form(ENTROPY_FORMULAS, Bernoulli, states="−p log p − (1 − p) log(1 − p)", source=SUM)
def entropy_bernoulli(p: Bernoulli) -> Any:
    """−p log p − (1 − p) log(1 − p)."""
    return _entropy_coin(p.probs)


def _entropy_coin(p: Any) -> Any:
    xp = namespace(p)
    inside = (p > 0) & (p < 1)
    safe = xp.where(inside, p, xp.zeros_like(p) + 0.5)
    value = -safe * xp.log(safe) - (1 - safe) * xp.log1p(-safe)
    return xp.where(inside, value, xp.zeros_like(p))


@closed_form(
    ENTROPY_FORMULAS, Geometric, states="(−p log p − (1 − p) log(1 − p))/p",
    source="Wald's identity",
)  # fmt: skip
def entropy_geometric(p: Geometric) -> Any:
    """h(p)/p."""
    return _entropy_coin(p.probs) / p.probs


@closed_form(ENTROPY_FORMULAS, DiscreteUniform, states="log(high − low + 1)", source=SUM)
def entropy_discrete_uniform(p: DiscreteUniform) -> Any:
    """log(high − low + 1)."""
    return namespace(p.low, p.high).log(p.high - p.low + 1)


@closed_form(ENTROPY_FORMULAS, Zipf, states="log ζ(s) + s E log x", source="derived here")
def entropy_zipf(p: Zipf) -> Any:
    """Log ζ(s) + s E log x."""
    log, mean = log_zeta_and_mean(p.exponent)
    return log + p.exponent * mean


@closed_form(ENTROPY_FORMULAS, Delta, states="0", source=SUM)
def entropy_delta(p: Delta) -> Any:
    """0."""
    return namespace(p.at).zeros_like(p.at)


for _p in (Binomial, BetaBinomial):
    closed_form(ENTROPY_FORMULAS, _p, states="−Σ p log p over its n + 1 outcomes", source=SUM)(
        finite_entropy
    )
