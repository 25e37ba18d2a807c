"""Means of |x − m| under laws on the real line or on an interval."""

import math
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import (
    betainc,
    erf,
    exp1_scaled,
    gammainc,
    gammaincc,
    lbeta,
    lgamma,
)
from kullback.arrays.stable import psi
from kullback.forms.families import (
    Beta,
    Cauchy,
    ContinuousBernoulli,
    GeneralizedNormal,
    Gumbel,
    HalfCauchy,
    Kumaraswamy,
    Laplace,
    Levy,
    Logistic,
    LogUniform,
    Normal,
    StudentT,
    TruncatedNormal,
)
from kullback.forms.families.curves import above, infinite_unless
from kullback.forms.families.truncation import cut_moments, log_mass
from kullback.methods.formulas.moments.around import BY_PARTS, around, positive_part, zero_outside
from kullback.methods.formulas.moments.powers import JKB
from kullback.methods.formulas.statistics import (
    AbsoluteDeviation,
    moment,
)


@moment(
    AbsoluteDeviation,
    Normal,
    source=JKB,
    states="σ (√(2/π) e^(−z²/2) + z erf(z/√2)), z = (μ − m)/σ",
)
def deviation_of_normal(p: Normal, t: AbsoluteDeviation) -> Any:
    """σ (√(2/π) e^(−z²/2) + z erf(z/√2)), z = (μ − m)/σ."""
    z = (p.loc - t.center) / p.scale
    bell = math.sqrt(2 / math.pi) * namespace(z).exp(-0.5 * z * z)
    return p.scale * (bell + z * erf(math.sqrt(0.5) * z))


@moment(AbsoluteDeviation, Laplace, states="|μ − m| + b e^(−|μ − m|/b)", source=BY_PARTS)
def deviation_of_laplace(p: Laplace, t: AbsoluteDeviation) -> Any:
    """|μ − m| + b e^(−|μ − m|/b)."""
    xp = namespace(p.scale)
    apart = xp.abs(p.loc - t.center)
    return apart + p.scale * xp.exp(-apart / p.scale)


@moment(AbsoluteDeviation, Logistic, states="|μ − m| + 2s log(1 + e^(−|μ − m|/s))", source=BY_PARTS)
def deviation_of_logistic(p: Logistic, t: AbsoluteDeviation) -> Any:
    """|μ − m| + 2s log(1 + e^(−|μ − m|/s))."""
    xp = namespace(p.scale)
    apart = xp.abs(p.loc - t.center)
    return apart + 2 * p.scale * xp.log1p(xp.exp(-apart / p.scale))


@moment(AbsoluteDeviation, Gumbel, states="μ + γβ − m + 2β E₁(e^(−(m − μ)/β))", source=BY_PARTS)
def deviation_of_gumbel(p: Gumbel, t: AbsoluteDeviation) -> Any:
    """μ + γβ − m + 2β E₁(e^(−(m − μ)/β))."""
    xp = namespace(p.scale)
    z = (p.loc - t.center) / p.scale
    some = z < 6
    y = xp.exp(xp.where(some, z, xp.zeros_like(z)))
    below = zero_outside(some, exp1_scaled(y) * xp.exp(-y))
    return p.mean() - t.center + 2 * p.scale * below


@moment(
    AbsoluteDeviation, StudentT, domain="ν > 1", source=BY_PARTS,
    states="σ (2(ν + z²)/(ν − 1) f(z) + z I_w(½, ν/2) sign z), z = (m − μ)/σ, w = z²/(ν + z²)",
)  # fmt: skip
def deviation_of_student(p: StudentT, t: AbsoluteDeviation) -> Any:
    """σ (2(ν + z²)/(ν − 1) f(z) + |z| I_w(½, ν/2)), f the standard density."""
    xp = namespace(p.df)
    exists, df = above(p.df, 1)
    z = (t.center - p.loc) / p.scale + xp.zeros_like(df)
    half = xp.full_like(z, 0.5)
    log_f = -0.5 * (df + 1) * xp.log1p(z * z / df) - lbeta(half, 0.5 * df) - 0.5 * xp.log(df)
    apart = z != 0
    w = xp.where(apart, z * z / (df + z * z), half)
    central = zero_outside(apart, betainc(half, 0.5 * df + 0 * z, w))
    value = 2 * (df + z * z) / (df - 1) * xp.exp(log_f) + xp.abs(z) * central
    return infinite_unless(exists, p.scale * value)


@moment(
    AbsoluteDeviation, GeneralizedNormal,
    states="s (y P(1/c, y^c) + Γ(2/c)/Γ(1/c) Q(2/c, y^c)), y = |m − μ|/s",
    source="derived: for a symmetric law E |x − m| = E max(|x|, |m|)",
)  # fmt: skip
def deviation_of_generalized_normal(p: GeneralizedNormal, t: AbsoluteDeviation) -> Any:
    """(y P(1/c, y^c) + Γ(2/c)/Γ(1/c) Q(2/c, y^c)) s, y = |m − μ|/s."""
    xp = namespace(p.scale)
    a = 1 / p.power
    y = xp.abs(t.center - p.loc) / p.scale + xp.zeros_like(a)
    apart, safe = positive_part(y)
    a = a + 0 * safe
    w = safe**p.power
    within = zero_outside(apart, y * gammainc(a, w))
    outside = xp.where(apart, gammaincc(2 * a, w), xp.ones_like(y))
    return p.scale * (within + xp.exp(lgamma(2 * a) - lgamma(a)) * outside)


