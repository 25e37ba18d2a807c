"""Laws on the whole real line."""

from kullback.forms.families.line.hyperbolic import HyperbolicSecant, Logistic
from kullback.forms.families.line.powers import GeneralizedNormal, Laplace, Normal
from kullback.forms.families.line.tails import Cauchy, StudentT

__all__ = [
    "Cauchy",
    "GeneralizedNormal",
    "HyperbolicSecant",
    "Laplace",
    "Logistic",
    "Normal",
    "StudentT",
]
