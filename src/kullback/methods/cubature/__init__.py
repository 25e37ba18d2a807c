"""Integrals over the plane and space."""

from kullback.methods.cubature.method import Cubature

__all__ = ["Cubature"]