@moment(
    AbsoluteDeviation, Beta, Kumaraswamy, source=BY_PARTS,
    states="E x − m + 2(m I_w(a, b) − E x I_w(a + 1, b)), w = m; "
    "Kumaraswamy: w = m^a, I_w(1, b), I_w(1 + 1/a, b)",
)  # fmt: skip
def deviation_of_beta(p: Any, t: AbsoluteDeviation) -> Any:
    """E x − m + 2(m I_w(a, b) − E x I_w(a + 1, b)), w = m or m^a."""
    xp = namespace(p.a)
    within = (t.center > 0) & (t.center < 1)
    m = xp.where(within, t.center, xp.full_like(t.center, 0.5))
    if isinstance(p, Beta):
        w, a, more = m + 0 * p.a, p.a, p.a + 1
    else:
        w, a, more = m**p.a, xp.ones_like(p.a), 1 + 1 / p.a
    beyond = xp.where(t.center >= 1, xp.ones_like(w), xp.zeros_like(w))
    b = p.b + 0 * w
    mass = xp.where(within, betainc(a + 0 * w, b, w), beyond)
    weighted = xp.where(within, betainc(more + 0 * w, b, w), beyond)
    return around(p.mean(), t.center, mass, weighted)


@moment(
    AbsoluteDeviation, LogUniform, source=BY_PARTS,
    states="m (ψ(log l/m) + ψ(log h/m))/log(h/l) for l ≤ m ≤ h",
)  # fmt: skip
def deviation_of_log_uniform(p: LogUniform, t: AbsoluteDeviation) -> Any:
    """(ψ(log l/m) + ψ(log h/m)) m/log(h/l) for l ≤ m ≤ h, |E x − m| elsewhere."""
    xp = namespace(p.low)
    below, over = t.center <= p.low, t.center >= p.high
    m = xp.where(below | over, p.low + 0 * t.center, t.center)
    sides = psi(xp.log(p.low / m)) + psi(xp.log(p.high / m))
    value = m * sides / p.log_width()
    return xp.where(below | over, xp.abs(p.mean() - t.center), value)


@moment(
    AbsoluteDeviation, TruncatedNormal,
    states="P(x < m)(m − E(x | x < m)) + P(x > m)(E(x | x > m) − m)", source="by definition",
)  # fmt: skip
def deviation_of_truncated_normal(p: TruncatedNormal, t: AbsoluteDeviation) -> Any:
    """P(x < m)(m − E(x | x < m)) + P(x > m)(E(x | x > m) − m)."""
    xp = namespace(p.scale)
    low, high = p.ends()
    z = (t.center - p.loc) / p.scale
    low, high, z = xp.broadcast_arrays(low, high, z)
    within = (z > low) & (z < high)
    at_low = xp.where(xp.isfinite(low), low, xp.minimum(high, 0 * high) - 1)
    at_high = xp.where(xp.isfinite(high), high, at_low + 1)
    middle = 0.5 * (at_low + at_high)
    cut = xp.where(within, z, middle)
    total = log_mass(low, high)
    below = xp.exp(log_mass(low, cut) - total) * (cut - cut_moments(low, cut)[0])
    over = xp.exp(log_mass(cut, high) - total) * (cut_moments(cut, high)[0] - cut)
    inside = p.scale * (below + over)
    return xp.where(within, inside, xp.abs(p.mean() - t.center))


@moment(
    AbsoluteDeviation, ContinuousBernoulli,
    states="E x − m + 2 ψ(ηm)/(η (e^η − 1)) for 0 ≤ m ≤ 1", source=BY_PARTS,
)  # fmt: skip
def deviation_of_continuous_bernoulli(p: ContinuousBernoulli, t: AbsoluteDeviation) -> Any:
    """E x − m + 2 ψ(ηm)/(η (e^η − 1)) for 0 ≤ m ≤ 1, |E x − m| elsewhere."""
    xp = namespace(p.probs)
    within = (t.center > 0) & (t.center < 1)
    m = xp.where(within, t.center, xp.full_like(t.center, 0.5))
    eta = p.logit() + 0 * m
    some = xp.abs(eta) > 1e-100 if eta.dtype == xp.float64 else xp.abs(eta) > 1e-15
    safe = xp.where(some, eta, xp.ones_like(eta))
    below = xp.where(some, psi(safe * m) / safe / xp.expm1(safe), 0.5 * m * m)
    mean = p.mean()
    return xp.where(within, mean - m + 2 * below, xp.abs(mean - t.center))


@moment(AbsoluteDeviation, Cauchy, HalfCauchy, Levy, states="∞", source="there is no mean")
def deviation_of_cauchy(p: Any, t: AbsoluteDeviation) -> Any:
    """∞."""
    return namespace(p.scale).full_like(p.scale + 0 * t.center, math.inf)
