"""How much mass a law has on either side of a number."""

import math
from collections.abc import Callable
from typing import Any

from kullback.arrays.namespace import namespace
from kullback.arrays.special import betainc, erf, erfc, gammainc, gammaincc, ndtr
from kullback.errors import InvalidInputError
from kullback.forms.families.family import Family

Sides = tuple[Any, Any]
Rule = Callable[[Any, Any], Sides]


def knows(law: Family) -> bool:
    """Tell whether the mass of a law on either side of a number is known in closed form."""
    return _rule(law) is not None


def sides(law: Family, x: Any) -> Sides:
    """Return the mass below x and the mass above, each to its own relative precision."""
    found = _rule(law)
    if found is None:
        raise InvalidInputError(
            f"Truncated: the mass of {type(law).__name__} below a number is not known in closed "
            f"form; it is of {', '.join(sorted(_SIDES))}."
        )
    form, rule = found
    xp, reach = namespace(form.home), form.support()
    low, high, x = xp.broadcast_arrays(reach.low, reach.high, x)
    under, over = x <= low, x >= high
    inner = xp.where(under | over, _some_point(low, high), x)
    below, above = rule(form, inner)
    zero, one = xp.zeros_like(inner), xp.ones_like(inner)
    return (
        xp.where(under, zero, xp.where(over, one, below)),
        xp.where(under, one, xp.where(over, zero, above)),
    )


def between(low: Sides, high: Sides) -> Any:
    """Return the mass between two numbers from what is on either side of each."""
    xp = namespace(low[0])
    return xp.where(low[0] > 0.5, low[1] - high[1], high[0] - low[0])


def _rule(law: Family) -> tuple[Family, Rule] | None:
    for candidate in (law, law.canonical()):
        rule = _SIDES.get(type(candidate).__name__)
        if rule is not None and all(map(knows, getattr(candidate, "parts", ()))):
            return candidate, rule
    if hasattr(law, "backward") and knows(law.law):  # type: ignore[attr-defined]
        return law, _image
    return None


def _some_point(low: Any, high: Any) -> Any:
    """Return a number between, the ends themselves left out."""
    xp = namespace(low)
    left, right, zero = xp.isfinite(low), xp.isfinite(high), xp.zeros_like(low)
    a, b = xp.where(left, low, zero), xp.where(right, high, zero)
    one_sided = xp.where(left, a + 1, xp.where(right, b - 1, zero))
    return xp.where(left & right, 0.5 * a + 0.5 * b, one_sided)


def _image(law: Any, x: Any) -> Sides:
    xp = namespace(x)
    below, above = sides(law.law, law.backward(x))
    falls = law.falls()
    if isinstance(falls, bool):
        return (above, below) if falls else (below, above)
    return xp.where(falls, above, below), xp.where(falls, below, above)


def _normal(law: Any, x: Any) -> Sides:
    z = (x - law.loc) / law.scale
    return ndtr(z), ndtr(-z)


def _laplace(law: Any, x: Any) -> Sides:
    z = (x - law.loc) / law.scale
    xp = namespace(z)
    tail = 0.5 * xp.exp(-xp.abs(z))
    return xp.where(z < 0, tail, 1 - tail), xp.where(z < 0, 1 - tail, tail)


def _logistic_sides(z: Any) -> Sides:
    xp = namespace(z)
    e = xp.exp(-xp.abs(z))
    small, large = e / (1 + e), 1 / (1 + e)
    return xp.where(z < 0, small, large), xp.where(z < 0, large, small)


def _exponential_sides(t: Any) -> Sides:
    """Return 1 − e⁻ᵗ and e⁻ᵗ."""
    xp = namespace(t)
    return -xp.expm1(-t), xp.exp(-t)


def _swapped(both: Sides) -> Sides:
    return both[1], both[0]


def _cauchy(law: Any, x: Any) -> Sides:
    z = (x - law.loc) / law.scale
    xp = namespace(z)
    one = xp.ones_like(z)
    return xp.atan2(one, -z) / math.pi, xp.atan2(one, z) / math.pi


def _student(law: Any, x: Any) -> Sides:
    z = (x - law.loc) / law.scale
    xp = namespace(z)
    half, square = 0.5 * xp.ones_like(z), z * z
    df = law.df + xp.zeros_like(z)
    far = 0.5 * betainc(0.5 * df, half, df / (df + square))
    return xp.where(z < 0, far, 1 - far), xp.where(z < 0, 1 - far, far)


def _raised(x: Any, exponent: Any) -> Any:
    xp = namespace(x)
    return xp.exp(exponent * xp.log(x))


def _gamma_sides(shape: Any, t: Any) -> Sides:
    shape = shape + namespace(t).zeros_like(t)
    return gammainc(shape, t), gammaincc(shape, t)


def _beta_sides(a: Any, b: Any, x: Any, rest: Any) -> Sides:
    zero = namespace(x).zeros_like(x)
    return betainc(a + zero, b + zero, x), betainc(b + zero, a + zero, rest)


def _uniform(law: Any, x: Any) -> Sides:
    width = law.high - law.low
    return (x - law.low) / width, (law.high - x) / width


def _pareto(law: Any, x: Any) -> Sides:
    return _exponential_sides(law.shape * namespace(x).log(x / law.scale))


def _lomax(law: Any, x: Any) -> Sides:
    return _exponential_sides(law.shape * namespace(x).log1p(x / law.scale))


def _log_uniform(law: Any, x: Any) -> Sides:
    xp = namespace(x)
    width = xp.log(law.high / law.low)
    return xp.log(x / law.low) / width, xp.log(law.high / x) / width


