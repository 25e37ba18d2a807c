"""log ∫ p^α q^(1−α), for Rényi's order α and all that follow from it.

Laws that are exponential in a scale have −J(α, u), J = log(1 + α (eᵘ − 1)) − α u, u the log of the
ratio of their rates; ∞ where the logarithm has none.
"""

import math
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.stable import log_ratio, psi
from kullback.forms.families import (
    Exponential,
    Frechet,
    GeneralizedNormal,
    GeneralizedPareto,
    Gumbel,
    HalfNormal,
    Kumaraswamy,
    Laplace,
    Levy,
    LogitNormal,
    LogNormal,
    LogUniform,
    Lomax,
    Maxwell,
    Moyal,
    Normal,
    Pareto,
    Rayleigh,
    Uniform,
    Weibull,
)
from kullback.forms.families.family import Family
from kullback.methods.formulas.registry import POWER_FORMULAS, Enter, Refusal, closed_form
from kullback.methods.formulas.statistics import equal
from kullback.methods.formulas.tails import refuse_unlike

GIL = "Gil, Alajaji and Linder 2013"
INFINITY = float("inf")


def unless(exists: Any, value: Any) -> Any:
    """Return value where the integral exists, ∞ elsewhere."""
    xp = namespace(value)
    return xp.where(exists, value, xp.full_like(value, INFINITY))


def jensen(alpha: float, u: Any) -> tuple[Any, Any]:
    """Return where 1 + α (eᵘ − 1) > 0, and there J = log(1 + α (eᵘ − 1)) − α u.

    As α ψ(u) − ψ(log(1 + α (eᵘ − 1))); for eᵘ > 2 from the other end: J is that of 1 − α and −u.
    """
    xp = namespace(u)
    turn = u > math.log(2)
    weight = xp.where(turn, xp.full_like(u, 1 - alpha), xp.full_like(u, alpha))
    v = xp.where(turn, -u, u)
    grown = weight * xp.expm1(v)
    exists = grown > -1
    grown = xp.where(exists, grown, xp.zeros_like(grown))
    log = xp.log1p(grown)
    near = xp.abs(v) < 0.5
    w = xp.where(near, v, xp.zeros_like(v))
    small = xp.where(near, log, xp.zeros_like(log))
    return exists, xp.where(near, weight * psi(w) - psi(small), log - weight * v)


def _of_scales(times: float, alpha: float, u: Any) -> Any:
    """−times · J(α, u), ∞ where it diverges."""
    exists, value = jensen(alpha, u)
    return unless(exists, -times * value)


_J = "J = log(1 + α(eᵘ − 1)) − αu"


@closed_form(
    POWER_FORMULAS, Normal, Normal,
    states=f"−½ J − α(1 − α)(μ − μ′)²/(2(α σ′² + (1 − α) σ²)), {_J}, u = 2 log σ′/σ", source=GIL,
    domain="α σ′² + (1 − α) σ² > 0",
)  # fmt: skip
def power_normal(p: Any, q: Any, alpha: float) -> Any:
    """−½ J(α, 2 log σ′/σ) − ½ α(1 − α)(μ − μ′)²/(α σ′² + (1 − α) σ²)."""
    exists, value = jensen(alpha, 2 * log_ratio(p.scale, q.scale))
    wide = q.scale / p.scale
    spread = alpha * wide * wide + (1 - alpha)
    exists = exists & (spread > 0)
    spread = namespace(spread).where(exists, spread, namespace(spread).ones_like(spread))
    z = (p.loc - q.loc) / p.scale
    return unless(exists, -0.5 * value - 0.5 * alpha * (1 - alpha) * z * z / spread)


for _family in (LogNormal, LogitNormal):
    closed_form(
        POWER_FORMULAS, _family, _family,
        states="that of the normal laws of log x, of log x/(1 − x)", source=GIL,
        domain="α σ′² + (1 − α) σ² > 0",
    )(power_normal)  # fmt: skip


def _enter_scales(
    family: type[Family], states: str, source: str, refuse: Refusal | None = None, domain: str = ""
) -> Enter:
    return closed_form(
        POWER_FORMULAS, family, family, states=f"{states}, {_J}", source=source, refuse=refuse,
        domain=domain or "1 + α(eᵘ − 1) > 0",
    )  # fmt: skip


@_enter_scales(Exponential, "−J, u = log λ/λ′", GIL)
def power_exponential(p: Exponential, q: Exponential, alpha: float) -> Any:
    """−J(α, log λ/λ′)."""
    return _of_scales(1.0, alpha, log_ratio(q.rate, p.rate))


@_enter_scales(Rayleigh, "−J, u = 2 log σ′/σ", GIL)
def power_rayleigh(p: Rayleigh, q: Rayleigh, alpha: float) -> Any:
    """−J(α, 2 log σ′/σ)."""
    return _of_scales(1.0, alpha, 2 * log_ratio(p.scale, q.scale))


