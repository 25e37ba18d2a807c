"""kullback: relative entropy for Python.

A question about distributions, answered by a method, gives an estimate.
"""

from typing import Any

from kullback._config import show_config
from kullback._measure import (
    alpha_divergence,
    chi2,
    cross_entropy,
    entropy,
    f_divergence,
    hellinger,
    hockey_stick,
    jeffreys,
    js,
    js_distance,
    kl,
    measure,
    mutual_information,
    pairwise,
    renyi,
    tsallis,
    tv,
)
from kullback.errors import (
    InputTypeError,
    InvalidInputError,
    KullbackError,
    MissingExtraError,
    MixedArraysError,
    NoMethodError,
    NotNormalisedError,
    ShapeError,
    TableError,
)
from kullback.estimate import Estimate, Method
from kullback.forms import Counts, Form, Labels, Logits, LogProbs, Probs
from kullback.methods.exact import ExactSum
from kullback.methods.plug_in import PlugIn
from kullback.questions import (
    KL,
    Alpha,
    ChiSquare,
    CrossEntropy,
    Divergence,
    Entropy,
    FDivergence,
    Hellinger,
    HockeyStick,
    Jeffreys,
    JensenShannon,
    MutualInformation,
    Question,
    Renyi,
    TotalVariation,
    Tsallis,
)

__version__ = "0.1.0"

__all__ = [  # noqa: RUF022 (by room, not by letter)
    # numbers
    "alpha_divergence",
    "chi2",
    "cross_entropy",
    "entropy",
    "f_divergence",
    "hellinger",
    "hockey_stick",
    "jeffreys",
    "js",
    "js_distance",
    "kl",
    "mutual_information",
    "pairwise",
    "renyi",
    "tsallis",
    "tv",
    # answers
    "compare",
    "measure",
    "show_config",
    "Estimate",
    # forms
    "Counts",
    "Form",
    "Labels",
    "LogProbs",
    "Logits",
    "Probs",
    # questions
    "Alpha",
    "ChiSquare",
    "CrossEntropy",
    "Divergence",
    "Entropy",
    "FDivergence",
    "Hellinger",
    "HockeyStick",
    "JensenShannon",
    "Jeffreys",
    "KL",
    "MutualInformation",
    "Question",
    "Renyi",
    "TotalVariation",
    "Tsallis",
    # methods
    "ExactSum",
    "Method",
    "PlugIn",
    # errors
    "InputTypeError",
    "InvalidInputError",
    "KullbackError",
    "MissingExtraError",
    "MixedArraysError",
    "NoMethodError",
    "NotNormalisedError",
    "ShapeError",
    "TableError",
]


def compare(reference: Any, current: Any, /, **options: Any) -> Any:
    """Compare two tables column by column: KL(current ‖ reference), JS and TV of each, ranked.

    See `kullback.tables.compare`, which this calls; it needs the extra: pip install
    'kullback[tables]'.
    """
    from kullback.tables import compare as compare_tables

    return compare_tables(reference, current, **options)
