"""Means of |x − m| under laws on the positive numbers."""

from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import (
    betainc,
    gammainc,
    gammaincc,
    log_ndtr,
    ndtr,
)
from kullback.forms.families import (
    BetaPrime,
    GeneralizedPareto,
    InverseGaussian,
    LogLogistic,
    LogNormal,
    Lomax,
    Pareto,
)
from kullback.forms.families.curves import above, infinite_unless
from kullback.methods.formulas.gammas import POWERS_OF_GAMMAS, as_power_of_gamma
from kullback.methods.formulas.moments.around import BY_PARTS, around, positive_part, zero_outside
from kullback.methods.formulas.moments.powers import mean_of
from kullback.methods.formulas.statistics import (
    AbsoluteDeviation,
    moment,
)


@moment(
    AbsoluteDeviation, *POWERS_OF_GAMMAS, domain="E x exists",
    states="E x − m + 2(m P(a, w) − E x P(a + 1/c, w)), w = (m/θ)^c, Q for P where c < 0",
    source=BY_PARTS,
)  # fmt: skip
def deviation_of_power_of_gamma(p: Any, t: AbsoluteDeviation) -> Any:
    """E x − m + 2(m P(a, w) − E x P(a + 1/c, w)), w = (m/θ)^c; Q for P where c < 0."""
    a, size, c = as_power_of_gamma(p)
    xp = namespace(a)
    positive, m = positive_part(t.center)
    w = (m / size) ** c
    a = a + 0 * w
    _, b = above(a + 1 / c, 0)
    rising = c > 0
    mass = xp.where(rising, gammainc(a, w), gammaincc(a, w))
    weighted = xp.where(rising, gammainc(b, w), gammaincc(b, w))
    return around(
        p.mean(), t.center, zero_outside(positive, mass), zero_outside(positive, weighted)
    )


@moment(
    AbsoluteDeviation, LogNormal, source=BY_PARTS,
    states="E x − m + 2(m Φ(z) − E x Φ(z − σ)), z = (log m − μ)/σ",
)  # fmt: skip
def deviation_of_log_normal(p: LogNormal, t: AbsoluteDeviation) -> Any:
    """E x − m + 2(m Φ(z) − E x Φ(z − σ)), z = (log m − μ)/σ."""
    xp = namespace(p.loc)
    positive, m = positive_part(t.center)
    z = (xp.log(m) - p.loc) / p.scale
    mass, weighted = (zero_outside(positive, ndtr(y)) for y in (z, z - p.scale))
    return around(p.mean(), t.center, mass, weighted)


@moment(
    AbsoluteDeviation, InverseGaussian, source=BY_PARTS,
    states="μ − m + 2(m F(m) − μ F₁(m)), F, F₁ = Φ(u) ± e^(2λ/μ) Φ(−v), u, v = √(λ/m) (m/μ ∓ 1)",
)  # fmt: skip
def deviation_of_inverse_gaussian(p: InverseGaussian, t: AbsoluteDeviation) -> Any:
    """μ − m + 2(m F(m) − μ F₁(m)), F, F₁ = Φ(u) ± e^(2λ/μ) Φ(−v), u, v = √(λ/m) (m/μ ∓ 1)."""
    xp = namespace(p.mean)
    positive, m = positive_part(t.center)
    root = xp.sqrt(p.shape / m)
    low = ndtr(root * (m / p.mean - 1))
    high = xp.exp(2 * p.shape / p.mean + log_ndtr(-root * (m / p.mean + 1)))
    return around(
        mean_of(p) + 0 * m,
        t.center,
        zero_outside(positive, low + high),
        zero_outside(positive, low - high),
    )


@moment(
    AbsoluteDeviation, BetaPrime, domain="b > 1", source=BY_PARTS,
    states="E x − m + 2(m I_w(a, b) − E x I_w(a + 1, b − 1)), w = m/(1 + m)",
)  # fmt: skip
def deviation_of_beta_prime(p: BetaPrime, t: AbsoluteDeviation) -> Any:
    """E x − m + 2(m I_w(a, b) − E x I_w(a + 1, b − 1)), w = m/(1 + m)."""
    positive, m = positive_part(t.center)
    w = m / (1 + m) + 0 * (p.a + p.b)
    _, b = above(p.b, 1)
    mass = betainc(p.a + 0 * w, p.b + 0 * w, w)
    weighted = betainc(p.a + 1 + 0 * w, b - 1 + 0 * w, w)
    return around(
        p.mean(), t.center, zero_outside(positive, mass), zero_outside(positive, weighted)
    )


