"""Means under a uniform law: each an integral over an interval, in terms of its ends."""

import math
from typing import Any

from kullback.arrays.namespace import is_traced, namespace
from kullback.arrays.special import digamma
from kullback.arrays.special.gamma import EULER
from kullback.forms.families import Uniform
from kullback.forms.families.curves import absolute_power, log_sinhc
from kullback.methods.formulas.moments.interval import integral_of_power
from kullback.methods.formulas.statistics import (
    AbsoluteDeviation,
    Decay,
    DeviationPower,
    Excess,
    Log,
    LogAbove,
    LogComplement,
    LogComplementPower,
    LogPlus,
    LogPlusSquare,
    Power,
    Reciprocal,
    ReciprocalAbove,
    SquaredLogDeviation,
    SquaredLogitDeviation,
    moment,
)

BY_DEFINITION = "by definition: the integral over (l, h)"


def _positive(low: Any, high: Any) -> tuple[Any, Any]:
    """Return the ends where low ≥ 0, and 1, 2 elsewhere: the support is not covered there."""
    xp = namespace(low, high)
    fits = low >= 0
    return xp.where(fits, low, xp.ones_like(low)), xp.where(fits, high, xp.full_like(high, 2.0))


def _log_width(low: Any, high: Any) -> Any:
    """Log high/low, ∞ for low = 0."""
    xp = namespace(low, high)
    some = low > 0
    safe = xp.where(some, low, high)
    return xp.where(some, xp.log1p((high - safe) / safe), xp.full_like(high - low, math.inf))


def mean_log(low: Any, high: Any) -> Any:
    """Log h + l log(h/l)/(h − l) − 1: the mean of log over (l, h), l ≥ 0."""
    xp = namespace(low, high)
    low, high = _positive(low, high)
    some = low > 0
    width = _log_width(xp.where(some, low, 0.5 * high), high)
    return xp.log(high) + low / (high - low) * width - 1


@moment(Log, Uniform, states="(h log h − l log l)/(h − l) − 1", source=BY_DEFINITION)
def log_of_uniform(p: Uniform, _: Log) -> Any:
    """(h log h − l log l)/(h − l) − 1."""
    return mean_log(p.low, p.high)


@moment(
    LogComplement, Uniform, states="E log y, y uniform from 1 − h to 1 − l", source=BY_DEFINITION
)
def log_complement_of_uniform(p: Uniform, _: LogComplement) -> Any:
    """E log y, y uniform from 1 − h to 1 − l."""
    return mean_log(1 - p.high, 1 - p.low)


@moment(
    LogPlus, Uniform, states="E log y − log s, y uniform from s + l to s + h", source=BY_DEFINITION
)
def log_plus_of_uniform(p: Uniform, t: LogPlus) -> Any:
    """E log y − log s, y uniform from s + l to s + h."""
    return mean_log(t.scale + p.low, t.scale + p.high) - namespace(p.low).log(t.scale)


@moment(LogAbove, Uniform, states="E log y, y uniform from l − m to h − m", source=BY_DEFINITION)
def log_above_of_uniform(p: Uniform, t: LogAbove) -> Any:
    """E log y, y uniform from l − m to h − m."""
    return mean_log(p.low - t.low, p.high - t.low)


@moment(Reciprocal, Uniform, states="log(h/l)/(h − l)", source=BY_DEFINITION, domain="l > 0")
def reciprocal_of_uniform(p: Uniform, _: Reciprocal) -> Any:
    """log(h/l)/(h − l)."""
    low, high = _positive(p.low, p.high)
    return _log_width(low, high) / (high - low)


@moment(
    ReciprocalAbove, Uniform, states="log((h − m)/(l − m))/(h − l)", source=BY_DEFINITION,
    domain="l > m",
)  # fmt: skip
def reciprocal_above_of_uniform(p: Uniform, t: ReciprocalAbove) -> Any:
    """log((h − m)/(l − m))/(h − l)."""
    low, high = _positive(p.low - t.low, p.high - t.low)
    return _log_width(low, high) / (high - low)


@moment(
    Power, Uniform, states="(h^(k+1) − l^(k+1))/((k + 1) s^k (h − l))", source=BY_DEFINITION,
    domain="k > −1 or l > 0",
)  # fmt: skip
def power_of_uniform(p: Uniform, t: Power) -> Any:
    """(h/s)^k h (1 − (l/h)^(k+1))/((k + 1)(h − l)); ∞ for l = 0 and k ≤ −1."""
    xp = namespace(p.low)
    low, high = _positive(p.low, p.high)
    k = t.exponent + 1 + 0 * low
    lost = (low == 0) & (k <= 0)
    some = low > 0
    width = _log_width(xp.where(some, low, 0.5 * high), high)
    k = xp.where(lost, 1 + 0 * k, k)
    positive = xp.where(k > 0, k, 1 + 0 * k)
    whole = xp.where(some, integral_of_power(k, width), 1 / positive)
    value = (high / t.scale) ** t.exponent * (high / (high - low)) * whole
    return xp.where(lost, xp.full_like(value, math.inf), value)


