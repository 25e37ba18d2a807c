"""Means of powers and logarithms under laws with power tails."""

import math
from collections.abc import Callable
from typing import Any

from kullback.arrays.namespace import is_traced, namespace
from kullback.arrays.special import (
    digamma,
    digamma_difference,
    lbeta,
    trigamma,
)
from kullback.arrays.special.gamma import EULER
from kullback.forms.families import (
    BetaPrime,
    GeneralizedPareto,
    HalfCauchy,
    LogLogistic,
    Lomax,
    Pareto,
)
from kullback.forms.families.curves import above, infinite_unless
from kullback.methods.formulas.moments.powers import FROM_POWERS, JKB
from kullback.methods.formulas.statistics import (
    Log,
    Power,
    Reciprocal,
    SquaredLogDeviation,
    moment,
)


@moment(Power, Pareto, states="a/(a − k) (s/z)^k, z the scale of x", source=JKB, domain="k < a")
def power_of_pareto(p: Pareto, t: Power) -> Any:
    """a/(a − k) (s/z)^k."""
    exists, left = above(p.shape - t.exponent, 0)
    return infinite_unless(exists, p.shape / left * (p.scale / t.scale) ** t.exponent)


@moment(Reciprocal, Pareto, states="a/((a + 1) s)", source=JKB)
def reciprocal_of_pareto(p: Pareto, _: Reciprocal) -> Any:
    """a/((a + 1) s)."""
    return p.shape / (p.shape + 1) / p.scale


@moment(Log, Pareto, states="log s + 1/a", source="derived: log x/s is exponential with rate a")
def log_of_pareto(p: Pareto, _: Log) -> Any:
    """Log s + 1/a."""
    return namespace(p.scale).log(p.scale) + 1 / p.shape


@moment(
    SquaredLogDeviation, Pareto, states="1/a² + (log s + 1/a − m)²",
    source="derived: log x/s is exponential with rate a",
)  # fmt: skip
def squared_log_of_pareto(p: Pareto, t: SquaredLogDeviation) -> Any:
    """1/a² + (log s + 1/a − m)²."""
    return 1 / (p.shape * p.shape) + (log_of_pareto(p, Log()) - t.center) ** 2


def _beta_prime_power(a: Any, b: Any, k: Any, log_size: Any) -> Any:
    """e^(k log_size) B(a + k, b − k)/B(a, b): of a scaled beta prime."""
    xp = namespace(a, b, k)
    exists = (a + k > 0) & (b - k > 0)
    k = xp.where(exists, k, xp.zeros_like(k))
    return infinite_unless(exists, xp.exp(k * log_size + lbeta(a + k, b - k) - lbeta(a, b)))


@moment(
    Power, Lomax, states="(s/z)^k Γ(1 + k) Γ(a − k)/Γ(a), z the scale of x", source=JKB,
    domain="−1 < k < a",
)  # fmt: skip
def power_of_lomax(p: Lomax, t: Power) -> Any:
    """(s/z)^k Γ(1 + k) Γ(a − k)/Γ(a)."""
    xp = namespace(p.shape)
    k = t.exponent + xp.zeros_like(p.shape)
    return _beta_prime_power(xp.ones_like(k), p.shape + 0 * k, k, xp.log(p.scale / t.scale))


@moment(Log, Lomax, states="log s + ψ₀(1) − ψ₀(a)", source=FROM_POWERS)
def log_of_lomax(p: Lomax, _: Log) -> Any:
    """Log s + ψ₀(1) − ψ₀(a)."""
    return namespace(p.scale).log(p.scale) - EULER - digamma(p.shape)


@moment(SquaredLogDeviation, Lomax, states="ψ₁(1) + ψ₁(a) + (E log x − m)²", source=FROM_POWERS)
def squared_log_of_lomax(p: Lomax, t: SquaredLogDeviation) -> Any:
    """ψ₁(1) + ψ₁(a) + (E log x − m)²."""
    around = log_of_lomax(p, Log()) - t.center
    return math.pi**2 / 6 + trigamma(p.shape) + around * around


