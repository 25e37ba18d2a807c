"""Closed forms of laws on the real line."""

import math
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import lbeta
from kullback.arrays.stable import log_ratio, psi, times_psi
from kullback.forms.families import (
    Cauchy,
    GeneralizedNormal,
    Gumbel,
    HalfCauchy,
    Laplace,
    Logistic,
    LogitNormal,
    LogLogistic,
    LogNormal,
    Moyal,
    Normal,
    StudentT,
)
from kullback.forms.families.curves import langevin
from kullback.forms.families.family import Family
from kullback.methods.formulas.gammas import kl_powers, kl_powers_of_exponentials
from kullback.methods.formulas.normal import kl_normal
from kullback.methods.formulas.registry import KL_FORMULAS, closed_form
from kullback.methods.formulas.statistics import refuse_scales, unequal

_GIL = "Gil, Alajaji and Linder 2013"
_CAUCHY = "Chyzak and Nielsen 2019, arXiv:1905.10965"


@closed_form(
    KL_FORMULAS, Laplace, Laplace,
    states="ψ(log b/b′) + b/b′ ψ(−|μ − μ′|/b), ψ(u) = eᵘ − 1 − u", source=_GIL,
)  # fmt: skip
def kl_laplace(p: Laplace, q: Laplace) -> Any:
    """ψ(log b/b′) + b/b′ ψ(−|μ − μ′|/b)."""
    apart = namespace(p.loc).abs(p.loc - q.loc) / p.scale
    return psi(log_ratio(q.scale, p.scale)) + times_psi(p.scale / q.scale, -apart)


@closed_form(
    KL_FORMULAS, Logistic, Logistic,
    states="Δ coth(Δ/2) − 2, Δ = (μ − μ′)/s", domain="s = s′", refuse=refuse_scales,
    source="derived: ∫₀^∞ log(1 + a y)/(1 + y)² dy = a log(a)/(a − 1)",
)  # fmt: skip
def kl_logistic(p: Logistic, q: Logistic) -> Any:
    """2x (coth x − 1/x), x = (μ − μ′)/(2s)."""
    x = 0.5 * (p.loc - q.loc) / p.scale
    return 2 * x * langevin(x)


def _refuse_shapes(p: Any, q: Any) -> str | None:
    if unequal(p.shape, q.shape):
        return "there is a formula for equal shapes only"
    return None


@closed_form(
    KL_FORMULAS, LogLogistic, LogLogistic,
    states="Δ coth(Δ/2) − 2, Δ = k log s/s′: that of the logistic laws of log x",
    domain="k = k′", source="derived: KL does not change under x → log x",
    refuse=_refuse_shapes,
)  # fmt: skip
def kl_log_logistic(p: LogLogistic, q: LogLogistic) -> Any:
    """2x (coth x − 1/x), x = ½ k log s/s′."""
    x = 0.5 * p.shape * log_ratio(q.scale, p.scale)
    return 2 * x * langevin(x)


@closed_form(
    KL_FORMULAS, Cauchy, Cauchy,
    states="log(1 + ((γ − γ′)² + (μ − μ′)²)/(4 γ γ′))", source=_CAUCHY,
)  # fmt: skip
def kl_cauchy(p: Cauchy, q: Cauchy) -> Any:
    """log(1 + ((γ − γ′)² + (μ − μ′)²)/(4 γ γ′))."""
    wide, moved = (p.scale - q.scale) / p.scale, (p.loc - q.loc) / p.scale
    return namespace(wide).log1p((wide * wide + moved * moved) * (0.25 * p.scale / q.scale))


@closed_form(
    KL_FORMULAS, HalfCauchy, HalfCauchy,
    states="log(1 + (γ − γ′)²/(4 γ γ′))",
    source=f"derived: that of the Cauchy laws at 0, of which these are the sizes ({_CAUCHY})",
)  # fmt: skip
def kl_half_cauchy(p: HalfCauchy, q: HalfCauchy) -> Any:
    """log(1 + (γ − γ′)²/(4 γ γ′))."""
    wide = (p.scale - q.scale) / p.scale
    return namespace(wide).log1p(wide * wide * (0.25 * p.scale / q.scale))


@closed_form(
    KL_FORMULAS, LogNormal, LogNormal,
    states="½ ψ(2 log σ/σ′) + (μ − μ′)²/(2 σ′²): that of the normal laws of log x", source=_GIL,
)  # fmt: skip
def kl_log_normal(p: LogNormal, q: LogNormal) -> Any:
    """½ ψ(2 log σ/σ′) + (μ − μ′)²/(2 σ′²)."""
    return kl_normal(p, q)


@closed_form(
    KL_FORMULAS, LogitNormal, LogitNormal,
    states="½ ψ(2 log σ/σ′) + (μ − μ′)²/(2 σ′²): that of the normal laws of logit x",
    source="derived: KL does not change under x → log x/(1 − x)",
)  # fmt: skip
def kl_logit_normal(p: LogitNormal, q: LogitNormal) -> Any:
    """½ ψ(2 log σ/σ′) + (μ − μ′)²/(2 σ′²)."""
    return kl_normal(p, q)


