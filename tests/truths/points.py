"""The grid: a few parameter points of each family; the last is extreme but sane.

All numbers are binary64, and mpmath is given exactly those.
"""

from typing import Any

Params = dict[str, Any]


def rows(names: str, *points: tuple[float, ...]) -> list[Params]:
    return [dict(zip(names.split(), map(float, point), strict=True)) for point in points]


CONTINUOUS_POINTS: dict[str, list[Params]] = {
    "Normal": rows("loc scale", (0.3, 1.2), (-1.0, 0.5), (4.0, 30.0)),
    "Laplace": rows("loc scale", (-0.5, 0.7), (1.1, 1.6), (3.0, 12.0)),
    "Logistic": rows("loc scale", (0.4, 0.6), (-1.3, 1.1), (2.0, 9.0)),
    "Gumbel": rows("loc scale", (0.2, 0.9), (-0.7, 2.5), (5.0, 7.0)),
    "Cauchy": rows("loc scale", (0.2, 0.8), (-1.5, 2.0), (10.0, 0.1)),
    "StudentT": rows(
        "df loc scale", (5, 0.3, 1.2), (3.5, -1.0, 0.5), (2.0, 0.0, 1.0), (40, 2.0, 6.0)
    ),
    "GeneralizedNormal": rows(
        "loc scale power",
        (0.3, 1.3, 1.5),
        (-0.6, 0.8, 3.0),
        (0.3, 6.0, 0.6),
        (0.0, 2.0, 4.0),
        (0.2, 1.0, 0.75),
    ),
    "Moyal": rows("loc scale", (0.2, 0.9), (-0.7, 2.5), (5.0, 7.0)),
    "HyperbolicSecant": rows("loc scale", (0.4, 0.6), (-1.3, 1.1), (2.0, 9.0)),
    "Uniform": rows(
        "low high", (0.25, 0.75), (0.5, 3.0), (-2.0, 5.0), (0.0, 1.0), (1.5, 40.0), (0.0, 2.5)
    ),
    "Beta": rows("a b", (2.0, 3.5), (0.5, 0.5), (0.7, 1.3), (5.0, 2.0), (80.0, 0.2)),
    "Kumaraswamy": rows("a b", (2.0, 3.0), (0.6, 1.4), (1.0, 2.5), (12.0, 0.4)),
    "ContinuousBernoulli": rows("probs", (0.2,), (0.9,), (0.5,), (0.001,)),
    "LogitNormal": rows("loc scale", (0.3, 0.8), (-1.2, 1.7), (2.0, 0.1)),
    "TruncatedNormal": rows(
        "loc scale low high",
        (0.3, 0.7, 0.0, 1.0),
        (0.2, 1.1, -1.0, 2.0),
        (2.0, 1.5, 0.5, 4.0),
        (3.0, 0.6, 0.1, 0.9),
        (0.0, 2.0, -8.0, 9.0),
    ),
    "LogUniform": rows("low high", (0.1, 0.8), (0.5, 30.0), (2.0, 7.0), (0.001, 1000.0)),
    "Exponential": rows("rate", (0.8,), (3.0,), (0.05,)),
    "Gamma": rows("shape rate", (2.5, 1.2), (0.6, 0.4), (0.1, 3.0), (200.0, 50.0)),
    "Erlang": rows("shape rate", (2.0, 0.9), (5.0, 3.0), (60.0, 0.5)),
    "ChiSquared": rows("df", (3.0,), (7.5,), (0.4,), (150.0,)),
    "Weibull": rows("shape scale", (1.7, 0.9), (0.6, 2.0), (3.0, 1.4), (0.8, 1.3), (12.0, 5.0)),
    "LogNormal": rows("loc scale", (0.2, 0.6), (-0.8, 1.5), (3.0, 0.05)),
    "InverseGamma": rows(
        "shape scale", (3.5, 1.4), (1.2, 0.5), (0.6, 2.0), (2.6, 3.0), (90.0, 40.0)
    ),
    "InverseGaussian": rows("mean shape", (1.3, 2.0), (0.4, 0.9), (3.0, 0.05), (2.0, 300.0)),
    "Rayleigh": rows("scale", (0.7,), (2.2,), (15.0,)),
    "Maxwell": rows("scale", (0.7,), (2.2,), (15.0,)),
    "Chi": rows("df", (3.0,), (1.5,), (40.0,)),
    "HalfNormal": rows("scale", (0.7,), (2.2,), (15.0,)),
    "HalfCauchy": rows("scale", (0.7,), (2.2,), (0.01,)),
    "Nakagami": rows("shape spread", (1.4, 0.8), (0.6, 3.0), (25.0, 10.0)),
    "GeneralizedGamma": rows(
        "shape scale power", (1.5, 0.8, 1.7), (0.7, 2.0, 0.6), (3.0, 0.5, 2.5), (20.0, 0.3, 0.9)
    ),
    "Frechet": rows("shape scale", (3.5, 0.8), (1.4, 2.0), (0.6, 0.5), (0.9, 1.2), (20.0, 4.0)),
    "Levy": rows("loc scale", (0.0, 0.7), (0.5, 2.0), (-1.0, 0.4), (1.5, 30.0)),
    "Pareto": rows("shape scale", (3.5, 0.5), (2.5, 1.2), (1.0, 0.1), (30.0, 4.0), (1.5, 2.0)),
    "Lomax": rows("shape scale", (3.5, 0.8), (1.5, 2.0), (0.7, 1.0), (2.8, 1.5), (40.0, 10.0)),
    "GeneralizedPareto": rows(
        "loc scale concentration",
        (0.0, 0.8, 0.2),
        (0.5, 1.5, 0.45),
        (-1.0, 2.0, 0.6),
        (0.0, 0.3, -0.3),
        (0.0, 1.2, 0.0),
        (1.5, 0.2, 1.5),
    ),
    "LogLogistic": rows("shape scale", (3.5, 0.8), (1.4, 2.0), (0.7, 0.5), (4.5, 1.5), (25.0, 4.0)),
    "BetaPrime": rows("a b", (2.0, 3.5), (0.7, 1.3), (0.3, 0.6), (3.0, 5.5), (40.0, 30.0)),
}