@moment(Power, BetaPrime, states="B(a + k, b − k)/(s^k B(a, b))", source=JKB, domain="−a < k < b")
def power_of_beta_prime(p: BetaPrime, t: Power) -> Any:
    """B(a + k, b − k)/(s^k B(a, b))."""
    xp = namespace(p.a)
    k = t.exponent + xp.zeros_like(p.a + p.b)
    return _beta_prime_power(p.a + 0 * k, p.b + 0 * k, k, -xp.log(t.scale))


@moment(Reciprocal, BetaPrime, states="b/(a − 1)", source=JKB, domain="a > 1")
def reciprocal_of_beta_prime(p: BetaPrime, _: Reciprocal) -> Any:
    """b/(a − 1)."""
    exists, a = above(p.a, 1)
    return infinite_unless(exists, p.b / (a - 1))


@moment(Log, BetaPrime, states="ψ₀(a) − ψ₀(b)", source=FROM_POWERS)
def log_of_beta_prime(p: BetaPrime, _: Log) -> Any:
    """ψ₀(a) − ψ₀(b)."""
    return digamma_difference(p.b, p.a)


@moment(
    SquaredLogDeviation, BetaPrime, states="ψ₁(a) + ψ₁(b) + (ψ₀(a) − ψ₀(b) − m)²",
    source=FROM_POWERS,
)  # fmt: skip
def squared_log_of_beta_prime(p: BetaPrime, t: SquaredLogDeviation) -> Any:
    """ψ₁(a) + ψ₁(b) + (ψ₀(a) − ψ₀(b) − m)²."""
    return trigamma(p.a) + trigamma(p.b) + (digamma_difference(p.b, p.a) - t.center) ** 2


@moment(
    Power, LogLogistic, states="(s/z)^k πt/sin πt, t = k/shape, z the scale of x", source=JKB,
    domain="|t| < 1",
)  # fmt: skip
def power_of_log_logistic(p: LogLogistic, t: Power) -> Any:
    """(s/z)^k Γ(1 + t) Γ(1 − t), t = k/shape."""
    xp = namespace(p.shape)
    k = t.exponent / p.shape
    one = xp.ones_like(k)
    return _beta_prime_power(one, one, k, p.shape * xp.log(p.scale / t.scale))


@moment(Log, LogLogistic, states="log s", source="derived: log x is logistic around log s")
def log_of_log_logistic(p: LogLogistic, _: Log) -> Any:
    """Log s."""
    return namespace(p.scale).log(p.scale)


@moment(
    SquaredLogDeviation, LogLogistic, states="π²/(3k²) + (log s − m)²",
    source="derived: log x is logistic with scale 1/k",
)  # fmt: skip
def squared_log_of_log_logistic(p: LogLogistic, t: SquaredLogDeviation) -> Any:
    """π²/(3k²) + (log s − m)²."""
    around = namespace(p.scale).log(p.scale) - t.center
    return math.pi**2 / 3 / (p.shape * p.shape) + around * around


@moment(Power, HalfCauchy, states="(γ/s)^k / cos(πk/2)", source=JKB, domain="|k| < 1")
def power_of_half_cauchy(p: HalfCauchy, t: Power) -> Any:
    """(γ/s)^k / cos(πk/2)."""
    xp = namespace(p.scale)
    exists = xp.abs(t.exponent) < 1
    k = xp.where(exists, t.exponent, xp.zeros_like(t.exponent))
    return infinite_unless(exists, (p.scale / t.scale) ** k / xp.cos(0.5 * math.pi * k))


@moment(Log, HalfCauchy, states="log γ", source="derived: log x is symmetric around log γ")
def log_of_half_cauchy(p: HalfCauchy, _: Log) -> Any:
    """Log γ."""
    return namespace(p.scale).log(p.scale)


