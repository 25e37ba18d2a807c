"""Means over random draws."""

from kullback.methods.monte_carlo.estimators import K1, K2, K3, Balanced
from kullback.methods.monte_carlo.method import MonteCarlo

__all__ = ["K1", "K2", "K3", "Balanced", "MonteCarlo"]
