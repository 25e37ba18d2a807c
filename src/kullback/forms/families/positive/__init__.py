"""Laws on the positive numbers."""

from kullback.forms.families.positive.gamma import (
    ChiSquared,
    Erlang,
    Exponential,
    Gamma,
    GeneralizedGamma,
    InverseGamma,
)
from kullback.forms.families.positive.lengths import (
    Chi,
    HalfCauchy,
    HalfNormal,
    Maxwell,
    Nakagami,
)
from kullback.forms.families.positive.powers import Frechet, Rayleigh, Weibull
from kullback.forms.families.positive.skewed import InverseGaussian, Levy, LogNormal
from kullback.forms.families.positive.tails import (
    BetaPrime,
    GeneralizedPareto,
    LogLogistic,
    Lomax,
    Pareto,
)

__all__ = [
    "BetaPrime",
    "Chi",
    "ChiSquared",
    "Erlang",
    "Exponential",
    "Frechet",
    "Gamma",
    "GeneralizedGamma",
    "GeneralizedPareto",
    "HalfCauchy",
    "HalfNormal",
    "InverseGamma",
    "InverseGaussian",
    "Levy",
    "LogLogistic",
    "LogNormal",
    "Lomax",
    "Maxwell",
    "Nakagami",
    "Pareto",
    "Rayleigh",
    "Weibull",
]
