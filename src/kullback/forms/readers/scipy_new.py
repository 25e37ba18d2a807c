"""SciPy's new distribution objects: `scipy.stats.Normal(mu=…)` and what is made of them."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from kullback.errors import KullbackError
from kullback.forms import families as f
from kullback.forms.density import Density
from kullback.forms.families.derived.derived import told_as
from kullback.forms.families.family import Family
from kullback.forms.form import Form

_ROOT = "_ProbabilityDistribution"


def is_new(x: Any) -> bool:
    """Tell whether x is one of the new objects."""
    return any(base.__name__ == _ROOT for base in type(x).__mro__)


def read_new(x: Any) -> Form:
    """Return the form of a new distribution object."""
    found = _law(x)
    if found is None or not _agrees(found, x):
        return _density(x)
    return _told(found, x)


def _told(law: Family, x: Any) -> Family:
    """Mark as plain numbers what was: SciPy keeps them as numbers of numpy's."""

    class Plain:
        listed = not x._shape if hasattr(x, "_shape") else not np.shape(x.support()[0])

    told: Family = told_as(law, Plain)
    return told


def _law(x: Any) -> Family | None:
    """Return the family, None where SciPy's way of saying it is not known."""
    kind = type(x).__name__
    try:
        if kind in _MADE:
            return _MADE[kind](x)
        return _of_name(x)
    except (AttributeError, KeyError, TypeError, KullbackError):
        return None


def _inner(x: Any) -> Family:
    law = _law(x._dist)
    if law is None:
        raise KeyError
    return law


def _of_name(x: Any) -> Family | None:
    """Return the law of an object by the name it prints, such as Gamma(a=2.0)."""
    from kullback.forms.readers.scipy_one import CONTINUOUS, COUNTING

    given = {name: _number(value) for name, value in x._parameters.items()}
    name = str(x).partition("(")[0].lower()
    name = _NAMES.get(name, name)
    given = {"loc": 0.0, "scale": 1.0, **given}
    table = COUNTING if _counts(x) else CONTINUOUS
    return table[name](given) if name in table else None


_NAMES = {
    "burr3": "burr", "burr12": "burr12", "chisquared": "chi2", "exponential": "expon",
    "studentt": "t", "betabinomial": "betabinom", "negativebinomial": "nbinom",
    "geometric": "geom", "generalizedextremevalue": "genextreme", "generalizedpareto": "genpareto",
    "generalizednormal": "gennorm", "generalizedgamma": "gengamma", "halfcauchy": "halfcauchy",
    "halfnormal": "halfnorm", "inversegamma": "invgamma", "inversegaussian": "invgauss",
    "inverseweibull": "invweibull", "lognormal": "lognorm", "loguniform": "reciprocal",
    "weibull": "weibull_min", "f": "f", "gumbelright": "gumbel_r", "gumbelleft": "gumbel_l",
    "gumbel": "gumbel_r", "truncatednormal": "truncnorm", "normal": "norm",
}  # fmt: skip
"""Names that SciPy prints, lower-cased, and those of the classes they are of."""


def _counts(x: Any) -> bool:
    return any(base.__name__ == "DiscreteDistribution" for base in type(x).__mro__)


def _number(value: Any) -> Any:
    return float(value) if np.ndim(value) == 0 else np.asarray(value, np.float64)


def _normal(x: Any) -> Family:
    return f.Normal(_number(x.mu), _number(x.sigma))


def _log_uniform(x: Any) -> Family:
    return f.LogUniform(_number(x.a), _number(x.b))


def _affine(x: Any) -> Family:
    return f.Affine(_inner(x), _number(x.loc), _number(x.scale)).canonical()


_MAPS: Mapping[str, Callable[[Family], Family]] = {"exp": f.Exp, "log": f.Log}


def _mapped(x: Any) -> Family | None:
    """Exp and log by their names; powers and 1/x by the values that they map."""
    name = getattr(x._g, "__name__", "")
    if name in _MAPS:
        return _MAPS[name](_inner(x)).canonical()
    one, two, four = (float(x._g(v)) for v in (1.0, 2.0, 4.0))
    exponent = float(np.log2(two))
    if one != 1.0 or not np.isclose(four, 4.0**exponent, rtol=1e-14):
        return None
    exponent = round(exponent) if abs(exponent - round(exponent)) < 1e-12 else exponent
    return f.Power(_inner(x), float(exponent)).canonical()


def _folded(x: Any) -> Family | None:
    """|x| of a law of positive numbers is itself; of a centred Normal the half-normal."""
    inner = _inner(x)
    if np.all(inner.support().low >= 0):
        return inner
    if isinstance(inner, f.Normal) and np.all(inner.loc == 0):
        return f.HalfNormal(inner.scale)
    if isinstance(inner, f.Cauchy) and np.all(inner.loc == 0):
        return f.HalfCauchy(inner.scale)
    return None


def _truncated(x: Any) -> Family:
    return f.Truncated(_inner(x), _number(x.lb), _number(x.ub)).canonical()


def _mixture(x: Any) -> Family | None:
    laws = [_law(part) for part in x.components]
    if any(law is None for law in laws):
        return None
    return f.Mixture(np.asarray(x.weights, np.float64), laws)


_MADE: Mapping[str, Callable[[Any], Family | None]] = {
    "Normal": _normal,
    "StandardNormal": lambda _: f.Normal(0.0, 1.0),
    "Logistic": lambda _: f.Logistic(0.0, 1.0),
    "Uniform": lambda x: f.Uniform(_number(x.a), _number(x.b)),
    "_LogUniform": _log_uniform,
    "_Gamma": lambda x: f.Gamma(_number(x.a), 1.0),
    "Binomial": lambda x: f.Binomial(_number(x.n), _number(x.p)),
    "ShiftedScaledDistribution": _affine,
    "MonotonicTransformedDistribution": _mapped,
    "FoldedDistribution": _folded,
    "TruncatedDistribution": _truncated,
    "Mixture": _mixture,
}


def _log(x: Any) -> Callable[[Any], Any]:
    log: Callable[[Any], Any] = x.logpmf if _counts(x) else x.logpdf
    return log


def _agrees(law: Family, x: Any) -> bool:
    """Tell whether a law has the object's density at three quantiles; guards against new names."""
    for u in (0.1, 0.5, 0.9):
        try:
            point = np.asarray(x.icdf(u), np.float64)
            ours, theirs = law.log_density(point), _log(x)(point)
        except (NotImplementedError, AttributeError):
            return True
        if not np.allclose(ours, theirs, rtol=1e-6, atol=1e-6, equal_nan=True):
            return False
    return True


def _density(x: Any) -> Form:
    low, high = x.support()
    quantile = getattr(x, "icdf", None)
    return Density(
        _log(x),
        _number(low),
        _number(high),
        discrete=_counts(x),
        quantile=quantile,
        draw=lambda rng, n: x.sample(shape=n, rng=rng),
    )
