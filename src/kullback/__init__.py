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
    from kullback._measure import conditional_mutual_information as conditional_mutual_information
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
    from kullback._measure import wasserstein as wasserstein
    from kullback.errors import AccuracyError as AccuracyError
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
    from kullback.forms import Samples as Samples
    from kullback.forms import families as families
    from kullback.forms.density import Density as Density
    from kullback.information import bottleneck as bottleneck
    from kullback.information import bounds as bounds
    from kullback.information import fisher_information as fisher_information
    from kullback.information import fisher_rao as fisher_rao
    from kullback.information import gaussian_bottleneck as gaussian_bottleneck
    from kullback.information import rate_distortion as rate_distortion
    from kullback.information import samples_to_tell as samples_to_tell
    from kullback.information.panel import panel as panel
    from kullback.methods.counts import NSB as NSB
    from kullback.methods.counts import AutoCounts as AutoCounts
    from kullback.methods.counts import ChaoShen as ChaoShen
    from kullback.methods.counts import Dirichlet as Dirichlet
    from kullback.methods.counts import Grassberger as Grassberger
    from kullback.methods.counts import Jackknife as Jackknife
    from kullback.methods.counts import JamesStein as JamesStein
    from kullback.methods.counts import MillerMadow as MillerMadow
    from kullback.methods.counts import PlugIn as PlugIn
    from kullback.methods.counts import ZhangGrabchak as ZhangGrabchak
    from kullback.methods.cubature import Cubature as Cubature
    from kullback.methods.exact import ExactSum as ExactSum
    from kullback.methods.formulas import ClosedForm as ClosedForm
    from kullback.methods.formulas.atlas import atlas as atlas
    from kullback.methods.mixtures import Sandwich as Sandwich
    from kullback.methods.monte_carlo import K1 as K1
    from kullback.methods.monte_carlo import K2 as K2
    from kullback.methods.monte_carlo import K3 as K3
    from kullback.methods.monte_carlo import MonteCarlo as MonteCarlo
    from kullback.methods.quadrature import Quadrature as Quadrature
    from kullback.methods.quantile_transport import QuantileTransport as QuantileTransport
    from kullback.methods.samples.choose import AutoSamples as AutoSamples
    from kullback.methods.samples.critics import Critic as Critic
    from kullback.methods.samples.joint import JointCounts as JointCounts
    from kullback.methods.samples.known_density import KnownDensity as KnownDensity
    from kullback.methods.samples.ksg import KSG as KSG
    from kullback.methods.samples.neighbour_entropy import KozachenkoLeonenko as KozachenkoLeonenko
    from kullback.methods.samples.neighbour_kl import NearestNeighbours as NearestNeighbours
    from kullback.methods.samples.poczos_schneider import PoczosSchneider as PoczosSchneider
    from kullback.methods.samples.ratio import ULSIF as ULSIF
    from kullback.methods.samples.ratio import Binned as Binned
    from kullback.methods.samples.ratio import Classifier as Classifier
    from kullback.methods.samples.ratio import KernelDensity as KernelDensity
    from kullback.methods.samples.ratio import QuadraticLogistic as QuadraticLogistic
    from kullback.methods.samples.transport import ExactTransport as ExactTransport
    from kullback.methods.samples.transport import Sinkhorn as Sinkhorn
    from kullback.methods.samples.transport import SlicedTransport as SlicedTransport
    from kullback.methods.summation import CertifiedSum as CertifiedSum
    from kullback.methods.transport import SortedTransport as SortedTransport
    from kullback.questions import KL as KL
    from kullback.questions import Alpha as Alpha
    from kullback.questions import ChiSquare as ChiSquare
    from kullback.questions import ConditionalMutualInformation as ConditionalMutualInformation
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
    from kullback.questions import TransferEntropy as TransferEntropy
    from kullback.questions import Tsallis as Tsallis
    from kullback.questions import Wasserstein as Wasserstein
    from kullback.tables.compare import compare as compare
    from kullback.tables.explain import explain as explain
    from kullback.tables.predictions import compare_predictions as compare_predictions
    from kullback.tables.profiles import Profile as Profile
    from kullback.tables.profiles import profile as profile

__version__ = "0.1.0"

_ROOMS = {
    "_measure": (
        "alpha_divergence chi2 conditional_mutual_information cross_entropy entropy f_divergence "
        "hellinger hockey_stick jeffreys js js_distance kl measure mutual_information pairwise "
        "renyi tsallis tv wasserstein"
    ),
    "tables": "compare compare_predictions explain",
    "tables.profiles": "Profile profile",
    "_config": "show_config",
    "estimate": "Estimate Method",
    "forms": "Counts Form Labels LogProbs Logits Probs Samples",
    "questions": (
        "Alpha ChiSquare ConditionalMutualInformation CrossEntropy Divergence Entropy FDivergence "
        "Hellinger HockeyStick JensenShannon Jeffreys KL MutualInformation Question Renyi "
        "TotalVariation TransferEntropy Tsallis Wasserstein"
    ),
    "forms.density": "Density",
    "information": (
        "bottleneck bounds fisher_information fisher_rao gaussian_bottleneck rate_distortion "
        "samples_to_tell"
    ),
    "information.panel": "panel",
    "methods.cubature": "Cubature",
    "methods.exact": "ExactSum",
    "methods.formulas": "ClosedForm",
    "methods.formulas.atlas": "atlas",
    "methods.mixtures": "Sandwich",
    "methods.monte_carlo": "K1 K2 K3 MonteCarlo",
    "methods.counts": (
        "AutoCounts ChaoShen Dirichlet Grassberger Jackknife JamesStein MillerMadow NSB PlugIn "
        "ZhangGrabchak"
    ),
    "methods.quadrature": "Quadrature",
    "methods.quantile_transport": "QuantileTransport",
    "methods.samples.choose": "AutoSamples",
    "methods.samples.critics": "Critic",
    "methods.samples.ksg": "KSG",
    "methods.samples.known_density": "KnownDensity",
    "methods.samples.neighbour_entropy": "KozachenkoLeonenko",
    "methods.samples.neighbour_kl": "NearestNeighbours",
    "methods.samples.poczos_schneider": "PoczosSchneider",
    "methods.samples.ratio": "Binned Classifier KernelDensity QuadraticLogistic ULSIF",
    "methods.samples.joint": "JointCounts",
    "methods.samples.transport": "ExactTransport Sinkhorn SlicedTransport",
    "methods.summation": "CertifiedSum",
    "methods.transport": "SortedTransport",
    "errors": (
        "AccuracyError InputTypeError InvalidInputError KullbackError MissingExtraError "
        "MixedArraysError NoMethodError NotNormalisedError ShapeError TableError"
    ),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names.split()}

__all__ = list({**_HOME, "families": ""})


def __getattr__(name: str) -> Any:
    """Load the room in which a public name lives."""
    if name == "families":
        return import_module("kullback.forms.families")
    if name not in _HOME:
        if name[:1].isupper() and name in import_module("kullback.forms.families").__all__:
            return getattr(import_module("kullback.forms.families"), name)
        raise AttributeError(f"module 'kullback' has no attribute {name!r}")
    value = getattr(import_module(f"kullback.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*__all__, "__version__"])