@closed_form(
    KL_FORMULAS, Gumbel, Gumbel,
    states="𝓔(1, r) + ψ((μ′ − μ)/β′ + log Γ(1 + r)), r = β/β′: that of the Fréchet laws of eˣ",
    source="derived: that of the Fréchet laws of eˣ, and of the Weibull laws of e^(−x)",
)  # fmt: skip
def kl_gumbel(p: Gumbel, q: Gumbel) -> Any:
    """𝓔(1, r) + ψ((μ′ − μ)/β′ + log Γ(1 + r)), r = β/β′."""
    shift = (q.loc - p.loc) / q.scale
    return kl_powers_of_exponentials(
        (p.scale - q.scale) / q.scale, log_ratio(q.scale, p.scale), shift
    )


def _as_log_of_gamma(law: Any) -> tuple[float, Any]:
    """Return a and m of a law with x = m − scale log g, g of Gamma(a, 1)."""
    if isinstance(law, Moyal):
        return 0.5, law.loc - math.log(2) * law.scale
    return 1.0, law.loc


def _kl_logs_of_gammas(p: Any, q: Any) -> Any:
    """Return KL of two laws of m − scale log g: `kl_powers` of eˣ, with c = −1/scale."""
    (a, m), (b, n) = _as_log_of_gamma(p), _as_log_of_gamma(q)
    moved = q.loc - p.loc if a == b else n - m
    shift = moved / q.scale
    if a == b == 0.5:
        shift = shift + math.log(2) * (p.scale - q.scale) / q.scale
    move = (p.scale - q.scale) / q.scale
    like = namespace(move).ones_like(move)
    return kl_powers(a * like, b * like, move, log_ratio(q.scale, p.scale), shift)


def _enter_logs(first: type[Family], second: type[Family]) -> None:
    closed_form(
        KL_FORMULAS, first, second,
        states=(
            "a′ ψ(v) + G(a, a′) + a′ 𝓔(a + 1, a + r) + (r − 1) a′/a − log r, r = σ/σ′, v = "
            "(m′ − m)/σ′ + log Γ(a + r)/Γ(a) − log a′; Gumbel: a = 1, m = μ; "
            "Moyal: a = ½, m = μ − σ log 2"
        ),
        source="derived here: e^(−x) is a power of a gamma under both laws",
    )(_kl_logs_of_gammas)  # fmt: skip


for _pair in ((Gumbel, Moyal), (Moyal, Gumbel), (Moyal, Moyal)):
    _enter_logs(*_pair)


def _as_power(law: Any) -> tuple[Any, Any]:
    """Return scale and power of a generalised normal law, as which a normal or a Laplace is."""
    if isinstance(law, Normal):
        return math.sqrt(2) * law.scale, 2 * namespace(law.scale).ones_like(law.scale)
    if isinstance(law, Laplace):
        return law.scale, namespace(law.scale).ones_like(law.scale)
    return law.scale, law.power


def _refuse_places(p: Any, q: Any) -> str | None:
    if unequal(p.loc, q.loc):
        return "there is a formula for equal loc only"
    return None


def _kl_generalized_normal(p: Any, q: Any) -> Any:
    """Return `kl_powers` of |x − loc|: a = 1/c, θ = scale, c = power."""
    (s, c), (z, d) = _as_power(p), _as_power(q)
    move, shift = (d - c) / c, d * log_ratio(z, s)
    return kl_powers(1 / c, 1 / d, move, log_ratio(c, d), shift, step=-move / d)


for _family in (GeneralizedNormal, Normal, Laplace):
    closed_form(
        KL_FORMULAS, _family, GeneralizedNormal,
        states=(
            "a′ ψ(v) + G(a, a′) + a′ 𝓔(a + 1, a + r) + (r − 1) a′/a − log r, a = 1/c, r = c′/c, "
            "v = c′ log s/s′ + log Γ(a + r)/Γ(a) − log a′; Normal: s = √2 σ, c = 2; "
            "Laplace: s = b, c = 1"
        ),
        source="derived here: |x − μ| is a generalised gamma under both laws",
        domain="μ = μ′", refuse=_refuse_places,
    )(_kl_generalized_normal)  # fmt: skip


@closed_form(
    KL_FORMULAS, Cauchy, StudentT,
    states="½(ν + 1) log(((γ + σ√ν)² + (μ − μ′)²)/(ν σ²)) + log(σ √ν B(½, ν/2)) − log 4πγ",
    source="derived: log |x − z|² is harmonic, so that its Cauchy mean is its value at μ + iγ",
)  # fmt: skip
def kl_cauchy_student(p: Cauchy, q: StudentT) -> Any:
    """½(ν + 1) log(((γ + w)² + (μ − μ′)²)/w²) + log(w B(½, ν/2)) − log 4πγ, w = σ√ν."""
    xp = namespace(p.scale, q.df)
    w = q.scale * xp.sqrt(q.df)
    spread = 1 + p.scale / w
    moved = (p.loc - q.loc) / w
    total = xp.log(spread * spread + moved * moved)
    half = xp.full_like(q.df, 0.5)
    return (
        0.5 * (q.df + 1) * total
        + lbeta(half, 0.5 * q.df)
        + log_ratio(p.scale, w)
        - math.log(4 * math.pi)
    )