@_enter_scales(HalfNormal, "−½ J, u = 2 log σ′/σ", GIL)
def power_half_normal(p: HalfNormal, q: HalfNormal, alpha: float) -> Any:
    """−½ J(α, 2 log σ′/σ)."""
    return _of_scales(0.5, alpha, 2 * log_ratio(p.scale, q.scale))


@_enter_scales(Maxwell, "−3/2 J, u = 2 log σ′/σ", GIL)
def power_maxwell(p: Maxwell, q: Maxwell, alpha: float) -> Any:
    """−3/2 J(α, 2 log σ′/σ)."""
    return _of_scales(1.5, alpha, 2 * log_ratio(p.scale, q.scale))


@_enter_scales(Weibull, "−J, u = k log λ′/λ", GIL, equal("shape"), "k = k′; 1 + α(eᵘ − 1) > 0")
def power_weibull(p: Weibull, q: Weibull, alpha: float) -> Any:
    """−J(α, k log λ′/λ)."""
    return _of_scales(1.0, alpha, p.shape * log_ratio(p.scale, q.scale))


@_enter_scales(
    Frechet, "−J, u = k log s/s′", "derived: that of the Weibull laws of 1/x", equal("shape"),
    "k = k′; 1 + α(eᵘ − 1) > 0",
)  # fmt: skip
def power_frechet(p: Frechet, q: Frechet, alpha: float) -> Any:
    """−J(α, k log s/s′)."""
    return _of_scales(1.0, alpha, p.shape * log_ratio(q.scale, p.scale))


@_enter_scales(Gumbel, "−J, u = (μ − μ′)/β", GIL, equal("scale"), "β = β′; 1 + α(eᵘ − 1) > 0")
def power_gumbel(p: Gumbel, q: Gumbel, alpha: float) -> Any:
    """−J(α, (μ − μ′)/β)."""
    return _of_scales(1.0, alpha, (p.loc - q.loc) / p.scale)


@_enter_scales(
    Moyal, "−½ J, u = (μ − μ′)/σ", "derived: e^(−x/σ) is a gamma", equal("scale"),
    "σ = σ′; 1 + α(eᵘ − 1) > 0",
)  # fmt: skip
def power_moyal(p: Moyal, q: Moyal, alpha: float) -> Any:
    """−½ J(α, (μ − μ′)/σ)."""
    return _of_scales(0.5, alpha, (p.loc - q.loc) / p.scale)


@_enter_scales(Levy, "−½ J, u = log c/c′", GIL, equal("loc"), "μ = μ′; 1 + α(eᵘ − 1) > 0")
def power_levy(p: Levy, q: Levy, alpha: float) -> Any:
    """−½ J(α, log c/c′)."""
    return _of_scales(0.5, alpha, log_ratio(q.scale, p.scale))


@_enter_scales(
    Lomax, "−J, u = log a/a′", "derived: log(1 + x/s) is exponential", equal("scale"),
    "s = s′; 1 + α(eᵘ − 1) > 0",
)  # fmt: skip
def power_lomax(p: Lomax, q: Lomax, alpha: float) -> Any:
    """−J(α, log a/a′)."""
    return _of_scales(1.0, alpha, log_ratio(q.shape, p.shape))


@_enter_scales(
    Kumaraswamy, "−J, u = log b/b′", "derived: −log(1 − x^a) is exponential", equal("a"),
    "a = a′; 1 + α(eᵘ − 1) > 0",
)  # fmt: skip
def power_kumaraswamy(p: Kumaraswamy, q: Kumaraswamy, alpha: float) -> Any:
    """−J(α, log b/b′)."""
    return _of_scales(1.0, alpha, log_ratio(q.b, p.b))


@_enter_scales(
    GeneralizedPareto, "−J, u = log σ′/σ", "derived: log(1 + c (x − μ)/σ)/c is exponential",
    refuse_unlike,
    "μ = μ′, c/σ = c′/σ′; 1 + α(eᵘ − 1) > 0",
)  # fmt: skip
def power_generalized_pareto(p: GeneralizedPareto, q: GeneralizedPareto, alpha: float) -> Any:
    """−J(α, log σ′/σ)."""
    return _of_scales(1.0, alpha, log_ratio(p.scale, q.scale))


@_enter_scales(
    GeneralizedNormal, "−J/c, u = c log s′/s", "derived: |x − μ|^c is a gamma",
    equal("loc", "power"), "μ = μ′, c = c′; 1 + α(eᵘ − 1) > 0",
)  # fmt: skip
def power_generalized_normal(p: GeneralizedNormal, q: GeneralizedNormal, alpha: float) -> Any:
    """−J(α, c log s′/s)/c."""
    exists, value = jensen(alpha, p.power * log_ratio(p.scale, q.scale))
    return unless(exists, -value / p.power)