@moment(
    AbsoluteDeviation, LogLogistic, domain="k > 1", source=BY_PARTS,
    states="E x − m + 2(m w − E x I_w(1 + 1/k, 1 − 1/k)), w/(1 − w) = (m/s)^k",
)  # fmt: skip
def deviation_of_log_logistic(p: LogLogistic, t: AbsoluteDeviation) -> Any:
    """E x − m + 2(m w − E x I_w(1 + 1/k, 1 − 1/k)), w/(1 − w) = (m/s)^k."""
    positive, m = positive_part(t.center)
    w = 1 / (1 + (p.scale / m) ** p.shape)
    _, k = above(p.shape, 1)
    weighted = betainc(1 + 1 / k + 0 * w, 1 - 1 / k + 0 * w, w)
    return around(p.mean(), t.center, zero_outside(positive, w), zero_outside(positive, weighted))


@moment(
    AbsoluteDeviation, Pareto, domain="a > 1", source=BY_PARTS,
    states="E x − m + 2(m (1 − (s/m)^a) − E x (1 − (s/m)^(a − 1))) for m > s",
)  # fmt: skip
def deviation_of_pareto(p: Pareto, t: AbsoluteDeviation) -> Any:
    """E x − m + 2(m (1 − (s/m)^a) − E x (1 − (s/m)^(a − 1))) for m > s."""
    xp = namespace(p.scale)
    within = t.center > p.scale
    log = xp.log(p.scale / xp.where(within, t.center, p.scale + 0 * t.center))
    mass, weighted = -xp.expm1(p.shape * log), -xp.expm1((p.shape - 1) * log)
    return around(p.mean(), t.center, mass, weighted)


@moment(
    AbsoluteDeviation, Lomax, domain="a > 1", source=BY_PARTS,
    states="E x − m + 2(m − E x (1 − (1 + m/s)^(1 − a))) for m > 0",
)  # fmt: skip
def deviation_of_lomax(p: Lomax, t: AbsoluteDeviation) -> Any:
    """E x − m + 2(m − E x (1 − (1 + m/s)^(1 − a))) for m > 0."""
    xp = namespace(p.scale)
    positive, m = positive_part(t.center)
    weighted = -xp.expm1((1 - p.shape) * xp.log1p(m / p.scale))
    one = xp.ones_like(weighted)
    return around(p.mean(), t.center, zero_outside(positive, one), zero_outside(positive, weighted))


@moment(
    AbsoluteDeviation, GeneralizedPareto, domain="c < 1", source=BY_PARTS,
    states="E x − m + 2(m − μ − (E x − μ)(1 − (1 + c z)^(1 − 1/c))), z = (m − μ)/σ in the support",
)  # fmt: skip
def deviation_of_generalized_pareto(p: GeneralizedPareto, t: AbsoluteDeviation) -> Any:
    """E x − m + 2(m − μ − (E x − μ)(1 − (1 + c z)^(1 − 1/c))), z = (m − μ)/σ in the support."""
    xp = namespace(p.scale)
    exists, left = above(1 - p.concentration, 0)
    z = (t.center - p.loc) / p.scale
    c = p.concentration + 0 * z
    beyond = 1 + c * z <= 0
    inside = (z > 0) & ~beyond
    z = xp.where(inside, z, xp.zeros_like(z))
    flat = c == 0
    some = xp.where(flat, xp.ones_like(c), c)
    curved = (1 - 1 / some) * xp.log1p(xp.where(flat, 0 * z, some * z))
    log = xp.where(flat, c * (z + 0.5 * z * z) - z, curved)
    below = p.scale * z + p.scale / left * xp.expm1(log)
    mean = p.loc + p.scale / left
    value = xp.where(beyond, t.center - mean, mean - t.center + 2 * below)
    return infinite_unless(exists, value)
