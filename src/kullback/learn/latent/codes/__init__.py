"""Codes: what a layer's numbers say of the posterior, and the prior it is held against."""

from kullback.learn.latent.codes.categorical import CategoricalCode
from kullback.learn.latent.codes.code import Code
from kullback.learn.latent.codes.gaussian import GaussianCode
from kullback.learn.latent.codes.von_mises_fisher import VonMisesFisherCode

__all__ = ["CategoricalCode", "Code", "GaussianCode", "VonMisesFisherCode"]
