"""Questions: what we ask. Definitions, no algorithms."""

from kullback.questions.entropy import CrossEntropy, Entropy
from kullback.questions.f import (
    ChiSquare,
    FDivergence,
    Hellinger,
    HockeyStick,
    Jeffreys,
    TotalVariation,
)
from kullback.questions.information import (
    ConditionalMutualInformation,
    JointQuestion,
    MutualInformation,
    TransferEntropy,
)
from kullback.questions.kl import KL, JensenShannon
from kullback.questions.question import Divergence, Question
from kullback.questions.renyi import Alpha, Renyi, Tsallis
from kullback.questions.transport import Wasserstein

__all__ = [
    "KL",
    "Alpha",
    "ChiSquare",
    "ConditionalMutualInformation",
    "CrossEntropy",
    "Divergence",
    "Entropy",
    "FDivergence",
    "Hellinger",
    "HockeyStick",
    "Jeffreys",
    "JensenShannon",
    "JointQuestion",
    "MutualInformation",
    "Question",
    "Renyi",
    "TotalVariation",
    "TransferEntropy",
    "Tsallis",
    "Wasserstein",
]
