"""Random layers: what a network draws and pays for, and what its codes hold."""

from kullback.learn.latent.codes import (
    CategoricalCode,
    Code,
    GaussianCode,
    VonMisesFisherCode,
)
from kullback.learn.latent.dissect import dissect
from kullback.learn.latent.dissection import Dissection
from kullback.learn.latent.latent import Latent
from kullback.learn.latent.paid import Paid
from kullback.learn.latent.rate import rate

__all__ = [
    "CategoricalCode",
    "Code",
    "Dissection",
    "GaussianCode",
    "Latent",
    "Paid",
    "VonMisesFisherCode",
    "dissect",
    "rate",
]
