"""The front door: short names give numbers, measure gives answers."""

from kullback._measure.answers import measure
from kullback._measure.divergences import (
    chi2,
    f_divergence,
    hellinger,
    jeffreys,
    js,
    js_distance,
    kl,
    tv,
)
from kullback._measure.entropies import (
    conditional_mutual_information,
    cross_entropy,
    entropy,
    mutual_information,
)
from kullback._measure.pairs import pairwise
from kullback._measure.powers import alpha_divergence, hockey_stick, renyi, tsallis
from kullback._measure.transport import wasserstein
from kullback._measure.values import value_of

__all__ = [
    "alpha_divergence",
    "chi2",
    "conditional_mutual_information",
    "cross_entropy",
    "entropy",
    "f_divergence",
    "hellinger",
    "hockey_stick",
    "jeffreys",
    "js",
    "js_distance",
    "kl",
    "measure",
    "mutual_information",
    "pairwise",
    "renyi",
    "tsallis",
    "tv",
    "value_of",
    "wasserstein",
]