CIRCLE_POINTS = {"VonMises": rows("loc concentration", (0.3, 1.2), (-1.1, 4.0), (2.5, 80.0))}

DISCRETE_POINTS: dict[str, list[Params]] = {
    "Bernoulli": rows("probs", (0.3,), (0.85,), (0.001,)),
    "Binomial": rows("n probs", (7, 0.3), (4, 0.75), (7, 0.6), (1, 0.4), (120, 0.02)),
    "Poisson": rows("rate", (1.7,), (6.0,), (0.01,), (400.0,)),
    "Geometric": rows("probs", (0.3,), (0.8,), (0.01,)),
    "NegativeBinomial": rows(
        "successes probs", (2.5, 0.4), (0.7, 0.15), (2.5, 0.7), (1.0, 0.35), (60.0, 0.9)
    ),
    "DiscreteUniform": rows("low high", (0, 4), (1, 6), (-3, 8), (0, 1), (1, 100)),
    "Zipf": rows("exponent", (2.5,), (4.0,), (1.3,), (12.0,)),
    "LogSeries": rows("probs", (0.4,), (0.9,), (0.99,)),
    "Skellam": rows("rate1 rate2", (1.5, 0.8), (0.4, 2.5), (30.0, 12.0)),
    "BetaBinomial": rows(
        "n a b", (7, 2.0, 3.5), (4, 0.5, 0.7), (7, 0.8, 0.3), (1, 2.0, 0.7), (90, 20.0, 5.0)
    ),
    "Delta": rows("at", (0,), (3,), (1,)),
}

KIN = (
    {"Exponential", "Gamma", "Erlang", "ChiSquared"},
    {"Nakagami", "Chi", "HalfNormal", "Maxwell"},
    {"Weibull", "Rayleigh"},
    {"InverseGamma", "Levy"},
    {"Geometric", "NegativeBinomial"},
    {"Bernoulli", "Binomial"},
)
"""Families of which some are special cases of others: pairs among them are asked all orders too."""

BETWEEN_KIN = [
    ("Rayleigh", rows("scale", (0.7,), (2.2,)), "Weibull", rows("shape scale", (2.0, 1.5))),
    ("Weibull", rows("shape scale", (2.0, 1.5)), "Rayleigh", rows("scale", (0.7,), (2.2,))),
    (
        "Geometric",
        DISCRETE_POINTS["Geometric"],
        "NegativeBinomial",
        rows("successes probs", (1.0, 0.45)),
    ),
    (
        "NegativeBinomial",
        rows("successes probs", (1.0, 0.45)),
        "Geometric",
        DISCRETE_POINTS["Geometric"],
    ),
]
"""Points at which two families are one."""

WHOLE = {
    "Erlang": {"shape"},
    "Binomial": {"n"},
    "BetaBinomial": {"n"},
    "DiscreteUniform": {"low", "high"},
    "Delta": {"at"},
}
"""Parameters that are whole numbers: they stay as they are where others change a little."""

EDGES = {
    "Uniform": {"low": -1, "high": 1},
    "LogUniform": {"low": -1, "high": 1},
    "TruncatedNormal": {"low": 0, "high": 0},
    "Pareto": {"scale": -1},
    "Levy": {"loc": -1},
    "GeneralizedPareto": {"loc": 0},
}
"""Ends of the support: they only move outwards, by the sign given, so that q covers p."""


def nearly(family: str, params: Params, step: float = 1e-6) -> Params:
    """Return parameters that differ by one part in a million."""
    near = {}
    for i, (name, x) in enumerate(params.items()):
        sign = EDGES.get(family, {}).get(name, (1, -1, 1)[i % 3])
        if name in WHOLE.get(family, ()):
            near[name] = x
        elif name in ("loc", "low", "high"):
            near[name] = x + sign * step
        elif family == "Pareto" or name != "concentration" or x != 0:
            near[name] = x * (1 + sign * step)
        else:
            near[name] = x
    return near
