"""Which family loc + scale · x is of: rules by the class of the law of x."""

from collections.abc import Callable
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.forms.families.derived.made import (
    Rule,
    first,
    is_all,
    logarithm,
    made,
    magnitude,
    sign_of,
)
from kullback.forms.families.family import Family


def affine(law: Family, loc: Any, scale: Any) -> Family | None:
    """Return the law of loc + scale · x."""
    return first(_AFFINE, law, loc, scale)


def _symmetric(law: Any, a: Any, s: Any) -> Family:
    last = (law.power,) if hasattr(law, "power") else ()
    return made(type(law).__name__, a + s * law.loc, magnitude(s) * law.scale, *last)


def _rising(law: Any, a: Any, s: Any) -> Family | None:
    if sign_of(s) != 1:
        return None
    last = (law.concentration,) if hasattr(law, "concentration") else ()
    return made(type(law).__name__, a + s * law.loc, s * law.scale, *last)


def _student(law: Any, a: Any, s: Any) -> Family:
    return made("StudentT", law.df, a + s * law.loc, magnitude(s) * law.scale)


def _ends(law: Any, a: Any, s: Any) -> tuple[Any, Any]:
    low, high = a + s * law.low, a + s * law.high
    xp = namespace(low)
    return xp.where(s > 0, low, high), xp.where(s > 0, high, low)


def _uniform(law: Any, a: Any, s: Any) -> Family:
    return made("Uniform", *_ends(law, a, s))


def _truncated_normal(law: Any, a: Any, s: Any) -> Family:
    return made("TruncatedNormal", a + s * law.loc, magnitude(s) * law.scale, *_ends(law, a, s))


def _scaled(*change: Callable[[Any, Any], Any]) -> Rule:
    """Return the rule of a family whose parameters change so under scaling by s > 0."""

    def rule(law: Any, a: Any, s: Any) -> Family | None:
        if sign_of(s) != 1 or not is_all(a, 0):
            return None
        given = [getattr(law, f.name) for f in law.parameters()]
        changed = (f(x, s) for f, x in zip(change, given, strict=True))
        return made(type(law).__name__, *changed)

    return rule


def _same(x: Any, _s: Any) -> Any:
    return x


def _times(x: Any, s: Any) -> Any:
    return s * x


def _over(x: Any, s: Any) -> Any:
    return x / s


def _exponential(law: Any, a: Any, s: Any) -> Family | None:
    if sign_of(s) != 1:
        return None
    if is_all(a, 0):
        return made("Exponential", law.rate / s)
    zero = namespace(law.rate).zeros_like(law.rate)
    return made("GeneralizedPareto", a, s / law.rate, zero)


def _lomax(law: Any, a: Any, s: Any) -> Family | None:
    if sign_of(s) != 1:
        return None
    if is_all(a, 0):
        return made("Lomax", law.shape, s * law.scale)
    return made("GeneralizedPareto", a, s * law.scale / law.shape, 1 / law.shape)


def _pareto(law: Any, a: Any, s: Any) -> Family | None:
    if sign_of(s) != 1:
        return None
    low = s * law.scale
    if is_all(a, 0):
        return made("Pareto", law.shape, low)
    return made("GeneralizedPareto", a + low, low / law.shape, 1 / law.shape)


def _mirrored_beta(law: Any, a: Any, s: Any) -> Family | None:
    if is_all(a, 0) and is_all(s, 1):
        same: Family = law
        return same
    return made("Beta", law.b, law.a) if is_all(a, 1) and is_all(s, -1) else None


def _again(law: Any, a: Any, s: Any) -> Family:
    outer = made("Affine", law.law, a + s * law.loc, s * law.scale)
    return affine(law.law, outer.loc, outer.scale) or outer  # type: ignore[attr-defined]


def _mixture(law: Any, a: Any, s: Any) -> Family:
    if isinstance(law.laws, tuple):
        moved = tuple(made("Affine", part, a, s).canonical() for part in law.laws)
        return made("Mixture", law.weights, moved)
    moved_once = made("Affine", law.laws, a[..., None], s[..., None]).canonical()
    return made("Mixture", law.weights, moved_once)


_AFFINE: dict[str, Rule] = {
    **dict.fromkeys(
        ("Normal", "Laplace", "Logistic", "Cauchy", "GeneralizedNormal", "HyperbolicSecant"),
        _symmetric,
    ),
    **dict.fromkeys(("Gumbel", "Moyal", "Levy", "GeneralizedPareto"), _rising),
    **dict.fromkeys(("Rayleigh", "Maxwell", "HalfNormal", "HalfCauchy"), _scaled(_times)),
    **dict.fromkeys(("Weibull", "InverseGamma", "Frechet", "LogLogistic"), _scaled(_same, _times)),
    **dict.fromkeys(("Gamma", "Erlang"), _scaled(_same, _over)),
    **dict.fromkeys(("LogUniform", "InverseGaussian"), _scaled(_times, _times)),
    "StudentT": _student,
    "Uniform": _uniform,
    "TruncatedNormal": _truncated_normal,
    "LogNormal": _scaled(lambda loc, s: loc + logarithm(s), _same),
    "Nakagami": _scaled(_same, lambda spread, s: s * s * spread),
    "GeneralizedGamma": _scaled(_same, _times, _same),
    "Exponential": _exponential,
    "Lomax": _lomax,
    "Pareto": _pareto,
    "Beta": _mirrored_beta,
    "Delta": lambda law, a, s: made("Delta", a + s * law.at),
    "Affine": _again,
    "Mixture": _mixture,
}