@closed_form(
    POWER_FORMULAS, Laplace, Laplace, source=GIL, domain="α/b + (1 − α)/b′ > 0",
    states=f"log(cosh h + y sinh h/h) − y − J, {_J}, u = log b′/b, "
    "h, y = ½ (α/b ∓ (1 − α)/b′) |μ − μ′|",
)  # fmt: skip
def power_laplace(p: Laplace, q: Laplace, alpha: float) -> Any:
    """−J + log(cosh h + y sinh h/h) − y, h = ½ (αΔ/b − (1 − α)Δ/b′), y = ½ (αΔ/b + (1 − α)Δ/b′)."""
    xp = namespace(p.scale, q.scale)
    apart = xp.abs(p.loc - q.loc)
    a, b = alpha * apart / p.scale, (1 - alpha) * apart / q.scale
    exists, bend = jensen(alpha, log_ratio(p.scale, q.scale))
    exists = exists & (a + b >= 0)
    h, y = 0.5 * (a - b), 0.5 * (a + b)
    near = exists & (xp.abs(h) < 0.5) & (y < 0.5)
    small, little = xp.where(near, h, xp.zeros_like(h)), xp.where(near, y, xp.zeros_like(y))
    half = xp.sinh(0.5 * small)
    more = 2 * half * half + little * _sinhc_minus_1(small)
    close = more - psi(xp.log1p(little + more))
    size = xp.abs(xp.where(xp.abs(h) < 1e-3, xp.ones_like(h), h))
    sinhc = xp.where(xp.abs(h) < 1e-3, xp.exp(-xp.abs(h)), -0.5 * xp.expm1(-2 * size) / size)
    far = xp.log(0.5 * (1 + xp.exp(-2 * xp.abs(h))) + y * sinhc) + xp.abs(h) - y
    return unless(exists, xp.where(near, close, far) - bend)


def _sinhc_minus_1(x: Any) -> Any:
    w = x * x
    return w * (1 + w * (1 + w * (1 + w * (1 + w / 110) / 72) / 42) / 20) / 6


def _overlap(alpha: float, mine: Any, lost: Any, theirs: Any, gone: Any) -> Any:
    """Log of |both|/(mine^α theirs^(1−α)): lost of mine and gone of theirs are not in both."""
    xp = namespace(mine, theirs)
    some = (lost < mine) & (gone < theirs)
    kept = xp.log1p(-xp.where(some, lost / mine, xp.zeros_like(lost)))
    other = xp.log1p(-xp.where(some, gone / theirs, xp.zeros_like(gone)))
    value = alpha * kept + (1 - alpha) * other
    if alpha > 1:
        return unless(lost == 0, value)
    if alpha < 0:
        return unless(gone == 0, value)
    return xp.where(some, value, xp.full_like(value, -INFINITY))


@closed_form(
    POWER_FORMULAS, Uniform, Uniform, source=GIL, domain="for α > 1: l′ ≤ l, h ≤ h′",
    states="log of |both|/((h − l)^α (h′ − l′)^(1−α))",
)  # fmt: skip
def power_uniform(p: Uniform, q: Uniform, alpha: float) -> Any:
    """Log of |both|/((h − l)^α (h′ − l′)^(1−α))."""
    xp = namespace(p.low, q.low)
    low, high = q.low - p.low, q.high - p.high
    zero = xp.zeros_like(low + high)
    lost = xp.maximum(low, zero) + xp.maximum(-high, zero)
    gone = xp.maximum(-low, zero) + xp.maximum(high, zero)
    return _overlap(alpha, p.high - p.low, lost, q.high - q.low, gone)


@closed_form(
    POWER_FORMULAS, LogUniform, LogUniform, domain="for α > 1: l′ ≤ l, h ≤ h′",
    states="that of the uniform laws of log x", source="derived: it does not change under log",
)  # fmt: skip
def power_log_uniform(p: LogUniform, q: LogUniform, alpha: float) -> Any:
    """That of the uniform laws of log x."""
    xp = namespace(p.low, q.low)
    low, high = log_ratio(p.low, q.low), log_ratio(p.high, q.high)
    zero = xp.zeros_like(low + high)
    lost = xp.maximum(low, zero) + xp.maximum(-high, zero)
    gone = xp.maximum(-low, zero) + xp.maximum(high, zero)
    return _overlap(alpha, p.log_width(), lost, q.log_width(), gone)


@closed_form(
    POWER_FORMULAS, Pareto, Pareto, source=GIL,
    domain="α a + (1 − α) a′ > 0; for α > 1: s ≥ s′",
    states=f"−J − α a log m/s − (1 − α) a′ log m/s′, m = max(s, s′), {_J}, u = log a/a′",
)  # fmt: skip
def power_pareto(p: Pareto, q: Pareto, alpha: float) -> Any:
    """−J(α, log a/a′) − α a log m/s − (1 − α) a′ log m/s′, m = max(s, s′)."""
    xp = namespace(p.scale, q.scale)
    exists, value = jensen(alpha, log_ratio(q.shape, p.shape))
    most = xp.maximum(p.scale, q.scale)
    to_p, to_q = log_ratio(p.scale, most), log_ratio(q.scale, most)
    value = -value - alpha * p.shape * to_p - (1 - alpha) * q.shape * to_q
    if alpha > 1:
        exists = exists & (p.scale >= q.scale)
    if alpha < 0:
        exists = exists & (q.scale >= p.scale)
    return unless(exists, value)
