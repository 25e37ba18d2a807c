"""Bounds on divergences of mixtures."""

from kullback.methods.mixtures.sandwich import Sandwich

__all__ = ["Sandwich"]
