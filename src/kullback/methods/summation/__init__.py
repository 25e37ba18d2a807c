"""Sums over whole numbers."""

from kullback.methods.summation.method import CertifiedSum

__all__ = ["CertifiedSum"]
