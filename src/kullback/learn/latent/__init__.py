"""Random layers: what a network draws and pays for, and what its codes hold."""

from kullback.learn.latent.bottleneck import BottleneckBounds, bottleneck_bounds
from kullback.learn.latent.code_information import CodeInformation, code_information
from kullback.learn.latent.codes import (
    CategoricalCode,
    Code,
    GaussianCode,
    VonMisesFisherCode,
)
from kullback.learn.latent.dci import DCI, dci
from kullback.learn.latent.dissect import dissect
from kullback.learn.latent.dissection import Dissection
from kullback.learn.latent.gap import InformationGap, mig
from kullback.learn.latent.latent import Latent
from kullback.learn.latent.paid import Paid
from kullback.learn.latent.rate import rate

__all__ = [
    "DCI",
    "BottleneckBounds",
    "CategoricalCode",
    "Code",
    "CodeInformation",
    "Dissection",
    "GaussianCode",
    "InformationGap",
    "Latent",
    "Paid",
    "VonMisesFisherCode",
    "bottleneck_bounds",
    "code_information",
    "dci",
    "dissect",
    "mig",
    "rate",
]
