"""Frozen scipy.stats laws of numbers, by the name of their class: from shapes, loc and scale."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from kullback.forms import families as f
from kullback.forms.families.derived.derived import told_as
from kullback.forms.families.family import Family

Given = dict[str, Any]
Rule = Callable[[Given], Family | None]


def placed(law: Family, g: Given) -> Family:
    """Return loc + scale · x; plain where the parameters were plain numbers."""
    loc, scale = g["loc"], g["scale"]
    if not (np.all(np.equal(loc, 0)) and np.all(np.equal(scale, 1))):
        law = f.Affine(law, loc, scale).canonical()
    return _told(law, g)


def _told(law: Family, g: Given) -> Family:
    """Mark a law as given in plain numbers, which some rules lose on their way."""
    is_plain = all(isinstance(value, float) for value in g.values())
    told: Family = told_as(law, _Plain(is_plain))
    return told


class _Plain:
    def __init__(self, listed: bool) -> None:
        self.listed = listed


def _standard(make: Callable[[Given], Family | None]) -> Rule:
    """Return the rule that puts a standard law at loc and scale."""

    def rule(g: Given) -> Family | None:
        law = make(g)
        return None if law is None else placed(law, g)

    return rule


def _all(condition: Any) -> bool:
    return bool(np.all(condition))


def _generalised_extreme(g: Given) -> Family | None:
    """(1 − eᶜ)/c of a logarithm of an exponential: (1 − Eᶜ)/c."""
    c = g["c"]
    if _all(np.equal(c, 0)):
        return f.Gumbel(0.0, 1.0)
    if not (_all(np.greater(c, 0)) or _all(np.less(c, 0))):
        return None
    return f.Affine(f.Power(f.Exponential(1.0), c).canonical(), 1 / c, -1 / c)


def _pearson3(g: Given) -> Family | None:
    skew = g["skew"]
    if _all(np.equal(skew, 0)):
        return f.Normal(0.0, 1.0)
    if _all(np.greater(skew, 0)) or _all(np.less(skew, 0)):
        return f.Affine(f.Gamma(4 / skew**2, 1.0), -2 / skew, skew / 2)
    return None


def _truncated_normal(g: Given) -> Family:
    loc, scale = g["loc"], g["scale"]
    return _told(f.TruncatedNormal(loc, scale, loc + scale * g["a"], loc + scale * g["b"]), g)


def _von_mises(g: Given) -> Family | None:
    """Scipy's scale turns an angle into another quantity; only 1 leaves it an angle."""
    return _told(f.VonMises(g["loc"], g["kappa"]), g) if _all(np.equal(g["scale"], 1)) else None


