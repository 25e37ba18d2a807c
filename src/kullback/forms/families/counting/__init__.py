"""Laws on whole numbers."""

from kullback.forms.families.counting.events import Poisson, Skellam
from kullback.forms.families.counting.places import Delta, DiscreteUniform
from kullback.forms.families.counting.ranks import LogSeries, Zipf
from kullback.forms.families.counting.trials import Bernoulli, BetaBinomial, Binomial
from kullback.forms.families.counting.waiting import Geometric, NegativeBinomial

__all__ = [
    "Bernoulli",
    "BetaBinomial",
    "Binomial",
    "Delta",
    "DiscreteUniform",
    "Geometric",
    "LogSeries",
    "NegativeBinomial",
    "Poisson",
    "Skellam",
    "Zipf",
]
