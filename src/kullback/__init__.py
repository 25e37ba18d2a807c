"""kullback: relative entropy for Python.

A question about distributions, answered by a method, gives an estimate. Each name below loads the
room it lives in when it is first used, so that the import itself costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kullback._config import show_config as show_config
    from kullback._measure import alpha_divergence as alpha_divergence
    from kullback._measure import chi2 as chi2
    from kullback._measure import cross_entropy as cross_entropy
    from kullback._measure import entropy as entropy
    from kullback._measure import f_divergence as f_divergence
    from kullback._measure import hellinger as hellinger
    from kullback._measure import hockey_stick as hockey_stick
    from kullback._measure import jeffreys as jeffreys
    from kullback._measure import js as js
    from kullback._measure import js_distance as js_distance
    from kullback._measure import kl as kl
    from kullback._measure import measure as measure
    from kullback._measure import mutual_information as mutual_information
    from kullback._measure import pairwise as pairwise
    from kullback._measure import renyi as renyi
    from kullback._measure import tsallis as tsallis
    from kullback._measure import tv as tv
    from kullback.errors import InputTypeError as InputTypeError
    from kullback.errors import InvalidInputError as InvalidInputError
    from kullback.errors import KullbackError as KullbackError
    from kullback.errors import MissingExtraError as MissingExtraError
    from kullback.errors import MixedArraysError as MixedArraysError
    from kullback.errors import NoMethodError as NoMethodError
    from kullback.errors import NotNormalisedError as NotNormalisedError
    from kullback.errors import ShapeError as ShapeError
    from kullback.errors import TableError as TableError
    from kullback.estimate import Estimate as Estimate
    from kullback.estimate import Method as Method
    from kullback.forms import Counts as Counts
    from kullback.forms import Form as Form
    from kullback.forms import Labels as Labels
    from kullback.forms import Logits as Logits
    from kullback.forms import LogProbs as LogProbs
    from kullback.forms import Probs as Probs
    from kullback.methods.exact import ExactSum as ExactSum
    from kullback.methods.plug_in import PlugIn as PlugIn
    from kullback.questions import KL as KL
    from kullback.questions import Alpha as Alpha
    from kullback.questions import ChiSquare as ChiSquare
    from kullback.questions import CrossEntropy as CrossEntropy
    from kullback.questions import Divergence as Divergence
    from kullback.questions import Entropy as Entropy
    from kullback.questions import FDivergence as FDivergence
    from kullback.questions import Hellinger as Hellinger
    from kullback.questions import HockeyStick as HockeyStick
    from kullback.questions import Jeffreys as Jeffreys
    from kullback.questions import JensenShannon as JensenShannon
    from kullback.questions import MutualInformation as MutualInformation
    from kullback.questions import Question as Question
    from kullback.questions import Renyi as Renyi
    from kullback.questions import TotalVariation as TotalVariation
    from kullback.questions import Tsallis as Tsallis
    from kullback.tables import compare as compare

__version__ = "0.1.0"

_ROOMS = {
    "_measure": (
        "alpha_divergence chi2 cross_entropy entropy f_divergence hellinger hockey_stick jeffreys "
        "js js_distance kl measure mutual_information pairwise renyi tsallis tv"
    ),
    "tables": "compare",
    "_config": "show_config",
    "estimate": "Estimate Method",
    "forms": "Counts Form Labels LogProbs Logits Probs",
    "questions": (
        "Alpha ChiSquare CrossEntropy Divergence Entropy FDivergence Hellinger HockeyStick "
        "JensenShannon Jeffreys KL MutualInformation Question Renyi TotalVariation Tsallis"
    ),
    "methods.exact": "ExactSum",
    "methods.plug_in": "PlugIn",
    "errors": (
        "InputTypeError InvalidInputError KullbackError MissingExtraError MixedArraysError "
        "NoMethodError NotNormalisedError ShapeError TableError"
    ),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names.split()}

__all__ = list(_HOME)


def __getattr__(name: str) -> Any:
    """Load the room in which a public name lives."""
    if name not in _HOME:
        raise AttributeError(f"module 'kullback' has no attribute {name!r}")
    value = getattr(import_module(f"kullback.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*_HOME, "__version__"])