CONTINUOUS: Mapping[str, Rule] = {
    "arcsine": _standard(lambda _: f.Beta(0.5, 0.5)),
    "beta": _standard(lambda g: f.Beta(g["a"], g["b"])),
    "betaprime": _standard(lambda g: f.BetaPrime(g["a"], g["b"])),
    "burr": _standard(lambda g: f.Power(f.BetaPrime(g["d"], 1.0), 1 / g["c"]).canonical()),
    "burr12": _standard(lambda g: f.Power(f.Lomax(g["d"], 1.0), 1 / g["c"]).canonical()),
    "cauchy": lambda g: f.Cauchy(g["loc"], g["scale"]),
    "chi": _standard(lambda g: f.Chi(g["df"])),
    "chi2": _standard(lambda g: f.ChiSquared(g["df"])),
    "erlang": _standard(lambda g: f.Gamma(g["a"], 1.0)),
    "expon": _standard(lambda _: f.Exponential(1.0)),
    "f": _standard(
        lambda g: f.Affine(f.BetaPrime(g["dfn"] / 2, g["dfd"] / 2), 0.0, g["dfd"] / g["dfn"])
    ),
    "fisk": _standard(lambda g: f.LogLogistic(g["c"], 1.0)),
    "gamma": _standard(lambda g: f.Gamma(g["a"], 1.0)),
    "genextreme": _standard(_generalised_extreme),
    "gengamma": _standard(lambda g: f.Power(f.Gamma(g["a"], 1.0), 1 / g["c"]).canonical()),
    "gennorm": lambda g: f.GeneralizedNormal(g["loc"], g["scale"], g["beta"]),
    "genpareto": lambda g: f.GeneralizedPareto(g["loc"], g["scale"], g["c"]),
    "gibrat": _standard(lambda _: f.LogNormal(0.0, 1.0)),
    "gumbel_l": _standard(lambda _: f.Affine(f.Gumbel(0.0, 1.0), 0.0, -1.0)),
    "gumbel_r": lambda g: f.Gumbel(g["loc"], g["scale"]),
    "halfcauchy": _standard(lambda _: f.HalfCauchy(1.0)),
    "halfgennorm": _standard(lambda g: f.GeneralizedGamma(1 / g["beta"], 1.0, g["beta"])),
    "halfnorm": _standard(lambda _: f.HalfNormal(1.0)),
    "hypsecant": lambda g: f.HyperbolicSecant(g["loc"], 0.5 * np.pi * g["scale"]),
    "invgamma": _standard(lambda g: f.InverseGamma(g["a"], 1.0)),
    "invgauss": _standard(lambda g: f.InverseGaussian(g["mu"], 1.0)),
    "invweibull": _standard(lambda g: f.Frechet(g["c"], 1.0)),
    "johnsonsb": _standard(lambda g: f.LogitNormal(-g["a"] / g["b"], 1 / g["b"])),
    "laplace": lambda g: f.Laplace(g["loc"], g["scale"]),
    "levy": lambda g: f.Levy(g["loc"], g["scale"]),
    "levy_l": _standard(lambda _: f.Affine(f.Levy(0.0, 1.0), 0.0, -1.0)),
    "loggamma": _standard(lambda g: f.Log(f.Gamma(g["c"], 1.0))),
    "logistic": lambda g: f.Logistic(g["loc"], g["scale"]),
    "loglaplace": _standard(lambda g: f.Exp(f.Laplace(0.0, 1 / g["c"]))),
    "lognorm": _standard(lambda g: f.LogNormal(0.0, g["s"])),
    "lomax": _standard(lambda g: f.Lomax(g["c"], 1.0)),
    "maxwell": _standard(lambda _: f.Maxwell(1.0)),
    "moyal": lambda g: f.Moyal(g["loc"], g["scale"]),
    "nakagami": _standard(lambda g: f.Nakagami(g["nu"], 1.0)),
    "norm": lambda g: f.Normal(g["loc"], g["scale"]),
    "pareto": _standard(lambda g: f.Pareto(g["b"], 1.0)),
    "pearson3": _standard(_pearson3),
    "powerlaw": _standard(lambda g: f.Beta(g["a"], 1.0)),
    "rayleigh": _standard(lambda _: f.Rayleigh(1.0)),
    "rdist": _standard(lambda g: f.Affine(f.Beta(g["c"] / 2, g["c"] / 2), -1.0, 2.0)),
    "recipinvgauss": _standard(lambda g: f.Power(f.InverseGaussian(g["mu"], 1.0), -1.0)),
    "reciprocal": _standard(lambda g: f.LogUniform(g["a"], g["b"])),
    "semicircular": _standard(lambda _: f.Affine(f.Beta(1.5, 1.5), -1.0, 2.0)),
    "t": lambda g: f.StudentT(g["df"], g["loc"], g["scale"]),
    "truncexpon": _standard(lambda g: f.Truncated(f.Exponential(1.0), 0.0, g["b"])),
    "truncnorm": _truncated_normal,
    "truncpareto": _standard(lambda g: f.Truncated(f.Pareto(g["b"], 1.0), 1.0, g["c"])),
    "truncweibull_min": _standard(lambda g: f.Truncated(f.Weibull(g["c"], 1.0), g["a"], g["b"])),
    "uniform": lambda g: _told(f.Uniform(g["loc"], g["loc"] + g["scale"]), g),
    "vonmises": _von_mises,
    "wald": _standard(lambda _: f.InverseGaussian(1.0, 1.0)),
    "weibull_max": _standard(lambda g: f.Affine(f.Weibull(g["c"], 1.0), 0.0, -1.0)),
    "weibull_min": _standard(lambda g: f.Weibull(g["c"], 1.0)),
}


def _shifted(make: Callable[[Given], Family], by: float = 0.0) -> Rule:
    """Return the rule that moves a counted law by loc, and by how scipy counts it."""
    return lambda g: placed(make(g), {**g, "loc": g["loc"] + by})


COUNTING: Mapping[str, Rule] = {
    "bernoulli": _shifted(lambda g: f.Bernoulli(g["p"])),
    "betabinom": _shifted(lambda g: f.BetaBinomial(g["n"], g["a"], g["b"])),
    "binom": _shifted(lambda g: f.Binomial(g["n"], g["p"])),
    "geom": _shifted(lambda g: f.Geometric(g["p"]), 1.0),
    "logser": _shifted(lambda g: f.LogSeries(g["p"])),
    "nbinom": _shifted(lambda g: f.NegativeBinomial(g["n"], g["p"])),
    "planck": _shifted(lambda g: f.Geometric(-np.expm1(-g["lambda_"]))),
    "poisson": _shifted(lambda g: f.Poisson(g["mu"])),
    "randint": _shifted(lambda g: f.DiscreteUniform(g["low"], g["high"] - 1)),
    "skellam": _shifted(lambda g: f.Skellam(g["mu1"], g["mu2"])),
    "zipf": _shifted(lambda g: f.Zipf(g["a"])),
}