def _gumbel(law: Any, x: Any) -> Sides:
    return _swapped(_exponential_sides(namespace(x).exp(-(x - law.loc) / law.scale)))


def _frechet(law: Any, x: Any) -> Sides:
    return _swapped(_exponential_sides(_raised(x / law.scale, -law.shape)))


def _log_logistic(law: Any, x: Any) -> Sides:
    return _logistic_sides(law.shape * namespace(x).log(x / law.scale))


def _generalised_pareto(law: Any, x: Any) -> Sides:
    z, c = (x - law.loc) / law.scale, law.concentration
    xp = namespace(z)
    near = xp.abs(c) < 1e-12
    safe = xp.where(near, xp.ones_like(c), c)
    inside = xp.where(near, xp.zeros_like(z), safe * z)
    return _exponential_sides(xp.where(near, z * (1 - 0.5 * c * z), xp.log1p(inside) / safe))


def _generalised_normal(law: Any, x: Any) -> Sides:
    z = (x - law.loc) / law.scale
    xp = namespace(z)
    away = xp.where(z == 0, xp.ones_like(z), xp.abs(z))
    far = 0.5 * gammaincc(1 / law.power + xp.zeros_like(z), _raised(away, law.power))
    far = xp.where(z == 0, 0.5, far)
    return xp.where(z < 0, far, 1 - far), xp.where(z < 0, 1 - far, far)


def _half_cauchy(law: Any, x: Any) -> Sides:
    xp, z = namespace(x), x / law.scale
    return 2 / math.pi * xp.atan(z), 2 / math.pi * xp.atan(1 / z)


def _secant(law: Any, x: Any) -> Sides:
    z = 0.5 * math.pi * (x - law.loc) / law.scale
    xp = namespace(z)
    return 2 / math.pi * xp.atan(xp.exp(z)), 2 / math.pi * xp.atan(xp.exp(-z))


def _error_sides(t: Any) -> Sides:
    return erfc(t), erf(t)


def _levy(law: Any, x: Any) -> Sides:
    return _error_sides(namespace(x).sqrt(0.5 * law.scale / (x - law.loc)))


def _moyal(law: Any, x: Any) -> Sides:
    return _error_sides(math.sqrt(0.5) * namespace(x).exp(-0.5 * (x - law.loc) / law.scale))


def _kumaraswamy(law: Any, x: Any) -> Sides:
    return _exponential_sides(-law.b * namespace(x).log1p(-_raised(x, law.a)))


def _log_normal(law: Any, x: Any) -> Sides:
    return _normal(law, namespace(x).log(x))


def _logit_normal(law: Any, x: Any) -> Sides:
    return _normal(law, namespace(x).log(x) - namespace(x).log1p(-x))


def _mixture(law: Any, x: Any) -> Sides:
    xp = namespace(x)
    each = [sides(part, x) for part in law.parts]
    below, above = (
        sum(law.weights[..., i] * both[side] for i, both in enumerate(each)) for side in (0, 1)
    )
    return xp.asarray(below), xp.asarray(above)


def _truncated(law: Any, x: Any) -> Sides:
    low, at, high = (sides(law.law, y) for y in (law.low, x, law.high))
    kept = between(low, high)
    return between(low, at) / kept, between(at, high) / kept


def _truncated_normal(law: Any, x: Any) -> Sides:
    from kullback.forms.families.truncation import log_mass

    xp = namespace(x)
    a, z, b = ((y - law.loc) / law.scale for y in (law.low, x, law.high))
    kept = log_mass(a, b)
    return xp.exp(log_mass(a, z) - kept), xp.exp(log_mass(z, b) - kept)


_SIDES: dict[str, Rule] = {
    "Normal": _normal,
    "Laplace": _laplace,
    "Logistic": lambda law, x: _logistic_sides((x - law.loc) / law.scale),
    "Gumbel": _gumbel,
    "Cauchy": _cauchy,
    "StudentT": _student,
    "Uniform": _uniform,
    "Exponential": lambda law, x: _exponential_sides(law.rate * x),
    "Gamma": lambda law, x: _gamma_sides(law.shape, law.rate * x),
    "Weibull": lambda law, x: _exponential_sides(_raised(x / law.scale, law.shape)),
    "Frechet": _frechet,
    "InverseGamma": lambda law, x: _swapped(_gamma_sides(law.shape, law.scale / x)),
    "GeneralizedGamma": lambda law, x: _gamma_sides(law.shape, _raised(x / law.scale, law.power)),
    "Nakagami": lambda law, x: _gamma_sides(law.shape, law.shape * x * x / law.spread),
    "HalfNormal": lambda law, x: _gamma_sides(0.5, 0.5 * (x / law.scale) ** 2),
    "Pareto": _pareto,
    "Lomax": _lomax,
    "LogLogistic": _log_logistic,
    "LogUniform": _log_uniform,
    "GeneralizedPareto": _generalised_pareto,
    "GeneralizedNormal": _generalised_normal,
    "HalfCauchy": _half_cauchy,
    "HyperbolicSecant": _secant,
    "Levy": _levy,
    "Moyal": _moyal,
    "Kumaraswamy": _kumaraswamy,
    "LogNormal": _log_normal,
    "LogitNormal": _logit_normal,
    "Mixture": _mixture,
    "Truncated": _truncated,
    "TruncatedNormal": _truncated_normal,
    "Beta": lambda law, x: _beta_sides(law.a, law.b, x, 1 - x),
    "BetaPrime": lambda law, x: _beta_sides(law.a, law.b, x / (1 + x), 1 / (1 + x)),
}