@moment(
    SquaredLogDeviation, HalfCauchy, states="π²/4 + (log γ − m)²",
    source="derived: the bend of 1/cos(πk/2) at k = 0",
)  # fmt: skip
def squared_log_of_half_cauchy(p: HalfCauchy, t: SquaredLogDeviation) -> Any:
    """π²/4 + (log γ − m)²."""
    return 0.25 * math.pi**2 + (namespace(p.scale).log(p.scale) - t.center) ** 2


@moment(
    Reciprocal, Lomax, HalfCauchy, LogLogistic, states="∞, but finite for LogLogistic with k > 1",
    source="derived: the density at 0 is positive", domain="LogLogistic with k > 1",
)  # fmt: skip
def reciprocal_of_spread(p: Any, _: Reciprocal) -> Any:
    """(π/k)/(s sin(π/k)) for a log-logistic with k > 1, ∞ elsewhere."""
    xp = namespace(p.scale)
    if not isinstance(p, LogLogistic):
        return xp.full_like(p.scale, math.inf)
    one = xp.ones_like(p.scale)
    return power_of_log_logistic(p, Power(-one, one))


def _refuse_moved(p: GeneralizedPareto, _: Any) -> str | None:
    if is_traced(p.loc) or not bool(namespace(p.loc).all(p.loc == 0)):
        return "there is a formula for loc = 0 only"
    return None


def _bend(
    c: Any, curve: Callable[[Any], Any], near: Callable[[Any], Any]
) -> tuple[Any, Any, Any, Any]:
    """Return where |c| is small, near(c) there, 1/|c| elsewhere, and curve of 1/c or 1 + 1/|c|."""
    xp = namespace(c)
    small = xp.abs(c) < 0.04
    some = xp.where(small, xp.ones_like(c), c)
    n = 1 / xp.abs(some)
    value = near(xp.where(small, c, xp.zeros_like(c)))
    return small, value, n, curve(xp.where(some < 0, 1 + n, n))


@moment(
    Log, GeneralizedPareto, domain="μ = 0", refuse=_refuse_moved, source=FROM_POWERS,
    states="log σ/|c| + ψ₀(1) − ψ₀(1/c) for c > 0, − ψ₀(1 + 1/|c|) for c < 0, log σ + ψ₀(1) for 0",
)  # fmt: skip
def log_of_generalized_pareto(p: GeneralizedPareto, _: Log) -> Any:
    """Log σ − γ + log 1/|c| − ψ₀(1/c) or ψ₀(1 + 1/|c|); the last two by c/2 + c²/12 − … near 0."""
    xp = namespace(p.scale)
    small, near, n, curve = _bend(p.concentration, digamma, _slopes_of_log)
    return xp.log(p.scale) - EULER + xp.where(small, near, xp.log(n) - curve)


def _slopes_of_log(c: Any) -> Any:
    w = c * c
    return 0.5 * c + w * (1 / 12 - w * (1 / 120 - w * (1 / 252 - w / 240)))


@moment(
    SquaredLogDeviation, GeneralizedPareto, domain="μ = 0", refuse=_refuse_moved,
    source=FROM_POWERS,
    states="ψ₁(1) + ψ₁(1/c) for c > 0, − ψ₁(1 + 1/|c|) for c < 0, + 0; + (E log x − m)²",
)  # fmt: skip
def squared_log_of_generalized_pareto(p: GeneralizedPareto, t: SquaredLogDeviation) -> Any:
    """ψ₁(1) + ψ₁(1/c) or − ψ₁(1 + 1/|c|), by c + c²/2 + … near 0; + (E log x − m)²."""
    xp, c = namespace(p.scale), p.concentration
    small, near, _, curve = _bend(c, trigamma, _slopes_of_square)
    spread = xp.where(small, near, xp.where(c > 0, curve, -curve))
    return math.pi**2 / 6 + spread + (log_of_generalized_pareto(p, Log()) - t.center) ** 2


def _slopes_of_square(c: Any) -> Any:
    w = c * c
    return c + 0.5 * w + c * w * (1 / 6 - w * (1 / 30 - w * (1 / 42 - w * (1 / 30 - w * 5 / 66))))
