"""Means of powers and logarithms under laws on an interval."""

import math
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import (
    digamma,
    digamma_difference,
    exp1_scaled,
    expi,
    lbeta,
    trigamma,
)
from kullback.arrays.special.gamma import EULER
from kullback.forms.families import (
    Beta,
    ContinuousBernoulli,
    Kumaraswamy,
    LogUniform,
)
from kullback.forms.families.curves import above, infinite_unless
from kullback.methods.formulas.moments.powers import FROM_POWERS, JKB
from kullback.methods.formulas.statistics import (
    Log,
    LogComplement,
    Power,
    Reciprocal,
    SquaredLogDeviation,
    SquaredLogitDeviation,
    moment,
)


@moment(Power, Beta, states="B(a + k, b)/(s^k B(a, b))", source=JKB, domain="a + k > 0")
def power_of_beta(p: Beta, t: Power) -> Any:
    """B(a + k, b)/(s^k B(a, b))."""
    xp = namespace(p.a)
    exists, top = above(p.a + t.exponent, 0)
    log = lbeta(top, p.b + xp.zeros_like(top)) - lbeta(p.a, p.b) - t.exponent * xp.log(t.scale)
    return infinite_unless(exists, xp.exp(log))


@moment(Reciprocal, Beta, states="(a + b − 1)/(a − 1)", source=JKB, domain="a > 1")
def reciprocal_of_beta(p: Beta, _: Reciprocal) -> Any:
    """(a + b − 1)/(a − 1)."""
    exists, a = above(p.a, 1)
    return infinite_unless(exists, 1 + p.b / (a - 1))


@moment(Log, Beta, states="ψ₀(a) − ψ₀(a + b)", source=FROM_POWERS)
def log_of_beta(p: Beta, _: Log) -> Any:
    """ψ₀(a) − ψ₀(a + b)."""
    return digamma_difference(p.a + p.b, p.a)


@moment(LogComplement, Beta, states="ψ₀(b) − ψ₀(a + b)", source=FROM_POWERS)
def log_complement_of_beta(p: Beta, _: LogComplement) -> Any:
    """ψ₀(b) − ψ₀(a + b)."""
    return digamma_difference(p.a + p.b, p.b)


@moment(
    SquaredLogDeviation, Beta, states="ψ₁(a) − ψ₁(a + b) + (ψ₀(a) − ψ₀(a + b) − m)²",
    source=FROM_POWERS,
)  # fmt: skip
def squared_log_of_beta(p: Beta, t: SquaredLogDeviation) -> Any:
    """ψ₁(a) − ψ₁(a + b) + (ψ₀(a) − ψ₀(a + b) − m)²."""
    total = p.a + p.b
    around = digamma_difference(total, p.a) - t.center
    return trigamma(p.a) - trigamma(total) + around * around


@moment(
    SquaredLogitDeviation, Beta, states="ψ₁(a) + ψ₁(b) + (ψ₀(a) − ψ₀(b) − m)²",
    source="derived: logit x is the difference of the logs of two gammas",
)  # fmt: skip
def squared_logit_of_beta(p: Beta, t: SquaredLogitDeviation) -> Any:
    """ψ₁(a) + ψ₁(b) + (ψ₀(a) − ψ₀(b) − m)²."""
    return trigamma(p.a) + trigamma(p.b) + (digamma_difference(p.b, p.a) - t.center) ** 2


@moment(
    Power, Kumaraswamy, states="b B(1 + k/a, b)/s^k", domain="k > −a",
    source="Jones 2009, Kumaraswamy's distribution",
)  # fmt: skip
def power_of_kumaraswamy(p: Kumaraswamy, t: Power) -> Any:
    """(b/s^k) B(1 + k/a, b)."""
    xp = namespace(p.a)
    exists, top = above(1 + t.exponent / p.a, 0)
    log = lbeta(top, p.b + xp.zeros_like(top)) - t.exponent * xp.log(t.scale)
    return infinite_unless(exists, p.b * xp.exp(log))


@moment(
    Reciprocal, Kumaraswamy, states="b B(1 − 1/a, b)", domain="a > 1",
    source="Jones 2009, Kumaraswamy's distribution",
)  # fmt: skip
def reciprocal_of_kumaraswamy(p: Kumaraswamy, _: Reciprocal) -> Any:
    """(b) B(1 − 1/a, b)."""
    one = namespace(p.a).ones_like(p.a)
    return power_of_kumaraswamy(p, Power(-one, one))


@moment(Log, Kumaraswamy, states="(ψ₀(1) − ψ₀(1 + b))/a", source=FROM_POWERS)
def log_of_kumaraswamy(p: Kumaraswamy, _: Log) -> Any:
    """(ψ₀(1) − ψ₀(1 + b))/a."""
    return (-EULER - digamma(1 + p.b)) / p.a