@moment(
    SquaredLogDeviation, Uniform, source=BY_DEFINITION,
    states="[x ((log x − m)² − 2 (log x − m) + 2)] from l to h, /(h − l)",
)  # fmt: skip
def squared_log_of_uniform(p: Uniform, t: SquaredLogDeviation) -> Any:
    """[x ((log x − m − 1)² + 1)] from l to h, /(h − l)."""
    xp = namespace(p.low)
    low, high = _positive(p.low, p.high)
    some = low > 0
    at_low = xp.log(xp.where(some, low, high)) - t.center - 1
    at_high = xp.log(high) - t.center - 1
    # of h A² − l B² the part (h − l) A² is divided by h − l first
    bend = low * (at_high - at_low) * (at_high + at_low) / (high - low)
    return at_high * at_high + xp.where(some, bend, 0 * bend) + 1


@moment(
    AbsoluteDeviation, Uniform, states="((m − l)² + (h − m)²)/(2(h − l)) for l ≤ m ≤ h",
    source=BY_DEFINITION,
)  # fmt: skip
def deviation_of_uniform(p: Uniform, t: AbsoluteDeviation) -> Any:
    """((m − l)² + (h − m)²)/(2(h − l)) for l ≤ m ≤ h, |E x − m| elsewhere."""
    xp = namespace(p.low)
    within = (t.center > p.low) & (t.center < p.high)
    value = 0.5 * ((t.center - p.low) ** 2 + (p.high - t.center) ** 2) / (p.high - p.low)
    return xp.where(within, value, xp.abs(p.mean() - t.center))


@moment(
    DeviationPower, Uniform, source=BY_DEFINITION,
    states="[(x − m)|x − m|^k] from l to h, /((k + 1) s^k (h − l))",
)  # fmt: skip
def deviation_power_of_uniform(p: Uniform, t: DeviationPower) -> Any:
    """[z|z|^k] from (l − m)/s to (h − m)/s, /((k + 1)(h − l)/s)."""
    low, high = (p.low - t.center) / t.scale, (p.high - t.center) / t.scale
    ends = high * absolute_power(high, t.exponent) - low * absolute_power(low, t.exponent)
    return ends / (t.exponent + 1) / (high - low)


@moment(
    Decay, Uniform, states="e^(−(½(l + h) − m)/s) S(½(h − l)/s), S(u) = sinh u/u",
    source=BY_DEFINITION,
)  # fmt: skip
def decay_of_uniform(p: Uniform, t: Decay) -> Any:
    """e^(−(½(l + h) − m)/s) S(½(h − l)/s), S(u) = sinh u/u."""
    spread = log_sinhc(0.5 * (p.high - p.low) / t.scale)
    return namespace(p.low).exp((t.center - p.mean()) / t.scale + spread)


@moment(
    LogPlusSquare, Uniform, states="[z log(1 + z²) − 2z + 2 arctan z] over z = (x − m)/s",
    source=BY_DEFINITION,
)  # fmt: skip
def log_plus_square_of_uniform(p: Uniform, t: LogPlusSquare) -> Any:
    """[z log(1 + z²) + 2 arctan z] from (l − m)/s to (h − m)/s, /((h − l)/s), − 2."""
    xp = namespace(p.low)
    low, high = (p.low - t.center) / t.scale, (p.high - t.center) / t.scale

    def whole(z: Any) -> Any:
        return z * xp.log1p(z * z) + 2 * xp.atan(z)

    return (whole(high) - whole(low)) / (high - low) - 2


@moment(
    Excess, Uniform, states="E log y/c, y uniform between 1 + c (l − m)/s and 1 + c (h − m)/s",
    source=BY_DEFINITION,
)  # fmt: skip
def excess_of_uniform(p: Uniform, t: Excess) -> Any:
    """E log y/c, y uniform between 1 + c (l − m)/s and 1 + c (h − m)/s; (E x − m)/s for c = 0."""
    xp = namespace(p.low)
    low, high = (p.low - t.center) / t.scale, (p.high - t.center) / t.scale
    c = t.concentration + 0 * low
    flat = xp.abs(c) * xp.maximum(xp.abs(low), xp.abs(high)) < 1e-5
    some = xp.where(flat, xp.ones_like(c), c)
    one, two = 1 + some * low, 1 + some * high
    first, last = xp.minimum(one, two), xp.maximum(one, two)
    squares = low * low + high * high
    square, cube = (squares + low * high) / 3, 0.25 * (low + high) * squares
    straight = 0.5 * (low + high) - c * (0.5 * square - c * cube / 3)
    return xp.where(flat, straight, mean_log(first, last) / some)


def _refuse_part(p: Uniform, _: Any) -> str | None:
    if is_traced(p.low) or not bool(namespace(p.low).all((p.low == 0) & (p.high == 1))):
        return "there is a formula for the uniform law on (0, 1) only"
    return None


@moment(
    LogComplementPower, Uniform, states="ψ₀(1) − ψ₀(1 + 1/k)", domain="l = 0, h = 1",
    refuse=_refuse_part, source="derived: x^k is Beta(1/k, 1)",
)  # fmt: skip
def log_complement_power_of_uniform(p: Uniform, t: LogComplementPower) -> Any:
    """ψ₀(1) − ψ₀(1 + 1/k)."""
    return -EULER - digamma(1 + 1 / t.exponent) + 0 * p.low


@moment(
    SquaredLogitDeviation, Uniform, states="π²/3 + m²", domain="l = 0, h = 1",
    refuse=_refuse_part, source="derived: logit x is standard logistic",
)  # fmt: skip
def squared_logit_of_uniform(p: Uniform, t: SquaredLogitDeviation) -> Any:
    """π²/3 + m²."""
    return math.pi**2 / 3 + t.center * t.center + 0 * p.low