@moment(
    SquaredLogDeviation, Kumaraswamy, states="(ψ₁(1) − ψ₁(1 + b))/a² + (E log x − m)²",
    source=FROM_POWERS,
)  # fmt: skip
def squared_log_of_kumaraswamy(p: Kumaraswamy, t: SquaredLogDeviation) -> Any:
    """(ψ₁(1) − ψ₁(1 + b))/a² + (E log x − m)²."""
    spread = (math.pi**2 / 6 - trigamma(1 + p.b)) / (p.a * p.a)
    return spread + (log_of_kumaraswamy(p, Log()) - t.center) ** 2


@moment(Log, LogUniform, states="½ log l h", source="by definition")
def log_of_log_uniform(p: LogUniform, _: Log) -> Any:
    """½ log l h."""
    xp = namespace(p.low)
    return 0.5 * (xp.log(p.low) + xp.log(p.high))


@moment(
    SquaredLogDeviation, LogUniform, states="(log h/l)²/12 + (½ log l h − m)²",
    source="by definition",
)  # fmt: skip
def squared_log_of_log_uniform(p: LogUniform, t: SquaredLogDeviation) -> Any:
    """(log h/l)²/12 + (½ log l h − m)²."""
    return p.log_width() ** 2 / 12 + (log_of_log_uniform(p, Log()) - t.center) ** 2


def integral_of_power(k: Any, log_ratio: Any) -> Any:
    """(1 − e^(−k L))/k: ∫ of (x/h)^(k − 1)/h over (l, h), L = log h/l; L at k = 0."""
    xp = namespace(k, log_ratio)
    flat = k == 0
    some = xp.where(flat, xp.ones_like(k), k)
    return xp.where(flat, log_ratio, -xp.expm1(-some * log_ratio) / some)


@moment(Power, LogUniform, states="((h/s)^k − (l/s)^k)/(k log h/l)", source="by definition")
def power_of_log_uniform(p: LogUniform, t: Power) -> Any:
    """(h/s)^k (1 − (l/h)^k)/(k log h/l)."""
    width = p.log_width()
    return (p.high / t.scale) ** t.exponent * integral_of_power(t.exponent, width) / width


@moment(Reciprocal, LogUniform, states="(1/l − 1/h)/log h/l", source="by definition")
def reciprocal_of_log_uniform(p: LogUniform, _: Reciprocal) -> Any:
    """(1/l − 1/h)/log h/l."""
    return (p.high - p.low) / p.high / p.low / p.log_width()


EXPONENTIAL_INTEGRAL = "derived: ∫₀¹ (e^(ηx) − 1)/x dx = Ei(η) − γ − log |η|, by parts"


@moment(
    Log, ContinuousBernoulli, states="−(Ei(η) − γ − log |η|)/(e^η − 1)",
    source=EXPONENTIAL_INTEGRAL,
)  # fmt: skip
def log_of_continuous_bernoulli(p: ContinuousBernoulli, _: Log) -> Any:
    """−(Ei(η) − γ − log |η|)/(e^η − 1)."""
    return -_entire_ratio(p.logit())


@moment(
    LogComplement, ContinuousBernoulli, states="−(Ei(−η) − γ − log |η|)/(e^(−η) − 1)",
    source=EXPONENTIAL_INTEGRAL,
)  # fmt: skip
def log_complement_of_continuous_bernoulli(p: ContinuousBernoulli, _: LogComplement) -> Any:
    """−(Ei(−η) − γ − log |η|)/(e^(−η) − 1)."""
    return -_entire_ratio(-p.logit())


def _entire_ratio(eta: Any) -> Any:
    """∫₀¹ (e^(ηx) − 1)/x dx / (e^η − 1), 1 at η = 0; by its series for |η| < 2."""
    xp = namespace(eta)
    near, positive = xp.abs(eta) < 2, eta > 0
    y = xp.where(near, eta, xp.zeros_like(eta))
    term = xp.ones_like(y)
    above_line, below_line = term, term
    for k in range(2, 28):
        term = term * y / k
        above_line, below_line = above_line + term / k, below_line + term
    two = xp.full_like(eta, 2.0)
    up = xp.where(near | ~positive, two, eta)
    rising = (expi(up) - EULER - xp.log(up)) / xp.expm1(up)
    down = xp.where(near | positive, two, -eta)
    fall = xp.exp(-down)
    falling = (exp1_scaled(down) * fall + EULER + xp.log(down)) / (1 - fall)
    return xp.where(near, above_line / below_line, xp.where(positive, rising, falling))
